"""What a message asks of whom it goes to: by which buttons one can answer it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.chat.cards import Button, Buttons, Card
from bot.flow import action

ADD, APPROVE, AGREE = "add:objective:", "plan:approve:", "review:approve:"


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
    begins: bool = False
    """Whether it asks for a first draft, where there is nothing of a team's or of theirs yet."""


def asks(key: str, card: Card) -> Sequence[Ask]:
    """What the message of a letter asks now; nothing once it is answered."""
    match key.partition(":")[0]:
        case "plan":
            return list(_planning(key, card))
        case "review":
            return [Ask(b.action, b.action, None, b) for b in _inner(card) if _is(b, AGREE)]
        case _:
            return list(_at_the_foot(card))


def _at_the_foot(card: Card) -> Iterator[Ask]:
    """Each form that a card offers first of all; the first plain button says nothing new."""
    plain = next((b for b in card.buttons if not (b.opens_form or b.confirm or b.url)), None)
    for button in card.buttons:
        if button.opens_form and button.style == "primary":
            yield Ask(button.action, button.action, button, plain)


def _planning(key: str, card: Card) -> Iterator[Ask]:
    """A team's desk offers to draft an objective, and to approve what is drafted.

    Both messages of a quarter's planning offer the same draft.
    """
    quarter = key.split(":")[2]
    approving: dict[str, Button] = {}
    for button in _inner(card):
        if _is(button, APPROVE):
            team = button.action.split(":")[2]
            most = approving.get(team)
            if most is None or len(button.action) > len(most.action):
                approving[team] = button
    for button in _inner(card):
        if button.opens_form and _is(button, ADD):
            begins = button.style == "primary"
            yield Ask(button.action, f"{quarter}:{button.action}", button, None, begins)
    for team, button in approving.items():
        about = action("plan", "approve", team)
        yield Ask(about, f"{key}:{about}", None, button)


def _inner(card: Card) -> Sequence[Button]:
    return [b for block in card.blocks if isinstance(block, Buttons) for b in block.buttons]


def _is(button: Button, meaning: str) -> bool:
    return button.action.startswith(meaning)
