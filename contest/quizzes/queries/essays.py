"""Essay answers of a round: what waits, one answer as its marker sees it, what was given."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from contest.accounts.models import Grant, Person, Scope
from contest.contests.models import Contest, Round
from contest.contests.queries import covered, disqualified
from contest.core.access import Actor, Permission, Role
from contest.core.db import db, from_point_units, to_point_units
from contest.core.sql import is_among
from contest.quizzes.models import Attempt, CountingRule, EssayAnswer, EssayMark, QuizRound
from contest.quizzes.queries.rulings import rulings_of
from contest.quizzes.rules.essays import MARKING_STAGES
from contest.quizzes.rules.rulings import ALONE
from question_bank.media import Medium
from question_bank.queries import revisions

_AT_ONCE: Final = 500


def marker_names(scope_path: str) -> list[str]:
    """Names of the judges of a contest, to be shown before it opens."""
    ids = scope_path.strip("/").split("/")
    above = ["/" + "/".join(ids[: place + 1]) + "/" for place in range(len(ids))]
    return list(
        db.session.scalars(
            select(Person.full_name)
            .join(Grant, Grant.person_id == Person.id)
            .join(Scope, Scope.id == Grant.scope_id)
            .where(Grant.role == Role.JUDGE, Grant.ended_at.is_(None), Scope.path.in_(above))
            .distinct()
            .order_by(Person.full_name)
        )
    )


def _counts(contest_round: Round, spared: Collection[int] = ()) -> tuple[ColumnElement[bool], ...]:
    """Which answers have to be marked before people can be ranked.

    Where the best attempt counts, all of them: only marks tell which one is the best. Nobody
    marks for who is disqualified, nor questions that count for everybody or for nobody; `spared`
    are further revisions of that sort.
    """
    ruled = [key for key, ruling in rulings_of(contest_round.id).items() if ruling.kind in ALONE]
    out = disqualified(contest_round)
    wanted = [
        EssayAnswer.round_id == contest_round.id,
        EssayAnswer.revision_id.not_in([*ruled, *spared]),
    ]
    if out:
        wanted.append(~is_among(Attempt.entry_id, out))
    rule = db.session.scalar(
        select(QuizRound.counting).where(QuizRound.round_id == contest_round.id)
    )
    if rule in {CountingRule.FIRST, CountingRule.LAST}:
        other = aliased(Attempt)
        edge = func.min(other.ordinal) if rule is CountingRule.FIRST else func.max(other.ordinal)
        wanted.append(
            Attempt.ordinal
            == select(edge)
            .where(
                other.round_id == Attempt.round_id,
                other.entry_id == Attempt.entry_id,
                other.submitted_at.is_not(None),
            )
            .scalar_subquery()
        )
    return tuple(wanted)


def unmarked_count(contest_round: Round, spared: Collection[int] = ()) -> int:
    """How many answers that count nobody has marked."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(EssayAnswer)
            .join(Attempt, Attempt.id == EssayAnswer.attempt_id)
            .where(*_counts(contest_round, spared), EssayAnswer.points.is_(None))
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class MarkingProgress:
    """How far the marking of one essay question is."""

    public_id: str
    stem: str
    most: Decimal
    total: int
    marked: int
    mean: Decimal | None


