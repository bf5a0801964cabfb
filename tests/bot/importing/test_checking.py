"""Everything that can be wrong with files, as (files -> row, column, words)."""

import pytest

from bot.importing import Company, check
from storage.cycles import Cycle
from tests.bot.importing.conftest import ENDS, STARTS, TODAY, tables, wrong

PEOPLE = "email,name\nalice@x.org,Alice\nbob@x.org,Bob\n"
TEAMS = "team,level,parent\nco,company,\ngrowth,team,co\n"
KR = "team,objective,key_result,kind,baseline,target,low,high,weight,due,curve,milestones\n"
GROWTH = "growth,Clinics find us,"


def people(*rows: str, heads: str = "email,name,zone,locale,country,manager,active") -> str:
    return "\n".join([heads, *rows]) + "\n"


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        ("alice,Alice,,,,,", 2, "email", "'alice' is not an e-mail address."),
        (",Alice,,,,,", 2, "email", "The e-mail address is missing."),
        ("a@x.org,,,,,,", 2, "name", "The name is missing."),
        (
            "a@x.org,Alice,Europe/Berln,,,,",
            2,
            "zone",
            "There is no time zone 'Europe/Berln'. Did you mean 'Europe/Berlin'?",
        ),
        (
            "a@x.org,Alice,EST,,,,",
            2,
            "zone",
            "There is no time zone 'EST'. Did you mean 'America/New_York'?",
        ),
        (
            "a@x.org,Alice,,german,,,",
            2,
            "locale",
            "There is no locale 'german'. Did you mean 'de'?",
        ),
        (
            "a@x.org,Alice,,xx-YY,,,",
            2,
            "locale",
            "There is no locale 'xx-YY'. Write one such as de-DE or en-US.",
        ),
        (
            "a@x.org,Alice,,,Germny,,",
            2,
            "country",
            "There is no country 'Germny'. Did you mean 'DE'?",
        ),
        (
            "a@x.org,Alice,,,,bbo@x.org,\nbob@x.org,Bob,,,,,",
            2,
            "manager",
            (
                "There is no person 'bbo@x.org', neither in the files nor in the database. "
                "Did you mean 'bob@x.org'?"
            ),
        ),
        (
            "a@x.org,Sam,,,,,\nb@x.org,Sam,,,,,\nc@x.org,Cleo,,,,Sam,",
            4,
            "manager",
            "'Sam' may be any of a@x.org, b@x.org. Write which one.",
        ),
        (
            'a@x.org,A,,,,"b@x.org, c@x.org",\nb@x.org,B,,,,,\nc@x.org,C,,,,,',
            2,
            "manager",
            "Name one person; here are several.",
        ),
        (
            "a@x.org,A,,,,b@x.org,\nb@x.org,B,,,,a@x.org,",
            2,
            "manager",
            "The managers go round in a circle: a@x.org → b@x.org → a@x.org.",
        ),
        ("a@x.org,A,,,,a@x.org,", 2, "manager", "Nobody can be their own manager."),
        (
            "a@x.org,A,,,,,\nA@X.org,Anna,,,,,",
            3,
            "email",
            "a@x.org is also in row 2 of people.csv.",
        ),
        ("a@x.org,A,,,,,perhaps", 2, "active", "'perhaps' is neither yes nor no."),
        (f"a@x.org,{'A' * 201},,,,,", 2, "name", "The text has 201 characters; 200 is the most."),
    ],
)
def test_people(rows: str, row: int, column: str, words: str) -> None:
    assert (row, column, words) in wrong({"people.csv": people(rows)})


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        (
            "a,team,c,,,\nb,team,a,,,\nc,team,b,,,",
            2,
            "parent",
            "The teams go round in a circle: a → c → b → a.",
        ),
        (
            "a,team,nowhere,,,",
            2,
            "parent",
            "There is no team 'nowhere', neither in the files nor in the database.",
        ),
        (
            "co,company,,,,\nco2,company,,,,",
            3,
            "level",
            "There is one company, 'co'; 'co2' is a second one.",
        ),
        (
            "co,company,a,,,\na,team,,,,",
            2,
            "parent",
            "The company is the top of the tree: no parent.",
        ),
        (
            "a,team,,,,\nd,department,a,,,",
            3,
            "parent",
            "A department cannot be under 'a', which is a team.",
        ),
        (
            "a,squat,,,,",
            2,
            "level",
            "'squat' is none of company, department, team. Did you mean 'squad'?",
        ),
        (
            "a,team,,alice@x.org; bob@x.org,,",
            2,
            "lead",
            "A team has one lead; here are several. Make the others members.",
        ),
        (
            "a,team,,alice@x.org,,\na,,,bob@x.org,,",
            3,
            "lead",
            "The team has two leads: alice@x.org in row 2, bob@x.org here.",
        ),
        (
            "a,team,,,,\na,department,,,,",
            3,
            "level",
            "Row 2 says 'team' of the same team, not 'department'.",
        ),
        (
            "a,team,,,alice@x.org carol@x.org,",
            2,
            "members",
            "There is no person 'carol@x.org', neither in the files nor in the database.",
        ),
        (
            "a,team,,,,slak:T1/C1",
            2,
            "channel",
            "There is no platform 'slak'. Did you mean 'slack:T1/C1'?",
        ),
        (
            "a,team,,,,slack:C1",
            2,
            "channel",
            (
                "'slack:C1' names no channel. Write slack:WORKSPACE/CHANNEL, such as "
                "slack:T0123ABC/C0456DEF."
            ),
        ),
        (",team,,,,", 2, "team", "The team's short name is missing."),
    ],
)
def test_teams(rows: str, row: int, column: str, words: str) -> None:
    files = {"people.csv": PEOPLE, "teams.csv": f"team,level,parent,lead,members,channel\n{rows}\n"}
    assert (row, column, words) in wrong(files)


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        (
            f"{GROWTH}Churn,decrease,4,4,,,,,,",
            2,
            "target",
            (
                "The target equals the baseline (4), so nothing can move. To keep it there choose "
                "'within'."
            ),
        ),
        (
            f"{GROWTH}Sell from 4 to 4,,,,,,,,,",
            2,
            "target",
            (
                "The target equals the baseline (4), so nothing can move. To keep it there choose "
                "'within'."
            ),
        ),
        (
            f"{GROWTH}Churn,increase,4,3,,,,,,",
            2,
            "kind",
            "From 4 to 3 is no increase: write 'decrease' or mend a number.",
        ),
        (
            f"{GROWTH}Churn,decrease,4,,,,,,,",
            2,
            "target",
            "A key result to decrease needs a target.",
        ),
        (
            f"{GROWTH}Churn,decrase,4,3,,,,,,",
            2,
            "kind",
            (
                "'decrase' is none of increase, decrease, within, milestones, done. "
                "Did you mean 'decrease'?"
            ),
        ),
        (
            f"{GROWTH}Churn,,,3,,,,,,",
            2,
            "kind",
            "Say 'increase' or 'decrease': without a baseline nobody can tell.",
        ),
        (
            f"{GROWTH}Churn,decrease,four,3,,,,,,",
            2,
            "baseline",
            "'four' is not a number in the locale en. Write it like 1,234.5.",
        ),
        (
            f"{GROWTH}Churn,decrease,1e999,3,,,,,,",
            2,
            "baseline",
            "'1e999' is not a number in the locale en. Write it like 1,234.5.",
        ),
        (
            f"{GROWTH}Stock,within,,,9,5,,,,",
            2,
            "low",
            "The lower bound 9 is above the upper bound 5.",
        ),
        (
            f"{GROWTH}Stock,within,,,,,,,,",
            2,
            "low",
            "A key result to keep within needs a low or a high bound.",
        ),
        (f"{GROWTH}Churn,decrease,4,3,,,0,,,", 2, "weight", "The weight must be above 0."),
        (f"{GROWTH}Churn,decrease,4,3,,,-1,,,", 2, "weight", "The weight must be above 0."),
        (
            f"{GROWTH}Churn,decrease,4,3,,,,2027-02-01,,",
            2,
            "due",
            "2027-02-01 is outside the cycle, which runs from 2026-10-05 to 2027-01-03.",
        ),
        (
            f"{GROWTH}Churn,decrease,4,3,,,,week 14,,",
            2,
            "due",
            "2027-01-08 is outside the cycle, which runs from 2026-10-05 to 2027-01-03.",
        ),
        (
            f"{GROWTH}Churn,decrease,4,3,,,,someday,,",
            2,
            "due",
            "'someday' is not a day. Write it like 2026-11-05 or week 9.",
        ),
        (
            f"{GROWTH}Churn,decrease,4,3,,,,,steps,",
            2,
            "curve",
            "The curve 'steps' goes by milestones, and there are none.",
        ),
        (
            f"{GROWTH}Ship,milestones,,,,,,,,",
            2,
            "milestones",
            "A key result of milestones needs at least one.",
        ),
        (
            f"{GROWTH}Ship,milestones,,,,,,,,Pilot (2) week 3; Launch week 9",
            2,
            "milestones",
            "The milestone 'Launch' has no weight; others have one.",
        ),
        (
            f"{GROWTH}Ship,milestones,,,,,,,,Pilot (0)",
            2,
            "milestones",
            "The weight of 'Pilot' must be above 0.",
        ),
        (
            f"{GROWTH}Ship,milestones,,,,,,,,Pilot; pilot",
            2,
            "milestones",
            "The milestone 'pilot' is there twice.",
        ),
        (
            "growth,,Churn,decrease,4,3,,,,,,",
            2,
            "objective",
            "The key result has no objective: write the objective in the same row.",
        ),
        (
            ",Clinics find us,Churn,decrease,4,3,,,,,,",
            2,
            "team",
            "The objective's team is missing.",
        ),
        (
            "sales,Clinics find us,Churn,decrease,4,3,,,,,,",
            2,
            "team",
            "There is no team 'sales', neither in the files nor in the database.",
        ),
        (
            f"{GROWTH}Churn,decrease,4,3,,,,,,\n{GROWTH}churn,decrease,5,3,,,,,,",
            3,
            "key_result",
            "'churn' is also in row 2 of okrs.csv.",
        ),
        (
            f"{GROWTH},decrease,4,3,,,,,,",
            2,
            "key_result",
            "The key result's title is missing, though kind is there.",
        ),
    ],
)
def test_key_results(rows: str, row: int, column: str, words: str) -> None:
    assert (row, column, words) in wrong({"teams.csv": TEAMS, "okrs.csv": f"{KR}{rows}\n"})


