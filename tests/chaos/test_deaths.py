"""`kill -9`, again and again: what readers see is each message, once."""

import asyncio
import random

import pytest

from storage.letters import Kind
from tests.chaos.failpoints import POINTS
from tests.chaos.ground import LONG, Ground, many, wave

DICE = random.Random(11)  # noqa: S311 for moments, not for secrets
on_postgres = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def test_killed_at_each_point_of_a_letters_way(ground: Ground) -> None:
    """A worker for each point, which dies there; then two that do not."""
    nth = many(1, 3)
    places = [f"p{n}" for n in range(len(POINTS))]
    drafts = wave(len(POINTS) * many(4, 30), platforms=places)
    ground.furnish(len(drafts), drafts=drafts)
    for place, point in zip(places, POINTS, strict=True):
        count = 1 if point.startswith(("claim", "write")) else nth
        worker = await ground.start(f"at-{place}", serves=(place,), doom=f"{point}:kill:{count}")
        if ground.engine == "sqlite":  # it allows one process
            assert await worker.ended() == -9, worker.said
    for worker in ground.workers if ground.engine == "postgresql" else ():
        assert await worker.ended() == -9, worker.said
    ground.kills = len(POINTS)
    ground.hurt()
    await ground.start_two(serves=tuple(places))
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}


async def test_killed_at_random_moments_with_two_at_work(ground: Ground) -> None:
    kills = many(5, 60)
    drafts = wave(many(60, 300), workspaces=4)
    ground.furnish(len(drafts), drafts=drafts)
    await ground.weather("taken-cut", "failed", "taken-failed", "busy", share=0.1)
    alive = await ground.start_two(rate=60)
    for n in range(kills):
        had = await ground.count()
        await ground.until_taken(min(had + 1, len(drafts) - 1))
        await asyncio.sleep(DICE.uniform(0, 0.05))
        victim = alive.pop(DICE.randrange(len(alive)))
        await ground.kill(victim)
        more = {"deliveries": 2} if ground.engine == "sqlite" else {}
        alive.append(await ground.start(f"again{n}", rate=60, **more))
    await ground.weather()
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}


@on_postgres
async def test_one_of_two_replicas_is_gone_for_good(ground: Ground) -> None:
    drafts = wave(many(40, 300), workspaces=2)
    rate = many(25, 50)
    ground.furnish(len(drafts), drafts=drafts)
    one, _ = await ground.start_two(rate=rate)
    await ground.until_taken(len(drafts) // 4)
    await ground.kill(one)
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    for workspace in ("w0", "w1"):  # also over the change of senders
        at = sorted(m.at for m in await ground.messages() if m.workspace == workspace)
        assert at[-1] - at[0] > 0.8 * (len(at) - 1) / rate


@pytest.mark.parametrize("kind", ["ask", "reminder", "summary"] if LONG else ["ask", "summary"])
async def test_killed_where_nobody_can_ask_what_arrived(ground: Ground, kind: Kind) -> None:
    """Asked at most twice, reminded and told at most once; and what is not known is called so."""
    points = POINTS[4:] if LONG else ("fence/after", "send/after", "mark_sent/inside")
    places = [f"p{n}" for n in range(len(points))]
    drafts = wave(len(points) * many(3, 30), kinds=[kind], platforms=places)
    ground.furnish(len(drafts), drafts=drafts)
    for place, point in zip(places, points, strict=True):
        worker = await ground.start(
            f"at-{place}", serves=(place,), doom=f"{point}:kill:1", looks_up=False
        )
        if ground.engine == "sqlite":
            assert await worker.ended() == -9, worker.said
    for worker in ground.workers if ground.engine == "postgresql" else ():
        assert await worker.ended() == -9, worker.said
    ground.kills = len(points)
    ground.hurt()
    await ground.start_two(serves=tuple(places), looks_up=False)
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    counts, states = await ground.counts(), await ground.states(keys)
    lost, doubled = await ground.seen(keys)
    assert max(counts.values()) <= (2 if kind == "ask" else 1)
    assert lost + doubled <= len(points)  # no more than was in flight
    assert {states[key] for key in keys if not counts[key]} <= {"unknown"}
    assert {states[key] for key in keys} <= {"sent", "unknown"}
