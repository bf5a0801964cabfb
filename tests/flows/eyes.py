"""What somebody reads on a card, as text."""

from bot.chat.cards import (
    Block,
    Bullets,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Meter,
    Spans,
    Table,
    Text,
)
from bot.chat.replies import Reply, Say
from bot.texts import plain
from tests.house import buttons_of


def seen(on: Card | Reply) -> str:
    """The title and every block, a line each, with ordinary spaces."""
    card = on.card if isinstance(on, Say) else on
    assert isinstance(card, Card), f"there is no card: {on}"
    lines = [card.title, *(line for block in card.blocks for line in _lines(block))]
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def labels(on: Card | Reply) -> list[str]:
    """What its buttons say."""
    card = on.card if isinstance(on, Say) else on
    assert isinstance(card, Card), f"there is no card: {on}"
    return [button.label for button in buttons_of(card)]


def _lines(block: Block) -> list[str]:
    match block:
        case Text(spans=spans):
            return [plain(spans)]
        case Bullets(items=items):
            return [f"- {plain(item)}" for item in items]
        case Facts(facts=facts):
            return [f"{fact.label}: {plain(fact.value)}" for fact in facts]
        case Meter(label=label, text=text):
            return [f"{label}: {text}"]
        case Chart(title=title, text=text):
            return [f"{title}: {text}"]
        case Table(caption=caption, columns=columns, rows=rows):
            return [caption, " | ".join(c.title for c in columns), *map(_row, rows)]
        case Buttons() | Divider():
            return []


def _row(cells: tuple[Spans, ...]) -> str:
    return " | ".join(plain(cell) for cell in cells)
