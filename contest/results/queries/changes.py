"""What a new rank run changed, and what has changed since the last one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from contest.contests.models import (
    Disqualification,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
)
from contest.core.db import db
from contest.core.paging import Page, paginate
from contest.results.queries.seal import is_sealed
from contest.submissions.models import BlindCode, Work


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """An entry whose place or status differs between two runs."""

    entry_public_id: str
    full_name: str
    unit_path: str
    old_place: int | None
    new_place: int | None
    old_status: ScoreStatus | None
    new_status: ScoreStatus


def changed_places(old: RankRun, new: RankRun, *, page: int = 1) -> Page[PlaceChange]:
    """Entries whose place or status is another than in an older run, the best places first."""
    before, after = aliased(RoundScore), aliased(RoundScore)
    if is_sealed(new.round):
        return _sealed_changes(old, new, page)
    statement: Any = (
        select(
            Entry.public_id,
            Registration.full_name,
            Registration.unit_path,
            before.place,
            after.place,
            before.status,
            after.status,
        )
        .select_from(after)
        .join(Entry, Entry.id == after.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .outerjoin(before, and_(before.entry_id == after.entry_id, before.rank_run_id == old.id))
        .where(
            after.rank_run_id == new.id,
            or_(
                before.entry_id.is_(None),
                func.coalesce(before.place, 0) != func.coalesce(after.place, 0),
                before.status != after.status,
            ),
        )
        .order_by(after.place.is_(None), after.place, Registration.sort_key, after.entry_id)
    )
    found = paginate(statement, page=page)
    return Page([PlaceChange(*row) for row in found.items], found.number, found.size, found.total)


def _sealed_changes(old: RankRun, new: RankRun, page: int) -> Page[PlaceChange]:
    """The same by codes alone, without those who are disqualified."""
    before, after = aliased(RoundScore), aliased(RoundScore)
    statement: Any = (
        select(BlindCode.code, before.place, after.place)
        .select_from(after)
        .join(Work, (Work.entry_id == after.entry_id) & (Work.round_id == new.round_id))
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .outerjoin(before, and_(before.entry_id == after.entry_id, before.rank_run_id == old.id))
        .where(
            after.rank_run_id == new.id,
            after.place.is_not(None),
            func.coalesce(before.place, 0) != after.place,
        )
        .order_by(after.place, BlindCode.code)
    )
    found = paginate(statement, page=page)
    ranked = ScoreStatus.RANKED
    changes = [
        PlaceChange(code, code, "", was, now, ranked, ranked) for code, was, now in found.items
    ]
    return Page(changes, found.number, found.size, found.total)


def disqualified_now(round: Round) -> int:
    """How many entries are disqualified in a round at present."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(Disqualification.entry_id)))
            .join(Entry, Entry.id == Disqualification.entry_id)
            .where(
                Entry.contest_id == round.contest_id,
                Disqualification.lifted_at.is_(None),
                or_(Disqualification.round_id.is_(None), Disqualification.round_id == round.id),
            )
        )
        or 0
    )