def marking_progress(contest_round: Round) -> list[MarkingProgress]:
    """Each essay question of a round with how many of its answers are marked."""
    rows = db.session.execute(
        select(
            EssayAnswer.revision_id,
            func.count().label("total"),
            func.count(EssayAnswer.points).label("marked"),
            func.sum(EssayAnswer.points).label("points"),
        )
        .join(Attempt, Attempt.id == EssayAnswer.attempt_id)
        .where(*_counts(contest_round))
        .group_by(EssayAnswer.revision_id)
        .order_by(EssayAnswer.revision_id)
    ).all()
    known = revisions([row.revision_id for row in rows])
    return [
        MarkingProgress(
            public_id=str(row.revision_id),
            stem=known[row.revision_id].in_words(known[row.revision_id].stem),
            most=from_point_units(known[row.revision_id].max_units),
            total=row.total,
            marked=row.marked,
            mean=None if row.points is None else round(row.points / row.marked, 2),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class EssaySheet:
    """One answer as its marker sees it: it holds no name, no unit, no other answer, no time."""

    public_id: str
    revision_id: int
    code: str
    stem: str
    explanation: str
    text: str
    most: Decimal
    step: Decimal
    version: int
    points: Decimal | None
    comment: str
    media: Mapping[str, Medium] = field(default_factory=dict)

    @property
    def media_refs(self) -> set[str]:
        """The pictures and sounds of question and notes for the marker."""
        return {medium.ref for medium in self.media.values()}


def essay_sheet(contest_round: Round, actor: Actor, public_id: str) -> EssaySheet | None:
    """An answer that this person may mark; never their own."""
    row = db.session.execute(
        select(EssayAnswer, Attempt.answers, QuizRound.essay_step)
        .join(Attempt, Attempt.id == EssayAnswer.attempt_id)
        .join(QuizRound, QuizRound.round_id == EssayAnswer.round_id)
        .where(
            EssayAnswer.public_id == public_id,
            EssayAnswer.round_id == contest_round.id,
            Attempt.person_id != actor.person_id,
        )
    ).one_or_none()
    if row is None:
        return None
    answer, answers, step = row
    revision = revisions([answer.revision_id])[answer.revision_id]
    return EssaySheet(
        public_id=answer.public_id,
        revision_id=answer.revision_id,
        code=answer.code,
        stem=revision.stem,
        explanation=revision.explanation,
        text="".join((answers or {}).get(str(answer.slot), ())),
        most=from_point_units(revision.max_units),
        step=step,
        version=answer.version,
        points=answer.points,
        comment=answer.comment,
        media=revision.media,
    )


@dataclass(frozen=True, slots=True)
class RoundToMark:
    """A quiz round whose essay answers a judge can mark now."""

    contest_title: str
    title: str
    slug: str
    number: int
    waiting: int


def rounds_to_mark(actor: Actor) -> list[RoundToMark]:
    """Closed quiz rounds of the contests in which somebody is a judge, with what waits there."""
    if not any(grant.role is Role.JUDGE for grant in actor.grants):
        return []
    rows = db.session.execute(
        select(
            Contest.title,
            Round.title,
            Contest.slug,
            Round.number,
            func.count() - func.count(EssayAnswer.points),
        )
        .join(Round, Round.id == EssayAnswer.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .join(Scope, Scope.id == Contest.scope_id)
        .where(covered(actor, Permission.MARK), Round.stage.in_(MARKING_STAGES))
        .group_by(Contest.id, Round.id)
        .order_by(Round.id)
    )
    return [RoundToMark(*row) for row in rows]


def next_essay(contest_round: Round, actor: Actor, after: str = "") -> str | None:
    """The public id of the next answer to mark, or None when none is left for this person.

    Answers stand by their codes, which are lots. Each marker begins at a code of their own, so that
    two who work at the same time rarely meet.

    Args:
        contest_round: the round.
        actor: who marks; their own answers are passed over.
        after: the code of the answer that they have just marked or passed over.
    """
    start = after or _own_start(actor)
    waiting = (
        select(EssayAnswer.public_id)
        .join(Attempt, Attempt.id == EssayAnswer.attempt_id)
        .where(
            *_counts(contest_round),
            EssayAnswer.points.is_(None),
            Attempt.person_id != actor.person_id,
        )
        .order_by(EssayAnswer.code, EssayAnswer.id)
        .limit(1)
    )
    found = db.session.scalar(waiting.where(EssayAnswer.code > start))
    return found or db.session.scalar(waiting)


def _own_start(actor: Actor) -> str:
    return hashlib.sha256(str(actor.person_id).encode()).hexdigest()[:4].upper()


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A line of the list of marks: the answer by its code, never who wrote it."""

    public_id: str
    code: str
    stem: str
    points: Decimal
    most: Decimal
    comment: str
    marker: str
    marked_at: datetime | None
    times: int


def given_marks(
    contest_round: Round, only_by: int | None = None, limit: int | None = None
) -> list[GivenMark]:
    """Marks that count, the latest first.

    Args:
        contest_round: the round.
        only_by: the marks of this person alone: a judge sees no other's.
        limit: how many.
    """
    wanted = select(EssayAnswer, Person.full_name).outerjoin(
        Person, Person.id == EssayAnswer.marked_by_id
    )
    wanted = wanted.where(
        EssayAnswer.round_id == contest_round.id, EssayAnswer.points.is_not(None)
    ).order_by(EssayAnswer.marked_at.desc(), EssayAnswer.id)
    if only_by is not None:
        wanted = wanted.where(EssayAnswer.marked_by_id == only_by)
    rows = db.session.execute(wanted.limit(limit)).all()
    known = revisions({answer.revision_id for answer, _name in rows})
    return [
        GivenMark(
            public_id=answer.public_id,
            code=answer.code,
            stem=known[answer.revision_id].in_words(known[answer.revision_id].stem),
            points=answer.points or Decimal(0),
            most=from_point_units(known[answer.revision_id].max_units),
            comment=answer.comment,
            marker=name or "",
            marked_at=answer.marked_at,
            times=answer.version,
        )
        for answer, name in rows
    ]


@dataclass(frozen=True, slots=True)
class MarkHistory:
    """A mark that was given, for the list of all marks."""

    code: str
    stem: str
    number: int
    points: Decimal | None
    comment: str
    marker: str
    marked_at: datetime


def all_marks(contest_round: Round) -> Iterator[MarkHistory]:
    """Every mark of a round as it was given, also those that no longer count, by code."""
    rows = db.session.execute(
        select(EssayAnswer.code, EssayAnswer.revision_id, EssayMark, Person.full_name)
        .join(EssayAnswer, EssayAnswer.id == EssayMark.answer_id)
        .outerjoin(Person, Person.id == EssayMark.marked_by_id)
        .where(EssayAnswer.round_id == contest_round.id)
        .order_by(EssayAnswer.code, EssayMark.number)
        .execution_options(yield_per=_AT_ONCE)
    )
    for code, revision_id, mark, name in rows:
        revision = revisions([revision_id])[revision_id]
        yield MarkHistory(
            code=code,
            stem=revision.in_words(revision.stem),
            number=mark.number,
            points=mark.points,
            comment=mark.comment,
            marker=name or "",
            marked_at=mark.marked_at,
        )


def judged_units(attempt_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """What people gave, by attempt and slot, in ten-thousandths; only attempts with any."""
    found: dict[int, dict[int, int]] = {}
    if not attempt_ids:
        return found
    rows = db.session.execute(
        select(EssayAnswer.attempt_id, EssayAnswer.slot, EssayAnswer.points).where(
            EssayAnswer.attempt_id.in_(attempt_ids), EssayAnswer.points.is_not(None)
        )
    )
    for attempt_id, slot, points in rows:
        found.setdefault(attempt_id, {})[slot] = to_point_units(points or 0)
    return found


@dataclass(frozen=True, slots=True)
class OwnMark:
    """What somebody gave for an answer, for its author after the publication."""

    points: Decimal | None
    comment: str


def own_marks(attempt_id: int) -> dict[int, OwnMark]:
    """The essay answers of an attempt with what they were given, by slot."""
    rows = db.session.execute(
        select(EssayAnswer.slot, EssayAnswer.points, EssayAnswer.comment).where(
            EssayAnswer.attempt_id == attempt_id
        )
    )
    return {slot: OwnMark(points, comment) for slot, points, comment in rows}
