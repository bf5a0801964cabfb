"""From a company's own systems: figures by token, stored by the same code as what people say."""

import hashlib
from datetime import date, datetime
from math import isfinite
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace
from sqlmodel import Session

from bot import cadence, moments, picture, ripples, saying
from bot.chat.events import Reported
from bot.chat.reading import clean
from bot.chat.replies import Refused, Taken, Why
from bot.flow import Term
from bot.kpis import readings
from bot.outside import tokens
from bot.outside.tokens import Scope
from bot.picture import Standing
from bot.saying import LONGEST_NOTE, Given
from bot.term import NotSetUp, term
from bot.texts import Voice
from storage import inbound, kpis, objectives, people
from storage.objectives import KeyResult, Objective
from storage.tokens import Token

HIGHEST = 1e15
LONGEST_NAME = 100


class Turned(Exception):
    """A report that is not taken, with what is said to its sender."""

    def __init__(self, why: Why, words: str, field: str = "") -> None:
        super().__init__(words)
        self.refused = Refused(why, words, field)


class Kept(msgspec.Struct, frozen=True):
    """What is remembered of a report with a key: enough to know it again, no word of it."""

    print: str
    taken: Taken


def take(session: Session, report: Reported, now: datetime) -> Taken | Refused:
    """Store a figure, once for each of the sender's keys; or say why it cannot be."""
    try:
        return _taken(session, report, now)
    except Turned as no:
        return no.refused


def known(session: Session, digest: str, scope: Scope) -> Token:
    """The token with this hash, if it may do this. Raises Turned."""
    token = tokens.of(session, digest)
    if token is None:
        raise _no(Voice(), "no_token", "no_token")
    if scope not in token.scopes.split():
        raise _no(Voice(), "no_scope", "no_scope", name=token.name, scope=scope)
    return token


def _taken(session: Session, report: Reported, now: datetime) -> Taken:
    token = known(session, report.actor.id, "readings" if report.of == "kpi" else "values")
    source, seen = f"api/{token.id}", _print(report)
    before = inbound.reply_to(session, source, report.id) if report.id else None
    if before is not None:
        return _again(before, seen)
    try:
        taken = _stored(session, term(session, now), report, token, now)
    except NotSetUp:
        raise _no(Voice(), "closed", "not_set_up") from None
    tokens.used(session, token, now)
    if report.id:
        kept = msgspec.json.encode(Kept(seen, taken)).decode()
        inbound.note(session, source, report.id, now, kept)
    return taken


def _again(before: str, seen: str) -> Taken:
    kept = msgspec.json.decode(before, type=Kept)
    if kept.print != seen:
        raise _no(Voice(), "other_body", "other_body", "Idempotency-Key")
    return replace(kept.taken, again=True)


def _print(report: Reported) -> str:
    return hashlib.sha256(msgspec.json.encode(replace(report, id=""))).hexdigest()


def _stored(
    session: Session, at_the_moment: Term, report: Reported, token: Token, now: datetime
) -> Taken:
    voice = Voice()
    if not isfinite(report.value) or abs(report.value) > HIGHEST:
        raise _no(voice, "invalid", "too_large", "value", most=HIGHEST)
    if report.day is not None and report.at is not None:
        raise _no(voice, "invalid", "day_or_at", "at")
    day = report.day or _day(report.at, at_the_moment)
    if day > at_the_moment.today:
        raise _no(
            voice,
            "closed",
            "ahead",
            "at" if report.at else "day",
            day=day,
            today=at_the_moment.today,
        )
    name = report.name if clean(report.name) == report.name and report.name else ""
    if not name or len(name) > LONGEST_NAME:
        raise _no(voice, "unknown", "no_kpi" if report.of == "kpi" else "no_key_result")
    if report.of == "kpi":
        return _reading(session, at_the_moment, name, day, report, now)
    return _value(session, at_the_moment, name, day, report, f"api:{token.name}", now)


