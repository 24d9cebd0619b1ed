"""Lending banks to other units and contests, and keeping filters."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from contest.accounts.models import Scope
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import one_line
from question_bank import queries
from question_bank.models import Bank, BankShare, SavedFilter, ShareRight
from question_bank.organising import MOST_FILTERS, AlreadyShared, TooManyFilters


def share_bank(
    *, bank: Bank, scope: Scope, right: ShareRight, actor: Actor, now: datetime
) -> BankShare:
    """Lend a bank to a unit or a contest: who holds a like role there has the right here.

    Raises ``AlreadyShared``.
    """
    if queries.is_shared(bank.id, scope.id, right):
        raise AlreadyShared
    share = BankShare(
        bank_id=bank.id,
        scope_id=scope.id,
        right=right,
        shared_by_id=actor.person_id,
        shared_at=now,
    )
    db.session.add(share)
    db.session.flush()
    _record("bank_shared", bank, share, actor, now)
    return share


def end_share(*, bank: Bank, share: BankShare, actor: Actor, now: datetime) -> None:
    """Take a bank back; what was done with it stays."""
    db.session.execute(
        update(BankShare)
        .where(BankShare.id == share.id, BankShare.ended_at.is_(None))
        .values(ended_at=now)
    )
    _record("share_ended", bank, share, actor, now)


def _record(verb: str, bank: Bank, share: BankShare, actor: Actor, now: datetime) -> None:
    audit.record(
        f"question_bank.{verb}",
        actor=actor,
        now=now,
        subject=("bank", bank.id),
        scope_id=bank.scope_id,
        data={"share": share.id, "with": share.scope_id, "right": share.right},
    )


def save_filter(
    *,
    bank: Bank,
    name: str,
    query: Mapping[str, str],
    is_shared: bool,
    actor: Actor,
    now: datetime,
) -> SavedFilter:
    """Keep a filter under a name; the same name again replaces it. Raises ``TooManyFilters``."""
    title = one_line(name)[:80]
    own = [
        each
        for each in queries.saved_filters(bank.id, actor.person_id)
        if each.person_id == actor.person_id
    ]
    kept = next((each for each in own if each.name == title), None)
    if kept is None:
        if len(own) >= MOST_FILTERS:
            raise TooManyFilters
        kept = SavedFilter(bank_id=bank.id, person_id=actor.person_id, name=title, created_at=now)
        db.session.add(kept)
    kept.query = dict(query)
    kept.is_shared = is_shared
    db.session.flush()
    return kept


def delete_filter(*, kept: SavedFilter) -> None:
    """Delete a filter that its owner no longer needs."""
    db.session.delete(kept)
    db.session.flush()
