"""Somebody at the page, doing over HTTP what its script does."""

import json
from itertools import count
from typing import Any

from aiohttp import ClientSession

from adapters.web.company import is_dm, place
from bot.chat.events import Values
from bot.chat.who import Actor, Destination
from tests.adapters.contract import Seen, Sheet
from tests.adapters.web.dom import Element, parse
from tests.adapters.web.sheets import fill, sheet, values

Json = dict[str, Any]


class Tab:
    """One open page, of a server at `origin`."""

    def __init__(self, email: str, line: ClientSession, origin: str) -> None:
        self.actor, self.dm = Actor("web", "", email), place(f"dm:{email}")
        self._line, self._origin, self._ids = line, origin, count(1)
        self._form: Element | None = None
        self._form_at, self._filled = self.dm, dict[str, str | tuple[str, ...]]()
        self._home = Element("")
        self._typed = (self.dm, "", "")

    async def types(self, text: str, at: Destination) -> Seen:
        called = text if is_dm(at.address) else f"@okr {text}"
        self._typed = (at, called, f"typed-{next(self._ids):06}")
        return await self.repeats()

    async def repeats(self) -> Seen:
        at, text, number = self._typed
        return await self._tell("typed", at, text=text, id=number)

    async def presses(self, label: str, at: Destination | None) -> Seen:
        shown = [("", self._home)]
        if at is not None:
            shown = [(each["id"], parse(each["html"])) for each in await self._messages(at)]
        message, action = next(
            (message, button["data-action"])
            for message, html in reversed(shown)
            for button in html.all("button")
            if button.text == label
        )
        return await self._tell("clicked", at or self.dm, action=action, message=message)

    async def opens_home(self) -> Seen:
        return await self._tell("opened", self.dm)

    async def sends(self, values: Values) -> Seen:
        assert self._form, "no form stands open"
        for question, answer in values.items():
            fill(self._form, question, answer)
        self._filled |= values
        action = next(self._form.all("form"))["data-action"]
        return await self._tell("submitted", self._form_at, action=action, values=self._filled)

    async def reads(self, at: Destination) -> list[str]:
        return [parse(each["html"]).lines.strip() for each in await self._messages(at)]

    async def _tell(self, what: str, at: Destination, **more: object) -> Seen:
        before = {each["id"] for each in await self._messages(at)}
        answer = await self._post(what, at, more)
        fresh = [
            parse(each["html"])
            for each in await self._messages(at)
            if each["id"] not in before and each["author"] != self.actor.id
        ]
        if answer["reply"] in {"open", "fix"}:
            self._open(answer["html"], at)
        elif html := answer.get("html"):
            fresh.append(parse(html))
        elif what == "submitted":
            self._form = None
        if what == "opened" and fresh:
            self._home = fresh[-1]
        return Seen(
            "\n".join(each.lines for each in fresh).strip(),
            tuple(button.text for each in fresh for button in each.all("button")),
            self._sheet(),
        )

    def _open(self, html: str, at: Destination) -> None:
        self._form, self._form_at = parse(html), at
        self._filled = values(self._form)

    def _sheet(self) -> Sheet | None:
        return sheet(self._form, dict(self._filled)) if self._form else None

    async def _post(self, what: str, at: Destination, more: Json) -> Json:
        body: Json = {"type": what, "me": self.actor.id, "id": f"{what}-{next(self._ids):06}"}
        body |= more if what == "opened" else {"at": at.address, **more}
        send = {"Origin": self._origin, "Content-Type": "application/json"}
        async with self._line.post("/api/event", data=json.dumps(body), headers=send) as answer:
            assert answer.status in {200, 503}, await answer.text()
            told: Json = await answer.json()
            return told

    async def _messages(self, at: Destination) -> list[Json]:
        query = {"me": self.actor.id, "at": at.address}
        async with self._line.get("/api/messages", params=query) as answer:
            assert answer.status == 200, await answer.text()
            messages: list[Json] = (await answer.json())["messages"]
            return messages
