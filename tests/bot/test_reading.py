"""What a form makes of raw values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.events import Values
from bot.chat.forms import (
    Choice,
    Choices,
    Day,
    Fault,
    Form,
    LongText,
    Number,
    Option,
    Page,
    Person,
    Question,
    Read,
    ShortText,
    Somebody,
)
from bot.chat.who import Actor

COLOURS = (Option("r", "Red"), Option("g", "Green"), Option("b", "Blue"))
ALICE = Somebody("1", "Alice", (Actor("slack", "T1", "U1"),))
ALL: tuple[Question, ...] = (
    Number(id="number", label="n"),
    ShortText(id="line", label="l"),
    LongText(id="text", label="t"),
    Choice(id="choice", label="c", options=COLOURS),
    Choices(id="choices", label="cs", options=COLOURS),
    Day(id="day", label="d"),
    Person(id="person", label="p", people=(ALICE,)),
)


def read(question: Question, given: str | tuple[str, ...], locale: str = "en") -> Read:
    form = Form("t", "a", (Page("p", (question,)),), "ok", locale)
    return form.read({question.id: given})


def fault(question: Question, given: str | tuple[str, ...]) -> Fault:
    result = read(question, given)
    assert result.answers == {question.id: None}
    (found,) = result.faults
    return found


def test_each_kind_of_question_gives_its_own_kind_of_answer() -> None:
    form = Form("t", "a", (Page("1", ALL[:3]), Page("2", ALL[3:])), "ok", "de-DE")
    result = form.read(
        {
            "number": "1.000,25",
            "line": " churn ",
            "text": "a\nb",
            "choice": "g",
            "choices": ("b", "r", "b"),
            "day": "2026-12-24",
            "person": "slack/T1/U1",
        }
    )
    assert result.faults == ()
    assert result.number("number") == 1000.25
    assert result.text("line") == "churn"
    assert result.text("text") == "a\nb"
    assert result.text("choice") == "g"
    assert result.chosen("choices") == ("b", "r")
    assert result.day("day") == date(2026, 12, 24)
    assert result.text("person") == "1"


@pytest.mark.parametrize("values", [{}, {q.id: "" for q in ALL}, {q.id: (" ",) for q in ALL}])
def test_what_is_missing_is_empty_and_no_fault(values: Values) -> None:
    result = Form("t", "a", (Page("p", ALL),), "ok").read(values)
    assert result == Read({question.id: None for question in ALL}, (), values)


def test_what_is_required_must_not_be_blank() -> None:
    assert fault(LongText(id="q", label="", required=True), " \u0000\n") == Fault("q", "required")
    assert fault(Choices(id="q", label="", options=COLOURS, required=True), ()).kind == "required"


@pytest.mark.parametrize(
    ("question", "given", "kind", "limit"),
    [
        (Number(id="q", label=""), "ten", "not_a_number", ""),
        (Number(id="q", label="", whole=True), "1.5", "not_whole", ""),
        (Number(id="q", label="", least=1), "0.99", "too_low", 1),
        (Number(id="q", label="", most=10), "11", "too_high", 10),
        (ShortText(id="q", label="", longest=3), "four", "too_long", 3),
        (LongText(id="q", label="", longest=3), "four", "too_long", 3),
        (Choice(id="q", label="", options=COLOURS), "black", "not_an_option", ""),
        (Choices(id="q", label="", options=COLOURS), ("r", "x"), "not_an_option", ""),
        (Day(id="q", label=""), "24.12.2026", "not_a_day", ""),
        (Day(id="q", label=""), "2026-02-30", "not_a_day", ""),
        (Day(id="q", label="", first="2026-01-02"), "2026-01-01", "too_early", "2026-01-02"),
        (Day(id="q", label="", last="2026-01-02"), "2026-01-03", "too_late", "2026-01-02"),
        (Person(id="q", label="", people=(ALICE,)), "2", "unknown_person", ""),
    ],
)
def test_each_fault_says_what_was_typed_and_the_limit(
    question: Question, given: str | tuple[str, ...], kind: str, limit: float | str
) -> None:
    found = fault(question, given)
    typed = given if isinstance(given, str) else ", ".join(given)
    assert (found.kind, found.typed, found.limit) == (kind, typed, limit)


def test_bounds_are_inside() -> None:
    assert read(Number(id="q", label="", least=1, most=1), "1").faults == ()
    assert read(ShortText(id="q", label="", longest=4), " four ").text("q") == "four"
    only = Day(id="q", label="", first="2026-01-02", last="2026-01-02")
    assert read(only, "2026-01-02").day("q") == date(2026, 1, 2)


def test_a_choice_sent_as_a_list_is_taken() -> None:
    assert read(Choice(id="q", label="", options=COLOURS), ("r",)).text("q") == "r"
    assert read(Choices(id="q", label="", options=COLOURS), "r").chosen("q") == ("r",)


def test_controls_go_and_letters_stay() -> None:
    typed = "\u202eevil\u2066 <!channel> *שלום* مرحبا\t👩\u200d💻\u0000\u0007\r\n\ud800end"
    assert read(LongText(id="q", label=""), typed).text("q") == (
        "evil <!channel> *שלום* مرحبا\t👩\u200d💻\nend"
    )


def test_an_echo_is_short() -> None:
    assert len(fault(LongText(id="q", label=""), "x" * 100_000).typed) == 200


@given(
    st.dictionaries(
        st.sampled_from([question.id for question in ALL]),
        st.text(max_size=300) | st.lists(st.text(max_size=9), max_size=4).map(tuple),
    )
)
def test_any_values_are_read_and_are_either_answered_or_faulty(
    values: dict[str, str | tuple[str, ...]],
) -> None:
    result = Form("t", "a", (Page("p", ALL),), "ok").read(values)
    assert result.answers.keys() == {question.id for question in ALL}
    assert all(result.answers[found.question] is None for found in result.faults)


@given(st.text("abc שλ*<>&@#\n\t", max_size=50))
def test_what_is_typed_is_not_altered(text: str) -> None:
    assert read(LongText(id="q", label=""), text).text("q") == text.strip()
