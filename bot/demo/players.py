"""The people of the sample company, who answer by themselves and in character."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.chat.cards import Button, Card
from bot.chat.events import Values
from bot.chat.forms import Choices, Form, Number, Question
from bot.demo.characters import Character, Close, Course, Review, characters
from bot.figures import format_number
from bot.flow import meant
from bot.rehearsal.drafting import drafted, more
from bot.rehearsal.manners import DRAFTS, Typical
from bot.rehearsal.players import Asked
from bot.term import term
from storage import cycles, kpis, objectives, people
from storage.retros import SCORES

DELAYS = {
    "prompt": timedelta(minutes=12),
    "terse": timedelta(minutes=25),
    "thorough": timedelta(hours=2),
    "forgetful": timedelta(hours=25),
    "late": timedelta(hours=31),
}
"""How long after the question each habit answers; "late" is after the team's summary."""
MISSES = {"forgetful": (4, 9)}
SECONDS = {"prompt": 41, "terse": 18, "thorough": 74, "forgetful": 52, "late": 47}


class InCharacter:
    """Answers as somebody's character and each key result's course say.

    A course is of the first quarter; what comes later goes about its pace.
    """

    def __init__(self) -> None:
        self._later = Typical()

    def answers_at(self, asked: Asked) -> datetime | None:
        character = characters().people.get(asked.email)
        if character is None:
            return None
        delay = DELAYS[character.habit]
        match meant(asked.about):
            case "checkin", _, where if int(where[1]) in MISSES.get(character.habit, ()):
                return None
            case "plan", "approve", _:
                return asked.at + delay if asked.key.startswith(DRAFTS) else None
            case _:
                return asked.at + delay

    def taps(self, asked: Asked) -> bool:
        return False

    def fills(
        self, session: Session, asked: Asked, form: Form, now: datetime, step: int
    ) -> Values | None:
        character = characters().people[asked.email]
        flow, _, where = meant(asked.about)
        if flow == "add":
            return _planned(session, character, form, step)
        week = int(where[1]) if flow == "checkin" else term(session, now).week or 1
        courses, numbers = _references(session, now), _numbers(session)
        own = filled(form, character, week, courses, numbers, _read(session, week))
        later = self._later.fills(session, asked, form, now, step) or {}
        if flow == "checkin" and courses:
            later = {q.id: q.value for q in form.questions()}
        return {**later, **own}

    def goes_on(self, asked: Asked, shown: Card, step: int) -> Button | None:
        return more(shown)

    def seconds(self, asked: Asked) -> int:
        return SECONDS[characters().people[asked.email].habit]


def _planned(session: Session, character: Character, form: Form, step: int) -> Values | None:
    """What a lead proposes, from the second quarter on: the first one's plans are there already."""
    newest = cycles.latest(session)
    if not character.plans or newest is None or cycles.before(session, newest.starts) is None:
        return None
    plan = character.plans[0]
    return drafted(form, plan.objective, plan.key_results, step)


def filled(
    form: Form,
    character: Character,
    week: int,
    courses: dict[str, Course],
    numbers: dict[str, str],
    reads: dict[str, list[float]],
) -> Values:
    """What somebody of this character puts into a form."""
    values: dict[str, str | tuple[str, ...]] = {}
    blocker = character.blockers.get(week)
    meant = character.commitments.get(week, [])
    for question in form.questions():
        kind, _, number = question.id.partition("-")
        course = courses.get(number)
        match kind:
            case "value" if course is not None:
                values[question.id] = _value(question, course, week, form.locale)
            case "reading" if number in reads and isinstance(question, Number):
                values[question.id] = format_number(reads[number][week - 1], form.locale)
            case "confidence" if course is not None:
                values[question.id] = str(course.confidence[week - 1])
            case "note" if course is not None:
                values[question.id] = course.notes.get(week, "")
            case "line":
                values[question.id] = character.lines.get(week, "")
            case "meant" if isinstance(question, Choices):
                values[question.id] = _done(question, character, week)
            case "next":
                values[question.id] = meant[int(number)] if int(number) < len(meant) else ""
            case "decision" | "obstacle" | "reason" | "target" if course and course.review:
                values[question.id] = _reviewed(kind, course.review, form.locale)
            case "cause" | "carry" | "why" if course and course.close:
                values[question.id] = _closed(kind, course.close)
            case "achieved" | "missed" | "learned" | "change" if character.retro:
                values[question.id] = getattr(character.retro, kind)
            case name if name in SCORES and character.retro:
                values[question.id] = str(character.retro.scores[SCORES.index(name)])
            case "blocker" if blocker is not None:
                values["blocker"] = blocker.text
                values["helper"] = numbers.get(blocker.helper, "")
    return values


def _reviewed(asked: str, review: Review, locale: str) -> str:
    if asked == "target":
        return "" if review.target is None else format_number(review.target, locale)
    return {"decision": review.decision, "reason": review.reason, "obstacle": review.obstacle}[
        asked
    ]


def _closed(asked: str, close: Close) -> str:
    return {"cause": close.cause, "carry": close.then, "why": close.why or "Enough is enough."}[
        asked
    ]


def _value(question: Question, course: Course, week: int, locale: str) -> str | tuple[str, ...]:
    if isinstance(question, Choices):
        finished = {title for w, titles in course.done.items() if w <= week for title in titles}
        return tuple(o.value for o in question.options if o.label in finished)
    value = course.values[week - 1]
    if isinstance(question, Number):
        return "" if value is None else format_number(value, locale)
    return "1" if value else "0"


def _done(question: Choices, character: Character, week: int) -> tuple[str, ...]:
    """Most of what was meant gets done; the forgetful leave the last thing."""
    options = question.options[:-1] if character.habit == "forgetful" else question.options
    if character.habit == "late" and week % 3 == 0:
        options = options[:-1]
    return tuple(option.value for option in options)


def _numbers(session: Session) -> dict[str, str]:
    return {person.email: str(person.id) for person in people.everyone(session)}


def _references(session: Session, now: datetime) -> dict[str, Course]:
    """Each key result's course, by its number as text; none after the first quarter."""
    cycle = term(session, now).cycle
    if cycle is not None and cycles.before(session, cycle.starts) is not None:
        return {}
    known = characters().key_results
    return {
        str(kr.id): known[kr.reference]
        for kr in objectives.all_key_results(session)
        if kr.reference in known
    }


def _read(session: Session, week: int) -> dict[str, list[float]]:
    """Each KPI's course, by its number as text, where it goes as far as this week."""
    known = characters().kpis
    return {
        str(kpi.id): known[kpi.slug]
        for kpi in kpis.kpis(session)
        if week <= len(known.get(kpi.slug, ()))
    }
