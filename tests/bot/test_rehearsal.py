"""A rehearsal: what the bot would send, shown without sending it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape
from sqlalchemy import text
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from bot import cast
from bot.chat.events import Values
from bot.chat.forms import Form
from bot.clock import Clock
from bot.rehearsal.account import Account
from bot.rehearsal.manners import Silent, Typical
from bot.rehearsal.page import MARK, page
from bot.rehearsal.passage import Nobody, Passage
from bot.rehearsal.play import Answers, Assumed, NothingToPlay, Rehearsal
from bot.rehearsal.players import Asked, Manner, Players
from bot.rehearsal.post import Overheard
from bot.running import Bot
from bot.writing import written
from storage import audit, keeping
from storage.checkins import Checkin, Update
from storage.copying import CannotCopy, copy_of
from storage.cycles import Cycle
from storage.database import Database
from storage.letters import Draft, Letter, plan
from storage.migrating import tables
from storage.organisation import Organisation
from storage.people import Identity, Person
from tests.house import House, set_ours

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Where only the copy is looked at, which is a file in any case."""

REMINDER = "Check-in reminder"


@contextmanager
def copied(url: str, room: Path, name: str = "copy.db") -> Iterator[Database]:
    """A copy, closed in the end."""
    copy = copy_of(url, room / name)
    try:
        yield copy
    finally:
        copy.close()


async def rehearsed(
    url: str, room: Path, start: datetime, answers: Answers = "none", weeks: int = 1
) -> Account:
    """What a rehearsal of these data shows."""
    with copied(url, room, f"{answers}.db") as copy:
        return await Rehearsal(copy, start, platform="web", answers=answers).play(weeks)


def letters(session: Session, now: datetime) -> list[tuple[object, ...]]:
    """All that readers see of the letters that went out or were given up, with their cards.

    What was changed is compared as it would be now: a rehearsal only writes it where it is read.
    """
    gone = select(Letter).where(col(Letter.state).in_(("sent", "expired", "cancelled", "dead")))
    found = session.exec(gone).all()
    changed = written(session, [letter for letter in found if letter.kind == "edit"], now)
    return sorted(
        (x.flow, x.subject, x.kind, x.state, x.reason, x.due_at, x.sent_at or x.due_at, x.address,
         changed.get(x.id or 0, x.card) or "", x.person_id or 0)
        for x in found
    )  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "answers", "weeks"),
    [("sqlite", "none", 10), ("sqlite", "typical", 3), ("sqlite", "silent", 1),
     ("postgresql", "none", 2), ("postgresql", "typical", 2)],
    indirect=["engine"],
)  # fmt: skip
async def test_it_shows_what_the_live_bot_sends(
    answers: Answers, weeks: int, house: House, url: str, tmp_path: Path
) -> None:
    """From week 5, and with ten weeks beyond the end of the cycle."""
    end, before = house.now + timedelta(weeks=weeks), len(house.platform.messages)
    with copied(url, tmp_path) as copy:
        account = await Rehearsal(copy, house.now, platform="web", answers=answers).play(weeks)
        shown = copy.read_now(lambda session: letters(session, end))

    clock = Clock(lambda: house.now)
    manner: Manner = Typical() if answers == "typical" else Silent()
    live: list[Bot] = []

    async def after(replan: bool) -> None:
        if replan:
            await live[0].duties.plan(at_once=True)

    players = Players(house.database, clock, manner, after)
    platform = Overheard(house.platform, clock, players.listen)
    live.append(Bot(house.database, {"loopback": platform}, clock, "test-worker", patience=60))
    people = Nobody() if answers == "none" else players
    await Passage(live[0], people).go_to(end)

    sent = await house.database.read(lambda session: letters(session, end))
    assert shown == sent
    assert account.messages == len(house.platform.messages) - before > 5 * weeks
    assert (account.edits > 0) == (answers != "none")


@one_engine
async def test_two_runs_agree(house: House, url: str, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    once = await rehearsed(url, tmp_path, house.now, "typical", 3)
    assert await rehearsed(url, tmp_path / "again", house.now, "typical", 3) == once


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        table.name: sorted(
            (tuple(row) for row in session.execute(table.select())), key=repr
        )
        for table in tables().sorted_tables
    }  # fmt: skip