OWNED = (
    "reference,objective_reference,team,objective,objective_owner,parent,key_result,owner,"
    "confidence,value\n"
)


@pytest.mark.parametrize(
    ("rows", "row", "column", "words"),
    [
        (
            "R1,O1,growth,Go,,,Do one thing,,,\nR1,O1,growth,Go,,,Do another,,,",
            3,
            "reference",
            "'R1' is also in row 2 of okrs.csv.",
        ),
        (
            "R1,O1,growth,Go,,,Do,zoe@x.org,,",
            2,
            "owner",
            "There is no person 'zoe@x.org', neither in the files nor in the database.",
        ),
        (
            "R1,O1,growth,Go,,,Do,alice@x.org bob@x.org,,",
            2,
            "owner",
            "Name one person; here are several.",
        ),
        (
            "R1,O1,growth,Go,,O9,Do,,,",
            2,
            "parent",
            "There is no objective 'O9' in this cycle. Write its reference or its title.",
        ),
        (
            "R1,O1,growth,Go,,O2,Do,,,\nR2,O2,growth,Grow,,O1,Do,,,",
            2,
            "parent",
            "The objectives go round in a circle: O1 → O2 → O1.",
        ),
        (
            "R1,O1,growth,Go,alice@x.org,,Do,,,\nR2,O1,growth,Go,bob@x.org,,Did,,,",
            3,
            "objective_owner",
            "Row 2 says 'alice@x.org' of the same objective, not this.",
        ),
        (
            "R1,O1,growth,Go,,,Do,,,\nR2,O1,growth,Went,,,Did,,,",
            3,
            "objective",
            "Row 2 says 'Go' of the same objective, not this.",
        ),
        (
            "R1,O1,growth,Go,,,Do,,11,",
            2,
            "confidence",
            "Confidence is a whole number from 1 to 10.",
        ),
        (
            "R1,O1,growth,Go,,,Do,,4.5,",
            2,
            "confidence",
            "Confidence is a whole number from 1 to 10.",
        ),
        ("R1,O1,growth,Go,,,Do,,,perhaps", 2, "value", "'perhaps' is neither yes nor no."),
    ],
)
def test_objectives(rows: str, row: int, column: str, words: str) -> None:
    files = {"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": f"{OWNED}{rows}\n"}
    assert (row, column, words) in wrong(files)


