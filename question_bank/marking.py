"""Marking: pure functions over pinned revisions, exact to 1/10,000 of a point.

Points are integers here, in ten-thousandths (``POINT_UNITS`` to a point), so that both databases,
every worker and every later check add up to the same figure. Rounding happens once per question:
half a unit goes up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from contest.core.db import POINT_UNITS, from_point_units
from question_bank.kinds.base import NO_ANSWER, Answer, KindBody, Presented, QuestionKind, Share
from question_bank.media import Medium, plain


@dataclass(frozen=True, slots=True)
class ParsedRevision:
    """A question's revision as a worker keeps it in memory: checked, immutable, shared.

    ``max_units`` is the question's own maximum in ten-thousandths of a point.
    """

    id: int
    question_id: int
    number: int
    kind: QuestionKind
    stem: str
    body: KindBody
    explanation: str
    max_units: int = POINT_UNITS
    source: str = ""
    media: Mapping[str, Medium] = field(default_factory=dict)

    def __hash__(self) -> int:
        """By its id alone; the media cannot be hashed."""
        return hash(self.id)

    def present(self, order: Sequence[str] = ()) -> Presented:
        """Return what a contestant may see of the body."""
        return self.kind.present(self.body, order)

    def right_texts(self) -> tuple[str, ...]:
        """The right answers in words, also those that are pictures."""
        return tuple(self.in_words(text) for text in self.kind.key_texts(self.body))

    def in_words(self, text: str) -> str:
        """Return one of its texts with words in the place of pictures, sounds and formulas."""
        return plain(text, self.media)


class QuestionMark(NamedTuple):
    """One marked question; points and maximum in ten-thousandths."""

    units: int
    max_units: int
    right: bool
    answered: bool


class PaperMark(NamedTuple):
    """A marked paper; points and maximum in ten-thousandths, ``marks`` in the paper's order."""

    units: int
    max_units: int
    right_count: int
    answered_count: int
    marks: tuple[QuestionMark, ...]

    @property
    def all_right(self) -> bool:
        """Is every question wholly right? False for an empty paper."""
        return bool(self.marks) and self.right_count == len(self.marks)

    @property
    def points(self) -> Decimal:
        """The sum in points."""
        return from_point_units(self.units)

    @property
    def max_points(self) -> Decimal:
        """The paper's maximum in points."""
        return from_point_units(self.max_units)


def share_of(share: Share, max_units: int) -> int:
    """Return ``max_units`` × ``share``, half a unit rounded up."""
    return (2 * max_units * share.numerator + share.denominator) // (2 * share.denominator)


@lru_cache(maxsize=16_384)
def mark_question(
    revision: ParsedRevision, answer: Answer, max_units: int | None = None
) -> QuestionMark:
    """Mark one answer; ``max_units`` overrides the question's own maximum (ten-thousandths).

    Thousands give the same answer to the same question when a round closes: a mark is worked out
    once and kept.
    """
    maximum = revision.max_units if max_units is None else max_units
    share = revision.kind.mark(revision.body, answer)
    return QuestionMark(share_of(share, maximum), maximum, share.full, bool(answer))


def mark_paper(
    revisions: Sequence[ParsedRevision],
    answers: Mapping[int, Answer],
    max_units: int | None = None,
) -> PaperMark:
    """Mark a paper: its pinned ``revisions`` in order, and ``answers`` by slot (from 0).

    ``max_units`` gives every question the same maximum (ten-thousandths); without it each
    question brings its own. A slot without an answer earns nothing.
    """
    marks = tuple(
        mark_question(revision, answers.get(slot, NO_ANSWER), max_units)
        for slot, revision in enumerate(revisions)
    )
    if not marks:
        return PaperMark(0, 0, 0, 0, ())
    units, most, right, answered = map(sum, zip(*marks, strict=True))
    return PaperMark(units, most, right, answered, marks)
