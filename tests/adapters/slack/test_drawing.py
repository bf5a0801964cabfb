"""Cards as Block Kit: what Slack takes, what a reader sees, and that nothing gets lost."""

import json
from typing import Any

import pytest

from adapters.slack import plain
from adapters.slack.home import home
from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Divider,
    Fact,
    Facts,
    Link,
    Mention,
    Meter,
    Series,
    Table,
    Text,
    Words,
)
from bot.chat.who import Actor
from bot.flows import flows
from bot.texts import Voice
from tests.adapters import examples
from tests.adapters.examples import say
from tests.adapters.slack import judges, shown

NAME = "Grow the number of clinics that book every week, " * 4
NAME = NAME[:200]
Json = dict[str, Any]


def faults(card: Card) -> list[str]:
    """What the judges have against a card, with Slack's own charts and tables and without."""
    drawn = shown.messages(card)
    native = {"table", "data_visualization"} & {b["type"] for part in drawn for b in part.blocks}
    as_text = shown.messages(card, native=False) if native else []
    return [
        fault for part in (*drawn, *as_text) for fault in judges.of_message(part.blocks, part.text)
    ]


def read(card: Card, **how: Any) -> str:
    """What a screen reader reads of all its messages."""
    return "\n".join(plain.unescape(part.text) for part in shown.messages(card, **how))


def kinds(card: Card, **how: Any) -> list[str]:
    return [block["type"] for part in shown.messages(card, **how) for block in part.blocks]


def only(block: Block, **how: Any) -> list[Json]:
    """The blocks that one block is drawn with."""
    return shown.messages(Card("", (block,)), **how)[0].blocks


def buttons(blocks: list[Json]) -> list[Json]:
    return [each for block in blocks if block["type"] == "actions" for each in block["elements"]]


@pytest.mark.parametrize("name", sorted(flows()))
@pytest.mark.parametrize("locale", ["en", "de-DE"])
def test_slack_takes_every_example_of_every_flow(name: str, locale: str) -> None:
    for example in flows()[name].examples(Voice(locale, "Europe/Berlin")):
        if isinstance(example.shown, Card):
            assert faults(example.shown) == [], example.name
            if name == "home":
                assert judges.of_home(home(example.shown)) == [], example.name


@pytest.mark.parametrize("name", examples.BLOCKS)
def test_slack_takes_every_block(name: str) -> None:
    card = Card("Title", (examples.BLOCKS[name],))
    assert faults(card) == []
    assert judges.of_home(home(card)) == []


@pytest.mark.parametrize("typed", examples.TYPED)
def test_what_people_type_is_only_itself(typed: str) -> None:
    card = examples.typed_everywhere(typed)
    assert faults(card) == []
    assert shown.inert(shown.drawn(card), typed)
    assert judges.of_home(home(card)) == []


def test_text_says_all_that_the_blocks_show() -> None:
    text = read(examples.CARD)
    assert text.startswith("Your check-in\nplain, bold, italic, code, Alice Berg and a link (")
    for said in ("• Ship the importer", "Now: 1,240", "Sign-ups: 130%", "Growth is at 41%",
                 "Churn below 3% · Now: 3.6% · Confidence: 4", "[Update] [Give up]",
                 "[No change]"):  # fmt: skip
        assert said in text


def test_text_cannot_ping() -> None:
    (drawn,) = shown.messages(Card("<!channel> & <@U123>", (Text(say("@everyone <b>")),)))
    assert drawn.text == "&lt;!channel&gt; &amp; &lt;@U123&gt;\n@everyone &lt;b&gt;"


def test_a_card_of_nothing_is_still_a_message() -> None:
    assert read(Card("")) == "–"
    assert faults(Card("", (Text(()), Buttons(())))) == []


# People and links


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        (Actor("slack", "T1", "U0123ABC"), True),
        (Actor("slack", "T2", "U0123ABC"), False),
        (Actor("teams", "T1", "U0123ABC"), False),
        (Actor("slack", "T1", "!channel"), False),
    ],
)
def test_only_people_meant_here_are_told(actor: Actor, told: bool) -> None:
    mention = Mention("Alice Berg", (actor,))
    (block,) = only(Text((Words("Ask "), mention)))
    person = block["elements"][0]["elements"][1]
    assert (person == {"type": "user", "user_id": "U0123ABC"}) is told
    assert told or person == {"type": "text", "text": "Alice Berg", "style": {"bold": True}}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/why?a", "mailto:x", "https://", "//evil"])
