"""What is said: a card is a title, blocks and buttons, and holds no markup of any platform."""

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.chat.who import Actor


class Words(Struct, frozen=True, tag="words", omit_defaults=True):
    """A run of text, shown as exactly these characters."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


class Mention(Struct, frozen=True, tag="mention", omit_defaults=True):
    """A person who is meant and, where `actors` has an account of this platform, told."""

    name: str
    actors: tuple[Actor, ...] = ()


class Link(Struct, frozen=True, tag="link"):
    """A link written by us, never by what somebody typed."""

    text: str
    url: str


Span: TypeAlias = Words | Mention | Link
Spans: TypeAlias = tuple[Span, ...]
Tone: TypeAlias = Literal["neutral", "good", "warn", "bad"]


class Text(Struct, frozen=True, tag="text", omit_defaults=True):
    """A paragraph; a newline in it is a line break."""

    spans: Spans
    style: Literal["plain", "heading", "quiet", "quote"] = "plain"


class Bullets(Struct, frozen=True, tag="bullets"):
    """A list of short lines."""

    items: tuple[Spans, ...]


class Fact(Struct, frozen=True):
    """One label and its value."""

    label: str
    value: Spans


class Facts(Struct, frozen=True, tag="facts"):
    """Labels and values, to be read at a glance."""

    facts: tuple[Fact, ...]


class Meter(Struct, frozen=True, tag="meter", omit_defaults=True):
    """How far something has come: shares of 1, with the words that say the same.

    `value` is None while nothing is known, `expected` None where no pace is expected.
    `text` is complete on its own: colour and length only repeat it.
    """

    label: str
    text: str
    value: float | None = None
    expected: float | None = None
    tone: Tone = "neutral"


class Series(Struct, frozen=True, omit_defaults=True):
    """One line or one set of bars: a point for every label of the chart, None where unknown."""

    name: str
    points: tuple[float | None, ...]
    dashed: bool = False


class Chart(Struct, frozen=True, tag="chart", omit_defaults=True):
    """A line or bar chart; `text` says in words what it shows."""

    kind: Literal["line", "bar"]
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    text: str
    percent: bool = False


class Column(Struct, frozen=True, omit_defaults=True):
    """A column's heading; numbers stand at the end of the cell."""

    title: str
    number: bool = False


class Table(Struct, frozen=True, tag="table"):
    """Rows of cells under headings."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Spans, ...], ...]


class Divider(Struct, frozen=True, tag="divider"):
    """A line between two parts."""


class Button(Struct, frozen=True, omit_defaults=True):
    """A button carries its whole meaning in `action` ("checkin:open:42"), never a session.

    `opens_form` must be known while drawing (Teams). `about` names what it is for where several
    buttons read alike, for people who cannot see what stands beside it. With `url` it leads there
    and tells the bot nothing.
    """

    label: str
    action: str
    style: Literal["plain", "primary", "danger"] = "plain"
    opens_form: bool = False
    about: str = ""
    confirm: str = ""
    url: str = ""


class Buttons(Struct, frozen=True, tag="buttons"):
    """Buttons that belong to the block above them."""

    buttons: tuple[Button, ...]


Block: TypeAlias = Text | Bullets | Facts | Meter | Chart | Table | Divider | Buttons


class File(Struct, frozen=True):
    """Something to download: what its button says, and the name by which the stage hands it out."""

    label: str
    name: str


class Card(Struct, frozen=True, omit_defaults=True):
    """One message: its title, its blocks, and the buttons at its foot.

    `files` stand only on cards for a platform whose reader can fetch them where the card is.
    `locale` is for the few words that a platform adds by itself ("continued below").
    """

    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    locale: str = "en"
    files: tuple[File, ...] = ()
