"""A platform that drops, delays, refuses and forgets to answer, and a bot that copes."""

import asyncio
from datetime import timedelta

from storage.letters import Kind
from tests.bench import company
from tests.chaos.ground import LONG, Ground, many, wave
from tests.chaos.platform import KINDS

QUICK = tuple(kind for kind in KINDS if kind != "slow")


async def test_any_weather_with_two_at_work(ground: Ground) -> None:
    drafts = wave(many(60, 600), workspaces=3)
    ground.furnish(len(drafts), drafts=drafts)
    await ground.weather(*QUICK, share=0.5, first=len(drafts))
    await ground.start_two()
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}
    assert len(await ground.attempts()) > len(drafts)


async def test_any_weather_where_nobody_can_ask_what_arrived(ground: Ground) -> None:
    """Asked at most twice, reminded and told at most once; and what is not known is called so."""
    kinds: tuple[Kind, ...] = ("ask", "reminder", "summary")
    drafts = wave(many(60, 600), workspaces=3, kinds=kinds)
    ground.furnish(len(drafts), drafts=drafts)
    await ground.weather(*QUICK, share=0.4)
    await ground.start_two(looks_up=False, hurry=40)
    await ground.until_over()
    keys = [draft.key for draft in drafts]
    counts, states = await ground.counts(), await ground.states(keys)
    lost, doubled = await ground.seen(keys)
    assert {states[key] for key in keys} == {"sent", "unknown"}
    assert {states[key] for key in keys if not counts[key]} <= {"unknown"}
    assert all(counts[d.key] <= (2 if d.kind == "ask" else 1) for d in drafts)
    assert lost
    assert doubled < len(drafts) / 3


async def test_slower_than_the_bot_waits(ground: Ground) -> None:
    """The message is taken when its sender has given up: it is found when it looks for it."""
    hurry = many(10, 1)
    drafts = wave(many(6, 12), workspaces=many(3, 12))
    ground.furnish(len(drafts), drafts=drafts)
    await ground.weather("slow", seconds=21 / hurry, first=many(3, 6))
    await ground.start_two(hurry=hurry)
    await ground.until_over(120 if LONG else 60)
    keys = [draft.key for draft in drafts]
    assert await ground.seen(keys) == (0, 0)
    assert set((await ground.states(keys)).values()) == {"sent"}


async def test_refused_for_good(ground: Ground) -> None:
    """Whoever cannot be reached is marked so; the others get theirs."""
    drafts = wave(many(20, 200))
    refused = drafts[::5]
    ground.furnish(len(drafts), drafts=drafts)
    await ground.weather(gone=tuple(draft.address for draft in refused))
    await ground.start_two()
    await ground.until_over()
    reached = [draft.key for draft in drafts if draft not in refused]
    assert await ground.seen(reached) == (0, 0)
    letters = {letter.key: letter for letter in await ground.the_letters()}
    for draft in refused:
        assert (letters[draft.key].state, letters[draft.key].reason) == ("dead", "account_inactive")
    attempts = await ground.attempts()
    assert all(attempts.count(draft.key) == 1 for draft in refused)


async def test_away_for_an_hour_while_a_wave_is_due(ground: Ground) -> None:
    """Berlin is asked on Thursday at ten, and the platform comes back at eleven."""
    people = many(16, 200)
    ground.furnish(people, running="on")
    await ground.weather(away=True)
    workers = await ground.start_two(hurry=40)
    due = [n for n in range(1, people + 1) if company.ZONES[n % 4][0] != "America/New_York"]

    async def tried() -> bool:
        return len(set(await ground.attempts())) >= len(due)

    async def asked() -> bool:
        return await ground.count() >= len(due)

    for worker in workers:
        await ground.control(worker, "clock", timedelta(seconds=11).total_seconds())
    await ground.until(tried)
    for worker in workers:
        await ground.control(worker, "clock", timedelta(hours=1).total_seconds())
    await asyncio.sleep(0.5)
    assert not await ground.count()
    await ground.weather()
    await ground.until(asked)
    ground.again()
    await ground.until_still()
    keys = [f"checkin:ask:1:5:{n}" for n in due]
    assert await ground.seen(keys) == (0, 0)
    assert sorted(m.key for m in await ground.messages()) == sorted(keys)
