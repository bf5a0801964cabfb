"""Forms as Adaptive Cards, and what comes back of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.teams import forms
from bot.chat.events import Values
from bot.chat.forms import (
    Choice,
    Choices,
    Day,
    Form,
    LongText,
    Number,
    Option,
    Page,
    Person,
    Problem,
    ShortText,
)
from tests.adapters import examples, extremes
from tests.adapters.extremes import one
from tests.adapters.slack.test_anything import Dice
from tests.adapters.teams import judges
from tests.adapters.teams.looks import TENANT, seen

Json = dict[str, Any]
TEAMS_ALICE = f"teams/{TENANT}/0a1b2c3d-1111-4222-8333-00000000000a"


def shown(form: Form, **how: Any) -> list[Json]:
    """The form's cards, one after another."""
    return [forms.card(form, page=page, **how) for page in range(forms.pages(form))]


def inputs(card: Json) -> list[Json]:
    return [each for each in judges.elements(card) if each["type"].startswith("Input.")]


def only(card: Json) -> Json:
    (single,) = inputs(card)
    return single


def buttons(card: Json) -> list[str]:
    return [action["title"] for action in judges.actions(card)]


def said(card: Json) -> list[str]:
    return seen([{"card": card}]).split("\n")


def sent(card: Json, typed: dict[str, str] | None = None, button: int = -1) -> Json:
    """What Teams sends when a button is pressed: its data, and every input that is not empty."""
    data = dict(list(judges.actions(card))[button]["data"])
    standing = {each["id"]: each.get("value", "") for each in inputs(card)} | (typed or {})
    return {**data, **{name: value for name, value in standing.items() if value}}


def values(form: Form) -> Values:
    """What comes back of a form that nobody touched."""
    return {
        question: answer
        for card in shown(form)
        for question, answer in forms.values(sent(card), TENANT).items()
    }


def held(form: Form) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """What stands in the form, by question; an option that is gone stands there no more."""
    for question in form.questions():
        match question:
            case Choice(options=()) | Choices(options=()):
                continue
            case Choice(options=options, value=value):
                yield question.id, value if value in {each.value for each in options} else ""
            case Choices(options=options, value=chosen):
                known = {each.value for each in options}
                yield question.id, tuple(each for each in dict.fromkeys(chosen) if each in known)
            case Person(value=value):
                yield question.id, question.who(value)
            case _:
                yield question.id, question.value


FORMS = {**extremes.FORMS, "every question": examples.FORM, "pages": examples.LONG_FORM}


@pytest.mark.parametrize("name", FORMS)
def test_what_stands_in_a_form_comes_back(name: str) -> None:
    assert values(FORMS[name]) == dict(held(FORMS[name]))


@pytest.mark.parametrize("typed", examples.TYPED)
def test_what_is_typed_comes_back(typed: str) -> None:
    form = examples.asked_everywhere(typed)
    assert values(form) == dict(held(form))


@pytest.mark.parametrize("name", FORMS)
def test_a_dialog_has_the_same_inputs_and_can_only_be_sent(name: str) -> None:
    for page, card in enumerate(shown(FORMS[name])):
        dialog = forms.task(FORMS[name], page=page)
        assert judges.of_dialog(dialog) == []
        assert inputs(dialog) == inputs(card)
        assert buttons(dialog) == buttons(card)


@pytest.mark.parametrize("seed", range(8))
def test_any_form_is_taken_and_comes_back(seed: int) -> None:
    form = Dice(seed).form()
    cards = shown(form)
    assert [fault for card in cards for fault in judges.of_card(card)] == []
    assert values(form) == dict(held(form))
    problems = tuple(Problem(question.id, "No.") for question in form.questions())
    again = shown(form, values=values(form), problems=problems[-20:])
    assert [fault for card in again for fault in judges.of_card(card)] == []
    assert sum(said(card).count("⚠ No.") for card in again) >= len(problems[-20:])


# Pages


