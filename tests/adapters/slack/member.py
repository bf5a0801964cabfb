"""Somebody in the loopback Slack, doing what its app lets people do."""

import re
from collections.abc import Iterator
from typing import Any

from adapters.slack.adapter import Slack as Adapter
from adapters.slack.events import is_dm
from adapters.slack.ids import question
from adapters.slack.meta import Meta
from bot.chat.events import Values
from bot.chat.who import Actor, Destination
from tests.adapters.contract import Seen, Sheet
from tests.adapters.slack.loopback import Slack
from tests.adapters.slack.world import BOT, TEAM, Json

URL = re.compile(r"https?://[^\s)\]>]+")
WARNING = "⚠ "


class Member:
    """One person with one open app."""

    def __init__(self, slack: Slack, adapter: Adapter, id: str) -> None:
        self.id, self._slack, self._adapter = id, slack, adapter
        self.actor, self.dm = Actor("slack", TEAM, id), Destination("slack", TEAM, id)
        self.status = 0
        """What Slack heard of the last act."""
        self._errors: dict[str, str] = {}
        self._event: Json = {}
        self._event_id = ""

    async def types(self, text: str, at: Destination) -> Seen:
        place = self._channel(at)
        written = URL.sub(lambda url: f"<{url.group()}>", _escaped(text))
        ts, own = self._slack.world.ts(), is_dm(place)
        said = written if own else f"<@{BOT}> {written}"
        message = {"type": "message", "user": self.id, "ts": ts, "text": said, "team": TEAM}
        self._slack.world.channels[place].messages.append(message)
        self._event = {**message, "type": "message" if own else "app_mention", "channel": place,
                       "event_ts": ts, "client_msg_id": "x", "blocks": []}  # fmt: skip
        if own:
            self._event["channel_type"] = "im"
        self._event_id = f"Ev{self._slack.world.number():08}"
        return await self._watch(self._tell(0))

    async def repeats(self) -> Seen:
        return await self._watch(self._tell(1))

    async def commands(self, text: str, at: Destination) -> Seen:
        """`/okr …`."""
        return await self._watch(self._command(text, self._channel(at)))

    async def presses(self, label: str, at: Destination | None) -> Seen:
        return await self._watch(self._press(label, at))

    async def presses_in_modal(self, label: str) -> Seen:
        """A button of the modal that is open."""
        view = self._stack[-1]
        about = {"container": {"type": "view", "view_id": view["id"]}, "view": view}
        return await self._watch(self._push(_button(view["blocks"], label), about))

    async def opens_home(self) -> Seen:
        return await self._watch(self._open_home())

    async def sends(self, values: Values) -> Seen:
        return await self._watch(self._send(values))

    async def closes(self) -> None:
        """Puts the open form away."""
        view = self._stack.pop()
        body = {"type": "view_closed", "user": {"id": self.id}, "view": view, "is_cleared": False}
        await self._slack.interaction(body)

    async def reads(self, at: Destination) -> list[str]:
        return [said(m) for m in self._slack.world.sees(self.id, self._channel(at))]

    def sees(self, at: Destination) -> list[Json]:
        """The same, each as Slack keeps it."""
        return self._slack.world.sees(self.id, self._channel(at))

    @property
    def _stack(self) -> list[Json]:
        return self._slack.world.stacks.setdefault(self.id, [])

    def _channel(self, at: Destination) -> str:
        return self._slack.world.place(at.address).id

    async def _watch(self, act: Any) -> Seen:
        world = self._slack.world
        before = {m["ts"] for at in world.channels for m in world.sees(self.id, at)}
        home, stack = world.homes.get(self.id), [view["hash"] for view in self._stack]
        self._errors = {}
        await act
        await self._adapter.answered()
        new = [m for at in world.channels for m in world.sees(self.id, at) if m["ts"] not in before]
        new = [m for m in new if m["user"] == BOT]
        shown = [m["blocks"] for m in new]
        if world.homes.get(self.id) is not home:
            shown.append(world.homes[self.id]["blocks"])
        notices = [v for v in self._stack if v["hash"] not in stack and not v.get("submit")]
        shown += [view["blocks"] for view in notices]
        told = "\n".join([*(_text(blocks) for blocks in shown), *self._errors.values()]).strip()
        labels = tuple(_label(b) for blocks in shown for b in _buttons(blocks))
        return Seen(told, labels, await self._sheet())

    async def _tell(self, retry: int) -> None:
        """Again and again, as Slack does, until somebody acknowledges it."""
        for attempt in range(retry, 4):
            self.status = await self._slack.event(self._event, self._event_id, attempt)
            if self.status == 200:
                break

    async def _command(self, text: str, place: str) -> None:
        self.status, body = await self._slack.command(self.id, place, text)
        if body:
            url = self._slack.world.urls[next(reversed(self._slack.world.urls))]
            self._slack.shown_by_url(url, body)

    async def _press(self, label: str, at: Destination | None) -> None:
        if at is None:
            view = self._slack.world.homes[self.id]
            about: Json = {"container": {"type": "view", "view_id": view["id"]}, "view": view}
            await self._push(_button(view["blocks"], label), about)
            return
        place = self._channel(at)
        for message in reversed(self._slack.world.sees(self.id, place)):
            for button in _buttons(message.get("blocks", [])):
                if _label(button) == label:
                    await self._push(button, self._about(message, place))
                    return
        raise AssertionError(f"no button {label!r} in {place}")

    def _about(self, message: Json, place: str) -> Json:
        alone = any(m is message for _, _, m in self._slack.world.whispers)
        container: Json = {"type": "message", "message_ts": message["ts"], "channel_id": place,
                           "is_ephemeral": alone}  # fmt: skip
        if "thread_ts" in message and message["thread_ts"] != message["ts"]:
            container["thread_ts"] = message["thread_ts"]
        url = self._slack.answer_url(self.id, place)
        return {"container": container, "channel": {"id": place, "name": "x"},
                "message": message, "response_url": url}  # fmt: skip

    async def _push(self, button: Json, about: Json) -> None:
        action = {**button, "block_id": "b1", "action_ts": self._slack.world.ts()}
        trigger = self._slack.world.trigger(self.id)
        body = {"type": "block_actions", "user": {"id": self.id, "team_id": TEAM},
                "trigger_id": trigger, "actions": [action], **about}  # fmt: skip
        self.status, _ = await self._slack.interaction(body)

    async def _open_home(self) -> None:
        channel = self._slack.world.dm(self.id).id
        event = {"type": "app_home_opened", "user": self.id, "channel": channel, "tab": "home",
                 "event_ts": self._slack.world.ts()}  # fmt: skip
        self.status = await self._slack.event(event)

    # Forms

    async def _send(self, values: Values) -> None:
        left = dict(values)
        while True:
            view = self._stack[-1]
            page = _meta(view).page
            for block in _inputs(view):
                name = _question(block)
                if name in left:
                    _fill(view, block, left.pop(name))
            body = await self._submit()
            if body.get("response_action") != "update" or _meta(self._stack[-1]).page != page + 1:
                break
        assert not left, f"the form does not ask {left.keys()}"

    async def _submit(self) -> Json:
        view = self._stack[-1]
        for block in _inputs(view):
            (state,) = view["state"]["values"][block["block_id"]].values()
            assert block["optional"] or any(list(state.values())[1:]), "Slack asks to fill this in"
        body = {"type": "view_submission", "user": {"id": self.id, "team_id": TEAM}, "view": view,
                "trigger_id": self._slack.world.trigger(self.id), "response_urls": []}  # fmt: skip
        self.status, answer = await self._slack.interaction(body)
        if self.status != 200:
            return {"response_action": "trouble"}
        match answer.get("response_action"):
            case "errors":
                known = {block["block_id"] for block in _inputs(view)}
                assert answer["errors"].keys() <= known, "Slack knows no such block"
                self._errors = answer["errors"]
            case "update":
                self._slack.world.show(self.id, answer["view"], view)
            case "push":
                self._slack.world.show(self.id, answer["view"])
            case "clear":
                self._stack.clear()
            case None:
                self._stack.pop()
        return answer

    async def _sheet(self) -> Sheet | None:
        """What stands open; of a form of several pages each is looked at."""
        form = next((view for view in reversed(self._stack) if view.get("submit")), None)
        if form is None:
            return None
        problems = {**_warnings(form), **{self._of(form, b): t for b, t in self._errors.items()}}
        values, title = _values(form), form["title"]["text"]
        while _meta(form).page + 1 < _meta(form).pages:
            body = await self._submit()
            assert body.get("response_action") == "update", body
            values |= _values(form)
        while _meta(form).page:
            back = next(b for b in _buttons(form["blocks"]) if b["action_id"].startswith("back"))
            await self._push(back, {"container": {"type": "view"}, "view": form})
            await self._adapter.answered()
        return Sheet(title, values, problems)

    def _of(self, view: Json, block_id: str) -> str:
        return next(_question(b) for b in _inputs(view) if b["block_id"] == block_id)


