"""A new version is rolled out while letters go out and people answer."""

import asyncio
from datetime import timedelta

from sqlmodel import Session, select

from storage.checkins import Commitment
from tests.bench import company
from tests.chaos.ground import THURSDAY, Ground, many, wave
from tests.chaos.people import Human

AFTER_TEN = THURSDAY + timedelta(minutes=1)


async def test_a_rolling_restart_under_load(ground: Ground) -> None:
    """No letter doubled, no answer lost, and nobody hears anything but the truth.

    SQLite allows one process, so there is a moment in which nobody listens.
    """
    people = many(40, 600)
    due = [n for n in range(1, people + 1) if company.ZONES[n % 4][0] != "America/New_York"]
    answer = due[: many(4, 10)]
    notices = wave(people, kinds=["notice"])
    drafts = [draft for draft in notices if draft.person_id not in answer]  # it would be needless
    ground.furnish(people, running="on", drafts=drafts)
    rate = many(20, 30)
    old = [
        await ground.start(f"old{n}", start=AFTER_TEN, rate=rate) for n in range(ground.replicas)
    ]
    done = asyncio.Event()
    humans = [Human(n, ground.platform, ground.session) for n in answer]
    keys = [draft.key for draft in drafts] + [_ask(n) for n in due]

    async def asked() -> bool:
        return {_ask(human.number) for human in humans} <= (await ground.counts()).keys()

    await ground.until(asked)  # who has answered already is not asked
    async with asyncio.TaskGroup() as answering:
        for human in humans:
            answering.create_task(human.keep_answering(done))
        for turn in range(many(1, 6)):
            for n, worker in enumerate(old):
                await worker.stop()
                ground.hurt()
                old[n] = await ground.start(f"new{turn}-{n}", start=AFTER_TEN, rate=rate)
                await ground.until_listens(old[n])
        ground.again()
        await ground.until_taken(len(keys))
        done.set()

    async def shown() -> bool:
        cards = {m.key: str(m.card) for m in await ground.messages()}
        return all(human.said in cards[_ask(human.number)] for human in humans)

    await ground.until(shown)
    assert await ground.seen(keys) == (0, 0)
    assert await ground.failed() == []
    kept = await ground.read(promises)
    assert kept == {human.number: human.said for human in humans}
    assert all(human.said for human in humans)
    if ground.engine == "postgresql":
        assert not any(human.nobody_there for human in humans)


def _ask(person: int) -> str:
    return f"checkin:ask:1:5:{person}"


def promises(session: Session) -> dict[int, str]:
    """What the bot has kept of this week."""
    rows = session.exec(select(Commitment).where(Commitment.week == 5, Commitment.position == 0))
    return {row.person_id: row.text for row in rows}
