"""Letters: what the bot says unasked is a row first, a message second. Plan and outbox in one.

A letter is `planned`, `claimed` by a worker, and then `sent`; or `unknown` (it may have arrived),
`cancelled`, `expired`, or `dead` (it cannot be delivered). Business time says what is due;
machine time (floats) paces and leases.
"""

from collections.abc import Collection, Container, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy import cast as to
from sqlmodel import Field, Session, SQLModel

from storage.clock import dialect_of
from storage.kept import among, one_of, seen
from storage.prepared import Prepared
from storage.upsert import insert_in

Kind: TypeAlias = Literal["reply", "flag", "ask", "reminder", "digest", "notice", "summary", "edit"]
State: TypeAlias = Literal["planned", "claimed", "sent", "unknown", "cancelled", "expired", "dead"]

Hold: TypeAlias = Literal["", "budget", "away", "paused"]

UNASKED: tuple[Kind, ...] = ("ask", "digest", "reminder", "notice")
"""What counts against a person's budget of a week, in the order of who comes first."""

RANKS: dict[str, int] = {
    "reply": 0,
    "flag": 0,
    "ask": 1,
    "reminder": 2,
    "digest": 3,
    "notice": 3,
    "summary": 4,
    "edit": 5,
}
"""What goes first. The edit of a card that asked somebody is a reply to them: 0."""

HELD = ("budget", "away", "paused")
"""Reasons of a cancellation that planning may take back."""

_CHUNK = 5_000
_PLANNED = text("state = 'planned'")
_CLAIMED = text("state = 'claimed'")
_OF_TEAM = text("team_id is not null")
MISSED = "(state IN ('unknown','expired','dead') OR reason = 'budget')"
"""What a report is about, in exactly the words by which its index is recognised."""
_OPEN = "(state IN ('planned','claimed') OR reason IN ('{}'))".format("','".join(HELD))
"""What planning may still change, likewise."""


