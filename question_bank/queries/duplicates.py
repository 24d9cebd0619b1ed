"""Questions of a bank that say the same: their texts for comparing, the pairs that were found."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from contest.core.db import db
from contest.core.paging import Page, paginate
from question_bank.alike import ComparedText
from question_bank.kinds import kind_of
from question_bank.media import without_media
from question_bank.models import (
    DuplicatePair,
    DuplicateState,
    Question,
    QuestionRevision,
)
from question_bank.queries.question_lists import IN_USE, QuestionRow, rows_by_id


def texts_to_compare(bank_id: int) -> Iterator[ComparedText]:
    """Yield the texts of the questions in use, by id."""
    rows = db.session.execute(
        select(
            Question.id,
            Question.stem_digest,
            QuestionRevision.kind,
            QuestionRevision.stem,
            QuestionRevision.body,
        )
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .where(Question.bank_id == bank_id, Question.state.in_(IN_USE))
        .order_by(Question.id)
    )
    for row in rows:
        options = row.body.get("options")
        if options is None:
            kind = kind_of(row.kind)
            parts = list(kind.option_texts(kind.parse(row.body)))
        else:
            parts = [option["text"] for option in options]
        text = "\n".join([row.stem, *sorted(parts)])
        yield ComparedText(row.id, row.stem_digest, without_media(text))


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two questions that look alike, each as it stands in lists, with its whole text."""

    pair: DuplicatePair
    first: QuestionRow
    second: QuestionRow


def _pairs_of(bank_id: int, state: DuplicateState) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        DuplicatePair.bank_id == bank_id,
        DuplicatePair.state == state,
    ]
    if state is DuplicateState.OPEN:
        in_use = select(Question.id).where(Question.bank_id == bank_id, Question.state.in_(IN_USE))
        conditions += [DuplicatePair.first_id.in_(in_use), DuplicatePair.second_id.in_(in_use)]
    return conditions


def duplicate_pairs(
    bank_id: int, state: DuplicateState = DuplicateState.OPEN, *, page: int = 1, size: int = 10
) -> Page[PairLine]:
    """Return pairs in a state, equal ones first, then those that share most.

    Open pairs are of questions that are both in use.
    """
    found = paginate(
        select(DuplicatePair)
        .where(*_pairs_of(bank_id, state))
        .order_by(DuplicatePair.is_exact.desc(), DuplicatePair.share.desc(), DuplicatePair.id),
        page=page,
        size=size,
    )
    ids = {key for pair in found.items for key in (pair.first_id, pair.second_id)}
    rows = rows_by_id(ids)
    lines = [PairLine(pair, rows[pair.first_id], rows[pair.second_id]) for pair in found.items]
    return Page(lines, found.number, found.size, found.total)


def pair_in(bank_id: int, public_id: str) -> DuplicatePair | None:
    """Return a pair of this bank, or None."""
    return db.session.scalar(
        select(DuplicatePair).where(
            DuplicatePair.bank_id == bank_id, DuplicatePair.public_id == public_id
        )
    )


def known_pairs(bank_id: int) -> dict[tuple[int, int], DuplicatePair]:
    """Return every pair of a bank that was ever found, by its two questions."""
    pairs = db.session.scalars(select(DuplicatePair).where(DuplicatePair.bank_id == bank_id))
    return {(pair.first_id, pair.second_id): pair for pair in pairs}


def duplicate_counts(bank_id: int) -> dict[DuplicateState, int]:
    """Return how many pairs of a bank stand in each state."""
    rows = db.session.execute(
        select(DuplicatePair.state, func.count().label("pairs"))
        .where(DuplicatePair.bank_id == bank_id)
        .group_by(DuplicatePair.state)
    )
    counts = {row.state: row.pairs for row in rows}
    return {state: counts.get(state, 0) for state in DuplicateState}
