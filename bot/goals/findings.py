"""What the lint says of stored drafts: found, kept, mended, left as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.chat.cards import Block, Text
from bot.flow import Term, Turn
from bot.goals.found import Found, Key, Thing, example, noted, question, reason, short, shown, told
from bot.goals.judging import judged
from bot.texts import Voice
from storage import audit, findings, people
from storage.findings import Finding

__all__ = [
    "Found",
    "Left",
    "before",
    "dismiss",
    "example",
    "keep",
    "left",
    "look",
    "noted",
    "of_teams",
    "of_thing",
    "passed",
    "question",
    "reason",
    "short",
    "shown",
    "told",
    "undo",
]


def of_teams(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, list[Found]]:
    """What is to be said of each team's drafts and was not left as it is."""
    ids = set(team_ids)
    found = judged(session, term, ids)
    left = {_key(row) for row in findings.of_teams(session, term.cycle_id, ids) if _is_left(row)}
    return {number: [each for each in own if each.key not in left] for number, own in found.items()}


def look(turn: Turn, team_id: int) -> list[Found]:
    """What is to be said of a team's drafts as they are now; what was found is kept."""
    return keep(turn.session, turn.term, [team_id], turn.now).get(team_id, [])


def keep(
    session: Session, term: Term, team_ids: Iterable[int], now: datetime
) -> dict[int, list[Found]]:
    """The same for many teams at once, as of now."""
    session.flush()
    ids = set(team_ids)
    found = judged(session, term, ids)
    every = [each for own in found.values() for each in own]
    left = _keep(session, term.cycle_id, ids, every, now)
    return {number: [each for each in own if each.key not in left] for number, own in found.items()}


def of_thing(found: Iterable[Found], thing: Thing, number: int | None) -> list[Found]:
    """What is said of one thing itself, and not of how it stands with others."""
    return [each for each in found if (each.thing, each.thing_id) == (thing, number or 0)
            and not each.of_set]  # fmt: skip


def before(turn: Turn, thing: Thing, number: int, team_id: int) -> tuple[Block, ...]:
    """What is said of a thing when its form is opened again."""
    own = turn.once(
        ("findings", team_id),
        lambda: of_teams(turn.session, turn.term, [team_id]).get(team_id, []),
    )
    return told(turn.voice, of_thing(own, thing, number))


@dataclass(frozen=True)
class Left:
    """What somebody has left as it is, and why."""

    found: Found
    why: str
    who: str


def left(session: Session, term: Term, team_ids: Iterable[int]) -> dict[int, list[Left]]:
    """What was left as it is in each team's drafts, for who approves them."""
    ids = set(team_ids)
    found = judged(session, term, ids)
    rows = {
        _key(row): row for row in findings.of_teams(session, term.cycle_id, ids) if _is_left(row)
    }
    names = people.people(session, {row.dismissed_by_id or 0 for row in rows.values()})
    return {
        number: [
            Left(each, row.reason, who.name if who else "")
            for each in own
            if (row := rows.get(each.key)) is not None
            for who in [names.get(row.dismissed_by_id or 0)]
        ]
        for number, own in found.items()
    }


def passed(voice: Voice, left: Left) -> Text:
    """What somebody has left as it is, in one line."""
    return voice.text(
        "lint.left",
        title=short(left.found.title),
        reason=reason(voice, left.found.spoken),
        who=left.who,
        text=left.why,
    )


def dismiss(turn: Turn, found: Found, why: str) -> None:
    """Somebody leaves it as it is."""
    look(turn, found.team_id)
    row = findings.finding(turn.session, turn.term.cycle_id, *found.key)
    if row is not None:
        _decide(turn, row, why)


def undo(turn: Turn, thing: str, number: int, rule: str) -> bool:
    """It is spoken of again; false where nobody had left it."""
    row = findings.finding(turn.session, turn.term.cycle_id, thing, number, rule)
    if row is None or not _is_left(row):
        return False
    _decide(turn, row, "")
    return True


def _decide(turn: Turn, row: Finding, why: str) -> None:
    before = audit.fields(row)
    row.dismissed_at = turn.now if why else None
    row.dismissed_by_id = turn.me if why else None
    row.reason = why
    turn.session.add(row)
    turn.session.flush()
    after = audit.fields(row)
    audit.note(turn.session, turn.now, "finding", row.id, by=turn.me, before=before, after=after)


def _keep(
    session: Session, cycle_id: int, team_ids: set[int], found: Sequence[Found], now: datetime
) -> set[Key]:
    """Keep what is found and what is no longer; says what was left as it is."""
    rows = {_key(row): row for row in findings.of_teams(session, cycle_id, team_ids)}
    keys = {each.key for each in found}
    findings.add(session, cycle_id, keys - rows.keys(), now)
    for key in keys & rows.keys():
        row = rows[key]
        if row.mended_at is not None:
            row.found_at, row.mended_at = now, None
            row.dismissed_at, row.dismissed_by_id, row.reason = None, None, ""
            session.add(row)
    for key, row in rows.items():
        if key not in keys and row.mended_at is None:
            row.mended_at = now
            session.add(row)
    session.flush()
    return {key for key, row in rows.items() if _is_left(row)}


def _is_left(row: Finding) -> bool:
    return row.dismissed_at is not None and row.mended_at is None


def _key(row: Finding) -> Key:
    return row.thing, row.thing_id, row.rule
