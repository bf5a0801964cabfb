"""Several letters under way at once: common commits, and the same promises as one by one."""

import asyncio
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from bot.chat.adapter import Outcome, Undeliverable
from bot.chat.cards import Card
from bot.chat.who import Destination
from bot.flows import flows
from bot.together import Together
from storage import keeping
from storage.database import Database
from storage.letters import Draft, Letter
from tests.bot.post import Killed, Post, Trouble, ask
from tests.loopback import Loopback

FAST = 1e6


@dataclass
class Slow(Loopback):
    """As fast as one likes, and each message takes a while: it tells who was under way at once."""

    rate: float = FAST
    most: int = 0

    def __post_init__(self) -> None:
        self.under_way: list[str] = []

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        assert to.address not in self.under_way
        self.under_way.append(to.address)
        self.most = max(self.most, len(self.under_way))
        await asyncio.sleep(0.01)
        outcome = await super().send(to, card, key=key, replaces=replaces, under=under)
        self.under_way.remove(to.address)
        return outcome


@pytest.fixture
async def post(database: Database) -> Post:
    found = await Post.open(database)
    found.platform = Slow()
    found.delivery = found.worker("one")
    return found


def replies(*keys: str) -> list[Draft]:
    """One letter a key, in this order; the key's first letter says to which address."""
    return [ask(4, key=key, kind="reply", address=f"dm:{key[0]}") for key in keys]


async def test_side_by_side_and_in_order_to_each_address(post: Post) -> None:
    keys = [f"{address}{n}" for n in range(3) for address in "abcdefgh"]
    await post.plan(*replies(*keys))
    assert await post.deliver() == len(keys)
    assert isinstance(post.platform, Slow)
    assert post.platform.most == 8
    for address in "abcdefgh":
        assert [m.key for m in post.platform.to(f"dm:{address}")] == [
            f"{address}{n}" for n in range(3)
        ]
    assert set((await post.states()).values()) == {"sent"}


async def test_a_slow_platform_never_has_two_under_way(post: Post) -> None:
    post.platform.rate = 900.0
    await post.plan(*replies("a", "b", "c"))
    assert await post.deliver() == 3
    assert isinstance(post.platform, Slow)
    assert post.platform.most == 1


async def test_one_that_cannot_be_delivered_is_not_the_others_trouble(post: Post) -> None:
    def fate(_: Loopback, to: Destination, card: Card, key: str) -> Outcome | None:
        return Undeliverable("gone") if key == "c" else None

    post.platform.fate = fate
    await post.plan(*replies(*"abcdef"))
    assert await post.deliver() == 5
    states = await post.states()
    assert states.pop("c") == "dead"
    assert set(states.values()) == {"sent"}


async def test_what_a_flow_does_after_one_undoes_no_other(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(session: Session, term: object, letter: Letter, now: object) -> None:
        if letter.key == "c":
            raise ZeroDivisionError

    monkeypatch.setattr(flows()["checkin"], "after", stumbling)
    await post.plan(*replies(*"abcdef"))
    assert await post.deliver() == 6
    assert set((await post.states()).values()) == {"sent"}


async def test_a_stop_lets_all_that_are_under_way_arrive(post: Post) -> None:
    def stop(*_: object) -> None:
        post.delivery.halt()

    post.platform.fate = stop
    await post.plan(*replies(*"abcd", "a2", "b2"))
    assert await post.deliver() == 4
    assert sorted((await post.states()).values()) == ["claimed"] * 2 + ["sent"] * 4
    await post.delivery.give_back()
    post.platform.fate = None
    assert await post.worker("two").deliver() == 2
    assert sorted(m.key for m in post.messages) == sorted([*"abcd", "a2", "b2"])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_worker_may_die_at_any_touch_of_the_database(post: Post, *, after: bool) -> None:
    number, over = 0, True
    while over:
        number += 1
        keys = [f"{address}{number}" for address in "abc"]
        await post.plan(*replies(*keys))
        trouble = Trouble(post.database, number, after=after, for_good=True)
        try:
            await post.worker(f"dying {number}", lease=-1, on=trouble).deliver()
        except Killed:
            assert trouble.over
        for _ in range(2):
            await post.time_passes()
            await post.deliver()
        assert sorted(m.key for m in post.messages if m.key in keys) == keys, number
        assert {(await post.states())[key] for key in keys} == {"sent"}, number
        over = trouble.over
    assert number > 8


# What is written together


def keep(session: Session, key: str) -> None:
    keeping.put(session, "web", key, "kept")


async def test_together_a_failing_one_rolls_back_alone(database: Database) -> None:
    def unit(session: Session, key: str) -> str:
        keeping.put(session, "web", key, "kept")
        if key == "bad":
            raise ZeroDivisionError
        return key

    together = Together(database, unit)
    found = await asyncio.gather(*map(together, ["a", "b", "bad", "c"]), return_exceptions=True)
    assert isinstance(found.pop(2), ZeroDivisionError)
    assert found == ["a", "b", "c"]
    kept = [
        await database.read(lambda s, key=key: keeping.get(s, "web", key))  # type: ignore[misc] # the default is no second argument
        for key in ("a", "b", "bad", "c")
    ]
    assert kept == ["kept", "kept", None, "kept"]


async def test_together_nobody_is_told_before_the_commit(database: Database) -> None:
    async def told(key: str) -> str | None:
        await together(key)
        return await database.read(lambda session: keeping.get(session, "web", key))

    together = Together(database, keep)
    assert await asyncio.gather(*map(told, "abcdefgh")) == ["kept"] * 8


async def test_together_it_is_one_commit_for_those_who_waited(database: Database) -> None:
    commits = []
    write = database.write

    async def counting(*given: object, **more: object) -> object:
        commits.append(given)
        return await write(*given, **more)  # type: ignore[arg-type] # handed on as they came

    database.write = counting  # type: ignore[method-assign,assignment] # counted, not replaced
    together = Together(database, keep)
    await asyncio.gather(*map(together, "abcdefgh"))
    assert len(commits) == 1


async def test_together_who_gives_up_stops_no_other(database: Database) -> None:
    together = Together(database, keep)
    one, other = asyncio.create_task(together("a")), asyncio.create_task(together("b"))
    await asyncio.sleep(0)
    one.cancel()
    await other
    assert one.cancelled()
    assert await database.read(lambda session: keeping.get(session, "web", "b")) == "kept"
