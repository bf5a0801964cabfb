"""The people of the sample company, who answer by themselves and in character.

They press the same buttons and send the same forms as everybody: what they do goes through
`Bot.hear`, so the demo's history is made by the real core.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.chat.adapter import Adapter
from bot.chat.events import Clicked, Submitted, Values
from bot.chat.forms import Choices, Form, Number, Question
from bot.chat.replies import Open
from bot.chat.who import Actor, Destination
from bot.demo.characters import Character, Course, characters
from bot.figures import format_number
from bot.flow import Term
from bot.running import Bot
from bot.term import term
from storage import checkins, kpis, letters, objectives, people
from storage.kpis import Reading

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


@dataclass(frozen=True)
class Answer:
    """Somebody will answer at a moment."""

    at: datetime
    email: str
    number: int
    week: int
    cycle_id: int


class Players:
    """Everybody but those whom a visitor plays."""

    def __init__(self, bot: Bot, adapter: Adapter) -> None:
        self.bot = bot
        self.adapter = adapter
        self.played: set[str] = set()

    async def next_at(self) -> datetime | None:
        """When the next of them answers."""
        return min((answer.at for answer in await self._coming()), default=None)

    async def act(self) -> int:
        """Let everybody answer whose moment has come; how many did."""
        now = self.bot.clock.now()
        due = sorted((a for a in await self._coming() if a.at <= now), key=lambda a: a.at)
        for answer in due:
            await self._answer(answer)
        return len(due)

    async def read_kpis(self, week: int) -> None:
        """This week's readings of the KPIs, as their owners would give them."""
        now = self.bot.clock.now()
        await self.bot.database.write(lambda session: _readings(session, week, now))

    async def _coming(self) -> list[Answer]:
        now = self.bot.clock.now()
        found = await self.bot.database.read(lambda session: _unanswered(session, now))
        return [answer for answer in found if answer.email not in self.played]

    async def _answer(self, answer: Answer) -> None:
        actor = Actor("web", "", answer.email)
        at = Destination("web", "", f"dm:{answer.email}")
        name = f"player:{answer.cycle_id}:{answer.week}:{answer.email}"
        where = f"{answer.cycle_id}:{answer.week}"
        shown = await self.bot.hear(
            self.adapter, Clicked(actor, at, f"{name}:open", f"checkin:open:{where}")
        )
        if not isinstance(shown, Open):
            return
        character = characters().people[answer.email]
        courses = await self.bot.database.read(_references)
        numbers = await self.bot.database.read(_numbers)
        values = filled(shown.form, character, answer.week, courses, numbers)
        opened = int(self.bot.clock.now().timestamp()) - SECONDS[character.habit]
        await self.bot.hear(
            self.adapter,
            Submitted(actor, at, f"{name}:send", f"checkin:answer:{where}:{opened}", values),
        )


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


def _unanswered(session: Session, now: datetime) -> list[Answer]:
    """Who was asked this week or last and has not answered, and when they will."""
    at_the_moment = term(session, now)
    if at_the_moment.week is None:
        return []
    found: list[Answer] = []
    for week in (at_the_moment.week - 1, at_the_moment.week):
        found += _of_week(session, at_the_moment, week)
    return found


def _of_week(session: Session, at_the_moment: Term, week: int) -> Iterable[Answer]:
    asked = letters.asked(session, at_the_moment.cycle_id, week)
    closed = checkins.closed(session, at_the_moment.cycle_id, [week])
    known = people.people(session, asked)
    for number, at in asked.items():
        character = characters().people.get(known[number].email)
        if character is None or (week, number) in closed:
            continue
        if week in MISSES.get(character.habit, ()):
            continue
        moment = at + DELAYS[character.habit]
        yield Answer(moment, known[number].email, number, week, at_the_moment.cycle_id)


def _references(session: Session) -> dict[str, Course]:
    """Each key result's course, by its number as text."""
    known = characters().key_results
    return {
        str(kr.id): known[kr.reference]
        for kr in objectives.all_key_results(session)
        if kr.reference in known
    }


def _readings(session: Session, week: int, now: datetime) -> None:
    for kpi in kpis.kpis(session):
        course: Sequence[float] = characters().kpis.get(kpi.slug, ())
        if week <= len(course):
            session.merge(
                Reading(
                    kpi_id=kpi.id or 0, day=now.date(), value=course[week - 1],
                    by_id=kpi.owner_id, how="chat", at=now,
                )
            )  # fmt: skip
