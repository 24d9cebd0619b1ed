"""What contestants reported, in the queue of the bank; approved questions only; merged topics."""

import pytest

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes import queries
from contest.quizzes.models import BlueprintCell, QuestionReport, QuizRound, ReportOutcome
from contest.quizzes.queries.reported import open_report_count, reported_questions
from contest.quizzes.readiness import quiz_readiness
from question_bank import actions as bank_actions
from question_bank.models import Bank, Question, QuestionSource, QuestionState, Topic
from question_bank.topic_uses import topic_uses
from tests.support.cast import actor_of


@pytest.fixture
def lan(world, signed_in):
    return signed_in(world.cast.lan)


@pytest.fixture
def reported(world):
    """Minh and Hoa's colleague reported the first question of their papers."""
    with world.app.app_context():
        world.open()
        attempt = world.attempt(world.start(world.cast.minh))
        for slot, words in enumerate(("Câu này có hai đáp án.", "Chữ mờ.")):
            db.session.add(
                QuestionReport(
                    round_id=world.round_id,
                    attempt_id=attempt.id,
                    revision_id=attempt.paper[slot]["r"],
                    slot=slot,
                    body=words,
                    reported_at=world.now,
                )
            )
        db.session.commit()
        return db.session.get_one(Bank, world.bank_id).slug


def test_reports_land_in_the_queue_of_the_bank(world, lan, reported):
    address = f"/banks/{reported}/reported"
    page = lan.page(address)
    assert "Câu này có hai đáp án." in page.text
    assert world.cast.minh.full_name not in page.text
    assert lan.page(f"/banks/{reported}").words("//h:b[@class='waits']") == ["2"]
    with world.app.app_context():
        line = reported_questions(world.bank_id).items[0]
    there = f"{address}/{line.question.public_id}"
    assert lan.post(there, data={"reply": "", "outcome": "answered"}).status_code == 302
    lan.post(there, data={"reply": "Đã sửa phương án C.", "outcome": "changed"})
    with world.app.app_context():
        settled = [each for each in db.session.query(QuestionReport) if each.settled_at]
        assert [(each.reply, each.outcome) for each in settled] == [
            ("Đã sửa phương án C.", ReportOutcome.CHANGED)
        ]
        assert open_report_count(world.bank_id) == 1
        assert reported_questions(world.bank_id).total == 1
        assert reported_questions(world.bank_id, only_open=False).total == 2
    assert "Đã sửa phương án C." in lan.page(f"{address}?state=all").text


def test_the_queue_is_not_for_another_organisation(world, signed_in, reported):
    bao = signed_in(world.cast.bao)
    address = f"/banks/{reported}/reported"
    assert bao.get(address).status_code == 404
    assert bao.post(f"{address}/whatever", data={"reply": "Ừ"}).status_code == 404


def test_a_contest_that_asks_for_approved_questions_gets_no_others(world):
    with world.app.app_context():
        with unit_of_work():
            question = db.session.query(Question).order_by(Question.id).first()
            question.state = QuestionState.CHECKED
            key = question.id
        quiz = db.session.query(QuizRound).first()

        def pool(*, approved_only):
            items = queries.live_pool(world.bank_id, approved_only=approved_only)
            return {item.question_id for item in items}

        assert key not in pool(approved_only=quiz.approved_only)
        assert key in pool(approved_only=False)
        codes = {item.code: item for item in quiz_readiness(quiz.round, world.now)}
        assert codes["quiz_approved"].ok
        quiz.approved_only = False
        codes = {item.code: item for item in quiz_readiness(quiz.round, world.now)}
        assert str(codes["quiz_approved"].detail) == "Chú ý: 1 câu chưa duyệt có thể vào đề."


def test_a_lapsed_law_is_a_warning_before_the_round_opens(world):
    with world.app.app_context():
        with unit_of_work():
            source = QuestionSource(
                bank_id=world.bank_id,
                citation="Luật cũ",
                citation_folded="luat cu",
                valid_to=world.now.date().replace(year=2020),
                created_at=world.now,
            )
            db.session.add(source)
            db.session.flush()
            db.session.query(Question).first().source_id = source.id
        quiz = db.session.query(QuizRound).first()
        item = next(i for i in quiz_readiness(quiz.round, world.now) if i.code == "quiz_sources")
        assert item.ok
        assert str(item.detail) == "Chú ý: 1 câu đã duyệt trích văn bản đã hết hiệu lực."


def test_papers_follow_a_merged_topic(world):
    with world.app.app_context(), unit_of_work():
        bank = db.session.get_one(Bank, world.bank_id)
        old = db.session.query(Topic).order_by(Topic.id).first()
        into = bank_actions.ensure_topic(bank=bank, path=("Chủ đề gộp",))
        cell = db.session.query(BlueprintCell).first()
        cell.topic_id = old.id
        db.session.flush()
        (use,) = topic_uses()
        assert len(use.papers([old.id])) == 1
        lan = actor_of(world.cast.lan, world.now)
        bank_actions.merge_topic(bank=bank, topic=old, into=into, actor=lan, now=world.now)
        assert use.papers([into.id]) != []
