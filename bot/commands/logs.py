"""Structured logs on standard error: keys of letters, never a secret or a note's text."""

import logging
import sys

import structlog


def keep_log(level: str) -> None:
    """Log from this level on; pretty on a terminal, one JSON object a line elsewhere."""
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(
            f"OKR_LOG_LEVEL: {level!r} is no level; use debug, info, warning or error."
        )
    logging.basicConfig(stream=sys.stderr, level=max(number, logging.WARNING), format="%(message)s")
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # the scheduler's own log says it
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer()
            if sys.stderr.isatty()
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