def test_a_link_leads_nowhere_unsafe(url: str) -> None:
    card = Card("x", (Text((Link("there", url),)), Buttons((Button("go", "", url=url),))))
    sent = shown.drawn(card)
    assert '"url"' not in sent
    assert "there" in sent
    assert "go" in sent
    assert faults(card) == []


# Blocks


def test_a_meter_is_a_bar_with_a_tick_and_words() -> None:
    (block,) = only(Meter("Churn", "41%, behind", 0.41, 0.54, "warn"))
    words = "".join(part["text"] for part in block["elements"][0]["elements"])
    assert words == "Churn  🟡 41%, behind\n████████░░░┃░░░░░░░░░"


def test_a_meter_of_nothing_has_no_bar() -> None:
    assert "░" not in json.dumps(only(Meter("Churn", "no figure yet")), ensure_ascii=False)


def test_quiet_text_with_a_link_keeps_it() -> None:
    assert only(Text(say("small"), "quiet"))[0]["type"] == "context"
    (block,) = only(Text((Words("see "), Link("why", "https://example.org")), "quiet"))
    assert block["elements"][0]["elements"][1]["url"] == "https://example.org"


def test_turned_text_ends_where_it_ends() -> None:
    (block,) = only(Text((Words("\u202eevil"), Words("good"))))
    assert [each["text"] for each in block["elements"][0]["elements"]] == [
        "\u2068\u202eevil\u2069",
        "good",
    ]


# Buttons


def test_buttons_carry_their_meaning_and_are_told_apart() -> None:
    drawn = buttons(shown.messages(examples.CARD)[0].blocks)
    assert [each.get("value") for each in drawn] == [
        "checkin:open:42", "kr:drop:42", None, "checkin:same",
    ]  # fmt: skip
    assert [each["action_id"] for each in drawn] == ["form-1", "do-2", "link-3", "do-4"]
    assert drawn[0]["accessibility_label"] == "Update: Churn"
    assert drawn[1]["confirm"]["text"]["text"] == "Really give it up?"
    assert drawn[1]["confirm"]["deny"]["text"] == "Cancel"
    assert drawn[2]["url"] == "https://example.org/help"


def test_a_question_is_answered_in_the_readers_language() -> None:
    card = Card("", (), (Button("Aufgeben", "a:b", confirm="Wirklich?"),))
    (drawn,) = buttons(shown.messages(card, locale="de-DE")[0].blocks)
    assert drawn["confirm"]["deny"]["text"] == "Abbrechen"


def test_a_long_label_stands_in_full_above_its_button() -> None:
    card = Card("", (), (Button(NAME, "a:b", confirm=NAME * 2),))
    assert faults(card) == []
    assert NAME in read(card)
    assert NAME * 2 in read(card)


def test_a_meaning_that_slack_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="too long for Slack: a:xxx"):
        shown.messages(Card("", (), (Button("Go", "a:" + "x" * 2000),)))


def test_sixty_buttons_stand_in_rows() -> None:
    card = Card("Whom?", (), tuple(Button(f"Person {n}", f"p:{n}") for n in range(60)))
    assert faults(card) == []
    assert kinds(card).count("actions") == 3


# Charts


def chart_of(*series: Series, labels: int = 13, kind: Any = "line", title: str = "Pace") -> Chart:
    names = tuple(f"W{week}" for week in range(1, labels + 1))
    return Chart(kind, title, names, series, "Growth is at 41%.", percent=True)


def drawing(chart: Chart) -> Json | None:
    found = [block for block in only(chart) if block["type"] == "data_visualization"]
    assert faults(Card("", (chart,))) == []
    return found[0]["chart"] if found else None


def test_a_chart_ends_where_nothing_is_known_yet() -> None:
    pace = Series("Pace", tuple(week / 13 for week in range(1, 14)), dashed=True)
    drawn = drawing(chart_of(Series("Growth", (0.1, 0.2, 0.3)), pace))
    assert drawn is not None
    assert drawn["axis_config"] == {"categories": ["W1", "W2", "W3"], "y_label": "%"}
    assert [point["value"] for point in drawn["series"][1]["data"]] == [7.7, 15.4, 23.1]


def test_a_gap_is_left_out_and_said() -> None:
    drawn = drawing(examples.LINE)
    assert drawn is not None
    assert drawn["axis_config"]["categories"] == ["W1", "W2", "W3", "W5", "W6", "W7"]
    said = read(Card("", (examples.LINE,)))
    assert (
        "Not in the chart, as something is unknown there:\nW4: Growth – · Expected pace 31%" in said
    )


