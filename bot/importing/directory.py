"""Who and what a cell points to: rows of the files and of the database alike."""

import re
from collections.abc import Iterable, Mapping

from bot.importing.cells import Cells
from bot.importing.headings import nearest, plain


class Directory:
    """Things by their key and by their name, so that both may be written in a cell."""

    def __init__(self, thing: str, names: Iterable[tuple[str, str]]) -> None:
        self.thing = thing
        self.keys: dict[str, str] = {}
        self.names: dict[str, set[str]] = {}
        self.lost: set[str] = set()
        for key, name in names:
            self.add(key, name)

    def add(self, key: str, name: str) -> None:
        """Let a key be found, also by its name."""
        self.keys[key.casefold()] = key
        if plain(name):
            self.names.setdefault(plain(name), set()).add(key)

    def lose(self, *texts: str) -> None:
        """Note what a row said whose own key is wrong: what points to it is not told again."""
        self.lost.update(word for text in texts for word in _words(text))

    def find(self, text: str) -> str | None:
        """The key of what a text points to, if it is one thing."""
        key = self.keys.get(text.casefold()) or self.keys.get(slug(text))
        if key is not None:
            return key
        named = self.names.get(plain(text), set())
        return next(iter(named)) if len(named) == 1 else None

    def look(self, cells: Cells, column: str, text: str) -> str | None:
        """The key of what a cell points to; what is wrong is kept."""
        key = self.find(text)
        if key is not None:
            return key
        named = self.names.get(plain(text), set())
        if len(named) > 1:
            listed = ", ".join(sorted(named)[:4])
            cells.wrong(column, f"'{text[:60]}' may be any of {listed}. Write which one.")
            return None
        if set(_words(text.partition("@")[0])) & self.lost:
            return None
        near = nearest(text, [*self.keys, *self.names], 80)
        if near:
            near = self.keys.get(near) or min(self.names[near])
        hint = f" Did you mean '{near}'?" if near else ""
        cells.wrong(
            column,
            f"There is no {self.thing} '{text[:60]}', neither in the files nor in the database."
            + hint,
        )
        return None

    def one(self, cells: Cells, column: str, was: str | None, several: str) -> str | None:
        """The one thing a cell points to, or what was there before."""
        if not cells.said(column):
            return was
        if cells.cleared(column):
            return None
        named = cells.raw(column)
        if self.find(named) is None and len(cells.emails(column)) > 1:
            cells.wrong(column, several)
            return was
        return self.look(cells, column, named) or was


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", text.casefold()) if word]


def slug(text: str) -> str:
    """A name as a slug: "Growth Team" is "growth-team"."""
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")


def circles(above: Mapping[str, str | None]) -> list[list[str]]:
    """Every circle in "is under", each once, beginning with the first of its members."""
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in above:
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in seen:
            seen.add(at)
            path.append(at)
            at = above.get(at)
        if at is not None and at in path:
            found.append(path[path.index(at) :])
    return found
