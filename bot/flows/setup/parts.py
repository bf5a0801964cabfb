"""The parts of setup and the words behind them, understood in every language at once."""

from functools import cache

from bot.flow import typed_for
from bot.likeness import begins, spelt

PARTS = ("go", "pause", "calendar", "rules", "holiday", "holidays", "cycle", "admin", "link")
OF_A_DAY = ("off", "works", "normal")
OF_A_PLACE = ("everywhere",)
OF_RIGHTS = ("taken",)


@cache
def known(meanings: tuple[str, ...]) -> dict[str, str]:
    """Every spelling of some meanings."""
    return {
        spelt(spelling): meaning
        for meaning in meanings
        for spelling in typed_for(f"setup_{meaning}")
    }


def begun(text: str, meanings: tuple[str, ...]) -> tuple[str, str]:
    """Which of these a text begins with, or "", and what follows it."""
    return begins(text, known(meanings)) or ("", text)
