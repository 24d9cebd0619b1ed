"""Calibration essays of a round, and what judges gave them."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Exists, ScalarSelect, exists, func, select

from contest.accounts.models import Person
from contest.core.db import db
from contest.judging.models import CalibrationEssay, CalibrationMark, Criterion, Juror
from contest.judging.queries.rounds import criteria_of


def calibration_essays(round_id: int) -> list[CalibrationEssay]:
    """The calibration essays in use, in order."""
    return list(
        db.session.scalars(
            select(CalibrationEssay)
            .where(CalibrationEssay.round_id == round_id, CalibrationEssay.removed_at.is_(None))
            .order_by(CalibrationEssay.position, CalibrationEssay.id)
        )
    )


def calibration_essay(round_id: int, public_id: str) -> CalibrationEssay | None:
    """A calibration essay in use, by the id of its address."""
    return db.session.scalar(
        select(CalibrationEssay).where(
            CalibrationEssay.round_id == round_id,
            CalibrationEssay.public_id == public_id,
            CalibrationEssay.removed_at.is_(None),
        )
    )


def _usable(juror: Juror) -> list[CalibrationEssay]:
    """Those whose reference marks fit the rubric as it is now."""
    number = db.session.scalar(
        select(func.count()).select_from(Criterion).where(Criterion.round_id == juror.round_id)
    )
    return [each for each in calibration_essays(juror.round_id) if len(each.reference) == number]


def _marked_by(juror: Juror) -> Exists:
    """Of `CalibrationEssay`: that the judge has marked it."""
    return exists().where(
        CalibrationMark.essay_id == CalibrationEssay.id, CalibrationMark.juror_id == juror.id
    )


def _criteria_count(juror: Juror) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Criterion)
        .where(Criterion.round_id == juror.round_id)
        .scalar_subquery()
    )


def pending_calibration(juror: Juror) -> CalibrationEssay | None:
    """The calibration essay that a judge marks next; None when all are done."""
    rows = db.session.execute(
        select(CalibrationEssay, _criteria_count(juror))
        .where(
            CalibrationEssay.round_id == juror.round_id,
            CalibrationEssay.removed_at.is_(None),
            ~_marked_by(juror),
        )
        .order_by(CalibrationEssay.position, CalibrationEssay.id)
    )
    # One whose reference marks no longer fit the rubric is passed over.
    return next((essay for essay, number in rows if len(essay.reference) == number), None)


@dataclass(frozen=True, slots=True)
class CalibrationStand:
    """Whether calibration essays wait for a judge, and whether some are marked."""

    is_pending: bool
    is_begun: bool


def calibration_stand(juror: Juror) -> CalibrationStand:
    """How far a judge is with the calibration."""
    rows = db.session.execute(
        select(CalibrationEssay.reference, _criteria_count(juror), _marked_by(juror)).where(
            CalibrationEssay.round_id == juror.round_id, CalibrationEssay.removed_at.is_(None)
        )
    )
    marked = [is_marked for reference, number, is_marked in rows if len(reference) == number]
    return CalibrationStand(is_pending=not all(marked), is_begun=any(marked))


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """A criterion of a marked calibration essay: my mark beside the reference."""

    name: str
    mine: Decimal
    reference: Decimal

    @property
    def difference(self) -> Decimal:
        """Mine less the reference; above 0 is more generous."""
        return self.mine - self.reference


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """A calibration essay that I marked, with the words of the organisers."""

    title: str
    words: str
    lines: tuple[CalibrationLine, ...]

    @property
    def difference(self) -> Decimal:
        """Over all criteria."""
        return sum((each.difference for each in self.lines), Decimal(0))


def calibration_results(juror: Juror) -> list[CalibrationResult]:
    """My calibration, essay by essay."""
    given = dict(
        db.session.execute(
            select(CalibrationMark.essay_id, CalibrationMark.points).where(
                CalibrationMark.juror_id == juror.id
            )
        ).all()
    )
    criteria = criteria_of(juror.round_id)
    return [
        CalibrationResult(
            essay.title,
            essay.words,
            tuple(
                CalibrationLine(criterion.name, Decimal(mine), Decimal(reference))
                for criterion, mine, reference in zip(
                    criteria, given[essay.id], essay.reference, strict=True
                )
            ),
        )
        for essay in _usable(juror)
        if essay.id in given
    ]


@dataclass(frozen=True, slots=True)
class JudgeCalibration:
    """How far a judge is with the calibration, for organisers; differences of totals."""

    name: str
    differences: tuple[Decimal, ...]


def calibration_table(round_id: int) -> list[JudgeCalibration]:
    """By judge, totals less the reference totals, in the order of the essays marked."""
    rows = db.session.execute(
        select(Person.full_name, CalibrationMark.points, CalibrationEssay.reference)
        .join(Juror, Juror.id == CalibrationMark.juror_id)
        .join(Person, Person.id == Juror.person_id)
        .join(CalibrationEssay, CalibrationEssay.id == CalibrationMark.essay_id)
        .where(CalibrationEssay.round_id == round_id, CalibrationEssay.removed_at.is_(None))
        .order_by(Person.sort_key, Juror.id, CalibrationEssay.position)
    )
    found: dict[str, list[Decimal]] = {}
    for name, points, reference in rows:
        found.setdefault(name, []).append(
            sum(map(Decimal, points), Decimal(0)) - sum(map(Decimal, reference), Decimal(0))
        )
    return [JudgeCalibration(name, tuple(each)) for name, each in found.items()]
