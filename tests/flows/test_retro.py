"""The retrospective of week 13, from the question to what is decided."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlmodel import Session, SQLModel

from bot.cast import ALICE, BOB, CHARLIE, DANA, HOSTILE
from bot.chat.cards import Card
from bot.chat.replies import Fix, Open, Quiet, Reply, Say
from bot.flows.retro import flow
from bot.texts import Voice
from storage import letters, objectives, retros
from storage.audit import of_thing
from storage.cycles import Cycle
from storage.database import Database
from storage.grades import Grade
from storage.kpis import Kpi
from storage.kudos import Kudos
from storage.organisation import Organisation
from storage.people import Identity, Person
from storage.retros import Answer, Decision
from storage.teams import Channel, Membership, Team
from tests.house import House, buttons_of, words

WEEK = 13
ASKED, OUT = "Wed 18:00", "Thu 15:00"
"""Friday of week 13 is New Year's Day, so the results come on Thursday."""
EVE = Person(id=9, email="eve@harbour.example", name="Eve Stone", since=ALICE.since)

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
async def house(database: Database) -> House:
    """The house in the last week: the weeks before it passed without a word."""
    house = await House.open(database, running="waiting")
    await house.go_to("Mon 06:00", week=WEEK)

    def wake(session: Session) -> None:
        found = session.get_one(Organisation, 1)
        found.running, found.changed_at = "on", house.now
        session.add(found)

    await database.write(wake)
    return house


async def asked(house: House) -> House:
    """Everybody was asked, and nobody for a reading besides."""

    def unwatched(session: Session) -> None:
        session.get_one(Kpi, 1).active = False

    await house.database.write(unwatched)
    await house.bot.duties.plan(at_once=True)
    await house.go_to(ASKED, week=WEEK)
    return house


async def joins(house: House, person: Person = EVE, team_id: int = 2) -> Person:
    def unit(session: Session) -> None:
        if session.get(Person, person.id) is None:
            session.add(Person(**person.model_dump()))
            session.flush()
            session.add(
                Identity(
                    platform="loopback", workspace="", account=person.email,
                    person_id=person.id or 0, address=f"dm:{person.email}", heard_at=ALICE.since,
                )
            )  # fmt: skip
        session.add(Membership(team_id=team_id, person_id=person.id or 0))

    await house.database.write(unit)
    return person


async def leave(house: House, *persons: Person) -> None:
    def unit(session: Session) -> None:
        for person in persons:
            session.delete(session.get_one(Membership, (2, person.id)))

    await house.database.write(unit)


async def judged(house: House, **grades: float) -> None:
    """NPS, churn, uptime and the guide, in this order."""

    def unit(session: Session) -> None:
        for number, grade in enumerate(grades.values(), 1):
            cause = "dependency" if grade < 0.7 else ""
            session.add(
                Grade(key_result_id=number, cycle_id=1, grade=grade, cause=cause, at=house.now)
            )

    await house.database.write(unit)


async def opened(house: House, person: Person) -> Open:
    form = await house.clicks(person, house.last(person), "Answer")
    assert isinstance(form, Open)
    return form


async def answers(house: House, person: Person, **said: str) -> Reply:
    return await house.sends(person, await opened(house, person), **said)


def card(reply: Reply) -> Card:
    assert isinstance(reply, Say), reply
    return reply.card


def labels(shown: Card) -> list[str]:
    return [button.label for button in buttons_of(shown)]


def told(reply: Reply) -> list[str]:
    """What a form that stays open says is wrong."""
    assert isinstance(reply, Fix), reply
    return [problem.text for problem in reply.problems]


def everything(session: Session) -> dict[str, list[dict[str, object]]]:
    """All that the database holds, row by row, by table."""
    return {
        table.name: [dict(row) for row in session.execute(table.select()).mappings()]
        for table in SQLModel.metadata.sorted_tables
    }


async def heard(house: House, team_id: int = 2) -> retros.Heard:
    found: Mapping[int, retros.Heard] = await house.database.read(
        lambda session: retros.heard(session, 1, [team_id])
    )
    return found[team_id]


