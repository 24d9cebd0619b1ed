"""What this room tells accounts.

Registrations follow a person, contests name their scopes where roles are given.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from contest.accounts.merging import Follower, register_follower
from contest.accounts.models import ScopeKind
from contest.accounts.scope_names import ScopeName, ScopeNamer, register_scope_namer
from contest.contests.models import Contest, Registration
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l


def _count(person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Registration)
            .where(Registration.person_id == person_id)
        )
        or 0
    )


def _obstacles(kept_id: int, merged_id: int) -> Sequence[Words]:
    """Two registrations in one contest: which of them counts, a person must decide first."""
    mine, theirs = aliased(Registration), aliased(Registration)
    titles = db.session.scalars(
        select(Contest.title)
        .join(mine, mine.contest_id == Contest.id)
        .join(theirs, theirs.contest_id == Contest.id)
        .where(mine.person_id == kept_id, theirs.person_id == merged_id)
        .order_by(Contest.id)
    )
    return [_("Both records are registered in “%(contest)s”.", contest=title) for title in titles]


def _move(kept_id: int, merged_id: int, now: datetime) -> int:
    del now
    moved: int = db.session.execute(
        update(Registration).where(Registration.person_id == merged_id).values(person_id=kept_id)
    ).rowcount  # type: ignore[attr-defined]
    return moved


def _names(scope_ids: Collection[int]) -> dict[int, ScopeName]:
    rows = db.session.execute(
        select(Contest.scope_id, Contest.title, Contest.slug).where(Contest.scope_id.in_(scope_ids))
    )
    return {row.scope_id: ScopeName(row.title, row.slug) for row in rows}


def _find(slug: str) -> int | None:
    return db.session.scalar(select(Contest.scope_id).where(Contest.slug == slug))


def register() -> None:
    """Tell accounts about registrations and contests."""
    register_follower(Follower("registrations", _l("Registrations"), _count, _move, _obstacles))
    register_scope_namer(ScopeNamer(ScopeKind.CONTEST, _names, _find))
