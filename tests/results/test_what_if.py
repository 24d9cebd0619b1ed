"""What a disqualification or another mark would do: as ranking then does; nothing is written."""

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import func, select

from contest.contests.actions import disqualify
from contest.contests.models import (
    Disqualification,
    Entry,
    RankRun,
    Registration,
    Round,
    RoundScore,
)
from contest.contests.rules import RefusedResult
from contest.core.audit import AuditEvent
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Resolution
from contest.quizzes.models import Attempt, CountingRule, QuizRound
from contest.results import queries
from contest.results.actions import (
    ExtraValues,
    LevelValues,
    decide_prizes,
    make_rank_run,
    preview_prizes,
    set_extra_prizes,
)
from contest.results.actions.what_if import supposed_results
from contest.results.models import Measure, PrizeCode, TiePolicy
from contest.results.queries.extra_prizes import extra_prizes
from contest.results.rules.extra_prizes import ExtraAnswers, ExtraAward, ExtraTerms, Pick
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.what_if import ExtraMove, PrizeMove, extra_moves, prize_moves
from tests.results.essay_stories import marked
from tests.results.stories import TAKERS, Taker, add_attempt, closed_round
from tests.support.cast import sign_in_as

ADDRESS = "/organise/contests/tim-hieu-2026/rounds/1/what-if"
VIETNAMESE = {"Accept-Language": "vi"}
BEST = "Phan Nguyễn Hoàng Tường Vi"
THREE = (
    LevelValues(PrizeCode.FIRST, 1, 4_000_000, TiePolicy.STOP),
    LevelValues(PrizeCode.SECOND, 1, 3_000_000, TiePolicy.STOP),
    LevelValues(PrizeCode.THIRD, 1, 1_000_000, TiePolicy.STOP),
)


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        story = closed_round(utc_now())
        make_rank_run(round=story.round, actor=story.organiser, now=utc_now())
        decide_prizes(over=story.round, actor=story.organiser, now=utc_now())
        return story


def test_who_loses_changes_and_gains_stands_in_this_order():
    assert prize_moves({1: 10, 2: 20, 3: 30}, {2: 10, 3: 30, 4: 20}) == [
        PrizeMove(1, 10, None),
        PrizeMove(2, 20, 10),
        PrizeMove(4, None, 20),
    ]


def written():
    tables = (RankRun, RoundScore, Disqualification, AuditEvent)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
    return [*counts, db.session.scalar(select(Round.stage))]


