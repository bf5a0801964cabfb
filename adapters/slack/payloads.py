"""What Slack sends, as far as we read it. Whatever has other types than these is refused."""

from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, field

T = TypeVar("T")


class Misshapen(Exception):
    """Not what Slack sends; nothing of it is heard."""


class Named(Struct, frozen=True):
    """A channel or a user, as payloads name them."""

    id: str = ""
    name: str | None = None


class Command(Struct, frozen=True):
    """`/okr …`."""

    user_id: str
    channel_id: str
    trigger_id: str
    text: str = ""
    response_url: str = ""


class View(Struct, frozen=True):
    """A modal or the App Home, with what stands in its fields."""

    id: str
    type: str = "modal"
    private_metadata: str = ""
    hash: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)


class Container(Struct, frozen=True):
    """Where a button stands."""

    type: str = ""
    message_ts: str | None = None
    thread_ts: str | None = None
    channel_id: str | None = None
    is_ephemeral: bool | None = False


class Action(Struct, frozen=True):
    """What was pressed."""

    type: str = ""
    action_id: str = ""
    value: str | None = None
    action_ts: str = ""


class Press(Struct, frozen=True):
    """`block_actions`."""

    user: Named
    actions: list[Action]
    trigger_id: str = ""
    response_url: str = ""
    container: Container = Container()
    channel: Named | None = None
    view: View | None = None


class Sent(Struct, frozen=True):
    """`view_submission` and `view_closed`."""

    user: Named
    view: View
    trigger_id: str = ""


class Envelope(Struct, frozen=True):
    """`event_callback`: one event of the Events API."""

    event: dict[str, Any]
    event_id: str
    team_id: str | None = None


class Message(Struct, frozen=True):
    """`message` and `app_mention`."""

    channel: str
    ts: str
    type: str = "message"
    user: str | None = None
    text: str | None = ""
    subtype: str | None = None
    bot_id: str | None = None
    channel_type: str | None = None
    thread_ts: str | None = None


class HomeOpened(Struct, frozen=True):
    """`app_home_opened`."""

    user: str
    tab: str | None = "home"


class UserEvent(Struct, frozen=True):
    """`user_change` and `team_join`."""

    user: dict[str, Any]


class ChannelEvent(Struct, frozen=True):
    """Whatever happens to a channel, by its id; `user` is who joined or left."""

    channel: str | Named = ""
    user: str | None = None
    old_channel_id: str = ""
    new_channel_id: str = ""

    @property
    def id(self) -> str:
        """The channel."""
        return self.channel if isinstance(self.channel, str) else self.channel.id

    @property
    def name(self) -> str:
        """Its new name, where it has one."""
        return "" if isinstance(self.channel, str) else self.channel.name or ""


Payload: TypeAlias = Command | Press | Sent | Envelope


def read(raw: object, type: type[T]) -> T:  # noqa: A002 - msgspec's own word for it
    """A payload of this type, or Misshapen."""
    try:
        return msgspec.convert(raw, type)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise Misshapen(str(error)) from None
