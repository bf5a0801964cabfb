"""The company on one screen, as a tree, and week by week."""

import re
from collections.abc import Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from bot import cast
from bot.cast import ALICE, BOB, DANA, HOSTILE
from bot.chat.cards import Table
from bot.looking import heat
from bot.looking.heat import Cell, Heat, Kind, Row
from bot.texts import Voice, plain
from storage.checkins import Update
from storage.database import Database
from storage.kpis import Kpi, Reading
from storage.objectives import KeyResult, Objective
from storage.teams import Team
from tests.flows.eyes import labels, seen
from tests.house import House


def plant(session: Session) -> None:
    """A department with a team, whose objectives serve the company's, and one that serves none."""
    session.add(Team(id=3, slug="care", name="Care", level="department", parent_id=1))
    session.flush()
    session.add(Team(id=4, slug="calls", name="Calls", parent_id=3))
    session.flush()
    session.add(Objective(id=7, cycle_id=1, team_id=1, owner_id=1, title="Clinics stay with us"))
    session.flush()
    loved = session.get(Objective, 1)
    assert loved is not None
    loved.parent_id = 7
    session.add(Objective(id=8, cycle_id=1, team_id=3, title="Care is close", parent_id=7))
    session.flush()
    session.add(Objective(id=9, cycle_id=1, team_id=4, title="Calls are short", parent_id=8))
    session.add(Objective(id=10, cycle_id=1, team_id=4, title="A draft", state="draft"))
    session.flush()
    session.add(KeyResult(objective_id=9, title="Minutes", baseline=9, target=4, due=cast.NPS.due))
    session.flush()


async def test_the_company_on_one_screen(house: House) -> None:
    await house.database.write(plant)
    reply = await house.says(DANA, "company")
    assert seen(reply).splitlines() == [
        "Harbour: week 5 of 13",
        "All teams together: progress 33%, expected 40%, on pace · 0 of 4 answered this week",
        "Company objectives",
        "The company has no objectives this quarter yet.",
        "Teams",
        "- Care: no values yet",
        "- Growth: progress 33%, expected 40%, on pace · 0 of 4 answered this week",
        "KPIs outside their range",
        "- Time to first answer: 5.5 h on Fri 30 Oct, outside its range once (4 h or less)",
        "Needs eyes",
        "2 of 5 key results are at risk. Nothing is in anybody's way.",
    ]
    assert labels(reply) == ["At risk", "Tree", "Heatmap"]
    assert seen(await house.clicks(DANA, reply, "At risk")).startswith("Harbour: at risk")
    tree = await house.clicks(DANA, reply, "Tree")
    assert seen(tree).startswith("Harbour: who serves what")
    assert labels(tree) == ["Care", "Growth"]
    await house.go_to("Thu 10:00")
    await house.clicks(DANA, house.last(DANA), "Nothing to report")
    assert "1 of 4 answered this week" in seen(await house.says(ALICE, "company"))


async def test_a_company_with_objectives_of_its_own_and_many_teams(house: House) -> None:
    def more(session: Session) -> None:
        plant(session)
        session.add(KeyResult(objective_id=7, title="Stay", kind="done", due=date(2026, 11, 1)))
        session.add_all(Team(slug=f"t{n}", name=f"T{n}", parent_id=1) for n in range(12))
        kpi = Kpi(slug="k1", name="K1", low=2, high=4, team_id=2)
        session.add(kpi)
        session.flush()
        session.add(Reading(kpi_id=kpi.id or 0, day=date(2026, 11, 1), value=1, at=cast.FRIDAY))

    await house.database.write(more)
    told = seen(await house.says(DANA, "company"))
    assert "- Clinics stay with us · no values yet · Alice Brandt" in told
    assert "Company objectives only: no values yet" in told
    assert "Teams, the furthest behind first\n- Growth: progress 33%" in told
    assert "… and 4 more." in told
    assert "- K1: 1 on Sun 1 Nov, outside its range once (2 to 4)" in told


async def test_two_percentages_say_what_they_cover_and_why_explains_both(house: House) -> None:
    both = seen(await house.says(DANA, "why company"))
    assert both.splitlines()[1] == (
        "All teams together: 33%. The mean of all 4 key results, whoever's they are. quarter"
        " and company show it."
    )

    def more(session: Session) -> None:
        plant(session)
        row = KeyResult(objective_id=7, title="Stay", baseline=0, target=10, due=cast.NPS.due)
        session.add(row)
        session.flush()
        session.add(Update(cycle_id=1, week=5, key_result_id=row.id or 0, value=9, at=cast.FRIDAY))

    await house.database.write(more)
    screen = seen(await house.says(DANA, "company"))
    assert "\nCompany objectives only: progress 90%, expected" in screen
    quarter = seen(await house.says(DANA, "quarter"))
    assert "6 key results, all teams together: progress 44%" in quarter
    told = seen(await house.says(DANA, "why quarter")).splitlines()
    assert told[1].startswith("Company objectives only: 90%. The mean of their one key result.")
    assert told[2].startswith("All teams together: 44%. The mean of all 5 key results")
    assert "Those without a value are left out." in told[3]


