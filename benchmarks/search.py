"""Search and list of a bank of 100,000 questions on both databases, against a scan of its texts."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final

from sqlalchemy import func, insert, select, text, update

from benchmarks import Figure, benchmark, family, measured, process_cpu
from benchmarks._database import make_unit
from benchmarks._quiz import Place, in_each_database
from contest.core.db import contains_folded, db, new_public_id
from contest.core.transactions import unit_of_work
from question_bank import actions, queries
from question_bank.models import (
    Bank,
    Difficulty,
    Question,
    QuestionRevision,
    QuestionState,
    QuestionTag,
)
from question_bank.queries import QuestionFilter

QUESTIONS: Final = 100_000
TOPICS: Final = 40
RUNS: Final = 15
NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)
TODAY: Final = date(2026, 9, 2)
MOST: Final = 50.0
BATCH: Final = 5_000
COMMON: Final = ["dang", "cong", "san", "viet", "nam", "bac", "ho", "nam", "nao", "la", "ai"]
SEARCHES: Final[tuple[tuple[str, QuestionFilter], ...]] = (
    ("the list, unfiltered", QuestionFilter()),
    ("the list, by its words", QuestionFilter(sort="question")),
    ("the list, by its last change, newest first", QuestionFilter(sort="changed", descending=True)),
    ("a rare word, with marks", QuestionFilter(words="Kách")),
    ("four words in their order", QuestionFilter(words="Đảng Cộng sản Việt Nam")),
    ("a word of every second question", QuestionFilter(words="dang")),
    ("beginnings of two words", QuestionFilter(words="kac men")),
    ("a code", QuestionFilter(words="HCM-77777")),
    (
        "a word, approved, hard, of one kind",
        QuestionFilter(
            words="dang", state=QuestionState.APPROVED, difficulty=Difficulty.HARD, kind="single"
        ),
    ),
    ("a tag", QuestionFilter(tag="tag 7")),
)


@benchmark("search")
def search() -> Iterator[Figure]:
    """100,000 questions in one bank: each search with its count and first page, and the filters."""
    for place in in_each_database():
        yield from _figures(place)


def _figures(place: Place) -> Iterator[Figure]:
    with unit_of_work():
        bank_id = _make_bank()
    if place.kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))

    def cost(work: Callable[[], Any]) -> float:
        return _milliseconds(place, work)

    for name, wanted in SEARCHES:
        found = cost(lambda wanted=wanted: _page(bank_id, wanted))  # type: ignore[misc]
        yield Figure(f"{place.kind}: {name}", found, "ms CPU", at_most=MOST)
    around = cost(lambda: _around(bank_id))
    yield Figure(f"{place.kind}: numbers, topics and tags around the list", around, "ms CPU")
    scan = cost(lambda: _scan(bank_id))
    ours = cost(lambda: _page(bank_id, QuestionFilter(words="kach menh")))
    yield Figure(f"{place.kind}: two words / a scan of the same texts", ours / scan, at_most=0.5)


def _milliseconds(place: Place, work: Callable[[], Any]) -> float:
    """CPU of one run, of this process and of the database together."""
    work()
    servers = family(place.database_pid) if place.database_pid else []
    before = process_cpu(servers) if servers else 0.0
    with measured() as span:
        for _run in range(RUNS):
            work()
    after = process_cpu(servers) if servers else 0.0
    return (span.cpu + after - before) / RUNS * 1_000


def _page(bank_id: int, wanted: QuestionFilter) -> int:
    with unit_of_work():
        _sought, found = queries.searched_page(bank_id, wanted, today=TODAY)
    assert found.total
    return found.total


def _around(bank_id: int) -> None:
    with unit_of_work():
        assert sum(queries.state_counts(bank_id).values()) == QUESTIONS
        assert len(queries.topic_choices(bank_id)) == TOPICS
        assert queries.tag_names(bank_id)


def _scan(bank_id: int) -> None:
    with unit_of_work():
        found = select(func.count()).where(
            Question.bank_id == bank_id, contains_folded(Question.search_folded, "kach menh")
        )
        assert db.session.scalar(found)


def _make_bank() -> int:
    unit = make_unit()
    bank = actions.create_bank(
        name="Lớn", unit_id=unit.id, unit_scope=unit.scope, actor=None, now=NOW
    )
    topics = [
        actions.create_topic(bank=bank, name=f"Chủ đề {n}", parent_id=None, actor=None, now=NOW).id
        for n in range(TOPICS)
    ]
    chance = random.Random(7)
    syllables = ["".join(parts) for parts in product("bcdghklmntv", "aeiouy", ("", "n", "ng", "m"))]
    for start in range(1, QUESTIONS + 1, BATCH):
        numbers = range(start, start + BATCH)
        _insert(Question, [_question(n, bank, topics, chance, syllables) for n in numbers])
        _insert(QuestionRevision, [_revision(n) for n in numbers])
        tags = [{"question_id": n, "name": f"tag {n % 25}"} for n in numbers]
        _insert(QuestionTag, tags)
    db.session.execute(update(Question).values(revision_id=Question.id))
    return bank.id


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    db.session.connection().execute(insert(table.__table__), rows)


def _question(
    number: int, bank: Bank, topics: list[int], chance: random.Random, syllables: list[str]
) -> dict[str, Any]:
    words = chance.choices(syllables, k=34) + chance.choices(COMMON, k=8)
    if number % 2:
        words += ["dang"]
    if number % 500 == 0:
        words += ["kach", "menh"]
    chance.shuffle(words)
    return {
        "id": number,
        "public_id": new_public_id(),
        "bank_id": bank.id,
        "external_id": f"HCM-{number}",
        "name": "",
        "kind": "single",
        "state": chance.choice(list(QuestionState)),
        "topic_id": chance.choice(topics),
        "difficulty": chance.choice(list(Difficulty)),
        "search_folded": " ".join([*words, "hcm", str(number)]),
        "stem_digest": f"{number:064x}",
        "created_at": NOW,
    }


def _revision(number: int) -> dict[str, Any]:
    options = [{"id": f"o{n}", "text": f"Phương án {n} của câu {number}"} for n in range(4)]
    return {
        "id": number,
        "public_id": new_public_id(),
        "question_id": number,
        "number": 1,
        "kind": "single",
        "stem": f"Câu hỏi thứ {number} về một điều mà ai cũng nên biết rõ?",
        "body": {"options": options, "key": ["o1"], "scoring": "all_or_nothing"},
        "explanation": "",
        "source": "",
        "mark": 1,
        "digest": f"{number:064x}",
        "created_at": NOW,
    }
