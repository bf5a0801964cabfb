"""Grades at the close: asked in the last week, open until the next planning is over."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from msgspec.structs import replace as changed
from sqlmodel import Session

from bot import cadence, leads, ripples, saying
from bot.chat.cards import Button, Card
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Quiet, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Forgotten, Said, Term, Turn, Waiting, Word, action, opens
from bot.flows.grade import answer, cards, form, samples
from bot.flows.grade.sheet import Sheet, closing, decides, mine, mine_now, of_cycle, one, sheets
from bot.flows.grade.sheet import leads as leads_it
from bot.kpis import readings
from bot.outlook import Outlook
from bot.quarter import carrying
from bot.quarter.verdicts import Verdict, graded
from bot.texts import Voice, brief
from storage import people, teams
from storage.letters import Draft, Letter
from storage.people import Person
from storage.teams import Team

REMINDED_ON = 3
SHORTEST_NOTICE = timedelta(hours=20)


class Grading(Flow):
    """Last value, grade, cause, and what becomes of it."""

    name = "grade"
    words = (Word("grade"),)

    def plan(self, outlook: Outlook) -> Iterable[Draft]:
        """One ask for each owner in the last week, and one reminder."""
        week = outlook.term.calendar.retrospective_week
        if week in outlook.weeks:
            for number in sorted(outlook.owners & outlook.people.keys()):
                yield from _of_person(outlook, outlook.people[number], week)

    def write(
        self, session: Session, term: Term, letters: Sequence[Letter], now: datetime
    ) -> Mapping[int, Card | None]:
        """The question while it is open; what was said, once it is answered."""
        written: dict[int, Card | None] = {letter.id or 0: None for letter in letters}
        for cycle_id in {letter.cycle_id or 0 for letter in letters}:
            at_the_end = of_cycle(session, term, cycle_id)
            own = [letter for letter in letters if letter.cycle_id == cycle_id]
            if at_the_end is not None:
                found = _asked(session, at_the_end, {letter.person_id or 0 for letter in own})
                for letter in own:
                    sheet = found.get(letter.person_id or 0)
                    written[letter.id or 0] = _card(letter, sheet) if sheet else None
        return written

    def because(self, voice: Voice, letter: Letter) -> str:
        """Owners grade what is theirs."""
        return voice.line(f"grade.because_{letter.subject.partition(':')[0]}")

    def waiting(self, turn: Turn) -> Iterable[Waiting]:
        """What is not graded yet."""
        term = closing(turn.session, turn.term)
        if term is None or turn.term.organisation.running not in ("on", "pilot"):
            return
        count = len(mine(turn, term).ungraded)
        if count:
            label = turn.voice.line("grade.open")
            button = opens(label, action("grade", "open", term.cycle_id))
            yield Waiting(turn.voice.spans("grade.waiting", count=count), button)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """Mine to grade, or a team's grades."""
        if said.rest:
            found = teams.by_name(turn.session, said.rest)
            if found:
                return _team(turn, found[0])
            return turn.say("grade.no_team_title", "grade.no_team", typed=brief(said.rest, 60))
        return _mine(turn)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Confirm one or all, look at a team; or why there is no form."""
        match verb:
            case "team":
                team = teams.team(turn.session, int(args[0]))
                if team is None or not team.active:
                    raise Forgotten(args[0])
                return _team(turn, team)
            case "same" | "all":
                return _confirm(turn, verb, args)
            case "open":
                return turn.say("grade.closed_title", "grade.closed")
            case "change" | "carry":
                return _not_yours(turn)
            case _:
                return super().click(turn, verb, args)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """Pre-filled with what the figures and their owner say; None where it is closed."""
        if verb == "answer":  # also once it is closed, so that what was typed is given back
            ended = of_cycle(turn.session, turn.term, int(args[0]))
            return form.form(turn.voice, mine(turn, ended)) if ended is not None else None
        term = closing(turn.session, turn.term)
        if term is None:
            return None
        match verb:
            case "open":
                sheet = mine(turn, term) if int(args[0]) == term.cycle_id else None
                return form.form(turn.voice, sheet) if sheet and sheet.verdicts else None
            case "change":
                verdict = one(turn, term, int(args[0]))
                allowed = verdict is not None and leads_it(turn, verdict)
                return form.change(turn.voice, verdict) if verdict and allowed else None
            case "carry" if args[1] in carrying.DECISIONS:
                verdict = one(turn, term, int(args[0]))
                allowed = verdict is not None and decides(turn, verdict)
                return form.carry(turn.voice, verdict, args[1]) if verdict and allowed else None
            case _:
                return None

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Keep it, or say beside each question what is wrong."""
        term = closing(turn.session, turn.term)
        if term is None or (verb == "answer" and int(args[0]) != term.cycle_id):
            kept = saying.kept(turn.voice, form, read)
            blocks = (*turn.voice.blocks("grade.closed"), *kept)
            return Say(Card(turn.voice.line("grade.closed_title"), blocks))
        if verb == "answer":
            return _grade(turn, mine(turn, term), form, read)
        verdict = one(turn, term, int(args[0]))
        allowed = decides if verb == "carry" else leads_it
        if verdict is None or not allowed(turn, verdict):
            return _not_yours(turn)
        wrong = turn.fix(form, read)
        if wrong is not None:
            return wrong
        if verb == "carry":
            answer.decide(turn, verdict, str(args[1]), read.text("why"))
            answer.go_on(turn, term, {verdict.standing.objective.team_id})
        else:
            grade, reason = float(read.text("grade")), read.text("reason")
            answer.keep(turn, verdict, grade, reason, read.text("cause"))
        team_id = verdict.standing.objective.team_id
        ripples.graded(turn.session, turn.now, term.cycle_id, [team_id])
        _settled(turn, term, verdict.kr.owner_id)
        now = one(turn, term, verdict.id)
        return Say(cards.kept(turn.voice, now or verdict))

    def examples(self, voice: Voice) -> Iterable[Example]:
        """Every card and form above."""
        return samples.examples(voice)