async def test_each_objective_stands_under_the_one_it_serves(house: House) -> None:
    await house.database.write(plant)
    reply = await house.says(BOB, "tree")
    assert seen(reply).splitlines() == [
        "Harbour: who serves what",
        "Clinics stay with us · no values yet · Harbour · Alice Brandt",
        "› Care is close · no values yet · Care",
        "› › Calls are short · no values yet · Calls",
        "› Clinics love their first week with us · 27% · on pace · Growth · Alice Brandt",
        "These serve no objective above",
        "Booking never lets a patient down · 50% · Growth · Bob Okafor",
    ]
    growth = await house.says(BOB, "tree growth")
    assert seen(growth).splitlines() == [
        "Growth: who serves what",
        (
            "Clinics love their first week with us · 27% · on pace · Alice Brandt"
            " · for “Clinics stay with us”"
        ),
        "Booking never lets a patient down · 50% · Bob Okafor",
    ]
    assert labels(growth) == ["Harbour"]
    assert seen(await house.clicks(BOB, growth, "Harbour")) == seen(reply)
    assert seen(await house.says(BOB, "tree calls")).endswith("for “Care is close”")
    assert HOSTILE[:40].rstrip() in seen(await house.says(BOB, f"tree {HOSTILE}"))


async def test_week_by_week_as_a_table_and_in_words(house: House) -> None:
    await house.database.write(plant)
    reply = await house.says(ALICE, "heatmap")
    assert seen(reply).splitlines() == [
        "My teams: week by week",
        "Progress against pace",
        "Team | W1 | W2 | W3 | W4 | W5",
        "Harbour | 0% ○ | 27% ✓ | 31% ✓ | 33% ✓ | 33% ✓",
        "› Care | – | – | – | – | –",
        "› › Calls | – | – | – | – | –",
        "› Growth | 0% ○ | 27% ✓ | 31% ✓ | 33% ✓ | 33% ✓",
        "✓ on pace, ▽ behind pace, ▼ far behind pace, ○ no pace expected, – no values yet",
    ]
    words = await house.clicks(ALICE, reply, "In words")
    growth = "W1 0% without a pace; W2 27% · W3 31% · W4 33% · W5 33% on pace"
    assert f"- › Growth: {growth}" in seen(words)
    believed = await house.clicks(ALICE, words, "Confidence")
    assert "- › Growth: W2 6.7 · W3 6 · W4 7.2 at risk" in seen(believed), "nobody said any in W5"
    assert seen(await house.says(BOB, "heatmap text confidence")) == seen(
        await house.says(BOB, "heatmap confidence text growth")
    )


VERDICTS = st.sampled_from(["good", "fair", "poor", "none"])
SHARES = st.integers(-50, 150).map(lambda whole: whole / 100)


@st.composite
def heats(draw: st.DrawFn) -> Heat:
    weeks = range(1, draw(st.integers(1, 13)) + 1)
    kinds: list[Kind] = ["progress", "confidence"]
    kind = draw(st.sampled_from(kinds))
    verdicts = VERDICTS if kind == "progress" else st.sampled_from(["good", "fair", "poor"])
    values = SHARES if kind == "progress" else st.integers(10, 100).map(lambda n: n / 10)
    cell = st.none() | st.builds(Cell, values, verdicts)
    rows = [
        Row(Team(id=n, slug=f"t{n}", name=f"Team {n}"), draw(st.integers(0, 3)),
            draw(st.lists(cell, min_size=len(weeks), max_size=len(weeks))))
        for n in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    return Heat(kind, weeks, rows)


WORDS = {
    "✓": ("on pace", "on track"),
    "▽": ("behind pace", "at risk"),
    "▼": ("far behind pace", "off track"),
    "○": ("without a pace",),
}


def of_table(table: Table) -> dict[tuple[str, str], tuple[str, str]]:
    """Figure and sign by team and week."""
    found = {}
    for row in table.rows:
        name, *cells = (plain(cell) for cell in row)
        for column, cell in zip(table.columns[1:], cells, strict=True):
            if cell != "–":
                figure, sign = cell.rsplit(" ", 1)
                found[name, column.title] = (figure, sign)
    return found


def of_lines(lines: Sequence[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """The same, read from the words."""
    found = {}
    for line in lines:
        name, _, rest = line.partition(": ")
        for run in rest.split("; "):
            if run == "nothing known yet":
                continue
            verdict = max(
                (word for words in WORDS.values() for word in words if run.endswith(word)),
                key=len,
            )
            sign = next(sign for sign, words in WORDS.items() if verdict in words)
            for week, figure in re.findall(r"(W\d+) ([^,\s]+)", run.removesuffix(verdict)):
                found[name, week] = (figure, sign)
    return found


@given(heats())
def test_the_words_say_what_the_table_shows(shown: Heat) -> None:
    voice = Voice("en", "Europe/Berlin")
    table = of_table(heat.table(voice, shown))
    assert of_lines([plain(line) for line in heat.lines(voice, shown)]) == table


async def test_nothing_breaks_between_quarters(sqlite: Database) -> None:
    house = await House.open(sqlite, running="waiting")
    await house.go_to("Mon 09:00", week=14)
    for typed in ("company", "tree", "heatmap", "heatmap text", "at-risk", "blockers"):
        assert seen(await house.says(BOB, typed)), typed
