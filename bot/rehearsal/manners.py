"""How people answer in a rehearsal: most in time, some late, a few never; or with one tap."""

import math
from datetime import datetime, timedelta
from random import Random
from typing import assert_never

from sqlmodel import Session

from bot.chat.cards import Button, Card
from bot.chat.events import Values
from bot.chat.forms import Choice, Choices, Day, Form, LongText, Number, Person, Question, ShortText
from bot.figures import format_number, parse_number
from bot.rehearsal.asks import ADD, APPROVE
from bot.rehearsal.courses import Courses
from bot.rehearsal.drafting import drafted, more
from bot.rehearsal.players import Asked
from storage.retros import SCORES, TEXTS

SEED = "okr"
QUARTER = timedelta(minutes=15)
ON_TIME, AFTER_THE_REMINDER, AFTER_THE_SUMMARY = 0.80, 0.90, 0.95
"""Shares of the questions, added up; the rest is never answered."""
NEVER = 0.02
DRAFTS = "plan:drafts:"
OBJECTIVE = "Customers feel the difference"
KEY_RESULTS = (
    "Requests solved at the first try from 60% to 75%",
    "Decrease waiting time from 10 to 6 days",
)
DROPPED, ADJUSTED = 0.03, 0.05
WORDS = ("Slower than we hoped.", "Went as we had planned.", "Two talks, one offer.")

Value = str | tuple[str, ...]


class Silent:
    """Everybody answers at once with "No change", and says nothing."""

    def answers_at(self, asked: Asked) -> datetime | None:
        early = asked.about.startswith(APPROVE) and not asked.key.startswith(DRAFTS)
        return None if early else asked.at

    def taps(self, asked: Asked) -> bool:
        return True

    def seconds(self, asked: Asked) -> int:
        return 5

    def goes_on(self, asked: Asked, shown: Card, step: int) -> None:
        return None

    def fills(
        self, session: Session, asked: Asked, form: Form, now: datetime, step: int
    ) -> Values | None:
        if asked.about.startswith(ADD):
            return None
        chance = Random(f"{SEED}:{asked.key}")  # noqa: S311 a draw that repeats itself
        return {q.id: _judged(q, chance) or _least(q, now, chance) for q in form.questions()}


class Typical:
    """Most answer in time, values go about their pace; the same in every run."""

    def __init__(self) -> None:
        self._courses = Courses(SEED)

    def answers_at(self, asked: Asked) -> datetime | None:
        if Random(f"{SEED}:{asked.email}").random() < NEVER:  # noqa: S311 see above
            return None
        chance = _chance(asked)
        draw = chance.random()
        if asked.about.startswith(APPROVE):
            return _approves(asked, chance)
        if asked.about.startswith(ADD) and not asked.ask.begins:
            return None
        if draw < ON_TIME:
            hours = min(chance.lognormvariate(0.2, 1.2), 20.0)
        elif draw < AFTER_THE_REMINDER:
            hours = chance.uniform(24.2, 28.0)
        elif draw < AFTER_THE_SUMMARY:
            hours = chance.uniform(30.0, 52.0)
        else:
            return None
        return _quarter(asked.at + timedelta(hours=hours))

    def taps(self, asked: Asked) -> bool:
        return _chance(asked, "taps").random() < 0.1

    def seconds(self, asked: Asked) -> int:
        return _chance(asked, "seconds").randint(15, 110)

    def goes_on(self, asked: Asked, shown: Card, step: int) -> Button | None:
        """Two key results for each objective."""
        return more(shown) if step < len(KEY_RESULTS) else None

    def fills(
        self, session: Session, asked: Asked, form: Form, now: datetime, step: int
    ) -> Values | None:
        if asked.about.startswith(ADD):
            return drafted(form, OBJECTIVE, KEY_RESULTS, step)
        chance = _chance(asked, "form")
        self._courses.look(session, form, now)
        given = {q.id: self._fill(q, form.locale, now, chance) for q in form.questions()}
        return given | _decided(form, _chance(asked, "decided"))

    def _fill(self, question: Question, locale: str, now: datetime, chance: Random) -> Value:
        """By what is asked where a check-in asks it, else by the kind of question."""
        name, _, number = question.id.partition("-")
        match name, question:
            case "value", Number():
                value = self._courses.value(number, now, chance)
                if value is None:
                    return _least(question, now, chance)
                return _within(question, value, locale)
            case "reading", Number() if not question.value:
                read = self._courses.reading(number, chance)
                return question.value if read is None else _within(question, read, locale)
            case "value", Choices(options=options):
                share = self._courses.share(number, now, chance)
                return tuple(option.value for option in options[: round(share * len(options))])
            case "value", Choice(options=options):
                done = self._courses.share(number, now, chance) > 0.9
                return options[-1 if done else 0].value
            case "confidence", Choice():
                return _believed(question, chance)
            case "meant" | "solved", Choices(options=options):
                return tuple(option.value for option in options if chance.random() < 0.7)
            case ("blocker", LongText()) if not question.value and chance.random() < 0.03:
                return "Waiting for an answer from outside."
            case _, LongText() if name in TEXTS and chance.random() < 0.6:
                return chance.choice(WORDS)
            case name, Choice() if name in SCORES:
                return str(chance.choices((2, 3, 4, 5), (1, 3, 5, 2))[0])
            case ("note" | "line" | "next", ShortText()) if chance.random() < 0.4:
                return chance.choice(WORDS)[: question.longest]
            case _, LongText() if name in TEXTS and chance.random() < 0.6:
                return chance.choice(WORDS)[: question.longest]
            case _, Choice(options=options) if name in SCORES:
                return chance.choice(options[1:]).value
            case _:
                return _judged(question, chance) or _least(question, now, chance)


