"""Defining a KPI: the form, what can be wrong with it, and keeping it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from bot.chat.forms import (
    Choice,
    Form,
    LongText,
    Number,
    Option,
    Page,
    Person,
    Problem,
    Question,
    Read,
    ShortText,
)
from bot.flow import Turn
from bot.kpis.definition import LONGEST_SLUG, MOST_DAYS, MOST_FOLLOWED, Definition, columns_of
from bot.method.health import STALE_AFTER_DAYS
from bot.texts import Voice
from storage import audit
from storage.kpis import Kpi
from storage.teams import Team

LONGEST_NAME = 60
LONGEST_UNIT = 20
DIRECTIONS = ("higher", "lower", "within")
CADENCES = ("daily", "weekly", "monthly")
SOURCES = ("chat", "csv", "api")


@dataclass(frozen=True, kw_only=True)
class Values(Definition):
    """A KPI's fields, by the names of its columns."""

    direction: str = "higher"
    owner_id: int | None = None
    team_id: int | None = None

    @classmethod
    def of(cls, row: Kpi) -> "Values":
        """Those of a stored one."""
        return cls(**columns_of(row), owner_id=row.owner_id, team_id=row.team_id)


def form(voice: Voice, title: str, meaning: str, now: Values, teams: Sequence[Team]) -> Form:
    """What it is, what is healthy, how it is read; pre-filled."""
    return Form(
        title,
        meaning,
        (
            Page(voice.line("kpi.page_what"), _what(voice, now, teams)),
            Page(voice.line("kpi.page_range"), _range(voice, now)),
            Page(voice.line("kpi.page_reading"), _reading(voice, now)),
        ),
        voice.line("kpi.save"),
        voice.locale,
    )


def _what(voice: Voice, now: Values, teams: Sequence[Team]) -> tuple[Question, ...]:
    return (
        _short(voice, "name", now.name, LONGEST_NAME, required=True),
        _short(voice, "question", now.question),
        LongText(
            id="definition",
            label=voice.line("kpi.definition"),
            hint=voice.line("kpi.definition_hint"),
            value=now.definition,
        ),
        _short(voice, "serves", now.serves),
        Choice(
            id="team",
            label=voice.line("kpi.team"),
            options=tuple(Option(str(team.id), team.name) for team in teams),
            value=str(now.team_id or ""),
            required=True,
        ),
        Person(
            id="owner",
            label=voice.line("kpi.owner"),
            hint=voice.line("kpi.owner_hint"),
            value=str(now.owner_id or ""),
            required=True,
        ),
    )


def _range(voice: Voice, now: Values) -> tuple[Question, ...]:
    return (
        _short(voice, "unit", now.unit, LONGEST_UNIT),
        _choice(voice, "direction", DIRECTIONS, now.direction),
        _number(voice, "low", now.low),
        _number(voice, "high", now.high),
        _number(voice, "warn_low", now.warn_low),
        _number(voice, "warn_high", now.warn_high),
        Number(
            id="follows",
            label=voice.line("kpi.follows"),
            hint=voice.line("kpi.follows_hint"),
            value=str(now.follows or ""),
            least=2,
            most=MOST_FOLLOWED,
            whole=True,
        ),
    )


def _reading(voice: Voice, now: Values) -> tuple[Question, ...]:
    return (
        _choice(voice, "cadence", CADENCES, now.cadence),
        _choice(voice, "source", SOURCES, now.source),
        Number(
            id="stale",
            label=voice.line("kpi.stale"),
            hint=voice.line("kpi.stale_hint", **STALE_AFTER_DAYS),
            value=str(now.stale_after_days or ""),
            least=1,
            most=MOST_DAYS,
            whole=True,
        ),
    )


def _short(
    voice: Voice, name: str, value: str, longest: int = 200, *, required: bool = False
) -> ShortText:
    return ShortText(
        id=name,
        label=voice.line(f"kpi.{name}"),
        hint=voice.line(f"kpi.{name}_hint"),
        value=value,
        longest=longest,
        required=required,
    )


def _number(voice: Voice, name: str, value: float | None) -> Number:
    return Number(
        id=name,
        label=voice.line(f"kpi.{name}"),
        hint=voice.line(f"kpi.{name}_hint"),
        value="" if value is None else voice.number(value),
    )


def _choice(voice: Voice, name: str, words: Sequence[str], value: str) -> Choice:
    return Choice(
        id=name,
        label=voice.line(f"kpi.{name}"),
        options=tuple(Option(word, voice.line(f"kpi.{name}_{word}")) for word in words),
        value=value,
        required=True,
    )


