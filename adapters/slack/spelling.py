"""Slack's way of writing text ↔ text as people read it."""

import re
from collections.abc import Mapping

from adapters.slack.people import actor
from adapters.slack.plain import unescape
from bot.chat.events import Mentioned

TOKEN = re.compile(r"<([^<>]*)>")
PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")


def named(text: str) -> set[str]:
    """The accounts that a text mentions."""
    return {found.group(1) for found in PERSON.finditer(text)}


def without(text: str, account: str) -> str:
    """The text without the first mention of this account, and what stands between them."""
    called = re.compile(rf"\s*<@{re.escape(account)}(?:\|[^<>]*)?>[:,]?\s*")
    return called.sub(" ", text, count=1).strip()


def readable(
    text: str, names: Mapping[str, str], workspace: str
) -> tuple[str, tuple[Mentioned, ...]]:
    """The text as people read it, and those it mentions with the words that stand for them."""
    mentions: list[Mentioned] = []

    def word(found: re.Match[str]) -> str:
        if person := PERSON.fullmatch(found.group()):
            account = person.group(1)
            words = "@" + (names.get(account) or unescape(person.group(2) or "") or account)
            mentions.append(Mentioned(actor(workspace, account), words))
            return words
        return unescape(_token(found.group(1)))

    parts, end = [], 0
    for found in TOKEN.finditer(text):
        parts += [unescape(text[end : found.start()]), word(found)]
        end = found.end()
    return "".join([*parts, unescape(text[end:])]), tuple(mentions)


def _token(inner: str) -> str:
    """A channel, a group, or a link that Slack made of what was typed."""
    target, _, label = inner.partition("|")
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    return label or target.removeprefix("mailto:").removeprefix("tel:")
