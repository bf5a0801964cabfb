"""Cards, forms and charts as HTML."""

import re

import pytest
from msgspec import structs

from adapters.web import cards, forms
from adapters.web.charts import chart
from adapters.web.meters import meter
from adapters.web.scale import figure
from adapters.web.words import speaking
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Fact,
    Facts,
    Link,
    Meter,
    Series,
    Text,
    Words,
)
from bot.chat.forms import Choice, Form, Option, Page, Problem
from tests.adapters import examples


def asked(options: int, *, long: bool = False) -> str:
    labels = [f"Number {n}" if long else str(n) for n in range(1, options + 1)]
    choice = Choice(id="c", label="C", options=tuple(Option(label, label) for label in labels))
    return str(forms.render(Form("F", "a:b", (Page("", (choice,)),), "Send")))


@pytest.mark.parametrize(
    ("options", "long", "look"),
    [(10, False, "scale"), (7, True, "chips"), (8, True, "<select"), (12, False, "<select")],
)
def test_a_choice_looks_as_its_options_fit(options: int, long: bool, look: str) -> None:
    assert look in asked(options, long=long)


def test_a_long_form_has_steps_and_a_short_one_none() -> None:
    assert "data-steps" in forms.render(examples.LONG_FORM)
    assert "data-steps" not in forms.render(examples.FORM)
    assert "data-steps" not in forms.render(examples.LONG_FORM, all_pages=True)


def test_a_first_empty_line_is_kept() -> None:
    assert ">\n\nFirst line\nSecond line</textarea>" in forms.render(examples.FORM)


def test_a_problem_of_no_question_stands_at_the_head() -> None:
    html = forms.render(examples.FORM, {}, (Problem("gone", "The cycle is closed."),))
    assert '<p class="problem head">The cycle is closed.</p>' in html


def test_a_meter_says_what_it_shows() -> None:
    html = meter(Meter("Churn", "41%, behind", 0.41, 0.54, "warn"))
    assert 'role="meter"' in html
    assert 'aria-valuenow="41"' in html
    assert 'aria-valuetext="41%, behind"' in html
    assert 'x1="54.0%"' in html


@pytest.mark.parametrize(("value", "width"), [(-0.5, "0.0%"), (1.7, "100.0%")])
def test_a_meter_stays_in_its_frame(value: float, width: str) -> None:
    assert f'<rect class="bar" width="{width}"' in meter(Meter("x", "y", value))


def test_a_line_has_gaps_a_dash_a_legend_and_a_last_label() -> None:
    html = chart(examples.LINE)
    growth = re.search(r'<path class="line" d="([^"]+)"', html)
    assert growth
    assert growth[1].count("M") == 2
    assert "dashed" in html
    assert ">41%</text>" in html
    assert "<desc>Growth is at 41% in week 7; the pace expects 54%.</desc>" in html
    assert "Expected pace</li>" in html


@pytest.mark.parametrize(
    "points",
    [(), (None,), (0.0,), (5.0, 5.0), (-3.0, 4.0), (1e12, 2e12), (1e-9, 2e-9), (100.0, 101.0)],
)
@pytest.mark.parametrize("kind", ["line", "bar"])
def test_any_points_can_be_drawn(points: tuple[float | None, ...], kind: str) -> None:
    labels = tuple(str(n) for n in range(len(points)))
    html = chart(
        Chart("line" if kind == "line" else "bar", "T", labels, (Series("S", points),), "x")
    )
    assert "nan" not in html
    assert "inf" not in html.replace("infinite", "")
    assert "<figcaption>T" in html


def test_figures_are_short() -> None:
    shown = [figure(value, False) for value in (950, 12_500, 3_000_000, 2.5e9, 0.25, -20_000)]
    assert shown == ["950", "12.5k", "3M", "2.5bn", "0.25", "-20k"]
    assert figure(0.625, True) == "62%"
    with speaking("de_DE"):
        shown = [figure(value, False) for value in (8.8, 12_500, 3_000_000, 2.5e9)]
        assert shown == ["8,8", "12,5k", "3Mio", "2,5Mrd"]
        assert figure(0.625, True) == "62\u00a0%"


def test_a_german_form_and_chart_are_german_all_through() -> None:
    html = forms.render(structs.replace(examples.LONG_FORM, locale="de"))
    assert all(f">{word}<" in html for word in ("Abbrechen", "Zurück", "Weiter"))
    assert not any(f">{word}<" in html for word in ("Cancel", "Back", "Next", "Clear"))
    readings = Chart("line", "T", ("a", "b"), (Series("S", (8.2, 8.8)),), "x")
    assert ">8,8</text>" in cards.render(Card("", (readings,), locale="de"))
    assert ">8.8</text>" in cards.render(Card("", (readings,)))


def test_long_facts_have_a_line_each() -> None:
    short = Facts((Fact("Owner", (Words("Alice"),)), Fact("Due", (Words("Fri 22 Jan"),))))
    long = Facts((*short.facts, Fact("Calendar", (Words("Check-in Thursday 10:00, " * 3),))))
    assert '<dl class="facts">' in cards.block(short)
    assert '<dl class="facts long">' in cards.block(long)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil", " javascript:x"]
)
def test_a_link_leads_nowhere_unsafe(url: str) -> None:
    card = Card("x", (Text((Link("there", url),)), Buttons((Button("go", "", url=url),))))
    assert "href" not in cards.render(card)


def test_turned_text_ends_where_it_ends() -> None:
    html = cards.render(Card("", (Text((Words("\u202eevil"), Words("good"))),)))
    assert "<bdi>\u202eevil</bdi>good" in html


def test_a_button_says_what_it_is_about() -> None:
    html = cards.render(Card("", (examples.BLOCKS["buttons"],)))
    assert 'aria-label="Update: Churn"' in html
    assert 'aria-haspopup="dialog"' in html
    assert 'data-confirm="Really give it up?"' in html
