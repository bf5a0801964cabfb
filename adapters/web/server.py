"""The page's routes."""

import asyncio
from pathlib import Path
from typing import Literal

import msgspec
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct
from msgspec.json import Decoder

from adapters.web import events, gallery
from adapters.web.board import Board
from adapters.web.company import Company, dm, is_dm, place
from adapters.web.guard import LARGEST, add_headers, guard, say
from adapters.web.live import Live, shown
from adapters.web.talk import Talk
from adapters.web.words import speaking, spoken
from bot.chat.adapter import Handle
from bot.chat.stage import Face, Stage

PAGE = Path(__file__).with_name("page")
ASSETS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FILES = {"json": "application/json", "csv": "text/csv", "zip": "application/zip"}
MOST = 60


class Leap(Struct, frozen=True, forbid_unknown_fields=True):
    """A press on the clock bar."""

    to: Literal["message", "day", "week"]
    me: str = ""


LEAP: Decoder[Leap] = Decoder(Leap)


class Server:
    """Answers the page's requests."""

    def __init__(
        self, stage: Stage, company: Company, board: Board, live: Live, handle: Handle
    ) -> None:
        self._stage, self._company, self._board, self._live = stage, company, board, live
        self._talk = Talk(stage, company, board, live, handle)
        self._is_jumping = asyncio.Lock()
        self._pages = Environment(
            loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined
        )

    def app(self) -> web.Application:
        """All routes behind the guard."""
        app = web.Application(middlewares=[guard], client_max_size=LARGEST)
        app.on_response_prepare.append(add_headers)
        app.add_routes(
            [
                web.get("/", self.index),
                web.get("/gallery", self.gallery),
                web.get("/page/{name}", self.asset),
                web.get("/api/world", self.world),
                web.get("/api/messages", self.messages),
                web.get("/api/notes", self.notes),
                web.get("/api/files/{name}", self.file),
                web.get("/api/live", self.live),
                web.post("/api/event", self.event),
                web.post("/api/jump", self.jump),
            ]
        )
        return app

    async def index(self, _: web.Request) -> web.Response:
        """The one page."""
        return self._html("index.html")

    async def gallery(self, request: web.Request) -> web.Response:
        """Every card and form there is, in the language of the person one is."""
        me = await self._company.face(request.query.get("me", ""))
        locale = me.locale if me else "en"
        with speaking(locale):
            flows = gallery.flows(self._stage.gallery(locale))
            return self._html("gallery.html", flows=flows, say=spoken())

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """A script, a style or a picture of the page."""
        path = PAGE / request.match_info["name"]
        kind = ASSETS.get(path.suffix.removeprefix("."))
        if kind is None or path.parent != PAGE or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": f"{kind}; charset=utf-8"})

    async def world(self, _: web.Request) -> web.Response:
        """Who and where there is, and how late it is."""
        faces, places = await self._company.faces(), await self._company.places()
        return web.json_response(
            {
                "organisation": self._stage.organisation,
                "now": self._now(),
                "clock": self._stage.hands is not None,
                "board": await self._board.identity(),
                "people": [msgspec.to_builtins(Shown.of(face)) for face in faces],
                "places": msgspec.to_builtins(places),
                "latest": await self._board.latest(),
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The end of a conversation, or what stands before a seat in it."""
        me, at = await self._me(request), request.query.get("at", "")
        if at != dm(me).address and (is_dm(at) or not await self._company.has(place(at))):
            raise events.Refused("There is no such place for you.")
        change = await self._board.change()
        before = _number(request, "before", 2**62)
        page = await self._board.page(at, me.email, before, MOST)
        more = sum(not message.under for message in page) == MOST
        return web.json_response(
            {"change": change, "more": more, "messages": [shown(message) for message in page]}
        )

    async def notes(self, request: web.Request) -> web.Response:
        """What was sent, newest first, and why in the reader's language."""
        me = await self._company.face(request.query.get("me", ""))
        notes = await self._stage.notes(me.locale if me else "")
        return web.json_response({"notes": msgspec.to_builtins(notes)})

    async def file(self, request: web.Request) -> web.Response:
        """A file that a card offered to whom one is."""
        me, name = await self._me(request), request.match_info["name"]
        body = await self._stage.file(me.email, name)
        if body is None:
            return say(403, "There is no such file for you.")
        headers = {"Content-Disposition": f'attachment; filename="okr-{name}"'}
        kind = FILES[name.rpartition(".")[2]]
        return web.Response(body=body, content_type=kind, headers=headers)

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Every change from now on, or from where the page left off."""
        me = await self._me(request)
        since = request.headers.get("Last-Event-ID") or request.query.get("since", "")
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        newest = await self._board.change()
        start = min(int(since), newest) if _is_number(since) else newest
        await self._live.follow(stream, me.email, start)
        return stream

    async def event(self, request: web.Request) -> web.Response:
        """Something a person did."""
        return await self._talk.hear(events.read(await request.read(), events.POSTED))

    async def jump(self, request: web.Request) -> web.Response:
        """Move business time on; one jump at a time."""
        leap = events.read(await request.read(), LEAP)
        if self._stage.hands is None:
            return say(404, "The clock here is the real one.")
        if self._is_jumping.locked():
            return say(409, "The clock is moving already. A moment, please.")
        async with self._is_jumping:
            said = await self._stage.hands.jump(leap.to, leap.me)
        self._live.ring()
        return web.json_response({"said": said, "now": self._now()})

    def _now(self) -> str:
        return self._stage.now().isoformat()

    def _html(self, name: str, **more: object) -> web.Response:
        page = self._pages.get_template(name)
        text = page.render(organisation=self._stage.organisation, **more)
        return web.Response(text=text, content_type="text/html")

    async def _me(self, request: web.Request) -> Face:
        if me := await self._company.face(request.query.get("me", "")):
            return me
        raise events.Refused("Nobody here has this e-mail address. Choose who you are once more.")


class Shown(Struct, frozen=True):
    """A face with nothing left out."""

    email: str
    name: str
    team: str
    zone: str
    locale: str
    away: bool

    @classmethod
    def of(cls, face: Face) -> "Shown":
        return cls(face.email, face.name, face.team, face.zone, face.locale, face.away)


def _number(request: web.Request, name: str, otherwise: int) -> int:
    text = request.query.get(name, "")
    return int(text) if _is_number(text) else otherwise


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
