"""the whole quarter"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_token_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_token_name")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "thing in ('objective','key_result','set')", name=op.f("ck_finding_thing")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_finding_cycle_id")),
        sa.ForeignKeyConstraint(
            ["dismissed_by_id"], ["person.id"], name=op.f("fk_finding_dismissed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "thing",
            "thing_id",
            "rule",
            "cycle_id",
            name=op.f("uq_finding_thing_thing_id_rule_cycle_id"),
        ),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_decision_cycle_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_decision_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_decision_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_team_id"), ["team_id"], unique=False)

    op.create_table(
        "read_week",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_read_week_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_read_week_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_read_week_team_id")),
        sa.PrimaryKeyConstraint(
            "cycle_id", "week", "team_id", "person_id", name=op.f("pk_read_week")
        ),
    )
    op.create_table(
        "retro",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_retro_cycle_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_retro_team_id")),
        sa.PrimaryKeyConstraint("cycle_id", "team_id", name=op.f("pk_retro")),
    )
    op.create_table(
        "retro_answer",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_retro_answer_cycle_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_retro_answer_person_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_retro_answer_team_id")),
        sa.PrimaryKeyConstraint("cycle_id", "team_id", "person_id", name=op.f("pk_retro_answer")),
    )
    op.create_table(
        "retro_taken",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_retro_taken_cycle_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_retro_taken_person_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_retro_taken_team_id")),
        sa.PrimaryKeyConstraint("cycle_id", "team_id", "person_id", name=op.f("pk_retro_taken")),
    )
    op.create_table(
        "kpi_episode",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Integer(), nullable=False),
        sa.Column("began", sa.Date(), nullable=False),
        sa.Column("worst", sa.Float(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("objective_id", sa.Integer(), nullable=True),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "proposal in ('','held','accepted','changed','put_off')",
            name=op.f("ck_kpi_episode_proposal"),
        ),
        sa.CheckConstraint(
            "state in ('breached','unhealthy','recovering','recovered','relapsed','over')",
            name=op.f("ck_kpi_episode_state"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_kpi_episode_cycle_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_kpi_episode_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_kpi_episode_kpi_id")),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.id"], name=op.f("fk_kpi_episode_objective_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_episode")),
    )
    with op.batch_alter_table("kpi_episode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kpi_episode_kpi_id"), ["kpi_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_kpi_episode_objective_id"), ["objective_id"], unique=False
        )

    op.create_table(
        "carry_over",
        sa.Column("key_result_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("became_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "decision in ('keep','change','drop')", name=op.f("ck_carry_over_decision")
        ),
        sa.ForeignKeyConstraint(
            ["became_id"], ["key_result.id"], name=op.f("fk_carry_over_became_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_carry_over_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_carry_over_cycle_id")),
        sa.ForeignKeyConstraint(
            ["key_result_id"], ["key_result.id"], name=op.f("fk_carry_over_key_result_id")
        ),
        sa.PrimaryKeyConstraint("key_result_id", name=op.f("pk_carry_over")),
    )
    with op.batch_alter_table("carry_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carry_over_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "grade",
        sa.Column("key_result_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Float(), nullable=False),
        sa.Column("original", sa.Float(), nullable=True),
        sa.Column("suggested", sa.Float(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("grade between 0 and 1", name=op.f("ck_grade_grade")),
        sa.CheckConstraint(
            "original is null or original between 0 and 1", name=op.f("ck_grade_original")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_grade_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_grade_cycle_id")),
        sa.ForeignKeyConstraint(
            ["key_result_id"], ["key_result.id"], name=op.f("fk_grade_key_result_id")
        ),
        sa.PrimaryKeyConstraint("key_result_id", name=op.f("pk_grade")),
    )
    with op.batch_alter_table("grade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "kudos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("key_result_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_kudos_cycle_id")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_kudos_from_id")),
        sa.ForeignKeyConstraint(
            ["key_result_id"], ["key_result.id"], name=op.f("fk_kudos_key_result_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_kudos_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kudos")),
    )
    with op.batch_alter_table("kudos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kudos_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kudos_to_id"), ["to_id"], unique=False)

    op.create_table(
        "moved_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_result_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["person.id"], name=op.f("fk_moved_target_approver_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_moved_target_by_id")),
        sa.ForeignKeyConstraint(
            ["key_result_id"], ["key_result.id"], name=op.f("fk_moved_target_key_result_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_target")),
    )
    with op.batch_alter_table("moved_target", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moved_target_key_result_id"), ["key_result_id"], unique=False
        )

    op.create_table(
        "review",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("key_result_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("obstacle", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decision in ('keep','adjust','drop')", name=op.f("ck_review_decision")),
        sa.CheckConstraint(
            "state in ('decided','waiting','approved','refused')", name=op.f("ck_review_state")
        ),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_review_approver_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_review_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_review_cycle_id")),
        sa.ForeignKeyConstraint(
            ["key_result_id"], ["key_result.id"], name=op.f("fk_review_key_result_id")
        ),
        sa.PrimaryKeyConstraint("cycle_id", "key_result_id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("key_result", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kpi_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("draft_confidence", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_key_result_kpi_id"), ["kpi_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_key_result_kpi_id"), "kpi", ["kpi_id"], ["id"])

    _add("kpi", sa.Column("serves", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("kpi", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follows", sa.Integer(), nullable=True))

    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kpi_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_objective_kpi_id"), "kpi", ["kpi_id"], ["id"])

    for name, default in (
        ("individual_okrs", sa.false()),
        ("mid_quarter_changes", sa.true()),
        ("anonymous_retro", sa.true()),
    ):
        _add("organisation", sa.Column(name, sa.Boolean(), nullable=False, server_default=default))
    _add(
        "organisation", sa.Column("carry_over", sa.String(), nullable=False, server_default="asked")
    )
    with op.batch_alter_table("organisation") as batch_op:
        batch_op.add_column(sa.Column("keep_texts_days", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_organisation_carry_over"), "carry_over in ('asked','always','never')"
        )
    _add("team", sa.Column("named_retro", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("key_result") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_key_result_draft_confidence"),
            "draft_confidence is null or draft_confidence between 1 and 10",
        )


def _add(table: str, column: sa.Column[object]) -> None:
    """A column that must be filled: rows that exist get its default, new ones must say."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(column.name, server_default=None)
