"""What accounts calls the scope of a bank where roles are given."""

from collections.abc import Collection

from sqlalchemy import select

from contest.accounts.models import ScopeKind
from contest.accounts.scope_names import ScopeName, ScopeNamer, register_scope_namer
from contest.core.db import db
from question_bank.models import Bank


def _names(scope_ids: Collection[int]) -> dict[int, ScopeName]:
    rows = db.session.execute(
        select(Bank.scope_id, Bank.name, Bank.slug).where(Bank.scope_id.in_(scope_ids))
    )
    return {row.scope_id: ScopeName(row.name, row.slug) for row in rows}


def _find(slug: str) -> int | None:
    return db.session.scalar(select(Bank.scope_id).where(Bank.slug == slug))


def register() -> None:
    """Tell accounts about banks."""
    register_scope_namer(ScopeNamer(ScopeKind.BANK, _names, _find))