async def test_a_quarter_is_looked_back_on_without_names(house: House) -> None:
    await asked(house)
    question = house.last(BOB)
    assert question.title == "How did the quarter go?"
    assert labels(question) == ["Answer", "Grade"]
    form = await opened(house, BOB)
    intro = words(Card("", form.form.pages[0].intro))
    assert "once others have answered too, nobody can say whose it is" in intro
    assert "final once you send it" in intro
    assert len(form.form.pages) == 1  # so nothing is kept while somebody writes
    hints = [question.hint for question in form.form.questions()]
    assert hints == ["Your team sees it, without your name."] * 4 + ["Only the mean is shown."] * 5

    empty = told(await house.sends(BOB, form))
    assert empty == ["Please answer at least one question."]
    assert isinstance(await house.sends(BOB, form, achieved="The guide", rhythm="5"), Quiet)
    assert house.last(BOB).title == "Received, thank you"
    assert "Your answer is final" in words(house.last(BOB))
    again = card(await house.sends(BOB, form, achieved="Something else"))
    assert again.title == "You have answered already"

    await answers(house, DANA, missed=HOSTILE, rhythm="4")
    await house.go_to("Thu 14:00", week=WEEK)
    assert house.last(CHARLIE).title.startswith("Still open")
    assert house.last(DANA).title == "Received, thank you"  # and no reminder
    await answers(house, CHARLIE, change="Fewer key results", rhythm="2")
    await answers(house, ALICE, learned="Call them", decisions="3")
    assert "What people said" not in words(card(await house.says(ALICE, "retro growth")))

    await judged(house, nps=0.9, churn=0.5, uptime=1.0, guide=1.0)
    thanks = Kudos(cycle_id=1, week=9, from_id=4, to_id=2, text="the calls", at=house.now)
    await house.database.write(lambda session: session.add(thanks))
    await house.go_to(OUT, week=WEEK)
    posted = house.channel[-1].card
    said = words(posted)
    assert posted.title == "Looking back: Growth"
    wins, misses = said.index("Wins"), said.index("What fell short")
    assert wins < misses < said.index("How we worked: 3.3 of 5") < said.index("What people said")
    assert "Booking never lets a patient down: 1.0, green" in said
    assert "Dana Weiss thanks Bob Okafor: “the calls”" in said
    assert "to 3%: 0.5, yellow · We waited for others" in said
    assert "4 of 4 answered, without names." in said
    for text in ("The guide", HOSTILE, "Fewer key results", "Call them"):
        assert f"“{text}”" in said
    assert "A real rhythm: 3.7" in said

    late = card(await house.says(BOB, "retrospective"))
    shown = await house.clicks(BOB, late, "Results")
    assert "What people said" in words(card(shown))


async def test_under_four_nothing_is_shown_and_a_late_answer_may_complete_it(house: House) -> None:
    await joins(house)
    await asked(house)
    forms = {p.email: await opened(house, p) for p in (ALICE, BOB, CHARLIE, DANA, EVE)}
    for person in (ALICE, BOB, DANA):
        form = forms[person.email]
        await house.sends(person, form, achieved=f"{person.name} was here", few="1")
    await house.go_to(OUT, week=WEEK)
    posted = words(house.channel[-1].card)
    assert "3 of 5 answered, without names. 1 more needed" in posted
    assert "was here" not in posted
    assert "How we worked" not in posted
    assert "was here" not in words(card(await house.says(ALICE, "retro")))

    before = len(house.channel)
    await house.sends(CHARLIE, forms[CHARLIE.email], achieved="The fourth " + "and so on " * 40)
    assert len([m for m in house.channel if m.card.title == "Looking back: Growth"]) == 1
    posted = words(house.channel[before - 1].card)  # edited in place
    assert "Alice Brandt was here" in posted
    assert "updated Thu 31 Dec, 15:00" in posted
    assert "The fourth" in posted
    thread = house.channel[-1].card  # what was cut follows in the thread
    assert thread.title == "All that was said: Growth"
    assert "and so on " * 39 in words(thread)

    # With the results out, one more answer could be told from the others: none is taken.
    late = await house.sends(EVE, forms[EVE.email], achieved="Who could this be?")
    assert "A late answer would stand out as yours" in told(late)[0]
    assert (await heard(house)).count == 4
    await house.go_to("Sat 12:00", week=WEEK)
    again = card(await house.presses(EVE, "retro:open:1:2"))
    assert again.title == "The results are out"