def said(message: Json) -> str:
    """The text of a message as its readers see it."""
    if message["user"] == BOT:
        return _text(message["blocks"])
    written = re.sub(r"<(https?://[^>]*)>", r"\1", message["text"])
    return written.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _text(value: Any) -> str:
    """All that is to be read in blocks, a line for each."""
    lines = [line for line in _lines(value) if line.strip()]
    return "\n".join(lines)


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _lines(each)
    elif isinstance(value, dict):
        if value.get("type") == "rich_text_section":
            yield "".join(_said(each) for each in value["elements"])
        elif isinstance(value.get("text"), str):
            yield value["text"]
        else:
            for name, each in value.items():
                if name not in ("metadata", "state"):
                    yield from _lines(each)


def _said(element: Json) -> str:
    return element.get("text") or f"@{element.get('user_id', '')}"


def _buttons(blocks: list[Json]) -> list[Json]:
    return [e for b in blocks if b["type"] == "actions" for e in b["elements"]]


def _button(blocks: list[Json], label: str) -> Json:
    return next(button for button in _buttons(blocks) if _label(button) == label)


def _label(button: Json) -> str:
    return str(button["text"]["text"])


def _inputs(view: Json) -> list[Json]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _question(block: Json) -> str:
    return question(block["block_id"], block["element"]["action_id"])


