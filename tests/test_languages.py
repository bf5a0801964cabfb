"""Every language says all that English says, with the same values, on the same phone."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from bot import cast
from bot.chat.cards import Card, Meter
from bot.chat.forms import Form
from bot.chat.stage import Example
from bot.flows import begun, flows
from bot.flows.kr.entry import Entry, read
from bot.picture import Standing
from bot.texts import FOLDER, Voice, languages
from tests.house import buttons_of, words

OTHERS = [language for language in languages() if language != "en"]
ENGLISH = Path(FOLDER) / "en"
FILES = sorted(path.name for path in ENGLISH.iterdir())
MACRO = re.compile(r"{% macro (\w+)\(.*?\) %}(.*?){% endmacro %}", re.DOTALL)

GERMAN = Voice("de-DE", "Europe/Berlin")
EXAMPLES = [example for flow in flows().values() for example in flow.examples(GERMAN)]
NAMES = [f"{example.flow}: {example.name}" for example in EXAMPLES]


def parsed(path: Path) -> nodes.Template:
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("number", "percent", "day", "time", "moment"), str)
    return environment.parse(path.read_text("utf-8"))


def parameters(path: Path) -> Mapping[str, list[str]]:
    """Every macro of a file with its parameters, in order."""
    found = [
        (macro.name, [argument.name for argument in macro.args])
        for macro in parsed(path).find_all(nodes.Macro)
    ]
    assert len(found) == len(dict(found)), f"a macro stands twice in {path.name}"
    return dict(found)


def inserted(macro: nodes.Macro) -> set[str]:
    """The names whose values a macro inserts."""
    values = [value for output in macro.find_all(nodes.Output) for value in output.nodes]
    names = [value for value in values if isinstance(value, nodes.Name)]
    return {name.name for name in [*names, *(n for v in values for n in v.find_all(nodes.Name))]}


def used(macro: nodes.Macro) -> set[str]:
    """The names that a macro inserts or asks about."""
    return {name.name for name in macro.find_all(nodes.Name) if name.ctx == "load"}


def commands(path: Path) -> Mapping[str, set[str]]:
    """The words of each macro that people are told to type."""
    return {
        name: {code.split()[0] for code in re.findall("`(.+?)`", body)}
        for name, body in MACRO.findall(path.read_text("utf-8"))
    }


def test_german_is_there() -> None:
    assert "de" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_the_files_are_the_same(language: str) -> None:
    assert sorted(path.name for path in (Path(FOLDER) / language).iterdir()) == FILES


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_the_texts_and_their_parameters_are_the_same(language: str, file: str) -> None:
    assert parameters(Path(FOLDER) / language / file) == parameters(ENGLISH / file)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_no_value_is_left_out_and_none_is_made_up(language: str, file: str) -> None:
    own = parsed(Path(FOLDER) / language / file)
    texts = {macro.name: macro for macro in own.find_all(nodes.Macro)}
    for macro in parsed(ENGLISH / file).find_all(nodes.Macro):
        assert inserted(macro) <= used(texts[macro.name]), macro.name
    assert not meta.find_undeclared_variables(own)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", OTHERS)
def test_what_people_type_stays_as_it_is(language: str, file: str) -> None:
    assert commands(Path(FOLDER) / language / file) == commands(ENGLISH / file)


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_german_fits_a_phone(example: Example) -> None:
    shown = example.shown
    assert shown.title
    assert len(shown.title) <= 60 or "hostile" in example.name
    match shown:
        case Card() as card:
            for button in buttons_of(card):
                assert 0 < len(button.label) <= 25, button
        case Form() as form:
            assert 0 < len(form.submit) <= 25


@pytest.mark.parametrize("language", languages())
def test_what_its_buttons_say_may_be_typed(language: str) -> None:
    """A button that runs a word, and the names of what one looks at and opens."""
    voice = Voice(language)
    shown = [example.shown for flow in flows().values() for example in flow.examples(voice)]
    said = {
        (button.label, button.action.removeprefix("help:word:"))
        for card in shown
        if isinstance(card, Card)
        for button in buttons_of(card)
        if button.action.startswith("help:word:") and button.label != voice.line("help.try")
    }
    assert len(said) > 5
    said |= {(voice.line(name), word) for name, word in NAMED.items()}
    understood = {label: begun(label) for label, _ in said}
    assert {(label, found[0].name) for label, found in understood.items() if found} == said


NAMED = {
    "company.at_risk": "at-risk", "company.tree": "tree", "company.heatmap": "heatmap",
    "why.this": "why", "checkin.open": "checkin", "checkin.later": "snooze", "away.back": "back",
    "grade.open": "grade", "review.open": "review", "edit.edit": "edit", "kr.update": "checkin",
}  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_no_german_sentence_ends_in_two_stops(example: Example) -> None:
    if isinstance(example.shown, Card):
        assert not re.search(r"[^.]\.\.(?!\.)", words(example.shown))


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_without_a_dot_ends_no_sentence_without_a_stop(month: int) -> None:
    day = GERMAN.day(date(2027, month, 1))
    for said in (GERMAN.line("plan.over", again=day), GERMAN.line("plan.before", starts=day)):
        assert re.search(r"\w\.$", said)


def test_numbers_and_days_are_german() -> None:
    cards = [example.shown for example in EXAMPLES if isinstance(example.shown, Card)]
    meters = [block.text for card in cards for block in card.blocks if isinstance(block, Meter)]
    assert any("4,1\N{NO-BREAK SPACE}%" in text for text in meters)
    assert not any(re.search(r"\d%|\d\.\d", text) for text in meters)
    everything = "\n".join(map(words, cards))
    assert re.search(r"\b(Mo|Di|Mi|Do|Fr)\., \d{1,2}\. (Okt|Nov|Dez)\.", everything)
    assert not re.search(r"\b(Mon|Tue|Wed|Thu|Fri|Oct|Dec)\b", everything)


@pytest.mark.parametrize(
    ("typed", "value", "note"),
    [
        ("erledigt", 1, ""),
        ("fertig seit heute", 1, "seit heute"),
        ("100 %", 1, ""),
        ("nicht erledigt, leider", 0, "leider"),
        ("noch nicht", 0, ""),
        ("done", 1, ""),
        ("not done", 0, ""),
    ],
)
def test_done_and_not_done_are_read_in_german_too(typed: str, value: float, note: str) -> None:
    guide = Standing(
        cast.GUIDE.model_copy(update={"kind": "done"}), cast.STEADY, cast.WEEK, cast.STARTS
    )
    assert read(GERMAN, guide, typed) == Entry(value, note)
