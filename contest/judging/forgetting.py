"""What this room keeps for a time only: lists of judges, once their people were invited."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, Text, cast, select, update

from contest.core.db import db
from contest.core.retention import RetentionRule, register_rule
from contest.judging.models import JuryList, JuryListState

_EMPTY: Final = "[]"


def _settled_lists(before: datetime) -> Select[Any]:
    """Lists that still have their rows; what taking them did stays counted."""
    return select(JuryList.id).where(
        JuryList.state != JuryListState.READY,
        JuryList.taken_at <= before,
        cast(JuryList.rows, Text) != _EMPTY,
    )


def _forget(keys: Sequence[Any], now: datetime) -> None:
    del now
    db.session.execute(update(JuryList).where(JuryList.id.in_(keys)).values(rows=[]))


def register() -> None:
    """Tell what is kept for how long."""
    register_rule(RetentionRule("jury_lists", _settled_lists, _forget))