async def test_nobody_is_waited_for_once_nobody_can_answer(house: House) -> None:
    await joins(house)
    await asked(house)
    for person in (ALICE, BOB, DANA):
        await house.sends(person, await opened(house, person), achieved="We were here")
    await house.go_to(OUT, week=WEEK)
    assert "1 more needed before" in words(card(await house.says(ALICE, "retro")))
    await house.go_to("Tue 10:00", week=WEEK + 1)
    over = words(card(await house.says(ALICE, "retro")))
    assert "too few to show anything that was said" in over
    assert "more needed" not in over


SEEN_WITHOUT_A_CHANNEL = {
    ("en", "anonymous"): "your team, its leads and admins can type retro to see the texts",
    ("en", "named"): "Your team, its leads and admins can type retro to see your texts with",
    ("de", "anonymous"): "sehen dein Team, seine Leitung und Admins mit retro die Texte",
    ("de", "named"): "Dein Team, seine Leitung und Admins sehen mit retro deine Texte mit",
}
"""What the survey says of who sees the answers."""


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(("language", "kind"), SEEN_WITHOUT_A_CHANNEL)
@on_sqlite
async def test_without_a_channel_the_survey_says_who_sees_the_answers(
    house: House, language: str, kind: str, closed: bool
) -> None:
    def speaks(session: Session) -> None:
        session.get_one(Person, BOB.id).locale = language
        session.get_one(Team, 2).named_retro = kind == "named"

    def unheard(session: Session) -> None:
        channel = session.get_one(Channel, (2, "loopback", ""))
        if closed:
            channel.unreachable = "not_in_channel"
        else:
            session.delete(channel)

    await house.database.write(speaks)
    told_before = await survey(house)
    place = "team's channel" if language == "en" else "Kanal deines Teams"
    assert place in told_before
    await house.database.write(unheard)
    told_now = await survey(house)
    assert place not in told_now
    assert SEEN_WITHOUT_A_CHANNEL[language, kind] in told_now


async def survey(house: House) -> str:
    """What the survey's form says to Bob before its questions."""
    form = await house.presses(BOB, "retro:open:1:2")
    assert isinstance(form, Open)
    return words(Card("", form.form.pages[0].intro))


@on_sqlite
async def test_without_a_channel_all_that_was_said_is_shown_to_who_asks(house: House) -> None:
    long = "and so on " * 40

    def unheard(session: Session) -> None:
        session.delete(session.get_one(Channel, (2, "loopback", "")))

    await house.database.write(unheard)
    await joins(house)
    await asked(house)
    for person in (ALICE, BOB, CHARLIE, DANA, EVE):
        await answers(house, person, achieved=f"{person.name}: {long}")
    await house.go_to(OUT, week=WEEK)
    assert house.channel == []
    for person in (BOB, ALICE):  # in the team; and one who leads it
        shown = await house.clicks(person, await house.says(person, "retro"), "Results")
        said = words(card(shown))
        assert said.count(long.strip()) == 5
        assert "thread" not in said
    form = await house.clicks(ALICE, shown, "Add a decision")
    assert isinstance(form, Open)
    assert next(question.hint for question in form.form.questions()) == (
        "Shown when your team types retro, and when you plan next."
    )


@on_sqlite
async def test_results_once_posted_are_out_whatever_becomes_of_the_calendar(house: House) -> None:
    await joins(house)
    await asked(house)
    eve = await opened(house, EVE)
    for person in (ALICE, BOB, CHARLIE, DANA):
        await answers(house, person, achieved="ok")
    await house.go_to(OUT, week=WEEK)

    def later(session: Session) -> None:
        team = session.get_one(Team, 2)
        team.zone = "America/Los_Angeles"
        session.add(team)

    await house.database.write(later)
    late = await house.sends(EVE, eve, achieved="Who could this be?")
    assert "A late answer would stand out" in told(late)[0]


