"""The API's routes."""

from typing import Literal, assert_never

import msgspec
from aiohttp import web

from adapters.api import events, openapi
from adapters.api.events import READING, VALUE
from adapters.api.guard import LARGEST, REFUSED, add_headers, guard, no, parsed
from bot.chat.adapter import Take
from bot.chat.events import Report
from bot.chat.replies import Handed, Refused, Taken
from bot.chat.who import Actor


def routes(take: Take) -> web.Application:
    """All routes behind the guard."""
    app = web.Application(middlewares=[guard], client_max_size=LARGEST)
    app.on_response_prepare.append(add_headers)
    server = _Server(take)
    app.add_routes(
        [
            web.post("/api/kpis/{kpi}/readings", server.reading),
            web.post("/api/key-results/{key_result}/value", server.value),
            web.get("/api/export.csv", server.csv),
            web.get("/api/export.json", server.json),
            web.get("/api/openapi.json", server.described),
        ]
    )
    return app


class _Server:
    def __init__(self, take: Take) -> None:
        self._take = take
        self._description = msgspec.json.encode(openapi.description())

    async def described(self, _: web.Request) -> web.Response:
        """What the API takes and answers; for everybody."""
        return web.Response(body=self._description, content_type="application/json")

    async def reading(self, request: web.Request) -> web.Response:
        """A KPI's reading."""
        who, key = _sender(request)
        sent = events.body(await parsed(request), READING)
        return await self._answer(events.reading(who, key, request.match_info["kpi"], sent))

    async def value(self, request: web.Request) -> web.Response:
        """A key result's value."""
        who, key = _sender(request)
        sent = events.body(await parsed(request), VALUE)
        return await self._answer(events.value(who, key, request.match_info["key_result"], sent))

    async def csv(self, request: web.Request) -> web.Response:
        """One table for a spreadsheet."""
        return await self._export(request, "csv")

    async def json(self, request: web.Request) -> web.Response:
        """All tables at once."""
        return await self._export(request, "json")

    async def _export(self, request: web.Request, form: Literal["csv", "json"]) -> web.Response:
        who = events.actor(request.headers.get("Authorization", ""))
        return await self._answer(events.wanted(who, form, request.query.get("table")))

    async def _answer(self, report: Report) -> web.Response:
        answer = await self._take(report)
        match answer:
            case Taken():
                return _taken(answer)
            case Handed(name=name, body=body):
                return _file(name, body)
            case Refused(why=why, words=words, field=field):
                return no(REFUSED[why], why, words, field)
            case _:
                assert_never(answer)


def _sender(request: web.Request) -> tuple[Actor, str]:
    who = events.actor(request.headers.get("Authorization", ""))
    return who, events.key(request.headers.get("Idempotency-Key"))


def _taken(taken: Taken) -> web.Response:
    facts: dict[str, object] = {taken.of: taken.id, "name": taken.name, "value": taken.value}
    facts |= {"day": taken.day}
    if taken.of == "key_result":
        facts |= {"week": taken.week, "confidence": taken.confidence}
    headers = {"Idempotent-Replayed": "true"} if taken.again else {}
    body = msgspec.json.encode(facts)
    return web.Response(body=body, content_type="application/json", headers=headers)


def _file(name: str, body: bytes) -> web.Response:
    kind = "application/json" if name.endswith(".json") else "text/csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    charset = None if kind == "application/json" else "utf-8"
    return web.Response(body=body, content_type=kind, charset=charset, headers=headers)
