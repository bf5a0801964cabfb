"""A card as plain text, and that text as Slack must be given it.

Slack reads `&`, `<` and `>` of a message's text as its own signs; escaped they are only themselves.
"""

from adapters.slack.limits import leads
from bot.chat.plain import Plain

_plain = Plain(leads)
said, block, head, row, buttons = (
    _plain.said,
    _plain.block,
    _plain.head,
    _plain.row,
    _plain.buttons,
)


def escape(text: str) -> str:
    """The text as Slack must be given it to show exactly these characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a reader sees of an escaped text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
