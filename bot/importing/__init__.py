"""A company from files: read, checked as a whole, shown as changes, made in one transaction.

`plan` and `apply` take a session and the time; nothing here opens a database or looks at a clock.
"""

from bot.importing.bringing import Outcome, apply, plan
from bot.importing.changes import Change
from bot.importing.checking import Checked, check
from bot.importing.examples import example_files, sample, write_examples
from bot.importing.known import known
from bot.importing.reading import read, read_bytes
from bot.importing.records import Company
from bot.importing.rows import FileRead, Row, RowError, Tables, Unreadable

__all__ = [
    "Change",
    "Checked",
    "Company",
    "FileRead",
    "Outcome",
    "Row",
    "RowError",
    "Tables",
    "Unreadable",
    "apply",
    "check",
    "example_files",
    "known",
    "plan",
    "read",
    "read_bytes",
    "sample",
    "write_examples",
]
