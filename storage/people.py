"""People, and the accounts by which platforms know them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.kept import among, given, seen, seen_together
from storage.prepared import Prepared


class Person(SQLModel, table=True):
    """Somebody of the organisation. `email` is kept in lower case; `zone` is an IANA name."""

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    zone: str | None = None
    locale: str | None = None
    country: str | None = None
    weekend: str | None = None
    manager_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    admin: bool = False
    digest: bool = False
    active: bool = True
    since: datetime


class Identity(SQLModel, table=True):
    """One account of a person. `address` is where a direct message goes, None while unreachable."""

    __table_args__ = (UniqueConstraint("platform", "workspace", "account"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    workspace: str
    account: str
    person_id: int = Field(foreign_key="person.id", index=True)
    address: str | None = None
    unreachable: str | None = None
    heard_at: datetime


def person(session: Session, id: int) -> Person | None:  # noqa: A002 the table's own word
    """The person with this number."""
    return session.get(Person, id)


def by_email(session: Session, email: str) -> Person | None:
    """The person with this e-mail address, in any case."""
    return session.exec(select(Person).where(Person.email == email.strip().lower())).first()


def by_account(
    session: Session, platform: str, workspace: str, account: str
) -> tuple[Person, Identity] | None:
    """The person behind an account."""
    return session.exec(
        _BY_ACCOUNT, params={"platform": platform, "workspace": workspace, "account": account}
    ).first()


def behind(
    session: Session, platform: str, workspace: str, account: str
) -> tuple[Person, Identity] | None:
    """The same to be looked at alone: each event asks for it."""
    told = {"platform": platform, "workspace": workspace, "account": account}
    return next(seen_together(session, Person, Identity, _BEHIND, told), None)


_BY_ACCOUNT = (
    select(Person, Identity)
    .join(Identity, col(Identity.person_id) == col(Person.id))
    .where(
        col(Identity.platform) == given("platform"),
        col(Identity.workspace) == given("workspace"),
        col(Identity.account) == given("account"),
    )
)
_BEHIND = Prepared(_BY_ACCOUNT)


def heard_from(session: Session, identity: Identity, now: datetime, address: str | None) -> None:
    """Somebody has written from this account: they are reached there again."""
    _HEARD.run(session, {"the_account": identity.id, "now": now, "at": address})


_HEARD = Prepared(
    update(Identity)
    .where(col(Identity.id) == given("the_account"))
    .values(heard_at=given("now"), address=given("at"), unreachable=None)
)


def identity(session: Session, number: int) -> Identity | None:
    """The account with this number."""
    return session.get(Identity, number)


def places(session: Session) -> set[str]:
    """Where accounts are known: each platform and workspace as "platform/workspace"."""
    rows = session.exec(select(Identity.platform, Identity.workspace).distinct())
    return {f"{platform}/{workspace}" for platform, workspace in rows}


def by_name(session: Session, words: str) -> Sequence[Person]:
    """Active people whose name or e-mail address holds these words, best known first."""
    part = words.strip().lower().lstrip("@")
    return session.exec(
        select(Person)
        .where(
            Person.active,
            func.lower(Person.name).contains(part, autoescape=True)
            | func.lower(Person.email).contains(part, autoescape=True),
        )
        .order_by(func.length(Person.name))
        .limit(20)
    ).all()


def everyone(session: Session) -> Sequence[Person]:
    """All active people by name, to be looked at alone."""
    return seen(session, Person, _EVERYONE)


_EVERYONE = Prepared(select(Person).where(Person.active).order_by(Person.name, col(Person.id)))


def people(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """These people by number, to be looked at alone, in one statement."""
    wanted = list(set(ids))
    rows = seen(session, Person, _PEOPLE, {"ids": wanted}) if wanted else ()
    return {row.id or 0: row for row in rows}


_PEOPLE = Prepared(select(Person).where(among(col(Person.id), "ids")))


def admins(session: Session) -> Sequence[Person]:
    """The active admins, to be looked at alone."""
    return seen(session, Person, _ADMINS)


_ADMINS = Prepared(select(Person).where(Person.active, Person.admin))


def identities(
    session: Session, person_ids: Iterable[int] | None = None
) -> dict[int, list[Identity]]:
    """Accounts by person, the one they last wrote from first, to be looked at alone."""
    if person_ids is None:
        rows = seen(session, Identity, _EVERY_IDENTITY)
    else:
        rows = seen(session, Identity, _IDENTITIES, {"people": list(set(person_ids))})
    found: dict[int, list[Identity]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


_NEWEST_FIRST = select(Identity).order_by(col(Identity.heard_at).desc(), col(Identity.id))
_EVERY_IDENTITY = Prepared(_NEWEST_FIRST)
_IDENTITIES = Prepared(_NEWEST_FIRST.where(among(col(Identity.person_id), "people")))


def without_account(session: Session, platform: str) -> Sequence[Person]:
    """Active people whom this platform does not know yet."""
    known = select(Identity.person_id).where(Identity.platform == platform)
    return session.exec(
        select(Person).where(Person.active, col(Person.id).not_in(known)).order_by(Person.email)
    ).all()


def at_address(session: Session, platform: str, workspace: str, address: str) -> Sequence[Identity]:
    """The accounts whose direct messages go to this address."""
    return session.exec(
        select(Identity).where(
            Identity.platform == platform,
            Identity.workspace == workspace,
            Identity.address == address,
        )
    ).all()


def close(
    session: Session, platform: str, workspace: str, before: str | None, after: str | None
) -> int:
    """Let the accounts of a workspace out of reach for one reason be so for another; how many."""
    was = col(Identity.unreachable)
    return session.exec(
        update(Identity)
        .where(
            col(Identity.platform) == platform,
            col(Identity.workspace) == workspace,
            was.is_(None) if before is None else was == before,
        )
        .values(unreachable=after)
    ).rowcount


def out_of_reach(session: Session) -> Sequence[Person]:
    """Active people to whom no message can be sent, by name."""
    reachable = select(Identity.person_id).where(
        col(Identity.address).is_not(None), col(Identity.unreachable).is_(None)
    )
    return session.exec(
        select(Person).where(Person.active, col(Person.id).not_in(reachable)).order_by(Person.name)
    ).all()
