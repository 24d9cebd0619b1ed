"""Fairness: what a search for signs reads, and what its pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, distinct, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from contest.accounts.models import Person
from contest.contests.models import (
    Disqualification,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
    ScoreStatus,
)
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.quizzes.models import (
    Attempt,
    FairnessFinding,
    FairnessNote,
    FairnessReport,
    FairnessSign,
    LedgerLine,
    Verification,
)
from contest.quizzes.rules.fairness import HINTS

_LEAST_SIGNS: Final = 2
_READ: Final = (
    Attempt.id,
    Attempt.entry_id,
    Attempt.ordinal,
    Attempt.paper,
    Attempt.seen,
    Attempt.answers,
    Attempt.started_at,
    Attempt.submitted_at,
    Attempt.correct_count,
    Attempt.question_count,
    Attempt.prediction,
    Attempt.address,
    Attempt.device,
)


def ended_attempts(round_id: int, after: tuple[int, int], limit: int) -> Sequence[Any]:
    """The next attempts of a round that have ended, by entry and ordinal.

    Args:
        round_id: of the round.
        after: entry and ordinal of the last one read; (0, 0) to begin.
        limit: at most so many.
    """
    return db.session.execute(
        select(*_READ)
        .where(
            Attempt.round_id == round_id,
            tuple_(Attempt.entry_id, Attempt.ordinal) > tuple_(*after),
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.entry_id, Attempt.ordinal)
        .limit(limit)
    ).all()


def times_away(round_id: int, least: int, most_rows: int) -> Sequence[Any]:
    """(entry, ordinal, how often the page was left) where it was at least `least` times."""
    by_epoch = (
        select(LedgerLine.attempt_id, func.max(LedgerLine.away).label("away"))
        .where(LedgerLine.round_id == round_id, LedgerLine.away > 0)
        .group_by(LedgerLine.attempt_id, LedgerLine.epoch)
        .subquery()
    )
    times = func.sum(by_epoch.c.away)
    return db.session.execute(
        select(Attempt.entry_id, Attempt.ordinal, times.label("times"))
        .join(by_epoch, by_epoch.c.attempt_id == Attempt.id)
        .group_by(Attempt.id, Attempt.entry_id, Attempt.ordinal)
        .having(times >= least)
        .order_by(times.desc(), Attempt.id)
        .limit(most_rows)
    ).all()


def ended_count(round_id: int) -> int:
    """How many attempts of a round have ended."""
    return int(
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.round_id == round_id, Attempt.submitted_at.is_not(None))
        )
        or 0
    )


def fairness_report(round_id: int) -> FairnessReport | None:
    """The latest search for signs in a round."""
    return db.session.get(FairnessReport, round_id)


@dataclass(frozen=True, slots=True)
class SuspectLine:
    """Somebody about whom signs were found, for the list."""

    entry_public_id: str
    full_name: str
    unit_path: str
    code: str
    signs: tuple[FairnessSign, ...]
    is_settled: bool
    is_out: bool


@dataclass(frozen=True, slots=True)
class SuspectFilter:
    """What is looked for: words of name or unit, one sign, and hints that stand alone as well."""

    text: str = ""
    sign: FairnessSign | None = None
    with_hints: bool = False


def _is_out(round_id: int) -> Any:
    return exists().where(
        Disqualification.entry_id == Entry.id,
        Disqualification.lifted_at.is_(None),
        or_(Disqualification.round_id.is_(None), Disqualification.round_id == round_id),
    )


def suspects(round_id: int, wanted: SuspectFilter, page: int) -> Page[SuspectLine]:
    """People with signs; those that ask for a look first, then by name."""
    strong = func.count(distinct(case((~FairnessFinding.sign.in_(HINTS), FairnessFinding.sign))))
    signs = func.count(distinct(FairnessFinding.sign))
    grouped = (
        select(FairnessFinding.entry_id, strong.label("strong"), signs.label("signs"))
        .where(FairnessFinding.round_id == round_id)
        .group_by(FairnessFinding.entry_id)
    )
    if not wanted.with_hints and wanted.sign is None:
        grouped = grouped.having(or_(strong > 0, signs >= _LEAST_SIGNS))
    found = grouped.subquery()
    statement: Any = (
        select(
            Entry.id,
            Entry.public_id,
            Registration.full_name,
            Registration.unit_path,
            Registration.code,
            _is_out(round_id),
        )
        .join(found, found.c.entry_id == Entry.id)
        .join(Registration, Registration.id == Entry.registration_id)
        .order_by(found.c.strong.desc(), found.c.signs.desc(), Registration.sort_key, Entry.id)
    )
    if wanted.sign is not None:
        statement = statement.where(
            exists().where(
                FairnessFinding.round_id == round_id,
                FairnessFinding.entry_id == Entry.id,
                FairnessFinding.sign == wanted.sign,
            )
        )
    if wanted.text:
        statement = statement.where(
            or_(
                contains_folded(Registration.name_folded, wanted.text),
                Registration.unit_path.icontains(wanted.text, autoescape=True),
            )
        )
    rows = paginate(statement, page=page)
    ids = [row[0] for row in rows.items]
    signs_of = _signs_of(round_id, ids)
    settled = set(
        db.session.scalars(
            select(FairnessNote.entry_id).where(
                FairnessNote.round_id == round_id,
                FairnessNote.entry_id.in_(ids),
                FairnessNote.settles,
            )
        )
    )
    lines = [
        SuspectLine(public_id, name, unit, code, signs_of[key], key in settled, bool(is_out))
        for key, public_id, name, unit, code, is_out in rows.items
    ]
    return Page(lines, rows.number, rows.size, rows.total)


def _signs_of(round_id: int, entry_ids: Sequence[int]) -> dict[int, tuple[FairnessSign, ...]]:
    rows = db.session.execute(
        select(FairnessFinding.entry_id, FairnessFinding.sign)
        .where(FairnessFinding.round_id == round_id, FairnessFinding.entry_id.in_(entry_ids))
        .distinct()
    )
    found: dict[int, set[FairnessSign]] = {each: set() for each in entry_ids}
    for entry_id, sign in rows:
        found[entry_id].add(sign)
    return {
        key: tuple(sign for sign in FairnessSign if sign in held) for key, held in found.items()
    }


def entry_in_round(contest_round: Round, public_id: str) -> Entry | None:
    """An entry of the round's contest."""
    return db.session.scalar(
        select(Entry).where(
            Entry.contest_id == contest_round.contest_id, Entry.public_id == public_id
        )
    )


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A sign about somebody, with the other person of a pair as organisers know them."""

    public_id: str
    sign: FairnessSign
    figures: dict[str, Any]
    other_name: str
    other_unit: str
    other_public_id: str


def findings_of(round_id: int, entry_id: int) -> list[FindingLine]:
    """The signs about an entry, strongest of each first."""
    other, theirs = aliased(Entry), aliased(Registration)
    rows = db.session.execute(
        select(FairnessFinding, other.public_id, theirs.full_name, theirs.unit_path)
        .outerjoin(other, other.id == FairnessFinding.other_entry_id)
        .outerjoin(theirs, theirs.id == other.registration_id)
        .where(FairnessFinding.round_id == round_id, FairnessFinding.entry_id == entry_id)
        .order_by(FairnessFinding.sign, FairnessFinding.strength.desc(), FairnessFinding.id)
    )
    return [
        FindingLine(
            found.public_id, found.sign, found.figures, name or "", unit or "", public_id or ""
        )
        for found, public_id, name, unit in rows
    ]


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note about somebody, with who wrote it."""

    body: str
    settles: bool
    full_name: str
    written_at: datetime