async def test_the_original_stays_as_it_is(house: House, url: str, tmp_path: Path) -> None:
    before = await house.database.read(everything)
    file = tmp_path / "okr.db"
    bytes_before = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
    with copied(url, tmp_path) as copy:
        assert await copy.read(everything) == before
        await Rehearsal(copy, house.now, platform="web", answers="typical").play(3)
        assert len(await copy.read(lambda s: s.exec(select(Checkin)).all())) > len(
            before["checkin"]
        )
    assert await house.database.read(everything) == before
    if file.exists():
        assert hashlib.sha256(file.read_bytes()).hexdigest() == bytes_before


@one_engine
async def test_typical_people_move_their_values_and_silent_ones_do_not(
    house: House, url: str, tmp_path: Path
) -> None:
    def values(session: Session) -> list[tuple[int, float | None]]:
        rows = session.exec(select(Update).where(Update.week >= 5, Update.cycle_id == 1))
        return [(row.key_result_id, row.value) for row in rows]

    def standing(session: Session) -> dict[int, float | None]:
        rows = session.exec(select(Update).order_by(col(Update.week)))
        return {row.key_result_id: row.value for row in rows}

    before = await house.database.read(standing)
    for answers in ("typical", "silent"):
        with copied(url, tmp_path, f"{answers}.db") as copy:
            await Rehearsal(copy, house.now, platform="web", answers=answers).play(4)
            said = await copy.read(values)
        moved = [value for kr, value in said if value != before.get(kr)]
        assert said
        assert bool(moved) == (answers == "typical")


@one_engine
async def test_what_is_not_sent_for_want_of_budget_is_shown(
    house: House, url: str, tmp_path: Path
) -> None:
    await house.database.write(set_ours(unasked_per_week=1))
    account = await rehearsed(url, tmp_path, house.now, weeks=2)
    held = dict(account.held)
    assert held[cast.CHARLIE.name] == {REMINDER: 2}
    assert account.kinds.get(REMINDER, 0) == 0
    assert account.load.most == 1
    text = page(account, Assumed(), "none", 2)
    assert f"2 × {escape(REMINDER)}" in text


@one_engine
async def test_who_cannot_be_reached_is_shown_with_the_reason(
    house: House, url: str, tmp_path: Path
) -> None:
    def lose(session: Session) -> None:
        identity = session.exec(select(Identity).where(Identity.person_id == 2)).one()
        identity.unreachable = "account switched off"
        session.add(identity)
        session.add(Person(email="eve@x.org", name="Eve Ek", since=identity.heard_at))

    await house.database.write(lose)
    account = await rehearsed(url, tmp_path, house.now, weeks=1)
    assert dict(account.lost) == {
        "Bob Okafor": "account switched off",
        "Eve Ek": "no account is known on any platform",
    }
    assert "Bob Okafor" not in {
        line.to for week in account.weeks for day in week.days for line in day.lines
    }
    assert "Harbour" not in account.silent_teams


@one_engine
async def test_nobody_was_looked_for_yet(house: House, url: str, tmp_path: Path) -> None:
    def forget(session: Session) -> None:
        for identity in session.exec(select(Identity)):
            session.delete(identity)

    await house.database.write(forget)
    with copied(url, tmp_path) as copy:
        rehearsal = Rehearsal(copy, house.now, platform="web", answers="silent")
        account = await rehearsal.play(1)
    assert rehearsal.assumed.platform == "web"
    assert account.lost == []
    assert account.kinds["Check-in asked"] == 4
    assert "here everybody has an account on web" in page(account, rehearsal.assumed, "silent", 1)


@one_engine
@pytest.mark.parametrize("running", ["waiting", "paused"])
async def test_a_bot_that_is_off_is_rehearsed_as_if_it_were_on(
    running: str, database: Database, url: str, tmp_path: Path
) -> None:
    house = await House.open(database, running)
    await house.database.write(set_ours(language="de"))
    with copied(url, tmp_path) as copy:
        rehearsal = Rehearsal(copy, house.now, platform="web", answers="none")
        account = await rehearsal.play(1)
    assert rehearsal.assumed.off == running
    assert account.messages > 4
    shown = page(account, rehearsal.assumed, "none", 1)
    assert "what would happen were it on: type “setup start” to it" in shown
    await house.go_to(house.now + timedelta(weeks=1))
    assert house.platform.messages == []


