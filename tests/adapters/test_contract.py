"""What every adapter must do, whatever its platform."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.chat.adapter import Sent, Undeliverable
from bot.chat.cards import Block, Card
from bot.chat.events import Event
from bot.chat.forms import Form, Page, Question
from bot.chat.who import Actor, Destination
from tests.adapters import contract, examples
from tests.adapters.contract import Bench

ONE = Card("One", (examples.BLOCKS["text"],))
TWO = Card("Two", (examples.BLOCKS["facts"],))


@pytest.fixture(params=contract.names())
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with contract.bench(request.param, tmp_path) as bench:
        yield bench


def test_every_adapter_takes_part() -> None:
    assert contract.adapters() == contract.names()


@pytest.mark.parametrize("event", examples.EVENTS, ids=lambda event: type(event).__name__)
def test_event_survives_json(event: Event) -> None:
    kept = msgspec.json.encode(event)
    assert msgspec.json.decode(kept, type=Event) == event


def test_card_and_form_survive_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(examples.CARD), type=Card) == examples.CARD
    assert msgspec.json.decode(msgspec.json.encode(examples.FORM), type=Form) == examples.FORM


@pytest.mark.parametrize("name", examples.BLOCKS)
def test_block_is_drawn(bench: Bench, name: str) -> None:
    block: Block = examples.BLOCKS[name]
    assert bench.drawn(Card("Title", (block,))) != bench.drawn(Card("Title"))


@pytest.mark.parametrize("name", examples.QUESTIONS)
def test_question_is_asked(bench: Bench, name: str) -> None:
    question: Question = examples.QUESTIONS[name]
    form = Form("Title", "a:b", (Page("", (question,)),), "Send")
    assert question.label in bench.asked(form)


@pytest.mark.parametrize("typed", examples.TYPED)
def test_what_is_typed_is_never_markup(bench: Bench, typed: str) -> None:
    assert bench.inert(bench.drawn(examples.typed_everywhere(typed)), typed)
    assert bench.inert(bench.asked(examples.asked_everywhere(typed)), typed)


async def test_address_is_found_from_an_email(bench: Bench) -> None:
    found = await bench.adapter.look_up(bench.known)
    assert found is not None
    assert found.profile.email == bench.known
    assert found.actor.platform == found.at.platform == bench.adapter.name
    assert await bench.adapter.profile(found.actor) == found.profile
    assert msgspec.json.decode(msgspec.json.encode(found.at), type=Destination) == found.at
    assert isinstance(await bench.adapter.send(found.at, ONE, key="k"), Sent)


async def test_stranger_is_not_found(bench: Bench) -> None:
    assert await bench.adapter.look_up("nobody@elsewhere.example") is None
    assert await bench.adapter.profile(Actor(bench.adapter.name, "", "nobody")) is None


async def test_message_is_found_by_its_key(bench: Bench) -> None:
    assert await bench.adapter.find(bench.home, "k") is None
    sent = await bench.adapter.send(bench.home, ONE, key="k")
    assert isinstance(sent, Sent)
    if bench.adapter.looks_up:
        assert await bench.adapter.find(bench.home, "k") == sent.id


async def test_same_key_is_one_message(bench: Bench) -> None:
    first = await bench.adapter.send(bench.home, ONE, key="k")
    if bench.adapter.looks_up:
        assert await bench.adapter.send(bench.home, ONE, key="k") == first
        assert len(await bench.posted(bench.home)) == 1


async def test_edit_takes_the_place(bench: Bench) -> None:
    sent = await bench.adapter.send(bench.home, ONE, key="k1")
    assert isinstance(sent, Sent)
    edited = await bench.adapter.send(bench.home, TWO, key="k2", replaces=sent.id)
    assert edited == sent
    (left,) = await bench.posted(bench.home)
    assert "Two" in left
    assert "One" not in left


async def test_answer_stands_under_its_message(bench: Bench) -> None:
    sent = await bench.adapter.send(bench.home, ONE, key="k1")
    assert isinstance(sent, Sent)
    answer = await bench.adapter.send(bench.home, TWO, key="k2", under=sent.id)
    assert isinstance(answer, Sent)
    assert answer.id != sent.id
    (told,) = await bench.thread(bench.home, sent.id)
    assert "Two" in told


async def test_what_cannot_be_delivered_says_why(bench: Bench) -> None:
    outcome = await bench.adapter.send(bench.nowhere, ONE, key="k")
    assert isinstance(outcome, Undeliverable)
    assert outcome.reason


async def test_doctor_gets_an_answer(bench: Bench) -> None:
    assert await bench.adapter.check()
