"""What was decided about a person written about, agreed to, and told in other rooms."""

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.models import (
    Subject,
    SubjectChange,
    SubjectConsent,
)
from contest.submissions.queries.subjects.keeping import seen
from contest.submissions.subject_rooms import Mention, rooms


def trail_of(subject_id: int) -> list[SubjectChange]:
    """What people decided about a record, the latest first."""
    return list(
        db.session.scalars(
            select(SubjectChange)
            .where(
                or_(SubjectChange.subject_id == subject_id, SubjectChange.other_id == subject_id)
            )
            .options(
                joinedload(SubjectChange.subject),
                joinedload(SubjectChange.other),
                joinedload(SubjectChange.made_by),
            )
            .order_by(SubjectChange.id.desc())
        )
    )


def kept_change(actor: Actor, public_id: str) -> SubjectChange | None:
    """A line of the trail about records that the person keeps."""
    other = aliased(Subject)
    mine = select(Subject.id).where(seen(actor))
    return db.session.scalar(
        select(SubjectChange)
        .outerjoin(other, other.id == SubjectChange.other_id)
        .where(
            SubjectChange.public_id == public_id,
            or_(SubjectChange.subject_id.in_(mine), SubjectChange.other_id.in_(mine)),
        )
    )


def consents_of_subject(subject_id: int) -> list[SubjectConsent]:
    """What a person written about agreed to and refused, the latest first."""
    return list(
        db.session.scalars(
            select(SubjectConsent)
            .where(SubjectConsent.subject_id == subject_id)
            .options(joinedload(SubjectConsent.recorded_by))
            .order_by(SubjectConsent.id.desc())
        )
    )


def mentions_of(subject_id: int) -> list[Mention]:
    """Where a person written about stands in other rooms, the latest first."""
    found = [each for room in rooms() for each in room.mentions(subject_id)]
    return sorted(found, key=lambda each: each.at, reverse=True)
