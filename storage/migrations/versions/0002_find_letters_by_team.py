"""find letters by team"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_letter_team",
        "letter",
        ["team_id"],
        unique=False,
        sqlite_where=sa.text("team_id is not null"),
        postgresql_where=sa.text("team_id is not null"),
    )
