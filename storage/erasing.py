"""Takes somebody out of the database: their words everywhere, their name and their accounts.

What they have moved stays: values, grades and readings are the team's.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    case,
    delete,
    inspect,
    or_,
    select,
    tuple_,
    update,
)
from sqlmodel import Session, SQLModel, col

from storage import pending
from storage.audit import Audit
from storage.checkins import Blocker
from storage.cycles import Cycle
from storage.inbound import Inbound
from storage.keeping import Kept
from storage.kpis import Kpi
from storage.letters import LETTER
from storage.objectives import KeyResult, Objective
from storage.people import Identity, Person
from storage.retros import Decision
from storage.teams import Team
from storage.written import OWN, SAYS, WORDS, is_text

SHOWN = 20
"""So much of a text may stand where it was cut short."""
TELLING = 8
"""A text of so many characters says by itself where it came from."""
_its = LETTER.c


@dataclass(frozen=True)
class Traces:
    """By what somebody is found: their name and addresses, and the words they wrote."""

    name: str
    email: str
    former: str
    address: str
    accounts: frozenset[str] = frozenset()
    texts: frozenset[str] = field(default=frozenset())

    def named(self, text: str) -> bool:
        """Whether a text names them."""
        small = text.casefold()
        names = (self.name, self.email, _escaped(self.name))
        return any(name and name.casefold() in small for name in names)

    def quoted(self, text: str, least: int = 1) -> bool:
        """Whether a text holds something that they wrote."""
        plain = _plain(text)
        return any(len(words) >= least and words in plain for words in self.texts)

    def without(self, text: str) -> str:
        """A text that names a former member in their place."""
        for name, instead in ((self.email, self.address), *((n, self.former) for n in self._names)):
            text = re.sub(re.escape(name), lambda _, to=instead: to, text, flags=re.IGNORECASE)  # type: ignore[misc] # bound at once
        return text

    @property
    def _names(self) -> Sequence[str]:
        """A name of one word is also a word ("Will"): it is only replaced where it stands alone."""
        return (self.name, _escaped(self.name)) if " " in self.name.strip() else ()


def erase(session: Session, person: Person, former: str, address: str, quiet: str) -> int:
    """Take somebody out; `quiet` stands in for replies that are remembered. Says how many texts."""
    pending.write(session)
    session.flush()
    number, traces = person.id or 0, _traces(session, person, former, address)
    _hand_over(session, number, person.manager_id)
    _words(session, number)
    _letters(session, number, traces)
    _audit(session, number, traces)
    _remembered(session, traces, quiet)
    _names(session, traces)
    person.email, person.name = address, former
    person.zone = person.locale = person.country = person.weekend = person.manager_id = None
    person.admin = person.digest = person.active = False
    session.add(person)
    session.flush()
    return len(traces.texts)


def _traces(session: Session, person: Person, former: str, address: str) -> Traces:
    number = person.id or 0
    accounts = session.execute(
        select(col(Identity.account), col(Identity.address)).where(
            col(Identity.person_id) == number
        )
    )
    return Traces(
        person.name,
        person.email,
        former,
        address,
        frozenset(value for row in accounts for value in row if value),
        frozenset(part for text in _typed(session, number) for part in _parts(text)),
    )


def _typed(session: Session, number: int) -> Iterator[str]:
    """Everything that somebody wrote, now and before it was changed."""
    for words in WORDS:
        found = _table(words.table).c
        columns = [found[name] for name in words.columns]
        rows = session.execute(select(*columns).where(found[words.by] == number))
        yield from (text for row in rows for text in row if text)
    for own in OWN:
        found = _table(own.table).c
        if own.columns:
            columns = [found[name] for name in own.columns]
            rows = session.execute(select(*columns).where(_of(own.table, own.of, number)))
            yield from (text for row in rows for text in row if text)
    query = select(col(Audit.before), col(Audit.after)).where(col(Audit.by_id) == number)
    for row in session.execute(query):
        for kept in filter(None, row):
            yield from (text for name, text in _strings(msgspec.json.decode(kept)) if name in SAYS)


def _hand_over(session: Session, number: int, manager: int | None) -> None:
    """What they answer for in the open goes to the team's lead, or to nobody."""
    team, objective = _table(Team).c, _table(Objective).c
    open_ones = select(col(Cycle.id)).where(col(Cycle.state) == "open")
    lead = case((team.lead_id == number, None), else_=team.lead_id)
    of_objective = (
        select(lead)
        .join_from(Team, Objective, objective.team_id == team.id)
        .where(objective.id == _table(KeyResult).c.objective_id)
    )
    in_open = select(objective.id).where(objective.cycle_id.in_(open_ones))
    _set(session, KeyResult, "owner_id", of_objective.scalar_subquery(), number,
         col(KeyResult.objective_id).in_(in_open))  # fmt: skip
    for table, more in (
        (Objective, col(Objective.cycle_id).in_(open_ones)),
        (Kpi, None),
        (Decision, col(Decision.done_at).is_(None)),
    ):
        its = _table(table).c
        to = select(lead).where(team.id == its.team_id).scalar_subquery()
        _set(session, table, "owner_id", to, number, more)
    _set(session, Team, "lead_id", None, number)
    _set(session, Person, "manager_id", None if manager == number else manager, number)
    _set(session, Blocker, "helper_id", None, number)
    taken = col(Blocker.taken_by_id) == number
    session.execute(update(Blocker).where(taken, col(Blocker.state) == "taken")
                    .values(state="open"))  # fmt: skip
    _set(session, Blocker, "taken_by_id", None, number)


