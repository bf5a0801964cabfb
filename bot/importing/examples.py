"""Example files of the sample company, written in the numbers of a locale.

They come from the file that the demo is made of, so an example that no longer imports breaks both.
"""

import csv
import io
from importlib.resources import files
from pathlib import Path

from bot.figures import format_number
from bot.importing.headings import COLUMNS
from bot.importing.reading import read_bytes
from bot.importing.rows import KINDS, Kind, Row, Tables

_NAMES: dict[Kind, str] = {
    "people": "people.csv",
    "teams": "teams.csv",
    "okrs": "okrs.csv",
    "kpis": "kpis.csv",
    "readings": "kpi_readings.csv",
}
_UNUSED = {"first_name", "last_name"}


def sample_text() -> str:
    """The sample company as YAML."""
    return files("bot.demo").joinpath("company.yaml").read_text(encoding="utf-8")


def sample() -> Tables:
    """The rows of the sample company."""
    return read_bytes(sample_text().encode(), "company.yaml", "en")


def example_files(locale: str) -> dict[str, bytes]:
    """The sample company as CSV files in a locale, and as YAML."""
    tables = sample()
    found = {_NAMES[kind]: _csv(kind, tables, locale) for kind in KINDS}
    return {**found, "company.yaml": sample_text().encode()}


def write_examples(directory: Path, locale: str = "en") -> list[Path]:
    """Write the example files, but over no file that is there already."""
    found = {directory / name: content for name, content in example_files(locale).items()}
    there = [path for path in found if path.exists()]
    if there:
        raise FileExistsError(f"{there[0]} is there already; name an empty directory.")
    directory.mkdir(parents=True, exist_ok=True)
    for path, content in found.items():
        path.write_bytes(content)
    return list(found)


def _csv(kind: Kind, tables: Tables, locale: str) -> bytes:
    """One table as spreadsheets like it: UTF-8 by its mark, ";" between where "," is decimal."""
    columns = [column for column in COLUMNS[kind] if column not in _UNUSED]
    text = io.StringIO(newline="")
    comma = format_number(0.5, locale) != "0.5"
    writer = csv.writer(text, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow(columns)
    for row in tables.of(kind):
        writer.writerow([_cell(row, column, locale) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def _cell(row: Row, column: str, locale: str) -> str:
    if column == "milestones" and row.parts:
        return "; ".join(_step(part, locale) for part in row.parts)
    value = row.values.get(column, "")
    return format_number(float(value), locale) if column in row.plain else value


def _step(part: Row, locale: str) -> str:
    weight = _cell(part, "weight", locale)
    words = [part.values["title"], f"({weight})" if weight else "", part.values.get("due", "")]
    return " ".join(word for word in words if word)
