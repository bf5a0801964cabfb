"""The page's own words: whoever is spoken to in German reads no English."""

import re
from html.parser import HTMLParser

import pytest

from adapters.web.server import PAGE
from adapters.web.words import ENGLISH, GERMAN
from bot.chat.stage import Face
from tests.adapters.stages import Still
from tests.adapters.web.visitor import Visitor

SCRIPTS = sorted(PAGE.glob("*.js"))
WORDS = (PAGE / "words.js").read_text("utf-8")
KNOWN = set(re.findall(r'^  "(.+?)": "', WORDS, re.MULTILINE)) | set(
    re.findall(r"^  (\w+): \"", WORDS, re.MULTILINE)
)
STATES = {"sent", "unknown", "expired", "dead"}
"""What a note's state may be, which the page says by its name."""
ERRORS = {
    "Something went wrong here. The log of okr says more.",
    "This is too long: a page may send one megabyte at most.",
    "The clock is moving already. A moment, please.",
    "The clock here is the real one.",
    "Nobody here has this e-mail address. Choose who you are once more.",
    "There is no such place for you.",
}
"""What a server says that a page can bring about by itself."""


class Spoken(HTMLParser):
    """Every word of a page that somebody reads or hears, and whether the script translates it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.left: set[str] = set()
        self._may_say: list[bool] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        translated = "data-say" in own
        for name in ("aria-label", "placeholder", "title", "alt"):
            if words := own.get(name):
                (self.said if translated else self.left).add(words)
        if tag not in {"meta", "link", "img", "input", "path"}:
            self._may_say.append(translated and "aria-label" not in own)
            self._silent += tag in {"title", "script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            self._may_say.pop()
            self._silent -= tag in {"title", "script", "style"}

    def handle_data(self, data: str) -> None:
        words = data.strip()
        if words and not self._silent and re.search("[A-Za-z]{2}", words):
            (self.said if self._may_say[-1] else self.left).add(words)


def test_every_word_of_the_page_is_german_too() -> None:
    page = Spoken()
    page.feed((PAGE / "index.html").read_text("utf-8"))
    assert page.left == {"{{ organisation }}", "Only you can see this"}  # the script says these
    assert page.said - KNOWN == set()


def test_every_word_of_the_scripts_is_german_too() -> None:
    said: set[str] = set()
    for script in SCRIPTS:
        text = script.read_text("utf-8")
        said |= {words for call in re.findall(r"\bsay\(([^()]*)", text)
                 for words in re.findall(r'"([^"]+)"', call)}  # fmt: skip
        bare = re.findall(r'(?:textContent|title|placeholder|ariaLabel) = "([^"]*)', text)
        assert set(bare) <= {"", "okr"}, script.name
        assert not re.search(r'make\([^)]*\}, "[A-Z]', text), script.name
    assert "Time is passing…" in said
    assert (said | STATES | ERRORS) - KNOWN == {"okr"}


def test_german_has_every_word_of_the_drawing() -> None:
    same = {name for name in ENGLISH.__struct_fields__
            if getattr(ENGLISH, name) == getattr(GERMAN, name)}  # fmt: skip
    assert same == set()


@pytest.mark.parametrize(("locale", "shown", "never"), [
    ("de-DE", ("Galerie", "Zurück zum Chat", "Karte"), ("Gallery", "Back to", ">card<")),
    ("en", ("Gallery", "Back to the chat"), ("Galerie",)),
])  # fmt: skip
async def test_the_gallery_speaks_to_whom_one_is(
    alice: Visitor, stage: Still, locale: str, shown: tuple[str, ...], never: tuple[str, ...]
) -> None:
    stage.cast.append(Face("emil@example.org", "Emil Vogt", locale=locale))
    text = await (await alice.client.get("/gallery", params={"me": "emil@example.org"})).text()
    assert f'<html lang="{locale[:2]}">' in text
    assert all(words in text for words in shown)
    assert not any(words in text for words in never)


async def test_notes_are_asked_for_in_the_readers_language(alice: Visitor, stage: Still) -> None:
    stage.cast.append(Face("emil@example.org", "Emil Vogt", locale="de-DE"))
    await alice.client.get("/api/notes", params={"me": "emil@example.org"})
    await alice.client.get("/api/notes")
    assert stage.spoken == ["de-DE", ""]
