"""What was posted stays posted."""

import sqlite3
from pathlib import Path

import pytest

from adapters.web.adapter import Web
from adapters.web.board import Board
from adapters.web.company import place
from adapters.web.rows import GONE, Missing, Post
from adapters.web.settings import Settings
from bot.chat.adapter import Sent, TryLater, Undeliverable
from bot.chat.cards import Card
from tests.adapters.stages import FRIDAY, Still

ALICE = "dm:alice@example.org"


async def test_messages_survive_the_end_of_the_process(tmp_path: Path) -> None:
    before = Web(Still(), Settings(store=tmp_path / "web.db"))
    sent = await before.send(place(ALICE), Card("Kept"), key="k")
    # No close: another one opens the file while the first still holds it, as after kill -9.
    after = Web(Still(), Settings(store=tmp_path / "web.db"))
    assert isinstance(sent, Sent)
    assert await after.find(place(ALICE), "k") == sent.id
    assert await after.send(place(ALICE), Card("Kept"), key="k") == sent
    assert [message.body for message in await after.messages(place(ALICE), "")] == [Card("Kept")]
    await before.close()
    await after.close()


async def test_an_edit_counts_once_and_is_found_by_its_key(page: Web) -> None:
    sent = await page.send(place(ALICE), Card("One"), key="k1")
    assert isinstance(sent, Sent)
    await page.send(place(ALICE), Card("Two"), key="k2", replaces=sent.id)
    await page.send(place(ALICE), Card("Three"), key="k3", replaces=sent.id)
    assert await page.send(place(ALICE), Card("Two"), key="k2", replaces=sent.id) == sent
    assert await page.find(place(ALICE), "k2") == sent.id
    (left,) = await page.messages(place(ALICE), "")
    assert left.body == Card("Three")
    assert left.edited == FRIDAY


async def test_what_is_not_there_cannot_be_edited_or_answered(page: Web) -> None:
    sent = await page.send(place("channel:growth"), Card("One"), key="k1")
    assert isinstance(sent, Sent)
    for id_ in (sent.id, "999", "x", "9" * 30, "²"):
        for how in ({"replaces": id_}, {"under": id_}):
            outcome = await page.send(place(ALICE), Card("Two"), key="k2", **how)
            assert isinstance(outcome, Undeliverable)
    assert await page.find(place(ALICE), "k2") is None


@pytest.mark.parametrize("address", ["dm:", "dm:ALICE@example.org", "channel:gone", "", "growth"])
async def test_unknown_address_takes_nothing(page: Web, address: str) -> None:
    assert isinstance(await page.send(place(address), Card("x"), key="k"), Undeliverable)


async def test_newcomer_is_written_to_at_once(page: Web, stage: Still) -> None:
    from bot.chat.stage import Face

    assert isinstance(await page.send(place("dm:new@x.org"), Card("x"), key="k"), Undeliverable)
    stage.cast.append(Face("new@x.org", "New"))
    assert isinstance(await page.send(place("dm:new@x.org"), Card("x"), key="k"), Sent)


async def test_a_batch_asks_the_stage_once(page: Web, stage: Still) -> None:
    for number in range(20):
        await page.send(place(ALICE), Card("x"), key=str(number))
    assert stage.asked == 1


async def test_a_locked_store_is_tried_later(
    page: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*_: object) -> list[str]:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(Board, "post", locked)
    assert isinstance(await page.send(place(ALICE), Card("x"), key="k"), TryLater)


async def test_order_is_by_seat_and_pages_go_back(tmp_path: Path) -> None:
    board = Board(tmp_path / "web.db")
    seat = await board.seat()
    await board.post(Post("p", "second", FRIDAY))
    await board.post(Post("p", "first", FRIDAY, seat=seat))
    assert [each.body for each in await board.page("p", "", 2**62, 9)] == ["first", "second"]
    assert [each.body for each in await board.page("p", "", 2**62, 1)] == ["second"]
    last = (await board.page("p", "", 2**62, 1))[0]
    assert [each.body for each in await board.page("p", "", last.seat, 1)] == ["first"]
    with pytest.raises(Missing):
        await board.post(Post("p", "x", FRIDAY, under="77"))
    await board.close()


async def test_a_card_of_another_version_says_so(tmp_path: Path) -> None:
    board = Board(tmp_path / "web.db")
    await board.post(Post("p", Card("x"), FRIDAY))
    with sqlite3.connect(tmp_path / "web.db") as db:
        db.execute("""UPDATE messages SET body = '{"shape":"of old"}'""")
    db.close()
    assert [each.body for each in await board.page("p", "", 2**62, 9)] == [GONE]
    await board.close()


async def test_a_store_of_another_shape_is_refused_in_words(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "web.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    page = Web(Still(), Settings(store=tmp_path / "web.db"))
    (finding,) = await page.check()
    assert finding.level == "bad"
    assert "OKR_WEB_STORE" in finding.remedy
    await page.close()
