"""The metronome: APScheduler beats, the database decides what is due.

A few coarse jobs in UTC, never one for each person; a watchdog beats at once after the wall clock
was moved, without which a clock set back by an hour would stop every job for that hour.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

JUMP = 5.0
"""Seconds by which the wall clock may leave the monotonic one before it counts as moved."""

log = structlog.get_logger()


Job = Callable[[], Awaitable[object]]


def metronome(
    jobs: Mapping[str, tuple[float, Job]], done: Callable[[str], None] = lambda _: None
) -> AsyncIOScheduler:
    """A scheduler that beats each job every so many seconds, the first time at once.

    `done` is told each job that has come to its end without fail.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for name, (seconds, job) in jobs.items():
        scheduler.add_job(
            job,
            IntervalTrigger(seconds=int(seconds), timezone=UTC),
            id=name,
            name=name,
            next_run_time=datetime.now(UTC),
        )
    scheduler.add_listener(_failed, EVENT_JOB_ERROR)
    scheduler.add_listener(lambda event: done(event.job_id), EVENT_JOB_EXECUTED)
    return scheduler


async def watch(
    scheduler: AsyncIOScheduler,
    wall: Callable[[], float] = time.time,
    steady: Callable[[], float] = time.monotonic,
    every: float = 1.0,
    moved: Callable[[], object] | None = None,
) -> None:
    """Beat every job at once when the wall clock was moved, and call `moved`; until cancelled."""
    apart = wall() - steady()
    while True:
        await asyncio.sleep(every)
        now_apart = wall() - steady()
        if abs(now_apart - apart) > JUMP:
            log.warning("clock.moved", seconds=round(now_apart - apart))
            if moved is not None:
                moved()
            for job in scheduler.get_jobs():
                job.modify(next_run_time=datetime.now(UTC))
            apart = now_apart


def _failed(event: JobExecutionEvent) -> None:
    if isinstance(event.exception, asyncio.CancelledError):  # the bot is stopping
        return
    log.error("job.failed", job=event.job_id, exc_info=event.exception)
