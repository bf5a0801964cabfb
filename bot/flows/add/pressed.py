"""The buttons beside an objective."""

from bot.chat.cards import Button
from bot.flow import action, opens
from bot.texts import Voice
from storage.objectives import Objective


def approve(voice: Voice, row: Objective) -> Button:
    """A lead's word that it counts."""
    meaning = action("add", "approve", row.id or 0)
    return Button(voice.line("add.approve"), meaning, "primary", about=row.title)


def edit_objective(voice: Voice, row: Objective) -> Button:
    """Its form, filled."""
    meaning = action("edit", "objective", row.id or 0)
    return opens(voice.line("add.edit"), meaning, about=row.title)
