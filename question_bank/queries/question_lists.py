"""The list of a bank's questions: filters, search, order, and what stands in a line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Label,
    SQLColumnExpression,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from contest.accounts.models import Person
from contest.core.db import db
from contest.core.full_text import (
    ORDERED,
    WordQuery,
    any_matches,
    has_words,
    matching,
)
from contest.core.paging import Page, paginate
from question_bank.kinds.cloze import with_blanks
from question_bank.media import plain
from question_bank.models import (
    QUESTION_WORDS,
    Difficulty,
    DuplicatePair,
    DuplicateState,
    Question,
    QuestionComment,
    QuestionRevision,
    QuestionSource,
    QuestionState,
    QuestionTag,
    Topic,
)
from question_bank.queries.banks import branch_of
from question_bank.queries.media import media_named
from question_bank.rules import search_words

DIFFICULTY_ORDER: Final = case(
    (Question.difficulty == Difficulty.EASY, 0),
    (Question.difficulty == Difficulty.MEDIUM, 1),
    (Question.difficulty == Difficulty.HARD, 2),
    else_=3,
)
STATE_ORDER: Final = case(
    (Question.state == QuestionState.DRAFT, 0),
    (Question.state == QuestionState.CHECKED, 1),
    (Question.state == QuestionState.APPROVED, 2),
    else_=3,
)
SORT_WORDS: Final[SQLColumnExpression[str]] = literal_column(
    f"substr(question.search_folded, 1, {ORDERED})"
)
IN_USE: Final = (QuestionState.DRAFT, QuestionState.CHECKED, QuestionState.APPROVED)
SORTS: Final[dict[str, SQLColumnExpression[Any]]] = {
    "question": SORT_WORDS,
    "topic": func.coalesce(Topic.sort_key, literal(b"")),
    "difficulty": DIFFICULTY_ORDER,
    "state": STATE_ORDER,
    "changed": Question.revision_id,
}


class Flag(StrEnum):
    """What asks for somebody's attention."""

    LAPSED = "lapsed"
    COMMENTED = "commented"
    DUPLICATE = "duplicate"
    NO_SOURCE = "no_source"
    NO_TOPIC = "no_topic"


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """What a list of questions is narrowed to; empty fields let everything through.

    ``words`` are searched without marks in stem, options, explanation, code, tags and source;
    ``beginnings`` takes them as beginnings of words. A topic brings the topics below it. Retired
    questions are shown when asked for by state only. ``author`` is the public id of who wrote the
    first version.
    """

    words: str = ""
    topic_id: int | None = None
    difficulty: Difficulty | None = None
    state: QuestionState | None = None
    kind: str = ""
    tag: str = ""
    flag: Flag | None = None
    author: str = ""
    source_id: int | None = None
    beginnings: bool = False
    sort: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list; its stem with words for what it shows, and dots for gaps."""

    id: int
    public_id: str
    external_id: str | None
    stem: str
    kind: str
    topic: str
    difficulty: Difficulty
    state: QuestionState
    changed_at: datetime
    key_letters: str
    tags: tuple[str, ...]
    lapsed: str = ""
    comments: int = 0


def question_page(
    bank_id: int, wanted: QuestionFilter, *, today: date, page: int = 1, size: int = 50
) -> Page[QuestionRow]:
    """Return one page of a bank's questions (five statements, whatever the number of rows).

    The list is cut on questions alone and dressed afterwards: counting and sorting a hundred
    thousand questions must not touch what they say. ``today`` decides which sources have lapsed.
    """
    found = _by_words_alone(bank_id, wanted, page, size) or _by_all(
        bank_id, wanted, today, page, size
    )
    rows = {row.id: row for row in _rows(_dressed(found.items), today)}
    return Page(
        [rows[key] for key in found.items], found.number, found.size, found.total, found.is_least
    )


def _by_words_alone(bank_id: int, wanted: QuestionFilter, page: int, size: int) -> Page[int] | None:
    """A page from the word index where nothing else narrows or orders the list; None elsewhere."""
    query = _word_query(bank_id, wanted)
    rest = (wanted.topic_id, wanted.tag, wanted.flag, wanted.author, wanted.source_id, wanted.sort)
    if query is None or any(rest) or wanted.descending:
        return None
    found = matching(QUESTION_WORDS, query, limit=size, offset=(page - 1) * size)
    if found.total and not found.keys:  # a page beyond the end is the last page
        return None
    return Page(found.keys, page if found.total else 1, size, found.total, found.is_least)


def _by_all(bank_id: int, wanted: QuestionFilter, today: date, page: int, size: int) -> Page[int]:
    order = SORTS.get(wanted.sort)
    ordering: list[SQLColumnExpression[Any]] = (
        [Question.id] if order is None else [order, Question.id]
    )
    conditions = filter_conditions(bank_id, wanted, today=today)
    chosen = select(Question.id).where(*conditions)
    if wanted.sort == "topic":
        chosen = chosen.outerjoin(Topic, Topic.id == Question.topic_id)
    if wanted.words or wanted.tag:
        # Found row by row: counted in the same pass. Ordered outside, because PostgreSQL would
        # walk the table in its order and take every text apart to find the first ones.
        keys: list[Label[Any]] = [
            column.label(f"by_{place}") for place, column in enumerate(ordering)
        ]
        inner = chosen.add_columns(func.count().over().label("total"), *keys).subquery()
        by = [inner.c[key.name] for key in keys]
        part = (
            select(inner.c.id, inner.c.total)
            .order_by(*(column.desc() if wanted.descending else column for column in by))
            .limit(size)
            .offset((page - 1) * size)
        )
        rows = db.session.execute(part).all()
        if rows:
            return Page([row[0] for row in rows], page, size, rows[0][1])
    ordered = [column.desc() for column in ordering] if wanted.descending else ordering
    return paginate(chosen.order_by(*ordered), page=page, size=size)


def _dressed(question_ids: Collection[int]) -> Sequence[Any]:
    return db.session.execute(
        select(
            Question.id,
            Question.public_id,
            Question.bank_id,
            Question.external_id,
            Question.kind,
            Question.difficulty,
            Question.state,
            func.coalesce(Topic.name, "").label("topic"),
            QuestionRevision.stem,
            QuestionRevision.body,
            QuestionRevision.created_at.label("changed_at"),
            QuestionSource.citation,
            QuestionSource.valid_to,
        )
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .outerjoin(Topic, Topic.id == Question.topic_id)
        .outerjoin(QuestionSource, QuestionSource.id == Question.source_id)
        .where(Question.id.in_(list(question_ids)))
    ).all()


def rows_by_id(question_ids: Collection[int]) -> dict[int, QuestionRow]:
    """Return these questions as lists show them, by key; whether sources lapsed is left out."""
    return {row.id: row for row in _rows(_dressed(question_ids), date.min)}


def searched_page(
    bank_id: int, wanted: QuestionFilter, *, today: date, page: int = 1
) -> tuple[QuestionFilter, Page[QuestionRow]]:
    """Return the filter that was searched with, and its page; see `with_beginnings`.

    Looked for first, asked whether the bank knows the words only when nothing was found: what is
    found answers that already.
    """
    found = question_page(bank_id, wanted, today=today, page=page)
    if found.total:
        return wanted, found
    again = with_beginnings(bank_id, wanted)
    if again == wanted:
        return wanted, found
    return again, question_page(bank_id, again, today=today, page=page)


def with_beginnings(bank_id: int, wanted: QuestionFilter) -> QuestionFilter:
    """Return the filter to search with: words that no question has are taken as beginnings."""
    if not wanted.words or wanted.beginnings:
        return wanted
    query = _word_query(bank_id, wanted)
    if query is None:
        return wanted
    known = any_matches(QUESTION_WORDS, query)
    return wanted if known else replace(wanted, beginnings=True)


def _word_query(bank_id: int, wanted: QuestionFilter) -> WordQuery | None:
    words = tuple(search_words(wanted.words))
    if not words:
        return None
    places = {
        name: value
        for name, value in (
            ("state", wanted.state.value if wanted.state else ""),
            ("difficulty", wanted.difficulty.value if wanted.difficulty else ""),
            ("kind", wanted.kind),
        )
        if value
    }
    retired = ("state", QuestionState.RETIRED.value)
    return WordQuery(words, bank_id, wanted.beginnings, places, None if wanted.state else retired)


def _words_found(bank_id: int, wanted: QuestionFilter) -> list[ColumnElement[bool]]:
    query = _word_query(bank_id, wanted)
    return [] if query is None else [has_words(QUESTION_WORDS, query)]


def filter_conditions(
    bank_id: int, wanted: QuestionFilter, *, today: date
) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter, for lists and for changing many questions at once."""
    # Few questions have a tag or a rare word: those are looked up, not the whole bank by its index.
    few = wanted.tag or search_words(wanted.words)
    bank = Question.bank_id + 0 if few else Question.bank_id
    conditions: list[ColumnElement[bool]] = [bank == bank_id]
    if wanted.state is not None:
        conditions.append(Question.state == wanted.state)
    else:
        # Named one by one, so that the index by bank and state serves.
        conditions.append(Question.state.in_(IN_USE))
    conditions += _words_found(bank_id, wanted)
    if wanted.topic_id is not None:
        conditions.append(Question.topic_id.in_(branch_of(bank_id, wanted.topic_id)))
    if wanted.difficulty is not None:
        conditions.append(Question.difficulty == wanted.difficulty)
    if wanted.kind:
        conditions.append(Question.kind == wanted.kind)
    if wanted.tag:
        tagged = select(QuestionTag.question_id).where(QuestionTag.name == wanted.tag)
        conditions.append(Question.id.in_(tagged))
    if wanted.author:
        author = select(Person.id).where(Person.public_id == wanted.author)
        conditions.append(Question.created_by_id.in_(author))
    if wanted.source_id is not None:
        conditions.append(Question.source_id == wanted.source_id)
    if wanted.flag is not None:
        conditions.append(_flagged(bank_id, wanted.flag, today))
    return conditions


