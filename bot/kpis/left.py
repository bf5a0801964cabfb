"""What left its range, as its owner and the lead of its team are told: a part of a message."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot.cadence import DAY
from bot.chat.cards import Block, Button, Buttons
from bot.flow import LONGEST_ABOUT, Term, action
from bot.kpis import watch
from bot.kpis.watch import Look
from bot.texts import Voice
from storage import kpis
from storage.kpis import Episode, Kpi
from storage.people import Person
from storage.teams import Team

ZONES = timedelta(hours=14)
"""So far a day somewhere may lie from the same day in UTC."""


class Span(NamedTuple):
    """The days that one message tells its reader of; `again` where they were told before."""

    reader: Person
    first: date
    last: date
    again: bool = False


@dataclass(frozen=True)
class News:
    """A KPI that left its range: how it was then; nothing where that was corrected since."""

    look: Look
    value: float | None
    day: date | None = None
    range: str = ""
    relapse: bool = False


def news(
    session: Session, term: Term, spans: Mapping[int, Span], led: Collection[Team]
) -> dict[int, list[News]]:
    """What left its range in these days, of theirs and of the teams they lead; five statements."""
    first = min((span.first for span in spans.values()), default=term.today)
    last = max((span.last for span in spans.values()), default=term.today)
    found = kpis.told_between(
        session,
        datetime.combine(first, time(), UTC) - ZONES,
        datetime.combine(last + DAY, time(), UTC) + ZONES,
    )
    own = kpis.by_number(session, {episode.kpi_id for episode in found}) if found else {}
    looks = {look.id: look for look in watch.look(session, term, list(own.values()))}
    leads = {team.id: team.lead_id for team in led}
    pairs = [(looks[each.kpi_id], each) for each in found if each.kpi_id in looks]
    return {
        number: [
            each
            for look, episode in pairs
            if _concerns(look.kpi, span.reader, leads) and _tells(term, span, episode)
            for each in (_news(term, span.reader, look, episode),)
            if span.again or each.value is not None
        ]
        for number, span in spans.items()
    }


def _concerns(kpi: Kpi, person: Person, leads: Mapping[int | None, int | None]) -> bool:
    return kpi.owner_id == person.id or leads.get(kpi.team_id) == person.id


def _tells(term: Term, span: Span, episode: Episode) -> bool:
    if episode.told_at is None or (episode.ended is not None and not span.again):
        return False
    return span.first <= term.day_of(span.reader, episode.told_at) <= span.last


def _news(term: Term, person: Person, look: Look, episode: Episode) -> News:
    """How it was on the day it began; nothing where that was corrected since."""
    began = next((each for each in look.judged if each.day == episode.began), None)
    if began is None or episode.state == "over":
        return News(look, None)
    relapse = episode.state == "relapsed"
    range_ = watch.span_of(term.voice_of(person), look.kpi, began.bounds)
    return News(look, began.value, began.day, range_, relapse)


def blocks(voice: Voice, news: Sequence[News]) -> Iterator[Block]:
    """All that left its range, each with its course where they are few."""
    for each in news:
        yield from _told(voice, each)
        if len(news) <= watch.MOST_CHARTS:
            yield from watch.course(voice, each.look)
        label, where = voice.line("kpi.show"), action("kpi", "show", each.look.id)
        yield Buttons((Button(label, where, about=each.look.kpi.name[:LONGEST_ABOUT]),))


def _told(voice: Voice, news: News) -> Iterator[Block]:
    look, unit = news.look, news.look.kpi.unit
    if news.value is None or news.day is None:
        yield voice.text("kpi.corrected", name=look.kpi.name)
        return
    newest = look.newest
    later = newest if newest is not None and newest.day > news.day else None
    yield voice.text(
        "kpi.told",
        name=look.kpi.name,
        value=voice.number(news.value, unit),
        day=voice.day(news.day),
        range=news.range,
        relapse=news.relapse,
        alone=later is None,
    )
    if later is not None:
        yield voice.text(
            "kpi.since_then",
            state=watch.state(voice, look),
            value=voice.number(later.value, unit),
            day=voice.day(later.day),
        )
