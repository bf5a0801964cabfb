"""How something is drawn: for which tenant, in which language, with charts or without."""

from msgspec import Struct, field

from adapters.teams.words import ENGLISH, Words


class Pen(Struct, frozen=True):
    """`native` where Teams' own charts and tables may be used, `personal` in somebody's own chat.

    `called` remembers whom each name means on this card: Teams knows people by the name alone.
    """

    tenant: str = ""
    native: bool = True
    personal: bool = True
    words: Words = ENGLISH
    called: dict[str, str] = field(default_factory=dict)

    def name(self, name: str, account: str) -> str:
        """The name by which this account is told, another's being in use with a number."""
        number, named = 1, name
        while self.called.setdefault(named, account) != account:
            number += 1
            named = f"{name} {number}"
        return named
