"""Structured logs on standard error: keys of letters, never a secret or what somebody wrote.

An exception is told by its frames and its kind. Its own words are left out, because a database's
or a library's quote the values they stumbled over; those of a few kinds are ours and quote none.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import ExcInfo, Processor

from storage.database import StorageError

SPEAKING = (StorageError, TimeoutError, ConnectionError)
"""Kinds of exceptions whose words hold no value."""
PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):\S*@")
FOREIGN = ("aiohttp", "asyncio", "apscheduler")
"""Loggers whose messages quote exceptions after their first line."""


def keep_log(level: str) -> None:
    """Log from this level on; pretty on a terminal, one JSON object a line elsewhere."""
    number = logging.getLevelNamesMapping()[level.upper()]
    written: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(told),
        without_passwords,
    ]
    shown: Processor = (
        structlog.dev.ConsoleRenderer()
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[first_line, *written],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
            keep_exc_info=False,
        )
    )
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the scheduler's own log says it
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *written, shown],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    sys.excepthook = _crashed


def _crashed(_: type[BaseException], problem: BaseException, __: TracebackType | None) -> None:
    """Last words in the same form as all the others."""
    structlog.get_logger().critical("crashed", exc_info=problem)


def told(exc_info: ExcInfo) -> str:
    """An exception and its causes by frames and kinds, the deepest cause first."""
    return "\n".join(_told(exc_info[1]))


def _told(problem: BaseException | None) -> Iterator[str]:
    if problem is None:
        return
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:"
    yield from (line.rstrip() for line in traceback.format_tb(problem.__traceback__))
    yield _kind(problem)
    if isinstance(problem, BaseExceptionGroup):
        for one in problem.exceptions:
            yield from _told(one)


def _kind(problem: BaseException) -> str:
    name = type(problem).__name__
    if isinstance(problem, SPEAKING):
        return f"{name}: {problem}"
    if isinstance(problem, OSError) and problem.strerror:
        return f"{name}: {problem.strerror}"
    code = getattr(problem, "sqlstate", None) or getattr(problem, "sqlite_errorname", None)
    return f"{name} ({code})" if code else name


def without_passwords(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """No password of a URL, whoever put it there."""
    return {
        name: PASSWORD.sub(r"\1:…@", value) if isinstance(value, str) else value
        for name, value in line.items()
    }


def first_line(_: object, __: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Of what a library says the first line: the rest quotes what it stumbled over."""
    record = line.get("_record")
    if isinstance(record, logging.LogRecord) and record.name.split(".")[0] in FOREIGN:
        line["event"] = str(line["event"]).partition("\n")[0]
    return line
