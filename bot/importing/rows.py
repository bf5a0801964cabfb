"""What was read from files, before anybody asked whether it makes sense."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["people", "teams", "okrs", "kpis", "readings"]
KINDS: tuple[Kind, ...] = ("people", "teams", "okrs", "kpis", "readings")


@dataclass(frozen=True)
class RowError:
    """What is wrong where, in plain words. Row 0 is the file as a whole."""

    file: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: {self.text}"


@dataclass(frozen=True)
class Row:
    """One line of a table, or one entry of a YAML list, under our own column names.

    `number` is the spreadsheet's row or YAML's line. `plain` are the columns whose number is
    written the machine's way ("1.5"), in whatever locale the file is. `headings` are the columns
    as the file calls them; `parts` are the milestones of a key result that came nested.
    """

    file: str
    number: int
    values: Mapping[str, str]
    plain: frozenset[str] = frozenset()
    headings: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Row", ...] = ()

    def error(self, column: str, text: str) -> RowError:
        """What is wrong in this row."""
        return RowError(self.file, self.number, self.headings.get(column, column), text)


@dataclass(frozen=True)
class FileRead:
    """How a file was understood, so that a wrong guess is seen."""

    file: str
    kind: str
    rows: int
    written: str


@dataclass(frozen=True)
class Tables:
    """All rows of all files. `notices` are worth saying and stop nothing."""

    rows: Mapping[Kind, Sequence[Row]]
    errors: tuple[RowError, ...] = ()
    notices: tuple[RowError, ...] = ()
    files: tuple[FileRead, ...] = ()

    def of(self, kind: Kind) -> Sequence[Row]:
        """The rows of one kind."""
        return self.rows.get(kind, ())


class Unreadable(Exception):
    """A file that cannot be read, and what to do about it."""

    def __init__(self, text: str, row: int = 0) -> None:
        super().__init__(text)
        self.row = row
