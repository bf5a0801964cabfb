"""Alembic's side of `storage.migrating`, which hands over the connection and its transaction."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime


def plainly(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:
    """Revisions name SQLAlchemy's own types, so that they outlive what SQLModel makes of them."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, AutoString):
        return repr(sa.String(thing.length)).join(("sa.", ""))
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    render_item=plainly,
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
