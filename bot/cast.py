"""The fixed cast and a fixed Friday: the company that every example and test is about."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from bot.cadence import Calendar
from bot.flow import Term
from bot.picture import Standing
from storage.checkins import Blocker, Checkin, Commitment, Said
from storage.cycles import Cycle
from storage.objectives import KeyResult, Milestone, Objective
from storage.organisation import Organisation
from storage.people import Person
from storage.teams import Team

STARTS = date(2026, 10, 5)
FRIDAY = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
WEEK = 5


def _person(number: int, name: str, zone: str = "Europe/Berlin", **more: Any) -> Person:
    email = f"{name.split()[0].lower()}@harbour.example"
    since = datetime(2026, 9, 1, tzinfo=UTC)
    return Person(id=number, email=email, name=name, zone=zone, since=since, **more)


ALICE = _person(1, "Alice Brandt", admin=True)
BOB = _person(2, "Bob Okafor", "America/New_York", manager_id=1)
CHARLIE = _person(3, "Charlie Rao", "Asia/Kolkata", manager_id=1)
DANA = _person(4, "Dana Weiss", manager_id=1)

COMPANY = Team(id=1, slug="company", name="Harbour", level="company", lead_id=1)
GROWTH = Team(id=2, slug="growth", name="Growth", parent_id=1, lead_id=1, zone="Europe/Berlin")

CYCLE = Cycle(id=1, name="2026 Q4 (2026-10-05)", starts=STARTS, ends=date(2027, 1, 3))
TERM = Term(
    Organisation(
        id=1, name="Harbour", zone="Europe/Berlin", country="DE", running="on", changed_at=FRIDAY
    ),
    CYCLE,
    Calendar(),
    WEEK,
    FRIDAY.date(),
)

LOVED = Objective(
    id=1, cycle_id=1, team_id=2, owner_id=1, title="Clinics love their first week with us"
)
STEADY = Objective(
    id=2,
    cycle_id=1,
    team_id=2,
    owner_id=2,
    title="Booking never lets a patient down",
    commitment="committed",
)
_DUE = date(2027, 1, 1)
NPS = KeyResult(
    id=1, objective_id=1, owner_id=2, title="Raise NPS of new clinics from 32 to 45", unit="points",
    baseline=32, target=45, due=_DUE,
)  # fmt: skip
CHURN = KeyResult(
    id=2, objective_id=1, owner_id=2, title="Cut churn in the first 90 days from 4% to 3%",
    kind="decrease", unit="%", baseline=4, target=3, due=_DUE,
)  # fmt: skip
UPTIME = KeyResult(
    id=3, objective_id=2, owner_id=2, title="Keep booking available 99.9% of the time",
    kind="within", unit="%", low=99.9, due=_DUE,
)  # fmt: skip
GUIDE = KeyResult(
    id=4, objective_id=1, owner_id=2, title="New guided set-up in clinics' hands",
    kind="milestones", curve="steps", due=_DUE,
)  # fmt: skip
STEPS = (
    Milestone(id=1, key_result_id=4, position=0, title="Tried with 5 clinics",
              due=date(2026, 10, 30), done_on=date(2026, 10, 29)),
    Milestone(id=2, key_result_id=4, position=1, title="Live for new clinics",
              due=date(2026, 11, 27)),
)  # fmt: skip


def _update(kr: KeyResult, week: int, value: float | None, confidence: int, note: str) -> Said:
    at = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)
    return Said(
        cycle_id=1, week=week, key_result_id=kr.id or 0, value=value, confidence=confidence,
        note=note, changed=True, by_id=2, at=at, version=1,
    )  # fmt: skip


HISTORY: dict[int, Sequence[Said]] = {
    1: (
        _update(NPS, 2, 33, 6, ""),
        _update(NPS, 3, 35, 7, "first calls with every new clinic"),
        _update(NPS, 4, 36, 7, ""),
    ),
    2: (
        _update(CHURN, 2, 4, 6, ""),
        _update(CHURN, 3, 4.1, 5, ""),
        _update(CHURN, 4, 4.1, 9, "the big group renews next week"),
    ),
    3: (_update(UPTIME, 2, 99.95, 8, ""), _update(UPTIME, 4, 99.2, 6, "outage on Tuesday")),
    4: (_update(GUIDE, 4, 1, 7, ""),),
}
ANSWERS = {
    1: _update(NPS, 5, 38.5, 8, "onboarding calls pay off"),
    2: _update(CHURN, 5, 4.2, 4, "the big group did not renew"),
    3: _update(UPTIME, 5, 99.97, 8, ""),
    4: _update(GUIDE, 5, 1, 7, ""),
}


def standings(*, answered: bool = False) -> list[Standing]:
    """Bob's four key results in week 5, before or after he answers."""
    pairs = ((NPS, LOVED), (CHURN, LOVED), (UPTIME, STEADY), (GUIDE, LOVED))
    return [
        Standing(
            kr,
            objective,
            WEEK,
            STARTS,
            (*HISTORY[kr.id or 0], *([ANSWERS[kr.id or 0]] if answered else [])),
            STEPS if kr is GUIDE else (),
        )
        for kr, objective in pairs
    ]


CHECKIN = Checkin(
    cycle_id=1, week=WEEK, person_id=2, state="answered", answered_at=FRIDAY, seconds=48.0
)
MEANT = (
    Commitment(cycle_id=1, week=4, person_id=2, position=0, text="Call the three quiet clinics",
               done=True),
    Commitment(cycle_id=1, week=4, person_id=2, position=1, text="Agree the renewal with Nord",
               done=False),
)  # fmt: skip
NEXT = (
    Commitment(cycle_id=1, week=WEEK, person_id=2, position=0, text="Ask Nord what was missing"),
)  # fmt: skip
BLOCKER = Blocker(
    id=7, cycle_id=1, week=WEEK, person_id=2, text="No access to the renewal figures",
    helper_id=3, by=date(2026, 11, 11), changed_at=FRIDAY,
)  # fmt: skip
HOSTILE = "<b>hi</b> **bold** <!channel> @everyone {{ 7*7 }} &amp; [x](https://x.example)"
"""What somebody may type anywhere, and what must arrive as exactly these characters."""
