"""The machine's clock is put forward and back while letters go out."""

from datetime import timedelta

import pytest

from tests.chaos.ground import LONG, THURSDAY, Ground, many, wave

JUMPS = {
    "one hour on": 3600,
    "one hour back": -3600,
    "one day on": 86_400,
    "one day back": -86_400,
}


@pytest.mark.parametrize("to", JUMPS if LONG else ["one hour on", "one day back"])
async def test_the_wall_clock_is_moved(ground: Ground, to: str) -> None:
    """Also what waits for another try goes on at once, and what falls due then goes out in time."""
    jump = JUMPS[to]
    drafts = wave(many(20, 150), workspaces=2, due=THURSDAY - timedelta(days=2))
    soon = wave(5, prefix="soon", due=THURSDAY + timedelta(seconds=jump + many(4, 20)))
    ground.furnish(len(drafts), drafts=[*drafts, *soon])
    await ground.weather("busy", "failed", "taken-failed", share=0.6, first=len(drafts))
    (worker, *others) = await ground.start_two(rate=many(20, 10), hurry=40)
    await ground.until_taken(len(drafts) // 4)
    for one in (worker, *others):
        await ground.control(one, "clock", jump)
    ground.hurt()
    await ground.until_over(30 + many(0, 60))
    keys = [draft.key for draft in (*drafts, *soon)]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}
    assert "clock.moved" in worker.said
