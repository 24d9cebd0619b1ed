"""How a round is marked: criteria with points, steps and bands, marks per work, limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from contest.contests.models import ContestKind, Round, Stage
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.judging.models import Criterion, JudgedRound, ResolutionRule
from contest.judging.queries.rounds import has_marks, judged_round
from contest.judging.rules.adjudication import FAR_FROM, TRIMMED_FROM
from contest.judging.rules.refusals import (
    FiveMarksNeeded,
    NotEssays,
    RubricFrozen,
    RulesFrozen,
    ThreeMarksNeeded,
    TwoMarksNeeded,
    WrongRubric,
)
from contest.judging.rules.sheets import Band


@dataclass(frozen=True, slots=True)
class CriterionValues:
    """A criterion as the organiser writes it; its points are its weight."""

    name: str
    max_points: Decimal
    step: Decimal = Decimal("0.25")
    description: str = ""
    is_main: bool = False
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgingSettings:
    """How a round is marked; limits are fractions of the scale.

    `check_share` of the works is marked once more, always with the `check_top` best in it; with
    `gives_comments` chosen remarks may reach the authors; with `by_criterion` the limits hold for
    two marks of each criterion too.
    """

    marks_per_work: int = 2
    agree_limit: Decimal = Decimal("0.10")
    third_limit: Decimal = Decimal("0.15")
    spread_limit: Decimal = Decimal("0.25")
    marks_due_at: datetime | None = None
    resolution: ResolutionRule = ResolutionRule.PROTOCOL
    check_share: Decimal = Decimal(0)
    check_top: int = 3
    gives_comments: bool = False
    by_criterion: bool = False


_WITH_A_THIRD: Final = frozenset({ResolutionRule.THIRD, ResolutionRule.MEAN_OF_THREE})
_OF_SEVERAL: Final = frozenset({ResolutionRule.CLOSEST, ResolutionRule.MEDIAN})


def _check(settings: JudgingSettings, criteria: Sequence[CriterionValues]) -> None:
    if not criteria or not 1 <= settings.marks_per_work <= 9:  # noqa: PLR2004  (the table's bound)
        raise WrongRubric
    if not 0 <= settings.agree_limit <= settings.third_limit <= 1:
        raise WrongRubric
    if not (0 <= settings.spread_limit <= 1 and 0 <= settings.check_share <= 1):
        raise WrongRubric
    if settings.resolution in _WITH_A_THIRD and settings.marks_per_work != 2:  # noqa: PLR2004
        raise TwoMarksNeeded
    if settings.resolution in _OF_SEVERAL and settings.marks_per_work == 1:
        raise TwoMarksNeeded
    if settings.resolution is ResolutionRule.TRIMMED and settings.marks_per_work < TRIMMED_FROM:
        raise FiveMarksNeeded
    if settings.resolution is ResolutionRule.WITHOUT_FAR and settings.marks_per_work < FAR_FROM:
        raise ThreeMarksNeeded
    for each in criteria:
        if not each.name or each.max_points <= 0 or not 0 < each.step <= each.max_points:
            raise WrongRubric


def save_rubric(
    *,
    contest_round: Round,
    settings: JudgingSettings,
    criteria: Sequence[CriterionValues],
    actor: Actor | None,
    now: datetime,
) -> JudgedRound:
    """Set by what a round is marked.

    Once the round has opened, how marks become one stays as it was printed; once somebody has
    marked, only the day by which marks are due moves.

    Raises:
        NotEssays: the round is of another kind.
        WrongRubric, TwoMarksNeeded, ThreeMarksNeeded, FiveMarksNeeded: it cannot be used.
        RulesFrozen: the round has opened, and how marks become one would change.
        RubricFrozen: marks were given by it, and something else than the due day would change.
    """
    if contest_round.kind is not ContestKind.ESSAY:
        raise NotEssays
    _check(settings, criteria)
    judged = judged_round(contest_round.id)
    is_open = contest_round.stage is not Stage.PLANNED
    if judged is not None and is_open and _rules_differ(judged, settings):
        raise RulesFrozen
    if judged is not None and has_marks(contest_round.id):
        if _differs(judged, settings, criteria):
            raise RubricFrozen
        judged.marks_due_at = settings.marks_due_at
    else:
        judged = judged or JudgedRound(round_id=contest_round.id, criteria=[])
        db.session.add(judged)
        for name in settings.__dataclass_fields__:
            setattr(judged, name, getattr(settings, name))
        _replace(judged, criteria)
    db.session.flush()
    audit.record(
        "judging.rubric_saved",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={
            "marks_per_work": settings.marks_per_work,
            "resolution": settings.resolution.value,
            "limits": [
                str(settings.agree_limit),
                str(settings.third_limit),
                str(settings.spread_limit),
            ],
            "check": [str(settings.check_share), settings.check_top],
            "criteria": [[each.name, str(each.max_points), str(each.step)] for each in criteria],
        },
    )
    return judged


def _replace(judged: JudgedRound, criteria: Sequence[CriterionValues]) -> None:
    judged.criteria.clear()
    db.session.flush()
    judged.criteria.extend(
        Criterion(
            round_id=judged.round_id,
            position=position,
            name=each.name,
            description=each.description,
            max_points=each.max_points,
            step=each.step,
            is_main=each.is_main,
            bands=[
                {"from": str(band.low), "to": str(band.high), "words": band.words}
                for band in each.bands
            ],
        )
        for position, each in enumerate(criteria, start=1)
    )


def _rules_differ(judged: JudgedRound, settings: JudgingSettings) -> bool:
    names = [name for name in settings.__dataclass_fields__ if name != "marks_due_at"]
    return any(getattr(judged, name) != getattr(settings, name) for name in names)


def _differs(
    judged: JudgedRound, settings: JudgingSettings, criteria: Sequence[CriterionValues]
) -> bool:
    if _rules_differ(judged, settings):
        return True
    before = [(each.name, each.max_points, each.step, each.is_main) for each in judged.criteria]
    return before != [(each.name, each.max_points, each.step, each.is_main) for each in criteria]


def copy_rubric(*, source: Round, target: Round, actor: Actor | None, now: datetime) -> None:
    """The rubric follows a copied round; jury, sheets, marks and the seed of lots do not.

    In a copied contest the later stage takes its shortlist from the copy of the earlier one.
    """
    judged = judged_round(source.id)
    if judged is None or target.kind is not ContestKind.ESSAY:
        return
    names = JudgingSettings.__dataclass_fields__
    settings = JudgingSettings(**{name: getattr(judged, name) for name in names})
    copied = save_rubric(
        contest_round=target,
        settings=replace(settings, marks_due_at=_moved(judged.marks_due_at, source, target)),
        criteria=[
            CriterionValues(
                each.name,
                each.max_points,
                each.step,
                each.description,
                each.is_main,
                tuple(
                    Band(Decimal(band["from"]), Decimal(band["to"]), band["words"])
                    for band in each.bands
                ),
            )
            for each in judged.criteria
        ],
        actor=actor,
        now=now,
    )
    copied.reminds_late = judged.reminds_late
    if judged.source_round_id is not None and source.contest_id != target.contest_id:
        # Rounds are copied in their order, so that the earlier stage stands there already.
        place = [each.id for each in source.contest.rounds].index(judged.source_round_id)
        copied.source_round_id = target.contest.rounds[place].id
        copied.shortlist_size = judged.shortlist_size
    db.session.flush()


def _moved(due: datetime | None, source: Round, target: Round) -> datetime | None:
    """A day as far from the opening of the copy as it was from that of the source."""
    if due is None or source.opens_at is None or target.opens_at is None:
        return None
    return due + (target.opens_at - source.opens_at)


def discard_rubric(*, contest_round: Round) -> None:
    """Delete what is kept about a planned round, before the round itself is deleted."""
    judged = judged_round(contest_round.id)
    if judged is not None:
        db.session.delete(judged)
        db.session.flush()
