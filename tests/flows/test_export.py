"""What is kept of me, to be copied; everything, for admins by command."""

import csv

from bot.cast import ALICE, BOB, DANA
from bot.chat.cards import Card, Text
from bot.chat.replies import Reply, Say
from tests.house import House, buttons_of, words


def card(reply: Reply) -> Card:
    assert isinstance(reply, Say)
    return reply.card


async def test_my_own_can_be_copied_line_by_line(house: House) -> None:
    await house.says(BOB, "kr 1 41.5 =calls, “and” more")
    shown = card(await house.says(BOB, "export"))
    assert "Key results you own: 4" in words(shown)
    assert "Updates of them: 10" in words(shown)
    assert f"okr person export {BOB.email}" in words(shown)
    assert "okr token make" not in words(shown)

    first = card(await house.clicks(BOB, shown, "Show my updates"))
    lines = [words(Card("", (block,))) for block in first.blocks[1:] if isinstance(block, Text)]
    rows = list(csv.DictReader(lines))
    assert len(rows) == 10
    assert rows[0] == {
        "cycle": "2026 Q4 (2026-10-05)", "week": "5", "key_result": "1", "value": "41.5",
        "confidence": "", "title": "Raise NPS of new clinics from 32 to 45",
        "note": "'=calls, “and” more",
    }  # fmt: skip
    assert [button.label for button in buttons_of(first)] == []
    again = card(await house.presses(BOB, "export:page:99"))
    assert again.title == first.title


async def test_who_has_nothing_is_told_so_and_an_admin_where_everything_is(house: House) -> None:
    none = card(await house.says(DANA, "download"))
    assert "Nothing of yours is kept yet" in words(none)
    assert buttons_of(none) == []
    assert "okr export --format csv" in words(card(await house.says(ALICE, "export")))
