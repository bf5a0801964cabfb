"""A company from files: read, checked as a whole, shown as changes, made in one transaction.

`plan` and `apply` take a session and the time; nothing here opens a database or looks at a clock.

How files are read: an empty cell says nothing and leaves things as they are, a lone "-" clears.
People and teams may be named by e-mail, short name or full name. A day may be a week of the cycle,
"week 9" or "Woche 9", which is its Friday; week 0 is the one before the cycle. A value, confidence
or note is said of the current week. Nothing is ever removed because a file does not mention it,
but for a team's members, who are exactly those that its file names. Milestones in a cell are
"Pilot (2) week 4 done 2026-10-28; Roll-out (5) week 9": title, weight, day, and when it was done.
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
