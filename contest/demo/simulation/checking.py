"""What must be in the database after a simulation, worked out without the product's own rules.

The books of the contestants are folded by a loop of a few lines here, and answers are marked by
comparing them with what contestants know to be right (`cribs`): nothing of `quizzes.rules` or
`question_bank.marking` is used, so that a mistake there shows.
"""

import json
from collections.abc import Iterable

from sqlalchemy import select

from contest.core.db import db
from contest.demo.simulation.cribs import Crib, as_kept, crib_of
from contest.demo.simulation.driving import Books
from contest.quizzes.models import Attempt, LedgerLine
from question_bank.models import QuestionRevision

Cribs = dict[int, Crib]


def differences(books: Iterable[Books], round_id: int) -> list[str]:
    """Every way in which the database differs from what the contestants know."""
    found: list[str] = []
    cribs: Cribs = {}
    for each in books:
        name = f"person {each.person_id}"
        rows = db.session.scalars(
            select(Attempt).where(Attempt.round_id == round_id, Attempt.person_id == each.person_id)
        ).all()
        if [row.public_id for row in rows] != [each.attempt]:
            found.append(f"{name}: {len(rows)} attempts instead of one")
            continue
        found += [f"{name}: {problem}" for problem in _of_attempt(rows[0], each, cribs)]
        db.session.expunge_all()
    return found


def cribs_of_paper(public_id: str, known: Cribs) -> list[Crib]:
    """What there is to know about each question of an attempt's paper, in its order.

    Args:
        public_id: of the attempt.
        known: by revision id; what is read is added.
    """
    attempt = db.session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()
    return [_crib(place["r"], known) for place in attempt.paper[: attempt.question_count]]


def _crib(revision_id: int, known: Cribs) -> Crib:
    if revision_id not in known:
        revision = db.session.get_one(QuestionRevision, revision_id)
        known[revision_id] = crib_of(revision.kind, revision.body)
    return known[revision_id]


def _of_attempt(attempt: Attempt, books: Books, cribs: Cribs) -> list[str]:
    problems = []
    rows = db.session.execute(
        select(LedgerLine.epoch, LedgerLine.sequence, LedgerLine.slot, LedgerLine.answer).where(
            LedgerLine.round_id == attempt.round_id, LedgerLine.attempt_id == attempt.id
        )
    )
    stored = {(row.epoch, row.sequence): (row.slot, row.answer) for row in rows}
    known = {(line.epoch, line.sequence): (line.slot, line.answer) for line in books.lines}
    lost = [place for place in known if stored.get(place) != known[place]]
    if lost:
        problems.append(f"{len(lost)} acknowledged answers are missing or changed")
    if len(stored) > len(known) + 1:  # one line may have arrived without its acknowledgement
        problems.append(f"{len(stored) - len(known)} answers nobody was told of")
    if (attempt.submitted_at is not None) != books.ended:
        problems.append("handed in for one side only")
    if attempt.submitted_at is not None and not problems:
        problems += _of_result(attempt, known, cribs)
    return problems


def _of_result(
    attempt: Attempt, known: dict[tuple[int, int], tuple[int, str]], cribs: Cribs
) -> list[str]:
    last: dict[int, list[str]] = {}
    for place in sorted(known):
        slot, answer = known[place]
        last[slot] = json.loads(answer)
    # An empty answer is a step on where there is no way back.
    answers = {
        str(slot): given for slot, given in last.items() if given and slot < attempt.question_count
    }
    problems = []
    if {slot: answer for slot, answer in (attempt.answers or {}).items() if answer} != answers:
        problems.append("the answers on the receipt are not the last ones")
    predicted = last.get(attempt.question_count)
    if attempt.prediction != (int(predicted[0]) if predicted else None):
        problems.append(f"{attempt.prediction} predicted instead of {predicted}")
    papers = [_crib(place["r"], cribs) for place in attempt.paper[: attempt.question_count]]
    if not all(crib.is_marked for crib in papers):
        return problems  # people mark some of it
    right = sum(as_kept(last.get(slot, [])) == crib.right for slot, crib in enumerate(papers))
    if attempt.correct_count != right:
        problems.append(f"{attempt.correct_count} right answers instead of {right}")
    return problems
