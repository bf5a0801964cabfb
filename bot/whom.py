"""Whom a command is about: a mention, or a name after "@"."""

from typing import NamedTuple

from bot.flow import Said, Turn
from storage import people
from storage.people import Person

LONGEST_NAME = 4
"""How many words a typed name may have."""


class Whom(NamedTuple):
    """Somebody who was named, and what else was said. `name` is how they were named, or ""."""

    person: Person | None
    rest: str
    name: str = ""


def whom(turn: Turn, said: Said, *, bare: bool = False) -> Whom:
    """Who is named first; with `bare` a name needs no "@"."""
    if said.mentions:
        first = said.mentions[0]
        actor = first.actor
        found = people.by_account(turn.session, actor.platform, actor.workspace, actor.id)
        rest = " ".join(said.rest.replace(first.text, " ", 1).split())
        person = found[0] if found is not None and found[0].active else None
        return Whom(person, rest, first.text.lstrip("@") or "?")
    if not said.rest.startswith("@") and not (bare and said.rest):
        return Whom(None, said.rest)
    return _typed(turn, said.rest.lstrip("@ ").split())


def _typed(turn: Turn, words: list[str]) -> Whom:
    """The longest beginning of these words that names one person."""
    for length in range(min(len(words), LONGEST_NAME), 0, -1):
        name = " ".join(words[:length])
        found = people.by_name(turn.session, name)
        exact = [p for p in found if name.casefold() in _names(p)]
        one = exact if len(exact) == 1 else found
        if len(one) == 1:
            return Whom(one[0], " ".join(words[length:]), name)
    return Whom(None, " ".join(words[1:]), " ".join(words[:1]) or "?")


def _names(person: Person) -> set[str]:
    """What one may call somebody and mean nobody else."""
    first, _, _ = person.name.partition(" ")
    return {person.name.casefold(), first.casefold(), person.email.casefold()}