def _set(
    session: Session,
    table: type[SQLModel],
    column: str,
    to: Any,
    number: int,
    more: ColumnElement[bool] | None = None,
) -> None:
    its = _table(table)
    where = [its.c[column] == number, *([more] if more is not None else [])]
    session.execute(update(its).where(*where).values({column: to}))


def _words(session: Session, number: int) -> None:
    for words in WORDS:
        its = _table(words.table)
        empty = dict.fromkeys(words.columns, "")
        session.execute(update(its).where(its.c[words.by] == number).values(empty))
    for own in OWN:
        session.execute(delete(_table(own.table)).where(_of(own.table, own.of, number)))


def _of(table: type[SQLModel], columns: Sequence[str], number: int) -> ColumnElement[bool]:
    return or_(*(_table(table).c[name] == number for name in columns))


def _letters(session: Session, number: int, traces: Traces) -> None:
    """What was sent to them is forgotten, and what was sent of them."""
    over = _its.state.not_in(("planned", "claimed"))
    mine = update(LETTER).where(_its.person_id == number, over)
    session.execute(mine.values(card=None, address="", message_id=None))
    names = (traces.name, traces.email, _escaped(traces.name))
    about = or_(
        _its.kind.not_in(("ask", "reminder")),
        *(_its.card.icontains(name, autoescape=True) for name in names),
    )
    query = select(_its.id, _its.card).where(over, _its.card.is_not(None), about)
    telling = [
        letter
        for letter, card in session.execute(query)
        if traces.named(card) or traces.quoted(card)
    ]
    for some in _some(telling):
        session.execute(update(LETTER).where(_its.id.in_(some)).values(card=None))


def _audit(session: Session, number: int, traces: Traces) -> None:
    """Changes keep their numbers; whose words and name stood there is gone."""
    its = _table(Audit).c
    touched = select(its.thing, its.thing_key).where(its.by_id == number).distinct()
    finds = [traces.name, traces.email, _escaped(traces.name), *traces.accounts]
    query = select(its.id, its.by_id, its.before, its.after, its.thing_key).where(
        or_(
            its.by_id == number,
            tuple_(its.thing, its.thing_key).in_(touched),
            and_(its.thing == "person", its.thing_key == str(number)),
            *(column.icontains(text, autoescape=True) for text in finds if text
              for column in (its.before, its.after)),
        )
    )  # fmt: skip
    for row in session.execute(query).all():
        clean = _cleaner(traces, all_of_it=row.by_id == number)
        values = {
            "before": None if row.before is None else _rewritten(row.before, clean),
            "after": None if row.after is None else _rewritten(row.after, clean),
            "thing_key": traces.without(row.thing_key),
        }
        session.execute(update(_table(Audit)).where(its.id == row.id).values(values))


def _cleaner(traces: Traces, *, all_of_it: bool) -> Callable[[str, str], str]:
    def clean(name: str, text: str) -> str:
        if name in SAYS and (all_of_it or traces.quoted(text)):
            return ""
        if text in traces.accounts or text.casefold() == traces.name.casefold():
            return traces.former if text not in traces.accounts else ""
        return traces.without(text)

    return clean


