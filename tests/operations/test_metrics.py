"""What Prometheus is told is what people saw."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import String, case, cast, insert, literal, select
from sqlmodel import Session

from bot.cast import BOB, HOSTILE
from bot.chat.adapter import Outcome, Undeliverable, Unknown
from bot.chat.replies import Fix
from bot.operations.listener import KEPT
from storage import letters
from storage.database import Database
from storage.engine import open_database
from storage.letters import LETTER
from tests.bot.post import ask
from tests.engines import Engine, statements
from tests.house import EVERYONE
from tests.operations.watched import Watched, watched

HOUR = timedelta(hours=1)


async def a_week(one: Watched) -> None:
    """Bob answers an hour after he was asked, Charlie wrongly first, Dana not at all."""
    house = one.house
    await house.go_to("Thu 10:00", "America/New_York")
    await house.go_to("Thu 11:00", "America/New_York")
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    assert isinstance(await house.sends(BOB, form, value_1="much"), Fix)
    await house.sends(BOB, form, value_1="40")
    await house.sends(BOB, form, value_1="41")  # the second one is no first answer
    await house.go_to("Fri 18:00")


async def test_a_played_week_is_counted_as_its_readers_saw_it(database: Database) -> None:
    async with watched(database) as one:
        await a_week(one)
        seen = await one.scraped()
        posted = Counter(m.key.split(":")[0] for m in one.house.platform.messages)
        sent = {
            name: count
            for name, count in seen.items()
            if name.startswith("okr_letters_total{") and 'end="sent"' in name
        }
        edits = sum(message.edits for message in one.house.platform.messages)
        assert sent['okr_letters_total{end="sent",kind="edit"}'] == edits > 0
        assert sum(sent.values()) == posted.total() + edits
        asks = sum(len([m for m in one.house.inbox(p) if ":ask:" in m.key]) for p in EVERYONE)
        assert seen['okr_letters_total{end="sent",kind="ask"}'] == asks == 4
        assert seen['okr_letter_lateness_seconds_count{kind="ask"}'] == 4
        assert seen['okr_letter_lateness_seconds_sum{kind="ask"}'] == 0
        assert seen['okr_answers_total{outcome="stored"}'] == 2
        assert seen['okr_answers_total{outcome="fixed"}'] == 1
        assert seen["okr_time_to_answer_seconds_count"] == 1
        assert seen["okr_time_to_answer_seconds_sum"] == 3600
        assert seen['okr_reply_seconds_count{event="submitted"}'] == 3
        assert seen["okr_plan_seconds_count"] > 0
        assert seen["okr_letters_planned_total"] > 4
        assert seen['okr_letters_open{state="due"}'] == 0


async def test_what_goes_wrong_is_counted_by_what_became_of_it(database: Database) -> None:
    fates: dict[str, Outcome] = {
        "dm:alice@harbour.example": Undeliverable("account_inactive"),
        "dm:bob@harbour.example": Unknown(),
    }
    async with watched(database) as one:
        house = one.house
        house.platform.looks_up = False
        house.platform.fate = lambda _, to, *_more: fates.get(to.address)
        due, past = house.now, house.now - 9 * HOUR
        drafts = [ask(n, kind="reply", due=due, expires=due + HOUR) for n in (1, 2, 3)]
        drafts.append(ask(4, kind="reply", due=past, expires=past + HOUR))
        await house.database.write(lambda s: letters.plan(s, drafts), patience=None)
        await house.bot.delivery.deliver()
        seen = await one.scraped()
        for end in ("dead", "unknown", "sent", "expired"):
            assert seen[f'okr_letters_total{{end="{end}",kind="reply"}}'] == 1, end
        assert seen["okr_letters_fenced_total"] == 0


async def test_an_answer_that_comes_before_its_letter_leaves_is_fenced(sqlite: Database) -> None:
    async with watched(sqlite) as one:
        house = one.house
        draft = ask(3, kind="reply", due=house.now, expires=house.now + HOUR)

        def overtaken(*_: object) -> None:
            sqlite.write_now(lambda s: letters.cancel(s, reason="answered", keys=["late"]))

        second = ask(3, key="late", kind="notice", due=house.now, expires=house.now + HOUR)
        await sqlite.write(lambda s: letters.plan(s, [draft, second]), patience=None)
        house.platform.fate = overtaken
        await house.bot.delivery.deliver()
        assert (await one.scraped())["okr_letters_fenced_total"] == 1


async def test_no_label_holds_a_name_or_what_somebody_wrote(sqlite: Database) -> None:
    async with watched(sqlite) as one:
        await one.house.says(BOB, HOSTILE)
        await a_week(one)
        page = "\n".join(await one.scraped()).lower()
        for person in EVERYONE:
            assert person.email.split("@")[0] not in page
        assert "harbour" not in page
        assert "<b>" not in page


async def test_ages_and_stalls_are_told(sqlite: Database) -> None:
    async with watched(sqlite) as one:
        one.beat()
        one.moment += 7
        one.metrics.stalled(0.3)
        seen = await one.scraped()
        assert seen["okr_tick_age_seconds"] == 7
        assert seen["okr_loop_stall_longest_seconds"] == pytest.approx(0.3)
        one.moment += 61
        assert (await one.scraped())["okr_loop_stall_longest_seconds"] == 0


async def test_a_scrape_costs_the_same_with_many_letters(engine: Engine, tmp_path: Path) -> None:
    database = open_database(engine.clean(tmp_path))
    async with watched(database) as one:
        with statements(database) as few:
            await one.scraped()
        await database.write(lambda s: fill(s, one.house.now, 100_000), patience=None)
        one.moment += KEPT
        with statements(database) as many:
            seen = await one.scraped()
            await one.scraped()  # kept for some seconds
        assert len(many) == len(few) == 1
        assert seen['okr_letters_open{state="due"}'] == 10_000
        assert seen["okr_letter_oldest_wait_seconds"] == 3600
    database.close()


def fill(session: Session, now: datetime, count: int) -> None:
    """Letters by the thousand, a tenth of them due for an hour."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < count))
    n = numbers.c.n
    values: dict[str, object] = {
        "flow": "checkin", "subject": "", "kind": "ask", "rank": 1, "cycle_id": 1,
        "platform": "loopback", "workspace": "", "address": "nowhere", "not_before": 0.0,
        "tries": 0, "reason": "", "version": 0, "claimed_by": "",
    }  # fmt: skip
    rows = select(
        *(literal(value) for value in values.values()),
        literal("many:") + cast(n, String),
        case((n % 10 == 0, "planned"), else_="sent"),
        literal(now - HOUR, LETTER.c.due_at.type),
        literal(now + HOUR, LETTER.c.due_at.type),
    )
    columns = [*values, "key", "state", "due_at", "expires_at"]
    session.connection().execute(insert(LETTER).from_select(columns, rows))
