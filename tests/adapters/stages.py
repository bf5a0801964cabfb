"""A company that stands still, for adapters that ask a stage."""

from datetime import UTC, datetime, timedelta

from bot.chat.cards import Card
from bot.chat.events import Event
from bot.chat.memory import Memory as Memory
from bot.chat.replies import Quiet, Reply
from bot.chat.stage import Example, Face, Hands, Jump, Note, Place
from tests.adapters import examples

FRIDAY = datetime(2026, 2, 13, 8, 0, tzinfo=UTC)


class Still:
    """The fixed cast on a fixed Friday. It is a Stage, and its own Hands."""

    organisation = "Fjord & Co"

    def __init__(self) -> None:
        self.time = FRIDAY
        self.cast = [
            Face("alice@example.org", "Alice Berg", "Growth", "Europe/Oslo"),
            Face("bob@example.org", "Bob Chen", "Growth", "America/New_York"),
            Face("charlie@example.org", "Charlie Adu", "Platform", "Asia/Tokyo", away=True),
        ]
        self.channels = [Place("channel:growth", "growth"), Place("channel:all", "all")]
        self.sent: list[Note] = []
        self.asked = 0
        self.spoken: list[str] = []

    @property
    def hands(self) -> Hands | None:
        return self

    def now(self) -> datetime:
        return self.time

    async def people(self) -> list[Face]:
        self.asked += 1
        return self.cast

    async def places(self) -> list[Place]:
        return self.channels

    async def notes(self, locale: str = "") -> list[Note]:
        self.spoken.append(locale)
        return self.sent

    async def file(self, email: str, name: str) -> bytes | None:
        return None

    def gallery(self, locale: str = "en") -> list[Example]:
        return [
            Example("checkin", "asked", examples.CARD),
            Example("checkin", "form", examples.FORM),
            Example("planning", "long form", examples.LONG_FORM),
        ]

    async def jump(self, to: Jump, me: str) -> str:
        self.time += {"message": timedelta(minutes=5), "day": timedelta(days=1)}.get(
            to, timedelta(weeks=1)
        )
        return f"Moved on by one {to}."


class Ear:
    """Hears events, and answers what it was told to answer."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.answers: list[Reply | Exception] = []

    async def __call__(self, event: Event) -> Reply:
        self.heard.append(event)
        answer = self.answers.pop(0) if self.answers else Quiet()
        if isinstance(answer, Exception):
            raise answer
        return answer


NOT_SAVED = Card("Not saved yet. Please press again.")