async def test_what_another_had_claimed_is_free_in_the_copy(
    house: House, url: str, tmp_path: Path
) -> None:
    def claimed(session: Session) -> None:
        draft = Draft(
            key="mine",
            flow="thanks",
            subject="",
            kind="reply",
            due_at=house.now,
            expires_at=house.now + timedelta(days=1),
            person_id=2,
            platform="loopback",
            address=f"dm:{cast.BOB.email}",
        )
        plan(session, [draft])
        session.connection().execute(
            text("UPDATE letter SET state = 'claimed', claimed_by = 'other', lease_until = 9e9,"
                 " card = '{\"title\": \"Claimed\"}', tries = 1, version = 1 WHERE key = 'mine'")
        )  # fmt: skip

    await house.database.write(claimed)
    account = await rehearsed(url, tmp_path, house.now, weeks=1)
    first = account.weeks[0].days[0].lines[0]
    assert (first.to, first.what) == ("Bob Okafor", "Claimed")


@one_engine
async def test_without_organisation_or_cycle_it_says_what_to_do(
    database: Database, url: str, tmp_path: Path
) -> None:
    now = datetime(2026, 11, 2, 6, tzinfo=UTC)
    with (
        copied(url, tmp_path, "a.db") as copy,
        pytest.raises(NothingToPlay, match="okr init, then import"),
    ):
        Rehearsal(copy, now, platform="web", answers="none")
    await database.write(lambda s: s.add(Organisation(name="Nord", changed_at=now)), patience=None)
    with copied(url, tmp_path, "b.db") as copy, pytest.raises(NothingToPlay, match="setup cycle"):
        Rehearsal(copy, now, platform="web", answers="none")


