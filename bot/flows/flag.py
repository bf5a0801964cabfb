"""The same-day flag: a lead hears on the day itself where somebody's confidence fell."""

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
from storage import people, teams
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


class Flag(Flow):
    """One message a day and lead at most; what comes later that day joins it."""

    name = "flag"

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """All that was flagged that day, where the lead is."""
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        current = [letter for letter in letters if letter.cycle_id == term.cycle_id]
        for week in sorted({letter.week or 0 for letter in current}):
            batch = [letter for letter in current if (letter.week or 0) == week]
            written |= _of_week(session, term, week, batch)
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
        yield Example("flag", "changed since", cleared(voice))


def _of_week(
    session: Session, term: Term, week: int, batch: Sequence[Letter]
) -> dict[int, Card | None]:
    lead_ids = {letter.person_id or 0 for letter in batch}
    leads = people.people(session, lead_ids)
    team_ids: dict[int, list[int]] = {}
    for team in teams.led_by(session, lead_ids):
        team_ids.setdefault(team.lead_id or 0, []).append(team.id or 0)
    every = {i for own in team_ids.values() for i in own}
    standings = picture.of_teams(session, term, every, week or None)
    found: list[tuple[Letter, Person, list[Fall]]] = []
    for letter in batch:
        lead = leads.get(letter.person_id or 0)
        if lead is not None:
            own = [s for i in team_ids.get(lead.id or 0, ()) for s in standings.get(i, ())]
            day = date.fromisoformat(letter.subject)
            found.append((letter, lead, list(_falls(term, lead, day, own))))
    names = people.people(session, {f.said.by_id or 0 for *_, falls in found for f in falls})
    return {
        letter.id or 0: _shown(
            term.voice_of(lead),
            letter,
            [fall._replace(who=names.get(fall.said.by_id or 0)) for fall in falls],
        )
        for letter, lead, falls in found
    }


def _falls(term: Term, lead: Person, day: date, own: Sequence[Standing]) -> Iterator[Fall]:
    """What was said that day where the lead is, by somebody else, and is news."""
    zone = ZoneInfo(term.zone_of(lead))
    for standing in own:
        before: int | None = None
        for said in standing.updates:
            if said.confidence is None:
                continue
            fell = ripples.flagged(before, said.confidence) and said.by_id != lead.id
            if fell and said.at.astimezone(zone).date() == day:
                yield Fall(standing, before, said)
            before = said.confidence


def _shown(voice: Voice, letter: Letter, falls: Sequence[Fall]) -> Card | None:
    """Nothing where nothing is flagged any more, unless it was said already."""
    if falls:
        return card(voice, falls)
    return cleared(voice) if letter.replaces is not None else None


def card(voice: Voice, falls: Sequence[Fall]) -> Card:
    """Who believes less in what, each with a way to the detail."""
    blocks: list[Block] = [*voice.blocks("flag.intro", count=len(falls))]
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
