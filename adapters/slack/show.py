"""A reply as its reader sees it: a message, a word for them alone, a modal, the App Home."""

import asyncio
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import cards, home
from adapters.slack.cards import Drawn
from adapters.slack.events import Where
from adapters.slack.limits import BLOCKS_OF_VIEW, VIEW_TITLE, short
from adapters.slack.meta import Meta
from adapters.slack.outcomes import BAD_BLOCKS, Trouble, trouble
from adapters.slack.posts import QUIET
from adapters.slack.spans import plain_text
from adapters.slack.workspace import Ask, Workspace
from bot.chat.cards import Card

NATIVE = {"data_visualization", "data_table", "table"}
NATIVE_FOR = 3600.0
"""Seconds for which a workspace that took a chart or table of Slack's own is trusted with more."""
CLOSED = {"channel_not_found", "not_in_channel", "user_not_in_channel", "restricted_action"}


class Show:
    """Shows cards in one workspace, to people who wait for them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._native_until = 0.0

    def at_once(self, card: Card, where: Where, *, private: bool) -> dict[str, Any] | None:
        """The card as the answer to a command itself; None where it needs messages of its own.

        Slack says nothing of blocks it does not like there, so what it may not know goes by `say`,
        until it has been seen to take such blocks.
        """
        if not where.url:
            return None
        drawn = self._draw(card)
        if drawn.rest or (_is_native(drawn) and _now() > self._native_until):
            return None
        return _by_url(drawn, private=private)

    async def say(self, card: Card, where: Where, *, private: bool = True) -> None:
        """Show a card where the event came from. Raises Trouble."""
        if where.view or (where.home and where.trigger):
            await self._say_in_view(card, where)
            return
        try:
            await self._say_somehow(card, where, private=private)
        except Trouble as problem:
            if problem.code not in CLOSED or not private or where.private:
                raise
            await self._say_somehow(card, Where(where.user), private=True)

    async def _say_somehow(self, card: Card, where: Where, *, private: bool) -> None:
        """As drawn, or as plainly as Slack wants it."""
        *ways, last = cards.plainer(self._draw(card), self._draw(card, native=False))
        for way in ways:
            try:
                await self._say(way, where, private=private)
            except Trouble as problem:
                if problem.code not in BAD_BLOCKS:
                    raise
                self._native_until = 0.0
            else:
                if _is_native(way):
                    self._native_until = _now() + NATIVE_FOR
                return
        await self._say(last, where, private=private)

    async def publish(self, card: Card, user: str) -> None:
        """Show a card as somebody's home. Raises Trouble."""
        view = home.home(card, workspace=self._team())
        await self._workspace.ask(
            "views.publish", lambda client: client.views_publish(user_id=user, view=view)
        )

    def card_view(self, card: Card, where: Where) -> dict[str, Any] | None:
        """A card as a modal without fields; None where it is too long for one."""
        drawn = self._draw(card, native=False)
        blocks = [block for part in (drawn, *drawn.rest) for block in part.blocks]
        if len(blocks) > BLOCKS_OF_VIEW:
            return None
        return {
            "type": "modal",
            "title": plain_text(short(card.title, VIEW_TITLE)),
            "blocks": blocks,
            "private_metadata": Meta.of("", where).text(),
        }

    async def _say_in_view(self, card: Card, where: Where) -> None:
        view = self.card_view(card, where)
        if view is None:
            await self._say(self._draw(card), Where(where.user), private=True)
        elif where.view:
            await self._workspace.ask(
                "views.update", lambda client: client.views_update(view_id=where.view, view=view)
            )
        else:
            await self._workspace.ask(
                "views.open",
                lambda client: client.views_open(trigger_id=where.trigger, view=view),
            )

    async def _say(self, drawn: Drawn, where: Where, *, private: bool) -> None:
        if where.url and not where.private:
            for part in (drawn, *drawn.rest):
                await self._tell(where.url, _by_url(part, private=private))
            return
        thread = where.thread
        for part in (drawn, *drawn.rest):
            said = {"text": part.text, "blocks": part.blocks, **_in(thread)}
            answer = await self._post(where, said, private=private)
            thread = thread or str(answer.get("ts") or "")

    async def _post(self, where: Where, said: dict[str, Any], *, private: bool) -> dict[str, Any]:
        if private and not where.private:
            ask: Ask = lambda client: client.chat_postEphemeral(  # noqa: E731 - either of two
                channel=where.channel, user=where.user, **said
            )
            return await self._workspace.ask("chat.postEphemeral", ask)
        at = where.channel or where.user
        return await self._workspace.ask(
            "chat.postMessage",
            lambda client: client.chat_postMessage(channel=at, **said, **QUIET),
            at,
        )

    async def _tell(self, url: str, body: dict[str, Any]) -> None:
        """By the address that came with the event. Raises Trouble."""
        webhook = AsyncWebhookClient(url, session=self._workspace.session, retry_handlers=[])
        try:
            answer = await webhook.send_dict(body)
        except Exception as error:
            raise trouble(error) from error
        if answer.status_code != 200:
            raise Trouble.refused(answer.status_code, answer.body)

    def _draw(self, card: Card, *, native: bool = True) -> Drawn:
        return cards.draw(card, workspace=self._team(), native=native)

    def _team(self) -> str:
        known = self._workspace.known
        return known.id if known else ""


def _by_url(drawn: Drawn, *, private: bool) -> dict[str, Any]:
    kind = "ephemeral" if private else "in_channel"
    said = {"response_type": kind, "replace_original": False, **QUIET}
    return {**said, "text": drawn.text, "blocks": drawn.blocks}


def _now() -> float:
    return asyncio.get_running_loop().time()


def _is_native(drawn: Drawn) -> bool:
    return any(block["type"] in NATIVE for block in drawn.blocks)


def _in(thread: str) -> dict[str, str]:
    return {"thread_ts": thread} if thread else {}
