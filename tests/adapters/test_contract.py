"""How every adapter must draw, whatever its platform."""

import msgspec
import pytest

from bot.chat.cards import Card
from bot.chat.events import Event
from bot.chat.forms import Form
from bot.flows import flows
from bot.texts import languages
from tests.adapters import contract, examples, extremes, golden
from tests.adapters.contract import Looks
from tests.adapters.needed import missing, unread

SHOWN: dict[str, Card | Form] = {
    **extremes.EMPTY, **extremes.LARGE, **extremes.FORMS,
    "every block": examples.CARD, "every question": examples.FORM, "pages": examples.LONG_FORM,
}  # fmt: skip


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
def test_block_is_drawn(looks: Looks, name: str) -> None:
    card = Card("Title", (examples.BLOCKS[name],))
    assert looks.drawn(card) != looks.drawn(Card("Title"))
    assert not missing(card, looks.says(card))
    assert not looks.within_limits(card)


@pytest.mark.parametrize("name", examples.QUESTIONS)
def test_question_is_asked(looks: Looks, name: str) -> None:
    form = extremes.one(examples.QUESTIONS[name])
    assert looks.asked(form) != looks.asked(msgspec.structs.replace(form, pages=()))
    assert not missing(form, looks.says(form))
    assert not looks.within_limits(form)


@pytest.mark.parametrize("name", SHOWN)
def test_limits_are_kept_and_nothing_is_cut(looks: Looks, name: str) -> None:
    shown = SHOWN[name]
    assert not looks.within_limits(shown)
    assert not missing(shown, looks.says(shown))


@pytest.mark.parametrize("typed", examples.TYPED)
def test_what_is_typed_is_never_markup(looks: Looks, typed: str) -> None:
    assert looks.inert(looks.drawn(examples.typed_everywhere(typed)), typed)
    assert looks.inert(looks.asked(examples.asked_everywhere(typed)), typed)


@pytest.mark.parametrize("name", [*extremes.EMPTY, "every block"])
def test_card_is_complete_when_read_aloud(looks: Looks, name: str) -> None:
    card = SHOWN[name]
    assert isinstance(card, Card)
    assert not unread(card, looks.aloud(card))


@pytest.mark.parametrize("flow", flows())
@pytest.mark.parametrize("language", languages())
def test_every_example_arrives_whole(looks: Looks, language: str, flow: str) -> None:
    for example in golden.examples(language, flow):
        shown, name = example.shown, example.name
        assert (name, looks.within_limits(shown)) == (name, [])
        assert (name, missing(shown, looks.says(shown))) == (name, [])
        if isinstance(shown, Card):
            assert (name, unread(shown, looks.aloud(shown))) == (name, [])
