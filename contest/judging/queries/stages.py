"""From the preliminary marking to the final one: the shortlist, its band, and where works went."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.judging.models import ExtraMarking, ExtraPurpose, JudgedRound
from contest.judging.queries.extras import extra_markings
from contest.judging.queries.fairness import done_sheets, scored_works
from contest.judging.queries.free_judges import works_nobody_may_mark
from contest.judging.queries.progress import progress
from contest.judging.queries.rounds import round_codes
from contest.judging.rules.extra_markings import Placed, Shortlist, shortlist
from contest.judging.rules.fairness import DECIDED, Scored
from contest.judging.rules.reliability import Mark, Reliability, reliability
from contest.submissions.models import Work


def final_stage_of(round_id: int) -> JudgedRound | None:
    """The round that marks the shortlist of another; None where there is one stage only."""
    return db.session.scalar(
        select(JudgedRound)
        .where(JudgedRound.source_round_id == round_id)
        .options(joinedload(JudgedRound.round).joinedload(Round.contest).joinedload(Contest.scope))
    )


def rounds_before_a_final(round_ids: Collection[int]) -> list[int]:
    """Of some rounds, those whose shortlist goes on, and whose band was not called yet."""
    called = select(ExtraMarking.round_id).where(ExtraMarking.purpose == ExtraPurpose.BAND)
    return list(
        db.session.scalars(
            select(JudgedRound.source_round_id).where(
                JudgedRound.source_round_id.in_(round_ids),
                JudgedRound.source_round_id.not_in(called),
            )
        )
    )


def band_to_call(contest_round: Round) -> list[int]:
    """Works near the cut of the shortlist that wait to be called for one more mark.

    None once they were called, and without a final stage; works that nobody of the jury may mark
    once more are passed over.
    """
    final = final_stage_of(contest_round.id)
    if final is None or extra_markings(contest_round.id, ExtraPurpose.BAND):
        return []
    near = shortlist_view(contest_round.id, final.shortlist_size or 1).found.band
    if not near:
        return []
    judges = progress(contest_round).judges
    return sorted(set(near) - works_nobody_may_mark(contest_round, judges, near))


def advanced_count(round_id: int) -> int:
    """How many works of a round came from an earlier one."""
    rows = db.session.scalars(
        select(Work.id).where(Work.round_id == round_id, Work.advanced_from_id.is_not(None))
    )
    return len(list(rows))


@dataclass(frozen=True, slots=True)
class ShortlistLine:
    """A work near or on the shortlist, by its code."""

    work_id: int
    code: str
    place: int
    points: Decimal
    value: float
    is_inside: bool
    is_near: bool


@dataclass(frozen=True, slots=True)
class ShortlistView:
    """What the shortlist of a round would be now.

    Attributes:
        lines: works inside and those in the band, in the corrected order.
        found: the same as keys.
        compares: whether severity could be taken off; else the marks as they are order.
        called: works in the band that were given one more mark.
    """

    lines: tuple[ShortlistLine, ...]
    found: Shortlist
    compares: bool
    called: int


def shortlist_view(round_id: int, size: int) -> ShortlistView:
    """The best `size` works by the corrected order, with the band of uncertainty at the cut."""
    sheets = done_sheets(round_id)
    figures = reliability(
        Mark(str(each.work_id), str(each.juror_id), float(each.total)) for each in sheets
    )
    works = scored_works(round_id, sheets)
    given = Counter(each.work_id for each in sheets)
    placed = [_placed(work, figures, given[int(work.work)]) for work in works]
    found = shortlist(placed, size)
    codes = round_codes(round_id)
    points = {int(work.work): work.points for work in works}
    inside, near = set(found.inside), set(found.band)
    ordered = sorted(placed, key=lambda each: (-each.value, each.work))
    last = max((at for at, each in enumerate(ordered) if each.work in inside | near), default=-1)
    lines = tuple(
        ShortlistLine(
            each.work,
            codes.get(each.work, "–"),
            place,
            points[each.work],
            each.value,
            each.work in inside,
            each.work in near,
        )
        for place, each in enumerate(ordered[: last + 1], start=1)
    )
    return ShortlistView(
        lines,
        found,
        compares=figures.severity is not None,
        called=len(extra_markings(round_id, ExtraPurpose.BAND)),
    )


def _placed(work: Scored, figures: Reliability, marks: int) -> Placed:
    """A work's place on the way: every mark with the sure severity taken off, extra ones too.

    Marks that people agreed on stay as they are, and are certain.
    """
    severity = figures.severity
    if severity is None or work.method in DECIDED:
        return Placed(int(work.work), float(work.points), None)
    error = None
    if severity.deviation is not None and marks:
        error = severity.deviation / marks**0.5
    return Placed(int(work.work), severity.order_corrected[work.work], error)