def test_a_long_form_is_walked_forth_and_back() -> None:
    first, last = shown(examples.LONG_FORM)
    assert (buttons(first), buttons(last)) == (["Next"], ["Back", "Send the plan"])
    assert "Page 2 of 2" in said(last)
    back, send = judges.actions(last)
    assert (back["data"]["back"], back["data"]["okr"]) == (True, "plan:save")
    assert "back" not in send["data"]
    asked = [forms.asked(examples.LONG_FORM, page) for page in (0, 1)]
    assert sorted(asked[0] | asked[1]) == sorted(q.id for q in examples.LONG_FORM.questions())
    assert not asked[0] & asked[1]


def test_a_long_form_is_walked_in_the_readers_language() -> None:
    german = Form("T", "a:b", examples.LONG_FORM.pages, "Senden", "de-DE")
    assert buttons(shown(german)[0]) == ["Weiter"]
    assert buttons(shown(german)[1]) == ["Zurück", "Senden"]
    assert "Seite 2 von 2" in said(shown(german)[1])


def test_sixty_key_results_are_a_few_cards() -> None:
    cards = shown(extremes.FORMS["180 questions"])
    assert len(cards) == 8
    assert max(len(inputs(card)) for card in cards) <= 24
    assert sum(len(inputs(card)) for card in cards) == 180


def test_long_answers_leave_room_for_each_other() -> None:
    questions = tuple(LongText(id=f"q{n}", label=f"Q{n}") for n in range(20))
    form = Form("T", "a:b", (Page("", questions),), "Send")
    full = {question.id: "é" * question.longest for question in questions}
    cards = shown(form, values=full)
    assert [fault for card in cards for fault in judges.of_card(card)] == []
    assert {n: a for card in cards for n, a in forms.values(sent(card)).items()} == full


# Answers


def test_what_is_left_empty_is_said_to_be_empty() -> None:
    card = forms.card(one(ShortText(id="s", label="S", value="before")))
    data = sent(card, {"q:s": ""})
    assert "q:s" not in data
    assert forms.values(data) == {"s": ""}


def test_numbers_are_typed_as_people_write_them() -> None:
    number = Number(id="n", label="N", value="1.000,25")
    assert only(forms.card(one(number)))["type"] == "Input.Text"
    typed = forms.values(sent(forms.card(one(number)), {"q:n": "4 %"}))
    assert Form("", "", (Page("", (number,)),), "", "de").read(typed).number("n") == 4.0


@pytest.mark.parametrize("raw", [7, 7.5, None, ["a"], {"a": "b"}])
def test_what_no_client_should_send_is_text_or_nothing(raw: object) -> None:
    assert forms.values({"q:n": raw, "asked": "no list", "other": "x"}) == {
        "n": str(raw) if isinstance(raw, int | float) else ""
    }


def test_a_line_end_is_one_line_end() -> None:
    assert forms.values({"q:l": "a\r\nb"}) == {"l": "a\nb"}


def test_a_choice_can_be_taken_back() -> None:
    card = forms.card(one(Choice(id="c", label="C", options=examples.STATUS, value="on")))
    assert only(card)["choices"][0] == {"title": "–", "value": "%"}
    assert forms.values(sent(card, {"c:c": "%"})) == {"c": ""}


@pytest.mark.parametrize(
    ("count", "style"), [(3, "expanded"), (5, "expanded"), (6, "compact"), (11, "filtered")]
)
def test_a_choice_looks_as_its_options_fit(count: int, style: str) -> None:
    choice = Choice(id="c", label="C", options=extremes.options(count), required=True)
    assert only(forms.card(one(choice)))["style"] == style


def test_options_with_commas_come_back_apart() -> None:
    options = tuple(Option(value, value) for value in ("a,b", "c", "50%", "%2C"))
    form = one(Choices(id="m", label="M", options=options, value=("a,b", "50%", "%2C")))
    assert values(form) == {"m": ("a,b", "50%", "%2C")}


def test_boxes_whose_labels_would_be_markup_have_numbers() -> None:
    options = (Option("a", "[x](https://evil.example)"), Option("b", "Plain"))
    card = forms.card(one(Choices(id="m", label="M", options=options)))
    assert [choice["title"] for choice in only(card)["choices"]] == ["1", "2"]
    assert {"1. [x](https://evil.example)", "2. Plain"} <= set(said(card))


