"""What a planning session decides on a suggestion: make it an objective, change it, put it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import saying
from bot.chat.cards import Card, Text
from bot.chat.forms import Day, Form, LongText, Number, Page, Person, Problem, Read, ShortText
from bot.chat.replies import Reply, Say
from bot.flow import Turn, action
from bot.flows.kpi import rights
from bot.goals import asking, store
from bot.goals.values import LONGEST_TITLE, KeyResultValues, ObjectiveValues
from bot.kpis import suggestions, watch
from bot.kpis.suggestions import Suggestion
from bot.texts import Voice
from storage import audit, inbound, kpis
from storage.objectives import Objective

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Wish:
    """The objective that a suggestion becomes, and its one key result."""

    title: str
    key_result: str
    target: float
    due: date
    owner_id: int | None


def found(turn: Turn, number: int) -> Suggestion | None:
    """The suggestion of an episode, decided or not."""
    episode = kpis.episode(turn.session, number)
    kpi = kpis.kpi(turn.session, episode.kpi_id) if episode is not None else None
    if kpi is None or not kpi.active:
        return None
    suggestion = suggestions.of(watch.look(turn.session, turn.term, [kpi])[0])
    same = suggestion is not None and suggestion.episode.id == number
    return suggestion if same else None


def wish(turn: Turn, suggestion: Suggestion) -> Wish:
    """What it becomes unless somebody changes it: the KPI back in its range by the last Friday."""
    kpi, voice = suggestion.look.kpi, _voice(turn, suggestion)
    key_result = voice.line(
        "kpi.key_result",
        name=kpi.name,
        worst=voice.number(suggestion.worst, kpi.unit),
        bound=voice.number(suggestion.bound, kpi.unit),
    )
    return Wish(
        voice.line("kpi.objective", name=kpi.name)[:LONGEST_TITLE],
        key_result[:LONGEST_TITLE],
        suggestion.bound,
        asking.last_friday(turn),
        kpi.owner_id or turn.me,
    )


def _voice(turn: Turn, suggestion: Suggestion) -> Voice:
    """In the team's language: everybody there reads it."""
    team = rights.lines(turn).teams.get(suggestion.team_id)
    return turn.term.voice_to(team) if team is not None else turn.voice


def refused(turn: Turn, suggestion: Suggestion | None, *, plans: bool = True) -> Say | None:
    """Why nothing can be decided on it; None where it can."""
    if suggestion is None:
        return turn.say("kpi.gone_title", "kpi.gone")
    kpi = suggestion.look.kpi
    if not rights.changes(turn, kpi):
        names = rights.names(turn, kpi, giving=False)
        return rights.said(turn, "kpi.refused_title", "kpi.refused", names=names)
    if not suggestions.is_held(turn.term, suggestion.look):
        put_off = suggestion.episode.proposal == "put_off"
        lasting = suggestion.look.lasting
        made = lasting.objective if lasting is not None else None
        if not put_off:
            title = made.title if made is not None else ""
            return rights.said(turn, "kpi.decided_title", "kpi.decided", objective=title)
    if plans and not turn.term.plans:
        return rights.said(turn, "kpi.not_now_title", "kpi.not_now", name=kpi.name)
    return None


def accept(turn: Turn, args: Sequence[str]) -> Reply:
    """As it is suggested."""
    suggestion = found(turn, int(args[0]))
    no = refused(turn, suggestion)
    if no is not None or suggestion is None:
        return no or turn.say("kpi.gone_title", "kpi.gone")
    return make(turn, suggestion, wish(turn, suggestion), "accepted")


def form(turn: Turn, verb: str, args: Sequence[str]) -> Form | None:
    """To change it first, or to put it off; None where somebody may not."""
    suggestion = found(turn, int(args[0]))
    if suggestion is None or refused(turn, suggestion, plans=verb == "change") is not None:
        return None
    if verb == "later":
        return later_form(turn.voice, suggestion, turn.today)
    return change_form(turn, suggestion)


def save(turn: Turn, verb: str, args: Sequence[str], form: Form, read: Read) -> Reply:
    """What a form decides, or what is wrong with it."""
    suggestion = found(turn, int(args[0]))
    no = refused(turn, suggestion, plans=verb == "change")
    if no is not None or suggestion is None:
        kept = tuple(saying.kept(turn.voice, form, read))
        said = no or turn.say("kpi.gone_title", "kpi.gone")
        return Say(Card(said.card.title, (*said.card.blocks, *kept)))
    if verb == "later":
        return turn.fix(form, read) or put_off(turn, suggestion, read)
    wanted, problems = changed(turn.voice, suggestion, read)
    wrong = turn.fix(form, read, *problems)
    if wrong is not None or wanted is None:
        return wrong or turn.say("kpi.gone_title", "kpi.gone")
    return make(turn, suggestion, wanted, "changed")


