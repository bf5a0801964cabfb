"""find what did not arrive"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MISSED = "(state IN ('unknown','expired','dead') OR reason = 'budget')"


def upgrade() -> None:
    op.create_index(
        "ix_letter_missed",
        "letter",
        ["cycle_id", "state", "kind", "week", "reason", "due_at", "person_id", "team_id"],
        unique=False,
        sqlite_where=sa.text(MISSED),
        postgresql_where=sa.text(MISSED),
    )
