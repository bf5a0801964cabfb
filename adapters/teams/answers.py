"""How a reply is shown: as a message, in the place of what was pressed, or in a dialog."""

import asyncio
from collections.abc import Awaitable
from typing import Any, assert_never

from adapters.teams import cards
from adapters.teams.asides import asides
from adapters.teams.cards import Drawn
from adapters.teams.events import Heard, Where
from adapters.teams.outcomes import Trouble
from adapters.teams.sheets import Sheet, Sheets
from adapters.teams.show import AGAIN, YES, Answer, Show
from adapters.teams.tasks import Tasks
from bot.chat.cards import Card
from bot.chat.events import Opened, Submitted, Typed
from bot.chat.replies import Fix, Open, Quiet, Reply, Say, Unsaved

IN_TIME = 3.0
"""Seconds after which a card or a dialog is answered, whatever the bot is still doing."""
PATIENCE = 10.0
"""The same for what nobody sees the answer of: Teams gives up after fifteen."""

Json = dict[str, Any]


class Answers:
    """What Teams is told, and what is shown after that."""

    def __init__(self, show: Show, sheets: Sheets, tasks: Tasks) -> None:
        self._show, self._sheets, self._tasks = show, sheets, tasks

    async def answer(
        self,
        task: asyncio.Future[Reply],
        heard: Heard,
        sheet: Sheet | None = None,
        *,
        here: bool = False,
    ) -> Answer:
        """What Teams is told in good time; the rest is shown when it is there."""
        where = heard.where
        await asyncio.wait({task}, timeout=PATIENCE if where.way == "message" else IN_TIME)
        if not task.done():
            self._tasks.later(self.when_heard(task, heard, sheet))
            return self._aside(asides(where.locale).wait, where)
        try:
            reply = task.result()
        except Unsaved as unsaved:
            return await self._unsaved(unsaved.card, heard, sheet)
        match where.way:
            case "message":
                self._tasks.later(self._shown(heard, reply))
                return YES
            case "card":
                return await self._in_place(heard, reply, sheet, here=here)
            case "dialog" | "extension":
                return await self._in_dialog(heard, reply, sheet)
            case _:
                assert_never(where.way)

    async def _in_place(
        self, heard: Heard, reply: Reply, sheet: Sheet | None, *, here: bool
    ) -> Answer:
        """A card that was pressed becomes the form, and the form what was said with it."""
        where, words = heard.where, asides(heard.where.locale)
        if isinstance(reply, Open | Fix) and not where.private and not where.targeted:
            self._tasks.later(self._shown(heard, reply))
            return self._aside(words.privately, where)
        match reply:
            case Open():
                own = sheet.own if sheet else here
                return self._show.in_place(await self._sheets.open(reply.form, where, own=own))
            case Fix():
                return self._show.in_place(await self._fixed(heard, reply, sheet))
            case Say() if (sheet or here) and (where.private or where.targeted):
                await self._close(sheet)
                settles = sheet.own if sheet else here
                drawn = self._show.drawn(reply.card, where)
                if drawn.rest:  # too long for one card: below it, in as many as it takes
                    self._tasks.later(self._show.put(drawn, where))
                    return self._show.in_place(self._show.done(reply.card.title, where))
                return self._replaced(drawn, where, settles=settles)
            case Say():
                self._tasks.later(self._shown(heard, reply))
                alone = reply.private and not where.private and not where.targeted
                return self._aside(words.privately if alone else words.done, where)
            case Quiet() if sheet is not None:
                await self._close(sheet)
                return self._show.in_place(self._show.done(sheet.title, where))
            case Quiet():
                return self._aside(words.done, where)
            case _:
                assert_never(reply)

    def _replaced(self, drawn: Drawn, where: Where, *, settles: bool) -> Answer:
        """In place at once; for good where it takes the place of an answer.

        Teams need not remember what an invoke was answered; a letter is there again after it.
        """
        if where.message and settles:
            self._tasks.later(self._show.settle(drawn.card, where))
        return self._show.in_place(drawn.card)

    async def _in_dialog(self, heard: Heard, reply: Reply, sheet: Sheet | None) -> Answer:
        """A dialog goes on, or closes where what there is to see stands elsewhere."""
        where, words = heard.where, asides(heard.where.locale)
        match reply:
            case Open():
                return self.form(
                    await self._sheets.open(reply.form, where), reply.form.title, where
                )
            case Fix():
                return self.form(await self._fixed(heard, reply, sheet), reply.form.title, where)
            case Say() if reply.private or where.private:
                await self._close(sheet)
                card = self._show.whole(self._show.drawn(reply.card, where))
                return self._show.dialog(reply.card.title, card)
            case Say() | Quiet():
                await self._close(sheet)
                self._tasks.later(self._shown(heard, reply))
                told = words.here if isinstance(reply, Say) else words.done
                return YES if sheet is not None else self._aside(told, where)
            case _:
                assert_never(reply)

    async def _unsaved(self, card: Card, heard: Heard, sheet: Sheet | None) -> Answer:
        """An honest word, while all that was typed stays where it is."""
        where = heard.where
        said = cards.draw(card, tenant=where.tenant).text
        if where.way == "message":
            if isinstance(heard.event, Opened):
                return AGAIN
            self._tasks.later(self._spoken(heard, self._show.say(card, where)))
            return YES
        if where.way == "card" or sheet is None or not isinstance(heard.event, Submitted):
            return self._aside(said, where)
        again = await self._sheets.again(sheet, heard.event.values, said, where)
        return self.form(again, sheet.title, where)

    # What is shown after Teams was told

    async def when_heard(
        self, task: asyncio.Future[Reply], heard: Heard, sheet: Sheet | None
    ) -> None:
        """The reply to what Teams has stopped waiting for, where it would have stood."""
        where = heard.where
        try:
            reply = await task
        except Unsaved as unsaved:
            await self._spoken(heard, self._show.say(unsaved.card, where))
            return
        can_settle = bool(where.message) and (where.private or bool(where.targeted))
        if sheet is None or not sheet.own or not can_settle:
            await self._shown(heard, reply)
            return
        match reply:
            case Say():
                card = self._show.whole(self._show.drawn(reply.card, where))
            case Open():
                card = await self._sheets.open(reply.form, where)
            case Fix():
                card = await self._fixed(heard, reply, sheet)
            case Quiet():
                card = self._show.done(sheet.title, where)
        await self._show.settle(card, where)

    async def _spoken(self, heard: Heard, showing: Awaitable[None]) -> None:
        """Show it; where only its asker can see it, those who asked in a channel are told there.

        Buttons are not: whoever presses one is told beside it, but for very old apps, and many do.
        """
        where, words = heard.where, asides(heard.where.locale)
        if not isinstance(heard.event, Typed) or where.private or where.targeted:
            await showing
            return
        try:
            await showing
        except Trouble as problem:
            if problem.is_final:
                await self._show.remark(words.unreached, where)
            raise
        await self._show.remark(words.privately, where)

    async def _shown(self, heard: Heard, reply: Reply) -> None:
        where = heard.where
        match reply:
            case Say(private=False):
                await self._show.say(reply.card, where, private=False)
            case Say():
                await self._spoken(heard, self._show.say(reply.card, where))
            case Open():
                card = await self._sheets.open(reply.form, where)
                await self._spoken(heard, self._shown_form(reply.form.title, card, heard))
            case Fix():
                card = await self._fixed(heard, reply, None)
                await self._spoken(heard, self._shown_form(reply.form.title, card, heard))
            case Quiet():
                pass
            case _:
                assert_never(reply)

    async def _shown_form(self, title: str, card: Json, heard: Heard) -> None:
        """In somebody's own chat: a channel is not asked."""
        await self._show.put(Drawn(card, title), heard.where)

    async def _fixed(self, heard: Heard, reply: Fix, sheet: Sheet | None) -> Json:
        values = heard.event.values if isinstance(heard.event, Submitted) else {}
        known = sheet or Sheet(reply.form.title, own=True)
        return await self._sheets.fix(reply.form, reply.problems, values, heard.where, known)

    def form(self, card: Json, title: str, where: Where) -> Answer:
        """A form, or a page of it, where they are."""
        return self._show.dialog(title, card) if where.in_dialog else self._show.in_place(card)

    def _aside(self, words: str, where: Where) -> Answer:
        return YES if where.way == "message" else self._show.aside(words, where)

    async def _close(self, sheet: Sheet | None) -> None:
        if sheet is not None and sheet.kept:
            self._tasks.later(self._sheets.close(sheet))
