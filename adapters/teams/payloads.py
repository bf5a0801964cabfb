"""What Teams sends, as far as we read it. Whatever has other types than these is refused."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

T = TypeVar("T")
PRESSED = "adaptiveCard/action"


class Misshapen(Exception):
    """Not what Teams sends; nothing of it is heard."""


class Account(Struct, frozen=True, rename="camel"):
    """A person or a bot; `aad_object_id` is the same everywhere, `id` only for us."""

    id: str = ""
    name: str | None = None
    aad_object_id: str | None = None
    is_targeted: bool | None = None


class Conversation(Struct, frozen=True, rename="camel"):
    """Where something was said."""

    id: str
    conversation_type: str | None = None
    tenant_id: str | None = None
    name: str | None = None


class Named(Struct, frozen=True):
    """A team, a channel, a tenant."""

    id: str = ""
    name: str | None = None


class ChannelData(Struct, frozen=True, rename="camel"):
    """What only Teams says."""

    tenant: Named | None = None
    team: Named | None = None
    channel: Named | None = None
    event_type: str | None = None


class Activity(Struct, frozen=True, rename="camel"):
    """One thing that Teams tells us."""

    type: str
    service_url: str
    conversation: Conversation
    id: str = ""
    channel_id: str = "msteams"
    from_: Account = field(name="from", default=Account())
    recipient: Account = Account()
    channel_data: ChannelData | None = None
    text: str | None = None
    value: Any = None
    name: str | None = None
    action: str | None = None
    reply_to_id: str | None = None
    entities: list[dict[str, Any]] | None = None
    locale: str | None = None
    local_timezone: str | None = None
    members_added: list[Account] | None = None
    members_removed: list[Account] | None = None

    @property
    def tenant(self) -> str:
        """Whose Teams it is: channels name it in their data alone."""
        ours = self.channel_data.tenant if self.channel_data else None
        return ((ours and ours.id) or self.conversation.tenant_id or "").lower()

    @property
    def is_personal(self) -> bool:
        """Whether this is somebody's own conversation with the bot."""
        kind = self.conversation.conversation_type
        return kind == "personal" if kind else not self.conversation.id.startswith("19:")

    @property
    def data(self) -> dict[str, Any]:
        """What a card, a dialog or a message extension sends along; {} where it sends nothing."""
        if self.type != "invoke":
            return self.value if isinstance(self.value, dict) else {}
        about = _object(self.value, "action") if self.name == PRESSED else self.value
        return _object(about, "data")


def read(raw: bytes) -> Activity:
    """An activity, or Misshapen."""
    try:
        return msgspec.json.decode(raw, type=Activity)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Misshapen(str(error)) from None


def convert(raw: object, type: type[T]) -> T:  # noqa: A002 - msgspec's own word for it
    """A part of a payload, of this type, or Misshapen."""
    try:
        return msgspec.convert(raw, type)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise Misshapen(str(error)) from None


def _object(raw: object, name: str) -> dict[str, Any]:
    found = raw.get(name) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else {}
