"""What the bot does all day costs the same in a small company and in a large one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlmodel import Session

from bot.chat.events import Clicked, Event, Opened, Submitted, Typed, Values
from bot.chat.forms import Person
from bot.chat.replies import Fix, Open, Quiet, Reply, Say
from bot.hear import look
from bot.plan import foresee
from bot.running import Bot
from bot.term import term
from storage import outbox
from storage.engine import open_database
from tests.bench.answer import answer, asked, bot_of
from tests.bench.cards import written
from tests.bench.company import MORNING, PLATFORM, WEEK, Company, found, furnish
from tests.bench.counting import steps
from tests.engines import Engine, statements

SMALL, MIDDLE, LARGE = 10, 120, 400
"""In a small one everybody is offered in a form, so a form is compared among the other two."""
SOMEBODY = 2


@asynccontextmanager
async def company(engine: Engine, room: Path, people: int) -> AsyncIterator[tuple[Company, Bot]]:
    """A company whose people were asked this week and the last."""
    own = room / str(people)
    own.mkdir()
    database = open_database(engine.clean(own))
    try:
        await database.write(lambda session: furnish(session, people), patience=None)
        firm = Company(database, people)
        bot, _ = bot_of(firm)
        await bot.duties.plan()
        await database.write(asked, patience=None)
        yield firm, bot
    finally:
        database.close()


async def hears(bot: Bot, event: Event) -> Reply:
    reply = await bot.hear(bot.adapters[PLATFORM], event)
    assert isinstance(reply, Say | Quiet | Open | Fix)
    return reply


def sending(sent: Submitted, values: Values, id: str) -> Submitted:
    """The same form with other values."""
    return replace(sent, values=values, id=id)


def events(firm: Company) -> dict[str, Event]:
    """What people do most."""
    sent = answer(firm, SOMEBODY, WEEK, 30, "one")
    actor, at = sent.actor, sent.at
    return {
        "home": Opened(actor, at, "home"),
        "form": Clicked(actor, at, "form", f"checkin:open:1:{WEEK}"),
        "answer": sent,
        "edit": answer(firm, SOMEBODY, WEEK, 31, "two"),
        "late": answer(firm, SOMEBODY, WEEK - 1, 31, "three"),
        "none": Clicked(actor, at, "none", f"checkin:none:1:{WEEK}"),
    }


async def test_statements_do_not_grow_with_people(engine: Engine, tmp_path: Path) -> None:
    counted: dict[int, dict[str, int]] = {}
    for people in (SMALL, MIDDLE, LARGE):
        async with company(engine, tmp_path, people) as (firm, bot):
            counted[people] = {}
            for name, event in events(firm).items():
                with statements(firm.database) as seen:
                    await hears(bot, event)
                counted[people][name] = len(seen)
    assert counted[LARGE] == counted[MIDDLE]
    del counted[SMALL]["form"], counted[LARGE]["form"]
    assert counted[LARGE] == counted[SMALL]
    assert counted[LARGE]["answer"] <= 22


LOOKING = (
    "company",
    "tree",
    "heatmap",
    "heatmap confidence",
    "at-risk",
    "blockers",
    "team",
    "quarter",
    "why",
)


def test_words_that_look_cost_the_same_for_ten_teams_and_for_a_hundred(tmp_path: Path) -> None:
    counted: dict[int, dict[str, int]] = {}
    for people in (100, 1000):
        (room := tmp_path / str(people)).mkdir()
        firm = found(room, people)
        counted[people] = {}
        somebody = answer(firm, 1, WEEK, 30, "one")  # leads the company
        for word in LOOKING:
            event = Typed(somebody.actor, somebody.at, word, word)
            with statements(firm.database) as seen, Session(firm.database.engines[0]) as session:
                assert isinstance(look(session, event, MORNING), Say)
            counted[people][word] = len(seen)
        firm.database.close()
    assert counted[100] == counted[1000]


async def test_what_is_read_does_not_grow_with_people(files: Engine, tmp_path: Path) -> None:
    """A statement may be one and still read a whole table: SQLite says how far it walks."""
    walked: dict[int, dict[str, int]] = {}
    for people in (MIDDLE, LARGE):
        async with company(files, tmp_path, people) as (firm, bot):
            walked[people] = {}
            for name, event in events(firm).items():
                if name == "home":  # reads in a reader's connection
                    continue
                with steps(firm.database) as counted:
                    await hears(bot, event)
                walked[people][name] = counted.hundreds
            with steps(firm.database) as counted:
                await firm.database.write(_tick)
            walked[people]["tick"] = counted.hundreds
    for name, hundreds in walked[LARGE].items():
        assert hundreds <= 1.5 * walked[MIDDLE][name] + 5, f"{name}: {walked}"


def _tick(session: Session) -> None:
    """Nothing is due: every planned letter lies ahead."""
    before = MORNING - timedelta(days=8)
    outbox.expire(session, before)
    outbox.coalesce(session, before)
    outbox.hush(session, before, timedelta(hours=2))
    outbox.buckets_due(session, before)


async def test_reminders_that_are_due_find_their_questions_one_by_one(
    files: Engine, tmp_path: Path
) -> None:
    """Many times as many people walk so many times as far, and not that squared."""
    walked = {}
    friday = MORNING + timedelta(days=4, hours=12)
    for people in (30, LARGE):
        async with company(files, tmp_path, people) as (firm, _):
            with steps(firm.database) as counted:
                await firm.database.write(
                    lambda session: outbox.hush(session, friday, timedelta(hours=2))
                )
            walked[people] = counted.hundreds
    assert walked[LARGE] <= 2 * (LARGE / 30) * walked[30], walked


@pytest.mark.parametrize(
    ("flow", "kind", "most"), [("checkin", "ask", 100), ("digest", "summary", 30)]
)
async def test_a_batch_of_cards_takes_as_many_statements_as_a_few(
    engine: Engine, tmp_path: Path, flow: str, kind: str, most: int
) -> None:
    async with company(engine, tmp_path, LARGE) as (firm, _):
        few, _ = written(firm.database, flow, kind, most // 10)
        many, _ = written(firm.database, flow, kind, most)
    assert many == few


async def test_planning_reads_as_many_statements_for_many_as_for_few(
    engine: Engine, tmp_path: Path
) -> None:
    counted = []
    for people in (SMALL, LARGE):
        async with company(engine, tmp_path, people) as (firm, _):
            with statements(firm.database) as seen:
                firm.database.read_now(
                    lambda session: foresee(session, term(session, MORNING), MORNING)
                )
            counted.append(len(seen))
    assert counted[0] == counted[1]


async def test_a_form_offers_a_few_and_takes_anybody(engine: Engine, tmp_path: Path) -> None:
    async with company(engine, tmp_path, LARGE) as (firm, bot):
        form = await hears(bot, events(firm)["form"])
        assert isinstance(form, Open)
        (helper,) = [q for q in form.form.questions() if isinstance(q, Person)]
        offered = {int(somebody.value) for somebody in helper.people}
        assert offered == set(range(1, 11)) - {SOMEBODY}, "the team; its lead leads all"
        sent = answer(firm, SOMEBODY, WEEK, 30, "far")
        far = {**sent.values, "blocker": "Stuck", "helper": f"{PLATFORM}//p390@harbour.example"}
        replied = await hears(bot, sending(sent, far, "far"))
        assert isinstance(replied, Quiet), replied
        nobody = await hears(bot, sending(sent, {**far, "helper": "99999"}, "no"))
        assert isinstance(nobody, Fix)
        assert [p.question for p in nobody.problems] == ["helper"]
