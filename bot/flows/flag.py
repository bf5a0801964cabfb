"""The same-day flag: a lead hears on the day itself where somebody's confidence fell.

On a day off they hear nothing: what still stands on their next day of work is told then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import cast, picture, ripples
from bot.chat.cards import Block, Button, Buttons, Card
from bot.chat.stage import Example
from bot.flow import Flow, Term, action, named
from bot.method import score
from bot.picture import Standing
from bot.texts import Voice
from storage import letters, people, teams
from storage.checkins import Said
from storage.letters import Letter
from storage.people import Person

LONGEST_ABOUT = 60


class Fall(NamedTuple):
    """A key result whose owner believes much less in it, or hardly at all."""

    standing: Standing
    before: int | None
    said: Said
    who: Person | None = None


class Span(NamedTuple):
    """The days that one message tells of, where its lead is."""

    first: date
    last: date


class Flag(Flow):
    """One message a day and lead at most; what comes later that day joins it."""

    name = "flag"

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """All that was flagged from its day until that on which it is told, where the lead is."""
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        current = [letter for letter in letters if letter.cycle_id == term.cycle_id]
        if current:
            written |= _cards(session, term, current, now)
        return written

    def because(self, voice: Voice, letter: Letter) -> str:
        """The lead of a team hears of falls on the day itself."""
        return voice.line("flag.because")

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Bob's churn fell from 9 to 4, as Alice is told."""
        fallen = _example(cast.ANSWERS[2].note)
        more = [*fallen, *_example(cast.HOSTILE)]
        yield Example("flag", "one key result", card(voice, fallen))
        yield Example("flag", "two, with hostile text", card(voice, more))
        yield Example("flag", "after days off", card(voice, fallen, cast.FRIDAY.date()))
        yield Example("flag", "changed since", cleared(voice))


def _cards(
    session: Session, term: Term, batch: Sequence[Letter], now: datetime
) -> dict[int, Card | None]:
    lead_ids = {letter.person_id or 0 for letter in batch}
    leads = people.people(session, lead_ids)
    team_ids: dict[int, list[int]] = {}
    for team in teams.led_by(session, lead_ids):
        team_ids.setdefault(team.lead_id or 0, []).append(team.id or 0)
    every = {i for own in team_ids.values() for i in own}
    standings = picture.of_teams(session, term, every, term.week or term.calendar.weeks)
    told = letters.by_numbers(session, {letter.replaces or 0 for letter in batch})
    found: list[tuple[Letter, Person, Span, list[Fall]]] = []
    for letter in batch:
        lead = leads.get(letter.person_id or 0)
        if lead is not None:
            own = [s for i in team_ids.get(lead.id or 0, ()) for s in standings.get(i, ())]
            span = _span(term, lead, letter, told.get(letter.replaces or 0), now)
            found.append((letter, lead, span, list(_falls(term, lead, span, own))))
    names = people.people(session, {f.said.by_id or 0 for *_, falls in found for f in falls})
    return {
        letter.id or 0: _shown(
            term.voice_of(lead),
            letter,
            span,
            [fall._replace(who=names.get(fall.said.by_id or 0)) for fall in falls],
        )
        for letter, lead, span, falls in found
    }


def _span(term: Term, lead: Person, letter: Letter, told: Letter | None, now: datetime) -> Span:
    """From the first day on which something was flagged until that on which it was told."""
    at = told.sent_at if told is not None and told.sent_at is not None else now
    zone = ZoneInfo(term.zone_of(lead))
    return Span(date.fromisoformat(letter.subject), at.astimezone(zone).date())


def _falls(term: Term, lead: Person, span: Span, own: Sequence[Standing]) -> Iterator[Fall]:
    """What somebody else said in these days, is news, and was not put right since."""
    zone = ZoneInfo(term.zone_of(lead))
    for standing in own:
        before: int | None = None
        fall: Fall | None = None
        for said in standing.updates:
            day = said.at.astimezone(zone).date()
            if said.confidence is None or day > span.last:
                continue
            fell = ripples.flagged(before, said.confidence) and said.by_id != lead.id
            if fell and day >= span.first:
                fall = Fall(standing, before, said)
            elif fall is not None and not score.flagged(fall.before, said.confidence):
                fall = None
            before = said.confidence
        if fall is not None:
            yield fall


def _shown(voice: Voice, letter: Letter, span: Span, falls: Sequence[Fall]) -> Card | None:
    """Nothing where nothing is flagged any more, unless it was said already."""
    if falls:
        return card(voice, falls, None if span.first == span.last else span.first)
    return cleared(voice) if letter.replaces is not None else None


def card(voice: Voice, falls: Sequence[Fall], since: date | None = None) -> Card:
    """Who believes less in what, each with a way to the detail; since when, if not today."""
    day = "" if since is None else voice.day(since)
    blocks: list[Block] = [*voice.blocks("flag.intro", since=day)]
    for fall in falls:
        blocks.append(voice.text("flag.fall", **_said(voice, fall)))
        blocks.append(Buttons((_detail(voice, fall.standing),)))
    return Card(voice.line("flag.title", count=len(falls)), tuple(blocks))


def cleared(voice: Voice) -> Card:
    """What was flagged was changed since."""
    return Card(voice.line("flag.cleared_title"), voice.blocks("flag.cleared"))


def _said(voice: Voice, fall: Fall) -> dict[str, object]:
    now = fall.said.confidence or 0
    return {
        "title": fall.standing.kr.title,
        "before": fall.before or 0,
        "now": now,
        "band": voice.line(f"picture.{score.band(now)}"),
        "note": fall.said.note,
        "who": named(fall.who) if fall.who else "",
    }


def _detail(voice: Voice, standing: Standing) -> Button:
    return Button(
        voice.line("flag.detail"),
        action("why", "show", standing.id),
        about=standing.kr.title[:LONGEST_ABOUT],
    )


def _example(note: str) -> list[Fall]:
    standing = cast.standings(answered=True)[1]
    said = cast.ANSWERS[2]._replace(note=note)
    return [Fall(standing, standing.confidence_before, said, cast.BOB)]


flow = Flag()
