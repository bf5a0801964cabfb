"""Slack gives a press no id of its own: whoever taps twice sends two events, and means one."""

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from bot.cast import ALICE, BOB
from bot.chat.cards import Card
from bot.chat.replies import Say
from storage.people import Person
from tests.house import House, buttons_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOTES = {"inbound", "audit"}
"""What grows with every event."""


def rows(session: Session) -> dict[str, int]:
    tables = (table for table in SQLModel.metadata.sorted_tables if table.name not in NOTES)
    found = {t.name: session.execute(select(func.count()).select_from(t)).scalar() for t in tables}
    return {name: number or 0 for name, number in found.items()}


async def shown(house: House, person: Person) -> list[Card]:
    """What somebody may have before their eyes on Thursday."""
    said = [await house.says(person, word) for word in ("home", "mine", "team", "setup", "help")]
    return [house.last(person), *(reply.card for reply in said if isinstance(reply, Say))]


async def pressable(house: House, person: Person) -> dict[str, str]:
    """Every button that does something at once, by what it means."""
    return {
        button.action: button.label
        for card in await shown(house, person)
        for button in buttons_of(card)
        if button.action and not button.opens_form
    }


async def test_second_press_of_any_button_adds_nothing(house: House) -> None:
    await house.go_to("Thu 18:00")
    tried = set[str]()
    for person in (BOB, ALICE):
        for action, label in (await pressable(house, person)).items():
            await house.presses(person, action)
            once = await house.database.read(rows)
            again = await house.presses(person, action)
            assert await house.database.read(rows) == once, (label, action)
            assert again is not None
            tried.add(":".join(action.split(":")[:2]))
    assert len(tried) >= 6, tried