@pytest.mark.parametrize(
    ("kpis", "readings", "row", "column", "words"),
    [
        ("a,9,5,,,", "", 2, "low", "The lower bound 9 is above the upper bound 5."),
        (
            "a,5,,4,,",
            "",
            2,
            "warn_low",
            "The healthy range begins at 5, so no warning can be at 4.",
        ),
        (
            "a,5,9,,10,",
            "",
            2,
            "warn_high",
            "The warning at 10 is beyond the healthy range's end at 9.",
        ),
        ("a,,,,,hourly", "", 2, "cadence", "'hourly' is none of daily, weekly, monthly."),
        ("a,,,,,\na,,,,,", "", 3, "kpi", "The KPI 'a' is also in row 2."),
        (
            "a,,,,,",
            "a,2026-11-06,3",
            2,
            "day",
            "2026-11-06 is still to come; a reading is of the past.",
        ),
        ("a,,,,,", "a,2026-11-01,", 2, "value", "The value is missing."),
        (
            "a,,,,,",
            "bb,2026-11-01,1",
            2,
            "kpi",
            "There is no KPI 'bb', neither in the files nor in the database.",
        ),
        (
            "a,,,,,",
            "a,2026-11-01,1\na,2026-11-01,2",
            3,
            "value",
            "a on 2026-11-01 is 1 in row 2 and 2 here.",
        ),
    ],
)
def test_kpis(kpis: str, readings: str, row: int, column: str, words: str) -> None:
    files = {"kpis.csv": f"kpi,low,high,warn_low,warn_high,cadence\n{kpis}\n"}
    if readings:
        files["readings.csv"] = f"kpi,day,value\n{readings}\n"
    assert (row, column, words) in wrong(files)


