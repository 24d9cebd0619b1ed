"""Nominations: those of one's branches, one of them, earlier awards for the same achievement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from contest.accounts.models import Scope, Unit
from contest.accounts.queries.units import below
from contest.awards.models import Commendation, Nomination, NominationState
from contest.awards.rules.commendations import achievement_key
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.core.paging import Page, paginate


def _seen(actor: Actor) -> Any:
    """Nominations that the person's units propose, have before them or have passed on."""
    scope = aliased(Scope)
    return (
        select(Nomination)
        .join(Unit, Unit.id == Nomination.unit_id)
        .join(scope, scope.id == Unit.scope_id)
        .where(below(scope.path, actor.scopes_where(Permission.NOMINATE)))
        .options(joinedload(Nomination.unit), joinedload(Nomination.at_unit))
    )


def nomination_page(
    actor: Actor, state: NominationState | None, *, page: int = 1
) -> Page[Nomination]:
    """Nominations of the person's own branches, the newest first."""
    statement = _seen(actor).order_by(Nomination.id.desc())
    if state is not None:
        statement = statement.where(Nomination.state == state)
    return paginate(statement, page=page)


def seen_nomination(actor: Actor, public_id: str) -> Nomination | None:
    """A nomination of the person's own branches, or None."""
    found: Nomination | None = db.session.scalar(
        _seen(actor).where(Nomination.public_id == public_id)
    )
    return found


def earlier_awards(nomination: Nomination) -> Sequence[Commendation]:
    """Awards that stand, to the same recipient for the same achievement."""
    row = Commendation
    same_name = (row.recipient_name == nomination.recipient_name) & (
        row.unit_id == nomination.unit_id
    )
    rows = db.session.scalars(
        select(row)
        .where(
            or_(row.recipient_key == nomination.recipient_key, same_name),
            row.revoked_at.is_(None),
        )
        .order_by(row.decided_on.desc())
    )
    return [each for each in rows if achievement_key(each.reason) == nomination.achievement_key]
