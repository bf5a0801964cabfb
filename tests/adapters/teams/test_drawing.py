"""Cards as Adaptive Cards."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.teams import cards, plain
from adapters.teams.cards import Drawn
from bot.chat.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Fact,
    Facts,
    Link,
    Mention,
    Meter,
    Series,
    Spans,
    Table,
    Text,
    Words,
)
from bot.chat.who import Actor
from tests.adapters import examples, extremes
from tests.adapters.examples import say
from tests.adapters.needed import unread
from tests.adapters.slack.test_anything import LONG, Dice
from tests.adapters.teams import judges
from tests.adapters.teams.looks import TENANT, seen

Json = dict[str, Any]
ALICE = Actor("teams", TENANT, "0a1b2c3d-1111-4222-8333-00000000000a")
BOB = Actor("teams", TENANT, "0a1b2c3d-1111-4222-8333-00000000000b")
ABROAD = Actor("teams", "another-tenant", ALICE.id)


def parts(card: Card, **how: Any) -> list[Drawn]:
    first = cards.draw(card, tenant=TENANT, **how)
    return [first, *first.rest]


def drawn(*blocks: Any, **how: Any) -> Json:
    return cards.draw(Card("", blocks), tenant=TENANT, **how).card


def of_kind(card: Json, kind: str) -> list[Json]:
    return [each for each in judges.elements(card) if each["type"] == kind]


def said(card: Json) -> list[str]:
    return seen([{"card": card}]).split("\n")


def buttons(*row: Button, personal: bool = True) -> list[Json]:
    return list(judges.actions(drawn(Buttons(row), personal=personal)))


# People


def told(*spans: Any) -> tuple[list[str], list[Json]]:
    """The text blocks, in which people are told, and the entities."""
    card = drawn(Text(spans))
    assert judges.of_card(card) == []
    return [each["text"] for each in of_kind(card, "TextBlock")], card["msteams"].get(
        "entities", []
    )


def test_a_person_is_told_where_they_are_named() -> None:
    texts, entities = told(
        Words("Still open: "), Mention("Alice Berg", (ALICE,)), Words(", please.")
    )
    assert texts == ["Still open: <at>Alice Berg</at>, please."]
    assert entities == [
        {
            "type": "mention",
            "text": "<at>Alice Berg</at>",
            "mentioned": {"id": ALICE.id, "name": "Alice Berg"},
        }
    ]
    assert cards.draw(Card("", (Text((Mention("A", (ALICE,)),)),)), tenant=TENANT).entities


def test_a_person_is_told_in_a_list() -> None:
    card = drawn(Bullets(((Mention("Bob", (BOB,)), Words(" can help")),)))
    assert [each["text"] for each in card["body"]] == ["• <at>Bob</at> can help"]
    assert judges.of_card(card) == []


@pytest.mark.parametrize("beside", ["**now**", "<at>Bob</at>", "[x](https://evil.example)", "a.de"])
def test_what_is_typed_beside_a_person_stays_rich_text(beside: str) -> None:
    texts, entities = told(Mention("Alice Berg", (ALICE,)), Words(f": {beside}"))
    assert texts == ["<at>Alice Berg</at>"]
    assert len(entities) == 1


def test_a_person_of_another_tenant_or_platform_is_only_named() -> None:
    elsewhere = (ABROAD, Actor("slack", TENANT, "U1"), Actor("web", "", "alice@example.org"))
    assert told(Mention("Alice Berg", elsewhere), Words(" too")) == ([], [])
    assert said(drawn(Text((Mention("Alice Berg", elsewhere),)))) == ["Alice Berg"]


def test_a_name_is_no_markup() -> None:
    texts, entities = told(Mention("**Al** <at>Bob</at> [x](https://evil.example)", (ALICE,)))
    assert texts == ["<at>Al at Bob at x https evil example</at>"]
    assert entities[0]["mentioned"]["id"] == ALICE.id


def test_two_people_of_one_name_are_both_told() -> None:
    texts, entities = told(Mention("Kim", (ALICE,)), Words(" and "), Mention("Kim", (BOB,)))
    assert texts == ["<at>Kim</at> and <at>Kim 2</at>"]
    assert [entity["mentioned"]["id"] for entity in entities] == [ALICE.id, BOB.id]


def test_nobody_is_told_by_what_is_typed() -> None:
    card = drawn(Text(say("<at>Bob</at>")), Text((Mention("Bob", (BOB,)),)))
    assert "<at>Bob</at>" in said(card)
    assert [text["text"] for text in of_kind(card, "TextBlock")] == ["<at>Bob</at>"]
    assert of_kind(card, "RichTextBlock")[0]["inlines"] == [
        {"type": "TextRun", "text": "<at>Bob</at>"}
    ]


# Text


@pytest.mark.parametrize("typed", ["{{DATE(2026-01-01T00:00:00Z, SHORT)}}", "{{{{TIME(x)}}"])
def test_a_function_is_not_read(typed: str) -> None:
    card = drawn(Text(say(typed)))
    assert said(card) == [typed]
    assert not [run for run in of_kind(card, "RichTextBlock")[0]["inlines"] if "{{" in run["text"]]


def test_lines_stand_below_each_other() -> None:
    card = drawn(Text(say("One\nTwo\n\nThree")))
    assert said(card) == ["One", "Two", "Three"]
    assert [each.get("spacing") for each in card["body"]] == [None, "None", "None"]


def test_a_heading_is_one_for_screen_readers_where_it_is_harmless() -> None:
    card = cards.draw(Card("Week 7"), tenant=TENANT).card
    assert card["body"][0]["style"] == "heading"
    loud = cards.draw(Card("**Week** 7"), tenant=TENANT).card["body"][0]
    assert loud["type"] == "RichTextBlock"
    assert loud["inlines"][0]["weight"] == "Bolder"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example"])
def test_a_link_leads_nowhere_unsafe(url: str) -> None:
    card = Card("x", (Text((Link("there", url),)), Buttons((Button("go", "", url=url),))))
    shown = cards.draw(card, tenant=TENANT)
    assert url not in json.dumps(shown.card)
    assert {"there", "go"} <= set(said(shown.card))


def test_turned_text_ends_where_it_ends() -> None:
    (block,) = drawn(Text((Words("\u202eevil", bold=True), Words("good"))))["body"]
    assert [run["text"] for run in block["inlines"]] == ["\u2068\u202eevil\u2069", "good"]


def test_facts_stand_beside_each_other_where_they_are_harmless() -> None:
    facts = Facts((Fact("Now", say("1.240,5")), Fact("Target", say("2,000"))))
    assert of_kind(drawn(facts), "FactSet")[0]["facts"][0] == {"title": "Now", "value": "1.240,5"}
    hostile = Facts((Fact("Now", say("**1**")),))
    assert of_kind(drawn(hostile), "FactSet") == []
    assert said(drawn(hostile)) == ["Now: **1**"]


def test_a_meter_says_what_its_bar_shows() -> None:
    card = drawn(Meter("Churn", "41%, behind", 0.41, 0.54, "warn"))
    assert said(card) == ["Churn  🟡 41%, behind", "████████░░░┃░░░░░░░░░"]
    assert card["body"][1]["inlines"][0]["color"] == "Warning"
    shown = cards.draw(Card("", (Meter("Churn", "41%, behind", 0.41),)), tenant=TENANT)
    assert shown.text == "Churn: 41%, behind"


@pytest.mark.parametrize(("value", "cells"), [(-0.5, 0), (0.0, 0), (1.0, 20), (1.7, 20)])
def test_a_meter_stays_in_its_frame(value: float, cells: int) -> None:
    assert said(drawn(Meter("x", "y", value)))[1].count("█") == cells


# Buttons


def test_a_button_sends_its_action_from_every_client() -> None:
    (button,) = buttons(Button("No change", "checkin:same", "primary"))
    assert (button["type"], button["verb"]) == ("Action.Execute", "okr")
    assert button["data"] == button["fallback"]["data"] == {"okr": "checkin:same"}
    assert (button["style"], button["fallback"]["type"]) == ("positive", "Action.Submit")


def test_a_form_opens_in_place_for_oneself_and_in_a_dialog_before_others() -> None:
    opens = Button("Update", "checkin:open:42", opens_form=True)
    (alone,), (among,) = buttons(opens), buttons(opens, personal=False)
    assert (alone["type"], alone["data"]["okr"]) == ("Action.Execute", "checkin:open:42")
    assert among["type"] == "Action.Submit"
    assert among["data"]["msteams"] == {"type": "task/fetch"}
    assert among["data"]["okr"] == "checkin:open:42"


def test_a_button_asks_first() -> None:
    card = drawn(Buttons((Button("Give up", "kr:drop", "danger", confirm="Really **all**?"),)))
    asks, does = judges.actions(card)
    assert (asks["type"], asks["style"]) == ("Action.ShowCard", "destructive")
    assert "Really **all**?" in said(card)
    assert (does["title"], does["data"]) == ("Give up", {"okr": "kr:drop"})


def test_six_buttons_stand_in_a_row_and_none_is_lost() -> None:
    card = drawn(Buttons(tuple(Button(str(n), f"a:{n}") for n in range(40))))
    rows = [len(each["actions"]) for each in of_kind(card, "ActionSet")]
    assert (max(rows), sum(rows)) == (6, 40)


def test_wide_buttons_share_no_row() -> None:
    card = drawn(Buttons(tuple(Button(f"{n} {'x' * 40}", f"a:{n}") for n in range(3))))
    assert [len(each["actions"]) for each in of_kind(card, "ActionSet")] == [1, 1, 1]


def test_a_button_says_what_it_is_about_and_a_long_one_all_that_it_says() -> None:
    (button,) = buttons(Button("Update", "a:b", about="Churn"))
    assert button["tooltip"] == "Update: Churn"
    long = extremes.long("label", 120)
    card = drawn(Buttons((Button(long, "a:b"),)))
    assert long in said(card)
    assert len(next(judges.actions(card))["title"]) <= 60


def test_an_action_that_is_too_long_is_an_error() -> None:
    with pytest.raises(ValueError, match="too long for Teams"):
        buttons(Button("x", "a:" + "x" * 3000))


# Charts and tables


def test_a_chart_is_drawn_and_clients_without_charts_show_its_values() -> None:
    card = drawn(examples.LINE)
    (chart,) = of_kind(card, "Chart.Line")
    growth, pace = chart["data"]
    assert (growth["legend"], pace["color"]) == ("Growth", "neutral")
    assert [(p["x"], p["y"]) for p in growth["values"]] == [
        ("W1", 0.0), ("W2", 6.0), ("W3", 11.0), ("W5", 30.0), ("W6", 34.0), ("W7", 41.0),
    ]  # fmt: skip
    assert "Not in the chart, as something is unknown there:" in said(card)
    assert "W4: Growth – · Expected pace 31%" in said(card)
    instead = seen([{"card": {"body": chart["fallback"]["items"]}}])
    assert "Growth: W1 0% · W2 6% · W3 11% · W4 – · W5 30% · W6 34% · W7 41%" in instead
    assert examples.LINE.text in said(card)


def test_bars_are_drawn() -> None:
    (chart,) = of_kind(drawn(examples.BARS), "Chart.VerticalBar.Grouped")
    assert [point["x"] for point in chart["data"][0]["values"]] == ["W1", "W3", "W4"]


def kinds(card: Json) -> set[str]:
    return {each["type"] for each in judges.elements(card)}


def test_without_charts_there_are_words() -> None:
    card = drawn(examples.LINE, examples.TABLE, native=False, locale="de")
    assert kinds(card) == {"RichTextBlock"}
    assert "• Weekly active teams · Now: 1,240 · Confidence: 7" in said(card)


@pytest.mark.parametrize(
    "points", [(), (None,), (0.5,), (float("nan"), 1.0), (None, None, 3.0), (1e12, float("inf"))]
)
def test_a_chart_of_nearly_nothing_is_words(points: tuple[float | None, ...]) -> None:
    labels = tuple(f"W{n}" for n in range(len(points)))
    card = drawn(Chart("line", "Title", labels, (Series("S", points),), "Told."))
    assert kinds(card) == {"RichTextBlock"}
    assert "Told." in said(card)


def test_points_in_words_are_as_their_reader_writes_them() -> None:
    chart = Chart("line", "T", ("W1",), (Series("S", (0.5,)),), "Told.")
    assert "• S: W1 0,5" in said(drawn(chart, locale="de-DE"))


def test_numbers_of_a_table_stand_at_the_right() -> None:
    (table,) = of_kind(drawn(examples.TABLE), "Table")
    sides = [column.get("horizontalCellContentAlignment") for column in table["columns"]]
    assert (sides, table["firstRowAsHeader"]) == ([None, "right", "right"], True)


def test_a_long_table_has_pages() -> None:
    rows = tuple((say(f"r{n}"), say(f"c{n}")) for n in range(70))
    card = drawn(Table("Caption", (Column("A"), Column("B")), rows))
    assert [len(each["rows"]) - 1 for each in of_kind(card, "Table")] == [30, 30, 10]
    assert "Caption (rows 31 to 60 of 70)" in said(card)


def test_people_are_told_in_a_table() -> None:
    shown = cards.draw(
        Card("", (Table("C", (Column("Who"),), (((Mention("Alice Berg", (ALICE,)),),),)),)),
        tenant=TENANT,
    )
    assert judges.of_message(shown.card, shown.text, shown.entities) == []
    assert len(shown.entities) == 1


# Messages


def test_what_does_not_fit_goes_on_in_further_messages() -> None:
    first, *rest = parts(extremes.LARGE["60 key results"])
    of = len(rest) + 1
    assert of > 1
    assert f"Continued below: part 1 of {of}." in first.text
    assert [part.text.split("\n")[0] for part in rest] == [
        f"Title: part {n} of {of}" for n in range(2, of + 1)
    ]
    assert [action["title"] for action in judges.actions(first.card)][-1] == "Check in"
    asked = [a["data"]["okr"] for part in (first, *rest) for a in judges.actions(part.card)]
    assert [each for each in asked if "same" in each] == [f"checkin:same:{n}" for n in range(60)]
    for part in rest:
        assert "checkin:open:1" not in json.dumps(part.card)


def test_no_button_of_many_is_lost_where_the_card_goes_on() -> None:
    foot = tuple(Button(f"Foot {n}", f"f:{'x' * 300}:{n}") for n in range(40))
    card = replace(extremes.LARGE["60 key results"], buttons=foot)
    asked = [a["data"]["okr"] for part in parts(card) for a in judges.actions(part.card)]
    assert [each for each in asked if each.startswith("f:")] == [each.action for each in foot]


def test_it_goes_on_in_the_readers_language() -> None:
    first, second, *_ = parts(extremes.LARGE["60 key results"], locale="de")
    assert first.text.endswith("Weiter unten: Teil 1 von 3.\n[Check in]")
    assert second.text.startswith("Title: Teil 2 von 3")


def test_text_beside_the_card_is_the_whole_card() -> None:
    shown = cards.draw(examples.CARD, tenant=TENANT)
    assert unread(examples.CARD, shown.text) == []
    assert shown.text.endswith(
        "[Update] [Give up] [Read more: https://example.org/help]\n[No change]"
    )


def words_of(spans: Spans) -> str:
    return "".join(plain.said(spans).split())


def lengthy(card: Card) -> Iterator[str]:
    for block in card.blocks:
        if isinstance(block, Text) and len(plain.said(block.spans)) < LONG:
            yield words_of(block.spans)


@pytest.mark.parametrize("seed", range(8))
def test_any_card_is_taken_and_said_whole(seed: int) -> None:
    card = Dice(seed).card()
    shown = parts(card, native=seed % 3 > 0, personal=seed % 2 > 0)
    faults = [f for each in shown for f in judges.of_message(each.card, each.text, each.entities)]
    assert faults == []
    read = "".join("".join(each.text for each in shown).split())
    for text in lengthy(card):
        assert text in read


# The judges


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ({"type": "TextBlock", "text": "**loud**", "wrap": True}, "Markdown"),
        ({"type": "TextBlock", "text": "see evil.example", "wrap": True}, "Markdown"),
        ({"type": "TextBlock", "text": "1. one", "wrap": True}, "Markdown"),
        ({"type": "TextBlock", "text": "a &lt; b", "wrap": True}, "Markdown"),
        ({"type": "TextBlock", "text": "<at>Bob</at>", "wrap": True}, "mentions"),
        ({"type": "TextBlock", "text": "cut", "wrap": False}, "cut or empty"),
        ({"type": "FactSet", "facts": [{"title": "[a](b)", "value": "x"}]}, "Markdown"),
        ({"type": "RichTextBlock", "inlines": []}, "runs: 0"),
        ({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "{{DATE(x)}}"}]}, "run"),
        ({"type": "ActionSet", "actions": [{"type": "Action.Http", "title": "x"}]}, "unknown act"),
        ({"type": "Media", "sources": []}, "unknown element"),
        ({"type": "Container", "items": [], "nonsense": 1}, "schema"),
        ({"type": "Input.Text", "id": "x", "maxLength": 1, "value": "xx"}, "longer than"),
        ({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": 40_000 * "x"}]}, "byte"),
    ],
)  # fmt: skip
def test_a_judge_finds_what_is_wrong(spoil: Json, fault: str) -> None:
    if fault == "schema" and judges.schema() is None:
        pytest.skip("OKR_ADAPTIVE_CARD_SCHEMA names no schema of Adaptive Cards 1.5")
    good = cards.draw(Card("Title"), tenant=TENANT).card
    assert judges.of_card(good) == []
    assert fault in "; ".join(judges.of_card({**good, "body": [*good["body"], spoil]}))


def test_a_judge_finds_a_fallback_that_says_something_else() -> None:
    shown = cards.draw(Card("T", (), (Button("Go", "a:b"),)), tenant=TENANT)
    next(judges.actions(shown.card))["fallback"]["data"] = {"okr": "a:c"}
    assert judges.of_card(shown.card) == ["a fallback that says something else"]


def test_every_message_is_at_most_as_heavy_as_it_may_be() -> None:
    heavy = replace(extremes.LARGE["a text beyond all"], blocks=(Text(say("東京 " * 30_000)),))
    shown = parts(heavy)
    assert len(shown) > 2
    assert [f for each in shown for f in judges.of_message(each.card, each.text, [])] == []
    assert "".join(each.text for each in shown).count("東") == 30_000
