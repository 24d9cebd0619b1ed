"""The table of grants: who holds which role where."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models.people import Person
from contest.accounts.models.scopes import Scope
from contest.core.access import Role
from contest.core.db import Base, PublicIdMixin, UtcInstant, enum_type


class Grant(PublicIdMixin, Base):
    """A person holds a role on a scope and on everything below it."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcInstant)
    ended_at: Mapped[datetime | None] = mapped_column(UtcInstant)

    scope: Mapped[Scope] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        Index(
            "uq_grant_active",
            "person_id",
            "role",
            "scope_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
