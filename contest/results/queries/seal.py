"""Whether the codes of a round are still closed, and what stands behind them once they are open.

While they are closed, nothing that organisers see in this room may tell who wrote an essay: the
queries of the room ask `is_sealed` themselves and then do not read names at all.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from contest.accounts.models import Person
from contest.contests.models import ContestKind, Round, Stage
from contest.core.db import db
from contest.judging.models import JudgedRound, MarkSheet, SheetState
from contest.results.models import Over
from contest.submissions.models import (
    BlindCode,
    Unsealing,
    UnsealingRequest,
    Work,
    WorkAuthor,
    WorkVersion,
)

_PART = 500
_OPEN = (SheetState.TODO, SheetState.OPEN)


def is_sealed(over: Over) -> bool:
    """Whether essays stand under codes only; rounds of other kinds have none.

    Nor have totals, which are added up once every code is open.
    """
    if not isinstance(over, Round):
        return False
    return over.kind is ContestKind.ESSAY and unsealing_of(over.id) is None


def unsealing_of(round_id: int) -> Unsealing | None:
    """When, by whom and why the codes of a round were opened."""
    return db.session.get(Unsealing, round_id)


def unsealing_request(round_id: int) -> UnsealingRequest | None:
    """The newest request to open the codes of a round that was not withdrawn."""
    return db.session.scalar(
        select(UnsealingRequest)
        .where(UnsealingRequest.round_id == round_id, UnsealingRequest.withdrawn_at.is_(None))
        .order_by(UnsealingRequest.id.desc())
        .limit(1)
    )


def name_of(person_id: int | None) -> str:
    """Who asked for the codes, or opened them."""
    return db.session.scalar(select(Person.full_name).where(Person.id == person_id)) or ""


def unsealed_by(unsealing: Unsealing) -> str:
    """The names of who asked for the codes and who opened them."""
    both = (unsealing.asked_by_id, unsealing.unsealed_by_id)
    return ", ".join(name_of(each) for each in both if each is not None)


@dataclass(frozen=True, slots=True)
class OpenMarking:
    """A round whose marks are not locked, and how many sheets wait there."""

    round_title: str
    sheets: int


def open_markings(round: Round) -> list[OpenMarking]:
    """Markings that opening the codes of a round would spoil.

    The round's own, and those of other rounds of the contest in which the same text of the same
    entry is still being marked.
    """
    here, there = aliased(Work), aliased(Work)
    mine, theirs = aliased(WorkVersion), aliased(WorkVersion)
    same_text = (
        select(there.round_id)
        .join(here, here.entry_id == there.entry_id)
        .join(mine, mine.id == here.submitted_version_id)
        .join(theirs, theirs.id == there.submitted_version_id)
        .where(here.round_id == round.id, mine.body_text == theirs.body_text)
    )
    rounds = db.session.execute(
        select(Round.id, Round.title, func.count(MarkSheet.id))
        .outerjoin(JudgedRound, JudgedRound.round_id == Round.id)
        .outerjoin(MarkSheet, (MarkSheet.round_id == Round.id) & MarkSheet.state.in_(_OPEN))
        .where(
            Round.contest_id == round.contest_id,
            Round.kind == ContestKind.ESSAY,
            Round.stage != Stage.PLANNED,
            JudgedRound.closed_at.is_(None),
            or_(Round.id == round.id, Round.id.in_(same_text)),
        )
        .group_by(Round.id, Round.title, Round.number)
        .order_by(Round.number)
    )
    return [OpenMarking(title, sheets) for _id, title, sheets in rounds]


@dataclass(frozen=True, slots=True)
class EssayAuthor:
    """An author of a work, for naming; `person_id` is None without an account."""

    person_id: int | None
    full_name: str
    name_folded: str
    phone: str | None
    unit_id: int | None

    @property
    def key(self) -> str:
        """Who this is for a cap: the account, else name with telephone."""
        if self.person_id is not None:
            return str(self.person_id)
        return f"{self.name_folded}/{self.phone or ''}"


@dataclass(frozen=True, slots=True)
class EssayFacts:
    """What stands behind an entry of an essay round; for pages only once the codes are open."""

    work_id: int
    work_public_id: str
    code: str
    title: str
    authors: tuple[EssayAuthor, ...] = field(default=())

    @property
    def names(self) -> str:
        """The names of all authors."""
        return ", ".join(author.full_name for author in self.authors)


def authors_of_entries(round_id: int, entry_ids: Collection[int]) -> dict[int, list[EssayAuthor]]:
    """All authors of the works of entries in a round, in their order."""
    found: defaultdict[int, list[EssayAuthor]] = defaultdict(list)
    wanted = sorted(entry_ids)
    for start in range(0, len(wanted), _PART):
        rows = db.session.execute(
            select(
                Work.entry_id,
                WorkAuthor.person_id,
                WorkAuthor.full_name,
                WorkAuthor.name_folded,
                WorkAuthor.phone,
                WorkAuthor.unit_id,
            )
            .join(WorkAuthor, WorkAuthor.work_id == Work.id)
            .where(Work.round_id == round_id, Work.entry_id.in_(wanted[start : start + _PART]))
            .order_by(Work.entry_id, WorkAuthor.position)
        )
        for row in rows:
            found[row.entry_id].append(
                EssayAuthor(row.person_id, row.full_name, row.name_folded, row.phone, row.unit_id)
            )
    return found


def essay_facts(round: Round, entry_ids: Collection[int]) -> Mapping[int, EssayFacts]:
    """Titles and authors by entry; nothing while the round is sealed or where it has no essays."""
    if round.kind is not ContestKind.ESSAY or is_sealed(round) or not entry_ids:
        return {}
    authors = authors_of_entries(round.id, entry_ids)
    found: dict[int, EssayFacts] = {}
    wanted = sorted(entry_ids)
    for start in range(0, len(wanted), _PART):
        rows = db.session.execute(
            select(Work.entry_id, Work.id, Work.public_id, BlindCode.code, WorkVersion.title)
            .outerjoin(
                BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id)
            )
            .outerjoin(WorkVersion, WorkVersion.id == Work.submitted_version_id)
            .where(Work.round_id == round.id, Work.entry_id.in_(wanted[start : start + _PART]))
        )
        for entry_id, work_id, public_id, code, title in rows:
            found[entry_id] = EssayFacts(
                work_id, public_id, code or "", title or "", tuple(authors.get(entry_id, ()))
            )
    return found


def entries_of_authors(round: Round, person_ids: Collection[int]) -> set[int]:
    """Entries of an essay round of which one of these persons is an author or co-author."""
    if round.kind is not ContestKind.ESSAY or not person_ids:
        return set()
    found: set[int] = set()
    wanted = sorted(person_ids)
    for start in range(0, len(wanted), _PART):
        found.update(
            db.session.scalars(
                select(Work.entry_id)
                .join(WorkAuthor, WorkAuthor.work_id == Work.id)
                .where(
                    Work.round_id == round.id,
                    WorkAuthor.person_id.in_(wanted[start : start + _PART]),
                )
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class SealCounts:
    """What opening the codes brings to light."""

    works: int
    authors: int
    persons: frozenset[int]


def seal_counts(round_id: int, entry_ids: Collection[int] | None = None) -> SealCounts:
    """How many works and authors stand behind the codes of a round, or of some entries."""
    statement = (
        select(Work.id, WorkAuthor.person_id, WorkAuthor.name_folded, WorkAuthor.phone)
        .join(BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id))
        .join(WorkAuthor, WorkAuthor.work_id == Work.id)
        .where(Work.round_id == round_id)
    )
    if entry_ids is not None:
        statement = statement.where(Work.entry_id.in_(entry_ids))
    rows = db.session.execute(statement).all()
    return SealCounts(
        works=len({row.id for row in rows}),
        authors=len({row.person_id or (row.name_folded, row.phone) for row in rows}),
        persons=frozenset(row.person_id for row in rows if row.person_id is not None),
    )
