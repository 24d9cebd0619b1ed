"""Authors under 18, and what their guardians agreed to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Person
from contest.accounts.rules.ages import is_minor
from contest.core.db import db
from contest.submissions.models import GuardianConsent, Work, WorkAuthor


@dataclass(frozen=True, slots=True)
class Child:
    """An author under 18, with every consent of a guardian, the newest first."""

    author: WorkAuthor
    consents: list[GuardianConsent]

    @property
    def standing(self) -> GuardianConsent | None:
        """The consent that counts."""
        return next((each for each in self.consents if each.withdrawn_at is None), None)


def children_of(work: Work, today: date) -> list[Child]:
    """The authors of a work who are, or may be, under 18."""
    people = [author.person_id for author in work.authors if author.person_id is not None]
    births = {
        person_id: (birth, precision)
        for person_id, birth, precision in db.session.execute(
            select(Person.id, Person.birth_date, Person.birth_precision).where(
                Person.id.in_(people)
            )
        )
    }
    children = [
        author
        for author in work.authors
        if author.person_id in births and is_minor(*births[author.person_id], today)
    ]
    if not children:
        return []
    rows = db.session.scalars(
        select(GuardianConsent)
        .where(GuardianConsent.work_id.in_([work.id, work.advanced_from_id]))
        .options(joinedload(GuardianConsent.recorded_by))
        .order_by(GuardianConsent.id.desc())
    ).all()
    return [
        Child(author, [row for row in rows if row.position == author.position])
        for author in children
    ]


def guardian_consent(work: Work, public_id: str) -> GuardianConsent | None:
    """A consent that counts for a work: noted with it, or with what it was in an earlier stage."""
    return db.session.scalar(
        select(GuardianConsent).where(
            GuardianConsent.public_id == public_id,
            GuardianConsent.work_id.in_([work.id, work.advanced_from_id]),
        )
    )


def works_of_children_alone(work_ids: Collection[int], today: date) -> set[int]:
    """Works with an author under 18 for whom no guardian agrees.

    Args:
        work_ids: of the works, a few hundred at the most.
        today: the day on which somebody wants to read them.
    """
    agreed = (
        select(GuardianConsent.id)
        .where(
            or_(
                GuardianConsent.work_id == Work.id,
                GuardianConsent.work_id == Work.advanced_from_id,
            ),
            GuardianConsent.position == WorkAuthor.position,
            GuardianConsent.withdrawn_at.is_(None),
        )
        .exists()
    )
    rows = db.session.execute(
        select(Work.id, Person.birth_date, Person.birth_precision)
        .join(WorkAuthor, WorkAuthor.work_id == Work.id)
        .join(Person, Person.id == WorkAuthor.person_id)
        .where(Work.id.in_(work_ids), Person.birth_date.is_not(None), ~agreed)
    )
    return {work_id for work_id, birth, precision in rows if is_minor(birth, precision, today)}
