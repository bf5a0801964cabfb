"""HTML as a tree, the way a browser reads what the page's adapter draws."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "input"}
INLINE = {"a", "bdi", "code", "em", "span", "strong"}


@dataclass
class Element:
    """An element with its attributes, and the elements and texts in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, attribute: str) -> str:
        return self.attributes.get(attribute, "")

    def has(self, attribute: str) -> bool:
        return attribute in self.attributes

    def all(self, *tags: str) -> Iterator["Element"]:
        """Every element of these tags (of any, where none is named), in the order of the page."""
        for each in self.inside:
            if isinstance(each, Element):
                if not tags or each.tag in tags:
                    yield each
                yield from each.all(*tags)

    @property
    def text(self) -> str:
        """The characters in it, as a browser keeps them."""
        return "".join(
            each if isinstance(each, str) else "\n" if each.tag == "br" else each.text
            for each in self.inside
        )

    @property
    def lines(self) -> str:
        """The characters in it, with a newline wherever an element is not in a line of text."""
        return "".join(
            each if isinstance(each, str) else each.lines if each.tag in INLINE
            else f"\n{each.lines}\n"
            for each in self.inside
        )  # fmt: skip


class Faulty(AssertionError):
    """Not what a browser takes without guessing."""


def parse(html: str) -> Element:
    """The tree, or Faulty where an element is not closed as it was opened."""
    return _Tree(html).root


class _Tree(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self.feed(html)
        self.close()
        if len(self._open) > 1:
            raise Faulty(f"<{self._open[-1].tag}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            raise Faulty(f"<{tag}> says an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._open[-1].tag != tag:
            raise Faulty(f"</{tag}> closes <{self._open[-1].tag}>")
        self._open.pop()

    def handle_data(self, data: str) -> None:
        here = self._open[-1]
        if here.tag == "textarea" and not here.inside:
            data = data.removeprefix("\n")
        here.inside.append(data)
