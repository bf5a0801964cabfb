"""A database's rows, kept once and put into others: filling it anew takes ten times as long."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, text
from sqlmodel import Session, SQLModel


@dataclass(frozen=True)
class Rows:
    """All rows of all tables, and from where rows are numbered on."""

    of_tables: tuple[tuple[Table, list[dict[str, Any]]], ...]
    numbers: dict[str, int]

    @classmethod
    def of(cls, session: Session) -> "Rows":
        """Of a database as it is now."""
        return cls(tuple(_filled(session)), _numbers(session))

    def put(self, session: Session) -> None:
        """Into a database that has none."""
        connection = session.connection()
        is_server = connection.dialect.name == "postgresql"
        unasked = "SET LOCAL session_replication_role = replica"
        connection.exec_driver_sql(unasked if is_server else "PRAGMA defer_foreign_keys = ON")
        for table, rows in self.of_tables:
            connection.execute(table.insert(), rows)
        if self.numbers:
            said = ", ".join(f"setval('{name}', {n})" for name, n in self.numbers.items())
            connection.exec_driver_sql(f"SELECT {said}")


def _filled(session: Session) -> "list[tuple[Table, list[dict[str, Any]]]]":
    found = []
    for table in SQLModel.metadata.tables.values():
        rows = session.connection().execute(table.select().order_by(*table.primary_key))
        if kept := [dict(row) for row in rows.mappings()]:
            found.append((table, kept))
    return found


def _numbers(session: Session) -> dict[str, int]:
    """PostgreSQL's; SQLite goes on after the highest that there is."""
    if session.connection().dialect.name != "postgresql":
        return {}
    said = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
    return {f"public.{name}": n for name, n in session.connection().execute(text(said))}
