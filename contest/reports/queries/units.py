"""The units whose reports somebody may read."""

from sqlalchemy import func, select

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below
from contest.core.access import Actor, Permission
from contest.core.db import db


def first_unit(actor: Actor, permission: Permission = Permission.SEE_REPORTS) -> Unit | None:
    """The highest unit on which somebody holds a permission, or None."""
    return db.session.scalar(
        select(Unit)
        .join(Unit.scope)
        .where(below(Scope.path, actor.scopes_where(permission)))
        .order_by(func.length(Scope.path), Unit.id)
        .limit(1)
    )


def reported_unit(
    actor: Actor, public_id: str, permission: Permission = Permission.SEE_REPORTS
) -> Unit | None:
    """A unit on which somebody holds a permission, or None."""
    return db.session.scalar(
        select(Unit)
        .join(Unit.scope)
        .where(Unit.public_id == public_id, below(Scope.path, actor.scopes_where(permission)))
    )
