"""A round from its settings to what the ranking takes from it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contest.contests.actions import open_round
from contest.contests.kinds import SelectsScores, kind_of, rank_key
from contest.contests.models import ContestKind, Division, RankKey, Registration, Round
from contest.contests.rules import NotReady
from contest.core.audit import sha256_hex
from contest.core.db import db, to_point_units
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import actions, queries
from contest.quizzes.actions import QuizSettings
from contest.quizzes.actions.rounds import PoolShort
from contest.quizzes.models import CountingRule, LateStart, PoolQuestion, QuestionUse
from contest.quizzes.rules.answers import as_prediction, clean_receipt_code, fold, new_receipt_code
from contest.quizzes.rules.blueprints import BlueprintEmpty, PaperTooLong, QuizFrozen
from contest.quizzes.rules.counting import count_all_right, counting_attempt
from contest.quizzes.rules.timing import AttemptsUsedUp, NoTimeLeft, RoundNotOpen, limits
from question_bank.actions import create_bank, end_share, share_bank
from question_bank.drawing import Cell
from question_bank.models import Bank, BankShare, ShareRight


def failing(world):
    """Codes of the checks that fail."""
    return {
        item.code for item in kind_of(world.round).readiness(world.round, world.now) if not item.ok
    }


def test_a_laid_out_round_is_ready(world):
    assert failing(world) == set()


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({"bank_id": None}, {"quiz_bank", "quiz_stock"}),
        ({"blueprint": []}, {"quiz_blueprint"}),
        ({"prediction_asked": False}, {"quiz_prediction"}),
        ({"late_start": LateStart.CUT_AT_CLOSE, "time_limit_seconds": 86_400}, set()),
    ],
)
def test_each_check_fails_by_itself(world, settings, codes):
    world.configure(**settings)
    assert failing(world) == codes


def bank_of(world):
    (item,) = (
        each
        for each in kind_of(world.round).readiness(world.round, world.now)
        if each.code == "quiz_bank"
    )
    return item.ok, str(item.detail)


def test_a_bank_that_was_lent_and_taken_back_keeps_the_round_from_opening(world):
    """Bảo lends his bank to Lan's contest, Lan chooses it, and he takes it back."""
    bao = world.actor(world.cast.bao)
    with unit_of_work():
        unit = db.session.merge(world.cast.other_province)
        bank = create_bank(
            name="Ngân hàng của Bảo",
            unit_id=unit.id,
            unit_scope=unit.scope,
            actor=bao,
            now=world.now,
        )
        bank_id = bank.id
    world.configure(bank_id=bank_id, blueprint=[])
    assert bank_of(world) == (True, "Ngân hàng của Bảo")
    shares = []
    for scope in (world.contest.scope, world.contest.unit.scope):
        with unit_of_work():
            share = share_bank(
                bank=db.session.get_one(Bank, bank_id),
                scope=db.session.merge(scope),
                right=ShareRight.READ,
                actor=bao,
                now=world.now,
            )
            shares.append(share.id)
    for position, share_id in enumerate(shares):
        with unit_of_work():
            end_share(
                bank=db.session.get_one(Bank, bank_id),
                share=db.session.get_one(BankShare, share_id),
                actor=bao,
                now=world.now,
            )
        assert bank_of(world)[0] is (position == 0)
    assert bank_of(world)[1] == (
        "Tỉnh Sông Trà đã thu hồi ngân hàng “Ngân hàng của Bảo” ngày 02/09/2026. "
        "Hãy xin chia sẻ lại hoặc chọn ngân hàng khác."
    )
    with pytest.raises(NotReady), unit_of_work():
        open_round(round=world.round, actor=bao, now=world.now)


def test_who_owns_the_bank_needs_no_share(world):
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        bank = db.session.get_one(Bank, world.bank_id)
        share = share_bank(
            bank=bank, scope=world.contest.scope, right=ShareRight.READ, actor=lan, now=world.now
        )
        end_share(bank=bank, share=share, actor=lan, now=world.now)
    assert failing(world) == set()


def test_a_short_bank_is_told_by_cell(world):
    with unit_of_work():
        actions.save_settings(
            contest_round=world.round,
            settings=QuizSettings(bank_id=world.bank_id),
            cells=[Cell(world.topic_ids[0], "hard", 2)],
            actor=None,
            now=world.now,
        )
    assert failing(world) == {"quiz_stock"}
    with pytest.raises(PoolShort):
        world.open()


