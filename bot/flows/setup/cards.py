"""Setup as cards: the state, and what each change means."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot import cadence, figures
from bot.cadence import Calendar
from bot.chat.cards import Block, Bullets, Button, Card, Fact, Facts, Spans, Words
from bot.chat.forms import Choice, Form, Option, Page
from bot.flow import action, opens
from bot.flows.setup.state import Coming, State
from bot.term import spoken_of
from bot.texts import Voice
from storage.cycles import Cycle
from storage.teams import Team

NAMES_SHOWN = 5
COMING_SHOWN = 4
KINDS = ("ask", "reminder", "summary", "digest")


def state(voice: Voice, state: State) -> Card:
    """Everything at a glance, and what can be done about it."""
    organisation, term = state.term.organisation, state.term
    facts = [
        _fact(voice, "state", voice.spans(f"setup.state_{organisation.running}", team=state.pilot)),
        _fact(voice, "people", _people(voice, state)),
        _fact(voice, "channels", _channels(voice, state.without_channel)),
        _fact(voice, "cycle", _cycle(voice, state)),
        _fact(voice, "calendar", calendar_line(voice, term.calendar)),
    ]
    if organisation.running in ("on", "pilot"):
        facts.append(_fact(voice, "next", _next(voice, state.coming)))
    return Card(voice.line("setup.title"), (Facts(tuple(facts)),), _buttons(voice, state))


def _buttons(voice: Voice, state: State) -> tuple[Button, ...]:
    running, buttons = state.term.organisation.running, []
    if running != "on":
        buttons.append(Button(voice.line("setup.go"), action("setup", "go"), "primary"))
        buttons.append(_pilot(voice))
    if running in ("on", "pilot"):
        buttons.append(Button(voice.line("setup.pause"), action("setup", "pause"), "danger"))
    buttons.append(opens(voice.line("setup.edit_calendar"), action("setup", "calendar")))
    buttons.append(opens(voice.line("setup.edit_rules"), action("setup", "rules")))
    if state.term.cycle is None:
        buttons += mondays(voice, state.term.today)
    return tuple(buttons)


def _pilot(voice: Voice) -> Button:
    return opens(voice.line("setup.pilot"), action("setup", "pilot"))


def _fact(voice: Voice, name: str, value: Spans) -> Fact:
    return Fact(voice.line(f"setup.{name}"), value)


def _people(voice: Voice, state: State) -> Spans:
    lost = state.lost
    return voice.spans(
        "setup.people_count",
        count=state.people,
        lost=len(lost),
        names=", ".join(person.name for person in lost[:NAMES_SHOWN]),
        more=max(len(lost) - NAMES_SHOWN, 0),
    )


def _channels(voice: Voice, without: Sequence[Team]) -> Spans:
    if not without:
        return voice.spans("setup.channels_all")
    return voice.spans("setup.channels_none", names=", ".join(team.name for team in without))


def _cycle(voice: Voice, state: State) -> Spans:
    cycle, week = state.term.cycle, state.term.week
    if cycle is None:
        return voice.spans("setup.cycle_none")
    return voice.spans(
        "setup.cycle_ahead" if week is None else "setup.cycle_running",
        name=spoken_of(voice, cycle),
        first=voice.day(cycle.starts),
        week=week,
        weeks=state.term.calendar.weeks,
    )


def calendar_line(voice: Voice, calendar: Calendar) -> Spans:
    """The week's rhythm in one line."""

    def at(weekday: int, clock: str) -> str:
        name = figures.format_weekday(weekday, voice.locale)
        return voice.line("setup.weekday_time", weekday=name, time=clock)

    return voice.spans(
        "setup.calendar_line",
        checkin=at(calendar.checkin_weekday, calendar.checkin_time),
        reminder=at(calendar.reminder_weekday, calendar.reminder_time),
        summary=at(calendar.summary_weekday, calendar.summary_time),
        digest=at(calendar.digest_weekday, calendar.digest_time),
        review=calendar.review_week,
    )


