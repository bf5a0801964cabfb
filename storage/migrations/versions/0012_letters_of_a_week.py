"""find letters by their week, and those that are open, without looking through a year of them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    of_team = sa.text("team_id is not null")
    op.drop_index("ix_letter_person", "letter")
    op.create_index("ix_letter_person", "letter", ["person_id", "cycle_id", "week"])
    op.drop_index("ix_letter_team", "letter")
    op.create_index(
        "ix_letter_team",
        "letter",
        ["team_id", "cycle_id", "week"],
        sqlite_where=of_team,
        postgresql_where=of_team,
    )
    op.create_index("ix_letter_week", "letter", ["cycle_id", "week"])
    unfinished = sa.text("(state IN ('planned','claimed') OR reason IN ('budget','away','paused'))")
    op.create_index(
        "ix_letter_open",
        "letter",
        ["cycle_id"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