def test_a_chart_begins_where_a_pace_is_expected() -> None:
    pace = Series("Pace", (None, 0.1, 0.2), dashed=True)
    chart = chart_of(Series("Growth", (0.0, 0.1, 0.3)), pace)
    drawn = drawing(chart)
    assert drawn is not None
    assert drawn["axis_config"]["categories"] == ["W2", "W3"]
    assert "Not in the chart" not in read(Card("", (chart,)))


def test_the_newest_value_of_one_line_alone_is_not_lost() -> None:
    chart = chart_of(Series("A", (0.1, 0.2, 0.3, 0.4)), Series("B", (0.1, 0.2, 0.3)), labels=4)
    assert "W4: A 40% · B –" in read(Card("", (chart,)))


@pytest.mark.parametrize(
    "chart",
    [
        chart_of(Series("Growth", (0.5,))),
        chart_of(Series("Growth", (0.5, None, None, None, 0.7))),
        chart_of(Series("Growth", tuple(n / 30 for n in range(30))), labels=30),
        chart_of(*(Series(f"S{n}", (0.1, 0.2, 0.3)) for n in range(7)), labels=3),
        chart_of(Series("Growth", (float("nan"), 0.5, float("inf")))),
        chart_of(Series("Growth", (0.5, 0.6)), title=""),
    ],
    ids=["one point", "mostly gaps", "too long", "too many lines", "no numbers", "no title"],
)
def test_what_cannot_be_drawn_is_said_with_its_values(chart: Chart) -> None:
    assert drawing(chart) is None
    assert "50%" in read(Card("", (chart,))) or "S6: W1 10% · W2 20% · W3 30%" in read(
        Card("", (chart,))
    )


def test_values_are_written_as_the_reader_writes_them() -> None:
    bars = Chart("bar", "Hours", ("W1", "W2"), (Series("A", (1.5, 2.25)),), "Two and a bit.")
    assert "A: W1 1,5 · W2 2,25" in read(Card("", (bars,)), native=False, locale="de")
    line = read(Card("", (chart_of(Series("A", (0.1, 0.2))),)), native=False, locale="de")
    assert "A: W1 10\u00a0% · W2 20\u00a0%" in line


def test_long_names_are_told_apart_and_said_in_full() -> None:
    chart = Chart("bar", NAME, (NAME + "a", NAME + "b"),
                  (Series(NAME + "1", (1, 2)), Series(NAME + "2", (3, 4))), "Two.")  # fmt: skip
    drawn = drawing(chart)
    assert drawn is not None
    assert len({series["name"] for series in drawn["series"]}) == 2
    assert NAME + "1" in read(Card("", (chart,)))


def test_a_chart_of_nothing_is_its_words() -> None:
    card = Card("", (examples.BLOCKS["empty chart"],))
    assert kinds(card) == ["rich_text"]
    assert "There are no figures yet." in read(card)


def test_a_third_chart_is_said() -> None:
    card = Card("", (chart_of(Series("A", (0.1, 0.2))),) * 3)
    assert kinds(card).count("data_visualization") == 2
    assert len(shown.messages(card)) == 1
    assert "A: W1 10% · W2 20%" in read(card)


# Tables


def test_a_table_has_its_caption_and_numbers_to_the_right() -> None:
    head, table = only(examples.TABLE)
    assert head["elements"][0]["elements"][0]["text"] == "Key results of Growth"
    assert table["rows"][0][0] == {"type": "raw_text", "text": "Key result"}
    assert table["column_settings"] == [
        {"is_wrapped": True},
        {"align": "right"},
        {"align": "right"},
    ]


def test_a_table_as_text_names_every_cell() -> None:
    assert "table" not in kinds(Card("", (examples.TABLE,)), native=False)
    assert "• Weekly active teams · Now: 1,240 · Confidence: 7" in read(
        Card("", (examples.TABLE,)), native=False
    )


def test_three_hundred_teams_stand_in_tables_of_pages() -> None:
    rows = tuple((say(f"Team {n}"), say("41%"), say("7")) for n in range(300))
    table = Table("All teams", examples.TABLE.columns, rows)
    card = Card("Company", (table,), (Button("Open", "a:b"),))
    first, *rest = shown.messages(card)
    assert faults(card) == []
    assert buttons(first.blocks)
    assert [kinds(card).count("table")] == [1 + len(rest)]
    text = read(card)
    assert all(f"Team {n} ·" in text for n in range(300))
    assert "All teams (rows 1 to " in first.text
    assert f"Continued in the thread below: part 1 of {1 + len(rest)}." in first.text
    assert rest[0].text.startswith(f"Company: part 2 of {1 + len(rest)}")


