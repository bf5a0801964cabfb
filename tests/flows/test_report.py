"""What admins are told of what did not arrive."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.adapter import Outcome, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.replies import Say
from bot.chat.who import Destination
from bot.flows.report import command_line
from bot.term import term
from bot.texts import Voice
from storage import letters
from storage.database import Database
from storage.engine import open_database
from storage.people import Identity, Person
from tests.bench.company import MORNING, furnish
from tests.bot.post import ask
from tests.engines import Engine, statements
from tests.flows.eyes import seen
from tests.house import CHANNEL, House
from tests.loopback import Loopback

HOUR = timedelta(hours=1)


async def told(house: House) -> str:
    return seen(await house.says(ALICE, "report"))


async def test_all_is_well_where_everything_arrived(house: House) -> None:
    await house.go_to("Fri 18:00")
    await house.bot.duties.heartbeat()
    assert await told(house) == (
        "All is well\n"
        "Everybody can be reached, and every message of this quarter has arrived.\n"
        "Last sign of life: Fri 6 Nov, 18:00\n"
        "Last planned: Fri 6 Nov, 18:00"
    )


async def test_it_is_for_admins(house: House) -> None:
    refused = seen(await house.says(BOB, "report"))
    assert refused.startswith("Only admins can do this")
    assert "You can ask Alice" in refused


async def test_who_cannot_be_reached_is_named_with_the_reason_and_since_when(house: House) -> None:
    def refuse(_: Loopback, to: Destination, *more: object) -> Outcome | None:
        return Undeliverable("account_inactive") if "dana" in to.address else None

    def forget(session: Session) -> None:
        session.execute(delete(Identity).where(col(Identity.person_id) == CHARLIE.id))

    house.platform.fate = refuse
    await house.go_to("Thu 18:00")
    await house.database.write(forget)
    said = await told(house)
    assert said.startswith("What needs you\n2 people cannot be reached\n")
    assert "- the account is switched off (1): Dana Weiss since Thu 5 Nov" in said
    assert "- no account with their e-mail address (1): Charlie Rao since Tue 1 Sept" in said or (
        "- no account with their e-mail address (1): Charlie Rao since Tue 1 Sep" in said
    )
    assert "Ask them to send me a message" in said
    assert "One message could not be delivered" in said
    assert "- Week 5, check-in: the account is switched off · Dana Weiss · last Thu 5 Nov" in said


async def test_a_message_that_is_at_fault_itself_leaves_its_reader_in_reach(house: House) -> None:
    def refuse(_: Loopback, to: Destination, *more: object) -> Outcome | None:
        return Undeliverable("too long", by_itself=True) if "dana" in to.address else None

    house.platform.fate = refuse
    await house.go_to("Thu 18:00")
    said = await told(house)
    assert "cannot be reached" not in said
    assert "- Week 5, check-in: too long · Dana Weiss · last Thu 5 Nov" in said


async def test_what_came_too_late_is_grouped_and_limited(house: House) -> None:
    past = house.now - 9 * HOUR
    drafts = [
        ask(n, key=f"{week}:{n}", kind="reply", week=week, due=past, expires=past + HOUR)
        for week in range(1, 10)
        for n in (1, 2, 3, 4)
    ]
    await house.database.write(lambda s: letters.plan(s, drafts), patience=None)
    await house.bot.settle()
    said = await told(house)
    assert "36 messages were not sent in time" in said
    assert "reply × 4: too late · " in said
    assert "and 1 more · last " in said
    assert "… and 3 more lines." in said


async def test_a_channel_that_takes_nothing_and_a_summary_nobody_can_tell_of(house: House) -> None:
    def fate(_: Loopback, to: Destination, *more: object) -> Outcome | None:
        return Unknown() if to.address == CHANNEL else None

    house.platform.looks_up = False
    house.platform.fate = fate
    await house.go_to("Fri 18:00")
    notices = [m for m in house.inbox(ALICE) if m.key.startswith("report:")]
    assert len(notices) == 1  # she is lead and admin
    assert seen(notices[0].card) == (
        "A summary may be missing\n"
        "I posted the summary of Growth for week 5 in growth, and got no answer. It may have "
        "arrived or not, and I do not post it twice. Please look there. Typing summary and the "
        "team's name shows it here."
    )
    assert [m for p in (BOB, CHARLIE, DANA) for m in house.inbox(p) if "report:" in m.key] == []
    assert [m.key for m in house.channel if ":5:" in m.key] == []
    said = await told(house)
    assert "One message may have arrived" in said
    assert "team summary: the platform gave no answer · Growth · last Fri 6 Nov" in said

    def archived(_: Loopback, to: Destination, *more: object) -> Outcome | None:
        return Undeliverable("is_archived") if to.address == CHANNEL else None

    house.platform.fate = archived
    await house.go_to("Fri 18:00", week=6)
    said = await told(house)
    assert "One channel takes no messages\n- Growth, growth: archived, since Fri 13 Nov" in said


async def test_what_a_platform_says_stands_as_it_is(house: House) -> None:
    odd = update(Identity).where(col(Identity.person_id) == BOB.id).values(unreachable=HOSTILE)
    await house.database.write(lambda s: s.execute(odd))
    assert f"- {HOSTILE} (1): Bob Okafor" in await told(house)


async def test_it_is_said_in_german_too(house: House) -> None:
    german = update(Person).where(col(Person.id) == ALICE.id).values(locale="de-DE")
    await house.database.write(lambda s: s.execute(german))
    assert "Alle sind erreichbar" in await told(house)


@pytest.mark.parametrize("state", ["waiting", "paused"])
async def test_a_bot_that_sends_nothing_says_so(database: Database, state: str) -> None:
    house = await House.open(database, running=state)
    assert "I send nothing by myself. setup go" in await told(house)


async def test_it_costs_the_same_in_a_large_company(engine: Engine, tmp_path: Path) -> None:
    counts = []
    for people in (10, 300):
        room = tmp_path / str(people)
        room.mkdir()
        database = open_database(engine.clean(room))
        await database.write(partial(furnish, people=people), patience=None)
        with statements(database) as said:
            await database.read(reported, patience=None)
        counts.append(len(said))
        database.close()
    assert counts[0] == counts[1]


def reported(session: Session) -> Card:
    return command_line(session, term(session, MORNING), Voice())


async def test_before_it_ever_ran_nobody_is_told_to_be_out_of_reach(house: House) -> None:
    await house.database.write(lambda session: session.execute(delete(Identity)) and None)
    card = await house.database.read(lambda s: command_line(s, term(s, house.now), Voice()))
    assert "I have not looked yet where 4 people can be reached" in seen(Say(card))
    assert "cannot be reached" not in seen(Say(card))
    await house.bot.duties.heartbeat()
    card = await house.database.read(lambda s: command_line(s, term(s, house.now), Voice()))
    assert "4 people cannot be reached" in seen(Say(card))
