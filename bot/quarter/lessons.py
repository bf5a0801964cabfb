"""What the last retrospective taught: for planning what comes next, and to hold the next against.

Fewer than `ENOUGH` answers without names are shown to nobody: not their texts, not their scores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlmodel import Session

from bot.chat.cards import Block, Bullets
from bot.flow import Term, named
from bot.texts import Voice
from storage import cycles, people, retros
from storage.people import Person
from storage.retros import SCORES, Decision, Heard

ENOUGH = 4
"""Among so many answers nobody can be picked out (METHOD.md 5)."""


@dataclass(frozen=True)
class Decided:
    """What a team decided to change, and who sees to it."""

    decision: Decision
    owner: Person | None = None

    @property
    def done(self) -> bool:
        """Whether it has been done."""
        return self.decision.done_at is not None


@dataclass(frozen=True)
class Process:
    """How a team says it worked: the mean from 1 to 5 of each process question, and of all."""

    scores: Mapping[str, float]

    @property
    def mean(self) -> float:
        """The mean over the questions."""
        return fmean(self.scores.values())


def decided(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, list[Decided]]:
    """What each of these teams decided in the retrospective of the cycle before this one."""
    before = cycles.before(session, term.cycle.starts) if term.cycle else None
    if before is None:
        return {}
    return decided_in(session, before.id or 0, team_ids)


def decided_in(
    session: Session, cycle_id: int, team_ids: Iterable[int]
) -> dict[int, list[Decided]]:
    """What each of these teams decided in a cycle's retrospective, in two statements."""
    rows = retros.decisions(session, cycle_id, team_ids)
    owners = people.people(
        session, {r.owner_id for own in rows.values() for r in own if r.owner_id}
    )
    return {
        team_id: [Decided(row, owners.get(row.owner_id or 0)) for row in own]
        for team_id, own in rows.items()
    }


def shown(voice: Voice, decisions: Sequence[Decided]) -> Sequence[Block]:
    """What was decided last time, for whoever plans; nothing where nothing was."""
    if not decisions:
        return ()
    items = tuple(
        voice.spans(
            "lessons.decided",
            text=each.decision.text,
            owner=named(each.owner) if each.owner else "",
            done=each.done,
        )
        for each in decisions
    )
    return (*voice.blocks("lessons.last_time"), Bullets(items))


def process(session: Session, cycle_id: int, team_ids: Iterable[int]) -> dict[int, Process]:
    """How each of these teams says it worked; those who may not be shown are missing."""
    found = retros.heard(session, cycle_id, team_ids)
    known = {team_id: process_of(heard) for team_id, heard in found.items()}
    return {team_id: each for team_id, each in known.items() if each is not None}


def process_of(heard: Heard) -> Process | None:
    """The scores of what was said; None where there are too few to be shown."""
    if not enough(heard):
        return None
    means = {name: fmean(heard.scores[name]) for name in SCORES if heard.scores.get(name)}
    return Process(means) if means else None


def enough(heard: Heard) -> bool:
    """Whether what was said may be shown: with names, or without them among enough others."""
    return heard.count >= (1 if heard.named else ENOUGH)
