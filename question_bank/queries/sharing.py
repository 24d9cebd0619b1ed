"""With whom a bank is shared, and the filters that people keep."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, literal, or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Grant, Scope
from contest.accounts.queries.grants import names_of_scopes, scope_by_address
from contest.core.db import db
from question_bank.models import Bank, BankShare, SavedFilter, ShareRight
from question_bank.queries.questions import person_names


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share of a bank with the names of the place and of who gave it."""

    share: BankShare
    place: str
    shared_by: str


def shares(bank_id: int) -> list[ShareLine]:
    """Return the shares of a bank that are in force, the latest first."""
    rows = db.session.scalars(
        select(BankShare)
        .where(BankShare.bank_id == bank_id, BankShare.ended_at.is_(None))
        .order_by(BankShare.id.desc())
    ).all()
    places = names_of_scopes(row.scope for row in rows)
    names = person_names({row.shared_by_id for row in rows})
    return [
        ShareLine(
            row,
            places[row.scope_id].label if row.scope_id in places else "",
            names.get(row.shared_by_id or 0, ""),
        )
        for row in rows
    ]


def share_in(bank_id: int, public_id: str) -> BankShare | None:
    """Return a share of this bank that is in force, or None."""
    return db.session.scalar(
        select(BankShare).where(
            BankShare.bank_id == bank_id,
            BankShare.public_id == public_id,
            BankShare.ended_at.is_(None),
        )
    )


def is_shared(bank_id: int, scope_id: int, right: ShareRight) -> bool:
    """Whether this right is given to this place already."""
    return (
        db.session.scalar(
            select(BankShare.id).where(
                BankShare.bank_id == bank_id,
                BankShare.scope_id == scope_id,
                BankShare.right == right,
                BankShare.ended_at.is_(None),
            )
        )
        is not None
    )


def taken_back_at(bank: Bank, scope_path: str) -> datetime | None:
    """When a bank that was lent to a place was taken back from it; None while it may be used there.

    Args:
        bank: whose shares are looked at.
        scope_path: of the place, "/1/5/"; what is lent above it counts as well. Places below the
            unit that owns the bank need no share.
    """
    of_the_owner = bank.scope.path.removesuffix(f"{bank.scope_id}/")
    if scope_path.startswith(of_the_owner):
        return None
    ends = db.session.scalars(
        select(BankShare.ended_at)
        .join(Scope, Scope.id == BankShare.scope_id)
        .where(BankShare.bank_id == bank.id, literal(scope_path).startswith(Scope.path))
    ).all()
    ended = [each for each in ends if each is not None]
    return max(ended) if ended and len(ended) == len(ends) else None


def place_to_share(bank: Bank, kind: str, key: str) -> Scope | None:
    """Return the scope of a unit (by its public id) or of a contest (by its slug), or None.

    A place that has the bank already, being its own unit or standing above it, is None as well.
    """
    scope = scope_by_address(kind, key)
    if scope is None or bank.scope.path.startswith(scope.path):
        return None
    return scope


def people_of_bank(bank: Bank) -> list[Grant]:
    """Return the roles that people hold on this bank alone."""
    return list(
        db.session.scalars(
            select(Grant)
            .where(Grant.scope_id == bank.scope_id, Grant.ended_at.is_(None))
            .options(joinedload(Grant.person))
            .order_by(Grant.id)
        )
    )


def saved_filters(bank_id: int, person_id: int) -> list[SavedFilter]:
    """Return the filters of a bank that a person keeps, and those that others share."""
    mine = SavedFilter.person_id == person_id
    return list(
        db.session.scalars(
            select(SavedFilter)
            .where(SavedFilter.bank_id == bank_id, or_(mine, SavedFilter.is_shared))
            .order_by(SavedFilter.name, SavedFilter.id)
        )
    )


def own_filter(bank_id: int, person_id: int, public_id: str) -> SavedFilter | None:
    """Return a filter that this person keeps, or None."""
    return db.session.scalar(
        select(SavedFilter).where(
            and_(
                SavedFilter.bank_id == bank_id,
                SavedFilter.person_id == person_id,
                SavedFilter.public_id == public_id,
            )
        )
    )
