"""The people of the sample company, who answer by themselves and in character."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.chat.cards import Button, Card
from bot.chat.events import Values
from bot.chat.forms import Choices, Form, Number, Question
from bot.demo.characters import Character, Course, characters
from bot.figures import format_number
from bot.flow import meant
from bot.rehearsal.drafting import drafted, more
from bot.rehearsal.manners import DRAFTS
from bot.rehearsal.players import Asked
from storage import cycles, kpis, objectives, people
from storage.kpis import Reading
from storage.retros import SCORES, TEXTS

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
    """Answers the weekly check-in as somebody's character and each key result's course say."""

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
        if flow == "retro":
            return _looked(character)
        week = int(where[1])
        return filled(form, character, week, _references(session), _numbers(session))

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


def _looked(character: Character) -> Values | None:
    """What somebody says when they look back; nothing where they have nothing to say."""
    said = character.retro
    if said is None:
        return None
    scores = {name: str(score) for name, score in zip(SCORES, said.scores, strict=True)}
    return {name: getattr(said, name) for name in TEXTS} | scores


def filled(
    form: Form,
    character: Character,
    week: int,
    courses: dict[str, Course],
    numbers: dict[str, str],
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
            case "blocker" if blocker is not None:
                values["blocker"] = blocker.text
                values["helper"] = numbers.get(blocker.helper, "")
    return values


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


def _references(session: Session) -> dict[str, Course]:
    """Each key result's course, by its number as text."""
    known = characters().key_results
    return {
        str(kr.id): known[kr.reference]
        for kr in objectives.all_key_results(session)
        if kr.reference in known
    }


def readings(session: Session, week: int, now: datetime) -> None:
    """A week's readings of the KPIs, as their owners would give them."""
    for kpi in kpis.kpis(session):
        course: Sequence[float] = characters().kpis.get(kpi.slug, ())
        if week <= len(course):
            session.merge(
                Reading(
                    kpi_id=kpi.id or 0, day=now.date(), value=course[week - 1],
                    by_id=kpi.owner_id, how="chat", at=now,
                )
            )  # fmt: skip
