"""Which works show judges something in a field, and where their copies are marked."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from contest.contests.models import Round
from contest.core.db import db
from contest.submissions.models import (
    EssayRound,
    NearDuplicate,
    Work,
    WorkFile,
    WorkFileKind,
    WorkVersion,
)
from contest.submissions.rules.entry_forms import PICTURES, SUBJECT, entry_form


def rounds_with_copies(contest_round: Round) -> list[EssayRound]:
    """The settings of a round and of the later ones to which its works went on."""
    found, wanted = [], [contest_round.id]
    while wanted:
        found += wanted
        earlier = aliased(Work)
        wanted = list(
            db.session.scalars(
                select(Work.round_id)
                .join(earlier, earlier.id == Work.advanced_from_id)
                .where(earlier.round_id.in_(wanted), Work.round_id.not_in(found))
                .distinct()
            )
        )
    rows = db.session.scalars(
        select(EssayRound).where(EssayRound.round_id.in_(found)).order_by(EssayRound.round_id)
    )
    return list(rows)


def works_showing(round_ids: Collection[int], keys: Collection[str]) -> list[int]:
    """Works whose newest or handed in version holds something that judges read in these fields."""
    shown = set(_with_files(round_ids, keys))
    rows = db.session.execute(
        select(Work.id, WorkVersion.answers, WorkVersion.subject_shown, WorkVersion.subject_name)
        .join(
            WorkVersion,
            or_(WorkVersion.id == Work.version_id, WorkVersion.id == Work.submitted_version_id),
        )
        .where(Work.round_id.in_(round_ids))
    )
    for work_id, answers, subject_shown, subject_name in rows:
        tells = SUBJECT in keys and subject_shown and bool(subject_name)
        if tells or any(answers.get(key) for key in keys):
            shown.add(work_id)
    return sorted(shown)


def _with_files(round_ids: Collection[int], keys: Collection[str]) -> list[int]:
    own = WorkFile.field_key.in_([key for key in keys if key != PICTURES])
    in_text = (WorkFile.field_key == "") & (WorkFile.kind == WorkFileKind.PICTURE)
    of_field = own | in_text if PICTURES in keys else own
    return list(
        db.session.scalars(
            select(Work.id)
            .join(WorkFile, WorkFile.work_id == Work.id)
            .where(Work.round_id.in_(round_ids), WorkFile.shown, of_field)
        )
    )


def works_still_showing(essays: Collection[EssayRound]) -> list[int]:
    """Works that show judges what the forms of their rounds do not show any more."""
    found: list[int] = []
    for essay in essays:
        hidden = [each.key for each in entry_form(essay).fields if not each.shown]
        found += works_showing([essay.round_id], hidden)
    return found


def verdicts_on_version(version_id: int) -> list[NearDuplicate]:
    """Pairs with a verdict in which this version was compared, in rounds of any contest."""
    return list(
        db.session.scalars(
            select(NearDuplicate)
            .where(
                or_(
                    NearDuplicate.version_a_id == version_id,
                    NearDuplicate.version_b_id == version_id,
                ),
                NearDuplicate.verdict != "",
            )
            .order_by(NearDuplicate.id)
        )
    )
