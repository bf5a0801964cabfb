"""One event, one reply: the bot hears it first, then Slack is told, then the reply is shown.

Slack is always answered within its three seconds; what it is answered is never better than true.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, assert_never

from msgspec import Struct

from adapters.slack import events, payloads, spelling
from adapters.slack.accounts import Accounts
from adapters.slack.chores import Chores
from adapters.slack.events import Heard, Where
from adapters.slack.forms import BACK
from adapters.slack.meta import Meta
from adapters.slack.modals import Modals
from adapters.slack.outcomes import Trouble
from adapters.slack.people import actor
from adapters.slack.places import Places
from adapters.slack.show import Show
from adapters.slack.workspace import Self, Workspace
from bot.chat.adapter import Handle, Keep
from bot.chat.events import Opened, Submitted
from bot.chat.replies import Fix, Open, Quiet, Reply, Say, Unsaved

IN_TIME = 2.5
"""Seconds after which Slack is answered, whatever the bot is still doing."""
A_MOMENT = 0.7
"""Seconds for what makes an answer nicer and can be left out."""
REMEMBERED = 5000


class Answer(Struct, frozen=True):
    """What Slack is told: 200 and perhaps something to show, or 503 to be told again."""

    status: int = 200
    body: dict[str, Any] | None = None


YES, AGAIN = Answer(), Answer(503)


class Talk:
    """Hears one workspace."""

    def __init__(
        self,
        workspace: Workspace,
        accounts: Accounts,
        places: Places,
        handle: Handle,
        keep: Callable[[], Keep],
    ) -> None:
        self._workspace, self._accounts, self._places = workspace, accounts, places
        self._handle = handle
        self._show = Show(workspace)
        self._modals = Modals(workspace, keep, self._show.say)
        self.chores = Chores(workspace.access.name)
        self._events: OrderedDict[str, asyncio.Future[None]] = OrderedDict()

    async def hear(self, body: dict[str, Any], retry: int = 0) -> Answer:
        """Whatever Slack sends. Raises Misshapen where it is nothing that Slack sends."""
        ours = await self._workspace.who()
        match body:
            case {"command": _}:
                return await self._command(payloads.read(body, payloads.Command), ours)
            case {"type": "event_callback"}:
                return await self._event(payloads.read(body, payloads.Envelope), retry, ours)
            case {"type": "block_actions"}:
                return await self._press(payloads.read(body, payloads.Press), ours)
            case {"type": "view_submission"}:
                return await self._sent(payloads.read(body, payloads.Sent), ours)
            case {"type": "view_closed"}:
                view = payloads.read(body, payloads.Sent).view
                self.chores.later(self._modals.close(Meta.read(view.private_metadata)))
                return YES
            case {"type": "block_suggestion"}:
                return Answer(body={"options": []})
            case _:  # whatever else Slack may send some day is no reason to send it again
                return YES

    # Events

    async def _event(self, envelope: payloads.Envelope, retry: int, ours: Self) -> Answer:
        """An event, once however often Slack sends it."""
        task = self._events.get(envelope.event_id)
        if task is None or (task.done() and task.exception() is not None):
            task = self.chores.begin(self._hear_event(envelope, ours))
            self._events[envelope.event_id] = task
            if len(self._events) > REMEMBERED:
                self._events.popitem(last=False)
        done, _ = await asyncio.wait({task}, timeout=IN_TIME)
        if not done:
            return AGAIN
        problem = task.exception()
        if isinstance(problem, Unsaved):
            return self._unsaved(problem, envelope)
        if problem is not None:
            raise problem
        return YES

    async def _hear_event(self, envelope: payloads.Envelope, ours: Self) -> None:
        kind = envelope.event.get("type")
        if kind in events.LOST:
            self._lost(str(kind), envelope.event, ours)
        elif kind in ("message", "app_mention"):
            await self._message(payloads.read(envelope.event, payloads.Message), envelope, ours)
        elif kind == "app_home_opened":
            opened = payloads.read(envelope.event, payloads.HomeOpened)
            if opened.tab == "home":
                await self._answer(events.opened(opened.user, envelope.event_id, ours))
        elif (event := events.other(envelope, ours)) is not None:
            await self._handle(event)

    def _lost(self, kind: str, event: dict[str, Any], ours: Self) -> None:
        """The app was removed, or its token: a token of somebody else's is none of ours."""
        revoked = (event.get("tokens") or {}).get("bot") or []
        if kind == "app_uninstalled" or ours.user in revoked:
            self._workspace.lose(kind if kind == "app_uninstalled" else "token_revoked")

    async def _message(
        self, message: payloads.Message, envelope: payloads.Envelope, ours: Self
    ) -> None:
        mentioned = spelling.named(message.text or "") - {ours.user}
        heard = events.message(message, envelope.event_id, ours, {})
        if heard is None:
            return
        if mentioned:
            names = await self._accounts.names(mentioned)
            heard = events.message(message, envelope.event_id, ours, names) or heard
        if heard.where.private:
            self._places.learn(heard.where.user, message.channel)
        await self._answer(heard)

    async def _answer(self, heard: Heard) -> None:
        reply = await self._handle(heard.event)
        self.chores.later(self._shown(heard, reply))

    def _unsaved(self, problem: Unsaved, envelope: payloads.Envelope) -> Answer:
        """Whoever wrote is told to write again; what nobody waits for Slack sends again."""
        user, channel = envelope.event.get("user"), str(envelope.event.get("channel") or "")
        if envelope.event.get("type") not in ("message", "app_mention"):
            return AGAIN
        where = Where(str(user), "" if events.is_dm(channel) else channel)
        self.chores.later(self._show.say(problem.card, where))
        return YES

    # Commands and buttons

    async def _command(self, command: payloads.Command, ours: Self) -> Answer:
        due = _due()
        own = await self._is_own(command)
        names = await self._accounts.names(spelling.named(command.text) - {ours.user})
        heard = events.command(command, ours, names, own=own)
        where = heard.where if heard.where.url else _by_url(heard.where, command)
        task = self.chores.begin(self._handle(heard.event))
        done, _ = await asyncio.wait({task}, timeout=_left(due))
        if not done:
            self.chores.later(self._when_heard(task, heard))
            return YES
        try:
            reply = task.result()
        except Unsaved as unsaved:
            return Answer(body=self._show.at_once(unsaved.card, where, private=True))
        if isinstance(reply, Say):
            body = self._show.at_once(reply.card, heard.where, private=reply.private)
            if body is not None:
                return Answer(body=body)
        self.chores.later(self._shown(heard, reply))
        return YES

    async def _is_own(self, command: payloads.Command) -> bool:
        """Whether a command was typed in the app's own conversation with somebody."""
        if not events.is_dm(command.channel_id):
            return False
        try:
            async with asyncio.timeout(A_MOMENT):
                own = await self._places.conversation(command.user_id)
        except (Trouble, TimeoutError):
            return False
        return own == command.channel_id

    async def _press(self, press: payloads.Press, ours: Self) -> Answer:
        if press.view is not None and press.actions and _leads_back(press.actions[0]):
            self.chores.later(self._turned(press.view, press.actions[0]))
            return YES
        where = None
        if press.view is not None and press.view.type != "home":
            meta = Meta.read(press.view.private_metadata)
            where = meta.where(press.user.id, press.view.id, press.trigger_id)
        heard = events.press(press, ours, where)
        if heard is None:
            return YES
        task = self.chores.begin(self._handle(heard.event))
        done, _ = await asyncio.wait({task}, timeout=IN_TIME)
        problem = task.exception() if done else None
        if problem is not None and not isinstance(problem, Unsaved):
            raise problem
        self.chores.later(self._when_heard(task, heard))
        return YES

    async def _turned(self, view: payloads.View, action: payloads.Action) -> None:
        page = await self._modals.turn(
            view, Meta.read(view.private_metadata), int(action.value or 0)
        )
        if page is not None:
            await self._modals.show(view.id, page)

    # Forms

    async def _sent(self, sent: payloads.Sent, ours: Self) -> Answer:
        due = _due()
        meta, view = Meta.read(sent.view.private_metadata), sent.view
        if not meta.action:
            return YES
        following = await self._modals.turn(view, meta, meta.page + 1)
        if following is not None:
            return Answer(body={"response_action": "update", "view": following})
        values = await self._modals.all_typed(view, meta)
        where = meta.where(sent.user.id)
        id = sent.trigger_id or f"{view.id}:{view.hash}:{hash(str(values))}"  # noqa: A001 - the event's own word
        who, at = actor(ours.id, sent.user.id), where.at(ours.id)
        event = Submitted(who, at, id, meta.action, values, where.private)
        try:
            async with asyncio.timeout(_left(due)):
                reply = await asyncio.shield(self.chores.begin(self._handle(event)))
        except TimeoutError:  # Slack tells them to try again, and keeps what they typed
            return AGAIN
        except Unsaved as unsaved:
            pushed = self._show.card_view(unsaved.card, where)
            return Answer(body=self._modals.unsaved(unsaved.card, view, pushed))
        return await self._answered(Heard(event, where), reply, view, meta)

    async def _answered(
        self, heard: Heard, reply: Reply, view: payloads.View, meta: Meta
    ) -> Answer:
        """What a form that was sent becomes: closed, corrected, or another form."""
        if isinstance(reply, Fix) and isinstance(heard.event, Submitted):
            values = heard.event.values
            body = await self._modals.fix(reply.form, reply.problems, view, meta, values)
            return Answer(body=body)
        if isinstance(reply, Open):
            page = await self._modals.first(reply.form, heard.where)
            return Answer(body={"response_action": "update", "view": page})
        self.chores.later(self._shown(heard, reply))
        self.chores.later(self._modals.close(meta))
        return Answer(body={"response_action": "clear"})

    # What is shown

    async def _when_heard(self, task: asyncio.Future[Reply], heard: Heard) -> None:
        try:
            reply = await task
        except Unsaved as unsaved:
            await self._show.say(unsaved.card, heard.where)
            return
        await self._shown(heard, reply)

    async def _shown(self, heard: Heard, reply: Reply) -> None:
        where = heard.where
        match reply:
            case Say() if isinstance(heard.event, Opened):
                await self._show.publish(reply.card, where.user)
                return
            case Say():
                await self._show.say(reply.card, where, private=reply.private)
            case Open() | Fix():
                await self._modals.open(reply.form, where)
            case Quiet():
                pass
            case _:
                assert_never(reply)
        if where.home and isinstance(reply, Say | Quiet):
            await self._home_again(heard)

    async def _home_again(self, heard: Heard) -> None:
        """The home shows what has just changed."""
        ours = await self._workspace.who()
        again = Opened(
            actor(ours.id, heard.where.user),
            Where(heard.where.user).at(ours.id),
            f"home:{getattr(heard.event, 'id', '')}",
        )
        reply = await self._handle(again)
        if isinstance(reply, Say):
            await self._show.publish(reply.card, heard.where.user)


def _due() -> float:
    """When Slack must have been answered."""
    return asyncio.get_running_loop().time() + IN_TIME


def _left(due: float) -> float:
    return max(0.0, due - asyncio.get_running_loop().time())


def _leads_back(action: payloads.Action) -> bool:
    return action.action_id.partition("-")[0] == BACK and (action.value or "").isdecimal()


def _by_url(where: Where, command: payloads.Command) -> Where:
    return Where(where.user, where.channel, url=command.response_url)
