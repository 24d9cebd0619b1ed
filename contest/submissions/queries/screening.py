"""The screening queue, near-duplicates and matches of persons written about."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from contest.accounts.models import Scope
from contest.contests.models import Contest, Entry, Registration, Round
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line
from contest.submissions.models import (
    BlindCode,
    NearDuplicate,
    Screening,
    ScreeningOutcome,
    Subject,
    Work,
    WorkAuthor,
    WorkState,
    WorkSubject,
    WorkVersion,
)
from contest.submissions.rules.answers import main_words

_PART = 500
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ScreeningRow:
    """A line of the queue.

    Attributes:
        work: handed in, with author and version.
        outcome: what was decided about this version; None while it waits.
        duplicates: pairs with other works that wait for a verdict.
    """

    work: Work
    outcome: ScreeningOutcome | None
    duplicates: int

    def is_too_long(self, most: int) -> bool:
        """Whether the text alone is; a dossier has other fields, with limits of their own."""
        version = self.work.submitted_version
        return version is not None and version.word_count > most and main_words(version) > most


@dataclass(frozen=True, slots=True)
class ScreeningCounts:
    """How many works of a round stand where."""

    waiting: int
    passed: int
    returned: int
    ineligible: int
    coded: int

    @property
    def all(self) -> int:
        """Everything that was handed in."""
        return self.waiting + self.passed + self.returned + self.ineligible


def _decided() -> ColumnElement[bool]:
    return (
        (Screening.work_id == Work.id)
        & Screening.is_current
        & (Screening.version_id == Work.submitted_version_id)
    )


def screening_counts(round_id: int) -> ScreeningCounts:
    """Numbers above the queue."""
    rows = db.session.execute(
        select(Screening.outcome, func.count())
        .select_from(Work)
        .outerjoin(Screening, _decided())
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        .group_by(Screening.outcome)
    )
    counts: dict[ScreeningOutcome | None, int] = dict(rows.all())
    coded = db.session.scalar(
        select(func.count()).select_from(BlindCode).where(BlindCode.round_id == round_id)
    )
    return ScreeningCounts(
        waiting=counts.get(None, 0),
        passed=counts.get(ScreeningOutcome.PASSED, 0),
        returned=counts.get(ScreeningOutcome.RETURNED, 0),
        ineligible=counts.get(ScreeningOutcome.INELIGIBLE, 0),
        coded=coded or 0,
    )


def _found_by(text: str) -> ColumnElement[bool]:
    """By title, person written about or an author, marks aside; or by the code of a receipt.

    Never by blind code: that would read the code table without leaving a trace.
    """
    query = fold(one_line(text))
    return or_(
        Work.submitted_version.has(contains_folded(WorkVersion.search_folded, query)),
        Work.authors.any(contains_folded(WorkAuthor.name_folded, query)),
        Work.receipt_code == one_line(text).upper(),
    )


def _queue(round_id: int, state: str, text: str = "") -> Select[Work, ScreeningOutcome]:
    statement = (
        select(Work, Screening.outcome)
        .outerjoin(Screening, _decided())
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        .options(
            joinedload(Work.submitted_version),
            joinedload(Work.entry).joinedload(Entry.registration),
            selectinload(Work.authors),
        )
        .order_by(Work.submitted_at, Work.id)
    )
    if one_line(text):
        statement = statement.where(_found_by(text))
    if state == WAITING:
        return statement.where(Screening.id.is_(None))
    if state in {outcome.value for outcome in ScreeningOutcome}:
        return statement.where(Screening.outcome == ScreeningOutcome(state))
    return statement


def screening_page(
    round_id: int, state: str = WAITING, *, text: str = "", page: int = 1, size: int = 50
) -> Page[ScreeningRow]:
    """One page of the queue, those handed in first standing first; `text` is searched for."""
    found = paginate(_queue(round_id, state, text), page=page, size=size)
    pending = _open_pairs([work.id for work, _outcome in found.items])
    rows = [ScreeningRow(work, outcome, pending[work.id]) for work, outcome in found.items]
    return Page(rows, found.number, found.size, found.total)


def next_waiting(round_id: int, after: Work | None = None) -> Work | None:
    """The next work that waits, after one that was just decided."""
    statement = _queue(round_id, WAITING).limit(1)
    if after is not None:
        statement = statement.where(Work.id != after.id)
    row = db.session.execute(statement).first()
    return None if row is None else row[0]


def _open_pairs(work_ids: Collection[int]) -> defaultdict[int, int]:
    pending: defaultdict[int, int] = defaultdict(int)
    if not work_ids:
        return pending
    rows = db.session.execute(
        select(NearDuplicate.work_a_id, NearDuplicate.work_b_id).where(
            or_(NearDuplicate.work_a_id.in_(work_ids), NearDuplicate.work_b_id.in_(work_ids)),
            NearDuplicate.verdict == "",
        )
    )
    for first, second in rows:
        pending[first] += 1
        pending[second] += 1
    return pending


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A pair with both works loaded."""

    pair: NearDuplicate
    first: Work
    second: Work

    @property
    def is_outdated(self) -> bool:
        """Whether one of them was handed in anew, or withdrawn, since they were compared."""
        pair, now = self.pair, (self.first.submitted_version_id, self.second.submitted_version_id)
        return (pair.version_a_id, pair.version_b_id) != now


