"""Rows of people: who they are and whom they report to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.importing.cells import Cells, Reader
from bot.importing.directory import Directory, circles
from bot.importing.records import PersonRecord
from bot.importing.rows import Row

SEVERAL = "Name one person; here are several."


def check_people(
    rows: Sequence[Row], known: Mapping[str, PersonRecord], reader: Reader
) -> tuple[dict[str, PersonRecord], Directory]:
    """The people the rows tell of, and everybody who may be pointed to."""
    found: dict[str, PersonRecord] = {}
    cells: dict[str, Cells] = {}
    lost: list[str] = []
    for row in rows:
        here = Cells(row, reader)
        person = _person(here, known)
        if person.email in cells:
            first = cells[person.email].row
            here.wrong("email", f"{person.email} is also in row {first.number} of {first.file}.")
        elif person.email:
            found[person.email], cells[person.email] = person, here
        else:
            lost += [here.raw("email").partition("@")[0], person.name]
    directory = Directory("person", ((one.email, one.name) for one in known.values()))
    directory.lose(*lost)
    for person in found.values():
        directory.add(person.email, person.name)
    for email, here in cells.items():
        was = found[email].manager
        manager = directory.one(here, "manager", was, SEVERAL)
        found[email] = replace(found[email], manager=manager)
    _no_circles(found, known, cells)
    return found, directory


def _person(cells: Cells, known: Mapping[str, PersonRecord]) -> PersonRecord:
    email = cells.email("email")
    was = known.get(email, PersonRecord(email))
    parts = [cells.text("first_name", ""), cells.text("last_name", "")]
    name = cells.text("name", " ".join(part for part in parts if part) or was.name)
    if not name:
        cells.wrong("name", "The name is missing.")
    return PersonRecord(
        email=email,
        name=name,
        zone=cells.zone(was.zone),
        locale=cells.locale(was.locale),
        country=cells.country(was.country),
        manager=was.manager,
        admin=cells.flag("admin", was.admin),
        digest=cells.flag("digest", was.digest),
        active=cells.flag("active", was.active),
        id=was.id,
    )


def _no_circles(
    found: Mapping[str, PersonRecord], known: Mapping[str, PersonRecord], cells: Mapping[str, Cells]
) -> None:
    everyone = {**known, **found}
    for circle in circles({email: one.manager for email, one in everyone.items()}):
        told = [email for email in circle if email in cells]
        if not told:
            continue
        at = circle.index(told[0])
        path = [*circle[at:], *circle[:at], told[0]]
        text = (
            "Nobody can be their own manager."
            if len(circle) == 1
            else f"The managers go round in a circle: {' → '.join(path)}."
        )
        cells[told[0]].wrong("manager", text)
