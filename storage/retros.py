"""Retrospectives. Of an anonymous answer nobody can say whose it is, whoever reads the database.

What a team's people say without their names is one value, taken apart by question, shuffled and
written whole at each answer. Who has answered stands elsewhere, without a time and in no order.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import delete, insert, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.clock import dialect_of
from storage.kept import among, given, seen
from storage.prepared import Prepared
from storage.upsert import insert_in

V = TypeVar("V")

TEXTS = ("achieved", "missed", "learned", "change")
"""What is asked in words."""
SCORES = ("decisions", "rhythm", "outcomes", "few", "early")
"""What is asked from 1 to 5, of how the quarter was worked."""


class Retro(SQLModel, table=True):
    """One team's retrospective of one quarter.

    `named` is settled when the first answer arrives. `answers` is `Pool` as JSON; with names it
    stays empty, and each answer is a row of `RetroAnswer`.
    """

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    named: bool = False
    answers: str = "{}"


class RetroTaken(SQLModel, table=True):
    """Somebody has answered: no more is kept of it."""

    __tablename__ = "retro_taken"

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


class RetroAnswer(SQLModel, table=True):
    """An answer with a name, as JSON: it can be changed until the results are out."""

    __tablename__ = "retro_answer"

    cycle_id: int = Field(foreign_key="cycle.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    answer: str
    at: datetime


class Decision(SQLModel, table=True):
    """What a team changes from now on, and who sees to it."""

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    text: str
    owner_id: int | None = Field(default=None, foreign_key="person.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: datetime
    done_at: datetime | None = None


class Answer(Struct, frozen=True):
    """What one person says: texts and scores by question, what they left out left out."""

    texts: Mapping[str, str] = {}
    scores: Mapping[str, int] = {}


class Pool(Struct, frozen=True):
    """What a team says without names, each question's answers in an order of their own."""

    count: int = 0
    texts: Mapping[str, Sequence[str]] = {}
    scores: Mapping[str, Sequence[int]] = {}


class Words(NamedTuple):
    """One text, and who wrote it; None where nobody can say."""

    text: str
    by: int | None = None


@dataclass(frozen=True)
class Heard:
    """What a team said, whether with names or without."""

    named: bool
    count: int
    texts: Mapping[str, Sequence[Words]]
    scores: Mapping[str, Sequence[int]]


SILENCE = Heard(False, 0, {}, {})


# What was said


def heard(session: Session, cycle_id: int, team_ids: Iterable[int]) -> dict[int, Heard]:
    """What each of these teams said, in two statements; teams that were never asked are missing."""
    wanted = {"cycle": cycle_id, "teams": list(set(team_ids))}
    named: dict[int, list[tuple[int, Answer]]] = {}
    for row in seen(session, RetroAnswer, _ANSWERS, wanted):
        answer = msgspec.json.decode(row.answer, type=Answer)
        named.setdefault(row.team_id, []).append((row.person_id, answer))
    return {
        row.team_id: _with_names(named.get(row.team_id, ())) if row.named else _without(_pool(row))
        for row in seen(session, Retro, _RETROS, wanted)
    }


_ANSWERS = Prepared(
    select(RetroAnswer)
    .where(col(RetroAnswer.cycle_id) == given("cycle"), among(col(RetroAnswer.team_id), "teams"))
    .order_by(col(RetroAnswer.team_id), col(RetroAnswer.person_id))
)
_RETROS = Prepared(
    select(Retro).where(col(Retro.cycle_id) == given("cycle"), among(col(Retro.team_id), "teams"))
)


def _pool(row: Retro) -> Pool:
    return Pool() if row.answers == "[]" else msgspec.json.decode(row.answers, type=Pool)


def _without(pool: Pool) -> Heard:
    texts = {name: [Words(text) for text in said] for name, said in pool.texts.items()}
    return Heard(False, pool.count, texts, pool.scores)


def _with_names(answers: Sequence[tuple[int, Answer]]) -> Heard:
    return Heard(
        True,
        len(answers),
        {n: [Words(a.texts[n], by) for by, a in answers if n in a.texts] for n in TEXTS},
        {n: [a.scores[n] for _, a in answers if n in a.scores] for n in SCORES},
    )


def mine(session: Session, cycle_id: int, team_id: int, person_id: int) -> Answer | None:
    """What somebody said with their name."""
    row = session.get(RetroAnswer, (cycle_id, team_id, person_id))
    return None if row is None else msgspec.json.decode(row.answer, type=Answer)


def taken(session: Session, cycle_id: int, team_ids: Iterable[int]) -> set[tuple[int, int]]:
    """By whom these teams' surveys have been answered: team and person."""
    wanted = {"cycle": cycle_id, "teams": list(set(team_ids))}
    return {(team_id, person_id) for team_id, person_id in _TAKEN.rows(session, wanted)}