def _pairs(round_id: int) -> Select[NearDuplicate, Work, Work]:
    first, second = aliased(Work), aliased(Work)
    return (
        select(NearDuplicate, first, second)
        .join(first, first.id == NearDuplicate.work_a_id)
        .join(second, second.id == NearDuplicate.work_b_id)
        .where(NearDuplicate.round_id == round_id)
        .options(
            joinedload(NearDuplicate.version_a),
            joinedload(NearDuplicate.version_b),
            selectinload(first.authors),
            selectinload(second.authors),
        )
    )


def duplicates_page(round_id: int, *, page: int = 1, size: int = 50) -> Page[DuplicateRow]:
    """Pairs that share passages, undecided and large ones first."""
    larger = case(
        (NearDuplicate.share_a > NearDuplicate.share_b, NearDuplicate.share_a),
        else_=NearDuplicate.share_b,
    )
    statement = _pairs(round_id).order_by(
        NearDuplicate.verdict != "", larger.desc(), NearDuplicate.id
    )
    found = paginate(statement, page=page, size=size)
    return Page([DuplicateRow(*row) for row in found.items], found.number, found.size, found.total)


def duplicate_in_round(round_id: int, public_id: str) -> DuplicateRow | None:
    """A pair of a round that was loaded for somebody."""
    row = db.session.execute(_pairs(round_id).where(NearDuplicate.public_id == public_id)).first()
    return None if row is None else DuplicateRow(*row)


def pairs_of(work_id: int) -> list[NearDuplicate]:
    """Pairs in which a work stands."""
    return list(
        db.session.scalars(
            select(NearDuplicate)
            .where(or_(NearDuplicate.work_a_id == work_id, NearDuplicate.work_b_id == work_id))
            .order_by(NearDuplicate.id)
        )
    )


@dataclass(frozen=True, slots=True)
class ComparedText:
    """A text for the search of copies, and the version of which work it is."""

    work_id: int
    version_id: int
    text: str


def texts_of_round(round_id: int) -> list[ComparedText]:
    """The texts handed in, in the order of their keys."""
    rows = db.session.execute(
        select(Work.id, WorkVersion.id, WorkVersion.body_text)
        .join(WorkVersion, WorkVersion.id == Work.submitted_version_id)
        .where(Work.round_id == round_id, Work.state == WorkState.SUBMITTED)
        .order_by(Work.id)
    )
    return [ComparedText(*row) for row in rows]


