"""The bot's words: reads `messages/`, and turns each text into spans and blocks.

Writers use Markdown inside Jinja2 macros, one macro per text. A value that is inserted never meets
the Markdown parser: it travels as a token and takes its place afterwards, so whatever people type
arrives as exactly those characters.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeAlias

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from msgspec.structs import replace

from bot import figures
from bot.chat.cards import Block, Bullets, Link, Mention, Span, Spans, Text, Words
from bot.chat.forms import Fault, Problem, Read

FOLDER = str(files("messages"))
LONGEST_KEPT = 60
LONG = 200
ECHOED = 40
SLOT = re.compile("\ue000(\\d+)\ue001")

Given: TypeAlias = tuple[tuple[str, object], ...]


class Voice(NamedTuple):
    """How one reader is spoken to: a locale for words and figures, a zone for times."""

    locale: str = "en"
    zone: str = "UTC"

    def spans(self, name: str, /, **values: object) -> Spans:
        """The text "flow.macro" as one paragraph."""
        return _paragraph(name, self.blocks(name, **values))

    def line(self, name: str, /, **values: object) -> str:
        """The text "flow.macro" without any style: titles, labels, hints."""
        if all(map(_is_short, values.values())):
            return _line(name, *_heard(self, values))
        return plain(self.spans(name, **values))

    def blocks(self, name: str, /, **values: object) -> tuple[Block, ...]:
        """The text "flow.macro" as paragraphs, headings and lists."""
        if all(map(_is_short, values.values())):
            return _kept(name, *_heard(self, values))
        return _said(self, name, tuple(values.items()))

    def text(self, name: str, /, **values: object) -> Text:
        """The text "flow.macro" as one block."""
        return Text(self.spans(name, **values))

    def number(self, value: float, unit: str = "") -> str:
        """A figure with its unit, as this reader writes it."""
        shown = figures.format_number(value, self.locale)
        if unit == "%":
            return figures.with_percent_sign(shown, self.locale)
        return f"{shown}\N{NO-BREAK SPACE}{unit}" if unit else shown

    def percent(self, share: float) -> str:
        """A share of 1 as a percentage."""
        return figures.format_percent(share, self.locale)

    def day(self, day: date, today: date | None = None) -> str:
        """A day, short; with its year where that is not the one of `today`."""
        if today is not None and day.year != today.year:
            return figures.format_dated(day, self.locale)
        return figures.format_day(day, self.locale)

    def time(self, at: datetime) -> str:
        """The time of day where the reader is."""
        return figures.format_time(at, self.zone, self.locale)

    def moment(self, at: datetime) -> str:
        """The day and time where the reader is."""
        return figures.format_moment(at, self.zone, self.locale)

    def problems(self, faults: Sequence[Fault]) -> tuple[Problem, ...]:
        """What is wrong with a form's answers, in this reader's words."""
        return tuple(
            Problem(
                fault.question,
                self.line(
                    f"faults.{fault.kind}",
                    typed=brief(fault.typed, ECHOED),
                    limit=self.number(fault.limit)
                    if isinstance(fault.limit, float | int)
                    else _as_day(self, fault.limit),
                    example=self.number(1234.5),
                ),
            )
            for fault in faults
        )


def _said(voice: Voice, name: str, values: Given) -> tuple[Block, ...]:
    slots: list[object] = []
    token = _speaking.set(_Speech(voice, slots))
    try:
        marked = str(_macro(voice.locale, name)(**dict(values)))
    finally:
        _speaking.reset(token)
    return tuple(_filled(block, slots) for block in _parsed(marked.strip()))


def _paragraph(name: str, blocks: tuple[Block, ...]) -> Spans:
    if len(blocks) > 1 or (blocks and not isinstance(blocks[0], Text)):
        raise ValueError(f"{name} is more than one paragraph")
    return blocks[0].spans if blocks and isinstance(blocks[0], Text) else ()


def _heard(voice: Voice, values: dict[str, object]) -> tuple[str, str, Given, tuple[type, ...]]:
    """What a text depends on: a zone only for moments; types, because 1 and True are equal."""
    types = tuple(map(type, values.values()))
    return voice.locale, voice.zone if datetime in types else "", tuple(values.items()), types


@lru_cache(8192)
def _kept(
    name: str, locale: str, zone: str, values: Given, _: tuple[type, ...]
) -> tuple[Block, ...]:
    """The same labels and hints are said all day."""
    return _said(Voice(locale, zone), name, values)


@lru_cache(8192)
def _line(name: str, locale: str, zone: str, values: Given, _: tuple[type, ...]) -> str:
    return plain(_paragraph(name, _said(Voice(locale, zone), name, values)))


def _is_short(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_KEPT
    return value is None or isinstance(value, int | date)


def _as_day(voice: Voice, limit: str) -> str:
    try:
        return voice.day(date.fromisoformat(limit))
    except ValueError:
        return limit


def brief(text: str, longest: int = LONG) -> str:
    """One paragraph that fits a phone, or a title that fits a sentence.

    Cut at a word, but for one that is as long as the rest.
    """
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    whole = line[:longest].rpartition(" ")[0]
    return f"{whole if len(whole) > longest // 2 else line[: longest - 1]}…"


def languages() -> list[str]:
    """The languages that have a folder under `messages/`."""
    return sorted(p.name for p in files("messages").iterdir() if (p / "faults.j2").is_file())


def sentence(why: str) -> str:
    """A reason as a sentence of its own."""
    stop = "" if why.endswith((".", "!", "?", "…")) else "."
    return f"{why[:1].upper()}{why[1:]}{stop}"


def plain(spans: Spans) -> str:
    """The characters of a text, for labels, notifications and screen readers."""
    return "".join(_characters(span) for span in spans)


def _characters(span: Span) -> str:
    return span.name if isinstance(span, Mention) else span.text


class _Speech(NamedTuple):
    voice: Voice
    slots: list[object]


_speaking: ContextVar[_Speech] = ContextVar("speaking")


@pass_context
def _slot(_: Context, value: object) -> Markup:
    """A value's token; what a macro has written stays as it is."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, float):
        raise TypeError("a float needs a filter that says how to write it: |number or |percent")
    slots = _speaking.get().slots
    slots.append(value)
    return Markup(f"\ue000{len(slots) - 1}\ue001")  # noqa: S704 a token, no markup