def test_all_errors_are_told_at_once() -> None:
    okrs = f"{KR}growht,Go,Churn,decrease,4,4,,,0,never,,\n{GROWTH}Stock,within,,,9,5,,,,\n"
    found = wrong({"people.csv": people("a,,Nowhere,,,,"), "teams.csv": TEAMS, "okrs.csv": okrs})
    assert [(row, column) for row, column, _ in found] == [
        (2, "email"),
        (2, "name"),
        (2, "zone"),
        (2, "team"),
        (2, "weight"),
        (2, "due"),
        (2, "target"),
        (3, "low"),
    ]


def test_an_error_names_the_column_as_the_file_does() -> None:
    found = wrong({"personen.csv": "E-Mail;Name;Vorgesetzte\na@x.org;A;b@x.org\n"}, "de-DE")
    assert found[0][:2] == (2, "Vorgesetzte")


def test_a_number_is_refused_in_the_words_of_its_locale() -> None:
    okrs = f"{KR}{GROWTH}Umsatz,increase,viel,9,,,,,,\n"
    found = wrong({"teams.csv": TEAMS, "okrs.csv": okrs}, "de-DE")
    assert found == [
        (2, "baseline", "'viel' is not a number in the locale de-DE. Write it like 1.234,5.")
    ]


def test_yaml_errors_name_the_line() -> None:
    text = "people:\n- email: a@x.org\n  name: A\n  nmae: B\n- email: b\n  name: B\n"
    assert wrong({"company.yaml": text}) == [
        (4, "nmae", "There is no 'nmae' here. Did you mean 'name'?"),
        (5, "email", "'b' is not an e-mail address."),
    ]


