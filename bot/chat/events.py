"""What a platform tells the bot, in the past tense and without its raw payload."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct, field

from bot.chat.who import Actor, Destination

Values: TypeAlias = Mapping[str, str | tuple[str, ...]]
"""A form's raw values: text as typed, or the chosen options, by question."""


class Profile(Struct, frozen=True, omit_defaults=True):
    """What a platform knows of an account; `email` only where the platform has verified it.

    `zone` is an IANA name, `locale` a tag such as de-DE. `away_until` is an ISO date, the last day
    away, "" for somebody who is here, None where a platform cannot say. A guest belongs to another
    organisation or has limited rights there.
    """

    name: str
    email: str = ""
    zone: str = ""
    locale: str = ""
    away_until: str | None = None
    guest: bool = False
    active: bool = True


class Mentioned(Struct, frozen=True):
    """Somebody named in a text, with the words that stood for them."""

    actor: Actor
    text: str


class Typed(Struct, frozen=True, tag="typed"):
    """Somebody wrote to the bot, `text` without the bot's own name or command."""

    actor: Actor
    at: Destination
    id: str
    text: str
    private: bool = True
    mentions: tuple[Mentioned, ...] = ()


class Clicked(Struct, frozen=True, tag="clicked"):
    """Somebody pressed a button. `message` is the card's message, as its adapter named it."""

    actor: Actor
    at: Destination
    id: str
    action: str
    private: bool = True
    message: str = ""


class Submitted(Struct, frozen=True, tag="submitted"):
    """Somebody sent a form."""

    actor: Actor
    at: Destination
    id: str
    action: str
    values: Values = field(default_factory=dict)
    private: bool = True


class Opened(Struct, frozen=True, tag="opened"):
    """Somebody looks at the bot's home."""

    actor: Actor
    at: Destination
    id: str


class Arrived(Struct, frozen=True, tag="arrived"):
    """Somebody can be reached at `at` from now on."""

    actor: Actor
    at: Destination
    id: str
    profile: Profile


class Left(Struct, frozen=True, tag="left"):
    """Somebody can no longer be reached."""

    actor: Actor
    id: str
    reason: str


class ProfileChanged(Struct, frozen=True, tag="profile_changed"):
    """A name, zone, locale or absence is new."""

    actor: Actor
    id: str
    profile: Profile


class PlaceChanged(Struct, frozen=True, tag="place_changed"):
    """A channel has a new name or address, or can no longer be written to."""

    at: Destination
    id: str
    change: Literal["renamed", "moved", "archived", "removed", "joined"]
    name: str = ""
    to: str = ""


class WorkspaceChanged(Struct, frozen=True, tag="workspace_changed"):
    """The bot was shut out of a whole workspace, or is let in again.

    `name` is what people call the workspace, `reason` the platform's own word for why.
    """

    platform: str
    workspace: str
    id: str
    change: Literal["lost", "regained"]
    name: str = ""
    reason: str = ""


Event: TypeAlias = (
    Typed
    | Clicked
    | Submitted
    | Opened
    | Arrived
    | Left
    | ProfileChanged
    | PlaceChanged
    | WorkspaceChanged
)


class Reported(Struct, frozen=True, tag="reported", omit_defaults=True):
    """A company's own system gives a figure: a KPI's reading, or a key result's value.

    The actor is its token, named by the token's SHA-256. `id` is what the sender calls this
    request, "" for nothing; `name` a number or a short name. `day` and `at` say when the figure
    was true: one of them at most, neither is today.
    """

    actor: Actor
    id: str
    of: Literal["kpi", "key_result"]
    name: str
    value: float
    day: date | None = None
    at: datetime | None = None
    confidence: int | None = None
    note: str = ""


Table: TypeAlias = Literal[
    "people", "teams", "members", "cycles", "objectives", "key_results", "milestones",
    "moved_targets", "updates", "checkins", "blockers", "commitments", "kudos", "kpis", "readings",
    "episodes", "reviews", "grades", "carry_over", "decisions", "findings",
]  # fmt: skip
"""What may be asked for by itself."""


class Requested(Struct, frozen=True, tag="requested", omit_defaults=True):
    """A company's own system wants what is kept: all of it, or one table of it."""

    actor: Actor
    form: Literal["csv", "json"]
    table: Table | None = None


Report: TypeAlias = Reported | Requested
"""What a company's own systems say, and are answered at once and after the commit."""
