"""People who are meant and told: the words and the entity by which Teams knows them."""

import re
from unicodedata import category

from adapters.teams.limits import Json
from adapters.teams.pen import Pen
from bot.chat.cards import Mention

ACCOUNT = re.compile(r"[0-9A-Za-z:@._\-]{3,200}", re.ASCII)


def told_as(mention: Mention, pen: Pen, told: list[Json]) -> str:
    """The words that tell this person, and the entity without which they would not."""
    id_ = account(mention, pen)
    name = pen.name(_harmless(mention.name), id_)
    text = f"<at>{name}</at>"
    told.append({"type": "mention", "text": text, "mentioned": {"id": id_, "name": name}})
    return text


def account(mention: Mention, pen: Pen) -> str:
    """Their account in this tenant, or "" where they have none that can be told."""
    for actor in mention.actors:
        here = actor.platform == "teams" and actor.workspace == pen.tenant
        if here and ACCOUNT.fullmatch(actor.id) and _harmless(mention.name):
            return actor.id
    return ""


def _harmless(name: str) -> str:
    """The letters of a name, and no full stop that would make an address of it."""
    name = re.sub(r"\.(?=\w)", " ", name)
    kept = (sign if category(sign)[0] in "LMN" or sign in "-'’.," else " " for sign in name)
    return " ".join("".join(kept).split())
