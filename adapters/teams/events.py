"""Teams' activities → events, and where the answer goes."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

from adapters.teams import people, places
from adapters.teams.payloads import Activity
from adapters.teams.wire import Place
from bot.chat.events import Clicked, Event, Mentioned, Opened, Submitted, Typed, Values
from bot.chat.who import Destination

COMMAND = re.compile(r"/okr(?=\s|$)\s*", re.IGNORECASE)
NO_BREAK = "&nbsp;"
Way = Literal["message", "card", "dialog", "extension"]
"""How somebody spoke: what they typed (or an old client's button), a card, a dialog, or a dialog
that a message extension opened."""


class Where(Struct, frozen=True, omit_defaults=True):
    """Where an answer goes. `message` is the card's message that was pressed, as Teams names it.

    `targeted` is a private message in a group that asks for a private answer there.
    """

    tenant: str
    user: str
    conversation: str
    service: str
    account: str = ""
    way: Way = "message"
    message: str = ""
    targeted: str = ""
    locale: str = ""
    shared: bool = False

    @property
    def private(self) -> bool:
        """Whether only this person reads there; never where Teams calls it a channel or a group."""
        return self.way == "extension" or not (self.shared or places.is_group(self.conversation))

    @property
    def in_dialog(self) -> bool:
        """Whether a dialog stands open before them."""
        return self.way in ("dialog", "extension")

    @property
    def at(self) -> Destination:
        """The same for the bot."""
        if self.private:
            return people.dm(self.tenant, self.user)
        return places.own(self.tenant, self.user, self.conversation)

    @property
    def place(self) -> Place:
        """The conversation for a call."""
        return Place(self.tenant, self.conversation, self.service)


class Heard(Struct, frozen=True):
    """One event, and where its answer goes."""

    event: Event
    where: Where


WAYS: dict[str, Way] = {
    "adaptiveCard/action": "card",
    "task/fetch": "dialog",
    "task/submit": "dialog",
    "composeExtension/fetchTask": "extension",
    "composeExtension/submitAction": "extension",
}
"""The invokes that we answer."""


def where(said: Activity) -> Where:
    """Where the answer to an activity goes."""
    return Where(
        said.tenant,
        account(said),
        said.conversation.id,
        said.service_url,
        said.from_.id,
        WAYS.get(said.name or "", "message") if said.type == "invoke" else "message",
        said.reply_to_id or "",
        said.id if said.recipient.is_targeted else "",
        said.locale or "",
        not said.is_personal,
    )


def account(said: Activity) -> str:
    """Who did it, by the id that is the same in all of Teams."""
    return (said.from_.aad_object_id or "").lower() or said.from_.id


def typed(said: Activity, accounts: Mapping[str, str]) -> Heard:
    """What somebody wrote to the bot; `accounts` are the object ids of those mentioned."""
    text, mentions = spoken(said, accounts)
    at = where(said)
    who = people.actor(at.tenant, at.user)
    return Heard(Typed(who, at.at, said.id, text, at.private, mentions), at)


def pressed(said: Activity, action: str) -> Heard:
    """A button."""
    at = where(said)
    message = f"{at.message} {at.conversation}" if at.message and not at.targeted else ""
    who = people.actor(at.tenant, at.user)
    return Heard(Clicked(who, at.at, said.id, action, at.private, message), at)


def sent(said: Activity, action: str, values: Values) -> Heard:
    """A form."""
    at = where(said)
    who = people.actor(at.tenant, at.user)
    return Heard(Submitted(who, at.at, said.id, action, values, at.private), at)


def opened(said: Activity) -> Heard:
    """Somebody looks at the bot's home."""
    at = where(said)
    return Heard(
        Opened(people.actor(at.tenant, at.user), people.dm(at.tenant, at.user), said.id), at
    )


def mentioned(said: Activity) -> dict[str, str]:
    """Who is mentioned beside the bot: the words that stand for them, by Teams' id."""
    return {
        id: text
        for id, text in map(_mention, said.entities or ())  # noqa: A001 - Teams' own word
        if id and text and id != said.recipient.id
    }


def spoken(said: Activity, accounts: Mapping[str, str]) -> tuple[str, tuple[Mentioned, ...]]:
    """The text without the bot's own name, and those it mentions with the words for them."""
    text = said.text or ""
    for id, words in map(_mention, said.entities or ()):  # noqa: A001 - Teams' own word
        if id == said.recipient.id and words:
            before, _, after = text.partition(words)
            text = f"{before.rstrip()} {_unbroken(after)}" if words in text else text
    mentions = []
    for id, words in mentioned(said).items():  # noqa: A001 - Teams' own word
        name = f"@{_name(words)}"
        text = text.replace(words, name)
        if id in accounts:
            mentions.append(Mentioned(people.actor(said.tenant, accounts[id]), name))
    return COMMAND.sub("", text.strip(), count=1) if COMMAND.match(
        text.strip()
    ) else text.strip(), tuple(mentions)


def _unbroken(text: str) -> str:
    """What follows a mention, without the spaces that Teams puts there."""
    text = text.lstrip()
    while text.startswith(NO_BREAK):
        text = text.removeprefix(NO_BREAK).lstrip()
    return text


def _mention(entity: dict[str, Any]) -> tuple[str, str]:
    who = entity.get("mentioned")
    if entity.get("type") != "mention" or not isinstance(who, dict):
        return "", ""
    return str(who.get("id") or ""), str(entity.get("text") or "")


def _name(words: str) -> str:
    return re.sub(r"</?at[^>]*>", "", words)
