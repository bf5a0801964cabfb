"""What the page's adapter draws, looked at as a browser takes it."""

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from unicodedata import category

from adapters.web import cards, forms
from bot.chat.cards import Card
from bot.chat.forms import Form, LongText, ShortText
from tests.adapters.web.dom import INLINE, VOID, Element, Faulty, parse

TAGS = """
    a article bdi blockquote br button caption code dd desc div dl dt em fieldset figcaption figure
    form g h2 h3 h4 hr input label legend li line ol option p path rect section select span strong
    svg table tbody td text textarea th thead title tr ul
"""
LONGEST_ACTION = 400
LARGEST = 1024 * 1024
"""What one event of the page may hold, and how large it may be."""
HIDDEN = {"svg"}
SPOKEN = ("aria-label", "aria-valuetext")


class Looks:
    """HTML, which a browser must take without guessing."""

    extension = "html"

    def drawn(self, card: Card) -> str:
        return str(cards.render(card))

    def asked(self, form: Form) -> str:
        return str(forms.render(form))

    def golden(self, shown: Card | Form) -> str:
        return "".join(f"{line}\n" for line in _lines(self._tree(shown).inside, ""))

    def says(self, shown: Card | Form) -> str:
        return "\n".join(_seen(self._tree(shown)))

    def aloud(self, card: Card) -> str:
        return _heard(self._tree(card))

    def inert(self, drawn: str, typed: str) -> bool:
        try:
            tree = parse(drawn)
        except Faulty:
            return False
        return typed in tree.text and not any(map(_acts, tree.all()))

    def within_limits(self, shown: Card | Form) -> list[str]:
        try:
            tree = self._tree(shown)
        except Faulty as fault:
            return [str(fault)]
        return [*_too_large(shown, tree), *_astray(tree)]

    def _tree(self, shown: Card | Form) -> Element:
        return parse(self.drawn(shown) if isinstance(shown, Card) else self.asked(shown))


def _lines(inside: list[Element | str], indent: str) -> Iterator[str]:
    """One element or text a line."""
    for each in inside:
        if isinstance(each, str):
            yield indent + _visible(escape(each, quote=False))
            continue
        attributes = "".join(
            f' {name}="{_visible(escape(value))}"' if value else f" {name}"
            for name, value in each.attributes.items()
        )
        opened, closed = f"{indent}<{each.tag}{attributes}>", f"</{each.tag}>"
        if each.tag in VOID:
            yield opened
        elif not each.inside:
            yield opened + closed
        elif len(each.inside) == 1 and isinstance(each.inside[0], str):
            yield opened + _visible(escape(each.inside[0], quote=False)) + closed
        else:
            yield opened
            yield from _lines(each.inside, indent + "  ")
            yield indent + closed


def _visible(text: str) -> str:
    """Signs that nobody sees, and blanks at the ends, as their numbers."""
    signs = [
        f"&#x{ord(sign):x};" if category(sign) in {"Cc", "Cf", "Cs", "Zs"} and sign != " " else sign
        for sign in text
    ]
    for end in (0, -1):
        if signs and signs[end] == " ":
            signs[end] = "&#x20;"
    return "".join(signs)


def _seen(tree: Element) -> Iterator[str]:
    yield tree.lines
    for each in tree.all():
        yield from (each[name] for name in (*SPOKEN, "data-confirm", "href") if each[name])
        if each.tag == "input":
            yield each["value"]


def _heard(tree: Element) -> str:
    """What a screen reader says: pictures by their label alone."""
    said = ""
    for each in tree.inside:
        if isinstance(each, str):
            said += each
        elif each.tag in INLINE:
            said += _heard(each)
        elif not each.has("aria-hidden"):
            labels = [each[name] for name in SPOKEN if each[name]]
            inner = "" if each.tag in HIDDEN else _heard(each)
            said += "\n".join(("", *labels, inner, ""))
    return said


def _acts(each: Element) -> bool:
    """Whether an element could run, load or lead to something that we did not write."""
    leads = [each[name] for name in ("href", "action") if each.has(name)]
    return (
        each.tag not in TAGS.split()
        or any(name.startswith("on") or name in {"style", "src"} for name in each.attributes)
        or not all(re.match(r"https://example\.org|/", link) for link in leads)
    )


def _too_large(shown: Card | Form, tree: Element) -> Iterator[str]:
    for each in tree.all("button", "form"):
        if len(each["data-action"]) > LONGEST_ACTION:
            yield f"{each['data-action'][:40]}… has {len(each['data-action'])} signs, not 400"
    if isinstance(shown, Form):
        filled = sum(len(question.id) + question.longest * 4 for question in _long(shown))
        if filled > LARGEST:
            yield f"all filled in, the form is {filled} bytes large and not one megabyte"


def _long(form: Form) -> Iterator[ShortText | LongText]:
    return (each for each in form.questions() if isinstance(each, ShortText | LongText))


def _astray(tree: Element) -> Iterator[str]:
    """Names that are given twice, and labels of what is not there."""
    names = Counter(each["id"] for each in tree.all() if each.has("id"))
    yield from (f"two elements are called {name}" for name, times in names.items() if times > 1)
    for each in tree.all():
        for attribute in ("for", "aria-describedby", "aria-labelledby"):
            for name in each[attribute].split():
                if name not in names:
                    yield f"<{each.tag}> has {attribute} {name}, which is not there"
