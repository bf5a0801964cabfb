"""Spans → elements. What people type is in runs of rich text alone, where no markup is read.

Teams' clients do not agree on how to escape Markdown, so nothing is ever escaped: a text block,
in which markup means something, holds only what is harmless in it. People can be told in text
blocks only; where what is beside them is not harmless, they are told on a line of their own.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from msgspec.structs import replace

from adapters.teams import plain
from adapters.teams.limits import PIECE, Json, leads, weight
from adapters.teams.mentions import account, told_as
from adapters.teams.parts import Piece
from adapters.teams.pen import Pen
from bot.chat.cards import Link, Mention, Span, Spans, Words

NOTHING = "–"
"""What stands where nothing was said."""
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows them."""
MEANS = re.compile(
    r"[*_`~\[\]<>\\#|\n\r@{}^=$]"  # styles, links, names, functions
    r"|&[#\w]|://|(?i:www\.|mailto:|tel:)|\w\.[^\W\d]"  # entities and addresses
    r"|^\s|\s$|\s\s|^\s*(?:[-+]|\d+[.)])(?:\s|$)|^[-+]{2}"  # lists, lines, blanks
)
"""What could mean something in Markdown, in any of its dialects."""
RUN, LINE = 300, 400
"""Bytes that each run and each line take beside their text."""
QUIET: Json = {"isSubtle": True, "size": "Small"}


def is_harmless(text: str) -> bool:
    """Whether a text shows as exactly its characters even where Markdown is read."""
    return not (MEANS.search(text) or TURNS.search(text))


def ended(text: str) -> str:
    """The text; a turn of the writing direction in it ends where it ends."""
    return f"\u2068{text}\u2069" if TURNS.search(text) else text


def bold(spans: Spans) -> Spans:
    """The run, louder."""
    return tuple(replace(span, bold=True) if isinstance(span, Words) else span for span in spans)


def pieces(spans: Spans, pen: Pen, *, dot: str = "", **style: Any) -> Iterator[Piece]:
    """A paragraph, in as many pieces as its length takes; none where nothing is said."""
    for part in split(spans) if plain.said(spans).strip() else ():
        yield piece(part, pen, dot=dot, **style)
        dot = ""


def bullets(items: Iterable[Spans], pen: Pen) -> list[Piece]:
    """Short lines close below each other, with a dot before each."""
    return [part for item in items for part in pieces(item, pen, dot="• ", spacing="Small")]


def piece(spans: Spans, pen: Pen, *, dot: str = "", spacing: str = "", **style: Any) -> Piece:
    """A paragraph in one piece: an element for each of its lines, `spacing` above the first."""
    elements: list[Json] = []
    told: list[Json] = []
    for line in _lines(spans):
        drawn = list(_line((Words(dot), *line) if dot and not elements else line, pen, told, style))
        if apart := "None" if elements else spacing:
            drawn[0]["spacing"] = apart
        elements += drawn
    return Piece(tuple(elements), f"{dot}{plain.said(spans)}", tuple(told))


def rich(spans: Spans, **style: Any) -> Json:
    """One line as rich text, telling nobody."""
    runs = [run for span in _merged(spans) for run in _runs(span, style)]
    return {"type": "RichTextBlock", "inlines": runs or [_run(NOTHING, style)]}


def quiet(text: str) -> Piece:
    """A small grey line."""
    return Piece((rich((Words(text),), **QUIET),), text)


def split(spans: Spans, most: int = PIECE) -> list[Spans]:
    """The run in parts that weigh no more than `most`; nothing is lost."""
    parts: list[list[Span]] = [[]]
    room = most
    for span in spans:
        for part in _cut(span, room, most):
            heavy = _weight(plain.said((part,))) + RUN
            if heavy > room and parts[-1]:
                parts.append([])
                room = most
            parts[-1].append(part)
            room -= heavy
    return [tuple(part) for part in parts]


