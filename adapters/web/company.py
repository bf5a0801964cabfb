"""Who and where there is on the page, and how its addresses read."""

import asyncio
import re

from bot.chat.events import Mentioned, Profile
from bot.chat.stage import Face, Place, Stage
from bot.chat.who import Actor, Destination

NAME = "web"
DM = "dm:"
FRESH = 2.0
"""For so many seconds what the stage said is believed, so that a batch of letters asks it once."""


def actor(face: Face) -> Actor:
    """The account of this person."""
    return Actor(NAME, "", face.email)


def dm(face: Face) -> Destination:
    """This person's conversation with the bot."""
    return place(f"{DM}{face.email}")


def place(address: str) -> Destination:
    """A place of the page."""
    return Destination(NAME, "", address)


def is_dm(address: str) -> bool:
    """Whether this is somebody's conversation with the bot."""
    return address.startswith(DM)


def profile(face: Face) -> Profile:
    """What the page knows of somebody."""
    return Profile(name=face.name, email=face.email, zone=face.zone, locale=face.locale)


class Company:
    """The stage's people and places, by e-mail address and by address."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._faces: dict[str, Face] = {}
        self._places: dict[str, Place] = {}
        self._until = 0.0

    async def faces(self) -> list[Face]:
        """Everybody."""
        await self._look(fresh=True)
        return list(self._faces.values())

    async def places(self) -> list[Place]:
        """Every channel."""
        await self._look()
        return list(self._places.values())

    async def face(self, email: str) -> Face | None:
        """The person with this address; a newcomer is found at once."""
        await self._look()
        if email.casefold() not in self._faces:
            await self._look(fresh=True)
        return self._faces.get(email.casefold())

    async def has(self, to: Destination) -> bool:
        """Whether somebody or some channel is there."""
        if (to.platform, to.workspace) != (NAME, ""):
            return False
        if is_dm(to.address):
            face = await self.face(to.address.removeprefix(DM))
            return face is not None and dm(face) == to
        await self._look()
        if to.address not in self._places:
            await self._look(fresh=True)
        return to.address in self._places

    async def mentions(self, text: str) -> tuple[Mentioned, ...]:
        """Everybody whose name stands after an @: the whole name, or a first name only one has."""
        if "@" not in text:
            return ()
        await self._look()
        found: dict[int, Mentioned] = {}
        for name, face in _names(list(self._faces.values())):
            for hit in re.finditer(rf"(?<!\w)@{re.escape(name)}(?!\w)", text, re.IGNORECASE):
                found.setdefault(hit.start(), Mentioned(actor(face), hit.group()))
        return tuple(found[start] for start in sorted(found))

    async def _look(self, *, fresh: bool = False) -> None:
        now = asyncio.get_running_loop().time()
        if fresh or now >= self._until:
            people, places = await self._stage.people(), await self._stage.places()
            self._faces = {face.email.casefold(): face for face in people}
            self._places = {place.address: place for place in places}
            self._until = now + FRESH


def _names(faces: list[Face]) -> list[tuple[str, Face]]:
    """Names by which people are called, the longest first."""
    called = [(name, face) for face in faces for name in {face.name, face.name.split(" ")[0]}]
    times = [name.casefold() for name, _ in called]
    once = [(name, face) for name, face in called if name and times.count(name.casefold()) == 1]
    return sorted(once, key=lambda pair: (-len(pair[0]), pair[0]))
