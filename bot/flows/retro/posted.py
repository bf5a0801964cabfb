"""A team's results as they are posted, all that was said in their thread, and the company's."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Block, Bullets, Card, Spans, Text
from bot.flow import Term, named
from bot.flows.retro import cards
from bot.flows.retro.results import Results
from bot.flows.retro.results import results as results_of
from bot.kpis import watch
from bot.method.grade import FULL
from bot.quarter.lessons import ENOUGH, Process
from bot.quarter.verdicts import Verdict, cause, figure, told
from bot.texts import Voice, brief
from storage import teams
from storage.letters import Letter
from storage.retros import SCORES, TEXTS, Words

MANY = 5
SAID_SHOWN = 4
"""How many answers to a question stand in the channel; all of them stand in the thread."""
MOST_TEAMS = 30


def write(
    session: Session, term: Term, batch: Sequence[Letter], now: datetime
) -> Mapping[int, Card | None]:
    """Each letter by its subject, from one reading of all teams that any of them is about."""
    if not batch:
        return {}
    everywhere = any(letter.subject.startswith("company:") for letter in batch)
    ids = None if everywhere else {letter.team_id or 0 for letter in batch}
    found = results_of(session, term, now, ids)
    voices = {each.id or 0: term.voice_to(each) for each in teams.all_teams(session)}
    written: dict[int, Card | None] = {}
    for letter in batch:
        voice, own = voices.get(letter.team_id or 0), found.get(letter.team_id or 0)
        kind = letter.subject.partition(":")[0]
        if voice is not None and kind == "company":
            name = term.organisation.name
            written[letter.id or 0] = company(voice, name, list(found.values()))
        elif voice is not None and own is not None:
            updated = "" if letter.replaces is None else voice.moment(now)
            card = results(voice, own, updated) if kind == "result" else everything(voice, own)
            written[letter.id or 0] = card
    return written


def results(voice: Voice, found: Results, updated: str = "") -> Card:
    """The quarter in one message; `updated` says when it changed after it was posted."""
    own = found.own
    title = voice.line("retro.results_title", team=own.team.name)
    blocks = [
        _participation(voice, found),
        *((Text(voice.spans("retro.updated", at=updated), "quiet"),) if updated else ()),
        *_wins(voice, found),
        *_misses(voice, found),
        *_dropped(voice, found),
        *_carried(voice, found),
        *_suggested(voice, found),
        *_process(voice, found),
        *_looking(voice, found),
        *_said(voice, found),
        *_earlier(voice, found),
        *_decided(voice, found),
    ]
    return Card(title, tuple(blocks), (cards.decide(voice, own),))


def _participation(voice: Voice, found: Results) -> Text:
    own = found.own
    return voice.text(
        "retro.participation",
        count=own.count,
        people=own.people,
        named=own.named,
        missing=own.missing,
        small=own.people < ENOUGH,
        running=own.running,
        over=own.over,
        at="" if own.over else voice.moment(own.due),
    )


def _wins(voice: Voice, found: Results) -> Iterator[Block]:
    items = [
        voice.spans("retro.win", title=each.objective.title, grade=told(voice, each))
        for each in found.wins
    ]
    items += [
        voice.spans(
            "retro.thanks",
            giver=named(found.people.get(each.from_id)),
            taker=named(found.people.get(each.to_id)),
            text=brief(each.text),
        )
        for each in found.kudos[-MANY:]
    ]
    if items or (found.grades.verdicts and not found.grades.ungraded):
        yield from voice.blocks("retro.wins" if items else "retro.no_wins")
    yield from _list(voice, items, 2 * MANY)


def _misses(voice: Voice, found: Results) -> Iterator[Block]:
    items = [_miss(voice, verdict) for verdict in found.missed]
    if items:
        yield from voice.blocks("retro.misses")
        yield from _list(voice, items)
    if found.grades.ungraded:
        yield from voice.blocks("retro.ungraded", count=len(found.grades.ungraded))


def _miss(voice: Voice, verdict: Verdict) -> Spans:
    return voice.spans(
        "retro.miss",
        title=verdict.kr.title,
        grade=told(voice, verdict),
        promised=figure(voice, FULL) if verdict.colour == "green" else "",
        cause=cause(voice, verdict.cause) if verdict.cause else "",
    )


def _dropped(voice: Voice, found: Results) -> Iterator[Block]:
    """What was given up counts in no grade, and is not forgotten."""
    items = [
        voice.spans("retro.dropped", title=each.title, reason=brief(each.reason))
        for each in found.dropped
    ]
    if items:
        yield from voice.blocks("retro.given_up")
        yield from _list(voice, items)


def _carried(voice: Voice, found: Results) -> Iterator[Block]:
    items = [
        voice.spans(
            "retro.carried",
            title=verdict.kr.title,
            decision=voice.line(f"carrying.was_{carry.decision}", number=carry.became_id or 0),
            why=brief(carry.why),
        )
        for verdict in found.grades.verdicts
        if (carry := verdict.carry) is not None
    ]
    if items or found.undecided:
        yield from voice.blocks("retro.going_on")
    yield from _list(voice, items)
    if found.undecided:
        yield from voice.blocks("retro.undecided", count=len(found.undecided))


def _suggested(voice: Voice, found: Results) -> Iterator[Block]:
    if found.suggested:
        yield from voice.blocks("retro.kpis")
    yield from _list(voice, [watch.line(voice, look) for look in found.suggested])


def _process(voice: Voice, found: Results) -> Iterator[Block]:
    now, before = found.process, found.before
    if now is None:
        return
    yield from voice.blocks(
        "retro.process", mean=_figure(voice, now.mean), before=_last(voice, before)
    )
    yield Bullets(
        tuple(
            voice.spans(
                "retro.score",
                name=voice.line(f"retro.score_{name}"),
                now=_figure(voice, now.scores[name]),
                before=_last(voice, before, name),
            )
            for name in SCORES
            if name in now.scores
        )
    )


def _last(voice: Voice, before: Process | None, name: str = "") -> str:
    if before is None or (name and name not in before.scores):
        return ""
    return _figure(voice, before.scores[name] if name else before.mean)


def _figure(voice: Voice, score: float) -> str:
    return voice.number(round(score, 1))


def _looking(voice: Voice, found: Results) -> Iterator[Block]:
    if found.look_at is not None:
        yield from voice.blocks(f"retro.look_{found.look_at}")


def _said(voice: Voice, found: Results) -> Iterator[Block]:
    """The beginning of what people said, for the thread has it all; without a thread, all."""
    if not found.own.out or not any(found.own.heard.texts.values()):
        return
    thread = found.own.channel
    yield from voice.blocks("retro.said")
    for name in TEXTS:
        said = found.own.heard.texts.get(name, ())
        if said:
            yield from voice.blocks(f"retro.heading_{name}")
            shown = said[:SAID_SHOWN] if thread else said
            yield Bullets(tuple(_words(voice, found, each, short=thread) for each in shown))
    if thread and is_cut(found):
        yield from voice.blocks("retro.in_the_thread")


def _words(voice: Voice, found: Results, words: Words, *, short: bool) -> Spans:
    who = found.people.get(words.by or 0)
    text = brief(words.text) if short else words.text
    return voice.spans("retro.words", text=text, who=named(who) if who else "")


def is_cut(found: Results) -> bool:
    """Whether the card in the channel does not show all that was said."""
    texts = found.own.heard.texts.values()
    return found.own.out and any(
        len(said) > SAID_SHOWN or any(words.text != brief(words.text) for words in said)
        for said in texts
    )


def _earlier(voice: Voice, found: Results) -> Iterator[Block]:
    if found.earlier:
        yield from voice.blocks("retro.earlier")
        yield from (cards.decision(voice, each) for each in found.earlier[: cards.MOST_DECISIONS])


def _decided(voice: Voice, found: Results) -> Iterator[Block]:
    yield from voice.blocks("retro.decided" if found.decided else "retro.nothing_decided")
    yield from (cards.decision(voice, each) for each in found.decided[: cards.MOST_DECISIONS])


def _list(voice: Voice, items: Sequence[Spans], most: int = MANY) -> Iterator[Block]:
    if items:
        yield Bullets(tuple(items[:most]))
    if len(items) > most:
        yield Text(voice.spans("retro.more", count=len(items) - most), "quiet")


def everything(voice: Voice, found: Results) -> Card | None:
    """All that was said, for the thread; None where the channel's card shows it already."""
    if not is_cut(found):
        return None
    blocks: list[Block] = []
    for name in TEXTS:
        said = found.own.heard.texts.get(name, ())
        if said:
            blocks += voice.blocks(f"retro.heading_{name}")
            blocks.append(Bullets(tuple(_words(voice, found, w, short=False) for w in said)))
    return Card(voice.line("retro.everything_title", team=found.own.team.name), tuple(blocks))


