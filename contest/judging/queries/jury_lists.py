"""Staged lists of judges, and the units that they may mean."""

from datetime import datetime

from sqlalchemy import select

from contest.accounts.queries import unit_choices
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.judging.models import JuryList, JuryListState


def jury_list_in(round_id: int, public_id: str) -> JuryList | None:
    """A list of a round, by the id of its address."""
    return db.session.scalar(
        select(JuryList).where(JuryList.round_id == round_id, JuryList.public_id == public_id)
    )


def waiting_jury_lists(round_id: int) -> list[JuryList]:
    """Lists that nobody has dealt with yet, the newest first."""
    return list(
        db.session.scalars(
            select(JuryList)
            .where(JuryList.round_id == round_id, JuryList.state == JuryListState.READY)
            .order_by(JuryList.id.desc())
        )
    )


def known_units(now: datetime) -> list[tuple[int, str]]:
    """Ids and names of all units of today: judges may come from anywhere."""
    today = now.astimezone(LOCAL_ZONE).date()
    return [(choice.id, choice.label) for choice in unit_choices(on=today)]