def test_the_supposition_tells_what_the_ranking_then_does(app, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        before = written()
        round = db.session.get_one(Round, story.round.id)
        best = db.session.get_one(Entry, story.entries[BEST].id)
        supposed = supposed_results(round=round, out=[best], actor=story.organiser, now=now)
    with app.app_context(), unit_of_work():
        assert written() == before
        round = db.session.get_one(Round, story.round.id)
        best = db.session.get_one(Entry, story.entries[BEST].id)
        disqualify(round=round, entry=best, reason="Thi hộ", actor=story.organiser, now=now)
        old = queries.latest_run(round.id)
        new = make_rank_run(round=round, reason="Thi hộ", actor=story.organiser, now=now)
        assert list(supposed.places) == list(queries.changed_places(old, new).items)
        assert supposed.n == (old.facts["n"]["all"], new.facts["n"]["all"]) == (3, 2)
        given = {one.entry_id: one.level_id for one in preview_prizes(round, new).given}
        moves = {move.entry_id: move.after for move in supposed.prizes}
        assert moves[best.id] is None
        assert {entry: given.get(entry) for entry in moves} == moves


def test_a_tie_that_was_settled_a_prize_left_empty_and_a_choice_by_hand_stay_as_they_are(app):
    now = utc_now()
    with app.app_context(), unit_of_work():
        takers = [Taker(f"Người {letter}", 20, 3, 100_000) for letter in "ABC"]
        takers.append(Taker("Người D", 10, 3, 100_000))
        story = closed_round(now, takers, levels=THREE, key_codes=("correct",))
        lan, round = story.organiser, story.round
        prizes = [ExtraValues(Measure.BY_HAND, "Được yêu thích nhất", 1, 500_000)]
        set_extra_prizes(over=round, prizes=prizes, actor=lan, now=now)
        run = make_rank_run(round=round, actor=lan, now=now)
        ids = {name[-1]: entry.id for name, entry in story.entries.items()}
        first, second, third = (level.id for level in queries.prize_levels(round))
        (by_hand,) = extra_prizes(round)
        decide_prizes(
            over=round,
            run=run,
            decisions={
                (None, first): TieDecision(frozenset({ids["B"]}), "Bốc thăm"),
                (None, second): TieDecision(frozenset({ids["C"]}), "Bốc thăm"),
            },
            empty={(None, third): Withheld(1, "Không ai xứng đáng")},
            answers=ExtraAnswers({}, {by_hand.id: [Pick(ids["D"], "412 lượt")]}),
            actor=lan,
            now=now,
        )

        def without(letter):
            out = [db.session.get_one(Entry, ids[letter])]
            found = supposed_results(round=round, out=out, actor=lan, now=now)
            names = [move.name for move in found.extras]
            return found.prizes, names, found.money, found.stops

        # D has no prize but the one by hand: all ties are the same, and one level stays empty.
        assert without("D") == ([], ["Được yêu thích nhất"], (7_500_000, 7_000_000), 0)
        # Without A the tie is another one, and nobody knows yet who would win.
        assert without("A") == (
            [PrizeMove(ids["B"], first, None), PrizeMove(ids["C"], second, None)],
            [],
            (7_500_000, 500_000),
            1,
        )


def test_lan_asks_from_the_page_and_nothing_changes(app, client, story):
    with app.app_context(), unit_of_work():
        entry = db.session.get_one(Entry, story.entries[BEST].id)
        code = db.session.get_one(Registration, entry.registration_id).code
    sign_in_as(client, story.cast.lan)
    with app.app_context(), unit_of_work():
        before = written()
    page = client.post(ADDRESS, data={"codes": code.lower()}, headers=VIETNAMESE)
    assert page.status_code == 200
    assert "Giải sẽ thay đổi" in page.text
    assert BEST in page.text
    assert client.post(ADDRESS, data={"codes": "khong-co"}).status_code == 422
    mixed = client.post(ADDRESS, data={"codes": f"{code} khong-co"}, headers=VIETNAMESE)
    assert mixed.status_code == 422
    assert "mang mã KHONG-CO." in mixed.text
    with app.app_context(), unit_of_work():
        assert written() == before
    sign_in_as(client, story.cast.bao)
    assert client.get(ADDRESS).status_code == 404


def words_of(cell):
    return " ".join(unescape(re.sub("<[^>]+>", " ", cell)).split())


def test_the_page_says_who_loses_and_gains_a_unit_prize_and_a_side_prize_and_how_much(app, client):
    """One of each unit is left, so that both have most people; without Vi, Trân is the first."""
    with app.app_context(), unit_of_work():
        now = utc_now()
        takers = [replace(one, submitted=60 * n) for n, one in enumerate(TAKERS)]
        story = closed_round(now, takers)
        prizes = [
            ExtraValues(Measure.PERSONS, "Giải Nhất tập thể", 1, 5_000_000, TiePolicy.EXPAND),
            ExtraValues(Measure.EARLIEST_PERFECT, "Đúng hết sớm nhất", 1, 400_000),
        ]
        set_extra_prizes(over=story.round, prizes=prizes, actor=story.organiser, now=now)
        make_rank_run(round=story.round, actor=story.organiser, now=now)
        decide_prizes(over=story.round, actor=story.organiser, now=now)
        out = [name for name in story.entries if name not in {"Trần Ngọc Bảo Trân", "Lê Văn Đức"}]
        codes = " ".join(story.entries[name].registration.code for name in out)
    sign_in_as(client, story.cast.lan)
    answer = client.post(ADDRESS, data={"codes": codes}, headers=VIETNAMESE)
    rows = [
        [words_of(cell.partition(">")[2]) for cell in row.split("<td")[1:]]
        for row in answer.text.split("<tr>")
    ]
    told = {row[0]: row[1:] for row in rows if row}
    (first,) = [cells for name, cells in told.items() if name.startswith("Đúng hết sớm nhất")]
    assert "Đúng hết sớm nhất mỗi giải 400.000 đ" in told
    assert first[0].startswith(BEST)
    assert first[1].startswith("Trần Ngọc Bảo Trân")
    ((name, units),) = [pair for pair in told.items() if pair[0].startswith("Giải Nhất tập thể")]
    assert name.startswith("Giải Nhất tập thể mỗi giải 5.000.000 đ Vẫn giữ giải: Phường Xuân Hương")
    assert (units[0], units[1].partition(" › ")[0]) == ("–", "Trường THPT Sông Trà")
    best = next(row for row in rows if row and row[0].startswith(BEST))
    assert best[1:] == ["Giải Nhất 4.000.000 đ", "–", "mất giải"]


def test_another_mark_of_an_essay_is_supposed_from_the_page(app, client, cast, now):
    with app.app_context():
        essay = marked(app, cast, now)
        essay.decide()
        round, entry = essay.round, db.session.get_one(Entry, essay.work(3).entry_id)
        name, code = entry.registration.full_name, entry.registration.code
        address = f"/organise/contests/{round.contest.slug}/rounds/{round.number}/what-if"
        end_read()
    sign_in_as(client, cast.lan)
    asked = {"marks": f"{code} 9,5"}
    sealed = client.post(address, data=asked, headers=VIETNAMESE)
    assert sealed.status_code == 409
    assert name not in unescape(sealed.text)
    with app.app_context():
        essay.unseal()
    with app.app_context(), unit_of_work():
        before = [*written(), db.session.scalar(select(func.count()).select_from(Resolution))]
    page = client.post(address, data=asked, headers=VIETNAMESE)
    assert page.status_code == 200
    assert name in unescape(page.text)
    assert "Giải sẽ thay đổi" in page.text
    for wrong in (f"{code}", f"{code} chín", f"{code} 9,12345", f"{code} 11", f"{code} -1"):
        assert client.post(address, data={"marks": wrong}).status_code == 422
    assert client.post(address, data={"codes": " ", "marks": " "}).status_code == 422
    with app.app_context(), unit_of_work():
        after = [*written(), db.session.scalar(select(func.count()).select_from(Resolution))]
        assert after == before


def results_of_attempts():
    columns = (Attempt.id, Attempt.points, Attempt.correct_count)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Attempt.id))]