def earlier_texts(contest_round: Round) -> list[ComparedText]:
    """Texts of earlier rounds that were handed in: of contests of the same unit and its branch.

    Both texts of a pair are shown with their authors; who screens here has no right to those of
    another organisation.
    """
    branch = contest_round.contest.unit.scope.path
    rows = db.session.execute(
        select(Work.id, WorkVersion.id, WorkVersion.body_text)
        .join(WorkVersion, WorkVersion.id == Work.submitted_version_id)
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .join(Scope, Scope.id == Contest.scope_id)
        .where(
            Work.round_id < contest_round.id,
            Scope.path.startswith(branch, autoescape=True),
            Work.state == WorkState.SUBMITTED,
            Work.advanced_from_id.is_(None),
        )
        .order_by(Work.id)
    )
    return [ComparedText(*row) for row in rows]


def subjects_of_work(work_id: int) -> list[Subject]:
    """The persons a work is linked to."""
    return list(
        db.session.scalars(
            select(Subject)
            .join(WorkSubject, WorkSubject.subject_id == Subject.id)
            .where(WorkSubject.work_id == work_id)
            .order_by(Subject.id)
        )
    )


def subject_by_public_id(public_id: str) -> Subject | None:
    """A person written about."""
    return db.session.scalar(select(Subject).where(Subject.public_id == public_id))


def blind_row(round_id: int, work_id: int) -> BlindCode | None:
    """A line of the code table, for the secretary."""
    return db.session.get(BlindCode, (round_id, work_id))


def code_table(round_id: int) -> list[tuple[BlindCode, Work]]:
    """The whole code table with the works. Read through `actions.read_code_table` only."""
    rows = db.session.execute(
        select(BlindCode, Work)
        .join(Work, Work.id == BlindCode.work_id)
        .where(BlindCode.round_id == round_id)
        .options(
            joinedload(Work.submitted_version),
            joinedload(Work.entry).joinedload(Entry.registration),
            selectinload(Work.authors),
        )
        .order_by(BlindCode.code)
    )
    return [(row[0], row[1]) for row in rows]


def taken_codes(round_id: int) -> set[str]:
    """Every code of a round."""
    return set(db.session.scalars(select(BlindCode.code).where(BlindCode.round_id == round_id)))


def _lacks_code(round_id: int, *columns: Any) -> Any:
    """A SELECT over works that passed and have no code, or one made for an older version."""
    return (
        select(*columns)
        .select_from(Work)
        .join(Screening, _decided())
        .outerjoin(
            BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id)
        )
        .where(
            Work.round_id == round_id,
            Work.state == WorkState.SUBMITTED,
            Screening.outcome == ScreeningOutcome.PASSED,
            or_(BlindCode.work_id.is_(None), BlindCode.version_id != Work.submitted_version_id),
        )
    )


def codes_missing(round_id: int) -> int:
    """How many works wait for a code, or for a new text behind it."""
    return db.session.scalar(_lacks_code(round_id, func.count())) or 0


def works_waiting_for_codes(round_id: int, most: int | None = None) -> list[Work]:
    """Works that wait for a code or for a new text behind it, `most` of them at the most."""
    return list(
        db.session.scalars(
            _lacks_code(round_id, Work)
            .options(
                joinedload(Work.submitted_version),
                joinedload(Work.entry).joinedload(Entry.registration),
                selectinload(Work.authors),
                selectinload(Work.files),
                joinedload(Work.person),
            )
            .order_by(Work.id)
            .limit(most)
        )
    )


def latest_screening(round_id: int) -> int:
    """The key of the latest decision of a round's screening; 0 before the first."""
    return (
        db.session.scalar(
            select(func.max(Screening.id))
            .join(Work, Work.id == Screening.work_id)
            .where(Work.round_id == round_id)
        )
        or 0
    )


def registration_unit_path(work: Work) -> list[str]:
    """Unit path of the first author as it was, from near to far."""
    registration: Registration = work.entry.registration
    return [part for part in registration.unit_path.split(" › ") if part]