def _flagged(bank_id: int, flag: Flag, today: date) -> ColumnElement[bool]:
    if flag is Flag.NO_SOURCE:
        return Question.source_id.is_(None)
    if flag is Flag.NO_TOPIC:
        return Question.topic_id.is_(None)
    if flag is Flag.LAPSED:
        lapsed = select(QuestionSource.id).where(
            QuestionSource.bank_id == bank_id, QuestionSource.valid_to < today
        )
        return Question.source_id.in_(lapsed)
    if flag is Flag.COMMENTED:
        return Question.id.in_(
            select(QuestionComment.question_id).where(QuestionComment.resolved_at.is_(None))
        )
    open_pairs = (DuplicatePair.bank_id == bank_id, DuplicatePair.state == DuplicateState.OPEN)
    return or_(
        Question.id.in_(select(DuplicatePair.first_id).where(*open_pairs)),
        Question.id.in_(select(DuplicatePair.second_id).where(*open_pairs)),
    )


def _rows(items: Sequence[Any], today: date) -> list[QuestionRow]:
    ids = [item.id for item in items]
    tags, comments = tags_of(ids), open_comment_counts(ids)
    media = media_named(items[0].bank_id, [item.stem for item in items]) if items else {}
    return [
        QuestionRow(
            id=item.id,
            public_id=item.public_id,
            external_id=item.external_id,
            stem=with_blanks(plain(item.stem, media)),
            kind=item.kind,
            topic=item.topic,
            difficulty=item.difficulty,
            state=item.state,
            changed_at=item.changed_at,
            key_letters=_key_letters(item.body),
            tags=tags.get(item.id, ()),
            lapsed=item.citation if item.valid_to is not None and item.valid_to < today else "",
            comments=comments.get(item.id, 0),
        )
        for item in items
    ]