def test_other_right_answers_in_a_quiz_rank_as_if_they_had_been_given(app, story):
    """Với 19 câu đúng, Vi không còn đúng hết: N giảm và giải Nhất về người khác."""
    now = utc_now()
    with app.app_context(), unit_of_work():
        before = [written(), results_of_attempts()]
        round = db.session.get_one(Round, story.round.id)
        best = story.entries[BEST].id
        supposed = supposed_results(
            round=round, marks={best: Decimal(19)}, actor=story.organiser, now=now
        )
    with app.app_context(), unit_of_work():
        assert [written(), results_of_attempts()] == before
        attempt = db.session.query(Attempt).filter_by(entry_id=best).one()
        assert (attempt.points, attempt.max_points) == (Decimal(20), Decimal(20))
        attempt.correct_count, attempt.points = 19, Decimal(19)
        db.session.flush()
        round = db.session.get_one(Round, story.round.id)
        old = queries.latest_run(round.id)
        new = make_rank_run(round=round, reason="Sửa", actor=story.organiser, now=now)
        assert list(supposed.places) == list(queries.changed_places(old, new).items)
        assert supposed.n == (old.facts["n"]["all"], new.facts["n"]["all"]) == (3, 2)
        given = {one.entry_id: one.level_id for one in preview_prizes(round, new).given}
        moves = {move.entry_id: move.after for move in supposed.prizes}
        assert best in moves
        assert {entry: given.get(entry) for entry in moves} == moves