async def test_a_small_team_is_told_and_its_lead_may_choose_names(house: House) -> None:
    await leave(house, CHARLIE, DANA)
    await asked(house)
    assert "Growth has 2 people" in words(house.last(BOB))
    assert "Its lead can ask with names" in words(house.last(BOB))
    assert labels(house.last(BOB)) == ["Answer", "Grade"]
    blind = await opened(house, BOB)
    assert "nothing will be shown to anybody" in words(Card("", blind.form.pages[0].intro))
    refused = await house.presses(BOB, "retro:named:1:2")
    assert "Growth has 2 people" in words(card(await house.opens(ALICE)))
    assert "Growth has 2 people" not in words(card(await house.opens(BOB)))
    assert card(refused).title == "Please ask the lead"

    assert labels(house.last(ALICE)) == ["Ask with names", "Answer"]
    switched = await house.clicks(ALICE, house.last(ALICE), "Ask with names")
    assert card(switched).title == "Growth is asked with names"
    assert "Growth has 2 people" not in words(house.last(BOB))

    # Bob's form still promised that no name is kept: nothing of it is.
    stale = await house.sends(BOB, blind, achieved="between us", rhythm="3")
    assert "now asked with names" in told(stale)[0]
    assert "between us" not in str(await house.database.read(everything))
    assert isinstance(await house.sends(BOB, stale, achieved="to all", rhythm="3"), Quiet)
    settled = await house.presses(ALICE, "retro:anonymous:1:2")
    assert card(settled).title == "It stays as it is"
    rows = await house.database.read(lambda s: of_thing(s, "retro", "1:2"))
    assert [(row.by_id, row.after) for row in rows] == [(1, '{"named":true}')]

    assert "You can change your answer" in words(house.last(BOB))
    again = await house.clicks(BOB, house.last(BOB), "Change my answer")
    assert isinstance(again, Open)
    intro = words(Card("", again.form.pages[0].intro))
    assert "with one answer that is your mark, with two each of you can tell the other's" in intro
    hints = [question.hint for question in again.form.questions()]
    assert hints[-1] == "The mean is shown: among few answers it tells yours."
    assert next(again.form.questions()).value == "to all"
    await house.sends(BOB, again, achieved="to all of you")
    await house.go_to(OUT, week=WEEK)
    posted = words(house.channel[-1].card)
    assert "“to all of you” · Bob Okafor" in posted
    assert "A real rhythm: 3" in posted, "the mean of one answer is that answer"
    kept = card(await house.sends(BOB, again, achieved="changed my mind"))
    assert "your answer stays as it was" in words(kept)
    # A first answer with a name is still welcome, and edits what was posted.
    await house.says(ALICE, "retro")
    late = await house.presses(ALICE, "retro:open:1:2")
    await house.sends(ALICE, late, learned="better late")
    assert "“better late” · Alice Brandt" in words(house.channel[-1].card)


@on_sqlite
async def test_who_is_in_two_teams_gets_one_message_with_a_button_each(house: House) -> None:
    second = Team(id=3, slug="care", name="Care", parent_id=1, lead_id=3, named_retro=True)
    place = Channel(team_id=3, platform="loopback", workspace="", address="channel:care", name="c")
    await house.database.write(lambda session: session.add_all([second]))
    await house.database.write(lambda session: session.add(place))
    await joins(house, BOB, 3)
    await asked(house)
    assert len([m for m in house.inbox(BOB) if "quarter go?" in m.card.title]) == 1
    assert labels(house.last(BOB)) == ["Care", "Growth", "Grade"]
    assert "Care: 0 of 1 answered, with names · you not yet" in words(house.last(BOB))
    growth = await house.clicks(BOB, house.last(BOB), "Growth")
    await house.sends(BOB, growth, achieved="One")
    assert "Growth: 1 of 4 answered, without names · you have" in words(house.last(BOB))
    assert labels(house.last(BOB)) == ["Care", "Grade"]
    home = card(await house.opens(BOB))
    assert "Care: how did the quarter go?" in words(home)
    care = await house.clicks(BOB, house.last(BOB), "Care")
    await house.sends(BOB, care, achieved="Two")
    assert house.last(BOB).title == "Received, thank you"
    assert "Care: how did" not in words(card(await house.opens(BOB)))
    await house.go_to(OUT, week=WEEK)
    assert "“Two” · Bob Okafor" in words(house.platform.to("channel:care")[-1].card)