def notes_of(round_id: int, entry_id: int) -> list[NoteLine]:
    """Notes about an entry, latest first."""
    rows = db.session.execute(
        select(FairnessNote.body, FairnessNote.settles, Person.full_name, FairnessNote.written_at)
        .join(Person, Person.id == FairnessNote.written_by_id)
        .where(FairnessNote.round_id == round_id, FairnessNote.entry_id == entry_id)
        .order_by(FairnessNote.id.desc())
    )
    return [NoteLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class RankNow:
    """Where an entry stands in the round's latest ranking, and how many stand behind it."""

    place: int
    behind: int


def rank_now(round_id: int, entry_id: int) -> RankNow | None:
    """Its place in the latest rank run, or None where it is not ranked."""
    run_id = db.session.scalar(
        select(RankRun.id)
        .where(RankRun.round_id == round_id)
        .order_by(RankRun.number.desc())
        .limit(1)
    )
    if run_id is None:
        return None
    own = db.session.get(RoundScore, (run_id, entry_id))
    if own is None or own.place is None:
        return None
    behind = db.session.scalar(
        select(func.count())
        .select_from(RoundScore)
        .where(
            RoundScore.rank_run_id == run_id,
            RoundScore.place > own.place,
            RoundScore.status != ScoreStatus.DISQUALIFIED,
            RoundScore.division_id.is_not_distinct_from(own.division_id),
        )
    )
    return RankNow(own.place, behind or 0)


def verification_of(round_id: int, entry_id: int) -> Verification | None:
    """The verification to which an entry was invited."""
    return db.session.scalar(
        select(Verification).where(
            Verification.round_id == round_id, Verification.entry_id == entry_id
        )
    )


def finished_of_entry(round_id: int, entry_id: int) -> list[Attempt]:
    """An entry's finished attempts, in order."""
    return list(
        db.session.scalars(
            select(Attempt)
            .where(
                Attempt.round_id == round_id,
                Attempt.entry_id == entry_id,
                Attempt.submitted_at.is_not(None),
            )
            .order_by(Attempt.ordinal)
        )
    )
