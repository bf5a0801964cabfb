"""What a workspace of the loopback Slack holds: people, channels, messages, modals, homes."""

import time
from itertools import count
from typing import Any

from msgspec import Struct, field

from tests.adapters.slack import judges

Json = dict[str, Any]

TEAM, ENTERPRISE, APP = "T0HOME", "E0GRID", "A0OKR"
BOT, BOT_ID = "U0OKR", "B0OKR"
TRIGGER_LIVES = 3.0
URL_USES = 5
SCOPES = (
    "app_mentions:read,channels:history,channels:join,channels:read,chat:write,commands,"
    "groups:history,groups:read,im:history,im:write,team:read,users:read,users:read.email"
)


class Refused(Exception):
    """An answer with `"ok": false`."""

    def __init__(self, code: str, *messages: str, **more: str) -> None:
        super().__init__(code)
        self.body: Json = {"ok": False, "error": code, **more}
        if messages:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in messages]}


class Channel(Struct):
    """A channel or a conversation of two."""

    id: str
    name: str = ""
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    is_private: bool = False
    messages: list[Json] = field(default_factory=list)


class Url(Struct):
    """A `response_url`."""

    user: str
    channel: str
    left: int = URL_USES


class World:
    """One workspace. Time stands in its timestamps only by their order."""

    def __init__(self, team: str = TEAM) -> None:
        self.team = team
        self._numbers = count(1)
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Json] = {}
        self.stacks: dict[str, list[Json]] = {}
        self.whispers: list[tuple[str, str, Json]] = []
        self.urls: dict[str, Url] = {}
        self._triggers: dict[str, tuple[str, float]] = {}
        self.native = True
        """Whether it takes charts and tables."""

    def number(self) -> int:
        """A number that was not there before."""
        return next(self._numbers)

    def ts(self) -> str:
        """The time of a new message."""
        return f"1770969600.{self.number():06}"

    # People

    def hire(self, id: str, name: str, email: str, **more: Any) -> Json:
        """Somebody, with every key that Slack gives them."""
        profile = {
            "title": "", "phone": "", "skype": "", "real_name": name,
            "real_name_normalized": name, "display_name": name.split()[0],
            "display_name_normalized": name.split()[0], "status_text": "", "status_emoji": "",
            "status_expiration": 0, "avatar_hash": "", "email": email, "team": TEAM,
            "first_name": name.split()[0], "last_name": name.split()[-1],
        }  # fmt: skip
        self.users[id] = {
            "id": id, "team_id": self.team, "name": name.lower(), "deleted": False,
            "color": "9f69e7", "real_name": name,
            "tz": "Europe/Oslo", "tz_label": "CET", "tz_offset": 3600,
            "profile": profile, "is_admin": False, "is_owner": False, "is_primary_owner": False,
            "is_restricted": False, "is_ultra_restricted": False, "is_bot": False,
            "is_app_user": False, "updated": 1, "is_email_confirmed": True,
        } | more  # fmt: skip
        return self.users[id]

    def user(self, id: str) -> Json:
        """Somebody, or Slack's word for nobody."""
        if id not in self.users:
            raise Refused("user_not_found")
        return self.users[id]

    # Places

    def open(self, id: str, name: str, *members: str, **more: Any) -> Channel:
        """A channel with these people in it."""
        self.channels[id] = Channel(id, name, set(members), **more)
        return self.channels[id]

    def dm(self, user: str) -> Channel:
        """Somebody's conversation with the app."""
        name = f"D{user[1:]}"
        return self.channels.get(name) or self.open(name, "directmessage", user, BOT)

    def place(self, address: str) -> Channel:
        """Where a message to this address goes, or Slack's word for why it does not."""
        if address.startswith("U"):
            if address not in self.users:
                raise Refused("channel_not_found")
            if self.users[address]["deleted"]:
                raise Refused("user_disabled")
            if self.users[address]["is_bot"]:
                raise Refused("cannot_dm_bot")
            return self.dm(address)
        channel = self.channels.get(address)
        if channel is None or (channel.is_private and BOT not in channel.members):
            raise Refused("channel_not_found")
        if channel.is_archived:
            raise Refused("is_archived")
        return channel

    def message(self, channel: Channel, ts: str) -> Json:
        """A message that is there."""
        for message in channel.messages:
            if message["ts"] == ts:
                return message
        raise Refused("message_not_found")

    def sees(self, user: str, channel: str) -> list[Json]:
        """Everything that somebody sees in a place, oldest first, threads included."""
        place = self.channels.get(channel)
        said = list(place.messages) if place and user in place.members else []
        mine = [m for at, to, m in self.whispers if at == channel and to == user]
        return sorted([*said, *mine], key=lambda message: message["ts"])

    def whisper(self, channel: str, user: str, message: Json) -> Json:
        """A message for one person alone, gone when they look away."""
        message["ts"] = self.ts()
        self.whispers.append((channel, user, message))
        return message

    # Modals

    def trigger(self, user: str) -> str:
        """A trigger that opens one modal within three seconds."""
        name = f"{self.number()}.{self.number()}.trigger"
        self._triggers[name] = (user, time.monotonic() + TRIGGER_LIVES)
        return name

    def pull(self, trigger: str) -> str:
        """Who pulled a trigger; each goes off once."""
        if not trigger:
            raise Refused("invalid_arguments")
        if trigger not in self._triggers:
            raise Refused("invalid_trigger_id")
        user, until = self._triggers[trigger]
        if not user:
            raise Refused("exchanged_trigger_id")
        self._triggers[trigger] = ("", until)
        if time.monotonic() > until:
            raise Refused("expired_trigger_id")
        return user

    def view(self, id: str) -> Json:
        """An open modal."""
        for stack in self.stacks.values():
            for view in stack:
                if view["id"] == id:
                    return view
        raise Refused("not_found")

    def show(self, user: str, drawn: Json, view: Json | None = None) -> Json:
        """A modal as it stands open; fields that stay keep what was typed into them."""
        check_view(drawn)
        old = view or {}
        name = old.get("id") or f"V{self.number():08}"
        shown: Json = {
            "id": name, "team_id": self.team, "type": drawn["type"],
            "blocks": _numbered(drawn["blocks"]),
            "private_metadata": drawn.get("private_metadata", ""),
            "callback_id": drawn.get("callback_id", ""), "hash": f"{self.number()}.hash",
            "title": drawn.get("title"), "close": drawn.get("close"),
            "submit": drawn.get("submit"), "clear_on_close": False,
            "notify_on_close": drawn.get("notify_on_close", False), "root_view_id": name,
            "previous_view_id": None, "app_id": APP, "external_id": "",
            "app_installed_team_id": TEAM, "bot_id": BOT_ID,
        }  # fmt: skip
        before = old.get("state", {}).get("values", {})
        shown["state"] = {"values": state_of(shown["blocks"], before)}
        if view is not None:
            view.clear()
            view.update(shown)
            return view
        self.stacks.setdefault(user, []).append(shown)
        return shown

    def check_message(self, text: str, blocks: list[Json]) -> None:
        """Refuse what Slack would."""
        if not blocks:  # text alone; in an edit an empty list takes the old ones away
            if not text:
                raise Refused("no_text")
            return
        faults = judges.of_message(blocks, text)
        if not self.native and any(b["type"] in ("data_visualization", "table") for b in blocks):
            faults.append("unsupported type [json-pointer:/blocks/0/type]")
        if faults:
            raise Refused("invalid_blocks", *faults)


