"""The locked marks of a round as what is ranked."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from contest.contests.models import Entry, Registration
from contest.core.db import db
from contest.judging.models import Criterion, MarkSheet, SheetState
from contest.judging.queries.extras import is_extra_marking
from contest.judging.queries.marks import latest_resolutions, newest_marks
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.placing import place_sums
from contest.judging.rules.rank_keys import Scored
from contest.judging.rules.sheets import is_top_band, main_criterion
from contest.submissions.models import Work, WorkState


def scored_works(round_id: int, seed: str) -> Iterator[Scored]:
    """Every work with a mark, withdrawn ones left out; a fixed number of statements."""
    criteria = criteria_of(round_id)
    main = main_criterion(criteria)
    marks = newest_marks(round_id)
    sums = _place_sums(round_id)
    entries = {
        row.id: row
        for row in db.session.execute(
            select(Work.id, Work.entry_id, Registration.division_id)
            .join(Entry, Entry.id == Work.entry_id)
            .join(Registration, Registration.id == Entry.registration_id)
            .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        )
    }
    for resolution in latest_resolutions(round_id):
        entry = entries.get(resolution.work_id)
        if entry is None:
            continue
        sheets = [marks[each] for each in resolution.detail.get("sheets", []) if each in marks]
        means = _means(criteria, sheets)
        yield Scored(
            work_id=resolution.work_id,
            entry_id=entry.entry_id,
            division_id=entry.division_id,
            total=resolution.points,
            main=means.get(main.id, Decimal(0)) if main is not None else Decimal(0),
            top_bands=sum(
                is_top_band(each, means[each.id]) for each in criteria if each.id in means
            ),
            place_sum=sums.get(resolution.work_id, 0),
            lot=_lot(seed, entry.entry_id),
        )


def _means(
    criteria: Sequence[Criterion], sheets: Sequence[Mapping[int, Decimal]]
) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for criterion in criteria:
        given = [sheet[criterion.id] for sheet in sheets if criterion.id in sheet]
        if given:
            found[criterion.id] = sum(given, Decimal(0)) / len(given)
    return found


def _place_sums(round_id: int) -> dict[int, int]:
    """Twice the sums of mid-ranks; empty unless all judges marked the same works."""
    tables: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    rows = db.session.execute(
        select(MarkSheet.juror_id, MarkSheet.work_id, MarkSheet.total).where(
            MarkSheet.round_id == round_id,
            MarkSheet.state == SheetState.DONE,
            ~is_extra_marking(),
        )
    )
    for juror_id, work_id, total in rows:
        if total is not None:
            tables[str(juror_id)][str(work_id)] = total
    if len({frozenset(table) for table in tables.values()}) != 1:
        return {}
    sums = place_sums(tables)
    return {} if sums is None else {int(work): int(2 * value) for work, value in sums.items()}


def _lot(seed: str, entry_id: int) -> int:
    digest = hashlib.sha256(f"{seed}/{entry_id}".encode()).digest()
    return int.from_bytes(digest[:4])
