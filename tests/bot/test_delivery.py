"""Delivery through a platform that fails in every way: nothing is lost, nothing comes twice."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from bot.cast import ALICE, BOB, CHARLIE, DANA
from bot.chat.adapter import Outcome, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.deliver import Delivery
from storage import letters, outbox
from storage.database import Database
from storage.letters import Letter
from storage.people import Identity
from tests.house import House, words
from tests.loopback import Loopback

EVERYBODY = (ALICE, BOB, CHARLIE, DANA)


def asks(house: House) -> dict[str, int]:
    """How many check-in questions each person has."""
    return {
        person.name: sum(m.card.title == "Week 5 check-in" for m in house.inbox(person))
        for person in EVERYBODY
    }


ONE_EACH = {person.name: 1 for person in EVERYBODY}
NONE_YET = {person.name: 0 for person in EVERYBODY}


async def all_now(database: Database) -> None:
    """Let whatever waits for a later try be tried now, and every lease run out."""

    def unit(session: Session) -> None:
        for letter in session.exec(select(Letter)):
            letter.not_before = 0.0
            if letter.lease_until is not None:
                letter.lease_until = 0.0
            session.add(letter)

    await database.write(unit)


async def states(database: Database) -> dict[str, str]:
    """The state of each check-in question, by its key."""
    found = await database.read(
        lambda s: list(s.exec(select(Letter).where(Letter.kind == "ask", Letter.week == 5)))
    )
    return {letter.key: letter.state for letter in found}


async def test_taken_and_then_silent_comes_once(house: House) -> None:
    def drop(platform: Loopback, to: Destination, card: Card, key: str) -> Outcome:
        platform.take(to, card, key)
        return Unknown()

    house.platform.fate = drop
    await house.go_to("Thu 10:00", "America/New_York")
    house.platform.fate = None
    await all_now(house.database)
    await house.bot.settle()
    assert asks(house) == ONE_EACH
    assert set((await states(house.database)).values()) == {"sent"}


async def test_never_taken_and_silent_comes_later(house: House) -> None:
    house.platform.fate = lambda *_: Unknown()
    await house.go_to("Thu 10:00", "America/New_York")
    assert asks(house) == NONE_YET
    house.platform.fate = None
    await all_now(house.database)
    await house.bot.settle()
    assert asks(house) == ONE_EACH


async def test_an_adapter_that_raises_is_silence(house: House) -> None:
    def burst(*_: object) -> Outcome:
        raise RuntimeError("the kit broke")

    house.platform.fate = burst
    await house.go_to("Thu 10:00", "America/New_York")
    house.platform.fate = None
    await all_now(house.database)
    await house.bot.settle()
    assert asks(house) == ONE_EACH


async def test_too_many_requests_wait_as_long_as_they_are_told(house: House) -> None:
    house.platform.fate = lambda *_: TryLater(30)
    await house.go_to("Thu 10:00", "America/New_York")
    house.platform.fate = None
    await house.bot.settle()
    assert asks(house) == NONE_YET
    await all_now(house.database)
    await house.bot.settle()
    assert asks(house) == ONE_EACH


async def test_who_cannot_be_reached_is_left_alone_until_heard_from(house: House) -> None:
    house.platform.fate = lambda _, to, *__: (
        Undeliverable("blocked the bot") if to.address == f"dm:{BOB.email}" else None
    )
    await house.go_to("Thu 10:00", "America/New_York")
    assert asks(house) == ONE_EACH | {BOB.name: 0}
    house.platform.fate = None
    await house.go_to("Sun 12:00")
    assert house.inbox(BOB) == []

    def reason(session: Session) -> str | None:
        return session.exec(
            select(Identity.unreachable).where(Identity.person_id == BOB.id)
        ).first()

    assert await house.database.read(reason) == "blocked the bot"
    await house.says(BOB, "checkin")
    assert await house.database.read(reason) is None


async def test_without_look_up_a_question_comes_once_more_and_no_more(house: House) -> None:
    house.platform.looks_up = False

    def drop(platform: Loopback, to: Destination, card: Card, key: str) -> Outcome:
        platform.take(to, card, key)
        return Unknown()

    house.platform.fate = drop
    await house.go_to("Thu 10:00", "America/New_York")
    for _ in range(3):
        await all_now(house.database)
        await house.bot.settle()
    assert asks(house) == {person.name: 2 for person in EVERYBODY}
    assert set((await states(house.database)).values()) == {"unknown"}


@pytest.mark.parametrize("point", ["claim", "fence", "send"])
async def test_a_worker_that_dies_is_replaced(house: House, point: str) -> None:
    """The first worker stops for good; a second has its letters when the lease ends."""
    await house.go_to("Thu 09:59", "Europe/Berlin")
    before = house.platform.attempts

    class Died(BaseException):
        pass

    def die(platform: Loopback, to: Destination, card: Card, key: str) -> Outcome:
        if point == "send":
            platform.take(to, card, key)
        raise Died

    house.bot.clock.move_to(house.now + timedelta(minutes=2))
    now = house.now
    if point == "claim":
        due = await house.database.read(lambda s: outbox.buckets_due(s, now))
        for bucket in due:
            await house.database.write(
                lambda s, b=bucket: outbox.claim(  # type: ignore[misc] # a default binds the bucket
                    s, worker="dead", bucket=b, limit=9, now=now, lease=60
                )
            )
    else:
        house.platform.fate = die
        first = Delivery(house.database, house.bot.adapters, house.bot.clock, "dead")
        with pytest.raises(BaseException):  # noqa: B017, PT011 Died, alone or in a group
            await first.deliver()
        assert house.platform.attempts > before
        house.platform.fate = None
    await house.database.write(_free_all_leases)
    await all_now(house.database)
    second = Delivery(house.database, house.bot.adapters, house.bot.clock, "alive")
    await second.deliver()
    assert asks(house) == {ALICE.name: 1, BOB.name: 0, CHARLIE.name: 1, DANA.name: 1}


async def test_two_at_once_send_nothing_twice(house: House) -> None:
    await house.go_to("Thu 09:59", "Europe/Berlin")
    house.bot.clock.move_to(house.now + timedelta(minutes=2))
    other = Delivery(house.database, house.bot.adapters, house.bot.clock, "other")
    for _ in range(3):
        await house.bot.delivery.deliver()
        await other.deliver()
    assert asks(house)[ALICE.name] == asks(house)[DANA.name] == 1


async def test_after_a_long_sleep_only_the_newest_question_comes_with_a_word(house: House) -> None:
    house.bot.clock.move_to(house.now + timedelta(days=3, hours=7))
    await house.bot.settle()
    (card,) = [m.card for m in house.inbox(DANA) if m.card.title == "Week 5 check-in"]
    assert "Sorry, this comes later than planned." in words(card)


async def test_what_is_too_late_is_not_sent_and_is_told(house: House) -> None:
    house.bot.clock.move_to(house.now + timedelta(days=13))
    await house.bot.settle()
    assert asks(house) == {person.name: 0 for person in EVERYBODY}
    found = await house.database.read(lambda s: letters.by_key(s, f"checkin:ask:1:5:{DANA.id}"))
    assert found is not None
    assert (found.state, found.reason) == ("expired", "late")


def _free_all_leases(session: Session) -> None:
    session.connection().execute(text("delete from lease"))
