"""What Prometheus reads: counted as it happens, and looked up where only the database knows."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import nan
from typing import assert_never

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from bot.chat.adapter import Outcome, Sent, TryLater, Undeliverable, Unknown
from bot.chat.events import Event, Report, Submitted
from bot.chat.replies import Answer, Fix, Reply
from bot.operations.pulse import Pulse
from bot.operations.witness import Answered
from storage.backlog import Backlog
from storage.database import DiskFull, Unavailable
from storage.letters import Letter

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
LATE = (1, 5, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, DAY)
QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5)
SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
DAYS = (
    *(MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR),
    *(DAY, 2 * DAY, 4 * DAY, 7 * DAY),
)
MOST_ANSWERS = 10_000

HELP = {
    "okr_letters": "Letters that this process has ended, by kind and by what became of them: "
    "sent, dead (cannot be delivered), unknown (may have arrived), expired (too late).",
    "okr_letter_put_offs": "Attempts after which a letter is tried again (later) or looked up "
    "(unknown).",
    "okr_letters_fenced": "Letters that were another's or needless right before their attempt: "
    "lost leases and answers that came in time.",
    "okr_letters_planned": "Letters that planning has added.",
    "okr_letters_open": "Letters that have not ended: planned, of these due, and claimed.",
    "okr_letter_lateness_seconds": "From the moment a letter was due until it was sent.",
    "okr_letter_oldest_wait_seconds": "How long the letter waits that is due longest and could "
    "go at once; 0 where none is.",
    "okr_answers": "Forms that people sent: stored, fixed (shown again with what is wrong), "
    "unsaved (please press again).",
    "okr_time_to_answer_seconds": "From the weekly question to its first answer.",
    "okr_reply_seconds": "From an event to its reply, the commit included.",
    "okr_database_unavailable": "Times the database could not do what was asked, by who asked.",
    "okr_plan_seconds": "How long planning the days ahead took.",
    "okr_plan_age_seconds": "Since the job that plans came to its end.",
    "okr_tick_age_seconds": "Since the last tick.",
    "okr_loop_stall_seconds": "How late the event loop comes back, measured ten times a second.",
    "okr_loop_stall_longest_seconds": "The longest stall of the event loop in the last minute.",
}


class Metrics(Pulse):
    """No label ever holds a name, an address or anything that somebody wrote."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        super().__init__(steady)
        disable_created_metrics()  # type: ignore[no-untyped-call] # prometheus-client has no type for it
        self.registry = CollectorRegistry()
        self._unmeasured: list[Answered] = []
        self._make_counters()
        self._make_histograms()
        self._make_gauges()

    def _make_counters(self) -> None:
        own = self.registry
        self._ended = Counter(*_named("okr_letters"), ["kind", "end"], registry=own)
        self._put_off = Counter(*_named("okr_letter_put_offs"), ["why"], registry=own)
        self._fenced = Counter(*_named("okr_letters_fenced"), registry=own)
        self._answers = Counter(*_named("okr_answers"), ["outcome"], registry=own)
        self._away = Counter(*_named("okr_database_unavailable"), ["who", "why"], registry=own)
        self._planned = Counter(*_named("okr_letters_planned"), registry=own)

    def _make_histograms(self) -> None:
        own = self.registry
        late, to_answer, reply = "okr_letter_lateness", "okr_time_to_answer", "okr_reply"
        self._late = Histogram(*_named(f"{late}_seconds"), ["kind"], registry=own, buckets=LATE)
        self._to_answer = Histogram(*_named(f"{to_answer}_seconds"), registry=own, buckets=DAYS)
        self._replies = Histogram(
            *_named(f"{reply}_seconds"), ["event"], registry=own, buckets=QUICK
        )
        self._plans = Histogram(*_named("okr_plan_seconds"), registry=own, buckets=SLOW)
        self._stall = Histogram(*_named("okr_loop_stall_seconds"), registry=own, buckets=QUICK)

    def _make_gauges(self) -> None:
        own = self.registry
        self._open = Gauge(*_named("okr_letters_open"), ["state"], registry=own)
        self._oldest = Gauge(*_named("okr_letter_oldest_wait_seconds"), registry=own)
        for name, ask in (
            ("okr_loop_stall_longest_seconds", lambda: self.longest_stall),
            ("okr_tick_age_seconds", lambda: _known(self.age("tick"))),
            ("okr_plan_age_seconds", lambda: _known(self.age("plan"))),
        ):
            Gauge(*_named(name), registry=own).set_function(ask)

    def brought(self, letter: Letter, outcome: Outcome, now: datetime, again: float | None) -> None:
        super().brought(letter, outcome, now, again)
        match outcome:
            case Sent():
                self._ended.labels(letter.kind, "sent").inc()
                late = (now - letter.due_at).total_seconds()
                self._late.labels(letter.kind).observe(max(late, 0.0))
            case TryLater():
                self._put_off.labels("later").inc()
            case Undeliverable():
                self._ended.labels(letter.kind, "dead").inc()
            case Unknown() if again is not None:
                self._put_off.labels("unknown").inc()
            case Unknown():
                self._ended.labels(letter.kind, "unknown").inc()
            case _:
                assert_never(outcome)

    def expired(self, letters: Sequence[Letter]) -> None:
        super().expired(letters)
        for letter in letters:
            self._ended.labels(letter.kind, "expired").inc()

    def fenced(self, letter: Letter) -> None:
        self._fenced.inc()

    def replied(self, event: Event | Report, reply: Reply | Answer, seconds: float) -> None:
        self._replies.labels(_kind(event)).observe(seconds)
        if isinstance(event, Submitted):
            self._answers.labels("fixed" if isinstance(reply, Fix) else "stored").inc()

    def unsaved(self, event: Event | Report, seconds: float) -> None:
        self._replies.labels(_kind(event)).observe(seconds)
        if isinstance(event, Submitted):
            self._answers.labels("unsaved").inc()

    def answered(self, answer: Answered) -> None:
        if len(self._unmeasured) < MOST_ANSWERS:
            self._unmeasured.append(answer)

    def away(self, who: str, problem: Unavailable) -> None:
        super().away(who, problem)
        self._away.labels(who, "full" if isinstance(problem, DiskFull) else "away").inc()

    def planned(self, new: int, seconds: float) -> None:
        self._plans.observe(seconds)
        self._planned.inc(new)

    def stalled(self, seconds: float) -> None:
        super().stalled(seconds)
        self._stall.observe(max(seconds, 0.0))

    @property
    def unmeasured(self) -> Sequence[Answered]:
        """First answers of which it is not known yet how long they took."""
        return tuple(self._unmeasured)

    def measured(
        self, answers: Sequence[Answered], asked: Mapping[tuple[int, int, int], datetime]
    ) -> None:
        """Some of these are known now: when each person was asked, by cycle, week and person."""
        del self._unmeasured[: len(answers)]
        for answer in answers:
            at = asked.get(answer[:3])
            if at is not None:
                self._to_answer.observe(max((answer.at - at).total_seconds(), 0.0))

    def page(self, found: Backlog | None, now: datetime) -> bytes:
        """Everything in Prometheus' words; what is not known now is not a number."""
        for state in ("planned", "due", "claimed"):
            self._open.labels(state).set(nan if found is None else getattr(found, state))
        if found is None:
            self._oldest.set(nan)
        else:
            since = found.oldest or now
            self._oldest.set(max((now - since).total_seconds(), 0.0))
        return generate_latest(self.registry)


def _named(name: str) -> tuple[str, str]:
    return name, HELP[name]


def _kind(event: Event | Report) -> str:
    return type(event).__name__.lower()


def _known(seconds: float | None) -> float:
    return nan if seconds is None else seconds
