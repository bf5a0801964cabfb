"""What somebody typed after "thanks": whom, for which key result, and their words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.reading import clean
from bot.flow import Said, Turn
from storage import objectives, people
from storage.objectives import KeyResult
from storage.people import Person

MOST_WORDS = 4
"""Of how many words a name is looked for."""
FOR = re.compile(r"^(?:for|für)?\s*(?:kr|key[ -]result)\s*#?([\w.-]+)\s*[:,;.]?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Meant:
    """As much of it as was understood."""

    whom: Person | None = None
    kr: KeyResult | None = None
    text: str = ""
    unread: str = ""
    """What was typed for a key result that there is none like."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left to ask."""
        return self.whom is not None and not self.unread and bool(self.text or self.kr)


def read(turn: Turn, said: Said) -> Meant:
    """Somebody who is mentioned or named, then a key result, then words; each may be missing."""
    whom, rest = _mentioned(turn, said)
    if whom is None:
        whom, rest = _named(turn, clean(said.rest).lstrip("@ "))
    found = FOR.match(rest)
    if found is None:
        return Meant(whom, None, rest)
    pair = objectives.find(turn.session, turn.term.cycle_id, found[1])
    here = pair is not None and pair[1].cycle_id == turn.term.cycle_id
    text = rest[found.end() :].strip()
    return Meant(whom, pair[0] if pair and here else None, text, "" if here else found[1])


def _mentioned(turn: Turn, said: Said) -> tuple[Person | None, str]:
    for one in said.mentions:
        actor = one.actor
        found = people.by_account(turn.session, actor.platform, actor.workspace, actor.id)
        if found is not None and found[0].active:
            rest = clean(said.rest.replace(one.text, " ", 1))
            return found[0], rest.strip(" ,:;@")
    return None, ""


def _named(turn: Turn, text: str) -> tuple[Person | None, str]:
    """The longest beginning that names one person and no other."""
    words = text.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        name = " ".join(words[:count]).strip(",:;")
        found = _called(people.by_name(turn.session, name), name) if len(name) > 1 else ()
        if len(found) == 1:
            return found[0], " ".join(words[count:])
    return None, " ".join(words)


def _called(found: Sequence[Person], name: str) -> Sequence[Person]:
    """Those who are called exactly so, in full or by one of their names."""
    said = name.casefold()
    exact = [p for p in found if said in (p.name.casefold(), p.email.casefold())]
    return exact or [p for p in found if said in p.name.casefold().split()]
