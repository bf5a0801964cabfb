"""The loopback platform of the machine: it tells a witness what its readers see."""

from typing import Literal, TypeAlias

from bot.chat.adapter import Outcome, TryLater, Undeliverable, Unknown
from bot.chat.cards import Card
from bot.chat.who import Destination
from tests.loopback import Loopback
from tests.machine.witness import Attempt, Posting, Witness

Ill: TypeAlias = Literal[
    "takes it in silence", "drops it in silence", "takes it and fails", "fails", "not now", "never"
]


class Platform(Loopback):
    """Behaves as it was told, one attempt after another, and well again afterwards."""

    def __init__(self, witness: Witness) -> None:
        super().__init__(looks_up=witness.looks_up)
        self.witness = witness
        self.ills: list[Ill] = []

    def begins(self, key: str, worker: str, *, woken: bool) -> None:
        """A worker turns to us with a letter."""
        seen = self.witness
        row = seen.rows.get(key)
        due = row.due_at if row is not None else None
        seen.attempts.append(
            Attempt(key, worker, seen.happens(), seen.now, seen.latest, due, seen.paused, woken)
        )

    async def send(
        self, to: Destination, card: Card, *, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        ill = self.ills.pop(0) if self.ills else None
        match ill:
            case None:
                return self.take(to, card, key, replaces, under)
            case "not now":
                return TryLater(30)
            case "never":
                self.witness.refused.add(_of(key))
                return Undeliverable("account_inactive")
        self.witness.doubted.add(key)
        if ill in ("takes it in silence", "takes it and fails"):
            self.take(to, card, key, replaces, under)
        if ill in ("fails", "takes it and fails"):
            raise ConnectionError("the platform broke the line")
        return Unknown()

    def take(
        self, to: Destination, card: Card, key: str, replaces: str = "", under: str = ""
    ) -> Outcome:
        if not replaces:
            self.witness.postings.append(Posting(key, to.address, card, self.witness.happens()))
        return super().take(to, card, key, replaces, under)


def _of(key: str) -> str:
    """The letter's key: an edit is known by another each time."""
    return key.rpartition(":")[0] if key.startswith("edit:") else key
