"""The first week of a quarter: who is asked what, drafts, approval, the posted tree."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.cast import ALICE, BOB, CHARLIE, CHURN, DANA, LOVED, NPS
from bot.chat.cards import Card
from bot.chat.replies import Open, Reply, Say
from bot.flows.plan import flow
from bot.plan import foresee
from bot.term import term
from bot.texts import Voice
from storage import audit
from storage.cycles import Cycle
from storage.database import Database
from storage.daysoff import Absence
from storage.engine import open_database
from storage.findings import Finding
from storage.letters import Letter
from storage.objectives import KeyResult, Objective
from storage.organisation import Organisation
from storage.people import Identity, Person
from storage.retros import Decision
from storage.teams import Channel, Membership, Team
from tests.engines import Engine, statements
from tests.house import NEXT_QUARTER, House, buttons_of, words


@pytest.fixture
async def house(database: Database) -> House:
    return await House.open_to_plan(database)


def title(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.card.title


def text(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return words(reply.card)


def titles(house: House, person: Person) -> list[str]:
    return [message.card.title for message in house.inbox(person)]


def labels(card: Card) -> list[str]:
    return [button.label for button in buttons_of(card)]


async def drafts(house: House, person: Person, title: str, team: str = "2", **more: str) -> str:
    """Somebody drafts an objective; its number."""
    form = await house.says(person, f"add objective {title}")
    await house.sends(person, form, team=team, **more)
    found = await house.database.read(
        lambda s: s.exec(select(Objective).order_by(col(Objective.id).desc())).first()
    )
    assert found is not None
    assert found.title == title
    return str(found.id)


async def measures(house: House, person: Person, objective: str, text: str, **more: str) -> None:
    form = await house.says(person, f"add kr {text}")
    saved = await house.sends(person, form, objective=objective, **more)
    assert "Added: key result" in title(saved)


async def test_a_quarter_is_planned_from_monday_to_friday(house: House) -> None:
    await house.go_to("Mon 10:00", week=1)
    (asked,) = house.inbox(ALICE)
    assert asked.card.title == "Plan the quarter: 2 teams"
    assert "What shall be true by Fri 2 Apr?" in words(asked.card)
    assert "Nothing is drafted yet." in words(asked.card)
    form = await house.clicks(ALICE, asked.card, "New objective", about="Harbour")
    assert isinstance(form, Open)
    saved = await house.sends(ALICE, form, title="Clinics trust us")
    assert "It is a draft until its team's plan is approved" in text(saved)
    above = saved.card if isinstance(saved, Say) else None
    assert above is not None
    kr = await house.clicks(ALICE, above, "New key result")
    await house.sends(ALICE, kr, title="Clinics that renew", baseline="80 %", target="90 %")
    asked = house.inbox(ALICE)[0]  # renewed in place
    assert "Drafts so far:" in words(asked.card)
    assert "Clinics that renew: from 80% to 90% · Alice Brandt" in words(asked.card)
    assert "Harbour wants:" in words(asked.card)

    growth = await house.clicks(ALICE, asked.card, "New objective", about="Growth")
    await house.sends(ALICE, growth, title="New clinics stay with us")
    own = await house.database.read(
        lambda s: s.exec(
            select(Objective).where(Objective.title == "New clinics stay with us")
        ).one()
    )
    assert (own.team_id, own.state) == (2, "draft")
    await measures(house, ALICE, str(own.id), "decrease churn from 4% to 3%")

    await house.go_to("Wed 10:00", week=1, zone="America/New_York")
    for person in (BOB, CHARLIE, DANA):
        assert titles(house, person) == ["Your part in the plan: Growth"], person.name
    part = house.last(DANA)
    assert "Clinics trust us (draft): Clinics that renew: from 80% to 90%" in words(part)
    proposed = await house.clicks(DANA, part, "New key result")
    await house.sends(DANA, proposed, title="Calls in the first week", target="9")
    assert "Calls in the first week: to 9 · Dana Weiss" in words(house.last(BOB))
    late = await drafts(house, CHARLIE, "Support answers within the hour")
    assert titles(house, ALICE) == ["Plan the quarter: 2 teams"], "asked for the set, not for each"

    await house.go_to("Thu 10:00", week=1)
    assert titles(house, ALICE)[1:] == ["Please approve: 2 teams"]
    please = house.last(ALICE)
    assert labels(please).count("Approve") == 3
    done = await house.clicks(ALICE, please, "Approve", about="Clinics trust us")
    assert title(done) == "Approved for Harbour: 1"
    done = await house.clicks(ALICE, please, "Approve", about="New clinics stay with us")
    assert "One draft is left in this team." in text(done)
    assert house.last(ALICE).title == "Please approve: Growth", "edited to what is left"

    await house.go_to("Fri 15:00", week=1)
    (growth_post,) = house.channel
    assert growth_post.card.title == "Growth: what we want by Fri 2 Apr"
    assert words(growth_post.card).splitlines() == [
        "Growth",
        "New clinics stay with us · Alice Brandt",
        "Churn: from 4% to 3% · Alice Brandt",
        "Calls in the first week: to 9 · Dana Weiss",
        "Not approved yet",
        "Growth: Support answers within the hour · Charlie Rao · waits for Alice Brandt",
    ]
    await house.go_to("Fri 17:00", week=1)
    assert len(house.inbox(CHARLIE)) == len(house.inbox(ALICE)) == 2, "no third message"
    friday = text(await house.says(ALICE, "plan"))
    assert "What is approved is posted on Fri 8 Jan." in friday
    assert "Please draft them by" not in friday, "that day is over"
    await house.go_to("Sat 10:00", week=1)
    assert "The plan was due on Fri 8 Jan." in text(await house.says(ALICE, "plan"))
    assert "is posted" not in text(await house.says(DANA, "plan"))
    home = await house.opens(ALICE)
    assert "Growth: one draft waits for your word" in text(home)
    assert "Approve" in labels((await house.clicks(ALICE, home, "Look")).card)  # type: ignore[union-attr] # said
    await house.go_to("Mon 10:00", week=2)
    home = await house.opens(CHARLIE)
    assert "Kept here so that you get fewer messages: Not approved yet: one objective" in text(home)
    assert "Support answers within the hour" in text(await house.clicks(CHARLIE, home, "Read"))
    assert titles(house, DANA) == ["Your part in the plan: Growth", "All is settled"]

    await house.go_to("Tue 10:00", week=2)
    typed = await house.says(ALICE, "plan")
    assert title(typed) == "The plan: 2 teams"
    assert "The next planning starts on Mon 5 Apr." in text(typed)
    form = await house.clicks(ALICE, typed.card, "New key result")  # type: ignore[union-attr] # said
    await house.sends(ALICE, form, title="Within the hour", baseline="60 %", target="90 %")
    typed = await house.says(ALICE, "plan")
    assert "Within the hour: from 60% to 90% · Alice Brandt" in text(typed)
    assert "New key result" not in labels(typed.card)  # type: ignore[union-attr] # said
    approved = await house.clicks(ALICE, typed.card, "Approve")  # type: ignore[union-attr] # said
    assert title(approved) == "Approved for Growth: 1"
    assert "Not approved yet" not in words(house.channel[0].card)
    assert "Support answers within the hour" in words(house.channel[0].card)
    assert house.last(CHARLIE).title == "Approved: an objective"
    rows = await house.database.read(lambda s: audit.of_thing(s, "objective", int(late)))
    assert [(row.by_id, '"approved"' in (row.after or "")) for row in rows] == [
        (ALICE.id, True),
        (CHARLIE.id, False),
    ]


def furnish(session: Session) -> None:
    """A department of Bob's with three teams of his, and a team of Charlie's; all have members."""
    session.add(
        Team(id=10, slug="product", name="Product", level="department", parent_id=1, lead_id=2)
    )
    session.flush()
    for number, (name, lead) in enumerate(
        [("App", 2), ("Web", 2), ("Desk", 2), ("Care", 3)], start=11
    ):
        session.add(Team(id=number, slug=name.lower(), name=name, parent_id=10, lead_id=lead))
    since = datetime(2026, 9, 1, tzinfo=UTC)
    session.add(
        Person(id=9, email="eve@harbour.example", name="Eve Sol", zone="Europe/Berlin", since=since)
    )
    session.flush()
    session.add(
        Identity(
            platform="loopback",
            workspace="",
            account="eve@harbour.example",
            person_id=9,
            address="dm:eve@harbour.example",
            heard_at=since,
        )
    )
    session.add(Membership(team_id=14, person_id=9))
    for number in (1, 11):
        session.add(Channel(team_id=number, platform="loopback", address=f"channel:{number}"))


EVE = Person(
    id=9, email="eve@harbour.example", name="Eve Sol", since=datetime(2026, 9, 1, tzinfo=UTC)
)


async def sent(house: House) -> list[tuple[str, str, str]]:
    """Who was sent which letter of planning, and when in UTC, in order."""

    def read(session: Session) -> list[tuple[str, str, str]]:
        rows = session.exec(
            select(Letter)
            .where(Letter.flow == "plan", Letter.kind != "edit", Letter.state == "sent")
            .order_by(col(Letter.due_at), col(Letter.id))
        )
        return [(row.subject, row.kind, f"{row.due_at:%a %H:%M}") for row in rows]

    return await house.database.read(read)


async def test_everybody_is_asked_once_in_the_order_of_the_tree(sqlite: Database) -> None:
    house = await House.open_to_plan(sqlite, furnish)
    await house.go_to("Thu 20:00", week=1)
    assert await sent(house) == [
        ("lead:2:1", "ask", "Mon 09:00"),
        ("lead:2:3", "ask", "Tue 04:30"),
        ("lead:2:2", "ask", "Tue 15:00"),
        ("idle:2:1", "reminder", "Thu 09:00"),
        ("idle:2:2", "reminder", "Thu 15:00"),
    ], "no team has planned anything, so nobody else is asked; Charlie was asked for a KPI as well"
    first = house.inbox(BOB)[0].card
    assert first.title == "Plan the quarter: 4 teams"
    assert words(first).count("Nothing is drafted yet.") == 3
    assert "Desk" in labels(first) or "Web" in labels(first), "what does not fit is a button"
    await house.go_to("Sun 20:00", week=1)
    assert house.channel == [], "there is nothing to post"
    await house.go_to("Tue 10:00", week=2)
    late = text(await house.says(BOB, "plan"))
    assert "Nothing is drafted yet. add makes a beginning." in late
    await house.go_to("Fri 20:00", week=2)
    week = text(await house.says(BOB, "digest growth"))
    assert "Nothing is approved for this quarter yet. plan shows the drafts" in week
    assert "nothing needs you" not in week


async def test_days_off_move_a_question_and_excuse_nobody(sqlite: Database) -> None:
    def away(session: Session) -> None:
        furnish(session)
        session.get_one(Organisation, 1).individual_okrs = True
        since = datetime(2027, 1, 1, tzinfo=UTC)
        for person, first, last in ((3, 5, 5), (1, 4, 5), (4, 4, 6), (9, 7, 7)):
            session.add(
                Absence(
                    person_id=person,
                    first=date(2027, 1, first),
                    last=date(2027, 1, last),
                    said_at=since,
                )
            )

    house = await House.open_to_plan(sqlite, away)
    await drafts(house, ALICE, "Clinics trust us", "1")
    await house.go_to("Sat 20:00", week=1)
    asked = [each for each in await sent(house) if each[1] == "ask"]
    assert asked == [
        ("lead:2:3", "ask", "Mon 04:30"),  # Tuesday is off: the day before
        ("lead:2:2", "ask", "Tue 15:00"),
        ("lead:2:1", "ask", "Wed 09:00"),  # no day is left before: the next one
        ("people:2:9", "ask", "Wed 09:00"),
        ("people:2:4", "ask", "Thu 09:00"),
        ("drafts:2:1", "ask", "Thu 09:00"),
    ]


async def test_two_unasked_messages_a_week_and_a_third_for_what_is_left_where_it_fits(
    sqlite: Database,
) -> None:
    def roomy(session: Session) -> None:
        furnish(session)
        session.get_one(Organisation, 1).unasked_per_week = 3

    house = await House.open_to_plan(sqlite, roomy)
    await house.go_to("Mon 12:00", week=1)
    await drafts(house, BOB, "The app is a joy", "11")
    await drafts(house, EVE, "Nobody waits for care", "14")
    await house.go_to("Sun 20:00", week=1)
    by_person: dict[str, list[str]] = {}
    for subject, kind, at in [each for each in await sent(house) if each[1] != "summary"]:
        by_person.setdefault(subject.split(":")[2], []).append(
            f"{subject.split(':')[0]} {kind} {at[:3]}"
        )
    assert by_person["1"] == ["lead ask Mon", "idle reminder Thu", "told notice Fri"]
    assert by_person["2"] == ["lead ask Tue", "drafts ask Thu", "told notice Fri"]
    assert by_person["3"] == ["lead ask Tue", "drafts ask Thu"], "on Monday: it is evening there"
    assert by_person["9"] == ["people ask Wed", "drafts ask Thu", "told notice Fri"]
    told = words(house.last(BOB))
    assert "App: The app is a joy · Bob Okafor · waits for Bob Okafor" in told
    assert "Care: Nobody waits for care · Eve Sol · waits for Charlie Rao" in told, "the lead above"
    (posted,) = house.platform.to("channel:1")
    assert posted.card.title == "Harbour: what we want by Fri 2 Apr"
    assert "Nothing is approved yet." in words(posted.card)
    assert "Care: Nobody waits for care" in words(posted.card)
    (own,) = house.platform.to("channel:11")
    assert "Nobody waits" not in words(own.card)
    await house.clicks(BOB, house.last(BOB), "Approve", about="Nobody waits for care")
    assert "Nobody waits for care · Eve Sol" in words(posted.card) or "Care" in words(
        house.platform.to("channel:1")[0].card
    )


async def test_only_what_was_seen_is_approved_and_only_by_a_lead(house: House) -> None:
    await house.go_to("Mon 10:00", week=1)
    one = await drafts(house, ALICE, "New clinics stay")
    two = await drafts(house, DANA, "Clinics call us first")
    seen = house.last(ALICE)
    assert "Approve all 2" in labels(seen)
    await drafts(house, CHARLIE, "Drafted meanwhile")
    refused = await house.presses(DANA, f"plan:approve:2:{one}-{two}")
    assert title(refused) == "Only its leads can approve it"
    assert "Please ask Alice Brandt." in text(refused)
    done = await house.clicks(ALICE, seen, "Approve all 2")
    assert title(done) == "Approved for Growth: 2"
    assert "One draft is left in this team." in text(done)
    assert title(await house.presses(ALICE, "plan:approve:2:99")) == "That is gone"
    assert "2 of 3 approved" in words(house.last(ALICE))
    assert [m.card.title for m in house.inbox(DANA)] == [], "the posted plan tells them"


async def test_what_nobody_owns_is_taken_once(house: House) -> None:
    await house.go_to("Mon 10:00", week=1)
    number = await drafts(house, ALICE, "New clinics stay")
    await measures(house, ALICE, number, "decrease churn from 4% to 3%")
    await house.database.write(
        lambda s: setattr(s.get_one(Objective, int(number)), "owner_id", None)
    )
    await house.go_to("Wed 10:00", week=1)
    part = house.last(DANA)
    assert "Take this objective" in labels(part)
    taken = await house.clicks(DANA, part, "Take this objective")
    assert title(taken) == "It is yours now"
    again = await house.clicks(CHARLIE, part, "Take this objective")
    assert text(again) == "Dana Weiss owns it already. Nothing has changed."
    assert "New clinics stay · Dana Weiss · draft" in words(house.last(ALICE))
    rows = await house.database.read(lambda s: audit.of_thing(s, "objective", int(number)))
    assert rows[0].by_id == DANA.id


async def test_home_and_the_word_say_what_waits(house: House) -> None:
    home = await house.says(ALICE, "home")
    assert "Plan the quarter for Growth" in text(home)
    assert "Plan the quarter for Harbour" in text(home)
    card = await house.clicks(ALICE, home, "Look", about="Growth")
    assert title(card) == "Plan the quarter: Growth"
    await drafts(house, DANA, "Clinics call us first")
    assert "Growth: one draft waits for your word" in text(await house.says(ALICE, "home"))
    assert "Growth plans the quarter: what is your part?" in text(await house.says(BOB, "home"))
    mine = await house.says(DANA, "planning")
    assert "Clinics call us first · Dana Weiss · draft" in text(mine)
    assert isinstance(mine, Say)
    assert labels(mine.card) == ["New key result", "New objective"]
    look = await house.says(BOB, "plan harbour")
    assert isinstance(look, Say)
    assert "Approve" not in labels(look.card)
    assert title(await house.says(BOB, "plan nowhere")) == "I don't know that team"


async def test_with_two_weeks_of_planning_the_plan_is_posted_in_the_second(
    sqlite: Database,
) -> None:
    def longer(session: Session) -> None:
        session.get_one(Organisation, 1).calendar = '{"planning_weeks": 2}'

    house = await House.open_to_plan(sqlite, longer)
    await house.go_to("Mon 12:00", week=1)
    await drafts(house, DANA, "Clinics call us first")
    await house.go_to("Sun 12:00", week=1)
    assert [subject for subject, _, _ in await sent(house)] == [
        "lead:2:1", "people:2:3", "people:2:4", "people:2:2",
    ]  # fmt: skip
    await house.go_to("Sun 12:00", week=2)
    assert [subject for subject, _, _ in (await sent(house))[4:]] == [
        "drafts:2:1", "drafts:2:4", "posted:2:2", "told:2:1", "told:2:4",
    ]  # fmt: skip
    assert house.channel[0].card.title == "Growth: what we want by Fri 2 Apr"


BOOKS = "Patients book without calling us first"


async def test_a_finding_comes_back_is_mended_and_approved(house: House) -> None:
    await house.go_to("Wed 12:00", week=1)
    number = await drafts(house, DANA, "Launch the new booking page")
    seen = words((await house.says(ALICE, "plan growth")).card)  # type: ignore[union-attr] # said
    assert "Launch the new booking page: " in seen, "a remark stands beside the draft"
    await house.go_to("Thu 12:00", week=1)
    back = house.last(DANA)
    assert back.title == "Your drafts need a second look"
    form = await house.clicks(DANA, back, "Edit", about="Launch the new booking page")
    await house.sends(DANA, form, title=BOOKS)
    assert "starts with" not in words(house.last(DANA))
    lead = house.last(ALICE)
    assert lead.title == "Please approve: Growth"
    assert "Patients book without calling us first · Dana Weiss · draft" in words(lead)
    assert "Launch" not in words(lead)
    await measures(house, DANA, number, "raise online bookings from 40% to 60%")
    await measures(house, ALICE, number, "decrease missed visits from 9% to 6%")
    done = await house.clicks(ALICE, house.last(ALICE), "Approve", about=BOOKS)
    assert title(done) == "Approved for Growth: 1"
    await house.go_to("Fri 16:00", week=1)
    assert words(house.channel[0].card).splitlines() == [
        "Growth",
        "Patients book without calling us first · Dana Weiss",
        "Online bookings: from 40% to 60% · Dana Weiss",
        "Missed visits: from 9% to 6% · Alice Brandt",
    ]
    assert house.last(DANA).title == "All is settled"
    assert words(house.last(DANA)).startswith("No draft waits for you any more.")


@pytest.mark.parametrize("locale", ["en", "de-DE"])
def test_a_reminder_says_once_that_nothing_is_drafted(locale: str) -> None:
    found = flow.examples(Voice(locale, "Europe/Berlin"))
    card = next(each.shown for each in found if each.name == "reminder")
    assert isinstance(card, Card)
    said = words(card)
    assert said.count("drafted") + said.count("entworfen") == 1


async def test_what_a_lead_lets_pass_is_remembered_also_of_imported_drafts(
    sqlite: Database,
) -> None:
    def imported(session: Session) -> None:
        cycle_id = session.exec(select(Cycle.id).where(Cycle.starts == NEXT_QUARTER)).one() or 0
        session.add(Objective(cycle_id=cycle_id, team_id=2, title="Launch it all", state="draft"))

    house = await House.open_to_plan(sqlite)
    await house.database.write(imported)
    await house.bot.duties.plan(at_once=True)
    await house.go_to("Thu 12:00", week=1)
    approved = await house.clicks(ALICE, house.last(ALICE), "Approve", about="Launch it all")
    assert "“Launch” makes this a task." in text(approved)
    kept = await house.database.read(lambda s: {row.rule for row in s.exec(select(Finding))})
    assert {"objective_task", "few_key_results"} <= kept


async def test_planning_starts_from_what_comes_along(sqlite: Database) -> None:
    def decided(session: Session) -> None:
        session.add(
            Decision(cycle_id=1, team_id=2, text="Call clinics sooner", owner_id=4,
                     at=datetime(2027, 1, 1, tzinfo=UTC))
        )  # fmt: skip

    house = await House.open_to_plan(sqlite, decided)
    await house.go_to("Mon 10:00", week=1)
    asked = words(house.last(ALICE))
    assert "Left over from last quarter:" in asked
    assert "Raise NPS of new clinics from 32 to 45: 36" in asked
    assert "Call clinics sooner" in asked
    kept = await house.clicks(ALICE, house.last(ALICE), "Keep", about=NPS.title)
    await house.sends(ALICE, kept, why="Nearly there")
    await house.bot.settle()
    card = words(house.last(ALICE))
    assert "Drafts so far:" in card
    assert f"{LOVED.title} · Alice Brandt · draft" in card, "it goes on, and the message shows it"
    assert "goes on as key result 5 · “Nearly there”" in card
    change = await house.clicks(ALICE, house.last(ALICE), "Change", about=CHURN.title)
    await house.sends(ALICE, change, why="Too easy")
    assert "goes on as key result 6, to be changed · “Too easy”" in words(house.last(ALICE))
    await house.sends(BOB, await house.says(BOB, "edit 6"), target="2")
    assert "goes on as key result 6, changed · “Too easy”" in words(house.last(ALICE))
    assert "goes on as key result 6, changed · “Too easy”" in text(await house.says(BOB, "why 2"))


async def test_statements_do_not_grow_with_teams(engine: Engine, tmp_path: Path) -> None:
    few = await counted(engine, tmp_path, 10)
    a_look_for_letters = 2
    assert await counted(engine, tmp_path, 100) == pytest.approx(few, abs=a_look_for_letters)


async def counted(engine: Engine, room: Path, teams: int) -> list[int]:
    """The statements of writing every kind of letter, of planning, of a look, of an approval."""
    own = room / str(teams)
    own.mkdir()
    database = open_database(engine.clean(own))
    house = await House.open_to_plan(database, lambda session: company(session, teams))
    await house.go_to("Mon 12:00", week=1)
    now = house.now
    with statements(database) as writing:
        await database.read(lambda session: written(session, now, teams), patience=None)
    with statements(database) as planning:
        database.read_now(lambda session: foresee(session, term(session, now), now))
    with statements(database) as looking:
        await house.says(ALICE, "plan")
    with statements(database) as approving:
        await house.presses(ALICE, "plan:approve:100:1000")
    database.close()
    return [len(seen) for seen in (writing, planning, looking, approving)]


def written(session: Session, now: datetime, teams: int) -> None:
    """Each kind of letter, to everybody or to every team."""
    for kind in ("lead", "people", "drafts", "idle", "told", "posted"):
        batch = [
            Letter(id=i, key="", flow="plan", subject=f"{kind}:2:{i}", kind="ask", rank=0,
                   cycle_id=2, person_id=None if kind == "posted" else i,
                   team_id=i if kind == "posted" else None, due_at=now, expires_at=now)
            for i in range(100, 100 + teams)
        ]  # fmt: skip
        cards = flow.write(session, term(session, now), batch, now)
        assert kind == "idle" or all(cards.values()), kind


def company(session: Session, teams: int) -> None:
    """So many teams with a lead, a member, an objective to approve and one that is approved."""
    since = datetime(2026, 9, 1, tzinfo=UTC)
    session.add(Cycle(id=2, name="2027 Q1", starts=date(2027, 1, 4), ends=date(2027, 4, 4)))
    session.flush()
    for n in range(100, 100 + teams):
        session.add(Person(id=n, email=f"p{n}@harbour.example", name=f"P {n}", since=since))
    session.flush()
    for n in range(100, 100 + teams):
        session.add(Team(id=n, slug=f"t{n}", name=f"T {n}", parent_id=1, lead_id=n))
        session.add(
            Identity(platform="loopback", workspace="", account=f"p{n}@harbour.example",
                     person_id=n, address=f"dm:p{n}@harbour.example", heard_at=since)
        )  # fmt: skip
    session.flush()
    for n in range(100, 100 + teams):
        session.add(Membership(team_id=n, person_id=100 + (n + 1) % teams))
        session.add(
            Objective(id=900 + n, cycle_id=2, team_id=n, owner_id=n, title="A", state="draft")
        )
        session.add(Objective(id=1900 + n, cycle_id=2, team_id=n, owner_id=n, title="B"))
    session.flush()
    for n in range(100, 100 + teams):
        session.add(KeyResult(id=900 + n, objective_id=900 + n, owner_id=n, title="C", target=5,
                              due=date(2027, 4, 2)))  # fmt: skip


async def test_readings_of_that_day_are_a_part_of_the_message(sqlite: Database) -> None:
    house = await House.open_to_plan(sqlite, furnish)
    await house.go_to("Mon 12:00", week=1)
    await drafts(house, EVE, "Nobody waits for care", "14")
    await house.go_to("Thu 12:00", week=1)
    assert titles(house, CHARLIE) == ["Plan the quarter: Care", "Please approve: Care"]
    assert "A KPI reading is due as well:\nTime to first answer" in words(house.last(CHARLIE))
    form = await house.clicks(CHARLIE, house.last(CHARLIE), "Give readings")
    await house.sends(CHARLIE, form, reading_1="3")
    assert "KPI" not in words(house.last(CHARLIE)), "given, it is no longer asked"
    assert "Nobody waits for care" in words(house.last(CHARLIE))
    assert len(house.inbox(CHARLIE)) == 2