def test_a_radio_button_whose_label_would_be_markup_is_in_a_list() -> None:
    options = (Option("a", "**a**"),)
    card = forms.card(one(Choice(id="c", label="C", options=options, required=True)))
    assert only(card)["style"] == "compact"


def test_a_list_that_is_too_long_says_so() -> None:
    form = one(Choice(id="c", label="C", options=extremes.options(2000, 40), value="o1999"))
    card = forms.card(form)
    assert judges.of_card(card) == []
    assert only(card)["value"] == "o1999"
    (told,) = [text for text in said(card) if text.startswith("2000 could be chosen; only")]
    assert str(len(only(card)["choices"]) - 1) in told


def test_people_are_chosen_from_those_who_are_named() -> None:
    people = only(forms.card(one(examples.QUESTIONS["person"])))
    assert [choice["title"] for choice in people["choices"]] == ["–", "Alice Berg", "Bob Chen"]
    assert people["value"] == "2"


def test_where_nobody_is_named_people_are_looked_for() -> None:
    form = one(Person(id="p", label="P"))
    picker = only(forms.card(form))
    assert picker["choices.data"] == {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
    account = TEAMS_ALICE.rpartition("/")[2]
    assert forms.values({picker["id"]: account}, TENANT) == {"p": TEAMS_ALICE}
    again = only(forms.card(form, values={"p": TEAMS_ALICE}))
    assert again["value"] == account
    assert forms.values({again["id"]: again["value"]}, TENANT) == {"p": TEAMS_ALICE}


def test_a_day_is_chosen_in_its_range_and_what_is_none_is_kept() -> None:
    day = only(forms.card(one(examples.QUESTIONS["day"])))
    assert (day["type"], day["value"]) == ("Input.Date", "2026-02-13")
    assert day["errorMessage"] == "Please choose a day from 2026-02-09 to 2026-03-27."
    kept = only(forms.card(one(Day(id="d", label="D")), values={"d": "soon"}))
    assert (kept["type"], kept["value"]) == ("Input.Text", "soon")


# Problems


def test_problems_stand_under_their_questions_with_what_was_typed() -> None:
    card = forms.card(examples.FORM, values={"value:42": "a lot"}, problems=examples.PROBLEMS)
    number = next(each for each in card["body"] if each.get("id") == "q:value:42")
    below = card["body"][card["body"].index(number) + 1]
    assert number["value"] == "a lot"
    assert below["inlines"][0]["text"] == "⚠ “a lot” is not a number I can read."
    assert below["inlines"][0]["color"] == "Attention"


def test_problems_of_other_pages_and_of_none_stand_at_the_head() -> None:
    problems = (Problem("1-0", "Too short."), Problem("gone", "The cycle is closed."))
    card = forms.card(examples.LONG_FORM, page=1, problems=problems)
    assert said(card)[2:4] == ["⚠ Page 1, “Line 0”: Too short.", "⚠ The cycle is closed."]


def test_the_card_asks_for_what_is_needed_unless_it_would_bar_the_way_back() -> None:
    line = ShortText(id="s", label="S", required=True)
    assert only(forms.card(one(line)))["errorMessage"] == "Please fill this in."
    pages = tuple(
        Page("", tuple(ShortText(id=f"{p}-{n}", label="L", required=True) for n in range(20)))
        for p in range(2)
    )
    first, last = shown(Form("T", "a:b", pages, "Send"))
    assert all(each["isRequired"] for each in inputs(first))
    assert not any("isRequired" in each for each in inputs(last))


def test_labels_and_hints_are_complete() -> None:
    form = extremes.FORMS["long labels"]
    (card,) = shown(form)
    assert [each["label"] for each in inputs(card)] == [q.label for q in form.questions()]
    longer = ShortText(id="s", label=extremes.long("label", 1000))
    assert longer.label in said(forms.card(one(longer)))
    assert said(card).count(extremes.HINT) == 7
    assert form.submit in said(card)