def test_an_attempt_longer_than_a_cutting_round_is_told(world):
    world.configure(late_start=LateStart.CUT_AT_CLOSE)
    with unit_of_work():
        world.round.closes_at = world.round.opens_at + timedelta(minutes=10)
    assert failing(world) == {"quiz_time"}


def test_opening_freezes_pool_seed_and_settings(opened):
    quiz = opened.quiz
    assert len(quiz.pool_digest) == len(quiz.seed) == 64
    assert quiz.seed_digest == sha256_hex(bytes.fromhex(quiz.seed))
    assert db.session.query(PoolQuestion).count() == 12
    assert queries.frozen_pool(quiz.round_id, quiz.pool_digest).digest == quiz.pool_digest
    with pytest.raises(QuizFrozen), unit_of_work():
        actions.save_settings(
            contest_round=opened.round,
            settings=QuizSettings(bank_id=opened.bank_id),
            cells=None,
            actor=None,
            now=opened.now,
        )


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ([], BlueprintEmpty),
        ([Cell(None, None, 0)], BlueprintEmpty),
        ([Cell(None, None, 201)], PaperTooLong),
    ],
)
def test_an_impossible_blueprint_is_refused(world, cells, refusal):
    with pytest.raises(refusal), unit_of_work():
        actions.save_settings(
            contest_round=world.round,
            settings=QuizSettings(bank_id=world.bank_id),
            cells=cells,
            actor=None,
            now=world.now,
        )


def test_starts_happen_inside_the_window_and_the_number_of_attempts(opened):
    minh = opened.cast.minh
    closes_at = opened.round.closes_at
    with pytest.raises(RoundNotOpen):
        opened.start(minh, at=closes_at)
    first = opened.start(minh)
    opened.submit(minh, first)
    second = opened.start(minh, at=closes_at - timedelta(microseconds=1))
    assert opened.attempt(second).deadline_at == closes_at - timedelta(microseconds=1) + timedelta(
        minutes=15
    )
    opened.submit(minh, second, at=closes_at)
    with pytest.raises(AttemptsUsedUp):
        opened.start(minh, at=closes_at - timedelta(seconds=1))


def test_the_close_cuts_where_the_rules_say_so(world):
    world.configure(late_start=LateStart.CUT_AT_CLOSE)
    world.open()
    closes_at = world.round.closes_at
    attempt = world.start(world.cast.minh, at=closes_at - timedelta(minutes=4))
    assert world.attempt(attempt).deadline_at == closes_at
    assert world.attempt(attempt).grace_until == closes_at + timedelta(minutes=1)


def test_limits_at_their_borders(now):
    common = {
        "started_at": now,
        "time_limit": timedelta(minutes=15),
        "grace": timedelta(seconds=60),
        "late_start": LateStart.CUT_AT_CLOSE,
    }
    whole = limits(extra=timedelta(0), closes_at=now + timedelta(minutes=15), **common)
    cut = limits(
        extra=timedelta(0), closes_at=now + timedelta(minutes=15, microseconds=-1), **common
    )
    more = limits(extra=timedelta(minutes=5), closes_at=now + timedelta(minutes=1), **common)
    assert (whole.is_cut, cut.is_cut) == (False, True)
    assert more.deadline_at == now + timedelta(minutes=6)
    assert more.available(now + timedelta(hours=1)) == timedelta(0)
    assert NoTimeLeft.message


def test_a_second_paper_prefers_what_the_person_has_not_seen(opened):
    minh = opened.cast.minh
    first = opened.start(minh)
    opened.submit(minh, first)
    second = opened.start(minh, at=opened.now + timedelta(hours=1))
    papers = [
        {slot["r"] for slot in opened.attempt(each).paper if "r" in slot}
        for each in (first, second)
    ]
    # Topic 1 holds three easy questions, two of which were seen: one comes again.
    assert len(papers[0] & papers[1]) == 1
    assert len(opened.attempt(second).seen) == 4


def play(world, person, right, prediction, minutes):
    """An attempt with so many right answers; returns its entry's id."""
    attempt = world.start(person)
    for slot in range(4):
        answer = world.right(attempt, slot) if slot < right else world.wrong(attempt, slot)
        world.save(person, attempt, slot + 1, slot, [answer])
    world.save(person, attempt, 9, 4, prediction)
    world.submit(person, attempt, at=world.now + timedelta(minutes=minutes))
    return world.attempt(attempt).entry_id


