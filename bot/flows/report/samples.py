"""The report's examples."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot import cast
from bot.chat.stage import Example
from bot.flows.report import cards
from bot.flows.report.state import State
from bot.texts import Voice
from storage.missed import Missed
from storage.teams import Channel
from storage.unreached import Unreached

_DAY = timedelta(days=1)
_SINCE = cast.DANA.since


def examples(voice: Voice) -> Iterable[Example]:
    """All is well, much is not, and a summary that may not have arrived."""
    now = cast.FRIDAY
    paused = cast.TERM.organisation.model_copy(update={"running": "paused"})
    new = cast.TERM.organisation.model_copy(update={"running": "waiting"})
    halted = State(replace(cast.TERM, organisation=paused), alive=now)
    well = State(cast.TERM, alive=now, planned=now - timedelta(minutes=4))
    gone = Channel(team_id=2, platform="slack", address="C1", name="growth", unreachable="archived")
    bad = State(
        cast.TERM,
        [
            Unreached("no_account", 12, "Bob Okafor", _SINCE, None),
            Unreached("no_account", 12, "Charlie Rao", _SINCE, None),
            Unreached("account_inactive", 1, "Dana Weiss", _SINCE, 7),
        ],
        {7: now - _DAY},
        [
            _missed("unknown", "summary", "it may have arrived", 1, people=(), teams=(2,)),
            _missed("dead", "ask", "account_inactive", 1, people=(4,)),
            _missed("expired", "reminder", "late", 40, people=(2, 3)),
            _missed("expired", "ask", "superseded", 3, people=(2,)),
        ],
        [_missed("cancelled", "digest", "budget", 6)],
        [("Growth", gone)],
        {"2:slack:": now - _DAY},
        ["Atlas", "Borealis"],
        {2: "Bob Okafor", 3: "Charlie Rao", 4: "Dana Weiss"},
        {2: "Growth"},
        now,
    )
    hostile = State(
        cast.TERM,
        [Unreached(cast.HOSTILE, 1, cast.HOSTILE, _SINCE, None)],
        missed=[_missed("dead", "flag", cast.HOSTILE, 1, people=(2,))],
        names={2: cast.HOSTILE},
        without_channel=[cast.HOSTILE],
        alive=now,
    )
    never = State(
        replace(cast.TERM, organisation=new), [Unreached("no_account", 15, "Bob", _SINCE, None)]
    )
    yield Example("report", "all is well", cards.report(voice, well))
    yield Example("report", "paused", cards.report(voice, halted))
    yield Example("report", "never ran", cards.report(voice, never))
    yield Example("report", "much to see to", cards.report(voice, bad))
    yield Example("report", "hostile names and reasons", cards.report(voice, hostile))
    yield Example("report", "a summary, perhaps", cards.perhaps(voice, "Growth", 5, "growth"))
    removed = cards.shut_out(voice, "slack", "app_uninstalled", "Harbour")
    yield Example("report", "the app was removed", removed)
    revoked = cards.shut_out(voice, "slack", "token_revoked", cast.HOSTILE)
    yield Example("report", "the token no longer works", revoked)
    denied = cards.shut_out(voice, "slack", "access_denied", "Harbour")
    yield Example("report", "a workspace shuts the bot out", denied)


def _missed(
    state: str,
    kind: str,
    reason: str,
    count: int,
    people: tuple[int, ...] = (),
    teams: tuple[int, ...] = (),
) -> Missed:
    return Missed(state, kind, cast.WEEK, reason, count, cast.FRIDAY - _DAY, people, teams)
