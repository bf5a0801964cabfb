"""Every card and form of every flow, as its examples show it."""

import msgspec
import pytest

from bot.chat.cards import Card, Text
from bot.chat.forms import Form, LongText, ShortText
from bot.chat.stage import Example
from bot.flows import flows
from bot.texts import Voice, plain
from tests.house import buttons_of

VOICE = Voice("en", "Europe/Berlin")
EXAMPLES = [example for flow in flows().values() for example in flow.examples(VOICE)]
NAMES = [f"{example.flow}: {example.name}" for example in EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_it_survives_json(example: Example) -> None:
    shown = example.shown
    assert msgspec.json.decode(msgspec.json.encode(shown), type=type(shown)) == shown


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_it_fits_a_phone(example: Example) -> None:
    assert len(example.shown.title) <= 60 or "hostile" in example.name
    assert example.shown.title
    match example.shown:
        case Card() as card:
            for button in buttons_of(card):
                assert 0 < len(button.label) <= 25, button
                assert button.url or button.action.partition(":")[0] in flows(), button
        case Form() as form:
            ids = [question.id for question in form.questions()]
            assert len(ids) == len(set(ids))


def test_every_name_is_given_once() -> None:
    assert len(NAMES) == len(set(NAMES))


TOLD = ("see", "read", "Shown")
SAID = ("checkin", "kr", "add", "edit", "review", "grade", "retro", "thanks", "lint")


def test_each_form_says_who_will_see_what_is_written() -> None:
    forms = [(e.name, e.shown) for e in EXAMPLES if e.flow in SAID and isinstance(e.shown, Form)]
    assert len(forms) > 10
    for name, form in forms:
        intro = [plain(b.spans) for page in form.pages for b in page.intro if isinstance(b, Text)]
        for question in form.questions():
            if isinstance(question, ShortText | LongText):
                told = [question.hint, *intro]
                assert any(word in text for text in told for word in TOLD), (name, question.id)
