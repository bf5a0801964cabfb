"""what was told of a kpi is a flag, as what is told from now on"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE letter SET flow = 'flag', subject = substr(subject, length(subject) - 9)"
        " WHERE flow = 'kpi' AND subject LIKE 'told:%'"
    )
