"""The web page on the contract's bench."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

from adapters.web import cards, forms
from adapters.web.adapter import Web
from adapters.web.company import place
from adapters.web.live import shown
from adapters.web.rows import Message
from adapters.web.settings import Settings
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.who import Destination
from tests.adapters.stages import Still

TAGS = """
    a article bdi blockquote br button caption code dd desc div dl dt em fieldset figcaption figure
    form g h2 h3 h4 hr input label legend li line ol option p path rect section select span strong
    svg table tbody td text textarea th thead title tr ul
"""


class Bench:
    """The page, looked at through its own board."""

    known = "alice@example.org"
    home = place("dm:alice@example.org")
    nowhere = place("dm:nobody@example.org")

    def __init__(self, folder: Path) -> None:
        self.stage = Still()
        self.adapter = Web(self.stage, Settings(store=folder / "web.db"))

    def drawn(self, card: Card) -> str:
        return str(cards.render(card))

    def asked(self, form: Form) -> str:
        return str(forms.render(form))

    def inert(self, drawn: str, typed: str) -> bool:
        seen = Seen(drawn)
        return seen.is_clean and typed in seen.text

    async def posted(self, to: Destination) -> list[str]:
        return [str(shown(each)["html"]) for each in await self._messages(to) if not each.under]

    async def thread(self, to: Destination, id: str) -> list[str]:
        return [str(shown(each)["html"]) for each in await self._messages(to) if each.under == id]

    async def _messages(self, to: Destination) -> list[Message]:
        return await self.adapter.messages(to, self.known)


class Seen(HTMLParser):
    """What a browser makes of HTML: its text, and whether anything in it could act."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.is_clean = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        acts = [name for name in names if name.startswith("on") or name in {"style", "src"}]
        links = [value or "" for name, value in attrs if name in {"href", "action"}]
        leads = [link for link in links if not re.match(r"https://example\.org|/", link)]
        self.is_clean &= (
            tag in TAGS.split() and not acts and not leads and len(names) == len(set(names))
        )

    def handle_data(self, data: str) -> None:
        self.text += data


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    bench = Bench(folder)
    try:
        yield bench
    finally:
        await bench.adapter.close()
