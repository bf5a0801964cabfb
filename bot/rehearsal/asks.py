"""What a message asks of whom it goes to: by which buttons one can answer it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chat.cards import Button, Buttons, Card
from bot.flow import action

PLAN, ADD, APPROVE = "plan", "add:objective:", "plan:approve:"


@dataclass(frozen=True)
class Ask:
    """One thing that is asked: `about` stays the same while the message changes.

    It is answered with a form, or by pressing `plain`, or either way. A reminder asks the same
    `question` once more.
    """

    about: str
    question: str
    form: Button | None
    plain: Button | None


def asks(key: str, card: Card) -> Sequence[Ask]:
    """What the message of a letter asks now; nothing once it is answered."""
    if key.startswith(f"{PLAN}:"):
        return list(_planning(key, card))
    return list(_at_the_foot(card))


def _at_the_foot(card: Card) -> Iterator[Ask]:
    """Each form that a card offers first of all; the first plain button says nothing new."""
    plain = next((b for b in card.buttons if not (b.opens_form or b.confirm or b.url)), None)
    for button in card.buttons:
        if button.opens_form and button.style == "primary":
            yield Ask(button.action, button.action, button, plain)


def _planning(key: str, card: Card) -> Iterator[Ask]:
    """A team's desk offers to draft an objective, and to approve what is drafted."""
    inner = [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]
    for button in inner:
        if button.opens_form and button.action.startswith(ADD):
            yield Ask(button.action, f"{key}:{button.action}", button, None)
    approving: dict[str, Button] = {}
    for button in inner:
        if button.action.startswith(APPROVE):
            team = button.action.split(":")[2]
            most = approving.get(team)
            if most is None or len(button.action) > len(most.action):
                approving[team] = button
    for team, button in approving.items():
        about = action("plan", "approve", team)
        yield Ask(about, f"{key}:{about}", None, button)
