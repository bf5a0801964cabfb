"""Examples of the summary, its thread, the company's digest, and help."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot import cast
from bot.chat.stage import Example
from bot.flows.digest import cards, company, helping
from bot.flows.digest.week import Below, TeamWeek
from bot.participation import Participation
from bot.picture import Standing
from bot.texts import Voice
from storage.checkins import Checkin
from storage.kudos import Kudos, Thanks

PEOPLE = {p.id or 0: p for p in (cast.ALICE, cast.BOB, cast.CHARLIE, cast.DANA)}
EVERYBODY = frozenset(PEOPLE)
STORY = (
    "The renewal figures are in the old system, which nobody may enter since the move. I have "
    "asked twice. Until somebody exports them I can only guess which clinics will leave, and each "
    "week that I guess is a week in which we call the wrong ones first."
)


def _closed(*, answered: bool) -> list[Standing]:
    return [replace(s, closed=True) for s in cast.standings(answered=answered)]


def _unmoved() -> Standing:
    """As it was the week before, and said to be so."""
    standing = _closed(answered=False)[0]
    same = standing.updates[-1]._replace(week=cast.WEEK, note="")
    return replace(standing, updates=[*standing.updates, same])


def _said(person_id: int, line: str = "", state: str = "answered") -> Checkin:
    return Checkin(cycle_id=1, week=cast.WEEK, person_id=person_id, state=state, line=line)


BUSY = TeamWeek(
    cast.TERM,
    cast.GROWTH,
    cast.WEEK,
    _closed(answered=True),
    participation=Participation((cast.ALICE,), (cast.BOB,), (cast.CHARLIE,), (cast.DANA,)),
    members=EVERYBODY,
    said={1: _said(1, "Two clinics asked for a second site"), 2: cast.CHECKIN},
    blockers=(cast.BLOCKER,),
    people=PEOPLE,
    excused=frozenset({4}),
    lead_id=1,
)
HELPED = replace(
    BUSY,
    blockers=(
        cast.BLOCKER.model_copy(update={"state": "taken", "taken_by_id": 1}),
        cast.BLOCKER.model_copy(update={"id": 8, "person_id": 1, "state": "solved", "by": None}),
        cast.BLOCKER.model_copy(
            update={"id": 6, "week": 3, "helper_id": None, "by": None, "text": STORY}
        ),
        cast.BLOCKER.model_copy(update={"id": 5, "week": 2, "by": date(2026, 10, 20)}),
        cast.BLOCKER.model_copy(update={"id": 4, "week": -1, "by": None}),
    ),
)
READ = replace(
    HELPED,
    thanks=(
        Thanks(
            Kudos(cycle_id=1, week=5, from_id=4, to_id=2, text="Calls that helped", at=cast.FRIDAY),
            cast.NPS.title,
        ),
    ),
    lead_id=1,
    readers=(1,),
)
SILENT = replace(
    BUSY,
    standings=_closed(answered=False),
    participation=Participation(open=(cast.ALICE, cast.BOB), skipped=(cast.CHARLIE,)),
    said={3: _said(3, state="skipped")},
    blockers=(),
    excused=frozenset(),
)
UNPLANNED = replace(
    BUSY,
    standings=(),
    participation=Participation(on_time=tuple(PEOPLE.values())),
    said={},
    blockers=(),
)
QUIET = replace(UNPLANNED, standings=[_unmoved()])
WORDLESS = replace(
    UNPLANNED,
    standings=[
        replace(standing, updates=[update._replace(note="") for update in standing.updates])
        for standing in BUSY.standings
    ],
)
COMPANY = TeamWeek(
    cast.TERM,
    cast.COMPANY,
    cast.WEEK,
    below=(Below(cast.GROWTH, _closed(answered=True)),),
    people=PEOPLE,
)


def _hostile() -> TeamWeek:
    standings = []
    for standing in _closed(answered=True):
        kr = standing.kr.model_copy(update={"title": cast.HOSTILE})
        updates = [u._replace(note=cast.HOSTILE) for u in standing.updates]
        standings.append(replace(standing, kr=kr, updates=updates))
    person = cast.BOB.model_copy(update={"name": cast.HOSTILE})
    return replace(
        BUSY,
        team=cast.GROWTH.model_copy(update={"name": cast.HOSTILE[:30]}),
        standings=standings,
        said={2: _said(2, cast.HOSTILE)},
        blockers=(cast.BLOCKER.model_copy(update={"text": cast.HOSTILE}),),
        people=PEOPLE | {2: person},
    )


def examples(voice: Voice) -> Iterable[Example]:
    """Growth in week 5 of Harbour's quarter."""
    meant, plans, hostile = {2: cast.MEANT}, {2: cast.NEXT}, _hostile()
    shown = (
        ("summary", cards.summary(voice, BUSY)),
        ("summary, changed later", cards.summary(voice, HELPED, voice.time(cast.FRIDAY))),
        ("summary, read by its lead", cards.summary(voice, READ)),
        ("summary, nobody has answered", cards.summary(voice, SILENT)),
        ("summary, a quiet week", cards.summary(voice, QUIET)),
        ("summary, nothing approved", cards.summary(voice, UNPLANNED)),
        ("summary of a company", cards.summary(voice, COMPANY)),
        ("summary with hostile text", cards.summary(voice, hostile)),
        ("details", cards.details(voice, BUSY, meant, plans)),
        ("details, nobody wrote anything", cards.details(voice, WORDLESS, {}, {})),
        ("details, nobody has answered", cards.details(voice, SILENT, {}, {})),
        ("details with hostile text", cards.details(voice, hostile, meant, plans)),
        ("company's digest", company.digest(voice, "Harbour", {1: COMPANY, 2: HELPED})),
        ("company's digest, quiet", company.digest(voice, "Harbour", {2: UNPLANNED})),
        (
            "company's digest with hostile text",
            company.digest(voice, cast.HOSTILE[:30], {2: hostile}),
        ),
        ("somebody can help", helping.card(voice, cast.CHARLIE, cast.BLOCKER)),
    )
    return (Example("digest", name, card) for name, card in shown)