def _spoken(method: str) -> Callable[..., object]:
    return lambda *values: getattr(_speaking.get().voice, method)(*values)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(f"{FOLDER}/{language}"),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_slot,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("number", "percent", "day", "time", "moment"):
        environment.filters[name] = _spoken(name)
    return environment


@cache
def language_of(locale: str) -> str:
    """The language in which a reader of this locale is spoken to."""
    language = re.split("[-_]", locale)[0].lower()
    return language if language in languages() else "en"


@cache
def _macro(locale: str, name: str) -> Callable[..., object]:
    file, _, macro = name.partition(".")
    module: Any = _environment(language_of(locale)).get_template(f"{file}.j2").module
    found: Callable[..., object] = getattr(module, macro)
    return found


_markdown = MarkdownIt("commonmark", {"html": False}).disable(["html_inline", "html_block", "code"])


@lru_cache(4096)
def _parsed(marked: str) -> tuple[Block, ...]:
    return tuple(_blocks(iter(_markdown.parse(marked))))


def _blocks(tokens: Iterator[Token]) -> Iterator[Block]:
    style: str = "plain"
    items: list[Spans] = []
    depth = 0
    for token in tokens:
        match token.type:
            case "heading_open":
                style = "heading"
            case "blockquote_open":
                style = "quote"
            case "heading_close" | "blockquote_close":
                style = "plain"
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                if not depth:
                    yield Bullets(tuple(items))
                    items = []
            case "inline":
                spans = tuple(_inline(token.children or []))
                if depth:
                    items.append(spans)
                else:
                    yield Text(spans, style)  # type: ignore[arg-type] # set from the cases above


def _inline(tokens: list[Token]) -> Iterator[Span]:
    bold = italic = False
    url = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold = token.type == "strong_open"
            case "em_open" | "em_close":
                italic = token.type == "em_open"
            case "link_open":
                url = str(token.attrs["href"])
            case "link_close":
                url = ""
            case "softbreak":
                yield Words(" ", bold, italic)
            case "hardbreak":
                yield Words("\n", bold, italic)
            case "code_inline":
                yield Words(token.content, bold, italic, code=True)
            case _ if token.content:
                yield Link(token.content, url) if url else Words(token.content, bold, italic)


def _filled(block: Block, slots: list[object]) -> Block:
    match block:
        case Text(spans=spans):
            return replace(block, spans=_fill(spans, slots))
        case Bullets(items=items):
            return Bullets(tuple(_fill(spans, slots) for spans in items))
        case _:
            raise TypeError(f"a text cannot hold a {type(block).__name__}")


def _fill(spans: Spans, slots: list[object]) -> Spans:
    filled: list[Span] = []
    for span in spans:
        if isinstance(span, Words):
            for piece in _pieces(span, slots):
                last = filled[-1] if filled else None
                if isinstance(last, Words) and isinstance(piece, Words) and _alike(last, piece):
                    filled[-1] = replace(last, text=last.text + piece.text)
                else:
                    filled.append(piece)
        else:
            filled.append(span)
    return tuple(filled)


def _alike(one: Words, other: Words) -> bool:
    return (one.bold, one.italic, one.code) == (other.bold, other.italic, other.code)


def _pieces(span: Words, slots: list[object]) -> Iterator[Span]:
    for number, piece in enumerate(SLOT.split(span.text)):
        if number % 2 == 0:
            if piece:
                yield replace(span, text=piece)
            continue
        match slots[int(piece)]:
            case Words() | Mention() | Link() as inner:
                yield inner
            case tuple() as inner:
                yield from inner
            case value if str(value):
                yield replace(span, text=str(value))


def fix(voice: Voice, read: Read, more: Sequence[Problem] = ()) -> tuple[Problem, ...]:
    """Every problem of a form: the vocabulary's own and the flow's."""
    return voice.problems(read.faults) + tuple(more)