def test_lan_supposes_right_answers_from_the_page(app, client, story):
    with app.app_context(), unit_of_work():
        code = db.session.get_one(Entry, story.entries[BEST].id).registration.code
    sign_in_as(client, story.cast.lan)
    with app.app_context(), unit_of_work():
        before = [written(), results_of_attempts()]
    assert "Số câu đúng giả định" in client.get(ADDRESS, headers=VIETNAMESE).text
    page = client.post(ADDRESS, data={"marks": f"{code} 17"}, headers=VIETNAMESE)
    assert page.status_code == 200
    assert "Giải sẽ thay đổi" in page.text
    for wrong in ("21", "-1", "18,5"):
        answer = client.post(ADDRESS, data={"marks": f"{code} {wrong}"}, headers=VIETNAMESE)
        assert answer.status_code == 422
        assert "Không ai có thể đạt kết quả như vậy trong vòng này." in answer.text
    same = client.post(ADDRESS, data={"marks": f"{code} 20"}, headers=VIETNAMESE)
    assert same.status_code == 422
    assert "Đó đúng là kết quả hiện có của những người này." in same.text
    with app.app_context(), unit_of_work():
        assert [written(), results_of_attempts()] == before


def test_where_points_rank_first_points_are_supposed_and_every_attempt_where_the_mean_counts(app):
    now = utc_now()
    with app.app_context(), unit_of_work():
        story = closed_round(now, TAKERS, key_codes=("points", "correct"))
        best = story.entries[BEST]
        again = replace(TAKERS[0], correct=10)
        add_attempt(story.round, best, best.registration.person, again, ordinal=2)
        quiz = db.session.query(QuizRound).one()
        quiz.counting, quiz.attempts_allowed = CountingRule.MEAN, 2
        run = make_rank_run(round=story.round, actor=story.organiser, now=now)
        score = db.session.get_one(RoundScore, (run.id, best.id))
        assert (score.points, score.place) == (Decimal(15), 6)
        marks = {best.id: Decimal("18.5")}
        found = supposed_results(round=story.round, marks=marks, actor=story.organiser, now=now)
        (moved,) = [one for one in found.places if one.full_name == BEST]
        assert (moved.old_place, moved.new_place) == (6, 5)
        with pytest.raises(RefusedResult):
            supposed_results(
                round=story.round,
                marks={best.id: Decimal("20.5")},
                actor=story.organiser,
                now=now,
            )


def test_units_and_people_who_would_get_another_prize_beside_the_levels():
    prize = ExtraTerms(7, "p7", Measure.OLDEST, "Cao tuổi nhất", 1, 500_000, TiePolicy.EXPAND)
    same = ExtraTerms(8, "p8", Measure.PERSONS, "Đông nhất", 1, 500_000, TiePolicy.EXPAND)
    now = [ExtraAward(prize, 1, 1), ExtraAward(same, 5, 1)]
    then = [ExtraAward(prize, 2, 1), ExtraAward(prize, 3, 1), ExtraAward(same, 5, 1)]
    assert extra_moves([prize, same], now, then) == [
        ExtraMove("Cao tuổi nhất", is_for_units=False, before=(1,), after=(2, 3), money=500_000)
    ]
    (move,) = extra_moves([prize, same], now, then)
    assert (move.lose, move.keep, move.gain) == ((1,), (), (2, 3))
    assert extra_moves([prize, same], now, now) == []