def test_what_the_ranking_takes(opened):
    cast = opened.cast
    minh = play(opened, cast.minh, 4, 1, 6)
    an = play(opened, cast.an, 4, 5, 5)
    cuc = play(opened, cast.cuc, 2, None, 3)
    kind = kind_of(opened.round)
    late = opened.now + timedelta(days=8)
    end_read()
    with unit_of_work():
        assert kind.settle(opened.round, late) == 0
    facts = kind.facts(opened.round, set())
    assert facts["n"] == {"all": 2}
    assert kind.facts(opened.round, {an})["n"] == {"all": 1}
    codes = ("correct", "prediction", "working_time", "submitted_at", "lot", "points", "attempts")
    rows = {row.entry_id: row for row in kind.score_rows(opened.round, facts, codes)}
    assert rows[minh].keys[:3] == (-4, 1, 6 * 60_000)
    assert rows[an].keys[:3] == (-4, 3, 5 * 60_000)
    assert rows[cuc].keys[0] == -2
    assert rows[cuc].points == 2
    with opened.app.test_request_context():
        words = [
            kind.explain(code, value) for code, value in zip(codes, rows[cuc].keys, strict=True)
        ]
        shown = [kind.shown(code, value) for code, value in zip(codes, rows[cuc].keys, strict=True)]
        key = kind.answer_key(opened.round)
    assert all(words)
    assert shown[:2] == ["2", "–"]
    assert len(key) == 12
    assert key[0].answers == ("Phương án đúng",)
    assert kind.counts(opened.round).persons == 3
    assert {unit.unit_path for unit in kind.unit_counts(opened.round)} >= {
        "Phường Xuân Hương › Tỉnh Lâm Sơn"
    }
    assert sum(row.papers for row in db.session.query(QuestionUse)) == 12
    assert {rank_key(code).code for code in codes} == set(codes)


def test_the_use_of_questions_is_counted_anew_only_when_attempts_have_come_since(opened):
    def papers_after_settling():
        end_read()
        with unit_of_work():
            kind_of(opened.round).settle(opened.round, opened.now + timedelta(days=8))
        return sum(row.papers for row in db.session.query(QuestionUse))

    play(opened, opened.cast.minh, 4, 1, 6)
    assert papers_after_settling() == 4
    with unit_of_work():  # what stands there is kept, as nobody has come
        db.session.query(QuestionUse).update({"papers": 7})
    assert papers_after_settling() == 4 * 7
    play(opened, opened.cast.an, 4, 5, 5)
    assert papers_after_settling() == 8


@pytest.mark.parametrize("rule", list(CountingRule))
@pytest.mark.parametrize("per_division", [False, True])
def test_the_database_counts_as_the_rules_do(world, rule, per_division):
    """Keys of every kind, twice taken, with divisions, somebody out, and no prediction."""
    world.configure(counting=rule, prediction_per_division=per_division)
    world.open()
    cast = world.cast
    codes = ("correct", "prediction", "working_time", "submitted_at", "lot", "points", "attempts")
    with unit_of_work():
        division = Division(contest_id=world.contest_id, name="A", position=1)
        db.session.add(division)
        db.session.flush()
        db.session.query(Registration).filter_by(person_id=cast.minh.id).one().division = division
    minh = play(world, cast.minh, 4, 1, 6)
    play(world, cast.an, 4, 5, 5)
    play(world, cast.cuc, 2, None, 3)
    world.now += timedelta(minutes=10)
    play(world, cast.minh, 1, 9, 2)
    play(world, cast.an, 4, 0, 1)
    end_read()
    kind, contest_round = kind_of(world.round), world.round
    assert isinstance(kind, SelectsScores)
    for out in (set(), {minh}):
        finished = list(queries.counting_attempts(world.round_id, rule))
        facts = kind.facts(contest_round, out)
        assert facts["n"] == count_all_right(finished, out, per_division=per_division)
        selected = db.session.execute(kind.score_select(contest_round, facts, codes))
        assert {tuple(row) for row in selected} == {
            (
                row.entry_id,
                row.division_id,
                to_point_units(row.points),
                to_point_units(row.max_points),
                *row.keys,
            )
            for row in kind.score_rows(contest_round, facts, codes)
        }


