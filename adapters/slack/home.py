"""The first tab of the app: my home, with charts and tables in words."""

from adapters.slack import limits
from adapters.slack.blocks import clipped, pieces, title
from adapters.slack.buttons import buttons, numbered
from adapters.slack.parts import joined
from adapters.slack.pen import Pen
from adapters.slack.spans import Json
from adapters.slack.words import words
from bot.chat.cards import Card


def home(card: Card, *, workspace: str = "") -> Json:
    """The card as a view; where there is more than a view holds, it says so above the buttons."""
    pen = Pen(workspace, False, words(card.locale))
    foot = joined(buttons(card.buttons, pen)).blocks
    drawn = [*title(card.title, pen), *(p for each in card.blocks for p in pieces(each, pen))]
    room = limits.BLOCKS_OF_VIEW - len(foot)
    shown = clipped(drawn, room, limits.VIEW_BYTES * 4 // 5, pen)
    blocks = numbered([*joined(shown).blocks, *foot])
    return {"type": "home", "blocks": blocks or [{"type": "divider"}]}