def check_view(view: Json) -> None:
    """Refuse what Slack would. A modal without fields needs no button to send it."""
    if view["type"] == "home":
        faults = judges.of_home(view)
    elif view.get("submit") is None and not any(b["type"] == "input" for b in view["blocks"]):
        faults = judges.of_home({"type": "home", "blocks": view["blocks"]})
    else:
        faults = judges.of_modal({k: v for k, v in view.items() if k != "notify_on_close"})
    if faults:
        raise Refused("invalid_arguments", *faults)


def _numbered(blocks: list[Json]) -> list[Json]:
    return [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]


def state_of(blocks: list[Json], before: Json) -> Json:
    """What stands in the fields: what stood there before, or what the form brings."""
    state: Json = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            old = before.get(block["block_id"], {}).get(element["action_id"])
            kept = old if old is not None and old["type"] == element["type"] else None
            state[block["block_id"]] = {element["action_id"]: kept or _initial(element)}
    return state


def _initial(element: Json) -> Json:
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": element.get("initial_value")}
        case "datepicker":
            return {"type": kind, "selected_date": element.get("initial_date")}
        case "users_select":
            return {"type": kind, "selected_user": element.get("initial_user")}
        case "checkboxes" | "multi_static_select":
            return {"type": kind, "selected_options": element.get("initial_options", [])}
        case _:
            return {"type": kind, "selected_option": element.get("initial_option")}
