"""Statistics of closed rounds: the attempts behind them, what was found, and former uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select

from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.quizzes.models import (
    Attempt,
    ItemStatistic,
    PoolQuestion,
    RoundStatistic,
)
from contest.quizzes.queries.rulings import regrade_number, rulings_of
from contest.quizzes.rules.rulings import Ruling, right_letters, ruled_bodies
from question_bank.kinds.base import Way
from question_bank.marking import ParsedRevision
from question_bank.models import Question
from question_bank.queries import revisions
from question_bank.statistics import (
    NO_ANSWER,
    ItemFigures,
    NamedOption,
    OptionCount,
    PaperFigures,
    Sums,
    Verdict,
    pooled,
    verdicts,
)
from question_bank.uses import PastUse, QuestionHistory

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def first_attempt_count(round_id: int) -> int:
    """How many people have finished a first attempt."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(
                Attempt.round_id == round_id,
                Attempt.ordinal == 1,
                Attempt.submitted_at.is_not(None),
            )
        )
        or 0
    )


def first_attempts(round_id: int, after_entry: int, limit: int) -> Sequence[Any]:
    """A stretch of first attempts by entry, those after one: entry, paper, answers, id."""
    return db.session.execute(
        select(Attempt.entry_id, Attempt.paper, Attempt.answers, Attempt.id)
        .where(
            Attempt.round_id == round_id,
            Attempt.entry_id > after_entry,
            Attempt.ordinal == 1,
            Attempt.submitted_at.is_not(None),
        )
        .order_by(Attempt.entry_id)
        .limit(limit)
    ).all()


def pool_strata(round_id: int) -> dict[int, tuple[int | None, str]]:
    """Topic and difficulty of each question of a frozen pool."""
    rows = db.session.execute(
        select(PoolQuestion.question_id, PoolQuestion.topic_id, PoolQuestion.difficulty).where(
            PoolQuestion.round_id == round_id
        )
    )
    return {question_id: (topic, difficulty.value) for question_id, topic, difficulty in rows}


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """The statistics of a round as its page shows them."""

    attempts: int
    figures: PaperFigures
    thirds: tuple[int, int, int]
    same_paper: bool
    made_at: datetime
    is_stale: bool


def round_figures(round_id: int) -> RoundFigures | None:
    """What is known of a round's papers; stale when a correction came after it."""
    found = db.session.get(RoundStatistic, round_id)
    if found is None:
        return None
    bottom, middle, top = found.thirds
    return RoundFigures(
        found.attempts,
        PaperFigures(**found.figures),
        (bottom, middle, top),
        found.same_paper,
        found.made_at,
        is_stale=found.regrade_number != regrade_number(round_id),
    )


@dataclass(frozen=True, slots=True)
class OptionLine:
    """A line of the option table: letter and words, whether it is right, counts by thirds."""

    letter: str
    words: str
    is_key: bool
    count: OptionCount


