"""Information and essay questions in a round: asked, saved, marked blind, ranked, shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from contest.accounts.actions import give_grant
from contest.accounts.models import Person
from contest.accounts.personal_data import keepers
from contest.contests.models import RoundScore, Stage
from contest.core.access import Role
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import queries
from contest.quizzes.actions import SaveCode
from contest.quizzes.actions.closing import close_overdue
from contest.quizzes.actions.essays import mark_essay
from contest.quizzes.actions.late import count_late
from contest.quizzes.actions.printed import make_printed_paper
from contest.quizzes.actions.regrades import (
    NewRuling,
    RegradeUnderWay,
    begin_marking,
    begin_regrade,
    mark_stretch,
)
from contest.quizzes.actions.rounds import copy_quiz
from contest.quizzes.actions.set_questions import set_questions
from contest.quizzes.actions.statistics import ask_for_statistics
from contest.quizzes.models import (
    EssayAnswer,
    EssayMark,
    LedgerLine,
    PoolQuestion,
    RegradeMark,
    RulingKind,
)
from contest.quizzes.printing import paper_pdf
from contest.quizzes.queries import essays as essay_queries
from contest.quizzes.queries.papers import asked_questions, marked_questions
from contest.quizzes.queries.printed import key_table, questions_of
from contest.quizzes.queries.rounds import frozen_pool, round_terms
from contest.quizzes.readiness import quiz_readiness
from contest.quizzes.rules.blueprints import QuizFrozen
from contest.quizzes.rules.essays import (
    AnswerMarkedMeanwhile,
    EssaysUnmarked,
    MarkOffStep,
    MarkOutOfRange,
    NotMarkedNow,
)
from contest.quizzes.rules.papers import paper_of_attempt
from contest.quizzes.rules.set_questions import SetQuestion, SetQuestionWrong
from contest.results.actions import make_rank_run
from question_bank import actions as bank_actions
from question_bank.actions import Content
from question_bank.models import Bank, Difficulty, Question, QuestionState
from question_bank.queries import set_candidates
from tests.quizzes.conftest import make_world
from tests.support.cast import actor_of
from tests.support.kept import kept

TOLD = "Đoạn trích: “Một tấm gương sống còn có giá trị hơn một trăm bài diễn văn.”"
ASKED = "Bạn đã học được gì từ tấm gương của một người ở đơn vị mình?"
WRITTEN = "Bác bảo vệ già trong trường tôi\nngày nào cũng đến sớm nửa giờ.\n\nTôi học ở bác."
STEP = Decimal("0.25")


def add_to_bank(world, kind, stem, mark=Decimal(1), state=QuestionState.APPROVED):
    """A question that no paper is drawn of; gives its id."""
    question = bank_actions.create_question(
        bank=db.session.get(Bank, world.bank_id),
        content=Content(kind=kind, stem=stem, body={}, difficulty=Difficulty.EASY, mark=mark),
        state=state,
        actor=None,
        now=world.now,
    )
    return question.id


@kept
def make_essay_world(app, cast, now):
    """A round whose papers have information before question 2 and end with an essay question."""
    world = make_world(app, cast, now)
    with unit_of_work():
        told = add_to_bank(world, "description", TOLD)
        asked = add_to_bank(world, "essay", ASKED, Decimal(5))
        set_questions(
            contest_round=world.round,
            questions=[SetQuestion(told, 2), SetQuestion(asked)],
            step=STEP,
            actor=None,
            now=now,
        )
        give_grant(
            person=db.session.merge(cast.hoa),
            role=Role.JUDGE,
            scope=world.contest.scope,
            actor=None,
            now=now,
        )
    world.open()
    return world


@pytest.fixture
def essays(context, app, cast, now):
    return make_essay_world(app, cast, now)


def hand_in(world, person, text=WRITTEN, right=4):
    """Somebody answers so many questions rightly, writes a text and hands in."""
    opened = world.start(person)
    for slot in range(right):
        world.save(person, opened, slot + 1, slot, world.right(opened, slot))
    if text:
        assert world.save(person, opened, 9, 4, text).code is SaveCode.RECEIVED
    world.submit(person, opened)
    return opened


def close(world):
    end_read()
    with unit_of_work():
        world.round.stage = Stage.CLOSED
        world.round.closes_at = world.now + timedelta(minutes=6)


def mark(world, judge, opened, points, comment="", version=None):
    """A judge gives a mark for the essay answer of an attempt."""
    end_read()
    with unit_of_work():
        answer = db.session.scalars(
            select(EssayAnswer).where(EssayAnswer.attempt_id == opened.attempt_id)
        ).one()
        actor = actor_of(db.session.merge(judge), world.now)
        sheet = essay_queries.essay_sheet(world.round, actor, answer.public_id)
        mark_essay(
            contest_round=world.round,
            sheet=sheet,
            points=Decimal(points),
            comment=comment,
            version=sheet.version if version is None else version,
            actor=actor,
            now=world.now + timedelta(days=8),
        )


def sitting_of(world, person, opened):
    end_read()
    return queries.own_sitting(person.id, opened.public_id)


def test_information_and_essay_stand_in_the_paper_and_the_draw_is_the_same(essays, cast):
    opened = essays.start(cast.minh)
    attempt = essays.attempt(opened)
    assert attempt.question_count == 5
    assert [sorted(slot) for slot in attempt.paper] == [
        ["o", "r"],
        ["i", "o", "r"],
        ["o", "r"],
        ["o", "r"],
        ["e", "o", "r", "t"],
        ["p"],
    ]
    asked = asked_questions(sitting_of(essays, cast.minh, opened), essays.now)
    assert [each.information[0].stem for each in asked if each.information] == [TOLD]
    assert (asked[1].information[0].stem, asked[4].stem) == (TOLD, ASKED)
    quiz = essays.quiz
    terms = round_terms(essays.round_id, quiz.pool_digest)
    entry = attempt.entry.public_id
    again = paper_of_attempt(
        terms, frozen_pool(essays.round_id, quiz.pool_digest), entry, 1, frozenset()
    )
    assert list(again.revision_ids) == [slot["r"] for slot in attempt.paper[:4]]
    assert db.session.query(PoolQuestion).filter_by(is_set=True).count() == 1


def test_information_counts_nowhere(essays, cast):
    opened = hand_in(essays, cast.minh, text="")
    attempt = essays.attempt(opened)
    assert (attempt.question_count, attempt.correct_count) == (5, 4)
    assert (attempt.points, attempt.max_points) == (4, 9)
    assert db.session.query(EssayAnswer).count() == 0  # an empty answer waits for nobody
    sitting = sitting_of(essays, cast.minh, opened)
    assert len(sitting.revision_ids) == 5
    assert [each.is_right for each in marked_questions(sitting)] == [True] * 4 + [False]


def test_long_text_belongs_to_the_essay_alone(essays, cast):
    opened = essays.start(cast.minh)
    assert essays.save(cast.minh, opened, 1, 0, WRITTEN).code is SaveCode.REFUSED
    assert essays.save(cast.minh, opened, 2, 5, "9" * 300).code is SaveCode.REFUSED
    assert essays.save(cast.minh, opened, 3, 4, ["a", "b"]).code is SaveCode.REFUSED
    assert essays.save(cast.minh, opened, 4, 4, "ngắn").code is SaveCode.RECEIVED
    assert essays.save(cast.minh, opened, 5, 4, WRITTEN).code is SaveCode.RECEIVED
    essays.submit(cast.minh, opened)
    assert essays.attempt(opened).answers["4"] == [WRITTEN]


def test_server_hands_the_answers_of_people_who_never_pressed_to_markers(essays, cast):
    opened = essays.start(cast.minh)
    essays.save(cast.minh, opened, 1, 4, WRITTEN)
    end_read()
    with unit_of_work():
        assert close_overdue(now=essays.now + timedelta(hours=2)) == 1
    assert db.session.query(EssayAnswer).count() == 1


def test_ranking_waits_for_the_marks_and_then_counts_them(essays, cast):
    minh, an = hand_in(essays, cast.minh), hand_in(essays, cast.an, "Một câu thôi.")
    close(essays)
    mark(essays, cast.hoa, minh, "3.25", "Rất thật, còn thiếu việc làm của bạn.")
    end_read()
    with pytest.raises(EssaysUnmarked) as refused, unit_of_work():
        make_rank_run(round=essays.round, actor=None, now=essays.now + timedelta(days=9))
    assert "1 bài tự luận" in refused.value.words
    assert essays.attempt(minh).points == Decimal("7.25")
    mark(essays, cast.hoa, an, 5)
    assert (essays.attempt(an).points, essays.attempt(an).correct_count) == (9, 5)
    (line,) = essay_queries.marking_progress(essays.round)
    assert (line.total, line.marked, line.most) == (2, 2, Decimal(5))
    assert line.mean == Decimal("4.12")  # of 3.25 and 5
    end_read()
    with unit_of_work():
        run = make_rank_run(round=essays.round, actor=None, now=essays.now + timedelta(days=9))
        assert run.facts["n"] == {"all": 1}
        scores = db.session.scalars(
            select(RoundScore).where(RoundScore.rank_run_id == run.id).order_by(RoundScore.place)
        )
        assert [score.points for score in scores] == [9, Decimal("7.25")]


def test_who_is_disqualified_or_does_not_count_waits_for_nobody(essays, cast):
    first = hand_in(essays, cast.minh)
    hand_in_again = hand_in(essays, cast.minh, "Lần hai.")
    close(essays)
    assert essay_queries.unmarked_count(essays.round) == 2
    end_read()
    with unit_of_work():
        essays.quiz.counting = "first"
    assert essay_queries.unmarked_count(essays.round) == 1
    mark(essays, cast.hoa, first, 1)
    assert essay_queries.unmarked_count(essays.round) == 0
    assert essays.attempt(hand_in_again).points == 4


def test_bad_marks_are_refused_and_good_ones_are_all_kept(essays, cast):
    opened = hand_in(essays, cast.minh)
    with pytest.raises(NotMarkedNow):
        mark(essays, cast.hoa, opened, 1)
    close(essays)
    for points, refusal in (("5.25", MarkOutOfRange), (-1, MarkOutOfRange), ("1.1", MarkOffStep)):
        with pytest.raises(refusal):
            mark(essays, cast.hoa, opened, points)
    mark(essays, cast.hoa, opened, 2)
    with pytest.raises(AnswerMarkedMeanwhile):
        mark(essays, cast.tu, opened, 4, version=0)  # a tab opened before Hoa's mark
    mark(essays, cast.hoa, opened, 3)
    given = db.session.scalars(select(EssayMark).order_by(EssayMark.number)).all()
    assert [(each.number, each.points, each.marked_by_id) for each in given] == [
        (1, Decimal(2), cast.hoa.id),
        (2, Decimal(3), cast.hoa.id),
    ]
    assert essays.attempt(opened).points == 7
    end_read()
    with unit_of_work():
        essays.round.stage = Stage.PUBLISHED
    with pytest.raises(NotMarkedNow):
        mark(essays, cast.hoa, opened, 5)


def test_marker_sees_no_name_no_unit_and_never_their_own_answer(essays, cast):
    opened = hand_in(essays, cast.minh, right=2)
    close(essays)
    answer = db.session.scalars(select(EssayAnswer)).one()
    hoa = essays.actor(cast.hoa)
    sheet = essay_queries.essay_sheet(essays.round, hoa, answer.public_id)
    assert (sheet.text, sheet.stem, sheet.most, sheet.step) == (WRITTEN, ASKED, Decimal(5), STEP)
    shown = repr(sheet)
    attempt = essays.attempt(opened)
    hidden = [cast.minh.full_name, cast.school.name, "MINH0001", attempt.public_id]
    hidden += [attempt.receipt_code, essays.right(opened, 0)]
    assert [each for each in hidden if each in shown] == []
    minh = essays.actor(cast.minh)
    assert essay_queries.essay_sheet(essays.round, minh, answer.public_id) is None
    assert essay_queries.next_essay(essays.round, minh) is None
    assert essay_queries.next_essay(essays.round, hoa) == answer.public_id


def test_queue_goes_through_all_codes_and_starts_again(essays, cast):
    for person in (cast.minh, cast.an, cast.cuc):
        hand_in(essays, person)
    close(essays)
    hoa = essays.actor(cast.hoa)
    code = dict(db.session.execute(select(EssayAnswer.public_id, EssayAnswer.code)).all())
    met, after = [], ""
    for _turn in range(4):
        found = essay_queries.next_essay(essays.round, hoa, after)
        after = code[found]
        met.append(found)
    assert set(met[:3]) == set(code)
    assert met[3] == met[0]


def test_own_mark_and_comment_stand_on_the_marked_paper(essays, cast):
    opened = hand_in(essays, cast.minh)
    close(essays)
    waiting = marked_questions(sitting_of(essays, cast.minh, opened))[4]
    assert (waiting.judged.points, waiting.given_texts) == (None, (WRITTEN,))
    mark(essays, cast.hoa, opened, "4.5", "Chân thành.")
    found = marked_questions(sitting_of(essays, cast.minh, opened))[4]
    assert (found.judged.points, found.judged.comment, found.most) == (
        Decimal("4.5"),
        "Chân thành.",
        Decimal(5),
    )
    assert (found.is_right, found.earns) == (False, True)


def test_only_information_and_essays_of_the_own_bank_are_put_in(world, cast):
    single = db.session.scalars(select(Question.id).limit(1)).one()
    with unit_of_work():
        told = add_to_bank(world, "description", TOLD)
        draft = add_to_bank(world, "essay", ASKED, state=QuestionState.DRAFT)

    def put(*questions):
        set_questions(
            contest_round=world.round,
            questions=questions,
            step=STEP,
            actor=None,
            now=world.now,
        )

    for wrong in (
        [SetQuestion(single)],
        [SetQuestion(told)],
        [SetQuestion(draft, 1)],
        [SetQuestion(told, 1), SetQuestion(told, 2)],
    ):
        end_read()
        with pytest.raises(SetQuestionWrong), unit_of_work():
            put(*wrong)
    end_read()
    with unit_of_work():
        put(SetQuestion(told, 1), SetQuestion(draft))
    item = next(each for each in quiz_readiness(world.round, world.now) if each.code == "quiz_set")
    assert item.ok is False  # the draft may not be asked
    with pytest.raises(SetQuestionWrong):
        world.open()
    end_read()
    with unit_of_work():
        db.session.execute(update(Question).values(state=QuestionState.APPROVED))
    item = next(each for each in quiz_readiness(world.round, world.now) if each.code == "quiz_set")
    assert item.ok is True
    world.open()
    end_read()
    with pytest.raises(QuizFrozen), unit_of_work():
        put()


def test_copied_round_takes_them_without_their_pins(essays, cast):
    end_read()
    with unit_of_work():
        source = essays.round
        target = type(source)(
            contest_id=source.contest_id, number=2, title="Tuần 2", kind=source.kind
        )
        db.session.add(target)
        db.session.flush()
        copy_quiz(source=source, target=target, actor=None, now=essays.now)
        known = {each.question_id for each in set_candidates(essays.bank_id)}
        copied = queries.quiz_of(target.id).set_questions
        assert {each["q"] for each in copied} == known
        assert all("r" not in each for each in copied)


def test_judges_are_named_before_the_opening(essays, cast):
    item = next(
        each for each in quiz_readiness(essays.round, essays.now) if each.code == "quiz_set"
    )
    assert db.session.get(Person, cast.hoa.id).full_name in str(item.detail)


def test_statistics_count_essays_by_their_marks_and_information_not_at_all(essays, cast):
    minh, an = hand_in(essays, cast.minh), hand_in(essays, cast.an, right=1)
    close(essays)
    lan = essays.actor(cast.lan)
    end_read()
    with pytest.raises(EssaysUnmarked), unit_of_work():
        ask_for_statistics(
            contest_round=essays.round, title="", address="", actor=lan, now=essays.now
        )
    mark(essays, cast.hoa, minh, 5)
    mark(essays, cast.hoa, an, "2.5")
    end_read()
    with unit_of_work():
        ask_for_statistics(
            contest_round=essays.round, title="", address="", actor=lan, now=essays.now
        )
    lines = queries.item_lines(essays.round_id)
    essay = next(line for line in lines if line.stem == ASKED)
    assert essay.figures.facility == 0.75
    assert sorted(option.words for option in essay.options) == ["2,5 điểm", "5 điểm"]
    assert TOLD not in {line.stem for line in lines}


def test_correction_of_another_question_keeps_the_marks_of_judges(essays, cast):
    opened = hand_in(essays, cast.minh)
    close(essays)
    drawn = essays.attempt(opened).paper[0]["r"]
    rulings = {drawn: NewRuling(RulingKind.DROP)}
    lan = essays.actor(cast.lan)
    end_read()
    with pytest.raises(EssaysUnmarked), unit_of_work():
        begin_regrade(contest_round=essays.round, rulings=rulings, actor=lan, now=essays.now)
    mark(essays, cast.hoa, opened, 4)
    end_read()
    with unit_of_work():
        regrade = begin_regrade(
            contest_round=essays.round, rulings=rulings, actor=lan, now=essays.now
        )
        mark_stretch(regrade_id=regrade.id, marking=begin_marking(regrade_id=regrade.id))
        (staged,) = db.session.scalars(select(RegradeMark)).all()
        assert (staged.points, staged.max_points, staged.dropped_count) == (
            Decimal(7),
            Decimal(8),
            1,
        )
    with pytest.raises(RegradeUnderWay):
        mark(essays, cast.hoa, opened, 5)


def test_late_text_is_marked_anew_and_other_marks_stay(essays, cast):
    minh, an = hand_in(essays, cast.minh), hand_in(essays, cast.an)
    close(essays)
    mark(essays, cast.hoa, minh, 4)
    mark(essays, cast.hoa, an, 3)
    essays.save(cast.minh, minh, 50, 4, "Viết lại khi có mạng.", at=essays.now + timedelta(hours=3))
    essays.save(cast.an, an, 50, 0, essays.wrong(an, 0), at=essays.now + timedelta(hours=3))
    lan = essays.actor(cast.lan)
    end_read()
    with unit_of_work():
        for opened in (minh, an):
            count_late(
                contest_round=essays.round,
                entry=essays.attempt(opened).entry,
                reason="Mất mạng cả phường",
                actor=lan,
                now=essays.now + timedelta(days=8),
            )
    assert essays.attempt(minh).points == 4  # the text waits for its mark again
    assert essays.attempt(an).points == 6  # three right and the judge's three
    assert essay_queries.unmarked_count(essays.round) == 1
    mark(essays, cast.hoa, minh, 2)
    numbers = db.session.scalars(select(EssayMark.points).order_by(EssayMark.number)).all()
    assert sorted(map(str, numbers)) == ["2", "3", "4", "None"]


def test_erasure_takes_the_words_and_leaves_the_marks(essays, cast):
    opened = hand_in(essays, cast.minh)
    close(essays)
    mark(essays, cast.hoa, opened, 4, "Bác bảo vệ này tôi biết.")
    end_read()
    with unit_of_work():
        keeper = next(each for each in keepers() if each.code == "quizzes")
        touched = keeper.erase(db.session.merge(cast.minh), essays.now)
    assert touched == {"attempts": 1, "essay_answers": 1}
    attempt = essays.attempt(opened)
    assert ("4" in attempt.answers, attempt.points, attempt.answers["0"] != []) == (False, 8, True)
    lines = db.session.scalars(select(LedgerLine.answer).where(LedgerLine.slot == 4)).all()
    assert lines == ["[]"]
    assert set(db.session.scalars(select(EssayMark.comment))) == {""}
    assert db.session.scalars(select(EssayAnswer.points)).one() == 4


def test_printed_papers_hold_information_and_lines_to_write_on(essays, cast, tmp_path):
    close(essays)
    lan = essays.actor(cast.lan)
    end_read()
    with unit_of_work():
        paper = make_printed_paper(
            contest_round=essays.round, title="Đề", codes=2, head={}, actor=lan, now=essays.now
        )
        for code in paper.papers:
            asked = questions_of(code)
            assert [each.way for each in asked] == ["options"] * 4 + ["essay"]
            assert [len(each.information) for each in asked] == [0, 1, 0, 0, 0]
        assert key_table(paper.papers).rows[4][0] == "Câu tự luận, do giám khảo chấm."
        assert paper_pdf(paper, paper.papers, instance=tmp_path).startswith(b"%PDF")
