"""How every adapter must send, whatever its platform."""

import asyncio
from contextlib import AbstractAsyncContextManager

import msgspec
import pytest

from bot.chat.adapter import Sent, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Actor, Destination
from tests.adapters import examples
from tests.adapters.contract import Bench, State

ONE = Card("One", (examples.BLOCKS["text"],))
TWO = Card("Two", (examples.BLOCKS["facts"],))


async def sent(bench: Bench, card: Card = ONE, key: str = "k", **how: str) -> str:
    """The id of a message that was sent to the bench's home."""
    outcome = await bench.adapter.send(bench.home, card, key=key, **how)
    assert isinstance(outcome, Sent), outcome
    return outcome.id


async def test_address_is_found_from_an_email(bench: Bench) -> None:
    found = await bench.adapter.look_up(bench.known)
    assert found is not None
    assert found.profile.email == bench.known
    assert found.actor.platform == found.at.platform == bench.adapter.name
    assert found.actor == bench.alice.actor
    assert await bench.adapter.profile(found.actor) == found.profile
    assert msgspec.json.decode(msgspec.json.encode(found.at), type=Destination) == found.at
    assert isinstance(await bench.adapter.send(found.at, ONE, key="k"), Sent)


async def test_stranger_is_not_found(bench: Bench) -> None:
    assert await bench.adapter.look_up("nobody@elsewhere.example") is None
    assert await bench.adapter.profile(Actor(bench.adapter.name, "", "nobody")) is None


async def test_message_is_found_by_its_key(bench: Bench) -> None:
    assert await bench.adapter.find(bench.home, "k") is None
    first = await sent(bench)
    if bench.adapter.looks_up:
        assert await bench.adapter.find(bench.home, "k") == first
        assert await bench.adapter.find(bench.home, "another") is None
        assert await bench.adapter.find(bench.channel, "k") is None


async def test_many_at_once_are_all_there(bench: Bench) -> None:
    ids = await asyncio.gather(*(sent(bench, Card(f"Number {n}."), key=f"k{n}") for n in range(8)))
    assert len(set(ids)) == len(await bench.posted(bench.home)) == 8
    if bench.adapter.looks_up:
        found = [await bench.adapter.find(bench.home, f"k{n}") for n in range(8)]
        assert found == ids


async def test_one_key_twice_at_once_hides_no_message(bench: Bench) -> None:
    ids = await asyncio.gather(*(sent(bench) for _ in range(4)))
    assert len(set(ids)) == len(await bench.posted(bench.home))
    if bench.adapter.looks_up:
        assert await bench.adapter.find(bench.home, "k") in ids


async def test_edit_takes_the_place(bench: Bench) -> None:
    first = await sent(bench, ONE, "k1")
    for _ in range(2):
        assert await sent(bench, TWO, "k2", replaces=first) == first
        (left,) = await bench.posted(bench.home)
        assert "Two" in left
        assert "One" not in left


async def test_edit_of_what_is_gone_is_undeliverable(bench: Bench) -> None:
    first = await sent(bench, ONE, "k1")
    ids = ["gone", "1" * 25]
    if await bench.remove(bench.home, first):
        ids.append(first)
    for number, gone in enumerate(ids):
        edited = await bench.adapter.send(bench.home, TWO, key=f"k2-{number}", replaces=gone)
        assert isinstance(edited, Undeliverable), (gone, edited)
        assert edited.reason
    assert not any("Two" in each for each in await bench.posted(bench.home))


async def test_answer_stands_under_its_message(bench: Bench) -> None:
    first = await sent(bench, ONE, "k1")
    answer = await sent(bench, TWO, "k2", under=first)
    assert answer != first
    (told,) = await bench.thread(bench.home, first)
    assert "Two" in told
    assert len(await bench.posted(bench.home)) == 1
    if bench.adapter.looks_up:
        assert await bench.adapter.find(bench.home, "k2") == answer


async def test_what_cannot_be_delivered_says_why(bench: Bench) -> None:
    outcome = await bench.adapter.send(bench.nowhere, ONE, key="k")
    assert isinstance(outcome, Undeliverable)
    assert outcome.reason


async def test_message_of_another_platform_is_undeliverable(bench: Bench) -> None:
    for here in (bench.home, bench.channel):
        elsewhere = Destination("elsewhere", here.workspace, here.address)
        assert isinstance(await bench.adapter.send(elsewhere, ONE, key="k"), Undeliverable)
        assert await bench.posted(here) == []


async def test_busy_platform_is_tried_later(bench: Bench) -> None:
    first = await sent(bench, ONE, "k1")
    async with _state(bench, "busy"):
        outcome = await bench.adapter.send(bench.home, TWO, key="k2")
        assert isinstance(outcome, TryLater), outcome
        assert outcome.after > 0
        outcome = await bench.adapter.send(bench.home, TWO, key="k3", replaces=first)
        assert isinstance(outcome, TryLater), outcome
    (left,) = await bench.posted(bench.home)
    assert "One" in left
    assert await bench.adapter.find(bench.home, "k2") is None
    await sent(bench, TWO, "k2")
    assert len(await bench.posted(bench.home)) == 2


async def test_who_is_gone_for_good_is_undeliverable(bench: Bench) -> None:
    await sent(bench, ONE, "k1")
    async with _state(bench, "gone"):
        outcome = await bench.adapter.send(bench.home, TWO, key="k2")
        assert isinstance(outcome, Undeliverable), outcome
        assert outcome.reason
    assert len(await bench.posted(bench.home)) == 1


async def test_what_arrived_unheard_is_unknown_and_found(bench: Bench) -> None:
    async with _state(bench, "dropped after"):
        outcome = await bench.adapter.send(bench.home, ONE, key="k")
        assert isinstance(outcome, Unknown), outcome
    assert len(await bench.posted(bench.home)) == 1, "an adapter must not send twice by itself"
    if bench.adapter.looks_up:
        found = await bench.adapter.find(bench.home, "k")
        assert found is not None
        assert await sent(bench, TWO, "k2", replaces=found) == found


async def test_what_never_arrived_is_not_found(bench: Bench) -> None:
    async with _state(bench, "dropped before"):
        outcome = await bench.adapter.send(bench.home, ONE, key="k")
        assert isinstance(outcome, Unknown | TryLater), outcome
    assert await bench.posted(bench.home) == []
    assert await bench.adapter.find(bench.home, "k") is None
    await sent(bench)
    assert len(await bench.posted(bench.home)) == 1


async def test_edit_that_arrived_unheard_can_be_repeated(bench: Bench) -> None:
    first = await sent(bench, ONE, "k1")
    async with _state(bench, "dropped after"):
        outcome = await bench.adapter.send(bench.home, TWO, key="k2", replaces=first)
        assert isinstance(outcome, Unknown), outcome
    assert await sent(bench, TWO, "k2", replaces=first) == first
    assert len(await bench.posted(bench.home)) == 1


async def test_doctor_is_told_what_to_do(bench: Bench) -> None:
    findings = await bench.adapter.check()
    assert findings
    assert all(finding.text for finding in findings)
    assert not any(finding.level == "bad" for finding in findings), findings
    wrong = await bench.misconfigured().check()
    assert any(finding.level == "bad" for finding in wrong), wrong
    assert all(finding.remedy for finding in (*findings, *wrong) if finding.level != "good")


def _state(bench: Bench, state: State) -> AbstractAsyncContextManager[None]:
    entered = bench.platform_is(state)
    if entered is None:
        pytest.skip(f"{bench.adapter.name} cannot be {state}")
    return entered
