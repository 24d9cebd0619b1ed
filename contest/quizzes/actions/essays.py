"""Marking essay answers of a closed round: each mark is kept, the latest one counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, from_point_units, new_public_id
from contest.quizzes.actions.regrades import RegradeUnderWay
from contest.quizzes.models import Attempt, EssayAnswer, EssayMark
from contest.quizzes.queries.essays import EssaySheet, judged_units
from contest.quizzes.queries.regrades import open_regrade
from contest.quizzes.queries.rulings import rulings_of
from contest.quizzes.rules.essays import (
    AnswerMarkedMeanwhile,
    NotMarkedNow,
    check_mark,
    clean_comment,
    may_be_marked,
    new_code,
)
from contest.quizzes.rules.rulings import mark_attempt
from contest.quizzes.rules.set_questions import essay_slots
from question_bank.queries import revisions


def hand_to_markers(
    rows: Sequence[tuple[int, int, Sequence[Mapping[str, Any]], Mapping[str, Any]]],
) -> None:
    """Put the essay answers of attempts that have just ended before their markers.

    An empty answer earns nothing and waits for nobody. Attempts without essay questions cost
    nothing here.

    Args:
        rows: for each attempt its id, the round's, its paper and its folded answers.
    """
    found = [
        {
            "public_id": new_public_id(),
            "round_id": round_id,
            "attempt_id": attempt_id,
            "slot": slot,
            "revision_id": revision_id,
            "code": new_code(),
            "version": 0,
            "comment": "",
        }
        for attempt_id, round_id, paper, answers in rows
        for slot, revision_id in essay_slots(paper).items()
        if answers.get(str(slot))
    ]
    if found:
        db.session.execute(insert(EssayAnswer), found)


def mark_essay(
    *,
    contest_round: Round,
    sheet: EssaySheet,
    points: Decimal,
    comment: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Give an answer its mark; the attempt's points follow in the same unit.

    Args:
        contest_round: whose answer it is.
        sheet: the answer as the marker found it; see `queries.essay_sheet`.
        points: the mark.
        comment: its author reads it after the publication.
        version: of the page that was marked on.
        actor: who marks.
        now: the instant of the request.

    Raises:
        NotMarkedNow: the round is open, or the prizes are decided.
        RegradeUnderWay: a correction of the round is open, whose marks would be wrong.
        MarkOutOfRange, MarkOffStep: the mark cannot be given.
        AnswerMarkedMeanwhile: somebody was quicker.
    """
    if not may_be_marked(contest_round.stage):
        raise NotMarkedNow
    if open_regrade(contest_round.id) is not None:
        raise RegradeUnderWay
    check_mark(points, most=sheet.most, step=sheet.step)
    row = db.session.execute(
        update(EssayAnswer)
        .where(
            EssayAnswer.public_id == sheet.public_id,
            EssayAnswer.round_id == contest_round.id,
            EssayAnswer.version == version,
        )
        .values(
            version=version + 1,
            points=points,
            comment=clean_comment(comment),
            marked_by_id=actor.person_id,
            marked_at=now,
        )
        .returning(EssayAnswer.id, EssayAnswer.attempt_id, EssayAnswer.comment)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        raise AnswerMarkedMeanwhile
    _keep(
        answer_id=row.id,
        number=version + 1,
        points=points,
        comment=row.comment,
        marker_id=actor.person_id,
        now=now,
    )
    count_again(row.attempt_id)
    audit.record(
        "quizzes.essay_marked",
        actor=actor,
        now=now,
        subject=("essay_answer", row.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.id, "points": str(points), "mark": version + 1},
    )


def _keep(
    *,
    answer_id: int,
    number: int,
    points: Decimal | None,
    comment: str,
    marker_id: int | None,
    now: datetime,
) -> None:
    db.session.execute(
        insert(EssayMark).values(
            answer_id=answer_id,
            number=number,
            points=points,
            comment=comment,
            marked_by_id=marker_id,
            marked_at=now,
        )
    )


def count_again(attempt_id: int) -> None:
    """Write an attempt's points anew from its answers, the rulings and what people gave.

    The row is held meanwhile: two markers of one attempt come one after the other, and the second
    reads what the first gave.
    """
    attempt = db.session.execute(
        select(Attempt.round_id, Attempt.paper, Attempt.answers)
        .where(Attempt.id == attempt_id)
        .with_for_update()
    ).one()
    known = revisions([slot["r"] for slot in attempt.paper if "r" in slot])
    mark = mark_attempt(
        [known[slot["r"]] for slot in attempt.paper if "r" in slot],
        {int(slot): tuple(parts) for slot, parts in (attempt.answers or {}).items()},
        rulings_of(attempt.round_id),
        judged_units([attempt_id]).get(attempt_id, {}),
    )
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(
            points=from_point_units(mark.units),
            max_points=from_point_units(mark.max_units),
            correct_count=mark.right_count,
            dropped_count=mark.dropped_count,
        )
        .execution_options(synchronize_session=False)
    )


def follow_late_answers(
    before: Mapping[int, Mapping[str, Any]], *, actor: Actor, now: datetime
) -> None:
    """After late answers were counted: what was written anew is marked anew.

    Args:
        before: the answers of each attempt as they stood until now.
        actor: who counted them.
        now: the instant of the request.
    """
    rows = db.session.execute(
        select(Attempt.id, Attempt.round_id, Attempt.paper, Attempt.answers).where(
            Attempt.id.in_(before)
        )
    ).all()
    with_essays = [row for row in rows if essay_slots(row.paper)]
    if not with_essays:
        return
    kept = {
        (answer.attempt_id, answer.slot): answer
        for answer in db.session.scalars(
            select(EssayAnswer).where(EssayAnswer.attempt_id.in_([row.id for row in with_essays]))
        )
    }
    for row in with_essays:
        new = {
            str(slot): row.answers.get(str(slot))
            for slot in essay_slots(row.paper)
            if (row.id, slot) not in kept
        }
        hand_to_markers([(row.id, row.round_id, row.paper, new)])
        for slot in essay_slots(row.paper):
            answer = kept.get((row.id, slot))
            text = row.answers.get(str(slot))
            if answer is None or answer.points is None or text == before[row.id].get(str(slot)):
                continue
            answer.version += 1
            answer.points, answer.comment = None, ""
            answer.marked_by_id, answer.marked_at = None, None
            _keep(
                answer_id=answer.id,
                number=answer.version,
                points=None,
                comment="",
                marker_id=actor.person_id,
                now=now,
            )
        db.session.flush()
        count_again(row.id)
