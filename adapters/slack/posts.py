"""Cards as messages: posted once by their key, edited with all their parts, found again."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack import cards
from adapters.slack.cards import Drawn
from adapters.slack.history import History, Mark
from adapters.slack.outcomes import BAD_BLOCKS, Trouble
from adapters.slack.places import Places
from adapters.slack.workspace import Workspace
from bot.chat.adapter import Keep, Outcome, Sent, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
PLAINLY_FOR = 3600.0
"""Seconds for which a workspace that refused a native chart or table gets the text form at once."""
REMEMBERED = 10_000
EDITABLE_FOR = 120
"""Days for which it is kept that a message has further parts."""

log = logging.getLogger(__name__)


class Posts:
    """One workspace's letters."""

    def __init__(self, workspace: Workspace, places: Places, keep: Callable[[], Keep]) -> None:
        self._workspace, self._places, self._keep = workspace, places, keep
        self._history = History(workspace)
        self._sent: OrderedDict[str, str] = OrderedDict()
        self._begun: dict[str, str] = {}
        self._plainly_until = 0.0

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        """Post a card, or edit the message `replaces`, or answer in the thread of `under`."""
        try:
            if replaces:
                return Sent(await self._edit(replaces, card, key))
            if key and (before := self._sent.get(key)):
                return Sent(before)
            return await self._post(to.address, card, key, _ts(under))
        except Trouble as problem:
            return problem.outcome

    async def find(self, to: Destination, key: str) -> str | None:
        """The message that was posted with this key, if all its parts are there. Raises Trouble.

        Where some are missing the next `send` posts just those.
        """
        channel = await self._places.conversation(to.address)
        found = await self._history.seek(channel, key)
        if found is None:
            return None
        root, message, mark = found
        id = f"{channel}:{message['ts']}"  # noqa: A001 - the message's own word
        there = await self._history.parts(channel, root, message["ts"]) if mark.parts else {}
        if len(there) < mark.parts:
            self._begun[key] = id
            return None
        return id

    async def _post(self, address: str, card: Card, key: str, thread: str) -> Outcome:
        drawn = self._draw(card)
        if key in self._begun:
            channel, _, ts = self._begun[key].partition(":")
            there: dict[int, str] = await self._history.parts(channel, thread or ts, ts)
        else:
            drawn, answer = await self._first(address, card, drawn, key, thread)
            channel, ts, there = answer["channel"], answer["ts"], {}
        id = f"{channel}:{ts}"  # noqa: A001 - the message's own word
        try:
            await self._bring(drawn.rest, Mark(key, first=ts), channel, thread or ts, there)
        except Trouble:  # the first part is there: what is missing is looked for before it is sent
            self._begun[key] = id
            return Unknown()
        self._begun.pop(key, None)
        if key:
            self._remember(key, id)
        return Sent(id)

    async def _first(
        self, address: str, card: Card, drawn: Drawn, key: str, thread: str
    ) -> tuple[Drawn, dict[str, Any]]:
        """The first part, in a channel that may have to be joined, drawn as Slack will have it."""

        async def post(drawn: Drawn) -> dict[str, Any]:
            said = _said(drawn, Mark(key, parts=len(drawn.rest)), thread)
            return await self._workspace.post(
                "chat.postMessage",
                lambda client: client.chat_postMessage(channel=address, **said, **QUIET),
                address,
                key,
            )

        async def joined(drawn: Drawn) -> dict[str, Any]:
            try:
                return await post(drawn)
            except Trouble as problem:
                if not await self._places.enter(address, problem):
                    raise
                return await post(drawn)

        return await self._native_or_not(card, drawn, joined)

    async def _edit(self, id: str, card: Card, key: str) -> str:  # noqa: A002 - the message's own word
        channel, _, ts = id.partition(":")
        if not ts:
            raise Trouble("message_not_found", Undeliverable("message_gone"), id)

        async def update(drawn: Drawn) -> dict[str, Any]:
            said = _said(drawn, Mark(key, parts=len(drawn.rest)), "")
            return await self._workspace.post(
                "chat.update",
                lambda client: client.chat_update(channel=channel, ts=ts, **said),
                channel,
                key,
            )

        drawn, _ = await self._native_or_not(card, self._draw(card), update)
        before = await self._keep().get(f"parts:{id}") or ""
        if drawn.rest or before:
            root = before.partition("/")[2] or ts
            there = await self._history.parts(channel, root, ts)
            await self._bring(drawn.rest, Mark(key, first=ts), channel, root, there)
        return id

    async def _bring(
        self,
        rest: tuple[Drawn, ...],
        mark: Mark,
        channel: str,
        thread: str,
        there: dict[int, str],
    ) -> None:
        """Let these parts stand in the thread, and no others: changed, posted, or taken away."""
        if rest or there:
            await self._keep().put(
                f"parts:{channel}:{mark.first}", f"{len(rest)}/{thread}", days=EDITABLE_FOR
            )
        for number, drawn in enumerate(rest, 1):
            await self._part(drawn, mark, number, channel, thread, there.get(number, ""))
        for number in sorted(there.keys() - set(range(1, len(rest) + 1))):
            surplus = there[number]
            await self._workspace.post(
                "chat.delete",
                lambda client, ts=surplus: client.chat_delete(channel=channel, ts=ts),  # type: ignore[misc] # bound now
                channel,
            )

    async def _part(
        self, drawn: Drawn, mark: Mark, number: int, channel: str, thread: str, ts: str
    ) -> None:
        said = _said(drawn, Mark(mark.key, number, first=mark.first), "" if ts else thread)

        async def go(said: dict[str, Any]) -> None:
            if ts:  # an empty list takes old blocks away
                await self._workspace.post(
                    "chat.update",
                    lambda client: client.chat_update(channel=channel, ts=ts, **said),
                    channel,
                )
                return
            await self._workspace.post(
                "chat.postMessage",
                lambda client: client.chat_postMessage(channel=channel, **said, **QUIET),
                channel,
            )

        try:
            await go(said)
        except Trouble as problem:
            if problem.code not in BAD_BLOCKS:
                raise
            await go({**said, "blocks": []})

    async def _native_or_not(
        self, card: Card, drawn: Drawn, say: Callable[[Drawn], Awaitable[dict[str, Any]]]
    ) -> tuple[Drawn, dict[str, Any]]:
        """As drawn; where Slack does not take that, charts and tables as text; at last, text alone.

        Without its buttons a message still says everything, and whoever reads it can type.
        """
        ways = cards.plainer(drawn, self._draw(card, native=False))
        for way in ways[:-1]:
            try:
                answer = await say(way)
            except Trouble as problem:
                if problem.code not in BAD_BLOCKS:
                    raise
                log.warning("slack_blocks_refused %s", problem)
            else:
                if way is not drawn:
                    self._plainly_until = _seconds() + PLAINLY_FOR
                return way, answer
        return ways[-1], await say(ways[-1])

    def _draw(self, card: Card, *, native: bool | None = None) -> Drawn:
        native = _seconds() >= self._plainly_until if native is None else native
        known = self._workspace.known
        return cards.draw(card, workspace=known.id if known else "", native=native)

    def _remember(self, key: str, id: str) -> None:  # noqa: A002 - the message's own word
        self._sent[key] = id
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)


def _said(drawn: Drawn, mark: Mark, thread: str) -> dict[str, Any]:
    said: dict[str, Any] = {"text": drawn.text, "blocks": drawn.blocks, "metadata": mark.metadata()}
    return said | ({"thread_ts": thread} if thread else {})


def _ts(id: str) -> str:  # noqa: A002 - the message's own word
    return id.partition(":")[2]


def _seconds() -> float:
    return asyncio.get_running_loop().time()
