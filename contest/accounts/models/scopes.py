"""The table of scopes: where grants are given."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.core.db import Base, enum_type


class ScopeKind(StrEnum):
    """What a scope belongs to."""

    SYSTEM = "system"
    UNIT = "unit"
    CONTEST = "contest"
    BANK = "bank"


class Scope(Base):
    """A place where grants are given; a grant holds on the scope and on all below it.

    `path` holds the ids from the root to this scope, as "/1/5/12/", so that "below" is a
    comparison of prefixes on both databases.
    """

    __tablename__ = "scope"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ScopeKind] = mapped_column(enum_type(ScopeKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("scope.id"), index=True)
    path: Mapped[str] = mapped_column(String(400), index=True)

    __table_args__ = (
        Index(
            "uq_scope_system",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'system'"),
            postgresql_where=text("kind = 'system'"),
        ),
    )
