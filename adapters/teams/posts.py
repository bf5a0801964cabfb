"""Cards as messages: posted once by their key, edited with all their parts."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.teams import cards, places
from adapters.teams.cards import Drawn
from adapters.teams.kit import Connector
from adapters.teams.outcomes import SOON, Trouble
from adapters.teams.places import Places
from adapters.teams.wire import Place
from bot.chat.adapter import Keep, Outcome, Sent, TryLater, Undeliverable
from bot.chat.cards import Card
from bot.chat.who import Destination

Json = dict[str, Any]
REMEMBERED = 10_000
GONE = {"ConversationNotFound", "ThreadNotFound"}

log = logging.getLogger(__name__)


class Posts:
    """Letters. A message's id is Teams' own and its conversation: `1770 19:…;messageid=1770`."""

    def __init__(self, connector: Connector, places: Places, keep: Callable[[], Keep]) -> None:
        self._connector, self._places, self._keep = connector, places, keep
        self._sent: OrderedDict[str, str] = OrderedDict()

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Post a card, or edit the message `replaces`, or answer in the thread of `under`."""
        try:
            drawn = self._draw(to, card)
            if replaces:
                return Sent(await self._edit(to, replaces, drawn))
            if key and (before := self._sent.get(key)):
                return Sent(before)
            return await self._post(to, drawn, key, under)
        except Trouble as problem:
            if problem.code in GONE:
                await self._places.forget(to)
            return problem.outcome

    async def _post(self, to: Destination, drawn: Drawn, key: str, under: str) -> Outcome:
        begun = f"begun:{key}"
        first = (await self._keep().get(begun) or "") if drawn.rest else ""
        if not first:
            first = await self._first(await self._places.place(to), drawn, under)
        try:
            await self._rest(to, first, drawn.rest)
        except Trouble as problem:  # whoever tries again goes on from here
            if problem.is_final:
                log.warning("teams_parts_missing key=%s %s", key, problem)
                return Sent(first)
            await self._keep().put(begun, first)
            return TryLater(problem.pause or SOON)
        if key:
            self._remember(key, first)
        return Sent(first)

    async def _first(self, place: Place, drawn: Drawn, under: str) -> str:
        if not under and places.is_channel(place.conversation):
            thread, first = await self._connector.begin(place, drawn)
            return f"{first} {thread}"
        root, _, thread = under.partition(" ")
        if places.is_group(thread):
            place, root = replace(place, conversation=_thread(thread, root)), ""
        first = await self._connector.say(place, drawn, under=root)
        return f"{first} {place.conversation}"

    async def _edit(self, to: Destination, id: str, drawn: Drawn) -> str:  # noqa: A002 - the message's own word
        first, _, conversation = id.partition(" ")
        if not conversation:
            raise Trouble("ActivityNotFoundInConversation", Undeliverable("message_gone"), id)
        place = Place(to.workspace, conversation, (await self._service(to)))
        await self._connector.edit(place, first, drawn)
        await self._rest(to, id, drawn.rest)
        return id

    async def _rest(self, to: Destination, id: str, rest: tuple[Drawn, ...]) -> None:  # noqa: A002 - the message's own word
        """Let these parts follow a message, and no others: changed, posted, or taken away."""
        text = await self._keep().get(f"parts:{id}") or "[]"
        there = msgspec.json.decode(text, type=list[str])
        if not rest and not there:
            return
        first, _, conversation = id.partition(" ")
        in_thread = places.is_channel(conversation.partition(";")[0])
        at = _thread(conversation, first) if in_thread else conversation
        place = Place(to.workspace, at, await self._service(to))
        for number, part in enumerate(rest):
            if number < len(there):
                await self._connector.edit(place, there[number], part)
            else:
                there.append(await self._connector.say(place, part))
                await self._parts(id, there)
        for surplus in there[len(rest) :]:
            await self._connector.take(place, surplus)
        await self._parts(id, there[: len(rest)])

    async def _parts(self, id: str, there: list[str]) -> None:  # noqa: A002 - the message's own word
        await self._keep().put(f"parts:{id}", msgspec.json.encode(there).decode())

    async def _service(self, to: Destination) -> str:
        if places.is_group(to.address):
            return await self._places.service(to.workspace)
        known = await self._places.reached(to.workspace, to.address)
        return known.service or await self._places.service(to.workspace)

    def _draw(self, to: Destination, card: Card) -> Drawn:
        return cards.draw(card, tenant=to.workspace, personal=not places.is_group(to.address))

    def _remember(self, key: str, id: str) -> None:  # noqa: A002 - the message's own word
        self._sent[key] = id
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)


def _thread(conversation: str, root: str) -> str:
    """The thread of a channel's message; a group chat has none."""
    channel = conversation.partition(";")[0]
    if not places.is_channel(channel):
        return conversation
    return conversation if ";" in conversation else f"{channel};messageid={root}"