def test_a_number_that_can_be_read_in_two_ways_is_asked_about() -> None:
    text = "kpis:\n- kpi: a\n  high: 1.500\n"
    assert "1.500 can be read in two ways" in wrong({"kpis.yaml": text}, "de-DE")[0][2]
    assert wrong({"kpis.yaml": text}, "en") == []


def test_objectives_need_a_cycle() -> None:
    files = {"teams.csv": TEAMS, "okrs.csv": f"{KR}{GROWTH}Churn,decrease,4,3,,,,,,\n"}
    found = check(tables(files), Company(), locale="en", cycle=None, today=TODAY)
    assert [error.text for error in found.errors] == [
        "There is no cycle yet for these objectives; begin one with okr init."
    ]


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    rows = people("a@x.org,Alice,Mars/Base,,,,", "b@x.org,Bob,,,Atlantis,,")
    assert [text for _, _, text in wrong({"people.csv": rows})] == [
        "There is no time zone 'Mars/Base'. Write one such as Europe/Berlin.",
        "There is no country 'Atlantis'. Write two letters such as DE or US.",
    ]


def test_a_country_is_known_by_its_name_in_the_languages_of_okr() -> None:
    rows = people("a@x.org,Alice,,,Deutschland,,", "b@x.org,Bob,,,Austria,,")
    assert wrong({"people.csv": rows}) == []
    (told,) = wrong({"people.csv": people("a@x.org,Alice,,,Deutschlnd,,")})
    assert told[2] == "There is no country 'Deutschlnd'. Did you mean 'DE'?"


def test_what_follows_from_a_wrong_address_is_not_told_again() -> None:
    rows = people(
        "elif-at-x.org,Elif Kaya,,,,,", "luis@x.org,Luis,,,,elif@x.org,", "m@x.org,M,,,,xi@x.org,"
    )
    teams = 'team,lead,members\ngrowth,elif@x.org,"luis@x.org, elif@x.org"\n'
    told = wrong({"people.csv": rows, "teams.csv": teams})
    assert [(row, column) for row, column, _ in told] == [(2, "email"), (4, "manager")]


def test_a_kind_that_cannot_be_read_is_told_alone() -> None:
    rows = f"{KR}{GROWTH}Leads,increse,4,9,,,,,,\n"
    found = check(
        tables({"people.csv": PEOPLE, "teams.csv": TEAMS, "okrs.csv": rows}),
        Company(),
        locale="en",
        cycle=Cycle(name="Q4", starts=STARTS, ends=ENDS),
        today=TODAY,
    )
    assert [error.column for error in found.errors] == ["kind"]
    assert found.notices == ()


@pytest.mark.parametrize(
    ("locale", "typed", "error", "notice"),
    [
        ("de-DE", "182,000", "", "'182,000' is 182 in the locale de-DE."),
        ("en", "1.500", "", "'1.500' is 1.5 in the locale en."),
        ("en", "182.000,5", "'182.000,5' do not fit the locale en", ""),
        ("de-DE", "182,000.5", "'182,000.5' do not fit the locale de-DE", ""),
        ("de-DE", "182.000,5", "", ""),
        ("en", "0.125", "", ""),
        ("en", "1.25", "", ""),
        ("en", "1,234.567", "", ""),
    ],
)
def test_signs_of_another_locale_are_told(locale: str, typed: str, error: str, notice: str) -> None:
    files = {"readings.csv": f'kpi;day;value\nk;2026-11-02;"{typed}"\n', "kpis.csv": "kpi\nk\n"}
    found = check(tables(files, locale), Company(), locale=locale, cycle=None, today=TODAY)
    assert [error in one.text for one in found.errors] == ([True] if error else [])
    assert [notice in one.text for one in found.notices] == ([True] if notice else [])
