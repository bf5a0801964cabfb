"""Spans → rich text: no markup is read in it, so what people type pings nobody, styles nothing."""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias, assert_never

from msgspec.structs import replace

from adapters.slack.limits import TEXT, leads, short, size
from adapters.slack.plain import escape, said
from bot.chat.cards import Link, Mention, Span, Spans, Words

Json: TypeAlias = dict[str, Any]

PIECE = 2900
QUIET = 1900
ESCAPED = {sign: len(escape(sign)) for sign in "&<>"}
NOTHING = "–"
"""What stands where Slack takes no empty text."""
TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows them."""
ACCOUNT = re.compile(r"[UW][A-Z0-9]{2,30}", re.ASCII)


def plain_text(text: str, most: int = TEXT) -> Json:
    """A text object in which nothing is markup, not even ":smile:"; with "…" if it is too long."""
    shown = ended(short(text, most - 2 if TURNS.search(text) else most))
    return {"type": "plain_text", "text": shown if text.strip() else NOTHING, "emoji": False}


def too_long(text: str, most: int) -> bool:
    """Whether a text object of so many signs has to shorten it."""
    return size(ended(text)) > most


def ended(text: str) -> str:
    """The text; a turn of the writing direction in it ends where it ends."""
    return f"\u2068{text}\u2069" if TURNS.search(text) else text


def section(spans: Spans, workspace: str) -> Json:
    """A paragraph of a rich text."""
    return {"type": "rich_text_section", "elements": elements(spans, workspace)}


def rich_text(*parts: Json) -> Json:
    """A block of paragraphs, lists and quotes."""
    return {"type": "rich_text", "elements": list(parts)}


def paragraph(spans: Spans, workspace: str) -> Json:
    """A block of one paragraph."""
    return rich_text(section(spans, workspace))


def elements(spans: Spans, workspace: str) -> list[Json]:
    """The run as elements of a rich text, never none."""
    drawn = [_element(span, workspace) for span in spans if said((span,))]
    return drawn if said(spans).strip() else [_text(NOTHING)]


def bold(spans: Spans) -> Spans:
    """The run, louder."""
    return tuple(replace(span, bold=True) if isinstance(span, Words) else span for span in spans)


def split(spans: Spans, most: int = PIECE) -> list[Spans]:
    """The run in parts that are not longer than `most` as escaped text; nothing is lost."""
    if weigh(said(spans)) <= most:
        return [spans]
    parts: list[list[Span]] = [[]]
    room = most
    for span in spans:
        for piece in _cut(span, room, most):
            weight = weigh(said((piece,)))
            if weight > room and parts[-1]:
                parts.append([])
                room = most
            parts[-1].append(piece)
            room -= weight
    return [tuple(part) for part in parts]


def weigh(text: str) -> int:
    """How long a text is once it is escaped."""
    return size(escape(text))


def _cut(span: Span, room: int, most: int) -> Iterator[Span]:
    """A long run of words in shorter ones, cut after a blank where there is one."""
    while isinstance(span, Words) and weigh(span.text) > room:
        end = _fitting(span.text, room, must=room == most)
        room = most
        if end:
            yield replace(span, text=span.text[:end])
            span = replace(span, text=span.text[end:])
    yield span


def _fitting(text: str, room: int, *, must: bool) -> int:
    """How many signs fit: up to a blank, or, where something must, in the middle of a word."""
    end, weight = 0, 0
    for sign in text:
        weight += ESCAPED.get(sign, 1 + (sign > "\uffff"))
        if weight > room:
            break
        end += 1
    line, blank = text.rfind("\n", 0, end) + 1, text.rfind(" ", 0, end) + 1
    blank = line if line > end // 2 else max(line, blank)
    if must:
        return blank if blank > end // 2 else max(end, 1)
    return blank


def _element(span: Span, workspace: str) -> Json:
    match span:
        case Words():
            return _text(span.text, bold=span.bold, italic=span.italic, code=span.code)
        case Mention():
            return _mention(span, workspace)
        case Link():
            if not leads(span.url):
                return _text(span.text)
            return {
                "type": "link",
                "url": span.url,
                "text": ended(span.text if span.text.strip() else span.url),
            }
        case _:
            assert_never(span)


def _mention(mention: Mention, workspace: str) -> Json:
    """The account in this workspace, which tells its owner; elsewhere only the name."""
    for actor in mention.actors:
        here = actor.platform == "slack" and actor.workspace == workspace
        if here and ACCOUNT.fullmatch(actor.id):
            return {"type": "user", "user_id": actor.id}
    return _text(mention.name, bold=True)


def _text(text: str, **styles: bool) -> Json:
    style = {name: True for name, is_on in styles.items() if is_on}
    return {"type": "text", "text": ended(text), **({"style": style} if style else {})}
