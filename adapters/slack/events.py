"""Slack's payloads → events, and where the answer goes."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from adapters.slack import payloads, people, spelling
from adapters.slack.payloads import ChannelEvent, Command, Envelope, Message, Press
from adapters.slack.people import actor, dm
from adapters.slack.workspace import NAME, Self
from bot.chat.events import (
    Arrived,
    Clicked,
    Event,
    Left,
    Opened,
    PlaceChanged,
    ProfileChanged,
    Typed,
)
from bot.chat.who import Destination

PEOPLE_WRITE = {None, "", "file_share", "thread_broadcast", "me_message"}
"""Message subtypes by which a person says something new."""
CHANGES = {
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_unarchive": "joined",
    "group_unarchive": "joined",
    "channel_rename": "renamed",
    "group_rename": "renamed",
    "channel_id_changed": "moved",
    "channel_deleted": "removed",
    "group_deleted": "removed",
    "channel_left": "removed",
    "group_left": "removed",
}
LOST = {"app_uninstalled", "tokens_revoked"}


class Where(Struct, frozen=True, omit_defaults=True):
    """Where an answer goes: a channel, or with none the person's own conversation.

    `trigger` opens a modal within three seconds, once. `url` answers there for half an hour.
    `view` is the modal that a button was pressed in; `home` says that the App Home is to be drawn
    anew.
    """

    user: str
    channel: str = ""
    thread: str = ""
    url: str = ""
    trigger: str = ""
    view: str = ""
    home: bool = False

    @property
    def private(self) -> bool:
        """Whether only this person reads there."""
        return not self.channel

    def at(self, workspace: str) -> Destination:
        """The same for the bot."""
        return Destination(NAME, workspace, self.channel or self.user)


class Heard(Struct, frozen=True):
    """One event, and where its answer goes."""

    event: Event
    where: Where


def is_dm(channel: str) -> bool:
    """Whether this names a conversation of two."""
    return channel.startswith("D")


def command(said: Command, ours: Self, names: Mapping[str, str], *, own: bool) -> Heard:
    """`/okr …`; `own` where it was typed in the app's own conversation with somebody.

    In two people's conversation with each other the app cannot write: it answers by the url.
    """
    channel = "" if is_dm(said.channel_id) else said.channel_id
    url = "" if own else said.response_url
    where = Where(said.user_id, channel, url=url, trigger=said.trigger_id)
    return _typed(said.text, said.trigger_id, where, ours, names)


def message(said: Message, id: str, ours: Self, names: Mapping[str, str]) -> Heard | None:  # noqa: A002 - the event's own word
    """What somebody wrote to the app; None where it is not for it."""
    if not said.user or said.bot_id or said.user == ours.user or said.subtype not in PEOPLE_WRITE:
        return None
    text, thread = said.text or "", said.thread_ts or ""
    if said.type == "app_mention":
        if is_dm(said.channel):
            return None
        where = Where(said.user, said.channel, thread)
        return _typed(spelling.without(text, ours.user), id, where, ours, names)
    if said.channel_type != "im" and not is_dm(said.channel):
        return None
    return _typed(spelling.without(text, ours.user), id, Where(said.user, "", thread), ours, names)


def opened(user: str, id: str, ours: Self) -> Heard:  # noqa: A002 - the event's own word
    """Somebody looks at the App Home."""
    where = Where(user, home=True)
    return Heard(Opened(actor(ours.id, user), where.at(ours.id), id), where)


def press(pressed: Press, ours: Self, where: Where | None = None) -> Heard | None:
    """A button; None where it is none of ours or only leads to a page.

    `where` is known of a button in a modal.
    """
    pushed = pressed.actions[0] if pressed.actions else payloads.Action()
    if pushed.type != "button" or not pushed.value:
        return None
    where = where or _pressed(pressed)
    at = "" if pressed.container.is_ephemeral else pressed.container.message_ts or ""
    shown_in = pressed.container.channel_id or (pressed.channel.id if pressed.channel else "")
    message = f"{shown_in}:{at}" if at else ""
    id = pressed.trigger_id or f"{pressed.user.id}:{pushed.action_ts}:{pushed.action_id}"  # noqa: A001 - the event's own word
    event = Clicked(
        actor(ours.id, pressed.user.id), where.at(ours.id), id, pushed.value, where.private, message
    )
    return Heard(event, where)


def other(envelope: Envelope, ours: Self) -> Event | None:
    """What happened to people and channels; None where it does not concern us."""
    kind = envelope.event.get("type")
    if kind in ("user_change", "team_join"):
        user = payloads.read(envelope.event, payloads.UserEvent).user
        return _person(str(kind), user, envelope.event_id, ours)
    if kind in CHANGES or kind in ("member_joined_channel", "member_left_channel"):
        change = payloads.read(envelope.event, ChannelEvent)
        return _place(str(kind), change, envelope.event_id, ours)
    return None


def _typed(text: str, id: str, where: Where, ours: Self, names: Mapping[str, str]) -> Heard:  # noqa: A002 - the event's own word
    plain, mentions = spelling.readable(text, names, ours.id)
    who = actor(ours.id, where.user)
    event = Typed(who, where.at(ours.id), id, plain.strip(), where.private, mentions)
    return Heard(event, where)


def _pressed(pressed: Press) -> Where:
    user, trigger = pressed.user.id, pressed.trigger_id
    if pressed.view is not None and pressed.view.type == "home":
        return Where(user, trigger=trigger, home=True)
    channel = pressed.container.channel_id or (pressed.channel.id if pressed.channel else "")
    return Where(
        user,
        "" if is_dm(channel) else channel,
        pressed.container.thread_ts or "",
        pressed.response_url,
        trigger,
    )


def _person(kind: str, user: dict[str, Any], id: str, ours: Self) -> Event | None:  # noqa: A002 - the event's own word
    account = str(user.get("id") or "")
    if not account:
        raise payloads.Misshapen("a user without an id")
    who, known = actor(ours.id, account), people.profile(user, ours)
    if not known.active:
        return Left(who, id, "account_inactive")
    if known.guest:
        return Left(who, id, "guest_or_bot")
    if kind == "team_join":
        return Arrived(who, dm(ours.id, account), id, known)
    return ProfileChanged(who, id, known)


def _place(kind: str, change: ChannelEvent, id: str, ours: Self) -> Event | None:  # noqa: A002 - the event's own word
    at = Destination(NAME, ours.id, change.id or change.old_channel_id)
    match CHANGES.get(kind):
        case "archived":
            return PlaceChanged(at, id, "archived")
        case "renamed":
            return PlaceChanged(at, id, "renamed", name=change.name)
        case "moved":
            return PlaceChanged(at, id, "moved", to=change.new_channel_id)
        case "removed":
            return PlaceChanged(at, id, "removed")
        case "joined":
            return PlaceChanged(at, id, "joined")
        case _ if change.user != ours.user:
            return None
        case _ if kind == "member_joined_channel":
            return PlaceChanged(at, id, "joined")
        case _:
            return PlaceChanged(at, id, "removed")
