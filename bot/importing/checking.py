"""Rows to a company that makes sense, or everything that is wrong with them at once."""

from datetime import date
from typing import NamedTuple

from bot.importing.cells import Reader, Weeks
from bot.importing.key_results import check_key_results
from bot.importing.kpis import check_kpis, check_readings
from bot.importing.objectives import check_objectives
from bot.importing.people import check_people
from bot.importing.records import Company
from bot.importing.rows import RowError, Tables
from bot.importing.teams import check_teams


class Checked(NamedTuple):
    """What the files mention, as it is to be. With errors, none of it may be applied."""

    company: Company
    errors: tuple[RowError, ...]
    notices: tuple[RowError, ...]


def check(
    tables: Tables, known: Company, *, locale: str, cycle: Weeks | None, today: date
) -> Checked:
    """Lay the rows over what is known. References may point to either."""
    reader = Reader(locale, today, cycle, list(tables.errors), list(tables.notices))
    people, everybody = check_people(tables.of("people"), known.people, reader)
    teams, every_team = check_teams(tables.of("teams"), known.teams, everybody, reader)
    kpis, every_kpi = check_kpis(tables.of("kpis"), known.kpis, everybody, every_team, reader)
    company = Company(
        people=people,
        teams=teams,
        kpis=kpis,
        readings=tuple(check_readings(tables.of("readings"), every_kpi, reader)),
    )
    okrs = tables.of("okrs")
    if okrs and cycle is None:
        text = "There is no cycle yet for these objectives; begin one with okr init."
        reader.errors.append(RowError(okrs[0].file, 0, "", text))
    elif okrs and cycle is not None:
        objectives, groups = check_objectives(okrs, known.objectives, everybody, every_team, reader)
        key_results, updates = check_key_results(groups, known.key_results, everybody, cycle)
        company = Company(
            people, teams, objectives, key_results, tuple(updates), kpis, company.readings
        )
    return Checked(company, _once(reader.errors), _once(reader.notices))


def _once(errors: list[RowError]) -> tuple[RowError, ...]:
    """Each of them once, in the order of the files' rows."""
    files = {error.file: at for at, error in reversed(list(enumerate(errors)))}
    return tuple(sorted(dict.fromkeys(errors), key=lambda e: (files[e.file], e.row)))