_TAKEN = Prepared(
    select(RetroTaken.team_id, RetroTaken.person_id).where(
        col(RetroTaken.cycle_id) == given("cycle"), among(col(RetroTaken.team_id), "teams")
    )
)


# Saying


def locked(session: Session, cycle_id: int, team_id: int, *, named: bool) -> Retro:
    """The team's retrospective, made where there is none yet, and held until the unit is done.

    To be looked at alone: others changed it until this moment.
    """
    new = {"cycle_id": cycle_id, "team_id": team_id, "named": named, "answers": "{}"}
    _making(dialect_of(session)).each(session, [new])
    [row] = seen(session, Retro, _LOCKED, {"cycle": cycle_id, "team": team_id})
    return row


@cache
def _making(engine: str) -> Prepared:
    new = insert_in(engine, Retro).on_conflict_do_nothing()
    return Prepared(new, list(Retro.model_fields))


_HERE = (col(Retro.cycle_id) == given("cycle"), col(Retro.team_id) == given("team"))
_LOCKED = Prepared(select(Retro).where(*_HERE).with_for_update())


def switch(session: Session, row: Retro, *, named: bool) -> None:
    """Ask the team with names from now on, or without."""
    told = {"cycle": row.cycle_id, "team": row.team_id, "with_names": named}
    _SWITCH.run(session, told)


_SWITCH = Prepared(update(Retro).where(*_HERE).values(named=given("with_names")))


def say(session: Session, row: Retro, person_id: int, answer: Answer) -> bool:
    """Take an answer in among those of the row as it was `locked`, without its author.

    False if they have answered.
    """
    if not _take(session, row, person_id):
        return False
    pool = msgspec.json.encode(mixed(_pool(row), answer)).decode()
    _SAY.run(session, {"cycle": row.cycle_id, "team": row.team_id, "pool": pool})
    return True


_SAY = Prepared(update(Retro).where(*_HERE).values(answers=given("pool")))


def mixed(before: Pool, answer: Answer) -> Pool:
    """An answer among the others: every question's are put into a new order of their own."""
    return Pool(
        before.count + 1,
        {n: _shuffled([*before.texts.get(n, ()), *_given(answer.texts, n)]) for n in TEXTS},
        {n: _shuffled([*before.scores.get(n, ()), *_given(answer.scores, n)]) for n in SCORES},
    )


def say_named(session: Session, row: Retro, person_id: int, answer: Answer, now: datetime) -> None:
    """Keep an answer under its author's name, in the place of their last."""
    _take(session, row, person_id)
    session.merge(
        RetroAnswer(
            cycle_id=row.cycle_id,
            team_id=row.team_id,
            person_id=person_id,
            answer=msgspec.json.encode(answer).decode(),
            at=now,
        )
    )


def _given(values: Mapping[str, V], name: str) -> list[V]:
    return [values[name]] if name in values else []


def _shuffled(values: list[V]) -> list[V]:
    """In an order that no one can foresee, work out or read off anything else."""
    secrets.SystemRandom().shuffle(values)
    return values


def _take(session: Session, row: Retro, person_id: int) -> bool:
    """Note that somebody answered; false if they had. All are written anew, by number.

    So the place of a row in its file says nothing of when it came.
    """
    known = {number for _, number in taken(session, row.cycle_id, [row.team_id])}
    if person_id in known:
        return False
    here = {"cycle_id": row.cycle_id, "team_id": row.team_id}
    _FORGET.run(session, {"cycle": row.cycle_id, "team": row.team_id})
    _TAKE.each(session, [here | {"person_id": number} for number in sorted({*known, person_id})])
    return True


_FORGET = Prepared(
    delete(RetroTaken).where(
        col(RetroTaken.cycle_id) == given("cycle"), col(RetroTaken.team_id) == given("team")
    )
)
_TAKE = Prepared(insert(RetroTaken), ["cycle_id", "team_id", "person_id"])


# Deciding


def decisions(
    session: Session, cycle_id: int, team_ids: Iterable[int]
) -> dict[int, list[Decision]]:
    """What each of these teams decided in a quarter, oldest first, in one statement.

    To be looked at alone.
    """
    wanted = {"cycle": cycle_id, "teams": list(set(team_ids))}
    found: dict[int, list[Decision]] = {}
    for row in seen(session, Decision, _DECISIONS, wanted):
        found.setdefault(row.team_id, []).append(row)
    return found


_DECISIONS = Prepared(
    select(Decision)
    .where(col(Decision.cycle_id) == given("cycle"), among(col(Decision.team_id), "teams"))
    .order_by(col(Decision.id))
)


def decision(session: Session, number: int) -> Decision | None:
    """The decision with this number."""
    return session.get(Decision, number)
