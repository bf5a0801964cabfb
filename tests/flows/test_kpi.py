"""KPIs: read, outside their range, told, suggested, brought back, fallen back."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Card, Chart
from bot.chat.events import Typed
from bot.chat.replies import Fix, Open, Quiet, Reply, Say
from bot.chat.who import Actor, Destination
from bot.kpis import readings, suggestions
from bot.term import term
from storage.audit import Audit
from storage.checkins import Update
from storage.engine import open_database
from storage.kpis import Episode, Kpi, Reading
from storage.letters import Letter
from storage.objectives import KeyResult, Objective
from storage.teams import Team
from tests.engines import Engine, statements
from tests.house import House, buttons_of
from tests.house import words as told_words


def words(card: Card) -> str:
    return told_words(card).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
async def house(engine: Engine, tmp_path: Path) -> AsyncIterator[House]:
    database = open_database(engine.clean(tmp_path))
    yield await House.open(database)
    database.close()


@pytest.fixture
async def home(files: Engine, tmp_path: Path) -> AsyncIterator[House]:
    """Where one engine is enough."""
    database = open_database(files.clean(tmp_path))
    yield await House.open(database)
    database.close()


def said(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def problems(reply: Reply) -> dict[str, str]:
    assert isinstance(reply, Fix), reply
    return {problem.question: problem.text for problem in reply.problems}


def labels(reply: Reply) -> list[str]:
    assert isinstance(reply, Say), reply
    return [button.label for button in buttons_of(reply.card)]


def has_chart(card: Card) -> bool:
    return any(isinstance(block, Chart) for block in card.blocks)


async def change(house: House, table: type, number: int, **values: object) -> None:
    def write(session: Session) -> None:
        row: object = session.get_one(table, number)
        for name, value in values.items():
            setattr(row, name, value)

    await house.database.write(write)


async def episode(house: House) -> Episode:
    def newest(session: Session) -> Episode:
        row = session.exec(select(Episode).order_by(col(Episode.id).desc())).first()
        assert row is not None
        return Episode(**row.model_dump())

    return await house.database.read(newest)


async def test_who_leads_sees_the_kpis_of_all_teams_below(home: House) -> None:
    def deeper(session: Session) -> None:
        session.add(Team(id=9, slug="support", name="Support", parent_id=2, lead_id=3))
        session.flush()
        for kpi in session.exec(select(Kpi)):
            kpi.team_id = 9

    await home.database.write(deeper)
    assert "Your teams have no KPIs yet" in said(await home.says(DANA, "kpi"))
    await change(home, Team, 1, lead_id=4)
    assert "Support Time to first answer" in said(await home.says(DANA, "kpi")).replace("\n", " ")


async def test_the_board_and_one_kpi(house: House) -> None:
    board = await house.says(BOB, "kpi")
    assert title(board) == "KPIs of my teams"
    line = "Time to first answer: 5.5 h on Fri 30 Oct, outside its range once (4 h or less)"
    assert line in said(board)
    one = await house.clicks(BOB, board, "Show")
    assert title(one) == "Time to first answer"
    assert "The reading of Fri 30 Oct is outside its range (4 h or less)." in said(one)
    assert "Owner: Charlie Rao" in said(one)
    assert labels(one) == []
    assert labels(await house.says(CHARLIE, "kpi time to first ANSWER")) == ["Give a reading"]
    lead = await house.says(ALICE, "kpi support-time")
    assert labels(lead) == ["Give a reading", "Edit", "Stop watching"]
    unknown = await house.says(BOB, "kpi suport tme")
    assert labels(unknown) == ["Time to first answer"]


async def test_a_breach_on_a_day_off_is_told_when_its_reader_works_again(house: House) -> None:
    await house.says(ALICE, "away until wed")
    await house.says(CHARLIE, "kpi support-time 4.6 h")
    await house.go_to("Thu 09:00")
    assert "A KPI left its range" not in [message.card.title for message in house.inbox(ALICE)]
    await house.go_to("Thu 09:05")
    assert house.last(ALICE).title == "A KPI left its range"


@pytest.mark.parametrize(
    ("given", "change"),
    [
        ("5.5", "Change: unchanged since Fri 30 Oct"),
        ("5.51", "Change: +0.01 h since Fri 30 Oct"),
        ("5", "Change: −0.5 h (−9%) since Fri 30 Oct"),
    ],
)
async def test_a_change_of_next_to_nothing_has_no_share(
    house: House, given: str, change: str
) -> None:
    await house.says(CHARLIE, f"kpi support-time {given}")
    assert change in said(await house.says(CHARLIE, "kpi support-time")).splitlines()


async def test_a_slip_in_the_year_of_a_reading_is_seen(home: House) -> None:
    given = said(await home.says(CHARLIE, "kpi support-time 3.5 2025-11-02"))
    assert "Entered for Sun, 2 Nov 2025." in given
    again = said(await home.says(CHARLIE, "kpi support-time 3.6 2025-11-02"))
    assert "2 Nov 2025" in again


async def test_what_was_told_before_an_upgrade_is_still_renewed(home: House) -> None:
    await home.says(CHARLIE, "kpi support-time 4.6 h")
    await home.go_to("Mon 12:00")

    def as_it_was(session: Session) -> None:
        told = session.exec(select(Letter).where(Letter.flow == "flag")).one()
        told.key = "kpi:told:1:2026-11-02"

    await home.database.write(as_it_was)
    await home.says(CHARLIE, "kpi support-time 3.6")
    (told,) = [m.card for m in home.inbox(ALICE) if m.card.title == "A KPI left its range"]
    assert "Since then: 3.6 h on Mon 2 Nov" in words(told)


async def test_a_breach_is_told_once_and_the_loop_runs_to_a_relapse(house: House) -> None:
    given = await house.says(CHARLIE, "kpi support-time 4.6 h")
    assert title(given) == "Saved: 4.6\N{NO-BREAK SPACE}h"
    assert "2 readings in a row are outside its range" in said(given)
    assert isinstance(given, Say)
    assert has_chart(given.card)
    assert house.inbox(CHARLIE) == [], "who gave it sees it at once"
    await house.go_to("Mon 12:00")
    (told,) = [m.card for m in house.inbox(ALICE) if m.card.title == "A KPI left its range"]
    assert "Time to first answer was 5.5 h on Fri 30 Oct, and healthy is 4 h or less." in words(
        told
    )
    assert "Since then: 4.6 h on Mon 2 Nov, unhealthy." in words(told)
    assert "only a sign" not in words(told), "two in a row are more"
    assert has_chart(told)
    began = await episode(house)
    assert (began.state, began.proposal, began.worst) == ("unhealthy", "held", 5.5)
    await house.says(CHARLIE, "kpi support-time 4.7")
    await house.go_to("Tue 12:00")
    titles = [message.card.title for message in house.inbox(ALICE)]
    assert titles.count("A KPI left its range") == 1, "told once"

    board = await house.says(ALICE, "kpi")
    assert "has been outside its range since Fri 30 Oct" in said(board)
    assert "kept for your next planning session" in said(board)
    number = began.id
    early = await house.presses(ALICE, f"kpi:accept:{number}")
    assert title(early) == "Kept for the next planning"
    assert title(await house.presses(BOB, f"kpi:accept:{number}")) == "Only its leads can change it"

    await house.database.write(_planning(12))
    held = await house.database.read(
        lambda s: suggestions.waiting(s, term(s, house.now), [2]).get(2, [])
    )
    assert [each.look.kpi.slug for each in held] == ["support-time"]
    board = await house.says(ALICE, "kpi")
    made = await house.clicks(ALICE, board, "Make it an objective")
    assert "Time to first answer is healthy again and stays so" in said(made)
    assert "Time to first answer back from 5.5 h to 4 h" in said(made)
    again = await house.presses(ALICE, f"kpi:accept:{number}")
    assert title(again) == "Decided already"

    def drafted(session: Session) -> tuple[object, ...]:
        kr = session.exec(select(KeyResult).where(KeyResult.kpi_id == 1)).one()
        goal = session.get_one(Objective, kr.objective_id)
        return goal.state, goal.kpi_id, kr.kind, kr.baseline, kr.target, kr.due.isoformat()

    assert await house.database.read(drafted) == (
        "draft", 1, "decrease", 5.5, 4.0, "2027-01-01",
    )  # fmt: skip
    await house.database.write(_planning(1))
    objective = (await episode(house)).objective_id or 0
    await house.presses(ALICE, f"add:approve:{objective}")
    recovering = await house.says(BOB, "kpi support-time")
    assert "recovering: An objective is bringing it back: 53% of the way" in said(recovering)

    early = await house.says(ALICE, "kpi support-time 4 2026-11-06")
    assert "Fri 6 Nov is still to come" in said(early)
    await house.go_to("Fri 12:00")
    for day, value in ((4, 4.0), (5, 3.9), (6, 3.8)):
        await house.says(ALICE, f"kpi support-time {value} 2026-11-{day:02}")
    well = await house.says(BOB, "kpi support-time")
    assert "recovered: On Fri 6 Nov it was inside its range (4 h or less) for the third" in said(
        well
    )

    def moved(session: Session) -> list[tuple[int, float | None, int | None]]:
        kr = session.exec(select(KeyResult).where(KeyResult.kpi_id == 1)).one()
        rows = session.exec(select(Update).where(Update.key_result_id == kr.id)).all()
        return [(row.week, row.value, row.confidence) for row in rows]

    assert await house.database.read(moved) == [(5, 3.8, None)]
    await house.go_to("Mon 09:00", week=6)
    fell = await house.says(ALICE, "kpi support-time 6")
    assert "fallen back" in said(fell)
    assert (await episode(house)).state == "relapsed"
    await house.go_to("Mon 10:00", week=6)
    assert "It had recovered before." in words(house.last(CHARLIE))


async def test_what_is_inside_again_is_watched_and_shown_once(home: House) -> None:
    await home.says(CHARLIE, "kpi support-time 4.6")
    for asked in ("kpi", "kpi support-time"):
        outside = await home.says(ALICE, asked)
        assert "has been outside its range since Fri 30 Oct" in said(outside)
        assert isinstance(outside, Say)
        assert sum(isinstance(block, Chart) for block in outside.card.blocks) == 1
    await home.go_to("Tue 10:00")
    await home.says(CHARLIE, "kpi support-time 3.1")
    inside = await home.says(ALICE, "kpi support-time")
    assert "Inside its range (4 h or less) again: 1 of 3 in a row." in said(inside)
    assert "Outside: from Fri 30 Oct, at worst 5.5 h" in said(inside)
    for lost in ("has been outside", "An objective could", "nothing has to be decided"):
        assert lost not in said(inside)
        assert lost not in said(await home.says(ALICE, "kpi"))
    assert "Put off" not in labels(inside)
    await home.database.write(_planning(12))
    planned = await home.says(ALICE, "kpi support-time")
    assert "is inside its range again (3.1 h), 1 of 3 in a row, and is watched." in said(planned)
    assert "Make it an objective" in labels(planned)


async def test_what_is_due_with_a_check_in_is_a_part_of_it(house: House) -> None:
    await house.database.write(
        lambda s: s.add_all(
            [
                Kpi(id=5, slug="nps", name="NPS", team_id=2, owner_id=2, low=30,
                    direction="higher"),
                Kpi(id=6, slug="cash", name="Cash", team_id=2, owner_id=2, cadence="monthly"),
                Kpi(id=7, slug="fed", name="Fed", team_id=2, owner_id=2, source="api"),
            ]
        )
    )  # fmt: skip
    await change(house, KeyResult, 1, kpi_id=5)
    await house.go_to("Thu 10:00", zone="America/New_York")
    assert len(house.inbox(BOB)) == 1, "one message with parts"
    asked = house.last(BOB)
    assert "KPI readings of today:\nCash: no reading yet\nNPS: no reading yet" in words(asked)
    form = await house.clicks(BOB, asked, "Check in")
    assert isinstance(form, Open)
    ids = [question.id for question in form.form.questions()]
    assert {"reading-5", "reading-6"} <= set(ids)
    assert "reading-7" not in ids
    assert "value-1" not in ids, "the KPI says it"
    wrong = await house.sends(BOB, form, reading_5="lots")
    assert "lots" in problems(wrong)["reading-5"]
    assert isinstance(await house.sends(BOB, form, reading_5="29", confidence_1="4"), Quiet)
    assert "✓ NPS: 29" in words(house.last(BOB))
    assert "Cash" not in words(house.last(BOB))

    def kept(session: Session) -> tuple[object, ...]:
        update = session.get_one(Update, (1, 5, 1))
        reading = session.get_one(Reading, (5, date(2026, 11, 5)))
        return update.value, update.confidence, reading.value, reading.by_id, reading.how

    assert await house.database.read(kept) == (29, 4, 29, 2, "checkin")
    told = [message.card.title for message in house.inbox(BOB)]
    await house.go_to("Thu 17:30")
    assert [m.card.title for m in house.inbox(BOB)] == [*told, "A KPI left its range"]
    assert "only a sign: two in a row are unhealthy." in words(house.last(BOB))

    await house.says(ALICE, "kpi nps 31")
    assert (await house.database.read(kept))[:2] == (31, 4), "what its owner believes stays"
    corrected = next(m.card for m in house.inbox(BOB) if "range" in m.card.title)
    assert "the reading was corrected, it never left its range" in words(corrected)

    def audited(session: Session) -> list[str]:
        query = select(Audit.how).where(Audit.thing == "update", Audit.thing_key == "1:5")
        return list(session.exec(query.order_by(col(Audit.id))))

    assert await house.database.read(audited) == ["chat", "kpi", "kpi"]


async def test_a_kpi_keeps_no_confidence_fresh(home: House) -> None:
    await change(home, KeyResult, 1, kpi_id=1)
    for week, value in ((5, 40), (6, 41), (7, 42)):
        await home.go_to("Fri 09:00", week=week)
        await home.says(ALICE, f"kpi support-time {value}")
    mine = await home.says(BOB, "mine")
    assert "no news since week 4" in said(mine)


async def test_who_has_no_check_in_is_asked_by_a_card_of_its_own(house: House) -> None:
    def more(session: Session) -> None:
        session.add(Kpi(id=5, slug="calls", name="Calls", team_id=2, owner_id=3, cadence="daily"))
        session.add(Kpi(id=6, slug="cash", name="Cash", team_id=2, owner_id=3, cadence="monthly"))
        session.get_one(Team, 2).short_form = False
        session.info["replan"] = True

    await house.database.write(more)
    await house.bot.duties.plan()
    await house.go_to("Mon 12:00", zone="Asia/Kolkata")
    (monday,) = house.inbox(CHARLIE)
    assert monday.card.title == "A KPI reading is due"
    assert "Calls: no reading yet" in words(monday.card)
    form = await house.clicks(CHARLIE, monday.card, "Give readings")
    saved = await house.sends(CHARLIE, form, reading_5="12")
    assert title(saved) == "Saved: one reading"
    assert house.last(CHARLIE).title == "KPI readings: thank you"
    assert len(house.inbox(CHARLIE)) == 1

    await house.says(CHARLIE, "kpi calls 9")
    await house.go_to("Tue 09:00", zone="Asia/Kolkata")
    await house.says(CHARLIE, "kpi calls 13")
    await house.go_to("Tue 12:00", zone="Asia/Kolkata")
    assert len(house.inbox(CHARLIE)) == 1, "given early: nothing is asked"
    await house.go_to("Wed 12:00", zone="Asia/Kolkata")
    assert len(house.inbox(CHARLIE)) == 2
    await house.go_to("Thu 12:00", zone="Asia/Kolkata")
    assert len(house.inbox(CHARLIE)) == 2, "two unasked messages a week"
    shown = await house.says(CHARLIE, "home")
    assert "3 KPI readings of yours are due." in said(shown)
    form = await house.clicks(CHARLIE, shown, "Give readings")
    assert isinstance(form, Open)
    assert {q.id for q in form.form.questions()} == {"reading-1", "reading-5", "reading-6"}
    await house.sends(CHARLIE, form, reading_1="3", reading_5="1", reading_6="2")
    assert "readings of yours" not in said(await house.says(CHARLIE, "home"))
    assert title(await house.presses(CHARLIE, "kpi:due")) == "No reading is due"


async def test_a_daily_kpi_takes_no_check_in_away(home: House) -> None:
    await home.database.write(
        lambda s: s.add(Kpi(id=5, slug="calls", name="Calls", team_id=2, owner_id=2,
                            cadence="daily"))
    )  # fmt: skip
    await home.bot.duties.plan()
    await home.go_to("Fri 18:00")
    titles = [message.card.title for message in home.inbox(BOB)]
    assert titles == ["A KPI reading is due", "Week 5 check-in"]


async def test_defined_by_leads_with_every_mistake_beside_its_question(house: House) -> None:
    assert title(await house.says(BOB, "kpi add")) == "Only its leads can change it"
    form = await house.says(ALICE, "kpi add")
    answers = {"name": HOSTILE[:60], "team": "2", "owner": "3", "unit": "%"}
    for wrong, question in (
        ({"direction": "lower", "low": "1"}, "high"),
        ({"direction": "higher", "high": "1"}, "low"),
        ({"direction": "within", "low": "1"}, "high"),
        ({"low": "5", "high": "4"}, "high"),
        ({"low": "5", "warn_low": "4"}, "warn_low"),
        ({"low": "5", "warn_low": "9", "warn_high": "8"}, "warn_high"),
        ({"low": "5", "follows": "4"}, "follows"),
        ({"follows": "4", "direction": "within"}, "direction"),
        ({"follows": "1"}, "follows"),
        ({"warn_low": "1"}, "warn_low"),
        ({"low": "some"}, "low"),
        ({"low": "5", "owner": "99"}, "owner"),
        ({"low": "5", "team": "99"}, "team"),
        ({"low": "5", "name": "time to first ANSWER"}, "name"),
        ({"low": "5", "name": "!!!"}, "name"),
        ({"stale": "0"}, "stale"),
    ):
        fixed = await house.submits(ALICE, _action(form), _filled(form) | answers | wrong)
        assert [*problems(fixed)] == [question], wrong
    made = await house.submits(
        ALICE, _action(form), _filled(form) | answers | {"low": "5 %", "warn_low": "7"}
    )
    assert title(made) == "New KPI"
    assert HOSTILE[:60] in said(made)
    again = await house.submits(ALICE, _action(form), _filled(form) | answers | {"name": "X"})
    assert title(again) == "Saved already"
    one = await house.says(CHARLIE, f"kpi {HOSTILE[:60]} 6 %")
    assert "keep an eye on it" in said(one)

    edited = await house.clicks(ALICE, await house.says(ALICE, "kpi support-time"), "Edit")
    kept = await house.sends(ALICE, edited, high="6")
    assert "healthy: The reading of Fri 30 Oct is inside its range (6 h or less)" in said(kept)
    dropped = await house.clicks(ALICE, kept, "Stop watching")
    assert title(dropped) == "No longer watched"
    assert "Time to first answer" not in said(await house.says(BOB, "kpi"))
    assert title(await house.says(CHARLIE, "kpi support-time 3")) == "That is over"
    back = await house.clicks(ALICE, dropped, "Watch again")
    assert title(back) == "KPI changed"
    assert title(await house.presses(BOB, "kpi:drop:1")) == "Only its leads can change it"


async def test_a_reading_that_cannot_be_is_not_kept_and_nothing_typed_is_lost(
    home: House,
) -> None:
    for text, says in (
        ("kpi support-time many", "I can't read “many” as a number"),
        ("kpi support-time 3%", "is measured in h"),
        ("kpi support-time 3 someday", "I can't read “someday” as a day"),
        ("kpi support-time 3 2026-12-24", "is still to come"),
    ):
        assert says in said(await home.says(CHARLIE, text)), text
    refused = await home.says(DANA, "kpi support-time 3")
    assert "Only Alice Brandt, Charlie Rao and admins can give readings" in said(refused)
    assert "You typed: 3" in said(refused)
    form = await home.clicks(
        CHARLIE, await home.says(CHARLIE, "kpi support-time"), "Give a reading"
    )
    assert [*problems(await home.sends(CHARLIE, form))] == ["reading-1"]
    assert [*problems(await home.sends(CHARLIE, form, reading_1="3", day="2026-12-01"))] == ["day"]
    late = await home.sends(CHARLIE, form, reading_1="3,5", day="2026-10-30")
    assert "It was 5.5 h for Fri 30 Oct before." in said(late)
    await home.says(CHARLIE, "kpi support-time 3.2 yesterday")
    before = await home.database.read(lambda s: len(s.exec(select(Reading)).all()))
    assert before == 2


async def test_a_suggestion_is_changed_or_put_off(home: House) -> None:
    await home.says(CHARLIE, "kpi support-time 4.6")
    number = (await episode(home)).id
    form = await home.presses(ALICE, f"kpi:later:{number}")
    assert {*problems(await home.sends(ALICE, form))} == {"reason", "until"}
    later = await home.sends(ALICE, form, reason=HOSTILE, until="2026-11-20")
    assert "from Fri 20 Nov on" in said(later)
    assert HOSTILE in said(await home.says(ALICE, "kpi support-time"))

    async def held() -> list[int]:
        return await home.database.read(lambda s: list(suggestions.waiting(s, term(s, home.now))))

    assert await held() == []
    await home.go_to("Fri 12:00", week=7)
    assert await held() == [2]
    await home.database.write(_planning(12))
    form = await home.presses(ALICE, f"kpi:change:{number}")
    assert "target" in problems(await home.sends(ALICE, form, target="6"))
    made = await home.sends(ALICE, form, title="Clinics get answers in time", target="3")
    assert "Clinics get answers in time" in said(made)
    found = await episode(home)
    assert (found.proposal, found.decided_by_id) == ("changed", 1)
    assert await held() == []
    drop = found.objective_id or 0
    await change(home, Objective, drop, state="dropped")
    assert await held() == [2], "tried in vain: it comes up again"


async def test_many_kpis_take_as_many_statements_as_a_few(house: House) -> None:
    counted = []
    await house.says(ALICE, "kpi")
    for many in (3, 30):

        def more(session: Session, many: int = many) -> None:
            for n in range(100 * many, 101 * many):
                session.add(
                    Kpi(id=n, slug=f"k{n}", name=f"Figure {n}", team_id=2, owner_id=3, high=4,
                        direction="lower")
                )  # fmt: skip
                session.flush()
                for week in range(3):
                    day = date(2026, 10, 16) + timedelta(weeks=week)
                    session.add(Reading(kpi_id=n, day=day, value=3.5 + week, at=house.now))

        def give(session: Session) -> None:
            known = session.exec(select(Kpi)).all()
            days = {kpi.id or 0: [date(2026, 10, 30)] for kpi in known}
            now = house.now
            readings.follow(session, term(session, now), known, days, None, "import", now)

        def held(session: Session) -> int:
            return len(suggestions.waiting(session, term(session, house.now))[2])

        await house.database.write(more)
        await house.database.write(give)
        with statements(house.database) as board:
            await house.bot.hear(house.platform, _typed("kpi", many))
        with statements(house.database) as opened:
            await house.bot.hear(house.platform, _typed("home", many))
        with statements(house.database) as waiting:
            assert await house.database.write(held) >= many
        counted.append((len(board), len(opened), len(waiting)))
    assert counted[0] == counted[1]


def _typed(text: str, id: int) -> Typed:
    actor = Actor("loopback", "", ALICE.email)
    return Typed(actor, Destination("loopback", "", f"dm:{ALICE.email}"), f"{text}{id}", text)


def _filled(form: Reply) -> dict[str, str | tuple[str, ...]]:
    assert isinstance(form, Open), form
    return {question.id: question.value for question in form.form.questions()}


def _action(form: Reply) -> str:
    assert isinstance(form, Open), form
    return form.form.action


def _planning(weeks: int):  # type: ignore[no-untyped-def] # a unit of work
    """How many weeks of this cycle are for planning."""

    def write(session: Session) -> None:
        from storage.cycles import Cycle

        session.get_one(Cycle, 1).calendar = f'{{"planning_weeks":{weeks}}}'

    return write
