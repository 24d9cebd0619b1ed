"""What this room keeps for a time only: the uploaded rosters, once they were taken or discarded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from contest.contests.models import RosterImport, RosterImportRow, RosterState
from contest.core.db import db
from contest.core.files import discard_files
from contest.core.retention import RetentionRule, register_rule


def _settled_rosters(before: datetime) -> Select[Any]:
    """Rosters that still have their file or rows; their counts stay."""
    has_rows = select(RosterImportRow.import_id).where(RosterImportRow.import_id == RosterImport.id)
    return select(RosterImport.id).where(
        RosterImport.state != RosterState.READY,
        or_(
            RosterImport.taken_at <= before,
            (RosterImport.taken_at.is_(None)) & (RosterImport.created_at <= before),
        ),
        or_(RosterImport.file_id.is_not(None), has_rows.exists()),
    )


def _forget(keys: Sequence[Any], now: datetime) -> None:
    files = db.session.scalars(select(RosterImport.file_id).where(RosterImport.id.in_(keys))).all()
    db.session.execute(delete(RosterImportRow).where(RosterImportRow.import_id.in_(keys)))
    db.session.execute(update(RosterImport).where(RosterImport.id.in_(keys)).values(file_id=None))
    discard_files([file_id for file_id in files if file_id is not None], now=now)


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("rosters", _settled_rosters, _forget))