def _remembered(session: Session, traces: Traces, quiet: str) -> None:
    """Replies that would be given once more, and what platforms keep."""
    replies = _table(Inbound)
    query = select(replies.c.source, replies.c.event_id, replies.c.reply)
    for source, event_id, reply in session.execute(query).all():
        if traces.named(reply) or traces.quoted(reply):
            at = and_(replies.c.source == source, replies.c.event_id == event_id)
            session.execute(update(replies).where(at).values(reply=quiet))
    kept = _table(Kept)
    for platform, key, value in session.execute(
        select(kept.c.platform, kept.c.key, kept.c.value)
    ).all():
        text = f"{key}\n{value}"
        theirs = any(account in text for account in traces.accounts)
        if theirs or traces.named(text) or traces.quoted(value, TELLING):
            at = and_(kept.c.platform == platform, kept.c.key == key)
            session.execute(delete(kept).where(at))


def _names(session: Session, traces: Traces) -> None:
    """Where others wrote their full name or e-mail address, a former member is meant."""
    done = {"person", "audit", "inbound", "kept"}
    for table in SQLModel.metadata.sorted_tables:
        columns = [c for c in table.columns if is_text(c)]
        columns = [c for c in columns if not (table is LETTER and c.name == "card")]
        if table.name in done or not columns:
            continue
        names = (traces.name, traces.email, _escaped(traces.name))
        naming = or_(*(c.icontains(name, autoescape=True) for c in columns for name in names))
        keys = list(table.primary_key.columns)
        for row in session.execute(select(*keys, *columns).where(naming)).all():
            found = row._mapping
            changed = {
                c.name: now for c in columns if (now := _unnamed(traces, found[c])) != found[c]
            }
            at = and_(*(key == found[key] for key in keys))
            if changed:
                session.execute(update(table).where(at).values(changed))


def _unnamed(traces: Traces, text: str | None) -> str | None:
    return None if text is None else traces.without(text)


def _rewritten(kept: str, clean: Callable[[str, str], str]) -> str:
    return msgspec.json.encode(_walked("", msgspec.json.decode(kept), clean)).decode()


def _walked(name: str, value: Any, clean: Callable[[str, str], str]) -> Any:
    match value:
        case str():
            return clean(name, value)
        case dict():
            return {key: _walked(key, each, clean) for key, each in value.items()}
        case list():
            return [_walked(name, each, clean) for each in value]
        case _:
            return value


def _strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in JSON with the name it stands under."""
    match value:
        case str():
            yield name, value
        case dict():
            for key, each in value.items():
                yield from _strings(each, key)
        case list():
            for each in value:
                yield from _strings(each, name)


def _parts(text: str) -> Iterator[str]:
    """By what a text is found again: the beginning of each of its lines; of JSON, of each text."""
    if text.startswith(("{", "[")):
        try:
            for _, inner in _strings(msgspec.json.decode(text)):
                yield from _parts(inner)
        except msgspec.DecodeError:
            pass
        else:
            return
    for line in text.splitlines():
        plain = _plain(line)[:SHOWN].strip()
        if plain:
            yield plain


def _plain(text: str) -> str:
    """Without case, escapes and blanks that differ."""
    return " ".join(text.replace('\\"', '"').replace("\\\\", "\\").casefold().split())


def _escaped(text: str) -> str:
    """As it stands inside JSON."""
    return msgspec.json.encode(text).decode()[1:-1]


def _some(numbers: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    return (numbers[n : n + size] for n in range(0, len(numbers), size))


def _table(model: type[SQLModel]) -> Table:
    mapped: Table = inspect(model).local_table
    return mapped


def kept_of(session: Session, number: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every row that is about somebody or was made by them, by table; letters and changes too."""
    pending.write(session)
    found: dict[str, Sequence[Mapping[str, Any]]] = {}
    for table in SQLModel.metadata.sorted_tables:
        theirs = [
            column
            for column in table.columns
            if any(key.column.table.name == "person" for key in column.foreign_keys)
            or (table is LETTER and column.name == "person_id")
            or (table.name == "person" and column.name == "id")
        ]
        if theirs:
            where = or_(*(column == number for column in theirs))
            query = select(*table.columns).where(where).order_by(*table.primary_key.columns)
            rows = [dict(row) for row in session.execute(query).mappings()]
            found[table.name] = rows
    return found