async def test_decisions_are_added_by_the_lead_shown_next_quarter_and_done(house: House) -> None:
    place = Channel(team_id=1, platform="loopback", workspace="", address="channel:all", name="all")
    await house.database.write(lambda session: session.add(place))
    await asked(house)
    for person in (ALICE, BOB, CHARLIE, DANA):
        await answers(house, person, achieved=HOSTILE, **dict.fromkeys(retros.SCORES, "4"))
    await judged(house, nps=0.1, churn=0.2, uptime=0.3, guide=0.0)
    await house.go_to("Thu 16:00", week=WEEK)
    posted = house.channel[-1].card
    assert [m.card.title for m in house.channel].count("All that was said: Growth") == 0
    assert "Look at the OKRs themselves" in words(posted)
    assert "Nothing is decided yet" in words(posted)
    refused = card(await house.clicks(BOB, posted, "Add a decision"))
    assert refused.title == "Please ask the lead"
    form = await house.clicks(ALICE, posted, "Add a decision")
    missing = await house.sends(ALICE, form, text="Talk to big groups early")
    assert told(missing) == ["Please fill this in."]
    await house.sends(ALICE, form, text="Talk to big groups early", owner="2")
    twice = await house.sends(ALICE, form, text="Talk to big groups early", owner="2")
    assert card(twice).title == "Saved already"
    assert "• Talk to big groups early · Bob Okafor" in words(house.channel[-1].card)
    everyone = words(house.platform.to("channel:all")[-1].card)
    assert "Growth: grade 0.2 · way of working 4 of 5 · 1 decided · look at the OKRs" in everyone
    assert HOSTILE not in everyone

    await house.go_to("Mon 09:00", week=WEEK + 1)
    mine = card(await house.says(BOB, "retro"))
    assert "Talk to big groups early" in words(mine)
    assert card(await house.presses(DANA, "retro:done:1")).title == "Please ask the lead"
    done = await house.clicks(BOB, mine, "Done")
    assert card(done).title == "Done, well kept"
    again = card(await house.says(BOB, "retro Q4 2026"))
    assert "✓ Talk to big groups early · Bob Okafor · done" in words(again)
    assert "✓ Talk to big groups early" in words(house.channel[-1].card)
    unknown = card(await house.says(BOB, "retro 1999"))
    assert unknown.title == "I don't know that quarter or team"


@on_sqlite
async def test_the_quarter_before_stands_beside_this_one_and_others_may_not_look(
    house: House,
) -> None:
    def earlier(session: Session) -> None:
        session.add(
            Cycle(
                id=7, name="2026 Q3", starts=date(2026, 7, 6), ends=date(2026, 10, 4),
                state="closed",
            )
        )  # fmt: skip
        session.flush()
        for person in (1, 2, 3, 4):
            row = retros.locked(session, 7, 2, named=False)
            retros.say(session, row, person, Answer({"learned": "to wait"}, {"rhythm": 3}))
        session.add(Decision(cycle_id=7, team_id=2, text="Ask sooner", owner_id=3, at=ALICE.since))

    await house.database.write(earlier)
    await joins(house, EVE, 1)  # of the company, not of Growth
    for no in (await house.says(EVE, "retro growth"), await house.presses(EVE, "retro:show:1:2")):
        assert card(no).title == "That stays with the team"
    assert card(await house.says(EVE, "retro 2026 Q3")).title == "None of your teams looked back"

    await asked(house)
    for person in (ALICE, BOB, CHARLIE, DANA):
        await answers(house, person, rhythm="2", few="5")
    await judged(house, nps=0.1, churn=0.2, uptime=0.3, guide=0.0)
    await house.go_to(OUT, week=WEEK)
    posted = words(house.channel[-1].card)
    assert "How we worked: 3.5 of 5 (last quarter 3)" in posted
    assert "A real rhythm: 2 (last quarter 3)" in posted
    assert "Few enough: 5" in posted
    assert "Decided a quarter ago\n• Ask sooner · Charlie Rao" in posted
    past = card(await house.says(BOB, "retro 2026 Q3"))
    assert "“to wait”" in words(card(await house.clicks(BOB, past, "Results")))
    assert "Ask sooner" in words(past)
    assert card(await house.clicks(CHARLIE, past, "Done")).title == "Done, well kept"
    assert "✓ Ask sooner" in words(house.channel[-1].card)


@on_sqlite
async def test_each_letter_says_why_it_came(house: House) -> None:
    await asked(house)
    sent = await house.database.read(lambda s: letters.received(s, 2, limit=1))
    assert flow.because(Voice("en"), sent[0]) == "the quarter ends, and your team looks back on it"


