"""Calibration: essays that every judge marks first, with feedback against the reference marks."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import CalibrationEssay, CalibrationMark, Criterion, Juror
from contest.judging.queries.calibration import calibration_essays
from contest.judging.queries.rounds import criteria_of
from contest.judging.rules.refusals import CalibrationMarked, MarksMissing, NoRubric, ReasonNeeded
from contest.judging.rules.sheets import check_marks, check_role


def _checked(criteria: Sequence[Criterion], points: Sequence[Decimal | None]) -> list[str]:
    """One mark for each criterion, as text.

    Raises:
        MarksMissing, WrongMark: see the rules.
    """
    given = [each for each in points if each is not None]
    if len(given) != len(criteria):
        raise MarksMissing
    check_marks(criteria, {each.id: mark for each, mark in zip(criteria, given, strict=True)})
    return [f"{mark.normalize():f}" for mark in given]


def _record(
    what: str, contest_round: Round, essay: CalibrationEssay, *, actor: Actor, now: datetime
) -> None:
    audit.record(
        f"judging.{what}",
        actor=actor,
        now=now,
        subject=("calibration_essay", essay.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "reference": list(essay.reference)},
    )


def add_calibration(
    *,
    contest_round: Round,
    title: str,
    body_text: str,
    reference: Sequence[Decimal | None],
    words: str,
    actor: Actor,
    now: datetime,
) -> CalibrationEssay:
    """Put an essay before the marking that every judge marks first.

    Args:
        contest_round: the round.
        title: of the essay.
        body_text: its text; an empty line begins a paragraph.
        reference: marks that the organisers agreed on, in the order of the rubric.
        words: why these marks; judges read it after they have marked.
        actor: who adds it.
        now: the instant of the request.

    Raises:
        NoRubric: there is nothing to mark by.
        ReasonNeeded: title or text are empty.
        MarksMissing, WrongMark: of the reference marks.
    """
    criteria = criteria_of(contest_round.id)
    if not criteria:
        raise NoRubric
    if not title.strip() or not body_text.strip():
        raise ReasonNeeded
    known = calibration_essays(contest_round.id)
    essay = CalibrationEssay(
        round_id=contest_round.id,
        position=max((each.position for each in known), default=0) + 1,
        title=title.strip()[:300],
        body_text=body_text.strip(),
        reference=_checked(criteria, reference),
        words=words.strip(),
        added_by_id=actor.person_id,
        added_at=now,
    )
    db.session.add(essay)
    db.session.flush()
    _record("calibration_added", contest_round, essay, actor=actor, now=now)
    return essay


def remove_calibration(
    *, contest_round: Round, essay: CalibrationEssay, actor: Actor, now: datetime
) -> None:
    """Take a calibration essay away; what judges gave it stays on record."""
    essay.removed_at = essay.removed_at or now
    db.session.flush()
    _record("calibration_removed", contest_round, essay, actor=actor, now=now)


def mark_calibration(
    *,
    contest_round: Round,
    juror: Juror,
    essay: CalibrationEssay,
    points: Sequence[Decimal | None],
    actor: Actor,
    now: datetime,
) -> CalibrationMark:
    """A judge marks a calibration essay, once; then they read the reference marks.

    Raises:
        RoleLost, LeftJury: who may not mark.
        MarksMissing, WrongMark: of the marks.
        CalibrationMarked: it was marked before.
    """
    check_role(actor=actor, juror=juror, scope_path=contest_round.contest.scope.path)
    mark = CalibrationMark(
        essay_id=essay.id,
        juror_id=juror.id,
        points=_checked(criteria_of(contest_round.id), points),
        marked_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(mark)
    except IntegrityError:
        raise CalibrationMarked from None
    _record("calibration_marked", contest_round, essay, actor=actor, now=now)
    return mark