def test_a_table_too_wide_for_slack_is_said() -> None:
    columns = tuple(Column(f"C{n}") for n in range(21))
    table = Table("Wide", columns, (tuple(say(str(n)) for n in range(21)),))
    assert kinds(Card("", (table,))) == ["rich_text"] * 3
    assert "C20: 20" in read(Card("", (table,)))


def test_a_second_table_is_said_when_it_is_short() -> None:
    card = Card("", (examples.TABLE, examples.TABLE))
    assert kinds(card).count("table") == 1
    assert len(shown.messages(card)) == 1
    assert faults(card) == []


# What is too long for one message


def key_result(number: int) -> tuple[Block, ...]:
    return (
        Meter(f"{number}: {NAME}", "41%, behind the pace of 54%", 0.41, 0.54, "bad"),
        Text(say("Last said on Friday."), "quiet"),
        Buttons((Button("Update", f"kr:open:{number}", opens_form=True, about=NAME),)),
    )


def test_sixty_key_results_go_on_in_the_thread() -> None:
    blocks = tuple(block for number in range(60) for block in key_result(number))
    card = Card("My key results", blocks, (Button("Answer all", "checkin:open"),))
    first, *rest = shown.messages(card)
    assert faults(card) == []
    assert 3 <= len(rest) <= 6
    assert buttons(first.blocks)[-1]["value"] == "checkin:open"
    for number in range(60):
        (part,) = [part for part in (first, *rest) if f"\n{number}: {NAME}" in part.text]
        assert f"kr:open:{number}" in [b.get("value") for b in buttons(part.blocks)]


def test_a_thread_is_spoken_of_in_the_readers_language() -> None:
    card = Card("Viel", tuple(Divider() for _ in range(120)))
    first, second, _ = shown.messages(card, locale="de")
    assert first.text.endswith("Weiter unten im Thread: Teil 1 von 3.")
    assert second.text == "Viel: Teil 2 von 3"


@pytest.mark.parametrize("sign", ["a", "a ", "&", "🚀", "line\n"])
@pytest.mark.parametrize("style", ["plain", "heading", "quiet", "quote"])
def test_a_long_text_is_shown_whole(sign: str, style: Any) -> None:
    text = sign * (9000 // len(sign))
    card = Card("T", (Text(say(text), style),))
    assert faults(card) == []
    shown_text = "".join(
        each["text"]
        for part in shown.messages(card)
        for block in part.blocks
        for top in block.get("elements", ())
        for each in (top.get("elements") or [top])
        if not each["text"].startswith(("T: part", "Continued"))
    )
    assert shown_text == text


def test_long_lists_are_shown_whole() -> None:
    lines = tuple(say(f"{n}: {NAME}") for n in range(100))
    card = Card(NAME, (Bullets(lines), Facts(tuple(Fact(f"L{n}", say(NAME)) for n in range(50)))))
    assert faults(card) == []
    text = read(card)
    assert all(f"• {n}: {NAME}" in text for n in range(100))
    assert all(f"L{n}: {NAME}" in text for n in range(50))


def test_a_heading_stays_with_what_follows() -> None:
    head: tuple[Block, ...] = (Text(say("Head"), "heading"), Text(say("Body")))
    first, second = shown.messages(Card("T", ((Divider(),) * 47 + head + (Divider(),) * 10)))
    assert "Head" not in first.text
    assert "Head\nBody" in second.text


def test_a_home_that_is_too_long_says_so() -> None:
    blocks = tuple(block for number in range(60) for block in key_result(number))
    view = home(Card("Hello", blocks, (Button("Help", "help:show"),)))
    assert judges.of_home(view) == []
    assert view["blocks"][-1]["elements"][0]["value"] == "help:show"
    assert "There is more than fits here." in json.dumps(view["blocks"][-2])
    assert judges.of_home(home(Card("", ()))) == []


def test_a_home_that_just_fits_is_whole() -> None:
    view = home(Card("Hello", (Divider(),) * 99))
    assert len(view["blocks"]) == 100
    assert "There is more" not in json.dumps(view)