async def test_a_late_grade_changes_the_posted_results(sqlite: Database) -> None:
    house = await House.open(sqlite)
    await house.go_to("Mon 12:00", week=WEEK)
    await house.says(CHARLIE, "kpi support-time 4.6 h")
    await house.go_to("Fri 15:00", week=WEEK)
    posted = next(m for m in house.channel if m.card.title == "Looking back: Growth")
    first = words(posted.card)
    assert "4 key results are not graded yet." in first
    assert (
        "What goes on, and what ends\n"
        "What becomes of 4 unfinished key results is not decided yet.\n"
        "KPIs for the next planning\n"
        "Time to first answer: 4.6\N{NO-BREAK SPACE}h on Mon 28 Dec, unhealthy" in first
    )
    form = await house.presses(BOB, "grade:all:1")
    said = {"cause": "focus", "carry": "drop", "why": "Enough"}
    given = {f"{name}_{n}": text for name, text in said.items() for n in range(1, 5)}
    await house.sends(BOB, form, "", **given)
    edited = [m for m in house.channel if m.card.title == "Looking back: Growth"][-1]
    late = words(edited.card)
    assert "not graded yet" not in late
    assert "not decided yet" not in late
    going_on = late.partition("What goes on, and what ends\n")[2].splitlines()
    assert going_on[0] == "Raise NPS of new clinics from 32 to 45: ends here · “Enough”"
    assert "KPIs for the next planning" in late
    await house.go_to("Mon 09:00", week=WEEK + 1)
    past = await house.presses(ALICE, "retro:show:1:2")
    assert "KPIs" not in words(card(past)), "the planning itself shows them now"


@on_sqlite
async def test_green_says_what_was_promised_and_what_was_dropped_stays(database: Database) -> None:
    house = await House.open(database)
    await house.go_to("Thu 10:00", "America/New_York", week=7)
    form = await house.clicks(BOB, house.last(BOB), "Check in")
    await house.sends(BOB, form, decision_4="drop", reason_4="two big groups come first")
    await house.go_to("Mon 12:00", week=WEEK)
    await judged(house, nps=0.8, churn=0.5, uptime=0.8)
    await house.go_to("Fri 15:00", week=WEEK)
    posted = next(m for m in house.channel if m.card.title == "Looking back: Growth")
    said = words(posted.card)
    short = said[said.index("What fell short") : said.index("Dropped on the way")]
    assert "99.9% of the time: 0.8, green · 1.0 was promised" in short, "it is a committed one"
    assert "NPS" not in short, "0.8 is all that an aspirational one was to reach"
    assert "churn" in short
    assert "New guided set-up in clinics' hands: “two big groups come first”" in said


@on_sqlite
async def test_an_objective_that_was_dropped_whole_is_not_forgotten(database: Database) -> None:
    house = await House.open(database)
    await house.go_to("Mon 12:00", week=7)
    await house.presses(BOB, "edit:drop_objective:2")
    await house.go_to("Fri 15:00", week=WEEK)
    said = words(next(m.card for m in house.channel if m.card.title == "Looking back: Growth"))
    gone = await database.read(lambda s: objectives.by_number(s, [2])[2].title)
    assert said.partition("Dropped on the way")[2].strip().startswith(gone)


@on_sqlite
async def test_the_company_hears_of_teams_that_have_objectives(database: Database) -> None:
    house = await House.open(database)
    place = Channel(team_id=1, platform="loopback", workspace="", address="channel:all", name="all")
    await database.write(lambda session: session.add(place))
    await joins(house, EVE, 1)  # the company's own team, which owns none
    await house.go_to("Fri 18:00", week=WEEK)
    posted = house.platform.to("channel:all")[-1].card
    assert posted.title == "Looking back: Harbour as a whole"
    assert words(posted) == (
        "Nobody has answered how the quarter went.\n"
        "One team is not graded, and nobody there has answered."
    )
    late = await house.presses(BOB, "retro:open:1:2")
    await house.sends(BOB, late, achieved="The guide")
    assert words(house.platform.to("channel:all")[-1].card) == (
        "One team has looked back on the quarter. What people said stays with their teams.\n"
        "Growth: not graded · too few answers to show"
    )