def _cut(span: Span, room: int, most: int) -> Iterator[Span]:
    """A long run of words in shorter ones, cut after a blank where there is one."""
    while isinstance(span, Words) and _weight(span.text) + RUN > room:
        end = _fitting(span.text, room - RUN)
        blank = max(span.text.rfind(" ", 0, end), span.text.rfind("\n", 0, end)) + 1
        end = blank if blank > end // 2 or room < most else max(end, 1)
        room = most
        if end:
            yield replace(span, text=span.text[:end])
            span = replace(span, text=span.text[end:])
    yield span


def _weight(text: str) -> int:
    """What a text takes once it is drawn, an element for each of its lines."""
    return weight(text) + LINE * text.count("\n")


def _fitting(text: str, room: int) -> int:
    """How many signs weigh no more than this."""
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if _weight(text[:middle]) <= room else (least, middle - 1)
    return least


def _merged(spans: Spans) -> list[Span]:
    """The run without what says nothing, words of one style as one."""
    merged: list[Span] = []
    for span in spans:
        last = merged[-1] if merged else None
        if (
            isinstance(span, Words)
            and isinstance(last, Words)
            and span == replace(last, text=span.text)
        ):
            merged[-1] = replace(last, text=last.text + span.text)
        elif plain.said((span,)):
            merged.append(span)
    return merged


def _lines(spans: Spans) -> list[Spans]:
    """The run at its line breaks; of empty lines one is kept."""
    lines: list[list[Span]] = [[]]
    for span in spans:
        texts = span.text.split("\n") if isinstance(span, Words) else []
        if not isinstance(span, Words):
            lines[-1].append(span)
        for number, text in enumerate(texts):
            if number:
                lines.append([])
            lines[-1].append(replace(span, text=text))
    return [tuple(line) for line in lines if plain.said(tuple(line)).strip()] or [()]


def _line(line: Spans, pen: Pen, told: list[Json], style: Json) -> Iterator[Json]:
    """One line; people whom it means are told in it, or else right below it."""
    people = [span for span in line if isinstance(span, Mention) and account(span, pen)]
    names = [told_as(span, pen, told) for span in people]
    if people and len(people) < len(line) + 1 and _can_tell(line, people):
        yield _text("".join(_inline(span, people, names) for span in line), style)
        return
    yield rich(line, **style)
    if names:
        yield {**_text(" ".join(dict.fromkeys(names)), QUIET), "spacing": "None"}


def _can_tell(line: Spans, people: list[Mention]) -> bool:
    """Whether all that stands beside the people is harmless in a text block."""
    rest = [span for span in line if span not in people]
    plainly = all(
        isinstance(span, Mention)
        or (isinstance(span, Words) and not (span.bold or span.italic or span.code))
        for span in rest
    )
    said = "".join("x" if span in people else plain.said((span,)) for span in line)
    return plainly and is_harmless(said.strip())


def _inline(span: Span, people: list[Mention], names: list[str]) -> str:
    return names[people.index(span)] if span in people else plain.said((span,))


def _text(text: str, style: Json) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True, **style}


def _runs(span: Span, style: Json) -> Iterator[Json]:
    match span:
        case Words():
            own: Json = dict(style)
            if span.bold:
                own["weight"] = "Bolder"
            if span.italic:
                own["italic"] = True
            if span.code:
                own["fontType"] = "Monospace"
            yield from (_run(text, own) for text in _without_functions(ended(span.text)))
        case Mention():
            name = " ".join(span.name.split()) or NOTHING
            yield _run(ended(name), {**style, "weight": "Bolder"})
        case Link():
            text = ended(span.text if span.text.strip() else span.url or NOTHING)
            link = {"selectAction": {"type": "Action.OpenUrl", "url": span.url}}
            yield _run(text, {**style, **link} if leads(span.url) else style)
        case _:
            assert_never(span)


def _without_functions(text: str) -> list[str]:
    """The text apart at "{{", which begins a function: {{DATE(…)}} would be read as a day."""
    first, *rest = text.split("{{")
    parts = [first, *(part for each in rest for part in ("{", "{" + each))]
    return [part for part in parts if part]


def _run(text: str, style: Json) -> Json:
    return {"type": "TextRun", "text": text, **style}
