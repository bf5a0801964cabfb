"""What a company wants as a tree: what is shown of it, and how much."""

from bot import cast
from bot.chat.cards import Card
from bot.quarter import alignment
from bot.quarter.alignment import Aim, Grown, Limb
from bot.texts import Voice
from storage.objectives import Objective
from tests.house import House, words

VOICE = Voice("en", "Europe/Berlin")


def said(tree: Grown) -> str:
    return words(Card("", tuple(alignment.shown(VOICE, tree))))


async def test_company_then_teams_and_drafts_left_out(house: House) -> None:
    def more(session: object) -> None:
        rows = [
            Objective(id=8, cycle_id=1, team_id=1, owner_id=1, title="The one that clinics trust"),
            Objective(id=9, cycle_id=1, team_id=2, owner_id=4, title="Not yet", state="draft"),
        ]
        session.add_all(rows)  # type: ignore[attr-defined] # a session
        session.flush()  # type: ignore[attr-defined] # a session
        session.get_one(Objective, 1).parent_id = 8  # type: ignore[attr-defined] # a session

    await house.database.write(more)
    tree = await house.database.read(lambda session: alignment.grown(session, cast.TERM))
    assert said(tree).splitlines() == [
        "Harbour",
        "The one that clinics trust · Alice Brandt",
        "› Growth",
        "Clinics love their first week with us · Alice Brandt · for “The one that clinics trust”",
        "Raise NPS of new clinics from 32 to 45 · Bob Okafor",
        "Cut churn in the first 90 days from 4% to 3% · Bob Okafor",
        "New guided set-up in clinics' hands: 2 milestones · Bob Okafor",
        "Booking never lets a patient down · Bob Okafor · committed",
        "Keep booking available 99.9% of the time · Bob Okafor",
    ]
    assert [(team.name, aim.id) for team, aim in tree.drafts] == [("Growth", 9)]
    assert said(tree.at(2)).splitlines()[0] == "Growth"
    own = await house.database.read(lambda session: alignment.grown(session, cast.TERM, 2))
    assert said(own) == said(tree.at(2))


def test_the_more_there_is_the_less_of_each_is_shown() -> None:
    def tree(teams: int) -> Grown:
        aim = Aim(cast.LOVED, (cast.NPS.model_copy(update={"title": "NPS"}),))
        below = tuple(Limb(cast.GROWTH, (aim,)) for _ in range(teams))
        return Grown((Limb(cast.COMPANY, (aim,), below),))

    line = "NPS: from 32 to 45\N{NO-BREAK SPACE}points"
    assert said(tree(3)).count(line) == 4
    assert (said(tree(20)).count(line), said(tree(20)).count("Clinics love")) == (1, 21)
    many = said(tree(60))
    assert many.count("› Growth: 1 objective") == alignment.MOST_LIMBS - 1
    assert "And 21 more teams." in many


def test_a_team_is_set_in_under_those_that_are_listed() -> None:
    aim = Aim(cast.LOVED)

    def limb(name: str, *below: Limb, wants: bool = True) -> Limb:
        team = cast.GROWTH.model_copy(update={"name": name})
        return Limb(team, (aim,) if wants else (), below)

    sales = limb("Sales", limb("Partners"))
    service = limb("Service", limb("Care", limb("Night")), wants=False)
    tree = Grown((limb("Nord", sales, service),))
    names = [line for line in said(tree).splitlines() if not line.startswith("Clinics love")]
    assert names == ["Nord", "› Sales", "› › Partners", "› Care", "› › Night"]
