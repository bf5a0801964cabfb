"""The empty, the long and the many, for every platform's tests."""

from bot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Fact,
    Facts,
    Meter,
    Series,
    Table,
    Text,
)
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
    Question,
    ShortText,
    Somebody,
)
from tests.adapters.examples import CONFIDENCE, LINE, STATUS, say


def long(name: str, signs: int) -> str:
    """So many signs in words of their own, so that a cut anywhere is noticed."""
    words = " ".join(f"{name}{number}" for number in range(signs))
    return words[: signs - 1].rstrip().ljust(signs - 1, ".") + "!"


EMPTY: dict[str, Card] = {
    "nothing": Card(""),
    "a title alone": Card("Title"),
    "no title": Card("", (Text(say("Words.")),)),
    "empty text": Card("Title", (Text(()), Text(say("")), Text(say("\n")))),
    "empty styles": Card("Title", (Text((), "heading"), Text((), "quiet"), Text((), "quote"))),
    "no bullets": Card("Title", (Bullets(()), Bullets(((), say(""))))),
    "no facts": Card("Title", (Facts(()), Facts((Fact("", ()),)))),
    "no rows": Card("Title", (Table("Caption", (Column("One"),), ()),)),
    "no columns": Card("Title", (Table("Caption", (), ()),)),
    "uneven rows": Card(
        "Title", (Table("", (Column(""), Column("B")), ((), (say("a"),), (say("a"),) * 2)),)
    ),
    "no points": Card("Title", (Chart("bar", "Chart", ("W1",), (Series("S", (None,)),), "None."),)),
    "one point": Card("Title", (Chart("line", "Chart", ("W1",), (Series("S", (0.5,)),), "Half."),)),
    "no words": Card("Title", (Chart("line", "", ("",), (Series("", (0.5,)),), ""), Meter("", ""))),
    "no buttons": Card("Title", (Buttons(()),)),
}

CHECK_IN: tuple[Block, ...] = tuple(
    block
    for number in range(60)
    for block in (
        Meter(long(f"goal{number}x", 200), f"{number}%, on pace", number / 60, 0.5),
        Text(say(f"Last time: confidence {number}."), "quiet"),
        Buttons((Button("No change", f"checkin:same:{number}", about=f"Goal {number}"),)),
    )
)
LARGE: dict[str, Card] = {
    "200 blocks": Card("Title", tuple(Text(say(f"Paragraph {n}.")) for n in range(200))),
    "60 key results": Card("Title", CHECK_IN, (Button("Check in", "checkin:open:1", "primary"),)),
    "300 rows of 12": Card(
        "Title",
        (
            Table(
                "Caption",
                tuple(Column(f"Column {n}", number=n > 0) for n in range(12)),
                tuple(tuple(say(f"r{row}c{n}") for n in range(12)) for row in range(300)),
            ),
        ),
    ),
    "9 tables": Card(
        "Title", tuple(Table(f"Table {n}", (Column("A"),), ((say(f"t{n}"),),)) for n in range(9))
    ),
    "long cells": Card(
        "Title",
        (Table("Caption", (Column("A"), Column("B")), ((say(long("a", 3000)), say("b")),) * 8),),
    ),
    "a long name everywhere": Card(
        long("title", 200),
        (
            Text(say(long("heading", 200)), "heading"),
            Facts((Fact(long("label", 200), say(long("fact", 200))),)),
            Meter(long("meter", 200), long("says", 200), 0.5),
            Chart("line", long("chart", 200), LINE.labels, LINE.series, long("told", 300)),
            Table(long("caption", 200), (Column(long("column", 200)),), ((say("x"),),)),
        ),
    ),
    "long texts": Card(
        "Title",
        tuple(
            Text(say(long(f"{style}x", 3000)), style)
            for style in ("plain", "heading", "quiet", "quote")
        ),
    ),
    "a text beyond all": Card("Title", (Text(say(long("word", 12_000))),)),
    "90 bullets": Card("Title", (Bullets(tuple(say(long(f"b{n}x", 200)) for n in range(90))),)),
    "40 facts": Card("Title", (Facts(tuple(Fact(f"F{n}", say(f"v{n}.")) for n in range(40))),)),
    "40 buttons": Card(
        "Title",
        (Buttons(tuple(Button(f"Block {n}", f"b:{n}") for n in range(40))),),
        tuple(Button(f"Foot {n}", f"f:{n}", confirm=f"Sure {n}?") for n in range(40)),
    ),
    "long buttons": Card(
        "Title",
        (),
        (Button(long("label", 120), f"a:{'x' * 380}", about=long("about", 200), confirm="Sure?"),),
    ),
    "a long question first": Card("Title", (), (Button("Go", "a:b", confirm=long("sure", 400)),)),
    "9 charts of 30 points": Card(
        "Title",
        tuple(
            Chart(
                "bar",
                f"Chart {n}",
                tuple(f"The {week}th week of the year" for week in range(30)),
                tuple(Series(f"Series {s}", (0.5, None, 0.7) * 10) for s in range(9)),
                f"Says {n}.",
            )
            for n in range(9)
        ),
    ),
}


