"""A card as plain text, as Teams gives it to notifications and screen readers."""

from adapters.teams.limits import leads
from bot.chat.plain import Plain

_plain = Plain(leads)
said, block, head, row, buttons = (
    _plain.said,
    _plain.block,
    _plain.head,
    _plain.row,
    _plain.buttons,
)