def open_comment_counts(question_ids: Collection[int]) -> dict[int, int]:
    """Return how many comments on each of these questions nobody has resolved."""
    rows = db.session.execute(
        select(QuestionComment.question_id, func.count().label("comments"))
        .where(
            QuestionComment.question_id.in_(list(question_ids)),
            QuestionComment.resolved_at.is_(None),
        )
        .group_by(QuestionComment.question_id)
    )
    return {row.question_id: row.comments for row in rows}


def _key_letters(body: dict[str, Any]) -> str:
    """Letters of the key straight from the JSON: a list need not check every body again."""
    key = set(body.get("key", ()))
    options = body.get("options", ())
    return ", ".join(chr(65 + n) for n, option in enumerate(options) if option["id"] in key)


def tags_of(question_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of questions, by question."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(QuestionTag.question_id, QuestionTag.name)
        .where(QuestionTag.question_id.in_(list(question_ids)))
        .order_by(QuestionTag.question_id, QuestionTag.name)
    )
    for row in rows:
        found.setdefault(row.question_id, []).append(row.name)
    return {question_id: tuple(names) for question_id, names in found.items()}


def ids_by_filter(bank_id: int, wanted: QuestionFilter, *, today: date) -> list[str]:
    """Return the public ids of all questions that a filter finds."""
    return list(
        db.session.scalars(
            select(Question.public_id)
            .where(*filter_conditions(bank_id, wanted, today=today))
            .order_by(Question.id)
        )
    )
