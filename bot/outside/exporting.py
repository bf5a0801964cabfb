"""All that is kept as files: JSON whole, CSV for spreadsheets, where no text is a formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
from sqlmodel import Session

from bot.chat.events import Requested
from bot.chat.replies import Handed, Refused
from bot.outside import privacy, reports, tokens
from bot.outside.reports import Turned
from storage import audit, exporting, organisation, people
from storage.exporting import Line, Names

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would compute; it gets an apostrophe in front."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def allow(session: Session, request: Requested, now: datetime) -> Refused | None:
    """Whether a token may have everything; that it took it is kept."""
    try:
        token = reports.known(session, request.actor.id, "export")
    except Turned as no:
        return no.refused
    tokens.used(session, token, now)
    after = {"form": request.form, "table": request.table}
    audit.note(session, now, "export", token.name, how="api", before={}, after=after)
    return None


def hand(session: Session, request: Requested, now: datetime) -> Handed:
    """The file that was asked for."""
    if request.table is not None and request.form == "csv":
        return Handed(f"{request.table}.csv", table_as_csv(session, request.table))
    return Handed("okr.json", as_json(session, now))


OWN = ("my-data.json", "my-updates.csv")
EVERYTHING = ("everything.json", "everything.zip")
"""Names of files that are handed to whoever they are about, and to admins alone."""


def may_have(session: Session, email: str, name: str, now: datetime) -> bool:
    """Whether somebody may have this file; that an admin took everything is kept."""
    person = people.by_email(session, email)
    if person is None or not person.active:
        return False
    if name in EVERYTHING and person.admin:
        audit.note(session, now, "export", name, by=person.id, before={}, after={"file": name})
        return True
    return name in OWN


def handed(session: Session, email: str, name: str, now: datetime) -> bytes:
    """The file, of whose name `may_have` has said yes."""
    match name:
        case "my-data.json":
            return privacy.export(session, email)
        case "my-updates.csv":
            return own_as_csv(session, privacy.found(session, email).id or 0)
        case "everything.json":
            return as_json(session, now)
        case "everything.zip":
            return as_zip(session)
        case _:
            raise LookupError(name)


def as_json(session: Session, now: datetime) -> bytes:
    """Everything in one document."""
    ours, names = organisation.organisation(session), Names(session)
    return msgspec.json.encode(
        {
            "organisation": ours.name if ours else "",
            "made_at": now,
            **{table: list(exporting.rows(session, table, names)) for table in exporting.TABLES},
        }
    )


def as_csv(session: Session) -> Iterator[tuple[str, bytes]]:
    """Every table with its file's name."""
    for table in exporting.TABLES:
        yield f"{table}.csv", table_as_csv(session, table)


def as_zip(session: Session) -> bytes:
    """Every table as CSV, together in one file."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as together:
        for name, body in as_csv(session):
            together.writestr(name, body)
    return out.getvalue()


def own_as_csv(session: Session, person_id: int) -> bytes:
    """What was said of somebody's key results in all quarters, the newest first."""
    out = StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(Line._fields)
    for line in exporting.own_lines(session, person_id, 0, None):
        writer.writerow([cell(value) for value in line])
    return out.getvalue().encode()


def table_as_csv(session: Session, table: str) -> bytes:
    """One table, in UTF-8 that Excel knows as such."""
    out, headings = StringIO(newline=""), exporting.columns(table)
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(headings)
    for row in exporting.rows(session, table, Names(session)):
        writer.writerow([cell(row[name]) for name in headings])
    return out.getvalue().encode()


def row(values: Iterable[object]) -> str:
    """One row of CSV on one line, to be copied."""
    out = StringIO(newline="")
    csv.writer(out, lineterminator="").writerow([cell(value) for value in values])
    return " ".join(out.getvalue().split("\n"))


def cell(value: object) -> str | int | float:
    """A value as a spreadsheet reads it: a text is never a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case datetime():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(FORMULA) else text