def _of_person(outlook: Outlook, person: Person, week: int) -> Iterable[Draft]:
    calendar, monday = outlook.term.calendar, outlook.monday(week)
    asked = outlook.asked_at(person, week, calendar.grades_weekday, calendar.ask_time)
    if asked is None:
        return
    zone = outlook.term.zone_of(person)
    weekend = cadence.instant(monday + timedelta(days=5), time(), zone)
    subject = f"{outlook.term.cycle_id}:{person.id}"
    until = max(weekend, asked + timedelta(hours=8))
    yield from outlook.letter("grade", f"ask:{subject}", "ask", person, week, asked, until)
    again = outlook.asked_at(person, week, REMINDED_ON, calendar.ask_time)
    if again is not None and again >= asked + SHORTEST_NOTICE:
        yield from outlook.letter(
            "grade", f"reminder:{subject}", "reminder", person, week, again,
            max(weekend, again + timedelta(hours=8)),
        )  # fmt: skip


def _asked(session: Session, term: Term, ids: Collection[int]) -> Mapping[int, Sheet]:
    """What these people grade, with the readings of KPIs that are asked in the same message."""
    asked = readings.of_week(session, term, term.calendar.retrospective_week, ids)
    return {
        number: replace(sheet, due=[one for one in asked.get(number, ()) if one.given is None])
        for number, sheet in sheets(session, term, ids).items()
    }


def _card(letter: Letter, sheet: Sheet) -> Card | None:
    voice, edits = sheet.term.voice_of(sheet.person), letter.replaces is not None
    if letter.subject.startswith("reminder"):
        if sheet.done:
            return cards.reminded(voice) if edits else None
        return cards.remind(voice, sheet)
    if sheet.done:
        return cards.said(voice, sheet) if edits and sheet.verdicts else None
    return cards.ask(voice, sheet)


def _mine(turn: Turn) -> Reply:
    term = closing(turn.session, turn.term)
    if term is None:
        return Say(_ahead(turn))
    sheet = mine(turn, term)
    own = _own(turn)
    if not sheet.verdicts:
        card = Card(turn.voice.line("grade.title"), turn.voice.blocks("grade.none_mine"))
    elif sheet.done:
        card = cards.said(turn.voice, sheet)
    else:
        card = cards.ask(turn.voice, sheet)
    return Say(changed(card, buttons=(*card.buttons, *cards.choices(own))))


