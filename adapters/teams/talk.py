"""One event, one reply: the bot hears it first, then Teams is told, then the reply is shown.

Teams is always answered in good time; what it is answered is never better than true.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from adapters.teams import events, sheets
from adapters.teams.accounts import Accounts
from adapters.teams.answers import PATIENCE, Answers
from adapters.teams.changes import Changes
from adapters.teams.kit import Connector
from adapters.teams.outcomes import Trouble
from adapters.teams.payloads import Activity, Misshapen
from adapters.teams.places import Places
from adapters.teams.sheets import Sheets
from adapters.teams.show import AGAIN, HERE, YES, Answer, Show
from adapters.teams.tasks import Tasks
from adapters.teams.turns import Turns, turn
from bot.chat.adapter import Handle, Keep
from bot.chat.events import Event
from bot.chat.replies import Reply, Unsaved

REMEMBERED = 1000
UNHEARD = 404

Json = dict[str, Any]

log = logging.getLogger(__name__)


class Told(Struct, frozen=True):
    """An answer as it is kept and sent: its card as a thousand little things would take memory,
    and the time of every search for garbage."""

    status: int
    body: bytes = b""


class Talk:
    """Hears what Teams sends. It is the `Ears` of botbuilder's turns."""

    def __init__(
        self,
        connector: Connector,
        places: Places,
        accounts: Accounts,
        handle: Handle,
        keep: Callable[[], Keep],
    ) -> None:
        self._connector, self._places, self._accounts = connector, places, accounts
        self._handle = handle
        self._changes = Changes(places, accounts)
        self.tasks = Tasks()
        self._show, self._sheets = Show(connector, places), Sheets(keep)
        self._answers = Answers(self._show, self._sheets, self.tasks)
        self._turns = Turns(self)
        self._heard: OrderedDict[str, asyncio.Future[Told]] = OrderedDict()

    async def hear(self, said: Activity) -> Told:
        """Whatever Teams sends, once however often it sends it. Raises Misshapen."""
        name = f"{said.type}:{said.conversation.id}:{said.id}"
        before = self._heard.get(name) if said.id else None
        if before is None or (before.done() and not _is_well(before)):
            before = self.tasks.begin(self._told_of(said))
            self._heard[name] = before
            if len(self._heard) > REMEMBERED:
                self._heard.popitem(last=False)
        return await asyncio.shield(before)

    async def _told_of(self, said: Activity) -> Told:
        answer = await turn(self._connector, self._turns, said)
        body = b"" if answer.body is None else msgspec.json.encode(answer.body)
        return Told(answer.status, body)

    # What is heard

    async def message(self, said: Activity) -> Answer:
        """Words; or a button or a form of a client that sends these as a message."""
        await self._learn(said)
        data = said.data
        if "okr" in data:
            return await self._by_message(said, data)
        heard = events.typed(said, await self._mentioned(said))
        return await self._answers.answer(self._ask(heard.event), heard)

    async def invoke(self, said: Activity) -> Answer:
        """A card or a dialog, which wait for the answer."""
        if said.name not in events.WAYS:
            return Answer(UNHEARD)
        await self._learn(said)
        data, where = said.data, events.where(said)
        if where.way == "extension" and not data:
            return await self._home(said)
        action, sheet = _action(data), sheets.read(data)
        if sheet is None:
            heard = events.pressed(said, action)
            here = bool(data.get(HERE))
            return await self._answers.answer(self._ask(heard.event), heard, here=here)
        page = await self._sheets.turn(sheet, data, where)
        if page is not None:
            return self._answers.form(page, sheet.title, where)
        values = await self._sheets.all_typed(sheet, data, where)
        heard = events.sent(said, action, values)
        return await self._answers.answer(self._ask(heard.event), heard, sheet)

    async def change(self, said: Activity) -> Answer:
        """People and channels that come, go and are renamed."""
        try:
            await self._places.answers_at(said.tenant, said.service_url)
            for event in await self._changes.events(said):
                await self._handle(event)
        except Unsaved:
            return AGAIN
        except Exception:  # whatever the store or Teams raises: it may be told again
            log.exception("teams_change_not_heard")
            return AGAIN
        if said.type == "installationUpdate" and said.action == "add" and said.is_personal:
            return await self._home(said)
        return YES

    async def _home(self, said: Activity) -> Answer:
        heard = events.opened(said)
        return await self._answers.answer(self._ask(heard.event), heard)

    # Clients that know no invoke

    async def _by_message(self, said: Activity, data: Json) -> Answer:
        action, sheet, where = _action(data), sheets.read(data), events.where(said)
        if sheet is None:
            heard = events.pressed(said, action)
            return await self._answers.answer(self._ask(heard.event), heard)
        page = await self._sheets.turn(sheet, data, where)
        if page is not None:
            self.tasks.later(self._show.settle(page, where))
            return YES
        heard = events.sent(said, action, await self._sheets.all_typed(sheet, data, where))
        task = self._ask(heard.event)
        await asyncio.wait({task}, timeout=PATIENCE)
        if task.done() and isinstance(task.exception(), Unsaved):
            return await self._answers.answer(task, heard)
        self.tasks.later(self._answers.when_heard(task, heard, sheet))
        return YES

    def _ask(self, event: Event) -> asyncio.Future[Reply]:
        return self.tasks.begin(self._handle(event))

    # What is learnt

    async def _learn(self, said: Activity) -> None:
        """Keep where they are reached; an answer does not wait for what else it tells."""
        try:
            is_news = await self._changes.learn(said)
        except Exception:  # whatever the store or Teams raises: they are answered all the same
            log.exception("teams_not_learnt")
            return
        if is_news:
            self.tasks.later(self._told(said))

    async def _told(self, said: Activity) -> None:
        news = await self._changes.news(said)
        if news is not None:
            await self._handle(news)

    async def _mentioned(self, said: Activity) -> dict[str, str]:
        found: dict[str, str] = {}
        for id in events.mentioned(said):  # noqa: A001 - Teams' own word
            try:
                account = await self._accounts.account(said.tenant, id, said.conversation.id)
            except Trouble as problem:
                log.warning("teams_member_unknown %s", problem)
                continue
            found |= {id: account} if account else {}
        return found


def _is_well(heard: asyncio.Future[Told]) -> bool:
    """Whether what was heard need not be heard again."""
    return heard.exception() is None and heard.result().status == YES.status


def _action(data: Json) -> str:
    action = data.get("okr")
    if not isinstance(action, str):
        raise Misshapen("no button of ours")
    return action
