"""Examples of a home."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from bot import cast
from bot.chat.stage import Example
from bot.flows.home.cards import home
from bot.flows.home.view import Due, Held, Moment, View
from bot.kpis import watch
from bot.kpis.watch import Look
from bot.looking.tree import Branch
from bot.participation import Participation
from bot.texts import Voice
from storage.kpis import Dot, Kpi


def examples(voice: Voice) -> Iterable[Example]:
    """Bob before and after his check-in, away, and in a house that is not switched on."""
    took_part = Participation(on_time=(cast.ALICE,), open=(cast.BOB, cast.CHARLIE))
    growth = Branch(cast.GROWTH, cast.standings(), took_part)
    wednesday = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
    asked = datetime(2026, 11, 5, 15, 0, tzinfo=UTC)
    moments = (
        Moment(asked, "checkin"),
        Moment(datetime(2026, 11, 6, 14, 0, tzinfo=UTC), "summary", "Growth"),
    )
    bob = View(
        cast.TERM, cast.BOB, wednesday, "on", None, (Due(4, asked), Due(5, asked)),
        meant=cast.MEANT, standings=cast.standings(), branches=(growth,), moments=moments,
        watched=tuple(_watched()),
    )  # fmt: skip
    answered = replace(bob, due=(), answered=True, standings=cast.standings(answered=True))
    charlie = replace(bob, person=cast.CHARLIE, helping=((cast.BLOCKER, cast.BOB),), standings=())
    typed = cast.BLOCKER.model_copy(update={"text": cast.HOSTILE, "taken_by_id": 2})
    hostile = replace(bob, helping=((typed, cast.CHARLIE),), held=(Held(1, cast.HOSTILE),))
    waiting = View(cast.TERM, cast.ALICE, wednesday, "waiting")
    shown = (
        ("before my check-in", bob),
        ("after it", answered),
        ("asked to help", charlie),
        ("away", replace(bob, away_until=date(2026, 11, 9), due=())),
        ("many key results", replace(bob, standings=cast.standings() * 15)),
        ("with hostile text", hostile),
        ("something held back", replace(answered, held=(Held(2, "Harbour: week 4 in short"),))),
        ("waiting, for an admin", waiting),
        ("waiting, for others", replace(waiting, person=cast.BOB)),
        ("paused", replace(bob, state="paused", moments=())),
        ("not in the pilot", replace(bob, state="not_in_pilot", moments=())),
        ("no cycle", View(replace(cast.TERM, cycle=None), cast.BOB, wednesday, "no_cycle")),
        ("before the cycle", View(cast.TERM, cast.BOB, wednesday, "not_begun")),
    )
    return (Example("home", name, home(voice, one)) for name, one in shown)


def _watched() -> Iterable[Look]:
    answer = Kpi(
        id=1, slug="answer", name="Time to first answer", unit="h", direction="lower", high=4,
        warn_high=3.5,
    )  # fmt: skip
    open_range = Kpi(id=2, slug="visits", name="Visits")
    both = Kpi(id=3, slug="load", name="Load", unit="%", low=40, high=80)
    day = date(2026, 10, 30)
    yield watch.seen(cast.TERM, answer, (Dot(day, 3.0),))
    yield watch.seen(cast.TERM, answer, (Dot(date(2026, 10, 23), 3.0), Dot(day, 3.7)))
    yield watch.seen(cast.TERM, answer, (Dot(date(2026, 10, 2), 3.0),))
    yield watch.seen(cast.TERM, answer, ())
    yield watch.seen(cast.TERM, open_range, (Dot(day, 3.0),))
    yield watch.seen(cast.TERM, both, (Dot(date(2026, 11, 2), 91),))
