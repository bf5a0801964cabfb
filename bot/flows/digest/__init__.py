"""What a week came to: the team's summary, the answers in its thread, the company's digest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import cadence, picture
from bot.chat.cards import Button, Card
from bot.chat.replies import Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Forgotten, Said, Term, Turn, Word, action
from bot.flows.digest import cards, company, helping, planning, reading, samples
from bot.flows.digest.week import TeamWeek, team_weeks, told_weeks
from bot.outlook import Outlook
from bot.texts import Voice, brief
from storage import checkins, letters, people, teams
from storage.letters import Draft, Letter
from storage.teams import Team

OTHERS = 4


class Digest(Flow):
    """One message a week and team, changed in place; one a week for those who lead."""

    name = "digest"
    words = (Word("summary", reads=True),)

    def plan(self, outlook: Outlook) -> Iterable[Draft]:
        """Each team's summary in its channels, and the company's digest."""
        for week in outlook.weeks:
            yield from planning.summaries(outlook, week)
            yield from planning.digests(outlook, week)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """Each kind of letter by its subject; what belongs to another cycle is pointless."""
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        for kind, write in WRITERS.items():
            batch = [x for x in letters if _kind(x) == kind and x.cycle_id == term.cycle_id]
            if batch:
                written |= write(session, term, batch, now)
        return written

    def after(self, session: Session, term: Term, letter: Letter, now: datetime) -> None:
        """The answers follow in the thread of the summary."""
        if _kind(letter) == "summary" and letter.replaces is None:
            letters.plan(session, [planning.details(letter, now)])

    def because(self, voice: Voice, letter: Letter) -> str:
        """A team's channel, those who lead more than a team, those who were blocked."""
        return voice.line(f"digest.because_{_kind(letter)}")

    def typed(self, turn: Turn, said: Said) -> Reply:
        """A team's summary as it would be now."""
        found = _teams(turn, said.rest)
        if found:
            return _show(turn, found[0], found[1 : OTHERS + 1])
        if said.rest:
            return turn.say("digest.no_team_title", "digest.no_team", typed=brief(said.rest, 60))
        return turn.say("digest.no_own_title", "digest.no_own")

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """ "I can help", "Solved", "Read, thank you", another team."""
        match verb:
            case "take":
                return helping.take(turn, int(args[0]))
            case "solved":
                return helping.solve(turn, int(args[0]))
            case "read":
                return reading.read(turn, int(args[0]), int(args[1]), int(args[2]))
            case "show":
                team = teams.team(turn.session, int(args[0]))
                if team is None or not team.active:
                    raise Forgotten(args[0])
                return _show(turn, team)
            case _:
                return super().click(turn, verb, args)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card above, for the team Growth and the company Harbour."""
        return samples.examples(voice)


def _kind(letter: Letter) -> str:
    return letter.subject.partition(":")[0]


def _by_team(
    session: Session,
    term: Term,
    batch: Sequence[Letter],
    find: Callable[[Session, Term, int, Iterable[int]], dict[int, TeamWeek]] = team_weeks,
) -> Iterable[tuple[Letter, TeamWeek]]:
    """Each letter with its team's week, a week at a time."""
    for week in sorted({letter.week or 0 for letter in batch}):
        own = [letter for letter in batch if letter.week == week]
        found = find(session, term, week, {letter.team_id or 0 for letter in own})
        yield from ((x, found[x.team_id]) for x in own if x.team_id in found)


def _summaries(
    session: Session, term: Term, batch: Sequence[Letter], now: datetime
) -> dict[int, Card | None]:
    written: dict[int, Card | None] = {}
    for letter, week in _by_team(session, term, batch):
        voice = term.voice_to(week.team)
        updated = _updated(voice, week, now) if letter.replaces is not None else ""
        written[letter.id or 0] = cards.summary(voice, week, updated)
    return written


def _updated(voice: Voice, week: TeamWeek, now: datetime) -> str:
    """The time; with its day where that is not the day of the summary."""
    due = week.due
    zone = ZoneInfo(voice.zone)
    same = due is not None and due.astimezone(zone).date() == now.astimezone(zone).date()
    return voice.time(now) if same else voice.moment(now)


def _details(
    session: Session, term: Term, batch: Sequence[Letter], _: datetime
) -> dict[int, Card | None]:
    pairs = list(_by_team(session, term, batch, told_weeks))
    written: dict[int, Card | None] = {}
    for number in sorted({week.week for _, week in pairs}):
        own = [(letter, week) for letter, week in pairs if week.week == number]
        crew = {i for _, week in own for i in week.members}
        meant = checkins.commitments(session, term.cycle_id, number - 1, crew)
        plans = checkins.commitments(session, term.cycle_id, number, crew)
        for letter, week in own:
            voice = term.voice_to(week.team)
            written[letter.id or 0] = cards.details(voice, week, meant, plans)
    return written


def _companies(
    session: Session, term: Term, batch: Sequence[Letter], _: datetime
) -> dict[int, Card | None]:
    known = people.people(session, {letter.person_id or 0 for letter in batch})
    written: dict[int, Card | None] = {}
    for sent_in in sorted({letter.week or 0 for letter in batch}):
        weeks, name = team_weeks(session, term, sent_in - 1), term.organisation.name
        said = cache(partial(company.digest, name=name, weeks=weeks))
        for letter in batch:
            person = known.get(letter.person_id or 0)
            if letter.week == sent_in and person is not None:
                written[letter.id or 0] = said(term.voice_of(person))
    return written


Write = Callable[[Session, Term, Sequence[Letter], datetime], dict[int, Card | None]]
WRITERS: Mapping[str, Write] = {
    "summary": _summaries,
    "details": _details,
    "company": _companies,
    "helped": helping.write,
}


def _teams(turn: Turn, words: str) -> Sequence[Team]:
    """The teams of this name; without a name, those somebody belongs to or leads."""
    if words:
        return teams.by_name(turn.session, words)
    own = {t.id: t for t in teams.of_person(turn.session, turn.me)}
    led = {t.id: t for t in teams.led_by(turn.session, [turn.me])}
    return list((own | led).values())


def _show(turn: Turn, team: Team, others: Sequence[Team] = ()) -> Reply:
    term = turn.term
    week = cadence.last_checkin(term.calendar, term.week or 0)
    if term.cycle is None or week is None:
        return turn.say("digest.none_title", "digest.none_yet")
    number = team.id or 0
    found = team_weeks(turn.session, term, week, [number])[number]
    if found.due is not None and turn.now < found.due:
        found = team_weeks(turn.session, term, week, [number], closed=False)[number]
    buttons = [Button(picture.short(o.name), action("digest", "show", o.id)) for o in others]
    return Say(cards.summary(turn.voice, found, buttons=buttons))


flow = Digest()
