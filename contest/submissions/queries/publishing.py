"""Whose essays may be read by the public."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.submissions.models import Subject, Work, WorkAuthor, WorkSubject
from contest.submissions.queries.guardians import works_of_children_alone

_PART = 500


def works_free_to_publish(work_ids: Collection[int], today: date) -> set[int]:
    """Those works whose every author agrees that the essay is published; of a child a guardian too.

    A co-author without an account has agreed to nothing, and their essay is not published; nor is
    one about somebody who withdrew or refused to be named or read about.
    """
    authors: defaultdict[int, set[int | None]] = defaultdict(set)
    scopes: defaultdict[int, set[int]] = defaultdict(set)
    wanted = sorted(work_ids)
    for start in range(0, len(wanted), _PART):
        rows = db.session.execute(
            select(WorkAuthor.work_id, WorkAuthor.person_id, Contest.scope_id)
            .join(Work, Work.id == WorkAuthor.work_id)
            .join(Round, Round.id == Work.round_id)
            .join(Contest, Contest.id == Round.contest_id)
            .where(WorkAuthor.work_id.in_(wanted[start : start + _PART]))
        )
        for work_id, person_id, scope_id in rows:
            authors[work_id].add(person_id)
            scopes[scope_id].add(work_id)
    free: set[int] = set()
    withheld = _withheld(wanted, today)
    for scope_id, works in scopes.items():
        persons = {person for work in works for person in authors[work] if person is not None}
        agree = consents_of(persons, ConsentPurpose.PUBLISH_ESSAY, scope_id)
        free |= {work for work in works - withheld if authors[work] <= agree}
    return free


def _withheld(work_ids: Sequence[int], today: date) -> set[int]:
    """Works about somebody who does not want it, and those of a child without a guardian's word."""
    found: set[int] = set()
    for start in range(0, len(work_ids), _PART):
        found |= works_of_children_alone(work_ids[start : start + _PART], today)
        found.update(
            db.session.scalars(
                select(WorkSubject.work_id)
                .join(Subject, Subject.id == WorkSubject.subject_id)
                .where(
                    WorkSubject.work_id.in_(work_ids[start : start + _PART]),
                    Subject.withheld_at.is_not(None),
                )
            )
        )
    return found
