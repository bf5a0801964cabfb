"""Looking back costs as many statements in a company of twelve teams as in one of two."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlmodel import Session, col, select

from bot.chat.events import Clicked, Event, Opened, Submitted
from bot.chat.replies import Open, Quiet, Reply, Say
from bot.chat.who import Actor, Destination
from bot.clock import Clock
from bot.flows.retro import flow
from bot.plan import foresee
from bot.running import Bot
from bot.term import term
from storage.cycles import Cycle
from storage.engine import open_database
from storage.grades import CarryOver
from storage.kpis import Episode, Kpi, Reading
from storage.letters import Letter
from storage.objectives import KeyResult
from storage.people import Identity
from tests.bench.company import MORNING, PLATFORM, furnish
from tests.engines import Engine, statements
from tests.house import words
from tests.loopback import Loopback

FRIDAY = MORNING + timedelta(days=4, hours=14)


def _ends(session: Session) -> None:
    """The quarter ends in the company's week."""
    cycle = session.get_one(Cycle, 1)
    cycle.calendar = '{"weeks": 5, "survey_weekday": 0}'
    session.add(cycle)
    for number, kr in enumerate(session.exec(select(KeyResult)), 1):
        session.add(CarryOver(key_result_id=kr.id or 0, cycle_id=1, decision="keep", at=MORNING))
        if number % 50 == 0:
            team = number // 50 + 1  # the first is the company
            session.add(
                Kpi(id=team, slug=f"k{team}", name="Calls", team_id=team, owner_id=1, high=4)
            )
            session.flush()
            for day in (MORNING.date() - timedelta(days=7), MORNING.date()):
                session.add(Reading(kpi_id=team, day=day, value=5, by_id=1, at=MORNING))
            session.add(
                Episode(kpi_id=team, began=day, worst=5, state="unhealthy", proposal="held",
                        changed_at=MORNING)
            )  # fmt: skip


def _batch(session: Session, kind: str) -> list[Letter]:
    query = select(Letter).where(Letter.flow == "retro", Letter.kind == kind)
    return list(session.exec(query.order_by(col(Letter.id))))


def _write(session: Session, batch: list[Letter], now: datetime) -> int:
    written = flow.write(session, term(session, now), batch, now)
    shown = [words(card) for card in written.values() if card is not None]
    if batch[0].kind == "summary":
        assert all("goes on" in said and "KPIs for the next planning" in said for said in shown)
    return len(shown)


def _somebody(session: Session) -> Identity | None:
    return session.exec(select(Identity).where(Identity.person_id == 1)).first()


async def counted(engine: Engine, room: Path, people: int) -> dict[str, int]:
    room.mkdir()
    database = open_database(engine.clean(room))
    found: dict[str, int] = {}
    try:
        await database.write(lambda session: furnish(session, people), patience=None)
        await database.write(_ends, patience=None)
        with statements(database) as seen:
            plan = database.read_now(lambda s: foresee(s, term(s, MORNING), MORNING), patience=None)
        found["plan"] = len(seen)
        await database.write(lambda session: plan.keep(session), patience=None)
        for kind, now in (("ask", MORNING), ("summary", FRIDAY)):
            batch = database.read_now(partial(_batch, kind=kind), patience=None)
            assert len(batch) == (people if kind == "ask" else people // 10)
            with statements(database) as seen:
                shown = database.read_now(partial(_write, batch=batch, now=now), patience=None)
            assert shown == len(batch)
            found[kind] = len(seen)

        bot = Bot(database, {PLATFORM: Loopback()}, Clock(lambda: MORNING), "test", patience=60)
        row = database.read_now(_somebody, patience=None)
        assert row is not None
        actor = Actor(row.platform, row.workspace, row.account)
        at = Destination(PLATFORM, row.workspace, row.address or "")

        async def hear(event: Event) -> Reply:
            return await bot.hear(bot.adapters[PLATFORM], event)

        with statements(database) as seen:
            assert isinstance(await hear(Opened(actor, at, "home")), Say)
        found["home"] = len(seen)
        with statements(database) as seen:
            form = await hear(Clicked(actor, at, "open", "retro:open:1:2"))
        found["form"] = len(seen)
        assert isinstance(form, Open)
        with statements(database) as seen:
            sent = Submitted(actor, at, "sent", form.form.action, {"achieved": "It", "few": "3"})
            assert isinstance(await hear(sent), Say | Quiet)
        found["answer"] = len(seen)
        return found
    finally:
        database.close()


async def test_looking_back_takes_as_many_statements_for_many_as_for_few(
    engine: Engine, tmp_path: Path
) -> None:
    few = await counted(engine, tmp_path / "few", 20)
    assert few == await counted(engine, tmp_path / "many", 120)