def one(question: Question) -> Form:
    """A form of one question."""
    return Form("Title", "a:b", (Page("", (question,)),), "Send")


def options(count: int, length: int = 12) -> tuple[Option, ...]:
    """So many options with labels of this length."""
    return tuple(Option(f"o{n}", long(f"L{n}x", length)) for n in range(count))


HINT = long("hint", 1000)
PEOPLE = tuple(Somebody(str(n), long(f"P{n}x", 200)) for n in range(100))
FORMS: dict[str, Form] = {
    "no pages": Form("Title", "a:b", (), "Send"),
    "no questions": Form("Title", "a:b", (Page("Page", (), (Text(say("Words.")),)),), "Send"),
    "no option": one(Choice(id="q", label="Label", options=())),
    "no options": one(Choices(id="q", label="Label", options=())),
    "one option": one(Choice(id="q", label="Label", options=options(1), value="o0")),
    "one of one": one(Choices(id="q", label="Label", options=options(1), value=("o0",))),
    "100 options": one(Choice(id="q", label="Label", options=options(100), value="o99")),
    "any of 100": one(Choices(id="q", label="Label", options=options(100), value=("o0", "o99"))),
    "long options": one(Choice(id="q", label="Label", options=options(5, 120))),
    "more long options": one(Choice(id="q", label="Label", options=options(9, 120))),
    "any of long options": one(Choices(id="q", label="Label", options=options(12, 120))),
    "an option that is gone": one(Choice(id="q", label="L", options=options(3), value="gone")),
    "options that are gone": one(Choices(id="q", label="L", options=options(3), value=("gone",))),
    "nobody to choose": one(Person(id="q", label="Label")),
    "100 people": one(Person(id="q", label="Label", people=PEOPLE, value="99")),
    "no day": one(Day(id="q", label="Label")),
    "a day that is none": one(Day(id="q", label="Label", value="soon")),
    "long labels": Form(
        long("title", 200),
        "a:b",
        (
            Page(
                long("page", 200),
                (
                    *(
                        kind(id=kind.__name__, label=long(kind.__name__, 300), hint=HINT)
                        for kind in (Number, ShortText, LongText, Day, Person)
                    ),
                    Choice(id="c", label=long("choice", 300), options=STATUS, hint=HINT),
                    Choices(id="m", label=long("more", 300), options=STATUS, hint=HINT),
                ),
            ),
        ),
        long("submit", 60),
    ),
    "long values": Form(
        "Title",
        f"a:{'x' * 380}",
        (
            Page(
                "",
                (
                    Number(id="n", label="Number", value=long("9", 150)),
                    ShortText(id="s", label="Short", value=long("short", 200)),
                    LongText(id="l", label="Long", value=long("long", 3000)),
                ),
            ),
        ),
        "Send",
    ),
    "180 questions": Form(
        "Check-in",
        "checkin:answer:1:5",
        tuple(
            Page(
                long(f"goal{n}x", 200),
                (
                    Number(id=f"v{n}", label=f"Value {n}", value=str(n), hint=f"Last {n}."),
                    Choice(id=f"c{n}", label=f"Confidence {n}", options=CONFIDENCE, value="7"),
                    ShortText(id=f"t{n}", label=f"Note {n}", longest=500),
                ),
                (Meter(f"Goal {n}", f"{n}%, on pace", 0.5),),
            )
            for n in range(60)
        ),
        "Send",
    ),
    "one page of 180": Form(
        "Title",
        "a:b",
        (Page("Page", tuple(ShortText(id=f"q{n}", label=f"Label {n}") for n in range(180))),),
        "Send",
    ),
}