def company(voice: Voice, name: str, asked: Sequence[Results]) -> Card | None:
    """Each team with objectives in a line: its grade and how it says it worked; no word of anybody.

    None where no team has any.
    """
    found = [each for each in asked if each.grades.objectives]
    if not found:
        return None
    heard = sum(each.own.count > 0 for each in found)
    blocks: list[Block] = list(voice.blocks("retro.company", teams=len(found), heard=heard))
    known = [each.process.mean for each in found if each.process is not None]
    if len(known) > 1:
        blocks += voice.blocks("retro.company_mean", mean=_figure(voice, sum(known) / len(known)))
    told = sorted((e for e in found if not e.silent), key=lambda each: each.own.team.name)
    blocks += _list(voice, [_line(voice, each) for each in told], MOST_TEAMS)
    if len(found) > len(told):
        blocks += voice.blocks("retro.company_silent", count=len(found) - len(told))
    return Card(voice.line("retro.company_title", name=name), tuple(blocks))


def _line(voice: Voice, found: Results) -> Spans:
    grade, now = found.grades.grade, found.process
    return voice.spans(
        "retro.company_line",
        team=found.own.team.name,
        grade="" if grade is None else figure(voice, grade),
        heard=found.own.count > 0,
        now="" if now is None else _figure(voice, now.mean),
        before=_last(voice, found.before),
        decisions=len(found.decided),
        look=found.look_at or "",
    )