class Letter(SQLModel, table=True):
    """One message: to be sent, being sent, or as it was sent.

    Person, team and cycle are plain numbers: the row keeps what was said and to whom after they
    are gone, and 10,000 rows are planned without as many look-ups.
    """

    __table_args__ = (
        CheckConstraint(
            "state IN ('planned','claimed','sent','unknown','cancelled','expired','dead')",
            name="state",
        ),
        CheckConstraint(
            "kind IN ('reply','flag','ask','reminder','digest','notice','summary','edit')",
            name="kind",
        ),
        CheckConstraint("rank BETWEEN 0 AND 5", name="rank"),
        CheckConstraint("state <> 'claimed' OR lease_until IS NOT NULL", name="lease"),
        Index("ix_letter_due", "due_at", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        Index(
            "ix_letter_bucket",
            "platform",
            "workspace",
            "rank",
            "due_at",
            sqlite_where=_PLANNED,
            postgresql_where=_PLANNED,
        ),
        Index("ix_letter_lease", "lease_until", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
        Index("ix_letter_person", "person_id", "cycle_id", "week"),
        Index("ix_letter_week", "cycle_id", "week"),
        Index("ix_letter_open", "cycle_id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index(
            "ix_letter_team",
            "team_id",
            "cycle_id",
            "week",
            sqlite_where=_OF_TEAM,
            postgresql_where=_OF_TEAM,
        ),
        Index("ix_letter_subject", "flow", "subject"),
        Index(
            "ix_letter_missed",
            *("cycle_id", "state", "kind", "week", "reason", "due_at", "person_id", "team_id"),
            sqlite_where=text(MISSED),
            postgresql_where=text(MISSED),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    flow: str
    subject: str
    kind: str
    rank: int
    person_id: int | None = None
    team_id: int | None = None
    cycle_id: int | None = None
    week: int | None = None
    platform: str = ""
    workspace: str = ""
    address: str = ""
    due_at: datetime
    expires_at: datetime
    not_before: float = 0.0
    state: str = "planned"
    reason: str = ""
    tries: int = 0
    version: int = 0
    claimed_by: str = ""
    lease_until: float | None = None
    card: str | None = None
    message_id: str | None = None
    sent_at: datetime | None = None
    first_tried_at: float | None = None
    replaces: int | None = None
    under: int | None = None


LETTER = cast("Table", Letter.__table__)  # type: ignore[attr-defined]
_its = LETTER.c


class Draft(Struct, frozen=True, kw_only=True, gc=False):
    """A letter to be planned. Its key says what it is for, never when it is due.

    Not followed by the garbage collector: tens of thousands of them live at once.
    """

    key: str
    flow: str
    subject: str
    kind: Kind
    due_at: datetime
    expires_at: datetime
    person_id: int | None = None
    team_id: int | None = None
    cycle_id: int | None = None
    week: int | None = None
    platform: str = ""
    workspace: str = ""
    address: str = ""
    replaces: int | None = None
    under: int | None = None


class Move(Struct, frozen=True, kw_only=True, gc=False):
    """Where and when an unsent letter now belongs; `held` says why it shall not go at all."""

    key: str
    due_at: datetime
    expires_at: datetime
    platform: str
    workspace: str
    address: str
    held: Hold = ""


_FRESH: dict[str, Any] = {
    "state": "planned",
    "reason": "",
    "tries": 0,
    "version": 0,
    "claimed_by": "",
    "not_before": 0.0,
}


def plan(session: Session, drafts: Sequence[Draft], held: Hold = "") -> int:
    """Write letters that are not there yet, be it to be `held`; those that are stay as they are.

    A wave of thousands is the caller's to cut: at most 5,000 a commit, so that nobody waits.
    """
    new = _planning(dialect_of(session), held)
    rows = [asdict(d) | {"rank": RANKS[d.kind]} for d in drafts]
    chunks = (rows[i : i + _CHUNK] for i in range(0, len(rows), _CHUNK))
    return _woken(session, sum(new.each(session, rows) for rows in chunks))


@cache
def _planning(engine: str, held: Hold) -> Prepared:
    """What every new letter has in common is said once, not in each row."""
    fresh = _FRESH | ({"state": "cancelled", "reason": held} if held else {})
    alike: dict[str, Any] = {n: literal_column(repr(value)) for n, value in fresh.items()}
    new = insert_in(engine, Letter).values(alike)
    return Prepared(
        new.on_conflict_do_nothing(index_elements=["key"]), [*Draft.__struct_fields__, "rank"]
    )


def replan(session: Session, moves: Sequence[Move]) -> int:
    """Move letters that are still planned, hold them, or take a hold back; never a sent one.

    What was tried stays where it may have arrived. What is claimed can only be held: as with
    `cancel`, it stops at its fence.
    """
    if not moves:
        return 0
    held = bindparam("new_held", type_=String)
    movable = or_(_MOVES, and_(_its.state == "claimed", held != ""))
    moving = ("due_at", "expires_at", "platform", "workspace", "address")
    moved = (
        update(LETTER)
        .where(_its.key == bindparam("new_key"), movable)
        .values(
            {name: case((_its.tries > 0, _its[name]), else_=_new(name)) for name in moving}
            | {
                "state": case((held == "", "planned"), else_=_RECALLED),
                "reason": held,
                "version": case((_its.state == "claimed", _RECALLED_VERSION), else_=_its.version),
                "claimed_by": case((_its.state == "claimed", _its.claimed_by), else_=""),
            }
        )
    )
    rows = [{f"new_{name}": value for name, value in asdict(m).items()} for m in moves]
    return _woken(session, session.connection().execute(moved, rows).rowcount)


_IS_HELD = or_(*(_its.reason == reason for reason in HELD))
_MOVES = or_(
    and_(_its.state == "planned", or_(_its.reason == "", _IS_HELD)),
    and_(_its.state == "cancelled", _IS_HELD),
)


def _new(name: str) -> ColumnElement[Any]:
    return bindparam(f"new_{name}", type_=_its[name].type)


_REVIVING = Prepared(
    update(LETTER)
    .where(_its.key == bindparam("its_key"), _its.state == "cancelled", _its.reason == "needless")
    .values(
        _FRESH
        | {
            "version": _its.version + 1,
            "due_at": _new("due_at"),
            "expires_at": _new("expires_at"),
        }
    )
)
_RECALLED = case((_its.tries > 0, _its.state), else_="cancelled")
"""What may have arrived is looked up first, for its reason says that it shall not be sent."""

_RECALLED_VERSION = case(
    (and_(_its.state == "claimed", _its.tries > 0), _its.version), else_=_its.version + 1
)
"""An attempt that is under way comes to its end, and learns of the reason when it is marked."""


def cancel(
    session: Session,
    *,
    reason: str,
    keys: Collection[str] | None = None,
    flow: str | None = None,
    subject: str | None = None,
    kinds: Collection[Kind] | None = None,
    person_id: int | None = None,
    team_id: int | None = None,
    cycle_id: int | None = None,
    week: int | None = None,
) -> int:
    """Cancel what is not sent yet and meets all that is given; also what is being sent.

    A claimed letter stops at its fence. One that may have arrived, or is just being sent, keeps its
    state and bears the reason: if it did arrive it is edited, and not sent if not.
    """
    wanted: dict[str, object] = {"flow": flow, "subject": subject, "person_id": person_id}
    wanted |= {"team_id": team_id, "cycle_id": cycle_id, "week": week}
    given = {f"its_{name}": value for name, value in wanted.items() if value is not None}
    given |= {"its_keys": list(keys)} if keys is not None else {}
    given |= {"its_kinds": list(kinds)} if kinds is not None else {}
    if not given:
        raise ValueError("say which letters to cancel")
    return _cancelling(frozenset(given)).run(session, given | {"why": reason})


@cache
def _cancelling(given: frozenset[str]) -> Prepared:
    """The statement is built once: that takes longer than running it."""
    where = [
        _its[name.removeprefix("its_")] == bindparam(name)
        for name in sorted(given - {"its_keys", "its_kinds"})
    ]
    where += [among(_its.key, "its_keys")] if "its_keys" in given else []
    where += [among(_its.kind, "its_kinds")] if "its_kinds" in given else []
    return Prepared(
        update(LETTER)
        .where(one_of(_its.state, ("planned", "claimed")), *where)
        .values(state=_RECALLED, reason=bindparam("why"), version=_RECALLED_VERSION)
    )


def revive(session: Session, key: str, *, due_at: datetime, expires_at: datetime) -> int:
    """Plan a letter once more that turned out to be needless before it was sent, and no longer is.

    What was held or cancelled for another reason stays so.
    """
    told = {"its_key": key, "new_due_at": due_at, "new_expires_at": expires_at}
    return _woken(session, _REVIVING.run(session, told))


def renew_edits(
    session: Session, targets: Collection[int], *, due_at: datetime, expires_at: datetime
) -> int:
    """Have the messages of these letters edited: one letter each, and the newest wins.

    Also over an edit that is being sent this moment. A letter that is still planned needs none:
    its card is not written yet.
    """
    if not targets:
        return 0
    wanted = {"targets": list(targets), "new_due_at": due_at, "new_expires_at": expires_at}
    return _woken(session, _renewing(dialect_of(session)).run(session, wanted))


def edit_of(number: ColumnElement[int]) -> ColumnElement[str]:
    """The key of the edit of a letter: by it an index finds the one that there is."""
    return literal("edit:") + to(number, String)


@cache
def _renewing(engine: str) -> Prepared:
    """The statement is built once: that takes longer than running it."""
    new: dict[str, Any] = {name: _its[name] for name in _KEPT_BY_AN_EDIT} | {
        "key": edit_of(_its.id),
        "kind": literal("edit"),
        "rank": case((_its.kind == "ask", RANKS["reply"]), else_=RANKS["edit"]),
        "replaces": _its.id,
        "due_at": bindparam("new_due_at", type_=_its.due_at.type),
        "expires_at": bindparam("new_expires_at", type_=_its.expires_at.type),
        **{name: literal(value) for name, value in _FRESH.items()},
    }
    asked = select(*(value.label(name) for name, value in new.items())).where(
        among(_its.id, "targets"), one_of(_its.state, ("claimed", "sent"))
    )
    edit = insert_in(engine, Letter).from_select(list(new), asked, include_defaults=False)
    again: dict[str, Any] = {name: edit.excluded[name] for name in _RENEWED_IN_AN_EDIT} | {
        "version": _its.version + 1,
        "lease_until": null(),
        "card": null(),
        "message_id": null(),
        "sent_at": null(),
        "first_tried_at": null(),
    }
    return Prepared(edit.on_conflict_do_update(index_elements=["key"], set_=again))


_KEPT_BY_AN_EDIT = [
    *("flow", "subject", "person_id", "team_id", "cycle_id", "week"),
    *("platform", "workspace", "address", "under"),
]
_RENEWED_IN_AN_EDIT = [
    *("due_at", "expires_at", "state", "reason", "tries", "claimed_by", "not_before"),
    *("platform", "workspace", "address", "rank"),
]


def _woken(session: Session, written: int) -> int:
    """Delivery looks at once when the commit is done."""
    if written:
        session.info["wake"] = True
    return written


# Asking


class Unsent(NamedTuple):
    """What planning compares of a letter with how it shall be."""

    key: str
    kind: str
    state: str
    tries: int
    due_at: datetime
    expires_at: datetime
    platform: str
    workspace: str
    address: str
    reason: str


def unsent(session: Session, cycle_id: int, now: datetime) -> list[Unsent]:
    """What planning may still move or hold: a cycle's letters that are not sent, nor too late."""
    return [Unsent(*row) for row in _UNSENT.gently(session, {"cycle": cycle_id, "now": now})]


_UNSENT = Prepared(
    select(*(_its[name] for name in Unsent._fields)).where(
        _its.cycle_id == bindparam("cycle"),
        text(_OPEN),
        _its.expires_at > bindparam("now"),
        one_of(_its.kind, (*UNASKED, "summary")),
        or_(_its.state == "claimed", _MOVES),
    )
)


_MAY_HAVE_ARRIVED = or_(
    one_of(_its.state, ("claimed", "sent", "unknown")),
    and_(_its.state == "planned", _its.tries > 0),
)
"""Whoever tried it died, or heard nothing: it is looked up before it is tried again."""
_WAITS = and_(_its.state == "planned", _its.reason == "")


def gone(
    session: Session, cycle_id: int, weeks: Collection[int], planned: Container[str]
) -> dict[str, tuple[int, int]]:
    """What has gone out to people about these weeks, or may have: person and week by key.

    And what waits for working hours, save what is `planned` anew and may yet be left out.
    """
    return {
        key: (person_id, week)
        for key, person_id, week, tries, state in _GONE.gently(
            session, {"cycle": cycle_id, "weeks": weeks}
        )
        if tries or state != "planned" or key not in planned
    }


_GONE = Prepared(
    select(_its.key, _its.person_id, _its.week, _its.tries, _its.state).where(
        _its.cycle_id == bindparam("cycle"),
        among(_its.week, "weeks"),
        one_of(_its.kind, UNASKED),
        _its.person_id.is_not(None),
        or_(_MAY_HAVE_ARRIVED, and_(_its.kind == "notice", _WAITS)),
    )
)


SHOWING: tuple[Kind, ...] = ("ask", "reminder", "reply")
"""What may show somebody their week."""
POSTED: tuple[Kind, ...] = ("summary", "notice")
"""What may show it to their team."""


def about(
    session: Session,
    cycle_id: int,
    week: int,
    *,
    person_ids: Collection[int] = (),
    team_ids: Collection[int] = (),
    kinds: Collection[Kind] = SHOWING,
    onwards: bool = False,
) -> list[int]:
    """The letters that were sent about a week of these people or teams, edits left out.

    `onwards`: and about all weeks after it.
    """
    found = select(_its.id).where(
        _its.cycle_id == cycle_id,
        _its.week >= week if onwards else _its.week == week,
        one_of(_its.state, ("sent", "claimed")),
        _its.kind.in_(kinds),
        or_(_its.person_id.in_(person_ids), _its.team_id.in_(team_ids)),
    )
    return list(session.scalars(found))


def by_key(session: Session, key: str) -> Letter | None:
    """The letter with this key."""
    return session.scalars(select(Letter).where(_its.key == key)).first()


def numbers(session: Session, keys: Collection[str]) -> list[int]:
    """The numbers of the letters with these keys."""
    return [number for (number,) in _NUMBERS.rows(session, {"keys": keys})]


_NUMBERS = Prepared(select(_its.id).where(among(_its.key, "keys")))


def newest_to(
    session: Session, flow: str, person_ids: Collection[int], cycle_id: int
) -> dict[int, Letter]:
    """What a flow wrote last to each of these people in a cycle, edits left out.

    To be looked at alone.
    """
    told = {"flow": flow, "people": person_ids, "cycle": cycle_id}
    return {row.person_id or 0: row for row in seen(session, Letter, _NEWEST_TO, told)}


_NEWEST_TO = Prepared(
    select(Letter).where(
        _its.id.in_(
            select(func.max(_its.id))
            .where(
                among(_its.person_id, "people"),
                _its.cycle_id == bindparam("cycle"),
                _its.flow == bindparam("flow"),
                _its.kind != "edit",
            )
            .group_by(_its.person_id)
        )
    )
)


def sent_to(
    session: Session, flow: str, person_ids: Collection[int], since: datetime
) -> Sequence[tuple[int, int, str]]:
    """What a flow has sent to these people: number, person and subject, the newest first."""
    own = (_its.person_id.in_(person_ids), _its.due_at >= since, _its.flow == flow)
    found = select(_its.id, _its.person_id, _its.subject).where(
        *own, _its.kind != "edit", one_of(_its.state, ("sent", "claimed"))
    )
    return [tuple(row) for row in session.execute(found.order_by(_its.id.desc()))]


def waiting(session: Session, cycle_id: int, now: datetime) -> Sequence[Letter]:
    """The flags and news of a cycle that wait for their time, untried."""
    return seen(session, Letter, _WAITING, {"cycle": cycle_id, "now": now})


_WAITING = Prepared(
    select(Letter).where(
        text(_OPEN),  # it has an index, and holds of whatever is planned
        _PLANNED,
        _its.reason == "",
        _its.tries == 0,
        _its.due_at > bindparam("now"),
        one_of(_its.kind, ("flag", "notice")),
        _its.cycle_id == bindparam("cycle"),
        _its.person_id.is_not(None),
    )
)


def by_numbers(session: Session, ids: Collection[int]) -> dict[int, Letter]:
    """These letters by number, in one statement, to be looked at alone."""
    rows = seen(session, Letter, _BY_NUMBERS, {"letters": list(ids)})
    return {row.id or 0: row for row in rows}


_BY_NUMBERS = Prepared(select(LETTER).where(among(_its.id, "letters")))


def of_subject(session: Session, flow: str, subject: str) -> Sequence[Letter]:
    """The letters of a flow about one subject, the newest first."""
    return session.scalars(
        select(Letter).where(_its.flow == flow, _its.subject == subject).order_by(_its.id.desc())
    ).all()


def of_flow(
    session: Session,
    flow: str,
    cycle_id: int,
    person_ids: Collection[int],
    team_ids: Collection[int] = (),
) -> list[int]:
    """The letters of a flow that went to these people and teams in a cycle, edits left out."""
    told = {"flow": flow, "cycle": cycle_id, "people": person_ids, "teams": team_ids}
    return [number for (number,) in _OF_FLOW.rows(session, told)]


_OF_FLOW = Prepared(
    select(_its.id).where(
        _its.flow == bindparam("flow"),
        _its.cycle_id == bindparam("cycle"),
        _its.kind != "edit",
        one_of(_its.state, ("sent", "claimed")),
        or_(among(_its.person_id, "people"), among(_its.team_id, "teams")),
    )
)


def of_subjects(session: Session, flow: str, subjects: Collection[str]) -> list[int]:
    """The letters that a flow has sent about any of these subjects, edits left out."""
    if not subjects:
        return []
    found = _OF_SUBJECTS.rows(session, {"flow": flow, "subjects": subjects})
    return [number for (number,) in found]


def gone_out(session: Session, flow: str, subjects: Collection[str]) -> dict[int, str]:
    """What has gone out of these subjects of a flow, or may have: subject by number, edits out."""
    return dict(_GONE_OUT.rows(session, {"flow": flow, "subjects": subjects}))


_ABOUT = (_its.flow == bindparam("flow"), among(_its.subject, "subjects"), _its.kind != "edit")
_OF_SUBJECTS = Prepared(select(_its.id).where(*_ABOUT, one_of(_its.state, ("sent", "claimed"))))
_GONE_OUT = Prepared(select(_its.id, _its.subject).where(*_ABOUT, _MAY_HAVE_ARRIVED))


def newest(session: Session, limit: int = 100) -> Sequence[Letter]:
    """What was sent or given up lately, newest first; edits left out."""
    return session.scalars(
        select(Letter)
        .where(_its.state.in_(("sent", "unknown", "expired", "dead")), _its.kind != "edit")
        .order_by(func.coalesce(_its.sent_at, _its.due_at).desc(), _its.id.desc())
        .limit(limit)
    ).all()


def ahead(session: Session, now: datetime, limit: int = 20) -> Sequence[Letter]:
    """What comes next, the soonest first."""
    return session.scalars(
        select(Letter)
        .where(_its.state == "planned", _its.due_at > now)
        .order_by(_its.due_at, _its.rank, _its.id)
        .limit(limit)
    ).all()


TOLD: tuple[Kind, ...] = ("flag", "ask", "reminder", "digest", "notice")
"""What somebody may be sent without having asked for it."""


def received(session: Session, person_id: int, limit: int = 5) -> Sequence[Letter]:
    """What somebody was sent unasked, the newest first."""
    return session.scalars(
        select(Letter)
        .where(_its.person_id == person_id, _its.state == "sent", one_of(_its.kind, TOLD))
        .order_by(_its.sent_at.desc(), _its.id.desc())
        .limit(limit)
    ).all()


def posted(session: Session, team_ids: Collection[int], address: str) -> Letter | None:
    """What was posted last in a channel of these teams."""
    return session.scalars(
        select(Letter)
        .where(
            _its.team_id.in_(team_ids),
            _its.address == address,
            _its.state == "sent",
            _its.kind == "summary",
        )
        .order_by(_its.sent_at.desc(), _its.id.desc())
        .limit(1)
    ).first()


def taken(
    session: Session,
    person_id: int,
    cycle_id: int,
    week: int,
    before: Collection[Kind] = (),
) -> int:
    """How many unasked letters somebody was sent about a week, or may have been.

    And how many of the kinds in `before` they will be.
    """
    told = {"person": person_id, "cycle": cycle_id, "week": week, "before": before}
    found: int = _TAKEN.rows(session, told)[0][0]
    return found


_TAKEN = Prepared(
    select(func.count()).where(
        _its.person_id == bindparam("person"),
        _its.cycle_id == bindparam("cycle"),
        _its.week == bindparam("week"),
        or_(
            and_(one_of(_its.kind, UNASKED), _MAY_HAVE_ARRIVED),
            and_(among(_its.kind, "before"), _WAITS, _its.tries == 0),
        ),
    )
)


def kinds(session: Session, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The kind and the key of each of these letters, in one statement."""
    found = select(_its.id, _its.kind, _its.key).where(_its.id.in_(ids))
    return {number: (kind, key) for number, kind, key in session.execute(found)}


def asked(session: Session, cycle_id: int, week: int) -> dict[int, datetime]:
    """When each person was asked in a week; those who were not are missing."""
    found = select(_its.person_id, func.min(_its.sent_at)).where(
        _its.cycle_id == cycle_id,
        _its.week == week,
        _its.kind == "ask",
        _its.state == "sent",
        _its.person_id.is_not(None),
    )
    return {row[0]: row[1] for row in session.execute(found.group_by(_its.person_id))}


def held_back(session: Session, person_id: int, now: datetime) -> Sequence[Letter]:
    """What somebody was not sent because of their week's budget, and is still worth reading."""
    return session.scalars(
        select(Letter)
        .where(
            _its.person_id == person_id,
            _its.state == "cancelled",
            _its.reason == "budget",
            one_of(_its.kind, ("ask", "digest", "notice")),
            _its.due_at <= now,
            _its.expires_at > now,
        )
        .order_by(_its.due_at, _its.id)
    ).all()
