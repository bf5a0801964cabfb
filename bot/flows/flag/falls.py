"""Where somebody's confidence fell: in which key results of a lead's teams, who said so and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlmodel import Session

from bot import picture, ripples
from bot.flow import Term
from bot.kpis.left import Span
from bot.method import score
from bot.picture import Standing
from storage import people
from storage.checkins import Said
from storage.people import Person
from storage.teams import Team


class Fall(NamedTuple):
    """A key result whose owner believes much less in it, or hardly at all."""

    standing: Standing
    before: int | None
    said: Said
    who: Person | None = None


def fallen(
    session: Session, term: Term, spans: Mapping[int, Span], led: Collection[Team]
) -> dict[int, list[Fall]]:
    """What fell in the days of each message; the number of statements does not grow with them."""
    own: dict[int, list[int]] = {}
    for team in led:
        own.setdefault(team.lead_id or 0, []).append(team.id or 0)
    every = {team.id or 0 for team in led}
    standings = picture.of_teams(session, term, every, term.week or term.calendar.weeks)
    found = {
        number: list(
            _falls(
                term,
                span,
                [s for i in own.get(span.reader.id or 0, ()) for s in standings.get(i, ())],
            )
        )
        for number, span in spans.items()
    }
    names = people.people(session, {f.said.by_id or 0 for falls in found.values() for f in falls})
    return {
        number: [fall._replace(who=names.get(fall.said.by_id or 0)) for fall in falls]
        for number, falls in found.items()
    }


def _falls(term: Term, span: Span, own: Sequence[Standing]) -> Iterator[Fall]:
    """What somebody else said in these days, is news, and was not put right since."""
    for standing in own:
        before: int | None = None
        fall: Fall | None = None
        for said in standing.updates:
            day = term.day_of(span.reader, said.at)
            if said.confidence is None or day > span.last:
                continue
            fell = ripples.flagged(before, said.confidence) and said.by_id != span.reader.id
            if fell and day >= span.first:
                fall = Fall(standing, before, said)
            elif fall is not None and not score.flagged(fall.before, said.confidence):
                fall = None
            before = said.confidence
        if fall is not None:
            yield fall
