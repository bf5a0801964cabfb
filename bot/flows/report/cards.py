"""The report as a card: what is wrong, whom it hits, since when, and what to do."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.chat.cards import Block, Bullets, Card, Fact, Facts, Spans, Text
from bot.flows.report.state import FEW, NAMES, State, key_of
from bot.texts import Voice
from bot.workspaces import SHUT_OUT
from storage.missed import Missed
from storage.unreached import Unreached

MOST = 6
STATES = ("unknown", "dead", "expired")


def report(voice: Voice, state: State) -> Card:
    """All of it, or that all is well."""
    blocks: list[Block] = []
    running = state.term.organisation.running
    if running in ("waiting", "paused"):
        blocks += voice.blocks(f"report.{running}")
    if state.well:
        blocks += voice.blocks("report.well")
    blocks += _unreached(voice, state)
    for name in STATES:
        blocks += _missed(voice, state, name)
    blocks += _channels(voice, state)
    blocks += _held(voice, state)
    blocks.append(Facts(tuple(_facts(voice, state))))
    return Card(voice.line("report.well_title" if state.well else "report.title"), tuple(blocks))


def perhaps(voice: Voice, team: str, week: int, channel: str) -> Card:
    """A summary of which nobody can say whether it was posted."""
    values = {"team": team, "week": week, "channel": channel}
    return Card(
        voice.line("report.perhaps_title", **values), voice.blocks("report.perhaps", **values)
    )


def shut_out(voice: Voice, platform: str, reason: str, workspace: str) -> Card:
    """A workspace that lets the bot do nothing any more."""
    values = {"platform": platform.capitalize(), "workspace": workspace, "reason": reason}
    return Card(
        voice.line("report.shut_out_title", **values), voice.blocks("report.shut_out", **values)
    )


def _unreached(voice: Voice, state: State) -> Iterator[Block]:
    if not state.unreached:
        return
    groups = [list(own) for _, own in groupby(state.unreached, lambda one: one.reason)]
    total = sum(own[0].count for own in groups)
    if state.never_looked:
        yield from voice.blocks("report.not_looked", count=total)
        return
    yield from voice.blocks("report.unreached", count=total)
    yield from _listed(voice, [_reason(voice, state, own) for own in groups])
    yield _quiet(voice, "unreached_remedy")


def _reason(voice: Voice, state: State, own: Sequence[Unreached]) -> Spans:
    known = state.since or {}
    who = ", ".join(
        one.name
        if one.reason == SHUT_OUT  # together, and the audit says of whom
        else voice.line("report.since", name=one.name, at=voice.day(at.date()))
        for one in own
        for at in [known.get(one.identity_id or 0, one.since)]
    )
    return voice.spans(
        "report.unreached_line",
        reason=_words(voice, own[0].reason),
        count=own[0].count,
        who=who,
        more=own[0].count - len(own),
    )


def _missed(voice: Voice, state: State, name: str) -> Iterator[Block]:
    own = [one for one in state.missed if one.state == name]
    if not own:
        return
    yield from voice.blocks(f"report.{name}", count=sum(one.count for one in own))
    yield from _listed(voice, [_line(voice, state, one) for one in own])
    yield _quiet(voice, f"{name}_remedy")


def _line(voice: Voice, state: State, one: Missed) -> Spans:
    names = [(state.team_names or {}).get(i, "") for i in one.teams]
    names += [(state.names or {}).get(i, "") for i in one.people]
    shown = [name for name in dict.fromkeys(names) if name]
    return voice.spans(
        "report.missed_line",
        kind=voice.line(f"report.kind_{one.kind}"),
        week=one.week or 0,
        count=one.count,
        reason=_words(voice, one.reason),
        who=", ".join(shown),
        more=max(one.count - FEW, 0),
        at=one.last,
    )


def _channels(voice: Voice, state: State) -> Iterator[Block]:
    if state.closed:
        yield from voice.blocks("report.closed", count=len(state.closed))
        lines = [
            voice.spans(
                "report.closed_line",
                team=team,
                channel=channel.name or channel.address,
                reason=_words(voice, channel.unreachable or ""),
                at=(state.closed_since or {}).get(key_of(channel)),
            )
            for team, channel in state.closed
        ]
        yield from _listed(voice, lines)
        yield _quiet(voice, "closed_remedy")
    without = state.without_channel
    if without:
        shown, more = ", ".join(without[:NAMES]), max(len(without) - NAMES, 0)
        yield from voice.blocks("report.no_channel", names=shown, more=more, count=len(without))


def _held(voice: Voice, state: State) -> Iterator[Block]:
    if state.held:
        count = sum(one.count for one in state.held)
        weeks = sorted({one.week for one in state.held if one.week})
        shown = ", ".join(map(str, weeks))
        yield _quiet(voice, "held", count=count, weeks=shown, several=len(weeks) > 1)


def _facts(voice: Voice, state: State) -> Iterator[Fact]:
    for name, at in (("alive", state.alive), ("planned", state.planned)):
        yield Fact(voice.line(f"report.{name}"), voice.spans("report.moment", at=at))


def _listed(voice: Voice, lines: Sequence[Spans]) -> Iterator[Block]:
    yield Bullets(tuple(lines[:MOST]))
    if len(lines) > MOST:
        yield _quiet(voice, "more", count=len(lines) - MOST)


def _quiet(voice: Voice, name: str, **values: object) -> Text:
    return Text(voice.spans(f"report.{name}", **values), "quiet")


def _words(voice: Voice, reason: str) -> str:
    """What a reason means; what a platform says and we do not know stays as it is."""
    return voice.line("report.reason", code=reason)
