"""Reading appeals: terms, queue, who may mark again, one's own."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Person
from contest.contests.models import Registration, RoundScore
from contest.core.db import db
from contest.judging.models import Juror, JurorState, MarkSheet, Resolution, SheetState
from contest.judging.queries.rounds import judge_facts, jurors, work_facts
from contest.judging.rules.conflicts import conflict_of
from contest.results.models import Appeal, AppealMark, AppealState, AppealTerms
from contest.submissions.models import Work


def appeal_terms(round_id: int) -> AppealTerms | None:
    """The window of a round; None where there is none."""
    return db.session.get(AppealTerms, round_id)


def appeals_of(round_id: int) -> list[Appeal]:
    """The queue of a round: what is open first, then by when it was filed."""
    found = db.session.scalars(
        select(Appeal).where(Appeal.round_id == round_id).order_by(Appeal.filed_at, Appeal.id)
    )
    return sorted(found, key=lambda one: one.state is AppealState.DECIDED)


def appeal_in(round_id: int, public_id: str) -> Appeal | None:
    """An appeal of this round."""
    return db.session.scalar(
        select(Appeal).where(Appeal.round_id == round_id, Appeal.public_id == public_id)
    )


def own_appeal(person_id: int, round_id: int) -> Appeal | None:
    """A person's appeal in a round."""
    return db.session.scalar(
        select(Appeal).where(Appeal.person_id == person_id, Appeal.round_id == round_id)
    )


def name_of(appeal: Appeal) -> str:
    """Who appeals, as registered."""
    return (
        db.session.scalar(
            select(Registration.full_name).where(Registration.id == appeal.entry.registration_id)
        )
        or ""
    )


def work_id_of(appeal: Appeal) -> int | None:
    """The work of an essay that is marked again."""
    return works_of_entries(appeal.round_id, [appeal.entry_id]).get(appeal.entry_id)


def works_of_entries(round_id: int, entry_ids: Collection[int]) -> dict[int, int]:
    """The works with which entries compete in a round of essays, by entry."""
    rows = db.session.execute(
        select(Work.entry_id, Work.id).where(
            Work.round_id == round_id, Work.entry_id.in_(entry_ids)
        )
    )
    return dict(rows.all())


def score_in(rank_run_id: int, entry_id: int) -> tuple[Decimal, Decimal] | None:
    """Points and most points of an entry in a ranking."""
    row = db.session.execute(
        select(RoundScore.points, RoundScore.max_points).where(
            RoundScore.rank_run_id == rank_run_id, RoundScore.entry_id == entry_id
        )
    ).first()
    return None if row is None else (row.points, row.max_points)


def moved_by_appeal(round_id: int, entry_id: int) -> Decimal | None:
    """The mark of an entry since an appeal moved it; None where none did."""
    found = db.session.scalars(
        select(Appeal).where(
            Appeal.round_id == round_id,
            Appeal.entry_id == entry_id,
            Appeal.state == AppealState.DECIDED,
        )
    ).first()
    return found.result if found is not None and found.result != found.official else None


def free_remarkers(appeal: Appeal) -> list[Person]:
    """Judges of the round who may mark this work again.

    Nobody who had a part in its mark (a sheet, the decision between markings, this appeal), and
    nobody whom a rule of the assignment would keep from it: authors and those they wrote about,
    people of their units, declared conflicts, who marked it in an earlier round.
    """
    work_id = work_id_of(appeal)
    if work_id is None:
        return []
    had_part = set(
        db.session.scalars(
            select(Juror.person_id)
            .join(MarkSheet, MarkSheet.juror_id == Juror.id)
            .where(MarkSheet.work_id == work_id, MarkSheet.state != SheetState.MOVED)
        )
    )
    had_part |= set(
        db.session.scalars(select(Resolution.decided_by_id).where(Resolution.work_id == work_id))
    )
    had_part |= {mark.person_id for mark in appeal.marks} | {appeal.person_id}
    seated = [
        one
        for one in jurors(appeal.round_id)
        if one.state is JurorState.ACCEPTED and one.person_id not in had_part
    ]
    facts = judge_facts(appeal.round, seated, {one.person_id for one in seated})
    works = work_facts(appeal.round_id, [work_id])
    free = {
        judge.person_id
        for judge in facts
        if all(conflict_of(judge, work) is None for work in works)
    }
    return [one.person for one in seated if one.person_id in free]


def mark_to_give(person_id: int, public_id: str) -> AppealMark | None:
    """The re-marking that this person is asked for, given or not."""
    return db.session.scalar(
        select(AppealMark)
        .join(Appeal, Appeal.id == AppealMark.appeal_id)
        .where(Appeal.public_id == public_id, AppealMark.person_id == person_id)
    )


def appeal_by_id(appeal_id: int) -> Appeal:
    """An appeal with its round."""
    return db.session.scalars(
        select(Appeal).options(joinedload(Appeal.round)).where(Appeal.id == appeal_id)
    ).one()