def _approves(asked: Asked, chance: Random) -> datetime | None:
    """Near the end, when everybody has drafted."""
    if not asked.key.startswith(DRAFTS):
        return None
    return _quarter(asked.at + timedelta(hours=chance.uniform(0.5, 5.0)))


def _chance(asked: Asked, what: str = "") -> Random:
    """The same draw in every run."""
    return Random(f"{SEED}:{asked.email}:{asked.key}:{what}")  # noqa: S311 see above


def _quarter(at: datetime) -> datetime:
    """The next quarter of an hour, so that those who answer together are heard together."""
    past = timedelta(minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
    return at - past + QUARTER * math.ceil(past / QUARTER)


def _within(question: Number, value: float, locale: str) -> str:
    """A value as it is typed, within what the question takes."""
    if question.least is not None:
        value = max(value, question.least)
    if question.most is not None:
        value = min(value, question.most)
    return format_number(float(round(value)) if question.whole else round(value, 2), locale)


def _believed(question: Choice, chance: Random) -> str:
    """About what was believed before; now and then it falls."""
    values = [option.value for option in question.options]
    place = values.index(question.value) if question.value in values else len(values) // 2
    place += chance.choices((0, 1, -1, -3), (75, 15, 7, 3))[0]
    return values[min(max(place, 0), len(values) - 1)]


def _judged(question: Question, chance: Random) -> str:
    """What a grade takes where it was missed or is unfinished: a cause, a decision, a word why."""
    name, _, _ = question.id.partition("-")
    match name, question:
        case (("cause" | "carry"), Choice(value="", options=options)):
            return chance.choice([o.value for o in options if o.value != "none"])
        case "why", ShortText(value=""):
            return WORDS[0]
        case _, Choice(value="") if name in SCORES:
            return "3"
        case _:
            return ""


def _decided(form: Form, chance: Random) -> dict[str, Value]:
    """At half time a few targets are adjusted and a few key results dropped, with a reason."""
    asked = {question.id: question for question in form.questions()}
    given: dict[str, Value] = {}
    for name in [name for name in asked if name.startswith("decision-")]:
        number, draw = name.partition("-")[2], chance.random()
        target = asked.get(f"target-{number}")
        shown = parse_number(target.value, form.locale) if isinstance(target, Number) else None
        if draw < DROPPED:
            given |= {name: "drop", f"reason-{number}": WORDS[1]}
        elif draw < DROPPED + ADJUSTED and shown:
            given |= {
                name: "adjust",
                f"reason-{number}": WORDS[2],
                f"target-{number}": format_number(round(shown * 1.02, 2), form.locale),
            }
    return given


def _least(question: Question, now: datetime, chance: Random) -> Value:
    """What stands there already; where something must stand, something that will do."""
    if question.value or not question.required:
        return question.value
    match question:
        case Number(least=least, most=most):
            return str(math.ceil(least if least is not None else min(most or 0.0, 0.0)))
        case ShortText() | LongText():
            return WORDS[0][: question.longest]
        case Choice(options=options):
            return chance.choice(options).value
        case Choices(options=options):
            return (chance.choice(options).value,)
        case Day(first=first, last=last):
            return first or last or (now + timedelta(days=7)).date().isoformat()
        case Person(people=people):
            return chance.choice(people).value if people else ""
        case _:
            assert_never(question)