def _next(voice: Voice, coming: Sequence[Coming]) -> Spans:
    if not coming:
        return voice.spans("setup.next_nothing")
    lines = [_coming(voice, each) for each in coming[:COMING_SHOWN]]
    return (Words("\n".join(lines)),)


def _coming(voice: Voice, coming: Coming) -> str:
    kind = coming.kind if coming.kind in KINDS else "other"
    what = voice.line(f"setup.{kind}", count=coming.number)
    return voice.line("setup.next_line", at=coming.at, several=coming.several, what=what)


def look(voice: Voice, state: State) -> Card:
    """Whom it would reach, with what and when, and the button that starts it."""
    team = state.term.organisation.pilot_team_id
    begin = Button(voice.line("setup.begin"), action("setup", "begin", team or 0), "primary")
    means = voice.blocks(
        "setup.go_means", team=state.pilot, count=state.reached, any=bool(state.coming)
    )
    return Card(
        voice.line("setup.go_title", team=state.pilot),
        (*means, *_first(voice, state)),
        (begin,) if team else (begin, _pilot(voice)),
    )


def started(voice: Voice, state: State, *, already: bool = False) -> Card:
    """What happens next, and when."""
    title = "setup.already_title" if already else "setup.started_title"
    blocks: tuple[Block, ...]
    buttons: tuple[Button, ...] = ()
    if state.term.cycle is None:
        blocks = voice.blocks("setup.started_no_cycle", team=state.pilot)
        buttons = mondays(voice, state.term.today)
    elif not state.coming:
        blocks = voice.blocks("setup.started_nothing", team=state.pilot)
    else:
        blocks = (*voice.blocks("setup.started", team=state.pilot), *_first(voice, state))
    return Card(voice.line(title, team=state.pilot), blocks, buttons)


def _first(voice: Voice, state: State) -> tuple[Block, ...]:
    lines = [_coming(voice, each) for each in state.coming[:COMING_SHOWN]]
    return (Bullets(tuple((Words(line),) for line in lines)),) if lines else ()


def pilot_form(voice: Voice, teams: Iterable[Team]) -> Form:
    """Which team begins."""
    question = Choice(
        id="team",
        label=voice.line("setup.pilot_team"),
        hint=voice.line("setup.pilot_hint"),
        options=tuple(Option(str(team.id), team.name) for team in teams),
        required=True,
    )
    return Form(
        voice.line("setup.pilot_title"),
        action("setup", "pilot"),
        (Page("", (question,)),),
        voice.line("setup.pilot_submit"),
        voice.locale,
    )


def mondays(voice: Voice, today: date) -> tuple[Button, ...]:
    """The Monday of this week and the next one, to begin with."""
    this = today - timedelta(days=today.weekday())
    return tuple(
        Button(
            voice.line("setup.cycle_from", day=voice.day(day)),
            action("setup", "cycle", day.isoformat()),
        )
        for day in (this, this + timedelta(days=7))
    )


def cycle_wrong(voice: Voice, today: date, text: str, **values: object) -> Card:
    """Why a cycle cannot begin then, with Mondays that can."""
    blocks = voice.blocks(f"setup.{text}", **values)
    title = voice.line(
        "setup.cycle_ask_title" if text == "cycle_ask" else "setup.cycle_wrong_title"
    )
    return Card(title, blocks, mondays(voice, today))


def cycle_opened(voice: Voice, cycle: Cycle, calendar: Calendar) -> Card:
    """From when to when it runs."""
    checkins = cadence.first_day(cycle.starts, calendar.first_execution_week)
    return Card(
        voice.line("setup.cycle_opened_title", name=spoken_of(voice, cycle)),
        voice.blocks(
            "setup.cycle_opened",
            name=spoken_of(voice, cycle),
            first=voice.day(cycle.starts),
            last=voice.day(cycle.ends),
            checkins=voice.day(checkins),
        ),
    )
