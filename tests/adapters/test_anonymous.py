"""Of a survey without names, no platform keeps a word before it is sent, nor afterwards."""

import pytest

from adapters.slack import forms as slack
from adapters.teams import forms as teams
from adapters.teams.events import Where
from adapters.teams.sheets import SHEET, Sheet, Sheets, read
from bot.chat.forms import Form, Problem
from bot.flows.retro import flow
from bot.texts import Voice


class Notes:
    """What a platform was told to keep."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.seen = ""

    async def put(self, key: str, value: str, *, days: int | None = None) -> None:
        self.kept[key] = value
        self.seen += value

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def drop(self, key: str) -> None:
        self.kept.pop(key, None)


def surveys(locale: str) -> list[Form]:
    found = [e.shown for e in flow.examples(Voice(locale)) if "survey without" in e.name]
    return [shown for shown in found if isinstance(shown, Form)]


@pytest.mark.parametrize("locale", ["en", "de-DE"])
def test_it_stands_on_one_page_which_is_kept_nowhere(locale: str) -> None:
    assert len(surveys(locale)) == 3
    for form in surveys(locale):
        assert slack.pages(form) == teams.pages(form) == 1


@pytest.mark.parametrize("way", ["message", "dialog"])
async def test_teams_keeps_the_form_and_never_what_stands_in_it(way: str) -> None:
    notes = Notes()
    sheets = Sheets(lambda: notes)
    form = surveys("en")[0]
    where = Where("tenant", "user", "a:1", "https://teams.example", way=way)  # type: ignore[arg-type] # one of its words
    opened = await sheets.open(form, where)
    sheet = _sheet(opened)
    values = {"achieved": "between us", "rhythm": "3"}
    problems = (Problem("achieved", "too long"),)
    fixed = await sheets.fix(form, problems, values, where, sheet)
    assert "between us" in str(fixed)  # back in its author's hands
    assert "between us" not in notes.seen
    await sheets.close(sheet)
    assert not any(notes.kept.values())


def _sheet(card: object) -> Sheet:
    """What the buttons of a form carry."""
    if isinstance(card, dict):
        if SHEET in card:
            found = read(card)
            assert found is not None
            return found
        card = list(card.values())
    if isinstance(card, list):
        for each in card:
            try:
                return _sheet(each)
            except LookupError:
                continue
    raise LookupError("no button carries a form")
