"""One event, one reply: tells the bot what a person did, and shows its answer."""

from typing import assert_never

from aiohttp import web

from adapters.web import forms
from adapters.web.board import Board
from adapters.web.cards import render
from adapters.web.company import Company, is_dm
from adapters.web.events import Posted, Told, Typing, event
from adapters.web.live import Live
from adapters.web.rows import Post
from bot.chat.adapter import Handle
from bot.chat.events import Opened, Submitted
from bot.chat.replies import Fix, Open, Quiet, Reply, Say, Unsaved
from bot.chat.stage import Stage


class Talk:
    """Hears one person at a time."""

    def __init__(
        self, stage: Stage, company: Company, board: Board, live: Live, handle: Handle
    ) -> None:
        self._stage, self._company, self._board = stage, company, board
        self._live, self._handle = live, handle

    async def hear(self, posted: Posted) -> web.Response:
        """Tell the bot and show its reply; 503 where nothing could be stored."""
        told = await event(posted, self._company)
        if told is None:
            await self._chat(posted)
            return web.json_response({"reply": "quiet"})
        seat = await self._board.seat()
        try:
            reply = await self._handle(told)
        except Unsaved as unsaved:
            card = {"reply": "unsaved", "html": str(render(unsaved.card))}
            return web.json_response(card, status=503)
        await self._keep(posted, told, reply, seat)
        return web.json_response(_answer(told, reply))

    async def _keep(self, posted: Posted, told: Told, reply: Reply, seat: int) -> None:
        """What was typed and what was answered, once also where the page asks twice."""
        posts = []
        if isinstance(posted, Typing):
            posts.append(self._typed(posted, told.actor.id, told.at.address, seat))
        if isinstance(reply, Say) and not isinstance(told, Opened):
            posts.append(self._reply(told, reply))
        if posts:
            await self._board.post(*posts)
            self._live.ring()

    async def _chat(self, posted: Posted) -> None:
        """People among themselves."""
        me = await self._company.face(posted.me)
        if isinstance(posted, Typing) and me:
            await self._board.post(self._typed(posted, me.email, posted.at, 0))
            self._live.ring()

    def _typed(self, posted: Typing, author: str, at: str, seat: int) -> Post:
        return Post(
            place=at,
            body=posted.text,
            at=self._stage.now(),
            key=f"typed:{author}:{posted.id}",
            author=author,
            seat=seat,
        )

    def _reply(self, told: Told, reply: Say) -> Post:
        alone = reply.private and not is_dm(told.at.address)
        return Post(
            place=told.at.address,
            body=reply.card,
            at=self._stage.now(),
            key=f"reply:{told.actor.id}:{told.id}",
            only_for=told.actor.id if alone else "",
        )


def _answer(told: Told, reply: Reply) -> dict[str, object]:
    """The reply as the page receives it."""
    match reply:
        case Say():
            html = str(render(reply.card)) if isinstance(told, Opened) else ""
            return {"reply": "say", "at": told.at.address, "html": html}
        case Open():
            return {"reply": "open", "html": str(forms.render(reply.form))}
        case Fix():
            values = told.values if isinstance(told, Submitted) else None
            html = str(forms.render(reply.form, values, reply.problems))
            return {"reply": "fix", "html": html, "count": len(reply.problems)}
        case Quiet():
            return {"reply": "quiet"}
        case _:
            assert_never(reply)