def test_there_must_be_something_to_copy(tmp_path: Path) -> None:
    with pytest.raises(CannotCopy, match="okr init"):
        copy_of(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    with pytest.raises(CannotCopy, match="of another version, or away"):
        copy_of("postgresql://nobody@127.0.0.1:1/none", tmp_path / "copy.db")


@one_engine
async def test_a_platform_that_only_a_channel_names_is_played_too(
    house: House, url: str, tmp_path: Path
) -> None:
    await house.database.write(
        lambda s: s.connection().execute(text("UPDATE channel SET platform = 'slack'"))
    )
    account = await rehearsed(url, tmp_path, house.now, weeks=1)
    assert account.kinds["Team summary"] >= 1


@one_engine
async def test_the_timeline_has_phases_weeks_and_what_belongs_together(
    house: House, url: str, tmp_path: Path
) -> None:
    account = await rehearsed(url, tmp_path, house.now, "typical", 10)
    spans = [(part.phase, part.weeks[0].number, part.weeks[-1].number) for part in account.parts]
    assert spans == [
        ("execution", 5, 12), ("retrospective", 13, 13), ("planning", 1, 1),
    ]  # fmt: skip
    assert [week.number for week in account.weeks if week.review] == [7]
    assert len({part.quarter for part in account.parts}) == 2
    thursday = account.weeks[1].days[-2]
    asked = thursday.sorts[0]
    assert (asked.kind, len(asked.lines), asked.posted) == ("Check-in asked", 4, False)
    assert [(f"{each.at:%H:%M}", each.what, each.to) for each in asked.moments] == [
        ("05:30", "Week 6 check-in", ["Charlie Rao"]),
        ("10:00", "Week 6 check-in", ["Alice Brandt", "Dana Weiss"]),
        ("16:00", "Week 6 check-in", ["Bob Okafor"]),
    ]
    shown = page(account, Assumed(), "typical", 10)
    assert shown.count("You own key results, or belong to a team that is asked each week.") == 1
    assert "Week 7 of 13, mid-quarter review" in shown
    assert "4 people" in shown


@one_engine
async def test_nobody_is_kept_from_a_reminder_who_has_answered(
    house: House, url: str, tmp_path: Path
) -> None:
    await house.database.write(set_ours(unasked_per_week=1))
    account = await rehearsed(url, tmp_path, house.now, "silent", 2)
    assert cast.CHARLIE.name not in dict(account.held)


@one_engine
async def test_who_has_no_value_yet_gives_a_first_one(
    house: House, url: str, tmp_path: Path
) -> None:
    def forget(session: Session) -> None:
        session.connection().execute(text("UPDATE key_result SET baseline = NULL WHERE id = 1"))
        session.connection().execute(text("DELETE FROM key_result_update WHERE key_result_id = 1"))

    await house.database.write(forget)
    with copied(url, tmp_path) as copy:
        await Rehearsal(copy, house.now, platform="web", answers="typical").play(3)
        said = await copy.read(
            lambda s: s.exec(select(Update).where(Update.key_result_id == 1)).all()
        )
    assert said
    assert all(update.value is not None for update in said)


class _Seen(HTMLParser):
    """The tags of a page, checked to be closed; and what it wants from elsewhere."""

    EMPTY = frozenset({"meta", "br", "link", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@one_engine
async def test_the_page_is_whole_and_hostile_names_stay_names(
    house: House, url: str, tmp_path: Path
) -> None:
    hostile = '<script>alert("x")</script>&amp;\'"{{ 7*7 }}'

    def rename(session: Session) -> None:
        for table in ("person", "team", "channel", "organisation"):
            session.connection().execute(text(f"UPDATE {table} SET name = :n"), {"n": hostile})
        session.connection().execute(text("UPDATE identity SET unreachable = :n WHERE id = 1"),
                                     {"n": hostile})  # fmt: skip

    await house.database.write(rename)
    account = await rehearsed(url, tmp_path, house.now, "none", 2)
    shown = page(account, Assumed("waiting", hostile), "none", 2)
    seen = _Seen()
    seen.feed(shown)
    assert seen.open == []
    assert seen.outside == []
    assert "script" not in seen.tags
    assert "{{ 7*7 }}" in shown
    assert MARK in shown[:500]


@one_engine
async def test_stopped_it_shows_what_was_played(house: House, url: str, tmp_path: Path) -> None:
    with copied(url, tmp_path) as copy:
        rehearsal = Rehearsal(copy, house.now, platform="web", answers="none")
        after_a_week = house.now + timedelta(weeks=1)

        def tell(moment: datetime) -> None:
            if moment >= after_a_week:
                rehearsal.passage.stop()

        account = await rehearsal.play(13, tell)
    assert len(account.weeks) in (1, 2)
    assert account.last < account.first + timedelta(weeks=2)
    assert "It was stopped on" in page(account, Assumed(), "none", 13)


@one_engine
async def test_who_was_asked_before_is_heard_too(house: House, url: str, tmp_path: Path) -> None:
    await house.go_to("Thu 12:00")
    assert house.last(cast.DANA).title == "Week 5 check-in"
    with copied(url, tmp_path) as copy:
        await Rehearsal(copy, house.now, platform="web", answers="silent").play(1)
        closed = await copy.read(lambda s: s.exec(select(Checkin).where(Checkin.week == 5)).all())
    assert {row.person_id for row in closed} == {1, 2, 3, 4}


class Stumbles(Typical):
    """All answer after an hour, and over Bob's answer a flow stumbles halfway."""

    def answers_at(self, asked: Asked) -> datetime | None:
        return asked.at + timedelta(hours=1)

    def fills(
        self, session: Session, asked: Asked, form: Form, now: datetime, step: int
    ) -> Values | None:
        if asked.email == cast.BOB.email:
            keeping.put(session, "test", "half", "done")
            audit.note(session, now, "test", "half", how="test", after={"done": True})
            raise RuntimeError("over this answer")
        return super().fills(session, asked, form, now, step)


@one_engine
async def test_where_somebody_stumbles_the_others_answer_all_the_same(house: House) -> None:
    async def after(_: bool) -> None:
        """Nothing is planned anew."""

    clock = Clock(lambda: house.now)
    players = Players(house.database, clock, Stumbles(), after)
    platform = Overheard(house.platform, clock, players.listen)
    bot = Bot(house.database, {"loopback": platform}, clock, "test-worker", patience=60)
    with capture_logs() as said:
        await Passage(bot, players).go_to(house.now + timedelta(days=5))

    def kept(session: Session) -> tuple[set[int], str | None, int]:
        answered = select(Checkin.person_id).where(col(Checkin.answered_at) > house.now)
        return (
            set(session.exec(answered)),
            keeping.get(session, "test", "half"),
            len(audit.of_thing(session, "test", "half")),
        )

    answered, half, noted = await house.database.read(kept)
    assert len(answered) >= 2
    assert cast.BOB.id not in answered
    assert (half, noted) == (None, 0)
    assert [each["event"] for each in said].count("player_failed") == 1


@one_engine
async def test_a_rehearsal_goes_on_into_the_next_cycle(
    house: House, url: str, tmp_path: Path
) -> None:
    with copied(url, tmp_path) as copy:
        account = await Rehearsal(copy, house.now, platform="web", answers="none").play(13)
        cycles = await copy.read(lambda s: s.exec(select(Cycle).order_by(col(Cycle.id))).all())
    assert [cycle.state for cycle in cycles] == ["closed", "open"]
    assert any(
        line.what == "Week 2 check-in"
        for week in account.weeks[8:]
        for day in week.days
        for line in day.lines
    )
