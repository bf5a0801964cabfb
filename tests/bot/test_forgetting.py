"""What people wrote is forgotten after the days that are set; every number stays."""

from datetime import timedelta

from sqlmodel import Session, select

from bot import picture
from bot.cast import BOB
from bot.term import term
from storage.audit import Audit
from storage.checkins import Blocker, Commitment, Update
from storage.letters import Letter
from storage.organisation import Organisation
from tests.bot.test_privacy import MARK, everything, lived
from tests.engines import statements
from tests.house import House


def keep(session: Session, days: int) -> None:
    ours = session.get(Organisation, 1)
    assert ours
    ours.keep_texts_days = days
    session.add(ours)


def numbers(session: Session) -> list[str]:
    """All that was said, without the words."""
    said = [row.model_dump_json(exclude={"note"}) for row in session.exec(select(Update))]
    meant = [row.model_dump_json(exclude={"text"}) for row in session.exec(select(Commitment))]
    return sorted([*said, *meant])


async def test_old_texts_are_forgotten_once_a_day_and_numbers_stay(house: House) -> None:
    await lived(house)
    read, write = house.database.read, house.database.write
    duties = house.bot.duties
    before = await read(numbers)
    await house.go_to(house.now + timedelta(days=10))
    assert await duties.forget_texts() == 0  # nothing is forgotten unless it is set
    await write(lambda session: keep(session, 30))
    assert await duties.forget_texts() == 3  # the notes of a month ago
    await write(lambda session: keep(session, 7))
    assert await duties.forget_texts() == 0  # once a day
    await house.go_to(house.now + timedelta(days=1))
    await duties.rollup()
    assert await duties.forget_texts() == 0

    left = {where for where, text in await read(lambda s: list(everything(s))) if MARK in text}
    assert left == {
        "blocker.text",  # not solved yet, and therefore still told
        "letter.card",  # one that is younger and tells it
        "retro_answer.answer", "kept.value",  # not this duty's
    }  # fmt: skip
    assert await read(numbers) == before
    notes = await read(lambda s: s.exec(select(Audit.after).where(Audit.by_id == BOB.id)).all())
    assert any('"grade":0.7' in str(after) for after in notes)
    cards = await read(lambda s: s.exec(select(Letter)).all())
    edge = house.now - timedelta(days=7)
    assert {row.card for row in cards if row.due_at < edge} == {None}
    assert any(row.card for row in cards if row.due_at >= edge and row.state == "sent")

    def solve(session: Session) -> None:
        for row in session.exec(select(Blocker)):
            row.state = "solved"
            session.add(row)

    await write(solve)
    await house.go_to(house.now + timedelta(days=1))
    with statements(house.database) as said:
        await duties.rollup()
    assert len(said) < 60
    assert await read(lambda s: s.exec(select(Blocker)).all()) == []
    standing = await read(lambda s: picture.of_teams(s, term(s, house.now), [2])[2])
    assert {s.id: s.value for s in standing}[1] == 39
