"""Marks as evidence of a ranking, for the dossier."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from contest.contests.kinds import DecidedMark, Evidence, MarkLine
from contest.core.db import db
from contest.judging.models import Criterion, JudgedRound, Juror, MarkSheet, Resolution, SheetState
from contest.judging.queries.extras import is_extra_marking
from contest.judging.queries.marks import latest_resolutions, newest_marks
from contest.judging.queries.rounds import criteria_of, judged_round, quorums
from contest.judging.rules.adjudication import Limits, Step, Verdict, resolve
from contest.judging.rules.sheets import bands_of, main_criterion, scale_of
from contest.submissions.models import Work, WorkState


@dataclass(frozen=True, slots=True)
class _Sheet:
    id: int
    juror_id: int
    total: Decimal


def marks_as_evidence(round_id: int) -> Evidence:
    """The newest mark of each criterion on every finished sheet of the works that are ranked."""
    judged, criteria = judged_round(round_id), criteria_of(round_id)
    if judged is None:
        return Evidence(rules={})
    entries: dict[int, int] = {
        row.id: row.entry_id
        for row in db.session.execute(
            select(Work.id, Work.entry_id).where(
                Work.round_id == round_id, Work.state == WorkState.SUBMITTED
            )
        )
    }
    sheets = _sheets(round_id)
    settled = [one for one in latest_resolutions(round_id) if one.work_id in entries]
    lowered = {work: count for work, count in quorums(round_id).items() if work in entries}
    limits = Limits(scale_of(criteria), judged.agree_limit, judged.third_limit, judged.spread_limit)
    names, marks = criterion_names(criteria), newest_marks(round_id)
    largest = {each.id: each.max_points for each in criteria} if judged.by_criterion else {}

    def by_rule(work_id: int) -> Verdict:
        own = sheets.get(work_id, ())
        quorum = lowered.get(work_id, judged.marks_per_work)
        apart = _apart(own, marks, largest)
        return resolve([one.total for one in own], quorum, limits, judged.resolution, apart)

    return Evidence(
        rules=_rules(judged, criteria, names),
        marks=_lines(settled, entries, sheets, names, marks),
        decided=tuple(
            DecidedMark(
                entries[one.work_id],
                one.method.value,
                one.points,
                tuple(
                    place
                    for place, sheet in enumerate(sheets.get(one.work_id, ()))
                    if sheet.id in one.detail.get("sheets", [])
                ),
            )
            for one in settled
            if not _follows(one, sheets.get(one.work_id, ()), by_rule(one.work_id))
        ),
        quorums={entries[work]: count for work, count in lowered.items()},
        judges=_judges(round_id),
    )


def _judges(round_id: int) -> dict[int, int]:
    rows = db.session.execute(select(Juror.id, Juror.person_id).where(Juror.round_id == round_id))
    return {row.id: row.person_id for row in rows}


def _sheets(round_id: int) -> dict[int, list[_Sheet]]:
    found: defaultdict[int, list[_Sheet]] = defaultdict(list)
    rows = db.session.execute(
        select(MarkSheet.work_id, MarkSheet.id, MarkSheet.juror_id, MarkSheet.total)
        .where(
            MarkSheet.round_id == round_id,
            MarkSheet.state == SheetState.DONE,
            MarkSheet.total.is_not(None),
            ~is_extra_marking(),
        )
        .order_by(MarkSheet.work_id, MarkSheet.marking, MarkSheet.id)
    )
    for work_id, sheet_id, juror_id, total in rows:
        found[work_id].append(_Sheet(sheet_id, juror_id, total or Decimal(0)))
    return found


def criterion_names(criteria: Sequence[Criterion]) -> dict[int, str]:
    """Names of criteria by id; those that are written alike carry their number."""
    seen = Counter(each.name for each in criteria)
    return {
        each.id: each.name if seen[each.name] == 1 else f"{each.name} ({each.position})"
        for each in criteria
    }


def _rules(
    judged: JudgedRound, criteria: Sequence[Criterion], names: Mapping[int, str]
) -> dict[str, object]:
    main = main_criterion(criteria)
    return {
        "resolution": judged.resolution.value,
        "marks_per_work": judged.marks_per_work,
        "by_criterion": judged.by_criterion,
        "agree": str(judged.agree_limit),
        "third": str(judged.third_limit),
        "spread": str(judged.spread_limit),
        "criteria": [
            {
                "name": names[each.id],
                "max": str(each.max_points),
                "step": str(each.step),
                "top": str(bands_of(each)[0].low if each.bands else each.max_points),
                "main": main is not None and each.id == main.id,
            }
            for each in criteria
        ],
    }


def _follows(settled: Resolution, sheets: Sequence[_Sheet], verdict: Verdict) -> bool:
    """Whether the rule gives this mark over these sheets; else people decided it."""
    used = [sheets[place].id for place in verdict.used]
    return (
        verdict.step is Step.SETTLED
        and verdict.points == settled.points
        and verdict.method == settled.method
        and used == settled.detail.get("sheets", used)
    )


def _apart(
    sheets: Sequence[_Sheet],
    marks: Mapping[int, Mapping[int, Decimal]],
    largest: Mapping[int, Decimal],
) -> Decimal:
    """The largest difference of sheets on one of these criteria, as a fraction of its points."""
    gaps = [Decimal(0)]
    for criterion_id, most in largest.items():
        given = [marks.get(one.id, {}).get(criterion_id) for one in sheets]
        shares = [points / most for points in given if points is not None]
        gaps.append(max(shares) - min(shares) if shares else Decimal(0))
    return max(gaps)


def _lines(
    settled: Sequence[Resolution],
    entries: Mapping[int, int],
    sheets: Mapping[int, Sequence[_Sheet]],
    names: Mapping[int, str],
    marks: Mapping[int, Mapping[int, Decimal]],
) -> Iterator[MarkLine]:
    for one in settled:
        for sheet in sheets.get(one.work_id, ()):
            given = marks.get(sheet.id, {})
            for criterion_id, name in names.items():
                if criterion_id in given:
                    yield MarkLine(entries[one.work_id], sheet.juror_id, name, given[criterion_id])
