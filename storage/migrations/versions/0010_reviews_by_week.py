"""reviews by week, and objectives that came from others"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("review") as batch_op:
        batch_op.add_column(sa.Column("week", sa.Integer(), nullable=False, server_default="7"))
        batch_op.add_column(sa.Column("baseline", sa.Float(), nullable=True))
        batch_op.add_column(sa.Column("decided_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_review_decided_by_id"), "person", ["decided_by_id"], ["id"]
        )
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("review") as batch_op:
        batch_op.alter_column("week", server_default=None)
        batch_op.alter_column("answer", server_default=None)
        batch_op.drop_constraint("pk_review", type_="primary")
        batch_op.create_primary_key("pk_review", ["cycle_id", "week", "key_result_id"])
        batch_op.drop_constraint(batch_op.f("ck_review_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_review_state"),
            "state in ('decided','waiting','approved','refused','withdrawn')",
        )
        batch_op.create_index(batch_op.f("ix_review_approver_id"), ["approver_id"], unique=False)
    with op.batch_alter_table("moved_target") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=True))
    with op.batch_alter_table("objective") as batch_op:
        batch_op.add_column(sa.Column("carried_from_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_objective_carried_from_id"), "objective", ["carried_from_id"], ["id"]
        )
    with op.batch_alter_table("key_result") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_key_result_carried_from_id"), ["carried_from_id"], unique=False
        )