@dataclass(frozen=True, slots=True)
class PartLine:
    """A gap, or a question on a shared text, with its figures; counts by thirds."""

    number: int
    stem: str
    key: str
    figures: ItemFigures
    right: OptionCount
    answered: OptionCount


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A question of a round with its figures and what they say."""

    number: int
    public_id: str
    stem: str
    kind: str
    topic_id: int | None
    difficulty: str
    figures: ItemFigures
    options: tuple[OptionLine, ...]
    met: OptionCount
    verdicts: tuple[Verdict, ...]
    parts: tuple[PartLine, ...] = ()


def item_lines(round_id: int) -> list[ItemLine]:
    """Every question that was met, in the order of the answer key."""
    rows = db.session.execute(
        select(ItemStatistic, Question.public_id)
        .join(Question, Question.id == ItemStatistic.question_id)
        .where(ItemStatistic.round_id == round_id)
        .order_by(ItemStatistic.question_id)
    ).all()
    known = revisions([item.revision_id for item, _public_id in rows])
    strata = pool_strata(round_id)
    rulings = rulings_of(round_id)
    places = {question: place for place, question in enumerate(sorted(strata), start=1)}
    return [
        _line(
            item,
            known[item.revision_id],
            rulings.get(item.revision_id),
            public_id=public_id,
            number=places.get(item.question_id, 0),
            stratum=strata.get(item.question_id, (None, "")),
        )
        for item, public_id in rows
    ]


def _line(
    item: ItemStatistic,
    revision: ParsedRevision,
    ruling: Ruling | None,
    *,
    public_id: str,
    number: int,
    stratum: tuple[int | None, str],
) -> ItemLine:
    figures = ItemFigures(**item.figures)
    *parts, (_met, *met) = item.options
    counts = {str(part): OptionCount(str(part), *thirds) for part, *thirds in parts}
    options = _options(revision, ruling, counts)
    named = [NamedOption(each.letter, each.is_key, each.count) for each in options if each.letter]
    whole = OptionCount("", *met)
    return ItemLine(
        number=number,
        public_id=public_id,
        stem=revision.in_words(revision.stem),
        kind=str(revision.kind.label),
        topic_id=stratum[0],
        difficulty=stratum[1],
        figures=figures,
        options=options,
        met=whole,
        verdicts=verdicts(figures, named, whole),
        parts=_parts(item, revision, ruling),
    )


def _parts(
    item: ItemStatistic, revision: ParsedRevision, ruling: Ruling | None
) -> tuple[PartLine, ...]:
    """The gaps or members of a question, in their order; none without figures of theirs."""
    bodies: Sequence[Any] = ruled_bodies(revision, ruling)
    found = []
    for place, stored in enumerate(item.parts):
        part = bodies[0].parts[place]
        texts = dict.fromkeys(
            revision.in_words(text)
            for body in bodies
            for text in part.kind.key_texts(body.parts[place].body)
        )
        found.append(
            PartLine(
                number=place + 1,
                stem=revision.in_words(part.stem),
                key=" | ".join(texts),
                figures=ItemFigures(**stored["figures"]),
                right=OptionCount("", *stored["right"]),
                answered=OptionCount("", *stored["answered"]),
            )
        )
    return tuple(found)


def _options(
    revision: ParsedRevision, ruling: Ruling | None, counts: dict[str, OptionCount]
) -> tuple[OptionLine, ...]:
    """The table: options by letter where there are some, else the commonest answers."""
    nobody = OptionCount("", 0, 0, 0)
    lines = []
    if revision.kind.way is Way.OPTIONS:
        keys = right_letters(revision, ruling)
        texts = revision.kind.option_texts(revision.body)
        for place, option_id in enumerate(revision.body.option_ids):
            letter = _LETTERS[place]
            words = revision.in_words(texts[place])
            count = counts.get(option_id, nobody)
            lines.append(OptionLine(letter, words, letter in keys, count))
    else:
        common = sorted(counts.values(), key=lambda each: -each.total)
        lines = [
            OptionLine(
                "",
                _given_words(revision, each.part),
                revision.kind.mark(revision.body, (each.part,)).full,
                each,
            )
            for each in common[:10]
            if each.part != NO_ANSWER
        ]
    if NO_ANSWER in counts:
        lines.append(OptionLine("", "", is_key=False, count=counts[NO_ANSWER]))
    return tuple(lines)


def _given_words(revision: ParsedRevision, part: str) -> str:
    """A line of the table in words; of essay answers the marks are counted, not the texts."""
    if revision.kind.way is Way.ESSAY:
        return _("%(points)s points", points=format_points(Decimal(part)))
    return "; ".join(revision.kind.answer_texts(revision.body, (part,))) or part


def question_history(question_id: int) -> QuestionHistory:
    """The uses of a question, the latest first."""
    rows = db.session.execute(
        select(
            ItemStatistic.figures,
            ItemStatistic.sums,
            Round.title,
            Round.closed_at,
            Contest.title.label("contest"),
            Contest.announced_at,
        )
        .join(Round, Round.id == ItemStatistic.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(ItemStatistic.question_id == question_id)
        .order_by(Round.closed_at.desc(), Round.id.desc())
    ).all()
    return QuestionHistory(
        tuple(
            PastUse(
                row.contest if row.announced_at else "",
                row.title,
                row.closed_at,
                ItemFigures(**row.figures),
            )
            for row in rows
        ),
        pooled(stored_sums(row.sums) for row in rows),
    )


def stored_sums(stored: dict[str, Any]) -> tuple[Sums, int]:
    """Sums and maximum as an `ItemStatistic` keeps them."""
    return (
        Sums(**{name: int(stored[name]) for name in Sums.__dataclass_fields__}),
        int(stored["maximum"]),
    )


def known_facilities(question_ids: Sequence[int]) -> dict[int, float]:
    """How easy questions were in all their former uses together, by question."""
    by_question: dict[int, list[tuple[Sums, int]]] = {}
    rows = db.session.execute(
        select(ItemStatistic.question_id, ItemStatistic.sums).where(
            ItemStatistic.question_id.in_(question_ids)
        )
    )
    for question_id, sums in rows:
        by_question.setdefault(question_id, []).append(stored_sums(sums))
    found = {question_id: pooled(uses).facility for question_id, uses in by_question.items()}
    return {question_id: each for question_id, each in found.items() if each is not None}
