"""Somebody in the loopback Teams, doing what its app lets people do."""

from collections.abc import Iterator
from typing import Any

from adapters.teams.adapter import Teams as Adapter
from bot.chat.events import Values
from bot.chat.who import Actor, Destination
from tests.adapters.contract import Seen, Sheet
from tests.adapters.teams import fields
from tests.adapters.teams.loopback import Teams
from tests.adapters.teams.world import BOT, TENANT, Json, card

Overlays = dict[str, Json]


class Member:
    """One person with one open app."""

    def __init__(self, teams: Teams, adapter: Adapter, account: str) -> None:
        self.account, self._teams, self._adapter = account, teams, adapter
        self.actor, self.dm = Actor("teams", TENANT, account), Destination("teams", TENANT, account)
        self.status = 0
        self.answer: Json = {}
        """What Teams heard of the last act."""
        self.more: Json = {}
        """What their app says of itself with everything: a zone, a language."""
        self.is_old = False
        """An app that knows no `Action.Execute` and shows the fallback."""
        self._shown: Overlays = {}
        self._dialog: Json = {}
        self._dialog_of: Json = {}
        self._notices: list[str] = []
        self._said: Json = {}

    # What the contract asks

    async def types(self, text: str, at: Destination) -> Seen:
        place = self._place(at)
        said = text
        more: Json = {}
        if place.startswith("19:"):
            said = f"<at>okr</at>&nbsp;{text}"
            mention = {"type": "mention", "text": "<at>okr</at>",
                       "mentioned": {"id": BOT, "name": "okr"}}  # fmt: skip
            more = {"entities": [mention]}
        return await self.writes(said, place, **more)

    async def writes(self, text: str, place: str, **more: Any) -> Seen:
        """Exactly this."""
        world = self._teams.world
        name, channel = world.id(), place.partition(";")[0]
        said = {"id": name, "from": {"id": f"29:{self.account}"}, "text": text, "root": name}
        world.places[channel].messages.append(said)
        in_channel = world.places[channel].kind == "channel"
        at = f"{channel};messageid={name}" if in_channel else place
        self._said = self._act("message", at, id=name, text=text, textFormat="plain", **more)
        return await self._watch(self._tell(self._said))

    async def whispers(self, text: str, at: Destination) -> Seen:
        """A slash command: a private message in a group."""
        recipient = {"id": BOT, "name": "okr", "isTargeted": True}
        said = self._act("message", self._place(at), id=self._teams.world.id(), text=text,
                         recipient=recipient)  # fmt: skip
        return await self._watch(self._tell(said))

    async def repeats(self) -> Seen:
        return await self._watch(self._tell(self._said))

    async def presses(self, label: str, at: Destination | None) -> Seen:
        return await self._watch(self._press(label, at))

    async def opens_home(self) -> Seen:
        return await self._watch(self._open_home())

    async def sends(self, values: Values) -> Seen:
        return await self._watch(self._send(values))

    async def reads(self, at: Destination) -> list[str]:
        place = self._place(at)
        return [self._text(m) for m in self._teams.world.sees(self.account, place)]

    # And beyond

    async def installs(self, action: str = "add") -> Seen:
        """Adds the app for themselves, or removes it."""
        place = self._teams.world.dm(self.account)
        place.has_bot = action == "add"
        said = self._act("installationUpdate", place.id, action=action)
        return await self._watch(self._tell(said))

    def sees(self, at: Destination) -> list[Json]:
        """The messages there, each as Teams keeps it."""
        return self._teams.world.sees(self.account, self._place(at))

    # How

    def _place(self, at: Destination) -> str:
        if at.address.startswith("19:"):
            return at.address
        return self._teams.world.dm(at.address).id

    def _act(self, type: str, place: str, **more: Any) -> Json:
        return self._teams.activity(self.account, place, type=type, **{**self.more, **more})

    async def _tell(self, activity: Json) -> Json:
        self.status, self.answer = await self._teams.tell(activity)
        return self.answer

    async def _watch(self, act: Any) -> Seen:
        before = self._lines()
        self._notices = []
        dialog = self._dialog
        await act
        await self._adapter.answered()
        known = {line for lines in before.values() for line in lines}
        said: list[str] = []
        labels: list[str] = []
        for name, message in self._messages().items():
            shown = self._card(message)
            lines = [] if fields.is_form(shown) else list(self._said_in(message))
            if name not in before or lines != before[name]:
                new = name not in before
                said += [line for line in lines if new or line not in known]
                labels += [fields.label(b) for b in fields.buttons(shown)] if lines else []
        if self._dialog and self._dialog is not dialog and not fields.is_form(self._dialog):
            said += fields.lines(self._dialog)
            labels += map(fields.label, fields.buttons(self._dialog))
        told = [line for line in (*said, *self._notices) if line.strip() and line != "✓"]
        return Seen("\n".join(told), tuple(labels), await self._sheet())

    def _messages(self) -> dict[str, Json]:
        """All that the bot has said to them."""
        world = self._teams.world
        return {
            f"{at} {m['id']}": m
            for at in world.places
            for m in world.sees(self.account, at)
            if m["from"]["id"] == BOT
        }

    def _lines(self) -> dict[str, list[str]]:
        return {name: list(self._said_in(m)) for name, m in self._messages().items()}

    def _said_in(self, message: Json) -> Iterator[str]:
        yield from filter(None, [str(message.get("text") or "")])
        yield from fields.lines(self._card(message))

    def _text(self, message: Json) -> str:
        return "\n".join(self._said_in(message))

    def _card(self, message: Json) -> Json:
        """As they see it: what an invoke was answered, until the message is changed."""
        key = f"{message['id']} {message.get('edited', 0)}"
        return self._shown.get(key) or card(message)

    async def _press(self, label: str, at: Destination | None) -> None:
        if at is None:
            await self._push(fields.button(self._dialog, label), self._dialog, None)
            return
        place = self._place(at)
        for message in reversed(self._teams.world.sees(self.account, place)):
            shown = self._card(message)
            for button in fields.buttons(shown):
                if fields.label(button) == label:
                    await self._push(button, shown, (place, message))
                    return
        raise AssertionError(f"no button {label!r} in {place}")

    async def _push(self, button: Json, shown: Json, at: tuple[str, Json] | None) -> None:
        """A button, with all that stands in the card's fields."""
        data = {**button.get("data", {}), **fields.filled(shown)}
        if at is None:
            await self._in_dialog(data)
            return
        place, message = at
        if self._teams.world.places[place].kind == "channel":
            place = f"{place};messageid={message['root']}"
        if self.is_old and "fallback" in button:
            button = button["fallback"]
            data = {**button["data"], **fields.filled(shown)}
        match button:
            case {"type": "Action.Execute"}:
                value: Json = {"action": {"type": "Action.Execute", "verb": button["verb"],
                               "id": "", "data": data}, "trigger": "manual"}  # fmt: skip
                said = self._invoke("adaptiveCard/action", place, value, message)
                self._take(await self._tell(said), message)
            case {"data": {"msteams": {"type": "task/fetch"}}}:
                value = {"data": data, "context": {"theme": "default"}}
                self._dialog_of = {"place": place, "message": message, "name": "task/submit"}
                self._open(await self._tell(self._invoke("task/fetch", place, value, message)))
            case _:
                said = self._act("message", place, value=data, replyToId=message["id"])
                await self._tell(said)

    async def _in_dialog(self, data: Json) -> None:
        of = self._dialog_of
        value: Json = {"data": data, "context": {"theme": "default"}}
        if of["name"].startswith("composeExtension"):
            value |= {"commandId": "home", "commandContext": "compose"}
        self._open(await self._tell(self._invoke(of["name"], of["place"], value, of["message"])))

    def _invoke(self, name: str, place: str, value: Json, message: Json | None) -> Json:
        more = {"replyToId": message["id"]} if message else {}
        return self._act("invoke", place, name=name, value=value, **more)

    async def _open_home(self) -> None:
        place = self._teams.world.dm(self.account).id
        self._dialog_of = {
            "place": place, "message": None, "name": "composeExtension/submitAction"
        }  # fmt: skip
        value = {"commandId": "home", "commandContext": "compose", "context": {"theme": "default"}}
        self._open(await self._tell(self._invoke("composeExtension/fetchTask", place, value, None)))

    def _take(self, answer: Json, message: Json) -> None:
        """What an `Action.Execute` was answered."""
        if self.status != 200:
            return
        assert answer["statusCode"] == 200
        if answer["type"] == "application/vnd.microsoft.card.adaptive":
            assert answer["value"]["type"] == "AdaptiveCard"
            self._shown[f"{message['id']} {message.get('edited', 0)}"] = answer["value"]
        else:
            assert answer["type"] == "application/vnd.microsoft.activity.message"
            self._notices.append(answer["value"])

    def _open(self, answer: Json) -> None:
        """What a dialog was answered."""
        if self.status != 200:
            return
        match answer.get("task"):
            case {"type": "continue", "value": value}:
                self._dialog = value["card"]["content"]
                assert not fields.executes(self._dialog), "a dialog has no Action.Execute"
            case {"type": "message", "value": words}:
                self._notices.append(words)
                self._dialog = {}
            case None:
                self._dialog = {}

    # Forms

    def _form(self) -> tuple[Json, tuple[str, Json] | None] | None:
        """The form that stands open, and where."""
        if fields.is_form(self._dialog):
            return self._dialog, None
        for at in self._teams.world.places:
            for message in reversed(self._teams.world.sees(self.account, at)):
                shown = self._card(message)
                if message["from"]["id"] == BOT and fields.is_form(shown):
                    return shown, (at, message)
        return None

    async def _send(self, values: Values) -> None:
        left = dict(values)
        while True:
            form = self._form()
            assert form is not None
            for name in [name for name in left if fields.fill(form[0], name, left[name])]:
                left.pop(name)
            before = fields.page(form[0])
            await self._submit()
            after = self._form()
            if after is None or fields.page(after[0])[1:] != before[1:]:
                break
            if fields.page(after[0])[0] != before[0] + 1:
                break
        assert not left, f"the form does not ask {left.keys()}"

    async def _submit(self) -> None:
        form = self._form()
        assert form is not None
        missing = fields.missing(form[0])
        assert not missing, f"Teams asks to fill in {missing}"
        await self._push(fields.submit(form[0]), *form)
        await self._adapter.answered()

    async def _sheet(self) -> Sheet | None:
        """What stands open; of a form of several pages each is looked at."""
        form = self._form()
        if form is None:
            return None
        problems, values = fields.problems(form[0]), fields.answers(form[0])
        start = fields.page(form[0])[0]
        while fields.page(form[0])[0]:
            await self._back()
            form = self._form() or form
            values |= fields.answers(form[0])
        while fields.page(form[0])[0] + 1 < fields.page(form[0])[1]:
            await self._submit()
            form = self._form() or form
            values |= fields.answers(form[0])
            problems = {**fields.problems(form[0]), **problems}
        while fields.page(form[0])[0] > start:
            await self._back()
            form = self._form() or form
        return Sheet(fields.title(form[0]), values, problems)

    async def _back(self) -> None:
        form = self._form()
        assert form is not None
        await self._push(fields.back(form[0]), *form)
        await self._adapter.answered()
