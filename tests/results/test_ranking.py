"""Rank runs: places, what is frozen, and runs side by side."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Result, literal_column, select, update

from contest.accounts.actions import give_grant
from contest.contests.actions import disqualify, lift_disqualification
from contest.contests.models import Disqualification, RankRun, RoundScore, ScoreStatus, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Role
from contest.core.db import db
from contest.core.vietnamese import fold
from contest.results import queries
from contest.results.actions import make_rank_run, run_digest
from contest.results.rules.refusals import NoRankKeys, PracticeNotRanked, RoundStillOpen
from tests.results.stories import TAKERS, Taker, closed_round, take_part

pytestmark = pytest.mark.usefixtures("context")


def rank(story, now, reason=""):
    return make_rank_run(round=story.round, reason=reason, actor=story.organiser, now=now)


def places(run: RankRun) -> dict[str, int | None]:
    return {line.full_name: line.place for line in queries.ranking_lines(run)}


def test_places_follow_the_keys_in_their_order(now):
    story = closed_round(now)
    run = rank(story, now)
    assert places(run) == {
        "Phan Nguyễn Hoàng Tường Vi": 1,
        "K'Brỏih": 2,
        "Trần Ngọc Bảo Trân": 3,
        "Tôn Nữ Quỳnh Như": 4,
        "Lê Văn Đức": 5,
        "H'Nhung Êban": 6,
    }
    assert run.facts["n"] == {"all": 3}
    assert run.entries == 6
    assert story.round.stage is Stage.MARKING


def test_equal_keys_give_equal_places_and_leave_the_next_out(now):
    takers = [Taker(f"Người {n}", 20 if n < 3 else 10, 0, 100) for n in range(5)]
    story = closed_round(now, takers, key_codes=("correct",))
    assert sorted(place or 0 for place in places(rank(story, now)).values()) == [1, 1, 1, 4, 4]


def test_a_disqualified_entry_has_no_place_and_does_not_count_in_n(now):
    story = closed_round(now)
    entry = story.entries["K'Brỏih"]
    disqualify(entry=entry, round=story.round, reason="Thi hộ", actor=story.organiser, now=now)
    run = rank(story, now)
    assert run.facts["n"] == {"all": 2}
    assert places(run)["K'Brỏih"] is None
    # With N = 2 nobody else moves before the others by prediction alone.
    assert places(run)["Trần Ngọc Bảo Trân"] == 2
    assert queries.status_counts(run.id) == queries.StatusCounts(5, 0, 1)


def test_staff_have_a_place_but_take_no_prize(now):
    story = closed_round(now, TAKERS[1:])
    take_part(story, Taker("Phạm Anh Tú", 20, 3, 60_000), now, person=story.cast.tu)
    run = rank(story, now)
    status = {line.full_name: line.status for line in queries.ranking_lines(run)}
    assert status["Phạm Anh Tú"] is ScoreStatus.NO_PRIZE
    assert places(run)["Phạm Anh Tú"] == 1


def test_who_knows_the_questions_takes_no_prize(now):
    story = closed_round(now, TAKERS[1:])
    take_part(story, Taker("Đỗ An", 20, 3, 60_000), now, person=story.cast.an)
    give_grant(
        person=story.cast.an,
        role=Role.QUESTION_AUTHOR,
        scope=story.cast.province.scope,
        actor=None,
        now=now,
    )
    run = rank(story, now)
    status = {line.full_name: line.status for line in queries.ranking_lines(run)}
    assert status["Đỗ An"] is ScoreStatus.NO_PRIZE


def test_a_round_that_is_open_cannot_be_ranked(now):
    story = closed_round(now)
    story.round.stage = Stage.OPEN
    with pytest.raises(RoundStillOpen):
        rank(story, now)


def test_practice_is_not_ranked(now):
    story = closed_round(now)
    story.round.is_practice = True
    with pytest.raises(PracticeNotRanked):
        rank(story, now)


def test_without_keys_there_is_no_ranking(now):
    story = closed_round(now, key_codes=("correct",))
    story.round.rank_keys.clear()
    db.session.flush()
    with pytest.raises(NoRankKeys):
        rank(story, now)


def test_a_second_run_needs_a_reason_and_stands_beside_the_first(now):
    story = closed_round(now)
    first = rank(story, now)
    with pytest.raises(ReasonMissing):
        rank(story, now, "  ")
    disqualify(
        entry=story.entries["Phan Nguyễn Hoàng Tường Vi"],
        round=story.round,
        reason="Thi hộ",
        actor=story.organiser,
        now=now,
    )
    second = rank(story, now + timedelta(hours=1), "Hủy kết quả một thí sinh")
    assert [run.number for run in queries.rank_runs(story.round.id)] == [2, 1]
    assert places(first)["Phan Nguyễn Hoàng Tường Vi"] == 1
    changes = queries.changed_places(first, second)
    moved = {change.full_name: (change.old_place, change.new_place) for change in changes.items}
    assert moved["Phan Nguyễn Hoàng Tường Vi"] == (1, None)
    assert moved["K'Brỏih"] == (2, 1)
    assert run_digest(first) == first.digest


def test_a_lifted_disqualification_counts_again(now):
    story = closed_round(now)
    entry = story.entries["K'Brỏih"]
    disqualify(entry=entry, round=None, reason="Nhầm", actor=story.organiser, now=now)
    rank(story, now)
    decision = db.session.scalars(select(Disqualification)).one()
    lift_disqualification(
        disqualification=decision, reason="Đã xác minh", actor=story.organiser, now=now
    )
    second = rank(story, now, "Khôi phục")
    assert places(second)["K'Brỏih"] == 2


def test_the_digest_is_that_of_the_written_rule(now):
    """SHA-256 over keys and facts, then a line for each score; nothing stands for what is empty."""
    story = closed_round(now)
    disqualify(
        entry=story.entries["K'Brỏih"],
        round=None,
        reason="Thi hộ",
        actor=story.organiser,
        now=now,
    )
    run = rank(story, now)
    table = RoundScore.__table__
    names = ["entry_id", "division_id", "points", "max_points"]
    names += [each.name for each in table.c if each.name.startswith("key_")] + ["status", "place"]
    rows: Result[Any] = db.session.execute(
        select(*map(literal_column, names))  # as they lie there, without types
        .select_from(table)
        .where(table.c.rank_run_id == run.id)
        .order_by(table.c.entry_id)
    )
    lines = [",".join("" if value is None else str(value) for value in row) for row in rows]
    assert any(line.endswith(",") for line in lines)
    text = "".join(f"{line}\n" for line in lines).encode()
    head = audit.canonical_json({"keys": run.keys, "facts": run.facts})
    assert run.digest == hashlib.sha256(head + text).hexdigest()


def test_the_digest_finds_a_changed_score(now):
    story = closed_round(now)
    run = rank(story, now)
    assert run_digest(run) == run.digest
    db.session.execute(
        update(RoundScore)
        .where(RoundScore.rank_run_id == run.id, RoundScore.place == 6)
        .values(place=1)
    )
    assert run_digest(run) != run.digest


def test_the_best_attempt_counts(now):
    story = closed_round(now, TAKERS[:1])
    run = rank(story, now)
    (line,) = queries.ranking_lines(run)
    assert line.keys[0] == -20


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tuong vi", ["Phan Nguyễn Hoàng Tường Vi"]),
        ("K'Brỏih", ["K'Brỏih"]),
        ("song tra", ["Lê Văn Đức"]),
        ("khong co ai", []),
    ],
)
def test_search_without_marks_in_names_and_units(now, words, found):
    story = closed_round(now)
    run = rank(story, now)
    page = queries.ranking_page(run, folded=fold(words))
    assert [line.full_name for line in page.items] == found


def test_the_place_above_is_found_for_a_whole_page(now):
    story = closed_round(now)
    run = rank(story, now)
    page = queries.ranking_page(run, page=2, size=3)
    above = queries.neighbours_above(run, page.items)
    assert {key: better[0] for key, better in above.items()} == {
        (None, 4): 3,
        (None, 5): 4,
        (None, 6): 5,
    }
    assert queries.neighbours_above(run, []) == {}


def test_those_without_a_place_stand_on_the_last_page(now):
    story = closed_round(now)
    for name in ("K'Brỏih", "Lê Văn Đức"):
        disqualify(
            entry=story.entries[name],
            round=None,
            reason="Thi hộ",
            actor=story.organiser,
            now=now,
        )
    run = rank(story, now)
    pages = [
        [line.place for line in queries.ranking_page(run, page=number, size=3).items]
        for number in (1, 2, 9)
    ]
    assert pages == [[1, 2, 3], [4, None, None], [4, None, None]]
    out = queries.ranking_page(run, status=ScoreStatus.DISQUALIFIED)
    assert out.total == 2