def make(turn: Turn, suggestion: Suggestion, wanted: Wish, proposal: str) -> Reply:
    """A draft of this quarter, once, whose key result follows the KPI."""
    episode, kpi = suggestion.episode, suggestion.look.kpi
    once = f"kpi:{episode.id}:{turn.term.cycle_id}:{episode.objective_id or 0}"
    if not inbound.first_time(turn.session, "once", once, turn.now):
        return turn.say("kpi.twice_title", "kpi.twice")
    row = store.objective(
        turn,
        ObjectiveValues(wanted.title, suggestion.team_id, wanted.owner_id, "committed"),
        None,
        "draft",
    )
    falls = suggestion.worst > wanted.target
    kr = store.key_result(
        turn,
        KeyResultValues(
            due=wanted.due,
            objective_id=row.id or 0,
            title=wanted.key_result,
            kind="decrease" if falls else "increase",
            baseline=suggestion.worst,
            target=wanted.target,
            unit=kpi.unit,
            owner_id=wanted.owner_id,
        ),
        None,
    )
    row.kpi_id, kr.kpi_id = kpi.id, kpi.id
    turn.session.add_all((row, kr))
    _decide(turn, suggestion, proposal, objective=row)
    accepted = turn.voice.blocks(
        "kpi.accepted", objective=row.title, key_result=kr.title, name=kpi.name
    )
    return Say(Card(turn.voice.line("kpi.accepted_title"), accepted))


def _decide(
    turn: Turn,
    suggestion: Suggestion,
    proposal: str,
    *,
    objective: Objective | None = None,
    reason: str = "",
    until: date | None = None,
) -> None:
    episode = suggestion.episode
    before = audit.fields(episode)
    episode.proposal, episode.reason, episode.until = proposal, reason, until
    episode.decided_by_id, episode.changed_at = turn.me, turn.now
    if objective is not None:
        episode.objective_id = objective.id
    turn.session.add(episode)
    turn.session.flush()
    after = audit.fields(episode)
    audit.note(
        turn.session, turn.now, "kpi_episode", episode.id, by=turn.me, before=before, after=after
    )
    store.planned(turn, {suggestion.team_id})


def change_form(turn: Turn, suggestion: Suggestion) -> Form:
    """The same, to be changed first."""
    voice, now = turn.voice, wish(turn, suggestion)
    return changing(voice, suggestion, now, turn.term.cycle.ends if turn.term.cycle else now.due)


def changing(voice: Voice, suggestion: Suggestion, now: Wish, ends: date) -> Form:
    """Title, owner, key result, target and day, as it would be made."""
    unit = suggestion.look.kpi.unit
    worst, bound = (voice.number(v, unit) for v in (suggestion.worst, suggestion.bound))
    questions = (
        ShortText(
            id="title", label=voice.line("kpi.change_objective"),
            hint=voice.line("kpi.change_objective_hint"), value=now.title, required=True,
            longest=LONGEST_TITLE,
        ),
        Person(
            id="owner", label=voice.line("kpi.owner"), value=str(now.owner_id or ""), required=True
        ),
        ShortText(
            id="key-result", label=voice.line("kpi.change_key_result"), value=now.key_result,
            required=True, longest=LONGEST_TITLE,
        ),
        Number(
            id="target", label=voice.line("kpi.change_target"),
            hint=voice.line("kpi.change_target_hint", worst=worst, bound=bound),
            value=voice.number(now.target), required=True,
        ),
        Day(
            id="due", label=voice.line("kpi.change_due"), value=now.due.isoformat(),
            last=ends.isoformat(), required=True,
        ),
    )  # fmt: skip
    intro = (Text(watch.line(voice, suggestion.look), "quiet"),)
    return Form(
        voice.line("kpi.change_title"),
        action("kpi", "change", suggestion.episode.id),
        (Page("", questions, intro),),
        voice.line("kpi.change_save"),
        voice.locale,
    )


def changed(voice: Voice, suggestion: Suggestion, read: Read) -> tuple[Wish | None, list[Problem]]:
    """What a form wishes, and what is wrong with it."""
    target, due = read.number("target"), read.day("due")
    if target is None or due is None:
        return None, []
    better = (target - suggestion.worst) * (suggestion.bound - suggestion.worst) > 0
    if not better:
        unit = suggestion.look.kpi.unit
        worst, bound = (voice.number(v, unit) for v in (suggestion.worst, suggestion.bound))
        text = voice.line("kpi.target_wrong_way", worst=worst, bound=bound)
        return None, [Problem("target", text)]
    owner = int(read.text("owner") or 0) or None
    return Wish(read.text("title"), read.text("key-result"), target, due, owner), []


def later_form(voice: Voice, suggestion: Suggestion, today: date) -> Form:
    """Why not now, and when to ask again."""
    questions = (
        LongText(
            id="reason", label=voice.line("kpi.put_off_reason"),
            hint=voice.line("kpi.put_off_reason_hint"), required=True, longest=500,
        ),
        Day(
            id="until", label=voice.line("kpi.put_off_day"), required=True,
            first=(today + timedelta(days=1)).isoformat(), last=(today + YEAR).isoformat(),
        ),
    )  # fmt: skip
    intro = (Text(watch.line(voice, suggestion.look), "quiet"),)
    return Form(
        voice.line("kpi.put_off_title"),
        action("kpi", "later", suggestion.episode.id),
        (Page("", questions, intro),),
        voice.line("kpi.put_off"),
        voice.locale,
    )


def put_off(turn: Turn, suggestion: Suggestion, read: Read) -> Reply:
    """Held again from its day on."""
    until = read.day("until") or turn.today
    _decide(turn, suggestion, "put_off", reason=read.text("reason"), until=until)
    return rights.said(
        turn,
        "kpi.put_off_done_title",
        "kpi.put_off_done",
        name=suggestion.look.kpi.name,
        until=turn.voice.day(until),
    )
