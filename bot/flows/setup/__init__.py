"""Setup, for admins: switching on and off, calendar, holidays, cycles, rights."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot import admins, figures
from bot.chat.forms import Form, Read
from bot.chat.replies import Open, Reply, Say
from bot.chat.stage import Example
from bot.flow import Flow, Forgotten, Said, Turn, Word
from bot.flows.setup import cards, change, holidays, links, parts, rights, samples
from bot.flows.setup.change import Part
from bot.flows.setup.state import state
from bot.may import may
from bot.term import open_cycle, spoken_of, term
from bot.texts import Voice, brief
from storage import audit, cycles, organisation, teams
from storage.organisation import Organisation, Running
from storage.teams import Team

FARTHEST = timedelta(days=366)


class Setup(Flow):
    """`setup`, `setup go`, `setup pause`, `setup calendar` and so on."""

    name = "setup"
    words = (Word("setup", admin=True),)

    def typed(self, turn: Turn, said: Said) -> Reply:
        """The state, or the part that was named."""
        if not said.rest:
            return Say(cards.state(turn.voice, state(turn)))
        part, rest = parts.begun(said.rest, parts.PARTS)
        match part:
            case "go":
                return _go_with(turn, rest)
            case "pause":
                return _pause(turn)
            case "calendar" | "rules":
                return Open(change.form(turn, _part(part)))
            case "holiday":
                return holidays.holiday(turn, rest)
            case "holidays":
                return holidays.holidays(turn)
            case "cycle":
                return _cycle(turn, rest)
            case "admin":
                return rights.admin(turn, Said("setup", rest, said.mentions))
            case "link":
                return links.typed(turn, Said("setup", rest, said.mentions))
            case _:
                typed = rest.partition(" ")[0][:60]
                return turn.say("setup.unknown_title", "setup.unknown", typed=typed)

    def click(self, turn: Turn, verb: str, args: Sequence[str]) -> Reply:
        """Look at a start, start, pause, open a cycle; for admins only."""
        if not may(turn.person, "set up"):
            return admins.only(turn, "setup")
        match verb:
            case "go":
                return _look(turn, None)
            case "begin":
                return _begin(turn, int(args[0]))
            case "pause":
                return _pause(turn)
            case "cycle":
                return _cycle(turn, args[0])
            case "keep":
                return change.keep(turn, _part(args[0]), args[1])
            case "unlink":
                return links.unlink(turn, int(args[0]))
            case _:
                return super().click(turn, verb, args)

    def form(self, turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
        """The pilot team, the calendar, the rules, whose account something is."""
        if not may(turn.person, "set up"):
            return None
        match verb:
            case "pilot":
                return cards.pilot_form(turn.voice, teams.all_teams(turn.session))
            case "calendar" | "rules":
                part = _part(verb)
                return change.form(
                    turn, part, change.unpacked(turn, part, args[0]) if args else change.NOTHING
                )
            case "link":
                return links.form(turn, args)
            case _:
                return None

    def submit(self, turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
        """Show first what a change does: of the calendar, of the rules, of a pilot."""
        if verb == "pilot":
            wrong = turn.fix(form, read)
            return wrong or _look(turn, teams.team(turn.session, int(read.text("team"))))
        if verb == "link":
            return links.save(turn, form, read)
        return change.look(turn, _part(verb), form, read)

    def examples(self, voice: Voice) -> Iterable[Example]:
        """The states, the forms, and what each change says."""
        return samples.examples(voice)


def _part(name: str) -> Part:
    return "calendar" if name == "calendar" else "rules"


def _go_with(turn: Turn, name: str) -> Reply:
    if not name:
        return _look(turn, None)
    wanted, known = name.lstrip("@#"), teams.all_teams(turn.session)
    found = [team for team in known if teams.is_called(team, wanted)]
    if len(found) == 1:
        return _look(turn, found[0])
    return turn.say("setup.no_team_title", "setup.no_team", typed=brief(name, 60))


def _look(turn: Turn, team: Team | None) -> Reply:
    """What would go out, as if it was on; nothing has changed yet."""
    if _runs(turn, team):
        return Say(cards.started(turn.voice, state(turn), already=True))
    on = {
        "running": "on" if team is None else "pilot",
        "pilot_team_id": team and team.id,
        "changed_at": turn.now,
    }
    ours = Organisation(**audit.fields(turn.term.organisation) | on)
    return Say(
        cards.look(turn.voice, state(replace(turn, term=replace(turn.term, organisation=ours))))
    )


def _begin(turn: Turn, number: int) -> Reply:
    team = teams.team(turn.session, number)
    if number and team is None:
        raise Forgotten(str(number))
    already = _runs(turn, team)
    if not already:
        _switch(turn, "on" if team is None else "pilot", team)
        turn = replace(turn, term=term(turn.session, turn.now))
    return Say(cards.started(turn.voice, state(turn), already=already))


def _runs(turn: Turn, team: Team | None) -> bool:
    """Whether it is on already, for everybody or for this team."""
    ours = turn.term.organisation
    return (ours.running, ours.pilot_team_id) == ("pilot" if team else "on", team and team.id)


def _pause(turn: Turn) -> Reply:
    _switch(turn, "paused", None)
    return turn.say("setup.paused_title", "setup.paused")


def _switch(turn: Turn, running: Running, team: Team | None) -> None:
    ours = organisation.organisation(turn.session)
    if ours is None or ours.running == running == "paused":
        return
    before = audit.fields(ours)
    ours.running, ours.changed_at = running, turn.now
    ours.pilot_team_id = team.id if team is not None else None
    turn.session.add(ours)
    after = audit.fields(ours)
    audit.note(turn.session, turn.now, "organisation", 1, by=turn.me, before=before, after=after)
    turn.session.flush()
    turn.session.info["replan"] = True


def _cycle(turn: Turn, typed: str) -> Reply:
    voice, today = turn.voice, turn.term.today
    running = turn.term.cycle
    if running is not None:
        return turn.say(
            "setup.cycle_wrong_title", "setup.cycle_is_running", name=spoken_of(voice, running)
        )
    if not typed:
        return Say(cards.cycle_wrong(voice, today, "cycle_ask"))
    day = figures.parse_day(typed, voice.locale, today)
    if day is None:
        return Say(cards.cycle_wrong(voice, today, "cycle_unread", typed=brief(typed, 60)))
    wrong = _wrong(turn, day)
    if wrong:
        near = day if wrong == "cycle_not_monday" else today
        return Say(cards.cycle_wrong(voice, near, wrong, day=voice.day(day)))
    cycle = open_cycle(turn.session, day, turn.now, turn.me)
    turn.session.info["replan"] = True
    return Say(cards.cycle_opened(voice, cycle, turn.term.calendar))


def _wrong(turn: Turn, day: date) -> str:
    """Why a cycle cannot begin on a day, or ""."""
    today = turn.term.today
    if day.weekday() != 0:
        return "cycle_not_monday"
    if day + timedelta(weeks=turn.term.calendar.weeks) <= today:
        return "cycle_over"
    if day > today + FARTHEST:
        return "cycle_far"
    return "cycle_twice" if cycles.starting(turn.session, day) else ""


flow = Setup()