def _ahead(turn: Turn) -> Card:
    """When grading opens, and the teams whose last grades one may want to see."""
    cycle, calendar, voice = turn.term.cycle, turn.term.calendar, turn.voice
    week = calendar.retrospective_week
    day = "" if cycle is None else voice.day(cadence.first_day(cycle.starts, week))
    buttons: Sequence[Button] = ()
    if carrying.before(turn.session, turn.term) is not None:
        buttons = cards.choices(_own(turn))
    return Card(
        voice.line("grade.ahead_title"), voice.blocks("grade.ahead", week=week, day=day),
        tuple(buttons),
    )  # fmt: skip


def _own(turn: Turn) -> Sequence[Team]:
    """The teams somebody leads or belongs to."""
    led = {team.id: team for team in teams.led_by(turn.session, [turn.me])}
    return list((led | {t.id: t for t in teams.of_person(turn.session, turn.me)}).values())


def _team(turn: Turn, team: Team) -> Reply:
    """A team's grades: of the quarter that is graded, or else of the one before."""
    term = closing(turn.session, turn.term)
    shown = term or carrying.before(turn.session, turn.term)
    if shown is None:
        return Say(_ahead(turn))
    judged = graded(turn.session, shown, [team.id or 0]).get(team.id or 0)
    owners = {v.kr.owner_id or 0 for v in judged.verdicts} if judged else set()
    changes = term is not None and team in leads.lines(turn.session).led_by(turn.person)
    return Say(
        cards.team(
            turn.voice, team, judged, people.people(turn.session, owners), changes=changes,
            open_until=_until(turn, term) if term is not None else "",
        )
    )  # fmt: skip


def _until(turn: Turn, term: Term) -> str:
    """The last day on which something can still be graded."""
    if term.cycle is None:
        return ""
    planning = turn.term.calendar.planning_weeks
    return turn.voice.day(term.cycle.ends + timedelta(days=7 * planning))


def _confirm(turn: Turn, verb: str, args: Sequence[str]) -> Reply:
    term = closing(turn.session, turn.term)
    if term is None or int(args[0]) != term.cycle_id:
        return turn.say("grade.closed_title", "grade.closed")
    sheet = mine(turn, term)
    wanted: Sequence[Verdict] = sheet.ungraded
    if verb == "same":
        wanted = [verdict for verdict in sheet.verdicts if verdict.id == int(args[1])]
        if not wanted:
            return _not_yours(turn)
        wanted = [verdict for verdict in wanted if verdict.grade is None]
    if any(map(sheet.needs_words, wanted)):
        return Open(form.form(turn.voice, sheet))
    return _shown(turn, term, answer.confirm(turn, sheet, wanted))


def _grade(turn: Turn, sheet: Sheet, shown: Form, read: Read) -> Reply:
    if not sheet.verdicts:
        return turn.say("grade.closed_title", "grade.closed")
    given = [form.read(read, verdict, _day(turn, sheet.term)) for verdict in sheet.verdicts]
    asked = {question.id for question in shown.questions()}
    asked -= {fault.question for fault in read.faults}
    problems = [
        problem for problem in form.problems(turn.voice, sheet, given) if problem.question in asked
    ]
    wrong = turn.fix(shown, read, *problems)
    if wrong is not None:
        return wrong
    typed = {v.id: set(read.chosen(f"value-{v.id}")) for v in sheet.verdicts}
    return _shown(turn, sheet.term, answer.store(turn, sheet, given, typed))


def _day(turn: Turn, term: Term) -> date:
    """Today, or the last day of the quarter that is graded."""
    return min(turn.today, term.cycle.ends) if term.cycle is not None else turn.today


def _settled(turn: Turn, term: Term, owner_id: int | None) -> None:
    """An owner whose last grade somebody else gave is asked nothing more."""
    found = sheets(turn.session, term, [owner_id or 0]).get(owner_id or 0)
    if found is not None and found.done:
        answer.settle(turn, term, [owner_id or 0])


def _shown(turn: Turn, term: Term, there: bool) -> Reply:
    """Quiet where the message that asked becomes the answer, else the answer itself."""
    if there:
        return Quiet()
    turn.session.flush()
    sheet = mine_now(turn, term)
    return Say(cards.said(turn.voice, sheet) if sheet.done else cards.ask(turn.voice, sheet))


def _not_yours(turn: Turn) -> Reply:
    return turn.say("grade.not_yours_title", "grade.not_yours")


flow = Grading()