def test_where_the_mean_counts_it_is_that_of_all_finished_attempts(world):
    world.configure(counting=CountingRule.MEAN)
    world.open()
    cast = world.cast
    minh = play(world, cast.minh, 4, 1, 6)
    an = play(world, cast.an, 4, 5, 5)
    world.now += timedelta(minutes=10)
    play(world, cast.minh, 1, 9, 2)
    play(world, cast.an, 4, 0, 1)
    end_read()
    best, last, mean = (
        {each.entry_id: each for each in queries.counting_attempts(world.round_id, rule)}
        for rule in (CountingRule.BEST, CountingRule.LAST, CountingRule.MEAN)
    )
    for entry in (minh, an):
        assert mean[entry] == counting_attempt([best[entry], last[entry]], CountingRule.MEAN)
    assert (mean[minh].points, mean[minh].correct, mean[minh].prediction) == (Decimal("2.5"), 2, 9)
    assert mean[minh].submitted_at == last[minh].submitted_at
    assert queries.count_all_right(world.quiz, set(), per_division=False) == {"all": 1}


def test_what_one_round_asked_more_often_is_no_less_fresh_in_the_next(opened):
    """One rank for each number of papers left the next round two papers to draw."""
    pool = queries.live_pool(opened.bank_id)
    asked, unasked = pool[:8], pool[8:]
    with unit_of_work():
        for papers, item in enumerate(asked, start=1):
            db.session.add(
                QuestionUse(round_id=opened.round_id, question_id=item.question_id, papers=papers)
            )
    ranks = {item.question_id: item.use_rank for item in queries.live_pool(opened.bank_id)}
    assert [ranks[item.question_id] for item in asked] == [1] * 8
    assert [ranks[item.question_id] for item in unasked] == [0] * 4


def test_running_attempts_hold_up_the_settling(opened):
    opened.start(opened.cast.minh)
    kind = kind_of(opened.round)
    end_read()
    with unit_of_work():
        assert kind.settle(opened.round, opened.now + timedelta(minutes=10)) == 1
        assert kind.settle(opened.round, opened.now + timedelta(minutes=17)) == 0


def test_extra_time_moves_open_and_later_attempts(opened):
    cast = opened.cast
    minh, an = opened.start(cast.minh), opened.start(cast.an)
    before = {each: opened.attempt(each).deadline_at for each in (minh, an)}
    lan = opened.actor(cast.lan)
    end_read()
    with unit_of_work():
        actions.give_extra_time(
            contest_round=opened.round,
            unit=db.session.merge(cast.ward),
            seconds=300,
            reason="Mất điện",
            actor=lan,
            now=opened.now,
        )
    assert opened.attempt(minh).deadline_at == before[minh] + timedelta(minutes=5)
    assert opened.attempt(minh).grace_until == before[minh] + timedelta(minutes=6)
    assert opened.attempt(an).deadline_at == before[an]
    cuc = opened.start(cast.cuc)
    assert opened.attempt(cuc).deadline_at == opened.now + timedelta(minutes=20)


def test_settings_follow_a_copied_round(world):
    with unit_of_work():
        target = Round(contest_id=world.contest_id, number=2, title="Tuần 2", kind=ContestKind.QUIZ)
        target.rank_keys = [RankKey(position=1, code="correct")]
        db.session.add(target)
        db.session.flush()
        actions.copy_quiz(source=world.round, target=target, actor=None, now=world.now)
        copied = queries.quiz_of(target.id)
        assert queries.blueprint_of(copied) == queries.blueprint_of(world.quiz)
        assert copied.frozen_at is None
        kind_of(target).discard(target)
        assert queries.quiz_of(target.id) is None


def test_live_counts(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    opened.save(minh, attempt, 1, 0, [])
    end_read()
    live = queries.live_counts(opened.round_id, opened.now + timedelta(seconds=30))
    assert (live.open_attempts, live.persons, live.submitted, live.saves_last_minute) == (
        1,
        1,
        0,
        1,
    )
    assert [(day.attempts, day.persons) for day in queries.attempts_per_day(opened.round_id)] == [
        (1, 1)
    ]


def test_receipt_codes_are_read_however_they_are_typed():
    code = new_receipt_code(3)
    assert clean_receipt_code(code.lower().replace("-", " ")) == code
    assert clean_receipt_code("x") == ""
    assert as_prediction(()) is None
    assert fold([(0, '["a"]'), (1, '["b"]'), (0, "[]")]) == {1: ("b",)}
