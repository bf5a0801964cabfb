"""Teams: the company, its departments, their teams; who leads and who belongs."""

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import CheckConstraint, not_, or_, update
from sqlalchemy import select as sql_select
from sqlmodel import Field, Session, SQLModel, col, select

from storage.courtesy import politely
from storage.kept import among, given, seen
from storage.people import Person
from storage.prepared import Prepared


class Team(SQLModel, table=True):
    """A node of the tree. `slug` is its name in commands and files."""

    __table_args__ = (CheckConstraint("level in ('company','department','team')", "level"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    level: str = "team"
    parent_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    lead_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    zone: str | None = None
    locale: str | None = None
    country: str | None = None
    weekend: str | None = None
    short_form: bool = True
    named_retro: bool = False
    """Its retrospective shows who said what; it may be switched on before answers arrive."""
    active: bool = True


class Membership(SQLModel, table=True):
    """Somebody belongs to a team; one may belong to several."""

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)


class Channel(SQLModel, table=True):
    """Where a team's summaries are posted; a team split over platforms has one on each."""

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    platform: str = Field(primary_key=True)
    workspace: str = Field(default="", primary_key=True)
    address: str
    name: str = ""
    unreachable: str | None = None


def team(session: Session, id: int) -> Team | None:  # noqa: A002 the table's own word
    """The team with this number, to be looked at alone as every team that is found here."""
    return teams(session, [id]).get(id)


def to_change(session: Session, id: int) -> Team | None:  # noqa: A002 the table's own word
    """The same as a row that can be changed."""
    return session.get(Team, id)


def all_teams(session: Session) -> Sequence[Team]:
    """Every active team, companies first."""
    order = {"company": 0, "department": 1, "team": 2}
    return sorted(seen(session, Team, _ACTIVE), key=lambda row: order[row.level])


_ACTIVE = Prepared(select(Team).where(Team.active).order_by(Team.name, col(Team.id)))


def companies(session: Session) -> Sequence[Team]:
    """The active teams at the top."""
    return seen(session, Team, _COMPANIES)


_COMPANIES = Prepared(
    select(Team).where(Team.active, col(Team.level) == "company").order_by(Team.name, col(Team.id))
)


def active(session: Session, ids: Iterable[int] | None = None) -> Sequence[Team]:
    """Those of these teams that are active, in one statement; or every one."""
    if ids is None:
        return all_teams(session)
    return [team for team in teams(session, ids).values() if team.active]


def is_called(team: Team, name: str) -> bool:
    """Whether this is its name or its slug, in any case."""
    return name.casefold() in (team.slug.casefold(), team.name.casefold())


def by_name(session: Session, words: str) -> Sequence[Team]:
    """Active teams of this name or slug, in any case; else those that hold these words."""
    wanted = words.strip().casefold()
    every = seen(session, Team, _ACTIVE)
    same = [team for team in every if is_called(team, wanted)]
    return same or [team for team in every if wanted and wanted in team.name.casefold()]


def teams(session: Session, ids: Iterable[int]) -> dict[int, Team]:
    """These teams by number, in one statement."""
    rows = seen(session, Team, _TEAMS, {"teams": list(set(ids))})
    return {row.id: row for row in rows if row.id is not None}


_TEAMS = Prepared(select(Team).where(among(col(Team.id), "teams")))


def of_person(session: Session, person_id: int) -> Sequence[Team]:
    """The teams somebody belongs to."""
    return seen(session, Team, _OF_PERSON, {"person": person_id})


_OF_PERSON = Prepared(
    select(Team)
    .join(Membership, col(Membership.team_id) == col(Team.id))
    .where(Team.active, col(Membership.person_id) == given("person"))
    .order_by(Team.name)
)


def members(
    session: Session,
    team_ids: Iterable[int] | None = None,
    person_ids: Iterable[int] | None = None,
) -> dict[int, list[int]]:
    """The numbers of each team's members, those of some teams or people only, in one statement."""
    given_ = {"teams": team_ids, "people": person_ids}
    told = {name: list(set(ids)) for name, ids in given_.items() if ids is not None}
    rows = _members(*(name in told for name in given_)).rows(session, told)
    found: dict[int, list[int]] = {}
    for team_id, person_id in politely(session, rows):
        found.setdefault(team_id, []).append(person_id)
    return found


@cache
def _members(of_teams: bool, of_people: bool) -> Prepared:
    query = sql_select(col(Membership.team_id), col(Membership.person_id))
    if of_teams:
        query = query.where(among(col(Membership.team_id), "teams"))
    if of_people:
        query = query.where(among(col(Membership.person_id), "people"))
    return Prepared(query.order_by(col(Membership.team_id), col(Membership.person_id)))


def colleagues(session: Session, me: int, also: Iterable[int], most: int) -> Sequence[Person]:
    """Active people by name: who shares a team with somebody, and some others.

    All there are, where these are no more than `most`. They are to be looked at alone.
    """
    told = {"me": me, "also": list(also), "most": most}
    few = seen(session, Person, _COLLEAGUES if _MORE.rows(session, told) else _SOME, told)
    return sorted(few, key=lambda person: (person.name, person.id))


_SOME = Prepared(select(Person).where(Person.active).limit(given("most")))
_MORE = Prepared(select(Person.id).where(Person.active).limit(1).offset(given("most")))
_MINE = select(Membership.team_id).where(col(Membership.person_id) == given("me"))
_COLLEAGUES = Prepared(
    select(Person)
    .where(
        Person.active,
        or_(
            among(col(Person.id), "also"),
            col(Person.id).in_(
                select(Membership.person_id).where(col(Membership.team_id).in_(_MINE))
            ),
        ),
    )
    .order_by(not_(among(col(Person.id), "also")), Person.name)
    .limit(given("most"))
)


def led_by(session: Session, person_ids: Iterable[int]) -> Sequence[Team]:
    """The active teams that these people lead, by name."""
    return seen(session, Team, _LED_BY, {"people": list(set(person_ids))})


_LED_BY = Prepared(
    select(Team)
    .where(Team.active, among(col(Team.lead_id), "people"))
    .order_by(Team.name, col(Team.id))
)


def channels(session: Session, team_ids: Iterable[int] | None = None) -> dict[int, list[Channel]]:
    """The channels of each team, in one statement; to be looked at alone."""
    if team_ids is None:
        rows = seen(session, Channel, _CHANNELS)
    else:
        rows = seen(session, Channel, _CHANNELS_OF, {"teams": list(set(team_ids))})
    found: dict[int, list[Channel]] = {}
    for row in rows:
        found.setdefault(row.team_id, []).append(row)
    return found


_EVERY_CHANNEL = select(Channel).order_by(col(Channel.team_id), col(Channel.platform))
_CHANNELS = Prepared(_EVERY_CHANNEL)
_CHANNELS_OF = Prepared(_EVERY_CHANNEL.where(among(col(Channel.team_id), "teams")))


def at_address(session: Session, platform: str, workspace: str, address: str) -> Sequence[Channel]:
    """The teams' channels at this address."""
    return session.exec(
        select(Channel).where(
            Channel.platform == platform,
            Channel.workspace == workspace,
            Channel.address == address,
        )
    ).all()


def close(
    session: Session, platform: str, workspace: str, before: str | None, after: str | None
) -> int:
    """Let the channels of a workspace closed for one reason be so for another; says how many."""
    was = col(Channel.unreachable)
    return session.exec(
        update(Channel)
        .where(
            col(Channel.platform) == platform,
            col(Channel.workspace) == workspace,
            was.is_(None) if before is None else was == before,
        )
        .values(unreachable=after)
    ).rowcount


def closed(session: Session) -> Sequence[tuple[str, Channel]]:
    """The channels of active teams that take no messages, with the teams' names."""
    found = select(Team.name, Channel).join(Team, col(Team.id) == col(Channel.team_id))
    return session.exec(
        found.where(Team.active, col(Channel.unreachable).is_not(None)).order_by(Team.name)
    ).all()


def without_channel(session: Session) -> Sequence[Team]:
    """Active teams with members whose summaries have nowhere to go, by name."""
    return seen(session, Team, _WITHOUT_CHANNEL)


_WITHOUT_CHANNEL = Prepared(
    select(Team)
    .where(
        Team.active,
        col(Team.id).in_(select(Membership.team_id)),
        col(Team.id).not_in(select(Channel.team_id).where(col(Channel.unreachable).is_(None))),
    )
    .order_by(Team.name)
)
