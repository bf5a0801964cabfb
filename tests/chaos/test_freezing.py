"""Workers that hang for longer than their lease and then go on as if nothing had been."""

import asyncio
import random
import signal

import pytest

from bot.deliver import LEASE
from tests.chaos.failpoints import POINTS
from tests.chaos.ground import Ground, many, wave

DICE = random.Random(12)  # noqa: S311 for moments, not for secrets
HURRY = 40.0
OURS = [point for point in POINTS if point != "send/before"]
"""Between the last look at the fence and the first byte on the line nobody can step in."""
PAST_THE_LEASE = 1.3 * LEASE / HURRY
on_postgres = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@on_postgres
async def test_frozen_past_the_lease_at_each_point_of_a_letters_way(ground: Ground) -> None:
    """Another does their work meanwhile; when they wake they find that it is theirs no more."""
    places = [f"p{n}" for n in range(len(OURS))]
    drafts = wave(len(OURS) * many(3, 30), platforms=places)
    ground.furnish(len(drafts), drafts=drafts)
    for place, point in zip(places, OURS, strict=True):
        await ground.start(f"at-{place}", serves=(place,), doom=f"{point}:freeze:1", hurry=HURRY)
    frozen = list(ground.workers)

    async def all_frozen() -> bool:
        return all(worker.frozen for worker in frozen)

    await ground.until(all_frozen)
    await ground.start("other", serves=tuple(places), hurry=HURRY)
    await asyncio.sleep(PAST_THE_LEASE)
    await ground.until_still()
    for worker in frozen:
        worker.signal(signal.SIGCONT)
    ground.hurt()
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}


async def test_frozen_past_the_lease_at_random_moments(ground: Ground) -> None:
    drafts = wave(many(40, 400), workspaces=4)
    ground.furnish(len(drafts), drafts=drafts)
    alive = await ground.start_two(rate=10, hurry=HURRY)
    for _ in range(many(2, 20)):
        had = await ground.count()
        await ground.until_taken(min(had + 1, len(drafts)))
        await asyncio.sleep(DICE.uniform(0, 0.05))
        victim = DICE.choice(alive)
        victim.signal(signal.SIGSTOP)
        await asyncio.sleep(PAST_THE_LEASE)
        victim.signal(signal.SIGCONT)
        ground.hurt()
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}