def _meta(view: Json) -> Meta:
    return Meta.read(view["private_metadata"])


def _values(view: Json) -> dict[str, str | tuple[str, ...]]:
    """What stands in the fields."""
    values: dict[str, str | tuple[str, ...]] = {}
    for block in _inputs(view):
        (state,) = view["state"]["values"][block["block_id"]].values()
        values[_question(block)] = _value(state)
    return values


def _value(state: Json) -> str | tuple[str, ...]:
    match state:
        case {"selected_options": chosen}:
            return tuple(option["value"].removeprefix("=") for option in chosen)
        case {"selected_option": chosen}:
            is_one = chosen and chosen["value"] != "-"
            return chosen["value"].removeprefix("=") if is_one else ""
        case {"selected_date": day}:
            return day or ""
        case _:
            return state.get("value") or ""


def _fill(view: Json, block: Json, answer: str | tuple[str, ...]) -> None:
    """Enter an answer as somebody can with a mouse and a keyboard."""
    element = block["element"]
    state = view["state"]["values"][block["block_id"]][element["action_id"]]
    offered = {o["value"]: o for o in _options(element)}
    match element["type"]:
        case "plain_text_input":
            assert len(answer) <= element["max_length"], "Slack takes no more"
            state["value"] = answer or None
        case "datepicker":
            state["selected_date"] = answer or None
        case "checkboxes" | "multi_static_select":
            state["selected_options"] = [offered[f"={each}"] for each in answer]
        case _:
            state["selected_option"] = offered[f"={answer}"] if answer else offered.get("-")


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(o for group in groups for o in group["options"])]


def _warnings(view: Json) -> dict[str, str]:
    """What a drawn form says is wrong: before a question of it, or at its head of none."""
    found: dict[str, list[str]] = {}
    waiting: list[str] = []
    has_asked = False
    for block in view["blocks"]:
        if block["type"] == "input":
            name = _question(block)
            hint = block.get("hint", {}).get("text", "").split("\n")
            waiting += [line for line in hint if line.startswith(WARNING)]
            found.setdefault(name, []).extend(waiting)
            waiting, has_asked = [], True
        elif (text := _text(block)).startswith(WARNING):
            waiting.append(text)
        elif waiting and not has_asked:
            found.setdefault("", []).extend(waiting)
            waiting = []
    return {name: "\n".join(texts) for name, texts in found.items() if texts}
