"""A reply as its reader sees it: a message, a card in place, a dialog."""

import logging
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from adapters.teams import cards, sheets
from adapters.teams.asides import asides
from adapters.teams.cards import Drawn
from adapters.teams.events import Where
from adapters.teams.kit import CARD, Connector
from adapters.teams.outcomes import Trouble
from adapters.teams.people import dm
from adapters.teams.places import Places
from bot.chat.cards import Card, Text, Words

Json = dict[str, Any]
HERE = "here"
"""Carried by the buttons of an answer: what they lead to takes its place."""

log = logging.getLogger(__name__)


class Answer(Struct, frozen=True):
    """What Teams is told: a status, and for an invoke what is to be shown."""

    status: int = 200
    body: Json | None = None


YES, AGAIN = Answer(), Answer(503)


class Show:
    """Shows cards to people who wait for them."""

    def __init__(self, connector: Connector, places: Places) -> None:
        self._connector, self._places = connector, places

    # As messages

    async def say(self, card: Card, where: Where, *, private: bool = True) -> None:
        """Show a card where the event came from, or to its actor alone. Raises Trouble."""
        await self.put(self.drawn(card, where, private=private), where, private=private)

    async def put(self, drawn: Drawn, where: Where, *, private: bool = True) -> None:
        """The same of what is drawn already."""
        if where.private or not private:
            await self._say(drawn, where)
        elif where.targeted:
            await self._say_targeted(drawn, where)
        else:
            await self._say_privately(drawn, where)

    async def remark(self, words: str, where: Where) -> None:
        """A sentence to everybody, under what was asked. Raises Trouble."""
        said = Card("", (Text((Words(words),)),), locale=where.locale or "en")
        await self._say(cards.draw(said, tenant=where.tenant), where)

    async def settle(self, card: Json, where: Where) -> None:
        """Let this card stand in the place of the one that was pressed. Raises Trouble."""
        drawn = Drawn(card, "")
        target = where.account if where.targeted else ""
        await self._connector.edit(where.place, where.message, drawn, waits=True, target=target)

    def drawn(self, card: Card, where: Where, *, private: bool = True) -> Drawn:
        """A card for this reader, whose buttons lead on in its place.

        In a dialog, as in somebody's own chat, forms need no dialog of their own.
        """
        alone = where.private or where.in_dialog or (private and not where.targeted)
        drawn = cards.draw(card, tenant=where.tenant, personal=alone, locale=where.locale)
        return _answer(drawn)

    async def _say(self, drawn: Drawn, where: Where) -> None:
        at = where.place
        for part in (drawn, *drawn.rest):
            await self._connector.say(at, part, waits=True)

    async def _say_targeted(self, drawn: Drawn, where: Where) -> None:
        """Where they asked privately; in their own chat where Teams does not take that."""
        try:
            for part in (drawn, *drawn.rest):
                await self._connector.say(
                    where.place, part, waits=True, target=where.account, about=where.targeted
                )
        except Trouble as problem:
            if not problem.is_final:
                raise
            log.warning("teams_targeted_refused %s", problem)
            await self._say_privately(drawn, where)

    async def _say_privately(self, drawn: Drawn, where: Where) -> None:
        place = await self._places.place(dm(where.tenant, where.user))
        for part in (drawn, *drawn.rest):
            await self._connector.say(place, part, waits=True)

    # As answers to an invoke

    def in_place(self, card: Json) -> Answer:
        """This card in the place of the one that was pressed."""
        return Answer(body={"statusCode": 200, "type": CARD, "value": card})

    def aside(self, words: str, where: Where) -> Answer:
        """A few words, and all stays as it is; a dialog that was only asked for closes."""
        if where.way == "card":
            kind = "application/vnd.microsoft.activity.message"
            return Answer(body={"statusCode": 200, "type": kind, "value": words})
        return Answer(body={"task": {"type": "message", "value": words}})

    def dialog(self, title: str, card: Json) -> Answer:
        """A dialog with this card."""
        value = {
            "title": title,
            "width": "medium",
            "height": "large" if "Input." in str(card) else "medium",
            "card": {"contentType": CARD, "content": sheets.for_dialog(card)},
        }
        return Answer(body={"task": {"type": "continue", "value": value}})

    def whole(self, drawn: Drawn) -> Json:
        """All parts of a card in one, for where there can be only one."""
        body, actions = list(drawn.card.get("body", ())), list(drawn.card.get("actions", ()))
        for part in drawn.rest:
            body += part.card.get("body", ())
            actions += part.card.get("actions", ())
        return {**drawn.card, "body": body, **({"actions": actions} if actions else {})}

    def done(self, title: str, where: Where) -> Json:
        """What is left of a form that was sent, until what it changed is to be seen."""
        said = Card(title)
        drawn = self.drawn(said, where).card
        mark = {"type": "TextBlock", "text": asides(where.locale).done, "isSubtle": True}
        return {**drawn, "body": [*drawn.get("body", ()), mark]}


def _answer(drawn: Drawn) -> Drawn:
    carrying = sheets.carry(drawn.card, {HERE: True})
    return replace(drawn, card=carrying, rest=tuple(map(_answer, drawn.rest)))
