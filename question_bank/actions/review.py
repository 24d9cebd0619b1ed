"""The review of questions: steps, and comments that stay open until somebody resolves them."""

from collections.abc import Iterable
from datetime import datetime

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.vietnamese import nfc
from question_bank.actions.media import check_described
from question_bank.models import Bank, Question, QuestionComment, QuestionState
from question_bank.rules import Standing, check_step


def standing_of(bank: Bank, question: Question) -> Standing:
    """Return where a question of a bank stands in its review."""
    revision = question.revision
    return Standing(
        question.state,
        None if revision is None else revision.created_by_id,
        question.checked_by_id,
        bank.two_person_review,
    )


def change_state(
    *,
    bank: Bank,
    question: Question,
    to: QuestionState,
    comment: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    """Take a review step, with an optional comment.

    Raises ``StepNotAllowed``, ``OwnQuestion``, ``NotChecked`` or ``SamePerson``.
    """
    before = question.state
    check_step(standing_of(bank, question), to, actor.person_id)
    check_described(question, to)
    set_state(question=question, to=to, actor=actor, now=now)
    if comment.strip():
        write_comment(question=question, body=comment, actor=actor, now=now)
    db.session.flush()
    audit.record(
        "question_bank.question_state_changed",
        actor=actor,
        now=now,
        subject=("question", question.id),
        scope_id=bank.scope_id,
        data={"from": before, "to": to},
    )


def change_states(
    *, bank: Bank, questions: Iterable[Question], to: QuestionState, actor: Actor, now: datetime
) -> tuple[int, list[RuleBroken]]:
    """Take a step with many questions: returns how many took it, and why the others did not."""
    done = 0
    refused: list[RuleBroken] = []
    for question in questions:
        try:
            change_state(bank=bank, question=question, to=to, actor=actor, now=now)
        except RuleBroken as refusal:
            refused.append(refusal)
        else:
            done += 1
    return done, refused


def set_state(*, question: Question, to: QuestionState, actor: Actor | None, now: datetime) -> None:
    """Write a step that was allowed, with who took it; a draft has been reviewed by nobody."""
    person_id = None if actor is None else actor.person_id
    if to is QuestionState.DRAFT:
        question.checked_by_id = question.checked_at = None
        question.approved_by_id = question.approved_at = None
    elif to is QuestionState.CHECKED:
        question.checked_by_id, question.checked_at = person_id, now
    elif to is QuestionState.APPROVED:
        question.approved_by_id, question.approved_at = person_id, now
    question.state = to


def write_comment(*, question: Question, body: str, actor: Actor, now: datetime) -> None:
    """Leave a comment on the present revision of a question, with the state in which it stood."""
    db.session.add(
        QuestionComment(
            question_id=question.id,
            revision_id=question.revision_id,
            person_id=actor.person_id,
            state=question.state,
            body=nfc(body).strip(),
            written_at=now,
        )
    )
    db.session.flush()


def resolve_comment(
    *, bank: Bank, comment: QuestionComment, resolved: bool, actor: Actor, now: datetime
) -> None:
    """Say that what a comment asks for is done, or open it again."""
    comment.resolved_at = now if resolved else None
    comment.resolved_by_id = actor.person_id if resolved else None
    db.session.flush()
    audit.record(
        "question_bank.comment_resolved" if resolved else "question_bank.comment_reopened",
        actor=actor,
        now=now,
        subject=("question", comment.question_id),
        scope_id=bank.scope_id,
        data={"comment": comment.id},
    )