def _day(at: datetime | None, at_the_moment: Term) -> date:
    if at is None:
        return at_the_moment.today
    return at.astimezone(ZoneInfo(at_the_moment.organisation.zone)).date()


def _reading(
    session: Session, at_the_moment: Term, name: str, day: date, report: Reported, now: datetime
) -> Taken:
    kpi = kpis.find(session, name)
    if kpi is None:
        raise _no(Voice(), "unknown", "no_kpi")
    if not kpi.active:
        raise _no(Voice(), "closed", "kpi_closed")
    readings.give(session, at_the_moment, kpi, day, report.value, by=None, how="api", now=now)
    return Taken("kpi", kpi.id or 0, kpi.slug, report.value, day.isoformat())


def _value(
    session: Session,
    at_the_moment: Term,
    name: str,
    day: date,
    report: Reported,
    how: str,
    now: datetime,
) -> Taken:
    pair = objectives.find(session, at_the_moment.cycle_id, name)
    if pair is None or pair[1].state == "draft":
        raise _no(Voice(), "unknown", "no_key_result")
    kr, objective = pair
    week = _week(session, at_the_moment, kr, objective, day, now)
    note = clean(report.note)
    (standing,) = picture.standings(session, at_the_moment, [pair], week)
    _check(standing, report, note)
    said = standing.said
    confidence = report.confidence or (said.confidence if said else None)
    answer = Given(report.value, confidence, note or (said.note if said else ""))
    alarms = saying.alarms(standing, answer)
    saying.keep(session, at_the_moment, standing, week, answer, by=None, how=how, now=now)
    session.flush()
    if alarms:
        saying.tell_leads_of(session, at_the_moment, now, [standing])
    ripples.shown(session, at_the_moment, now, [kr.owner_id] if kr.owner_id else [], week)
    return Taken(
        "key_result", kr.id or 0, kr.title, report.value, day.isoformat(), week, confidence
    )


def _check(standing: Standing, report: Reported, note: str) -> None:
    """Raises Turned where a key result of this kind cannot have this value."""
    kr = standing.kr
    if standing.follows_kpi:
        raise _no(Voice(), "closed", "follows_kpi")
    if kr.kind == "milestones":
        raise _no(Voice(), "closed", "milestones")
    if kr.kind == "done" and report.value not in (0, 1):
        raise _no(Voice(), "invalid", "done_or_not", "value")
    if report.confidence is not None and not 1 <= report.confidence <= 10:
        raise _no(Voice(), "invalid", "confidence", "confidence")
    if len(note) > LONGEST_NOTE:
        raise _no(Voice(), "invalid", "long_note", "note", longest=LONGEST_NOTE)


def _week(
    session: Session,
    at_the_moment: Term,
    kr: KeyResult,
    objective: Objective,
    day: date,
    now: datetime,
) -> int:
    """The week that a day's value belongs to, as long as its owner could say it in chat too."""
    cycle, voice = at_the_moment.cycle, Voice()
    running = cycle is not None and objective.cycle_id == cycle.id and at_the_moment.week
    if kr.state != "open" or objective.state != "approved" or not running or cycle is None:
        raise _no(voice, "closed", "key_result_closed")
    week = cadence.week_of(cycle.starts, at_the_moment.calendar.weeks, day)
    if week is not None and week == at_the_moment.week:
        return week
    owner = people.person(session, kr.owner_id or 0)
    if (
        week is None
        or owner is None
        or not moments.answerable(session, at_the_moment, owner, week, now)
    ):
        raise _no(
            voice,
            "closed",
            "week_closed",
            "day",
            day=day,
            today=at_the_moment.today,
            week=at_the_moment.week,
        )
    return week


def _no(voice: Voice, why: Why, text: str, field: str = "", **values: object) -> Turned:
    return Turned(why, voice.line(f"reports.{text}", **values), field)
