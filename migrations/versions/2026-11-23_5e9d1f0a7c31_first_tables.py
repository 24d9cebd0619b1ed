"""The first tables: quizzes and essays, from bank and call to publication.

Revision: 5e9d1f0a7c31, the first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "5e9d1f0a7c31"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "personal",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("personal_hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_scope_id", ["scope_id", "id"], unique=False)
        batch_op.create_index(
            "ix_audit_event_subject", ["subject_kind", "subject_id"], unique=False
        )

    op.create_table(
        "consent_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "take_part",
                "publish_name",
                "publish_photo",
                "publish_essay",
                "reuse",
                "contact",
                name="consentpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_text")),
        sa.UniqueConstraint(
            "purpose", "version", "locale", name=op.f("uq_consent_text_purpose_version_locale")
        ),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column(
            "payload",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("steps_total", sa.Integer(), nullable=False),
        sa.Column(
            "report",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )
        batch_op.create_index(batch_op.f("ix_job_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "mail", "text", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("secret_until", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_mail_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_public_id")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_sent_at_due_at", ["sent_at", "due_at"], unique=False)

    op.create_table(
        "save_meter",
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.String(length=16), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", "worker", name=op.f("pk_save_meter")),
    )
    op.create_table(
        "scope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "system",
                "unit",
                "contest",
                "bank",
                name="scopekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["scope.id"], name=op.f("fk_scope_parent_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope")),
    )
    with op.batch_alter_table("scope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scope_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_scope_path"), ["path"], unique=False)
        batch_op.create_index(
            "uq_scope_system",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("kind = 'system'"),
            postgresql_where=sa.text("kind = 'system'"),
        )

    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sign_in_failure_key_failed_at", ["key", "failed_at"], unique=False
        )

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_name", sa.String(length=255), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_stored_file_storage_key")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_seal_event_id_audit_event")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_seal_event_id")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=600), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "administrative",
                "party_committee",
                "party_cell",
                "bloc",
                "mass_org",
                "agency",
                "school",
                "enterprise",
                "other",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "tree",
            sa.Enum(
                "administrative",
                "party",
                "youth",
                "other",
                name="unittree",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_unit_dates"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_unit_scope_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_public_id")),
        sa.UniqueConstraint("scope_id", name=op.f("uq_unit_scope_id")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_name_folded"), ["name_folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=400), nullable=False),
        sa.Column("form_of_address", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column(
            "birth_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                name="birthprecision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("totp_secret", sa.String(length=200), nullable=True),
        sa.Column("totp_confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("totp_last_counter", sa.Integer(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["person.id"], name=op.f("fk_person_merged_into_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("phone", name=op.f("uq_person_phone")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name_folded"), ["name_folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_sort_key"), ["sort_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_headcount",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_unit_headcount_persons")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_headcount_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("unit_id", "counted_on", name=op.f("pk_unit_headcount")),
    )
    op.create_table(
        "unit_succession",
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "from_unit_id <> to_unit_id", name=op.f("ck_unit_succession_not_itself")
        ),
        sa.ForeignKeyConstraint(
            ["from_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_from_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_to_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("from_unit_id", "to_unit_id", name=op.f("pk_unit_succession")),
    )
    with op.batch_alter_table("unit_succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_succession_to_unit_id"), ["to_unit_id"], unique=False
        )

    op.create_table(
        "bank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("two_person_review", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_bank_owner_id_person")),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_bank_scope_id_scope")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank")),
        sa.UniqueConstraint("scope_id", name=op.f("uq_bank_scope_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_bank_slug")),
    )
    with op.batch_alter_table("bank", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "take_part",
                "publish_name",
                "publish_photo",
                "publish_essay",
                "reuse",
                "contact",
                name="consentpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_consent_scope_id_scope")),
        sa.ForeignKeyConstraint(
            ["text_id"], ["consent_text.id"], name=op.f("fk_consent_text_id_consent_text")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consent_public_id")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_scope_id"), ["scope_id"], unique=False)

    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_folded", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quiz",
                "essay",
                "stage",
                "story",
                name="contestkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("subject_matter", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("rules_text", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("open_to_all_units", sa.Boolean(), nullable=False),
        sa.Column("self_registration", sa.Boolean(), nullable=False),
        sa.Column("exclude_staff", sa.Boolean(), nullable=False),
        sa.Column("one_prize_per_person", sa.Boolean(), nullable=False),
        sa.Column(
            "unawarded",
            sa.Enum(
                "lapse",
                "next_round",
                "overall",
                name="unawarded",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("best_rounds", sa.Integer(), nullable=True),
        sa.Column("wizard_step", sa.String(length=40), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("announced_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["contest.id"], name=op.f("fk_contest_copied_from_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_contest_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_contest_scope_id_scope")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_contest_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("scope_id", name=op.f("uq_contest_scope_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_contest_slug")),
    )
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contest_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "organiser",
                "secretary",
                "judge",
                "question_author",
                "question_reviewer",
                "unit_coordinator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["person.id"], name=op.f("fk_grant_granted_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_grant_person_id_person")
        ),
        sa.ForeignKeyConstraint(["scope_id"], ["scope.id"], name=op.f("fk_grant_scope_id_scope")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grant_public_id")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "uq_grant_active",
            ["person_id", "role", "scope_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "not_duplicate",
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["high_id"], ["person.id"], name=op.f("fk_not_duplicate_high_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["low_id"], ["person.id"], name=op.f("fk_not_duplicate_low_id_person")
        ),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f("pk_not_duplicate")),
    )
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "activation",
                "reset",
                "mail_reset",
                name="codepurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_one_time_code_issued_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_one_time_code_code_hash")),
    )
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_code_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_one_time_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "moved",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["person.id"], name=op.f("fk_person_merge_kept_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["merged_by_id"], ["person.id"], name=op.f("fk_person_merge_merged_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["person.id"], name=op.f("fk_person_merge_merged_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "register_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "taken",
                "discarded",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rows",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_register_import_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_register_import_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_register_import_public_id")),
    )
    with op.batch_alter_table("register_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_import_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "report_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "contests",
                "persons",
                "attempts",
                "entries",
                "essays",
                "prizes",
                "subjects_honoured",
                "commendations",
                "leaders",
                "models",
                "participation_rate",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_report_target_period")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_report_target_value")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_report_target_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_report_target_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_target")),
        sa.UniqueConstraint("public_id", name=op.f("uq_report_target_public_id")),
        sa.UniqueConstraint(
            "unit_id",
            "measure",
            "period_from",
            "period_to",
            name=op.f("uq_report_target_unit_id_measure_period_from_period_to"),
        ),
    )
    with op.batch_alter_table("report_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_target_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "reported_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "contests",
                "persons",
                "attempts",
                "entries",
                "essays",
                "prizes",
                "subjects_honoured",
                "commendations",
                "leaders",
                "models",
                "participation_rate",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column(
            "qualifier",
            sa.Enum(
                "about",
                "more_than",
                "almost",
                name="qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_reported_figure_period")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_reported_figure_value")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_reported_figure_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_reported_figure_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_figure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reported_figure_public_id")),
    )
    with op.batch_alter_table("reported_figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reported_figure_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("second_factor_at", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_in_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_sign_in_challenge_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_challenge")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_challenge_token_hash")),
    )
    with op.batch_alter_table("sign_in_challenge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_challenge_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("search_folded", sa.Text(), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=400), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("register_unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("portrait_id", sa.Integer(), nullable=True),
        sa.Column("portrait_text", sa.String(length=300), nullable=False),
        sa.Column("consented_at", sa.BigInteger(), nullable=True),
        sa.Column("portrait_agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("withheld_at", sa.BigInteger(), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["subject.id"], name=op.f("fk_subject_merged_into_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subject_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["portrait_id"], ["stored_file.id"], name=op.f("fk_subject_portrait_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["register_unit_id"], ["unit.id"], name=op.f("fk_subject_register_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_subject_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subject_public_id")),
    )
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subject_name_folded"), ["name_folded"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_subject_register_unit_id"), ["register_unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subject_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "subject_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "copy",
                "correction",
                "objection",
                "erasure",
                name="requestkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "confirmed",
                "done",
                "refused",
                "withdrawn",
                name="requeststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("confirm_due_at", sa.BigInteger(), nullable=False),
        sa.Column("finish_due_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_until", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_subject_request_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["person.id"], name=op.f("fk_subject_request_handled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_subject_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_subject_request_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subject_request_public_id")),
    )
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_request_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "ix_subject_request_state_finish_due_at", ["state", "finish_due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subject_request_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_subject_request_open",
            ["person_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state IN ('received', 'confirmed')"),
            postgresql_where=sa.text("state IN ('received', 'confirmed')"),
        )

    op.create_table(
        "bank_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column(
            "right",
            sa.Enum(
                "read",
                "write",
                "review",
                name="shareright",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bank_share_bank_id_bank")),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["scope.id"], name=op.f("fk_bank_share_scope_id_scope")
        ),
        sa.ForeignKeyConstraint(
            ["shared_by_id"], ["person.id"], name=op.f("fk_bank_share_shared_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_share")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bank_share_public_id")),
    )
    with op.batch_alter_table("bank_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_share_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_share_scope_id"), ["scope_id"], unique=False)
        batch_op.create_index(
            "uq_bank_share_active",
            ["bank_id", "scope_id", "right"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "done",
                "undoing",
                "undone",
                name="bulkstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "wanted",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("job_public_id", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bulk_change_bank_id_bank")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_bulk_change_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulk_change_public_id")),
    )
    with op.batch_alter_table("bulk_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_change_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "certificate_design",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "participation",
                "prize",
                "honour",
                name="certificatekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "layout",
            sa.Enum(
                "landscape",
                "portrait",
                name="certificatelayout",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("style", sa.String(length=10), nullable=False),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("above", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("lead", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("signer_role", sa.String(length=120), nullable=False),
        sa.Column("signer_name", sa.String(length=120), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.Column("edited_by_id", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_certificate_design_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["edited_by_id"], ["person.id"], name=op.f("fk_certificate_design_edited_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["logo_id"], ["stored_file.id"], name=op.f("fk_certificate_design_logo_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["stored_file.id"],
            name=op.f("fk_certificate_design_signature_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_design")),
        sa.UniqueConstraint(
            "contest_id", "kind", name=op.f("uq_certificate_design_contest_id_kind")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_design_public_id")),
    )
    with op.batch_alter_table("certificate_design", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_design_contest_id"), ["contest_id"], unique=False
        )

    op.create_table(
        "contest_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_folded", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quiz",
                "essay",
                "stage",
                "story",
                name="contestkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("held_to", sa.Date(), nullable=False),
        sa.Column("organiser", sa.String(length=300), nullable=False),
        sa.Column("categories", sa.String(length=300), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("entries_qualifier", sa.String(length=20), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("persons_qualifier", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "entries IS NULL OR entries >= 0", name=op.f("ck_contest_record_entries")
        ),
        sa.CheckConstraint("held_to >= held_from", name=op.f("ck_contest_record_dates")),
        sa.CheckConstraint(
            "persons IS NULL OR persons >= 0", name=op.f("ck_contest_record_persons")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_contest_record_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["register_import.id"],
            name=op.f("fk_contest_record_import_id_register_import"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_contest_record_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_record")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contest_record_public_id")),
    )
    with op.batch_alter_table("contest_record", schema=None) as batch_op:
        batch_op.create_index("ix_contest_record_held_from", ["held_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contest_record_import_id"), ["import_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_contest_record_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "contest_unit",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_contest_unit_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_contest_unit_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("contest_id", "unit_id", name=op.f("pk_contest_unit")),
    )
    op.create_table(
        "division",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_division_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_division")),
        sa.UniqueConstraint("contest_id", "position", name=op.f("uq_division_contest_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_division_public_id")),
    )
    with op.batch_alter_table("division", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_division_contest_id"), ["contest_id"], unique=False)

    op.create_table(
        "honour_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_unit_id", sa.Integer(), nullable=False),
        sa.Column("recipient_kind", sa.String(length=20), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("search_folded", sa.String(length=500), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=600), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("portrait_id", sa.Integer(), nullable=True),
        sa.Column("portrait_text", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=120), nullable=False),
        sa.Column("theme_folded", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("is_minor", sa.Boolean(), nullable=False),
        sa.Column("name_agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("photo_agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("guardian_agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_honour_profile_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_honour_profile_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["portrait_id"],
            ["stored_file.id"],
            name=op.f("fk_honour_profile_portrait_id_stored_file"),
        ),
        sa.ForeignKeyConstraint(
            ["register_unit_id"], ["unit.id"], name=op.f("fk_honour_profile_register_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_honour_profile_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_honour_profile_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour_profile")),
        sa.UniqueConstraint("public_id", name=op.f("uq_honour_profile_public_id")),
    )
    with op.batch_alter_table("honour_profile", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_honour_profile_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_honour_profile_register_unit_id"), ["register_unit_id"], unique=False
        )
        batch_op.create_index(
            "ix_honour_profile_roll",
            [
                "year",
                "sort_key",
                "published_at",
                "level",
                "theme_folded",
                "person_id",
                "search_folded",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_honour_profile_subject_id"), ["subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_honour_profile_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "project",
                "model",
                name="projectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "party_building",
                "agency_building",
                "resolution",
                "breakthrough",
                "administrative_reform",
                "economy",
                "culture_society",
                "security",
                "political_system",
                "other",
                name="projectcategory",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("title_folded", sa.String(length=300), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("road_map", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "under_way",
                "done",
                "dropped",
                name="projectstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_project_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["register_import.id"], name=op.f("fk_project_import_id_register_import")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_project_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("public_id", name=op.f("uq_project_public_id")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_project_registered_on"), ["registered_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_project_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "question_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "ready",
                "taken",
                "dropped",
                "unreadable",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column(
            "layout",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("job_public_id", sa.String(length=16), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["bank.id"], name=op.f("fk_question_import_bank_id_bank")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_question_import_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_question_import_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_import_public_id")),
    )
    with op.batch_alter_table("question_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_import_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "question_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("citation_folded", sa.String(length=300), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_question_source_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["bank.id"], name=op.f("fk_question_source_bank_id_bank")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_question_source_created_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_source")),
        sa.UniqueConstraint(
            "bank_id", "citation_folded", name=op.f("uq_question_source_bank_id_citation_folded")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_source_public_id")),
    )
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "reading",
                "unreadable",
                "ready",
                "taking",
                "taken",
                "discarded",
                name="rosterstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column(
            "layout",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "unit_choices",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("job_public_id", sa.String(length=16), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_roster_import_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_roster_import_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_roster_import_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roster_import_public_id")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_roster_import_contest_id"), ["contest_id"], unique=False
        )

    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quiz",
                "essay",
                "stage",
                "story",
                name="contestkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "marking",
                "decided",
                "published",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("marked_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("annulled_at", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at",
            name=op.f("ck_round_window"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_round_contest_id_contest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_round_contest_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_round_public_id")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index("ix_round_stage_closes_at", ["stage", "closes_at"], unique=False)

    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "query",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["bank.id"], name=op.f("fk_saved_filter_bank_id_bank")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_saved_filter_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_saved_filter_public_id")),
    )
    with op.batch_alter_table("saved_filter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_filter_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "subject_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "linked",
                "merged",
                "split",
                "distinct",
                name="subjectchangekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column(
            "work_ids",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "carried",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_subject_change_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["subject.id"], name=op.f("fk_subject_change_other_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_change_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_subject_change_undone_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subject_change_public_id")),
    )
    with op.batch_alter_table("subject_change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_subject_change_kind_subject", ["kind", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subject_change_other_id"), ["other_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_subject_change_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "subject_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "name",
                "portrait",
                "essay",
                name="subjectpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "paper",
                "letter",
                "phone",
                "in_person",
                name="consentchannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("guardian", sa.String(length=120), nullable=False),
        sa.Column("kept_where", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_subject_consent_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_consent_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["person.id"],
            name=op.f("fk_subject_consent_withdrawn_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_consent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subject_consent_public_id")),
    )
    with op.batch_alter_table("subject_consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subject_consent_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=600), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_topic_bank_id_bank")),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("public_id", name=op.f("uq_topic_public_id")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(
            "uq_topic_child_name",
            ["bank_id", "parent_id", "name_folded"],
            unique=True,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_topic_root_name",
            ["bank_id", "name_folded"],
            unique=True,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )

    op.create_table(
        "total_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "terms",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_total_run_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_total_run_made_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_total_run")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_total_run_contest_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_total_run_public_id")),
    )
    op.create_table(
        "unit_terms",
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column(
            "keys",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("fewest", sa.Integer(), nullable=False),
        sa.Column("with_staff", sa.Boolean(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("fewest >= 0", name=op.f("ck_unit_terms_fewest")),
        sa.CheckConstraint("level >= 1", name=op.f("ck_unit_terms_level")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_unit_terms_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contest_id", name=op.f("pk_unit_terms")),
    )
    op.create_table(
        "appeal_terms",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=False),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_appeal_terms_window")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_appeal_terms_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_appeal_terms")),
    )
    op.create_table(
        "assignment_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("input_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "certificate",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_assignment_run_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_assignment_run_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assignment_run_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_assignment_run_round_id_number")),
    )
    with op.batch_alter_table("assignment_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_run_round_id"), ["round_id"], unique=False)

    op.create_table(
        "calibration_essay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column(
            "reference",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_calibration_essay_position")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_calibration_essay_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_calibration_essay_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_essay")),
        sa.UniqueConstraint("public_id", name=op.f("uq_calibration_essay_public_id")),
    )
    with op.batch_alter_table("calibration_essay", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calibration_essay_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "commendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register_unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "base",
                "district",
                "bloc",
                "city",
                "ministry",
                "prime_minister",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "commendation",
                "letter",
                "commendation_paper",
                "merit_certificate",
                "emulation_title",
                "emulation_flag",
                "medal",
                "order",
                name="awardform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "recipient_kind",
            sa.Enum(
                "collective",
                "individual",
                name="recipientkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("profile_id", sa.Integer(), nullable=True),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("name_folded", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=600), nullable=False),
        sa.Column("recipient_key", sa.String(length=300), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("unit_folded", sa.String(length=300), nullable=False),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("decision_key", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=120), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "period_to IS NULL OR period_from IS NULL OR period_to >= period_from",
            name=op.f("ck_commendation_period"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_commendation_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_commendation_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["register_import.id"],
            name=op.f("fk_commendation_import_id_register_import"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_commendation_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"],
            ["honour_profile.id"],
            name=op.f("fk_commendation_profile_id_honour_profile"),
        ),
        sa.ForeignKeyConstraint(
            ["register_unit_id"], ["unit.id"], name=op.f("fk_commendation_register_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_commendation_revoked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_commendation_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commendation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_commendation_public_id")),
    )
    with op.batch_alter_table("commendation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commendation_contest_id"), ["contest_id"], unique=False
        )
        batch_op.create_index(
            "ix_commendation_counted",
            [
                "decided_on",
                "revoked_at",
                "level",
                "recipient_kind",
                "is_leader",
                "unit_id",
                "unit_ids",
                "recipient_key",
            ],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_commendation_decided_on"), ["decided_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commendation_decision_key"), ["decision_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_commendation_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commendation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_commendation_profile_id"), ["profile_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commendation_recipient_key"), ["recipient_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_commendation_register_unit_id"), ["register_unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_commendation_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_commendation_decision_recipient",
            ["decision_key", "decided_on", "recipient_key"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "confirmation_demand",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_confirmation_demand_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_confirmation_demand")),
    )
    op.create_table(
        "confirmation_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_confirmation_letter_issued_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_confirmation_letter_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_confirmation_letter_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation_letter")),
        sa.UniqueConstraint("code", name=op.f("uq_confirmation_letter_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_confirmation_letter_public_id")),
    )
    with op.batch_alter_table("confirmation_letter", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_confirmation_letter_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "essay_round",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("call_text", sa.Text(), nullable=False),
        sa.Column("pledge_text", sa.Text(), nullable=False),
        sa.Column("min_words", sa.Integer(), nullable=False),
        sa.Column("max_words", sa.Integer(), nullable=False),
        sa.Column("max_pictures", sa.Integer(), nullable=False),
        sa.Column("document_allowed", sa.Boolean(), nullable=False),
        sa.Column("subject_required", sa.Boolean(), nullable=False),
        sa.Column("coauthors_allowed", sa.Boolean(), nullable=False),
        sa.Column("entries_per_author", sa.Integer(), nullable=False),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("takes_works", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "entries_per_author BETWEEN 1 AND 100", name=op.f("ck_essay_round_entries_per_author")
        ),
        sa.CheckConstraint("grace_seconds BETWEEN 0 AND 86400", name=op.f("ck_essay_round_grace")),
        sa.CheckConstraint(
            "max_pictures BETWEEN 0 AND 200", name=op.f("ck_essay_round_max_pictures")
        ),
        sa.CheckConstraint("max_words BETWEEN 1 AND 100000", name=op.f("ck_essay_round_max_words")),
        sa.CheckConstraint(
            "min_words BETWEEN 0 AND max_words", name=op.f("ck_essay_round_min_words")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_essay_round_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_essay_round")),
    )
    op.create_table(
        "extra_prize",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "standing",
                "persons",
                "attempts",
                "ratio",
                "mean",
                "winners",
                "youngest",
                "oldest",
                "earliest_perfect",
                "by_hand",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column(
            "tie_policy",
            sa.Enum(
                "expand",
                "shrink",
                "stop",
                name="tiepolicy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fewest", sa.Integer(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_extra_prize_over")
        ),
        sa.CheckConstraint("fewest IS NULL OR fewest >= 0", name=op.f("ck_extra_prize_fewest")),
        sa.CheckConstraint("money >= 0", name=op.f("ck_extra_prize_money")),
        sa.CheckConstraint("quota >= 1", name=op.f("ck_extra_prize_quota")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_extra_prize_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_extra_prize_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_prize")),
        sa.UniqueConstraint(
            "contest_id", "position", name=op.f("uq_extra_prize_contest_id_position")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_extra_prize_public_id")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_extra_prize_round_id_position")),
    )
    with op.batch_alter_table("extra_prize", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extra_prize_round_id"), ["round_id"], unique=False)

    op.create_table(
        "fairness_report",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column(
            "figures",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_fairness_report_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_fairness_report_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_fairness_report")),
    )
    op.create_table(
        "honour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("citation", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["person.id"], name=op.f("fk_honour_added_by_id_person")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_honour_round_id_round")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_honour_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour")),
        sa.UniqueConstraint("public_id", name=op.f("uq_honour_public_id")),
        sa.UniqueConstraint("round_id", "subject_id", name=op.f("uq_honour_round_id_subject_id")),
    )
    with op.batch_alter_table("honour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_honour_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "judged_round",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("marks_per_work", sa.Integer(), nullable=False),
        sa.Column(
            "resolution",
            sa.Enum(
                "protocol",
                "mean",
                "third",
                "mean_of_three",
                "closest",
                "median",
                "trimmed",
                "without_far",
                name="resolutionrule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agree_limit", sa.BigInteger(), nullable=False),
        sa.Column("third_limit", sa.BigInteger(), nullable=False),
        sa.Column("spread_limit", sa.BigInteger(), nullable=False),
        sa.Column("marks_due_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("reminds_late", sa.Boolean(), nullable=False),
        sa.Column("lot_seed", sa.String(length=64), nullable=False),
        sa.Column("check_share", sa.BigInteger(), nullable=False),
        sa.Column("check_top", sa.Integer(), nullable=False),
        sa.Column("source_round_id", sa.Integer(), nullable=True),
        sa.Column("shortlist_size", sa.Integer(), nullable=True),
        sa.Column("gives_comments", sa.Boolean(), nullable=False),
        sa.Column("by_criterion", sa.Boolean(), nullable=False),
        sa.CheckConstraint("check_top >= 0", name=op.f("ck_judged_round_check_top")),
        sa.CheckConstraint(
            "marks_per_work BETWEEN 1 AND 9", name=op.f("ck_judged_round_marks_per_work")
        ),
        sa.CheckConstraint(
            "shortlist_size IS NULL OR shortlist_size >= 1",
            name=op.f("ck_judged_round_shortlist_size"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_judged_round_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["source_round_id"], ["round.id"], name=op.f("fk_judged_round_source_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_judged_round")),
    )
    with op.batch_alter_table("judged_round", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_judged_round_source_round_id"), ["source_round_id"], unique=False
        )

    op.create_table(
        "juror",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "accepted",
                "declined",
                "left",
                name="jurorstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_chief", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("left_reason", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_juror_person_id_person")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_juror_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_juror")),
        sa.UniqueConstraint("public_id", name=op.f("uq_juror_public_id")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_juror_round_id_person_id")),
    )
    with op.batch_alter_table("juror", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_juror_person_id"), ["person_id"], unique=False)

    op.create_table(
        "jury_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "taken",
                "discarded",
                name="juryliststate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "rows",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "remarks",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_jury_list_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_jury_list_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jury_list")),
        sa.UniqueConstraint("public_id", name=op.f("uq_jury_list_public_id")),
    )
    with op.batch_alter_table("jury_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jury_list_round_id"), ["round_id"], unique=False)

    op.create_table(
        "participation_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("essays", sa.Integer(), nullable=False),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sa.Column("built_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_participation_count_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_participation_count_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_participation_count_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation_count")),
    )
    with op.batch_alter_table("participation_count", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_participation_count_contest_id"), ["contest_id"], unique=False
        )
        batch_op.create_index("ix_participation_count_held_on", ["held_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_participation_count_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_pause_span")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_pause_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_pause_round_id_round")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_pause_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pause_public_id")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_round_id"), ["round_id"], unique=False)

    op.create_table(
        "printed_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column(
            "head",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "papers",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_printed_paper_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_printed_paper_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_paper")),
        sa.UniqueConstraint("public_id", name=op.f("uq_printed_paper_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_printed_paper_round_id_number")),
    )
    op.create_table(
        "prize_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "special",
                "first",
                "second",
                "third",
                "consolation",
                name="prizecode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column(
            "tie_policy",
            sa.Enum(
                "expand",
                "shrink",
                "stop",
                name="tiepolicy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_prize_level_over")
        ),
        sa.CheckConstraint("money >= 0", name=op.f("ck_prize_level_money")),
        sa.CheckConstraint("quota >= 1", name=op.f("ck_prize_level_quota")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_prize_level_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_prize_level_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prize_level")),
        sa.UniqueConstraint(
            "contest_id", "position", name=op.f("uq_prize_level_contest_id_position")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_prize_level_public_id")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_prize_level_round_id_position")),
    )
    with op.batch_alter_table("prize_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prize_level_round_id"), ["round_id"], unique=False)

    op.create_table(
        "prize_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("per_author", sa.Integer(), nullable=True),
        sa.Column("per_unit", sa.Integer(), nullable=True),
        sa.Column("shows_criteria", sa.Boolean(), nullable=False),
        sa.Column("places_shown", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_prize_terms_over")
        ),
        sa.CheckConstraint(
            "per_author IS NULL OR per_author >= 1", name=op.f("ck_prize_terms_per_author")
        ),
        sa.CheckConstraint(
            "per_unit IS NULL OR per_unit >= 1", name=op.f("ck_prize_terms_per_unit")
        ),
        sa.CheckConstraint("places_shown >= 1", name=op.f("ck_prize_terms_places_shown")),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_prize_terms_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["round.id"],
            name=op.f("fk_prize_terms_round_id_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prize_terms")),
        sa.UniqueConstraint("contest_id", name=op.f("uq_prize_terms_contest_id")),
        sa.UniqueConstraint("round_id", name=op.f("uq_prize_terms_round_id")),
    )
    op.create_table(
        "public_board",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("frozen_at", sa.BigInteger(), nullable=True),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_public_board_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_public_board")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "checked",
                "approved",
                "retired",
                name="questionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                "very_hard",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("search_folded", sa.Text(), nullable=False),
        sa.Column("stem_digest", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_question_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_bank_id_bank")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_question_checked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_question_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revision.id"],
            name=op.f("fk_question_revision_id_question_revision"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["question_source.id"],
            name=op.f("fk_question_source_id_question_source"),
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_question_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_author", ["bank_id", "created_by_id"], unique=False)
        batch_op.create_index(
            "ix_question_bank_state", ["bank_id", "state", "topic_id", "difficulty"], unique=False
        )
        batch_op.create_index("ix_question_changed", ["bank_id", "revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_source_id"), ["source_id"], unique=False)
        batch_op.create_index("ix_question_stem_digest", ["bank_id", "stem_digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index(
            "ix_question_written", ["bank_id", "state", "revision_id"], unique=False
        )
        batch_op.create_index(
            "uq_question_external_id",
            ["bank_id", "external_id"],
            unique=True,
            sqlite_where=sa.text("external_id IS NOT NULL"),
            postgresql_where=sa.text("external_id IS NOT NULL"),
        )

    op.create_table(
        "question_medium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "picture",
                "sound",
                "formula",
                name="mediumkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("markup", sa.Text(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("is_decorative", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "file_id IS NOT NULL OR markup <> ''", name=op.f("ck_question_medium_content")
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["bank.id"], name=op.f("fk_question_medium_bank_id_bank")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_question_medium_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["question_import.id"],
            name=op.f("fk_question_medium_import_id_question_import"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_medium")),
        sa.UniqueConstraint("bank_id", "ref", name=op.f("uq_question_medium_bank_id_ref")),
    )
    with op.batch_alter_table("question_medium", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_medium_file_id"), ["file_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_medium_import_id"), ["import_id"], unique=False
        )

    op.create_table(
        "quiz_round",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=True),
        sa.Column("time_limit_seconds", sa.Integer(), nullable=False),
        sa.Column("attempts_allowed", sa.Integer(), nullable=True),
        sa.Column("attempts_per_day", sa.Integer(), nullable=True),
        sa.Column("attempt_delay_seconds", sa.Integer(), nullable=False),
        sa.Column(
            "counting",
            sa.Enum(
                "best",
                "first",
                "last",
                "mean",
                name="countingrule",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "late_start",
            sa.Enum(
                "full_time",
                "cut_at_close",
                name="latestart",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_options", sa.Boolean(), nullable=False),
        sa.Column("one_page", sa.Boolean(), nullable=False),
        sa.Column("one_way", sa.Boolean(), nullable=False),
        sa.Column(
            "sections",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("approved_only", sa.Boolean(), nullable=False),
        sa.Column(
            "result_shown",
            sa.Enum(
                "nothing",
                "points",
                name="resultshown",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("prediction_asked", sa.Boolean(), nullable=False),
        sa.Column("focus_recorded", sa.Boolean(), nullable=False),
        sa.Column(
            "board_shown",
            sa.Enum(
                "nothing",
                "until_freeze",
                "always",
                name="boardshown",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("board_freeze_minutes", sa.Integer(), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=True),
        sa.Column("prediction_per_division", sa.Boolean(), nullable=False),
        sa.Column("same_paper", sa.Boolean(), nullable=False),
        sa.Column(
            "set_questions",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("essay_step", sa.BigInteger(), nullable=False),
        sa.Column(
            "rulings",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("regrade_number", sa.Integer(), nullable=False),
        sa.Column("pool_digest", sa.String(length=64), nullable=True),
        sa.Column("seed", sa.String(length=64), nullable=True),
        sa.Column("seed_digest", sa.String(length=64), nullable=True),
        sa.Column("frozen_at", sa.BigInteger(), nullable=True),
        sa.Column("use_counted", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "attempt_delay_seconds BETWEEN 0 AND 604800", name=op.f("ck_quiz_round_delay")
        ),
        sa.CheckConstraint(
            "attempts_allowed IS NULL OR attempts_allowed >= 1", name=op.f("ck_quiz_round_attempts")
        ),
        sa.CheckConstraint(
            "attempts_per_day IS NULL OR attempts_per_day >= 1", name=op.f("ck_quiz_round_per_day")
        ),
        sa.CheckConstraint("grace_seconds BETWEEN 0 AND 3600", name=op.f("ck_quiz_round_grace")),
        sa.CheckConstraint(
            "time_limit_seconds BETWEEN 30 AND 86400", name=op.f("ck_quiz_round_time_limit")
        ),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_quiz_round_bank_id_bank")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_quiz_round_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_quiz_round")),
    )
    op.create_table(
        "rank_key",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 6", name=op.f("ck_rank_key_position")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_rank_key_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "position", name=op.f("pk_rank_key")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_rank_key_round_id_code")),
    )
    op.create_table(
        "rank_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "keys",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_rank_run_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_rank_run_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_run")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_rank_run_id_round_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rank_run_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_rank_run_round_id_number")),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(length=400), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column(
            "birth_precision",
            sa.Enum(
                "day",
                "month",
                "year",
                name="birthprecision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_path", sa.Text(), nullable=False),
        sa.Column("unit_folded", sa.Text(), nullable=False),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "roster",
                name="registrationsource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_registration_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_registration_division_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_registration_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_registration_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("code", name=op.f("uq_registration_code")),
        sa.UniqueConstraint(
            "contest_id", "person_id", name=op.f("uq_registration_contest_id_person_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_registration_public_id")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registration_contest_name", ["contest_id", "sort_key"], unique=False
        )
        batch_op.create_index(
            "ix_registration_contest_unit", ["contest_id", "unit_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_registration_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "roster_import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=120), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "person",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "errors",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("is_legacy", sa.Boolean(), nullable=False),
        sa.Column(
            "fate",
            sa.Enum(
                "new",
                "known",
                "registered",
                "twice",
                "refused",
                "waiting",
                name="rowfate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("fate_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["roster_import.id"],
            name=op.f("fk_roster_import_row_import_id_roster_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_roster_import_row")),
    )
    op.create_table(
        "round_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "extension",
                "annulment",
                name="rounddecisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_closes_at", sa.BigInteger(), nullable=True),
        sa.Column("new_closes_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_round_decision_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_decision_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_round_decision_public_id")),
    )
    with op.batch_alter_table("round_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_decision_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_pulse",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("open_attempts", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("saves", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("base_started", sa.Integer(), nullable=False),
        sa.Column("base_persons", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_pulse_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "at", name=op.f("pk_round_pulse")),
    )
    op.create_table(
        "round_statistic",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "figures",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "thirds",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("same_paper", sa.Boolean(), nullable=False),
        sa.Column("regrade_number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_round_statistic_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_statistic")),
    )
    op.create_table(
        "scheduled_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("expected_body", sa.String(length=64), nullable=False),
        sa.Column("expected_number", sa.Integer(), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "published",
                "stopped",
                "cancelled",
                name="schedulestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("scheduled_by_id", sa.Integer(), nullable=False),
        sa.Column("scheduled_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_scheduled_publication_over")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_scheduled_publication_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_scheduled_publication_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["scheduled_by_id"],
            ["person.id"],
            name=op.f("fk_scheduled_publication_scheduled_by_id_person"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_publication")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scheduled_publication_public_id")),
    )
    with op.batch_alter_table("scheduled_publication", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scheduled_publication_round_id"), ["round_id"], unique=False
        )
        batch_op.create_index(
            "uq_scheduled_publication_totals",
            ["contest_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_scheduled_publication_waiting",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "signatory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "secretary",
                "chief_judge",
                "chair",
                name="signrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_signatory_over")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["contest.id"],
            name=op.f("fk_signatory_contest_id_contest"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signatory_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_signatory_round_id_round"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
        sa.UniqueConstraint("contest_id", "role", name=op.f("uq_signatory_contest_id_role")),
        sa.UniqueConstraint("round_id", "role", name=op.f("uq_signatory_round_id_role")),
    )
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signatory_person_id"), ["person_id"], unique=False)

    op.create_table(
        "unit_pulse",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.Text(), nullable=False),
        sa.Column("registered", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_unit_pulse_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_unit_pulse")),
    )
    op.create_table(
        "unsealing",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unsealed_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("unsealed_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_unsealing_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_unsealing_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["unsealed_by_id"], ["person.id"], name=op.f("fk_unsealing_unsealed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_unsealing")),
    )
    op.create_table(
        "unsealing_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_unsealing_request_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_unsealing_request_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsealing_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unsealing_request_public_id")),
    )
    with op.batch_alter_table("unsealing_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unsealing_request_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("rank_run_id", sa.Integer(), nullable=True),
        sa.Column("total_run_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "trace",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "honours",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "extras",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(rank_run_id IS NULL) = (round_id IS NULL)", name=op.f("ck_allocation_rank_run")
        ),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_allocation_over")
        ),
        sa.CheckConstraint(
            "(total_run_id IS NULL) = (contest_id IS NULL)", name=op.f("ck_allocation_total_run")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_allocation_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_allocation_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["rank_run_id"], ["rank_run.id"], name=op.f("fk_allocation_rank_run_id_rank_run")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_allocation_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["total_run_id"], ["total_run.id"], name=op.f("fk_allocation_total_run_id_total_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_allocation_contest_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_allocation_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_allocation_round_id_number")),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_rank_run_id"), ["rank_run_id"], unique=False
        )

    op.create_table(
        "blueprint_cell",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                "very_hard",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_blueprint_cell_count")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["quiz_round.round_id"],
            name=op.f("fk_blueprint_cell_round_id_quiz_round"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_blueprint_cell_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("round_id", "position", name=op.f("pk_blueprint_cell")),
    )
    op.create_table(
        "bulk_change_row",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("refusal", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["bulk_change.id"],
            name=op.f("fk_bulk_change_row_change_id_bulk_change"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_bulk_change_row_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("change_id", "question_id", name=op.f("pk_bulk_change_row")),
    )
    with op.batch_alter_table("bulk_change_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bulk_change_row_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "calibration_mark",
        sa.Column("essay_id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column(
            "points",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("marked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["essay_id"],
            ["calibration_essay.id"],
            name=op.f("fk_calibration_mark_essay_id_calibration_essay"),
        ),
        sa.ForeignKeyConstraint(
            ["juror_id"], ["juror.id"], name=op.f("fk_calibration_mark_juror_id_juror")
        ),
        sa.PrimaryKeyConstraint("essay_id", "juror_id", name=op.f("pk_calibration_mark")),
    )
    with op.batch_alter_table("calibration_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_calibration_mark_juror_id"), ["juror_id"], unique=False
        )

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "unit_id IS NOT NULL OR name_folded <> ''", name=op.f("ck_conflict_what")
        ),
        sa.ForeignKeyConstraint(
            ["juror_id"], ["juror.id"], name=op.f("fk_conflict_juror_id_juror")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_conflict_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("public_id", name=op.f("uq_conflict_public_id")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_juror_id"), ["juror_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("max_points", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column(
            "bands",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("max_points > 0", name=op.f("ck_criterion_max_points")),
        sa.CheckConstraint("step > 0 AND step <= max_points", name=op.f("ck_criterion_step")),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["judged_round.round_id"],
            name=op.f("fk_criterion_round_id_judged_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("public_id", name=op.f("uq_criterion_public_id")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_criterion_round_id_position")),
    )
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_round_id"), ["round_id"], unique=False)

    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "both_kept",
                "retired",
                "same",
                name="duplicatestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_duplicate_pair_order")),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["bank.id"], name=op.f("fk_duplicate_pair_bank_id_bank")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_duplicate_pair_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["question.id"],
            name=op.f("fk_duplicate_pair_first_id_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["question.id"],
            name=op.f("fk_duplicate_pair_second_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_duplicate_pair_first_id_second_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_duplicate_pair_public_id")),
    )
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.create_index("ix_duplicate_pair_bank", ["bank_id", "state", "share"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_duplicate_pair_second_id"), ["second_id"], unique=False
        )

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_entry_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_entry_registration_id_registration"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_entry_public_id")),
        sa.UniqueConstraint(
            "registration_id", "ordinal", name=op.f("uq_entry_registration_id_ordinal")
        ),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_contest_id"), ["contest_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_entry_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "form_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "sort",
            sa.Enum(
                "text",
                "long_text",
                "choice",
                "number",
                "date",
                "file",
                "picture",
                "person",
                name="fieldsort",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column(
            "options",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("least", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("most_megabytes", sa.Integer(), nullable=True),
        sa.Column("hidden_at", sa.BigInteger(), nullable=True),
        sa.Column("hidden_by_id", sa.Integer(), nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hidden_by_id"], ["person.id"], name=op.f("fk_form_field_hidden_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["essay_round.round_id"],
            name=op.f("fk_form_field_round_id_essay_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_field")),
        sa.UniqueConstraint("round_id", "key", name=op.f("uq_form_field_round_id_key")),
    )
    op.create_table(
        "nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("at_unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "listed",
                "approved",
                "refused",
                "withdrawn",
                name="nominationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "recipient_kind",
            sa.Enum(
                "collective",
                "individual",
                name="recipientkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("recipient_key", sa.String(length=300), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "base",
                "district",
                "bloc",
                "city",
                "ministry",
                "prime_minister",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "commendation",
                "letter",
                "commendation_paper",
                "merit_certificate",
                "emulation_title",
                "emulation_flag",
                "medal",
                "order",
                name="awardform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("achievement", sa.String(length=300), nullable=False),
        sa.Column("achievement_key", sa.String(length=300), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("commendation_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["at_unit_id"], ["unit.id"], name=op.f("fk_nomination_at_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["commendation_id"],
            ["commendation.id"],
            name=op.f("fk_nomination_commendation_id_commendation"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_nomination_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nomination_person_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_nomination_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
        sa.UniqueConstraint("public_id", name=op.f("uq_nomination_public_id")),
    )
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nomination_achievement_key"), ["achievement_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_nomination_at_unit_id"), ["at_unit_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_nomination_commendation_id"), ["commendation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_nomination_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_nomination_recipient_key"), ["recipient_key"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_nomination_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "question_import_row",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=120), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "cells",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "errors",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("twin_id", sa.Integer(), nullable=True),
        sa.Column("twin_row", sa.Integer(), nullable=True),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("lacks_words", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("topic_name", sa.String(length=400), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                "very_hard",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("stem", sa.Text(), nullable=True),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "tags",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("mark", sa.BigInteger(), nullable=True),
        sa.Column("search_folded", sa.Text(), nullable=True),
        sa.Column("stem_digest", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=True),
        sa.Column("revision_public_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["question_import.id"],
            name=op.f("fk_question_import_row_import_id_question_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["question.id"],
            name=op.f("fk_question_import_row_target_id_question"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topic.id"],
            name=op.f("fk_question_import_row_topic_id_topic"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["twin_id"],
            ["question.id"],
            name=op.f("fk_question_import_row_twin_id_question"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_question_import_row")),
    )
    with op.batch_alter_table("question_import_row", schema=None) as batch_op:
        batch_op.create_index(
            "ix_question_import_row_stem_digest", ["import_id", "stem_digest"], unique=False
        )

    op.create_table(
        "question_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("mark >= 0", name=op.f("ck_question_revision_mark")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_question_revision_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_revision_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_revision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_revision_public_id")),
        sa.UniqueConstraint(
            "question_id", "number", name=op.f("uq_question_revision_question_id_number")
        ),
    )
    op.create_table(
        "question_tag",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_tag_question_id_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "name", name=op.f("pk_question_tag")),
    )
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_tag_name"), ["name"], unique=False)

    op.create_table(
        "question_use",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_use_question_id_question")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_question_use_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "question_id", name=op.f("pk_question_use")),
    )
    with op.batch_alter_table("question_use", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_use_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "marking",
                "ready",
                "applied",
                "dropped",
                name="regradestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column(
            "rulings",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "preview",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("job_public_id", sa.String(length=16), nullable=True),
        sa.Column("old_run_id", sa.Integer(), nullable=True),
        sa.Column("new_run_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["applied_by_id"], ["person.id"], name=op.f("fk_regrade_applied_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_regrade_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["new_run_id"], ["rank_run.id"], name=op.f("fk_regrade_new_run_id_rank_run")
        ),
        sa.ForeignKeyConstraint(
            ["old_run_id"], ["rank_run.id"], name=op.f("fk_regrade_old_run_id_rank_run")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_regrade_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sa.UniqueConstraint("public_id", name=op.f("uq_regrade_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_regrade_round_id_number")),
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(
            "uq_regrade_open",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('marking', 'ready')"),
            postgresql_where=sa.text("state IN ('marking', 'ready')"),
        )

    op.create_table(
        "total_score",
        sa.Column("total_run_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column(
            "parts",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_total_score_division_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_total_score_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(
            ["total_run_id"], ["total_run.id"], name=op.f("fk_total_score_total_run_id_total_run")
        ),
        sa.PrimaryKeyConstraint("total_run_id", "registration_id", name=op.f("pk_total_score")),
    )
    with op.batch_alter_table("total_score", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_total_score_registration_id"), ["registration_id"], unique=False
        )
        batch_op.create_index(
            "ix_total_score_run_place", ["total_run_id", "division_id", "place"], unique=False
        )

    op.create_table(
        "unit_sum",
        sa.Column("rank_run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_ids", sa.String(length=400), nullable=False),
        sa.Column("unit_path", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ranked",
                "no_prize",
                "disqualified",
                name="scorestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rank_run_id"],
            ["rank_run.id"],
            name=op.f("fk_unit_sum_rank_run_id_rank_run"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_sum_unit_id_unit")),
        sa.PrimaryKeyConstraint("rank_run_id", "number", name=op.f("pk_unit_sum")),
    )
    with op.batch_alter_table("unit_sum", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_sum_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "paper",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "seen",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("writer", sa.Integer(), nullable=False),
        sa.Column("one_way", sa.Boolean(), nullable=True),
        sa.Column(
            "sections",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline_at", sa.BigInteger(), nullable=False),
        sa.Column("grace_until", sa.BigInteger(), nullable=False),
        sa.Column(
            "pauses",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "closed_by",
            sa.Enum(
                "person",
                "server",
                name="closedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("answers_digest", sa.String(length=64), nullable=True),
        sa.Column("receipt_code", sa.String(length=20), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("max_points", sa.BigInteger(), nullable=True),
        sa.Column("correct_count", sa.Integer(), nullable=True),
        sa.Column("question_count", sa.Integer(), nullable=False),
        sa.Column("dropped_count", sa.Integer(), nullable=False),
        sa.Column("prediction", sa.Integer(), nullable=True),
        sa.Column("working_ms", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_attempt_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_attempt_person_id_person")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_attempt_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_public_id")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq_attempt_receipt_code")),
        sa.UniqueConstraint(
            "round_id", "entry_id", "ordinal", name=op.f("uq_attempt_round_id_entry_id_ordinal")
        ),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attempt_overdue",
            ["grace_until"],
            unique=False,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_attempt_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "ix_attempt_round_submitted", ["round_id", "submitted_at"], unique=False
        )
        batch_op.create_index(
            "uq_attempt_open",
            ["round_id", "entry_id"],
            unique=True,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )

    op.create_table(
        "disqualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "evidence",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_disqualification_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_disqualification_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_disqualification_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disqualification")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disqualification_public_id")),
    )
    with op.batch_alter_table("disqualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disqualification_entry_id"), ["entry_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_disqualification_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "extra_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "entry_id IS NOT NULL OR unit_id IS NOT NULL", name=op.f("ck_extra_time_whose")
        ),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_extra_time_seconds")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_extra_time_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_extra_time_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_extra_time_round_id_round")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_extra_time_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_time")),
        sa.UniqueConstraint("public_id", name=op.f("uq_extra_time_public_id")),
    )
    with op.batch_alter_table("extra_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extra_time_round_id"), ["round_id"], unique=False)

    op.create_table(
        "fairness_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("other_entry_id", sa.Integer(), nullable=True),
        sa.Column(
            "sign",
            sa.Enum(
                "fast",
                "alike",
                "device",
                "predictions",
                "focus",
                name="fairnesssign",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("group_name", sa.String(length=24), nullable=False),
        sa.Column(
            "figures",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_fairness_finding_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["other_entry_id"], ["entry.id"], name=op.f("fk_fairness_finding_other_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_fairness_finding_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_finding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fairness_finding_public_id")),
    )
    with op.batch_alter_table("fairness_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fairness_finding_entry_id"), ["entry_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_fairness_finding_found_at"), ["found_at"], unique=False
        )
        batch_op.create_index("ix_fairness_finding_round", ["round_id", "entry_id"], unique=False)

    op.create_table(
        "fairness_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_fairness_note_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_fairness_note_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_fairness_note_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairness_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_fairness_note_public_id")),
    )
    with op.batch_alter_table("fairness_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fairness_note_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_fairness_note_round", ["round_id", "entry_id"], unique=False)

    op.create_table(
        "item_statistic",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "figures",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "sums",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "options",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "parts",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_item_statistic_question_id_question")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revision.id"],
            name=op.f("fk_item_statistic_revision_id_question_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_item_statistic_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "question_id", name=op.f("pk_item_statistic")),
    )
    with op.batch_alter_table("item_statistic", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_statistic_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "late_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "entry_id IS NOT NULL OR unit_id IS NOT NULL", name=op.f("ck_late_ruling_whose")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_late_ruling_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_late_ruling_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_late_ruling_round_id_round")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_late_ruling_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_ruling")),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_ruling_public_id")),
    )
    with op.batch_alter_table("late_ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_ruling_round_id"), ["round_id"], unique=False)

    op.create_table(
        "moved_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "entry_id IS NOT NULL OR unit_id IS NOT NULL", name=op.f("ck_moved_window_whose")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_moved_window_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_moved_window_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_moved_window_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_moved_window_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_window")),
        sa.UniqueConstraint("public_id", name=op.f("uq_moved_window_public_id")),
    )
    with op.batch_alter_table("moved_window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_window_round_id"), ["round_id"], unique=False)

    op.create_table(
        "nomination_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_nomination_file_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"],
            ["nomination.id"],
            name=op.f("fk_nomination_file_nomination_id_nomination"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_nomination_file_public_id")),
    )
    with op.batch_alter_table("nomination_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nomination_file_nomination_id"), ["nomination_id"], unique=False
        )

    op.create_table(
        "nomination_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("nomination_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "submitted",
                "forwarded",
                "returned",
                "listed",
                "approved",
                "refused",
                "withdrawn",
                name="nominationverdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_nomination_step_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["nomination_id"],
            ["nomination.id"],
            name=op.f("fk_nomination_step_nomination_id_nomination"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_nomination_step_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_step")),
        sa.UniqueConstraint(
            "nomination_id", "number", name=op.f("uq_nomination_step_nomination_id_number")
        ),
    )
    op.create_table(
        "pool_question",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column(
            "difficulty",
            sa.Enum(
                "easy",
                "medium",
                "hard",
                "very_hard",
                name="difficulty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("use_rank", sa.Integer(), nullable=False),
        sa.Column(
            "enemies",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "above",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_pool_question_question_id_question")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revision.id"],
            name=op.f("fk_pool_question_revision_id_question_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["quiz_round.round_id"], name=op.f("fk_pool_question_round_id_quiz_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "question_id", name=op.f("pk_pool_question")),
    )
    op.create_table(
        "prize_award",
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_prize_award_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_prize_award_division_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_prize_award_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["level_id"], ["prize_level.id"], name=op.f("fk_prize_award_level_id_prize_level")
        ),
        sa.PrimaryKeyConstraint("allocation_id", "entry_id", name=op.f("pk_prize_award")),
    )
    with op.batch_alter_table("prize_award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prize_award_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("rank_run_id", sa.Integer(), nullable=True),
        sa.Column("total_run_id", sa.Integer(), nullable=True),
        sa.Column(
            "snapshot",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("audit_head", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(rank_run_id IS NULL) = (round_id IS NULL)", name=op.f("ck_publication_rank_run")
        ),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_publication_over")
        ),
        sa.CheckConstraint(
            "(total_run_id IS NULL) = (contest_id IS NULL)", name=op.f("ck_publication_total_run")
        ),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_publication_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_publication_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_publication_published_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["rank_run_id"], ["rank_run.id"], name=op.f("fk_publication_rank_run_id_rank_run")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_publication_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["total_run_id"], ["total_run.id"], name=op.f("fk_publication_total_run_id_total_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_publication_contest_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_publication_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_publication_round_id_number")),
    )
    op.create_table(
        "question_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "checked",
                "approved",
                "retired",
                name="questionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_question_comment_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_comment_question_id_question")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"],
            ["person.id"],
            name=op.f("fk_question_comment_resolved_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revision.id"],
            name=op.f("fk_question_comment_revision_id_question_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_comment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_comment_public_id")),
    )
    with op.batch_alter_table("question_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_comment_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "regrade_move",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("old_place", sa.Integer(), nullable=True),
        sa.Column("new_place", sa.Integer(), nullable=True),
        sa.Column("old_points", sa.BigInteger(), nullable=True),
        sa.Column("new_points", sa.BigInteger(), nullable=True),
        sa.Column("old_prize", sa.String(length=120), nullable=False),
        sa.Column("new_prize", sa.String(length=120), nullable=False),
        sa.Column("is_prize_changed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_regrade_move_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"],
            ["regrade.id"],
            name=op.f("fk_regrade_move_regrade_id_regrade"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("regrade_id", "entry_id", name=op.f("pk_regrade_move")),
    )
    with op.batch_alter_table("regrade_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_move_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(
            "ix_regrade_move_order", ["regrade_id", "is_prize_changed", "new_place"], unique=False
        )

    op.create_table(
        "round_score",
        sa.Column("rank_run_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("max_points", sa.BigInteger(), nullable=False),
        sa.Column("key_1", sa.BigInteger(), nullable=True),
        sa.Column("key_2", sa.BigInteger(), nullable=True),
        sa.Column("key_3", sa.BigInteger(), nullable=True),
        sa.Column("key_4", sa.BigInteger(), nullable=True),
        sa.Column("key_5", sa.BigInteger(), nullable=True),
        sa.Column("key_6", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "ranked",
                "no_prize",
                "disqualified",
                name="scorestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["division_id"], ["division.id"], name=op.f("fk_round_score_division_id_division")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_round_score_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["rank_run_id", "round_id"],
            ["rank_run.id", "rank_run.round_id"],
            name=op.f("fk_round_score_rank_run_id_round_id_rank_run"),
        ),
        sa.PrimaryKeyConstraint("rank_run_id", "entry_id", name=op.f("pk_round_score")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("round_score", schema=None) as batch_op:
        batch_op.create_index(
            "ix_round_score_run_place", ["rank_run_id", "division_id", "place"], unique=False
        )

    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "secretary",
                "chief_judge",
                "chair",
                name="signrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_signature_allocation_id_allocation")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("allocation_id", "role", name=op.f("uq_signature_allocation_id_role")),
        sa.UniqueConstraint("public_id", name=op.f("uq_signature_public_id")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_person_id"), ["person_id"], unique=False)

    op.create_table(
        "verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "confirmed",
                "doubtful",
                "absent",
                name="verificationoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("right_count", sa.Integer(), nullable=True),
        sa.Column("question_count", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_verification_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_verification_invited_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_verification_recorded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_verification_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
        sa.UniqueConstraint("public_id", name=op.f("uq_verification_public_id")),
        sa.UniqueConstraint("round_id", "entry_id", name=op.f("uq_verification_round_id_entry_id")),
    )
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verification_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "waiting_place",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_waiting_place_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_waiting_place_round_id_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "entry_id", name=op.f("pk_waiting_place")),
    )
    with op.batch_alter_table("waiting_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_place_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index("ix_waiting_place_order", ["round_id", "arrived_at"], unique=False)

    op.create_table(
        "work",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "withdrawn",
                name="workstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("submitted_version_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("receipt_code", sa.String(length=20), nullable=True),
        sa.Column("receipt_digest", sa.String(length=64), nullable=True),
        sa.Column("pledged_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "identity_hints",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("advanced_from_id", sa.Integer(), nullable=True),
        sa.Column("late_until", sa.BigInteger(), nullable=True),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("came_late", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("postmarked_on", sa.Date(), nullable=True),
        sa.Column("kept_where", sa.String(length=200), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["advanced_from_id"], ["work.id"], name=op.f("fk_work_advanced_from_id_work")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_work_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_work_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_person_id_person")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_work_round_id_round")),
        sa.ForeignKeyConstraint(
            ["submitted_version_id"],
            ["work_version.id"],
            name=op.f("fk_work_submitted_version_id_work_version"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["work_version.id"],
            name=op.f("fk_work_version_id_work_version"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_public_id")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq_work_receipt_code")),
        sa.UniqueConstraint("round_id", "entry_id", name=op.f("uq_work_round_id_entry_id")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_advanced_from_id"), ["advanced_from_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_work_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_round_id"), ["round_id"], unique=False)
        batch_op.create_index("ix_work_round_state", ["round_id", "state"], unique=False)

    op.create_table(
        "answer_ledger",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_answer_ledger_attempt_id_attempt")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "attempt_id", "epoch", "sequence", name=op.f("pk_answer_ledger")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "marking",
                "decided",
                name="appealstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("official", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_appeal_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_appeal_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_appeal_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_appeal_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_appeal_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeal_public_id")),
        sa.UniqueConstraint("round_id", "entry_id", name=op.f("uq_appeal_round_id_entry_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_person_id"), ["person_id"], unique=False)

    op.create_table(
        "certificate_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("contest_id", sa.Integer(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "participation",
                "prize",
                "honour",
                name="certificatekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "look",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("job_public_id", sa.String(length=16), nullable=True),
        sa.Column("zip_file_id", sa.Integer(), nullable=True),
        sa.Column("print_file_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(round_id IS NULL) <> (contest_id IS NULL)", name=op.f("ck_certificate_batch_over")
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_certificate_batch_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_certificate_batch_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["print_file_id"],
            ["stored_file.id"],
            name=op.f("fk_certificate_batch_print_file_id_stored_file"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_certificate_batch_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_certificate_batch_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["zip_file_id"],
            ["stored_file.id"],
            name=op.f("fk_certificate_batch_zip_file_id_stored_file"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_batch_public_id")),
    )
    with op.batch_alter_table("certificate_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_batch_contest_id"), ["contest_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_batch_round_id"), ["round_id"], unique=False
        )

    op.create_table(
        "essay_answer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("points IS NULL OR points >= 0", name=op.f("ck_essay_answer_points")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_essay_answer_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["person.id"], name=op.f("fk_essay_answer_marked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revision.id"],
            name=op.f("fk_essay_answer_revision_id_question_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_essay_answer_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_essay_answer")),
        sa.UniqueConstraint("attempt_id", "slot", name=op.f("uq_essay_answer_attempt_id_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_essay_answer_public_id")),
    )
    with op.batch_alter_table("essay_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_essay_answer_marked_by_id"), ["marked_by_id"], unique=False
        )
        batch_op.create_index("ix_essay_answer_queue", ["round_id", "code"], unique=False)

    op.create_table(
        "extra_marking",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "check",
                "band",
                name="extrapurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("marking", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("called_by_id", sa.Integer(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("left_out_at", sa.BigInteger(), nullable=True),
        sa.Column("left_out_by_id", sa.Integer(), nullable=True),
        sa.Column("left_out_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["called_by_id"], ["person.id"], name=op.f("fk_extra_marking_called_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["left_out_by_id"], ["person.id"], name=op.f("fk_extra_marking_left_out_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_extra_marking_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_extra_marking_work_id_work")
        ),
        sa.PrimaryKeyConstraint("work_id", "purpose", name=op.f("pk_extra_marking")),
        sa.UniqueConstraint("work_id", "marking", name=op.f("uq_extra_marking_work_id_marking")),
    )
    with op.batch_alter_table("extra_marking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extra_marking_round_id"), ["round_id"], unique=False)

    op.create_table(
        "late_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_late_code_for_person_or_unit")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["person.id"], name=op.f("fk_late_code_issued_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_late_code_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_late_code_round_id_round")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_late_code_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["used_by_id"], ["person.id"], name=op.f("fk_late_code_used_by_id_person")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_late_code_work_id_work")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_code")),
        sa.UniqueConstraint("code", name=op.f("uq_late_code_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_late_code_public_id")),
    )
    with op.batch_alter_table("late_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_code_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_code_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_code_work_id"), ["work_id"], unique=False)

    op.create_table(
        "late_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("ruling_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_late_evidence_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_late_evidence_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["ruling_id"], ["late_ruling.id"], name=op.f("fk_late_evidence_ruling_id_late_ruling")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_evidence")),
        sa.UniqueConstraint(
            "attempt_id",
            "epoch",
            "sequence",
            name=op.f("uq_late_evidence_attempt_id_epoch_sequence"),
        ),
    )
    with op.batch_alter_table("late_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_late_evidence_attempt_id"), ["attempt_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_late_evidence_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_late_evidence_ruling_id"), ["ruling_id"], unique=False)

    op.create_table(
        "lowered_quorum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint("quorum >= 1", name=op.f("ck_lowered_quorum_quorum")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_lowered_quorum_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_lowered_quorum_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_lowered_quorum_work_id_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lowered_quorum")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lowered_quorum_public_id")),
    )
    with op.batch_alter_table("lowered_quorum", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lowered_quorum_round_id"), ["round_id"], unique=False)

    op.create_table(
        "mark_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("juror_id", sa.Integer(), nullable=False),
        sa.Column("marking", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "todo",
                "open",
                "done",
                "abstained",
                "moved",
                name="sheetstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["juror_id"], ["juror.id"], name=op.f("fk_mark_sheet_juror_id_juror")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_mark_sheet_round_id_round")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_mark_sheet_work_id_work")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_sheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mark_sheet_public_id")),
        sa.UniqueConstraint("work_id", "juror_id", name=op.f("uq_mark_sheet_work_id_juror_id")),
    )
    with op.batch_alter_table("mark_sheet", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mark_sheet_juror_position", ["juror_id", "position"], unique=False
        )
        batch_op.create_index(
            "ix_mark_sheet_round_state", ["round_id", "state", "work_id"], unique=False
        )
        batch_op.create_index("ix_mark_sheet_round_work", ["round_id", "work_id"], unique=False)

    op.create_table(
        "question_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "changed",
                name="reportoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_question_report_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["question_revision.id"],
            name=op.f("fk_question_report_revision_id_question_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_question_report_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_question_report_settled_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_report")),
        sa.UniqueConstraint("attempt_id", "slot", name=op.f("uq_question_report_attempt_id_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_report_public_id")),
    )
    with op.batch_alter_table("question_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_report_attempt_id"), ["attempt_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_question_report_revision_id"), ["revision_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_question_report_round_id"), ["round_id"], unique=False)

    op.create_table(
        "regrade_mark",
        sa.Column("regrade_id", sa.Integer(), nullable=False),
        sa.Column(
            "attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("max_points", sa.BigInteger(), nullable=False),
        sa.Column("correct_count", sa.Integer(), nullable=False),
        sa.Column("dropped_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_mark_attempt_id_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["regrade_id"],
            ["regrade.id"],
            name=op.f("fk_regrade_mark_regrade_id_regrade"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_regrade_mark_round_id_round")
        ),
        sa.PrimaryKeyConstraint("regrade_id", "attempt_id", name=op.f("pk_regrade_mark")),
    )
    with op.batch_alter_table("regrade_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_regrade_mark_attempt_id"), ["attempt_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_regrade_mark_round_id"), ["round_id"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "mean",
                "agreed",
                "equal_pair",
                "mean_of_three",
                "third",
                "closest",
                "median",
                "trimmed",
                "without_far",
                "chief",
                "panel",
                "appeal",
                name="resolutionmethod",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column(
            "detail",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_resolution_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_resolution_round_id_round")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_resolution_work_id_work")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint("public_id", name=op.f("uq_resolution_public_id")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_resolution_work_id_number")),
    )
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resolution_round_id"), ["round_id"], unique=False)

    op.create_table(
        "work_author",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("name_folded", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_work_author_person_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_work_author_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_work_author_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "position", name=op.f("pk_work_author")),
    )
    with op.batch_alter_table("work_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_author_person_id"), ["person_id"], unique=False)

    op.create_table(
        "work_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "picture",
                "document",
                name="workfilekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field_key", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("original_id", sa.Integer(), nullable=False),
        sa.Column("clean_id", sa.Integer(), nullable=True),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("alternative_text", sa.String(length=300), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["clean_id"], ["stored_file.id"], name=op.f("fk_work_file_clean_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["original_id"], ["stored_file.id"], name=op.f("fk_work_file_original_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_work_file_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_file_public_id")),
    )
    with op.batch_alter_table("work_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_file_work_id"), ["work_id"], unique=False)

    op.create_table(
        "work_subject",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_work_subject_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_work_subject_work_id_work"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("work_id", "subject_id", name=op.f("pk_work_subject")),
    )
    with op.batch_alter_table("work_subject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_subject_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "work_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("subject_name", sa.String(length=120), nullable=False),
        sa.Column("subject_unit", sa.String(length=200), nullable=False),
        sa.Column("subject_reason", sa.Text(), nullable=False),
        sa.Column("subject_shown", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("is_autosave", sa.Boolean(), nullable=False),
        sa.Column("save_key", sa.String(length=32), nullable=False),
        sa.Column("search_folded", sa.Text(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "private_answers",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["person.id"], name=op.f("fk_work_version_saved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_work_version_work_id_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_work_version_public_id")),
        sa.UniqueConstraint("work_id", "number", name=op.f("uq_work_version_work_id_number")),
    )
    with op.batch_alter_table("work_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_version_work_id"), ["work_id"], unique=False)

    op.create_table(
        "appeal_mark",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("marked_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_appeal_mark_position")),
        sa.ForeignKeyConstraint(
            ["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_mark_appeal_id_appeal")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_appeal_mark_person_id_person")
        ),
        sa.PrimaryKeyConstraint("appeal_id", "position", name=op.f("pk_appeal_mark")),
        sa.UniqueConstraint(
            "appeal_id", "person_id", name=op.f("uq_appeal_mark_appeal_id_person_id")
        ),
    )
    with op.batch_alter_table("appeal_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_mark_person_id"), ["person_id"], unique=False)

    op.create_table(
        "blind_code",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subject_line", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column(
            "captions",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "masked",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_blind_code_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["work_version.id"], name=op.f("fk_blind_code_version_id_work_version")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_blind_code_work_id_work")),
        sa.PrimaryKeyConstraint("round_id", "work_id", name=op.f("pk_blind_code")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_blind_code_round_id_code")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "participation",
                "prize",
                "honour",
                name="certificatekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("unit_name", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["certificate_batch.id"],
            name=op.f("fk_certificate_batch_id_certificate_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"], ["contest.id"], name=op.f("fk_certificate_contest_id_contest")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_replaced_by_id_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["person.id"], name=op.f("fk_certificate_revoked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_certificate_round_id_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("contest_id", "number", name=op.f("uq_certificate_contest_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_certificate_round_kind", ["round_id", "kind"], unique=False)

    op.create_table(
        "essay_mark",
        sa.Column(
            "answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["essay_answer.id"], name=op.f("fk_essay_mark_answer_id_essay_answer")
        ),
        sa.ForeignKeyConstraint(
            ["marked_by_id"], ["person.id"], name=op.f("fk_essay_mark_marked_by_id_person")
        ),
        sa.PrimaryKeyConstraint("answer_id", "number", name=op.f("pk_essay_mark")),
    )
    with op.batch_alter_table("essay_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_essay_mark_marked_by_id"), ["marked_by_id"], unique=False
        )

    op.create_table(
        "guardian_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("guardian", sa.String(length=120), nullable=False),
        sa.Column("relation", sa.String(length=80), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "paper",
                "letter",
                "phone",
                "in_person",
                name="consentchannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("kept_where", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["person.id"],
            name=op.f("fk_guardian_consent_recorded_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["person.id"],
            name=op.f("fk_guardian_consent_withdrawn_by_id_person"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id", "position"],
            ["work_author.work_id", "work_author.position"],
            name=op.f("fk_guardian_consent_work_id_position_work_author"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_consent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guardian_consent_public_id")),
    )
    with op.batch_alter_table("guardian_consent", schema=None) as batch_op:
        batch_op.create_index("ix_guardian_consent_author", ["work_id", "position"], unique=False)

    op.create_table(
        "near_duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("work_a_id", sa.Integer(), nullable=False),
        sa.Column("work_b_id", sa.Integer(), nullable=False),
        sa.Column("version_a_id", sa.Integer(), nullable=False),
        sa.Column("version_b_id", sa.Integer(), nullable=False),
        sa.Column("share_a", sa.Integer(), nullable=False),
        sa.Column("share_b", sa.Integer(), nullable=False),
        sa.Column(
            "spans",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("verdict_note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_near_duplicate_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_near_duplicate_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["version_a_id"],
            ["work_version.id"],
            name=op.f("fk_near_duplicate_version_a_id_work_version"),
        ),
        sa.ForeignKeyConstraint(
            ["version_b_id"],
            ["work_version.id"],
            name=op.f("fk_near_duplicate_version_b_id_work_version"),
        ),
        sa.ForeignKeyConstraint(
            ["work_a_id"], ["work.id"], name=op.f("fk_near_duplicate_work_a_id_work")
        ),
        sa.ForeignKeyConstraint(
            ["work_b_id"], ["work.id"], name=op.f("fk_near_duplicate_work_b_id_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_near_duplicate")),
        sa.UniqueConstraint("public_id", name=op.f("uq_near_duplicate_public_id")),
        sa.UniqueConstraint(
            "work_a_id", "work_b_id", name=op.f("uq_near_duplicate_work_a_id_work_b_id")
        ),
    )
    with op.batch_alter_table("near_duplicate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_near_duplicate_round_id"), ["round_id"], unique=False)

    op.create_table(
        "passed_remark",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["person.id"], name=op.f("fk_passed_remark_chosen_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_passed_remark_sheet_id_mark_sheet")
        ),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_passed_remark")),
    )
    op.create_table(
        "refused_save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("seen_edit", sa.Integer(), nullable=False),
        sa.Column(
            "marks",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("refused_at", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_refused_save_sheet_id_mark_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_save")),
        sa.UniqueConstraint("public_id", name=op.f("uq_refused_save_public_id")),
        sa.UniqueConstraint("sheet_id", "digest", name=op.f("uq_refused_save_sheet_id_digest")),
    )
    op.create_table(
        "screening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "passed",
                "returned",
                "ineligible",
                name="screeningoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reasons",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_screening_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["work_version.id"], name=op.f("fk_screening_version_id_work_version")
        ),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_screening_work_id_work")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint("public_id", name=op.f("uq_screening_public_id")),
    )
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screening_work_id"), ["work_id"], unique=False)
        batch_op.create_index(
            "uq_screening_current",
            ["work_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )

    op.create_table(
        "sheet_mark",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_sheet_mark_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_sheet_mark_sheet_id_mark_sheet")
        ),
        sa.PrimaryKeyConstraint("sheet_id", "criterion_id", "edit", name=op.f("pk_sheet_mark")),
    )
    op.create_table(
        "sheet_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_sheet_note_range")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["criterion.id"], name=op.f("fk_sheet_note_criterion_id_criterion")
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_sheet_note_sheet_id_mark_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_note_public_id")),
    )
    with op.batch_alter_table("sheet_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_note_sheet_id"), ["sheet_id"], unique=False)

    op.create_table(
        "sheet_remark",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["mark_sheet.id"], name=op.f("fk_sheet_remark_sheet_id_mark_sheet")
        ),
        sa.PrimaryKeyConstraint("sheet_id", "edit", name=op.f("pk_sheet_remark")),
    )
    op.create_table(
        "unit_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "confirmed",
                "returned",
                name="confirmationoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("signed_as", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_unit_confirmation_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["confirmation_letter.id"],
            name=op.f("fk_unit_confirmation_letter_id_confirmation_letter"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["work_version.id"],
            name=op.f("fk_unit_confirmation_version_id_work_version"),
        ),
        sa.ForeignKeyConstraint(
            ["work_id"], ["work.id"], name=op.f("fk_unit_confirmation_work_id_work")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_confirmation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_confirmation_public_id")),
    )
    with op.batch_alter_table("unit_confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_confirmation_work_id"), ["work_id"], unique=False)
        batch_op.create_index(
            "uq_unit_confirmation_current",
            ["work_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )
    if op.get_context().dialect.name != "sqlite":
        # Tables that point at each other. SQLite takes that as it stands above.
        op.create_foreign_key(
            op.f("fk_question_revision_id_question_revision"),
            "question",
            "question_revision",
            ["revision_id"],
            ["id"],
        )
        op.create_foreign_key(
            op.f("fk_work_submitted_version_id_work_version"),
            "work",
            "work_version",
            ["submitted_version_id"],
            ["id"],
        )
        op.create_foreign_key(
            op.f("fk_work_version_id_work_version"), "work", "work_version", ["version_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(
            op.f("fk_question_revision_id_question_revision"), "question", type_="foreignkey"
        )
        op.drop_constraint(
            op.f("fk_work_submitted_version_id_work_version"), "work", type_="foreignkey"
        )
        op.drop_constraint(op.f("fk_work_version_id_work_version"), "work", type_="foreignkey")
    with op.batch_alter_table("unit_confirmation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_unit_confirmation_current",
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )
        batch_op.drop_index(batch_op.f("ix_unit_confirmation_work_id"))

    op.drop_table("unit_confirmation")
    op.drop_table("sheet_remark")
    with op.batch_alter_table("sheet_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_note_sheet_id"))

    op.drop_table("sheet_note")
    op.drop_table("sheet_mark")
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_screening_current",
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )
        batch_op.drop_index(batch_op.f("ix_screening_work_id"))

    op.drop_table("screening")
    op.drop_table("refused_save")
    op.drop_table("passed_remark")
    with op.batch_alter_table("near_duplicate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_near_duplicate_round_id"))

    op.drop_table("near_duplicate")
    with op.batch_alter_table("guardian_consent", schema=None) as batch_op:
        batch_op.drop_index("ix_guardian_consent_author")

    op.drop_table("guardian_consent")
    with op.batch_alter_table("essay_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_essay_mark_marked_by_id"))

    op.drop_table("essay_mark")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_round_kind")
        batch_op.drop_index(batch_op.f("ix_certificate_person_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_batch_id"))

    op.drop_table("certificate")
    op.drop_table("blind_code")
    with op.batch_alter_table("appeal_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_mark_person_id"))

    op.drop_table("appeal_mark")
    with op.batch_alter_table("work_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_version_work_id"))

    op.drop_table("work_version")
    with op.batch_alter_table("work_subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_subject_subject_id"))

    op.drop_table("work_subject")
    with op.batch_alter_table("work_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_file_work_id"))

    op.drop_table("work_file")
    with op.batch_alter_table("work_author", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_author_person_id"))

    op.drop_table("work_author")
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resolution_round_id"))

    op.drop_table("resolution")
    with op.batch_alter_table("regrade_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrade_mark_round_id"))
        batch_op.drop_index(batch_op.f("ix_regrade_mark_attempt_id"))

    op.drop_table("regrade_mark")
    with op.batch_alter_table("question_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_report_round_id"))
        batch_op.drop_index(batch_op.f("ix_question_report_revision_id"))
        batch_op.drop_index(batch_op.f("ix_question_report_attempt_id"))

    op.drop_table("question_report")
    with op.batch_alter_table("mark_sheet", schema=None) as batch_op:
        batch_op.drop_index("ix_mark_sheet_round_work")
        batch_op.drop_index("ix_mark_sheet_round_state")
        batch_op.drop_index("ix_mark_sheet_juror_position")

    op.drop_table("mark_sheet")
    with op.batch_alter_table("lowered_quorum", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lowered_quorum_round_id"))

    op.drop_table("lowered_quorum")
    with op.batch_alter_table("late_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_evidence_ruling_id"))
        batch_op.drop_index(batch_op.f("ix_late_evidence_round_id"))
        batch_op.drop_index(batch_op.f("ix_late_evidence_attempt_id"))

    op.drop_table("late_evidence")
    with op.batch_alter_table("late_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_code_work_id"))
        batch_op.drop_index(batch_op.f("ix_late_code_round_id"))
        batch_op.drop_index(batch_op.f("ix_late_code_person_id"))

    op.drop_table("late_code")
    with op.batch_alter_table("extra_marking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extra_marking_round_id"))

    op.drop_table("extra_marking")
    with op.batch_alter_table("essay_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_essay_answer_queue")
        batch_op.drop_index(batch_op.f("ix_essay_answer_marked_by_id"))

    op.drop_table("essay_answer")
    with op.batch_alter_table("certificate_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_batch_round_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_batch_contest_id"))

    op.drop_table("certificate_batch")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_person_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_entry_id"))

    op.drop_table("appeal")
    op.drop_table("answer_ledger")
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_index("ix_work_round_state")
        batch_op.drop_index(batch_op.f("ix_work_round_id"))
        batch_op.drop_index(batch_op.f("ix_work_person_id"))
        batch_op.drop_index(batch_op.f("ix_work_entry_id"))
        batch_op.drop_index(batch_op.f("ix_work_advanced_from_id"))

    op.drop_table("work")
    with op.batch_alter_table("waiting_place", schema=None) as batch_op:
        batch_op.drop_index("ix_waiting_place_order")
        batch_op.drop_index(batch_op.f("ix_waiting_place_entry_id"))

    op.drop_table("waiting_place")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_entry_id"))

    op.drop_table("verification")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_person_id"))

    op.drop_table("signature")
    with op.batch_alter_table("round_score", schema=None) as batch_op:
        batch_op.drop_index("ix_round_score_run_place")

    op.drop_table("round_score")
    with op.batch_alter_table("regrade_move", schema=None) as batch_op:
        batch_op.drop_index("ix_regrade_move_order")
        batch_op.drop_index(batch_op.f("ix_regrade_move_entry_id"))

    op.drop_table("regrade_move")
    with op.batch_alter_table("question_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_comment_question_id"))

    op.drop_table("question_comment")
    op.drop_table("publication")
    with op.batch_alter_table("prize_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prize_award_entry_id"))

    op.drop_table("prize_award")
    op.drop_table("pool_question")
    op.drop_table("nomination_step")
    with op.batch_alter_table("nomination_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_file_nomination_id"))

    op.drop_table("nomination_file")
    with op.batch_alter_table("moved_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moved_window_round_id"))

    op.drop_table("moved_window")
    with op.batch_alter_table("late_ruling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_ruling_round_id"))

    op.drop_table("late_ruling")
    with op.batch_alter_table("item_statistic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_statistic_question_id"))

    op.drop_table("item_statistic")
    with op.batch_alter_table("fairness_note", schema=None) as batch_op:
        batch_op.drop_index("ix_fairness_note_round")
        batch_op.drop_index(batch_op.f("ix_fairness_note_entry_id"))

    op.drop_table("fairness_note")
    with op.batch_alter_table("fairness_finding", schema=None) as batch_op:
        batch_op.drop_index("ix_fairness_finding_round")
        batch_op.drop_index(batch_op.f("ix_fairness_finding_found_at"))
        batch_op.drop_index(batch_op.f("ix_fairness_finding_entry_id"))

    op.drop_table("fairness_finding")
    with op.batch_alter_table("extra_time", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extra_time_round_id"))

    op.drop_table("extra_time")
    with op.batch_alter_table("disqualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disqualification_round_id"))
        batch_op.drop_index(batch_op.f("ix_disqualification_entry_id"))

    op.drop_table("disqualification")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_open",
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )
        batch_op.drop_index("ix_attempt_round_submitted")
        batch_op.drop_index(batch_op.f("ix_attempt_person_id"))
        batch_op.drop_index(
            "ix_attempt_overdue",
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )

    op.drop_table("attempt")
    with op.batch_alter_table("unit_sum", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_sum_unit_id"))

    op.drop_table("unit_sum")
    with op.batch_alter_table("total_score", schema=None) as batch_op:
        batch_op.drop_index("ix_total_score_run_place")
        batch_op.drop_index(batch_op.f("ix_total_score_registration_id"))

    op.drop_table("total_score")
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_regrade_open",
            sqlite_where=sa.text("state IN ('marking', 'ready')"),
            postgresql_where=sa.text("state IN ('marking', 'ready')"),
        )

    op.drop_table("regrade")
    with op.batch_alter_table("question_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_use_question_id"))

    op.drop_table("question_use")
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_tag_name"))

    op.drop_table("question_tag")
    op.drop_table("question_revision")
    with op.batch_alter_table("question_import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_question_import_row_stem_digest")

    op.drop_table("question_import_row")
    with op.batch_alter_table("nomination", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_unit_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_recipient_key"))
        batch_op.drop_index(batch_op.f("ix_nomination_person_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_commendation_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_at_unit_id"))
        batch_op.drop_index(batch_op.f("ix_nomination_achievement_key"))

    op.drop_table("nomination")
    op.drop_table("form_field")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_registration_id"))
        batch_op.drop_index(batch_op.f("ix_entry_contest_id"))

    op.drop_table("entry")
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicate_pair_second_id"))
        batch_op.drop_index("ix_duplicate_pair_bank")

    op.drop_table("duplicate_pair")
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_round_id"))

    op.drop_table("criterion")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_juror_id"))

    op.drop_table("conflict")
    with op.batch_alter_table("calibration_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calibration_mark_juror_id"))

    op.drop_table("calibration_mark")
    with op.batch_alter_table("bulk_change_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_change_row_question_id"))

    op.drop_table("bulk_change_row")
    op.drop_table("blueprint_cell")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_allocation_rank_run_id"))

    op.drop_table("allocation")
    with op.batch_alter_table("unsealing_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unsealing_request_round_id"))

    op.drop_table("unsealing_request")
    op.drop_table("unsealing")
    op.drop_table("unit_pulse")
    with op.batch_alter_table("signatory", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signatory_person_id"))

    op.drop_table("signatory")
    with op.batch_alter_table("scheduled_publication", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_scheduled_publication_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "uq_scheduled_publication_totals",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_scheduled_publication_round_id"))

    op.drop_table("scheduled_publication")
    op.drop_table("round_statistic")
    op.drop_table("round_pulse")
    with op.batch_alter_table("round_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_decision_round_id"))

    op.drop_table("round_decision")
    op.drop_table("roster_import_row")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_unit_id"))
        batch_op.drop_index(batch_op.f("ix_registration_person_id"))
        batch_op.drop_index("ix_registration_contest_unit")
        batch_op.drop_index("ix_registration_contest_name")

    op.drop_table("registration")
    op.drop_table("rank_run")
    op.drop_table("rank_key")
    op.drop_table("quiz_round")
    with op.batch_alter_table("question_medium", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_medium_import_id"))
        batch_op.drop_index(batch_op.f("ix_question_medium_file_id"))

    op.drop_table("question_medium")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_question_external_id",
            sqlite_where=sa.text("external_id IS NOT NULL"),
            postgresql_where=sa.text("external_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_question_written")
        batch_op.drop_index(batch_op.f("ix_question_topic_id"))
        batch_op.drop_index("ix_question_stem_digest")
        batch_op.drop_index(batch_op.f("ix_question_source_id"))
        batch_op.drop_index("ix_question_changed")
        batch_op.drop_index("ix_question_bank_state")
        batch_op.drop_index("ix_question_author")

    op.drop_table("question")
    op.drop_table("public_board")
    op.drop_table("prize_terms")
    with op.batch_alter_table("prize_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_prize_level_round_id"))

    op.drop_table("prize_level")
    op.drop_table("printed_paper")
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_round_id"))

    op.drop_table("pause")
    with op.batch_alter_table("participation_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_count_round_id"))
        batch_op.drop_index("ix_participation_count_held_on")
        batch_op.drop_index(batch_op.f("ix_participation_count_contest_id"))

    op.drop_table("participation_count")
    with op.batch_alter_table("jury_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jury_list_round_id"))

    op.drop_table("jury_list")
    with op.batch_alter_table("juror", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_juror_person_id"))

    op.drop_table("juror")
    with op.batch_alter_table("judged_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judged_round_source_round_id"))

    op.drop_table("judged_round")
    with op.batch_alter_table("honour", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_honour_subject_id"))

    op.drop_table("honour")
    op.drop_table("fairness_report")
    with op.batch_alter_table("extra_prize", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extra_prize_round_id"))

    op.drop_table("extra_prize")
    op.drop_table("essay_round")
    with op.batch_alter_table("confirmation_letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmation_letter_round_id"))

    op.drop_table("confirmation_letter")
    op.drop_table("confirmation_demand")
    with op.batch_alter_table("commendation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_commendation_decision_recipient",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_commendation_unit_id"))
        batch_op.drop_index(batch_op.f("ix_commendation_register_unit_id"))
        batch_op.drop_index(batch_op.f("ix_commendation_recipient_key"))
        batch_op.drop_index(batch_op.f("ix_commendation_profile_id"))
        batch_op.drop_index(batch_op.f("ix_commendation_person_id"))
        batch_op.drop_index(batch_op.f("ix_commendation_import_id"))
        batch_op.drop_index(batch_op.f("ix_commendation_decision_key"))
        batch_op.drop_index(batch_op.f("ix_commendation_decided_on"))
        batch_op.drop_index("ix_commendation_counted")
        batch_op.drop_index(batch_op.f("ix_commendation_contest_id"))

    op.drop_table("commendation")
    with op.batch_alter_table("calibration_essay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calibration_essay_round_id"))

    op.drop_table("calibration_essay")
    with op.batch_alter_table("assignment_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_run_round_id"))

    op.drop_table("assignment_run")
    op.drop_table("appeal_terms")
    op.drop_table("unit_terms")
    op.drop_table("total_run")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_topic_root_name",
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_topic_child_name",
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_topic_bank_id"))

    op.drop_table("topic")
    with op.batch_alter_table("subject_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_consent_subject_id"))

    op.drop_table("subject_consent")
    with op.batch_alter_table("subject_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_change_subject_id"))
        batch_op.drop_index(batch_op.f("ix_subject_change_other_id"))
        batch_op.drop_index("ix_subject_change_kind_subject")

    op.drop_table("subject_change")
    with op.batch_alter_table("saved_filter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_filter_bank_id"))

    op.drop_table("saved_filter")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index("ix_round_stage_closes_at")
        batch_op.drop_index(batch_op.f("ix_round_contest_id"))

    op.drop_table("round")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_import_contest_id"))

    op.drop_table("roster_import")
    op.drop_table("question_source")
    with op.batch_alter_table("question_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_import_bank_id"))

    op.drop_table("question_import")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_unit_id"))
        batch_op.drop_index(batch_op.f("ix_project_registered_on"))
        batch_op.drop_index(batch_op.f("ix_project_import_id"))

    op.drop_table("project")
    with op.batch_alter_table("honour_profile", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_honour_profile_unit_id"))
        batch_op.drop_index(batch_op.f("ix_honour_profile_subject_id"))
        batch_op.drop_index("ix_honour_profile_roll")
        batch_op.drop_index(batch_op.f("ix_honour_profile_register_unit_id"))
        batch_op.drop_index(batch_op.f("ix_honour_profile_person_id"))

    op.drop_table("honour_profile")
    with op.batch_alter_table("division", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_division_contest_id"))

    op.drop_table("division")
    op.drop_table("contest_unit")
    with op.batch_alter_table("contest_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_record_unit_id"))
        batch_op.drop_index(batch_op.f("ix_contest_record_import_id"))
        batch_op.drop_index("ix_contest_record_held_from")

    op.drop_table("contest_record")
    with op.batch_alter_table("certificate_design", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_design_contest_id"))

    op.drop_table("certificate_design")
    with op.batch_alter_table("bulk_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_change_bank_id"))

    op.drop_table("bulk_change")
    with op.batch_alter_table("bank_share", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bank_share_active",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_bank_share_scope_id"))
        batch_op.drop_index(batch_op.f("ix_bank_share_bank_id"))

    op.drop_table("bank_share")
    with op.batch_alter_table("subject_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_subject_request_open",
            sqlite_where=sa.text("state IN ('received', 'confirmed')"),
            postgresql_where=sa.text("state IN ('received', 'confirmed')"),
        )
        batch_op.drop_index(batch_op.f("ix_subject_request_unit_id"))
        batch_op.drop_index("ix_subject_request_state_finish_due_at")
        batch_op.drop_index(batch_op.f("ix_subject_request_person_id"))

    op.drop_table("subject_request")
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subject_unit_id"))
        batch_op.drop_index(batch_op.f("ix_subject_register_unit_id"))
        batch_op.drop_index(batch_op.f("ix_subject_person_id"))
        batch_op.drop_index(batch_op.f("ix_subject_name_folded"))
        batch_op.drop_index(batch_op.f("ix_subject_merged_into_id"))

    op.drop_table("subject")
    with op.batch_alter_table("sign_in_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_challenge_person_id"))

    op.drop_table("sign_in_challenge")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("reported_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reported_figure_unit_id"))

    op.drop_table("reported_figure")
    with op.batch_alter_table("report_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_target_unit_id"))

    op.drop_table("report_target")
    with op.batch_alter_table("register_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_import_unit_id"))

    op.drop_table("register_import")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_person_id"))

    op.drop_table("recovery_code")
    op.drop_table("person_merge")
    with op.batch_alter_table("one_time_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_code_person_id"))
        batch_op.drop_index(batch_op.f("ix_one_time_code_batch"))

    op.drop_table("one_time_code")
    op.drop_table("not_duplicate")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_grant_active",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_grant_scope_id"))
        batch_op.drop_index(batch_op.f("ix_grant_person_id"))

    op.drop_table("grant")
    with op.batch_alter_table("contest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contest_unit_id"))

    op.drop_table("contest")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_scope_id"))
        batch_op.drop_index(batch_op.f("ix_consent_person_id"))

    op.drop_table("consent")
    with op.batch_alter_table("bank", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_unit_id"))

    op.drop_table("bank")
    with op.batch_alter_table("unit_succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_succession_to_unit_id"))

    op.drop_table("unit_succession")
    op.drop_table("unit_headcount")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_unit_id"))
        batch_op.drop_index(batch_op.f("ix_person_sort_key"))
        batch_op.drop_index(batch_op.f("ix_person_name_folded"))

    op.drop_table("person")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_name_folded"))

    op.drop_table("unit")
    op.drop_table("audit_seal")
    op.drop_table("stored_file")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failure_key_failed_at")

    op.drop_table("sign_in_failure")
    with op.batch_alter_table("scope", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_scope_system",
            sqlite_where=sa.text("kind = 'system'"),
            postgresql_where=sa.text("kind = 'system'"),
        )
        batch_op.drop_index(batch_op.f("ix_scope_path"))
        batch_op.drop_index(batch_op.f("ix_scope_parent_id"))

    op.drop_table("scope")
    op.drop_table("save_meter")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index("ix_mail_sent_at_due_at")

    op.drop_table("mail")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_owner_id"))
        batch_op.drop_index(
            "ix_job_due",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.drop_table("job")
    op.drop_table("consent_text")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_subject")
        batch_op.drop_index("ix_audit_event_scope_id")

    op.drop_table("audit_event")
