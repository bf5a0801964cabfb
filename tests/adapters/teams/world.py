"""What the loopback Teams holds: people, teams, conversations, messages."""

from itertools import count
from typing import Any

from msgspec import Struct, field

Json = dict[str, Any]

TENANT = "7a1c8e4e-0000-4000-8000-000000000001"
ELSEWHERE = "7a1c8e4e-0000-4000-8000-00000000000e"
APP = "1b4e28ba-0000-4000-8000-000000000002"
BOT = f"28:{APP}"
MOST = 100 * 1024
"""Bytes of a message, two for a character, above which Teams takes none."""


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, code: str, message: str = "No.") -> None:
        super().__init__(code)
        self.status = status
        self.body: Json = {"error": {"code": code, "message": message}}


class Conversation(Struct):
    """A personal chat, a group chat or a channel."""

    id: str
    kind: str
    members: set[str] = field(default_factory=set)
    team: str = ""
    has_bot: bool = True
    closed: Refused | None = None
    messages: list[Json] = field(default_factory=list)


class World:
    """One tenant, as Teams knows it."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.people: dict[str, Json] = {}
        self.places: dict[str, Conversation] = {}

    def number(self) -> int:
        """A number that was not there before."""
        return next(self._numbers)

    def id(self) -> str:
        """The id of a new message."""
        return str(1770969600000 + self.number())

    # People

    def hire(self, account: str, name: str, email: str, **more: Any) -> Json:
        """Somebody, as a roster brings them."""
        first, _, last = name.partition(" ")
        self.people[account] = {
            "id": f"29:{account}", "aadObjectId": account, "name": name, "givenName": first,
            "surname": last, "email": email, "userPrincipalName": email, "tenantId": TENANT,
            "userRole": "user",
        } | more  # fmt: skip
        return self.people[account]

    def person(self, name: str) -> Json:
        """Somebody by any of their names, or Teams' word for nobody."""
        for each in self.people.values():
            if name.lower() in {str(each[key]).lower() for key in ("id", "aadObjectId", "email")}:
                return each
        raise Refused(404, "MemberNotFoundInConversation")

    # Places

    def open(self, id: str, kind: str, *members: str, **more: Any) -> Conversation:
        """A conversation with these people in it."""
        self.places[id] = Conversation(id, kind, set(members), **more)
        return self.places[id]

    def dm(self, account: str) -> Conversation:
        """Somebody's own conversation with the bot."""
        name = f"a:1{account}"
        return self.places.get(name) or self.open(name, "personal", account)

    def place(self, conversation: str) -> Conversation:
        """A conversation or the channel of a thread, or Teams' word for why there is none."""
        found = self.places.get(conversation.partition(";")[0])
        if found is None:
            raise Refused(404, "ConversationNotFound")
        if not found.has_bot:
            raise Refused(403, "BotNotInConversationRoster")
        if found.closed is not None:
            raise found.closed
        return found

    def message(self, conversation: str, id: str) -> Json:
        """A message that is there."""
        for message in self.place(conversation).messages:
            if message["id"] == id:
                return message
        raise Refused(404, "ActivityNotFoundInConversation")

    def post(self, conversation: str, body: Json, under: str = "", target: str = "") -> Json:
        """A message of the bot's; in a channel it begins a thread or stands in one."""
        place = self.place(conversation)
        check(body)
        message = {**body, "id": self.id(), "from": {"id": BOT}, "target": target}
        root = conversation.partition(";messageid=")[2]
        if place.kind == "channel":
            message["root"] = root or message["id"]
        elif under:
            self.message(conversation, under)
            message["root"] = under
        else:
            message["root"] = message["id"]
        place.messages.append(message)
        return message

    def sees(self, account: str, conversation: str) -> list[Json]:
        """Everything that somebody sees in a place, oldest first, threads included."""
        place = self.places.get(conversation)
        if place is None or account not in place.members:
            return []
        return [m for m in place.messages if m.get("target") in ("", None, f"29:{account}")]


def check(body: Json) -> None:
    """Refuse what Teams would."""
    if len(str(body)) * 2 > MOST:
        raise Refused(413, "MessageSizeTooBig")
    if body.get("type") != "message":
        raise Refused(400, "BadSyntax", "no type")
    if not body.get("text") and not body.get("attachments"):
        raise Refused(400, "BadArgument", "Activity must have a text or an attachment")
    for attachment in body.get("attachments", ()):
        if attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
            raise Refused(400, "BadArgument", "unknown attachment")
        if attachment["content"].get("type") != "AdaptiveCard":
            raise Refused(400, "BadArgument", "no card")


def card(message: Json) -> Json:
    """The card of a message; {} where it has none."""
    for attachment in message.get("attachments", ()):
        content: Json = attachment["content"]
        return content
    return {}