def read(voice: Voice, given: Read, others: Sequence[Kpi]) -> tuple[Values, list[Problem]]:
    """A KPI's fields, and what is wrong with them."""
    follows, stale = given.number("follows"), given.number("stale")
    values = Values(
        name=" ".join(given.text("name").split()),
        question=given.text("question"),
        definition=given.text("definition"),
        serves=given.text("serves"),
        unit=given.text("unit") or _percent(given),
        direction=given.text("direction") or "higher",
        low=given.number("low"),
        high=given.number("high"),
        warn_low=given.number("warn_low"),
        warn_high=given.number("warn_high"),
        follows=None if follows is None else int(follows),
        cadence=given.text("cadence") or "weekly",
        source=given.text("source") or "chat",
        stale_after_days=None if stale is None else int(stale),
        owner_id=int(given.text("owner") or 0) or None,
        team_id=int(given.text("team") or 0) or None,
    )
    faulty = {fault.question for fault in given.faults}
    found = [*_misnamed(voice, values, others), *_misranged(voice, values)]
    return values, [problem for problem in found if problem.question not in faulty]


def _percent(given: Read) -> str:
    """The unit that was typed with a number."""
    typed = [given.typed.get(name, "") for name in ("low", "high")]
    return (
        "%" if any(isinstance(text, str) and text.rstrip().endswith("%") for text in typed) else ""
    )


def _misnamed(voice: Voice, values: Values, others: Sequence[Kpi]) -> Iterator[Problem]:
    if values.name and not slug_of(values.name):
        yield Problem("name", voice.line("kpi.name_unusable"))
    same = next((k for k in others if k.name.casefold() == values.name.casefold()), None)
    if same is not None:
        yield Problem("name", voice.line("kpi.name_taken", name=same.name))


def _misranged(voice: Voice, values: Values) -> Iterator[Problem]:
    """The range in its order, the warnings inside it, and a direction that fits its open side."""
    low, high = values.low, values.high
    if low is not None and high is not None and low > high:
        yield Problem("high", voice.line("kpi.range_reversed"))
    elif low is None and high is None:
        yield from _mispast(voice, values)
    else:
        if values.follows:
            yield Problem("follows", voice.line("kpi.follows_and_range"))
        yield from _misdirected(voice, values)
        yield from _miswarned(voice, values)


def _mispast(voice: Voice, values: Values) -> Iterator[Problem]:
    if values.follows and values.direction == "within":
        yield Problem("direction", voice.line("kpi.follows_way"))
    for name in ("warn_low", "warn_high"):
        if getattr(values, name) is not None:
            yield Problem(name, voice.line("kpi.warning_without"))


def _misdirected(voice: Voice, values: Values) -> Iterator[Problem]:
    match values.direction:
        case "higher" if values.low is None:
            yield Problem("low", voice.line("kpi.higher_needs_low"))
        case "lower" if values.high is None:
            yield Problem("high", voice.line("kpi.lower_needs_high"))
        case "within" if values.low is None or values.high is None:
            name = "low" if values.low is None else "high"
            yield Problem(name, voice.line("kpi.within_needs_both"))


def _miswarned(voice: Voice, values: Values) -> Iterator[Problem]:
    low, high = values.low, values.high
    for name in ("warn_low", "warn_high"):
        value = getattr(values, name)
        if value is None:
            continue
        if (low is not None and value < low) or (high is not None and value > high):
            shown = ["" if end is None else voice.number(end, values.unit) for end in (low, high)]
            text = voice.line("kpi.warning_outside", low=shown[0], high=shown[1])
            yield Problem(name, text)
    first, last = values.warn_low, values.warn_high
    if first is not None and last is not None and first > last:
        yield Problem("warn_high", voice.line("kpi.warning_reversed"))


def slug_of(name: str) -> str:
    """A name as people type it: "Time to first answer" is "time-to-first-answer"."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")[:LONGEST_SLUG].strip("-")


def keep(turn: Turn, values: Values, row: Kpi | None, others: Sequence[Kpi]) -> Kpi:
    """Make a KPI, or change one; what it was before is in the audit."""
    before = None if row is None else audit.fields(row)
    if row is None:
        taken = {kpi.slug for kpi in others}
        slug = base = slug_of(values.name)
        n = 2
        while slug in taken:
            slug, n = f"{base}-{n}", n + 1
        row = Kpi(slug=slug, name=values.name)
    for field in fields(values):
        setattr(row, field.name, getattr(values, field.name))
    store(turn, row, before)
    return row


def store(turn: Turn, row: Kpi, before: dict[str, object] | None) -> None:
    """Keep a change, and plan anew: who is asked for readings may be another."""
    turn.session.add(row)
    turn.session.flush()
    after = audit.fields(row)
    audit.note(turn.session, turn.now, "kpi", row.id, by=turn.me, before=before, after=after)
    turn.session.info["replan"] = True
