"""A key was wrong: who moves is seen first, then applied as a whole, once, with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from contest.contests.models import RankRun, RoundScore, Stage
from contest.core import jobs
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import queries
from contest.quizzes.actions import QuizSettings, save_settings
from contest.quizzes.actions.regrades import (
    NewRuling,
    RegradeMoved,
    RegradeTooEarly,
    RegradeUnderWay,
    RulingInvalid,
    begin_regrade,
    give_up_regrade,
)
from contest.quizzes.models import Attempt, Regrade, RegradeMark, RegradeState, RulingKind
from contest.quizzes.queries.regrades import pooled_questions, regrade_by_id
from contest.quizzes.rules.rulings import Ruling, mark_attempt, mark_under
from contest.results.actions import (
    ExtraValues,
    LevelValues,
    make_rank_run,
    set_extra_prizes,
    set_prize_levels,
)
from contest.results.actions.regrades import apply_regrade
from contest.results.models import Measure, PrizeCode, TiePolicy
from contest.results.queries.regrades import regrade_moves
from contest.results.tasks import preview_regrade
from question_bank.actions import Content
from question_bank.drawing import Cell
from question_bank.kinds.ordering import OrderingBody
from question_bank.kinds.parts import PartsBody
from question_bank.models import Difficulty
from question_bank.queries import revisions
from tests.question_bank.test_parts import TEXT, cloze_body
from tests.quizzes.conftest import make_world

HERE = "/organise/contests/tim-hieu/rounds/1/regrades"


@pytest.fixture
def closed(context, app, cast, now):
    """The closed round of the stories, in a context that stays open."""
    del context
    return close_a_round(app, cast, now)


def close_a_round(app, cast, now):
    """Everybody has the same three questions; Minh has 3 right, An 2, Cúc none; one prize."""
    world = make_world(app, cast, now)
    lan = world.actor(cast.lan)
    with unit_of_work():
        save_settings(
            contest_round=world.round,
            settings=QuizSettings(bank_id=world.bank_id),
            cells=[Cell(world.topic_ids[0], "easy", 3)],
            actor=None,
            now=now,
        )
        set_prize_levels(
            over=world.round,
            levels=[LevelValues(PrizeCode.FIRST, 1, 0, TiePolicy.STOP)],
            actor=lan,
            now=now,
        )
    world.open()
    for person, right in ((cast.minh, 3), (cast.an, 2), (cast.cuc, 0)):
        opened = world.start(person)
        for slot in range(3):
            pick = world.right if slot < right else world.wrong
            world.save(person, opened, slot + 1, slot, pick(opened, slot))
        world.submit(person, opened)
    end_read()
    with unit_of_work():
        world.round.stage = Stage.CLOSED
        world.round.closed_at = now + timedelta(days=7)
    return world


def marks(world):
    end_read()
    return {
        person_id: (points, correct)
        for person_id, points, correct in db.session.execute(
            select(Attempt.person_id, Attempt.points, Attempt.correct_count).where(
                Attempt.round_id == world.round_id
            )
        )
    }


def attempt_of(world, person):
    end_read()
    return db.session.scalars(select(Attempt).where(Attempt.person_id == person.id)).one()


def revision_at(world, person, slot):
    return attempt_of(world, person).paper[slot]["r"]


def begin(world, rulings):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        made = begin_regrade(contest_round=world.round, rulings=rulings, actor=actor, now=world.now)
        return made.id


def looked_at(world, rulings):
    """A correction that waits for its decision, with a reason on it."""
    regrade_id = begin(world, rulings)
    preview_regrade(regrade_id, now=world.now)
    with unit_of_work():
        db.session.get_one(Regrade, regrade_id).reason = "Đáp án in sai"
    return regrade_id


def apply(world, regrade_id):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        run = apply_regrade(regrade_id=regrade_id, actor=actor, now=world.now)
        return None if run is None else run.id


def rank(world, reason=""):
    actor = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        return make_rank_run(round=world.round, reason=reason, actor=actor, now=world.now).id


def test_marks_under_each_ruling(closed):
    """Pure: dropped counts nowhere, full marks even for nothing, the best of several keys."""
    place = attempt_of(closed, closed.cast.minh).paper[0]
    revision = revisions([place["r"]])[place["r"]]
    right, *wrong = revision.body.option_ids
    body = revision.kind.dump(revision.body)
    other = revision.kind.parse({**body, "key": [wrong[0]]})
    drop, full = Ruling(RulingKind.DROP), Ruling(RulingKind.FULL)
    key, also = Ruling(RulingKind.KEY, (other,)), Ruling(RulingKind.ALSO, (other,))
    for ruling, answer, units in (
        (None, (right,), 10_000),
        (drop, (right,), 0),
        (full, (), 10_000),
        (key, (right,), 0),
        (key, (wrong[0],), 10_000),
        (also, (right,), 10_000),
        (also, (wrong[0],), 10_000),
        (also, (wrong[1],), 0),
    ):
        assert mark_under(revision, answer, ruling).units == units
    whole = mark_attempt([revision, revision], {0: (right,)}, {revision.id: drop})
    assert (whole.units, whole.max_units, whole.right_count, whole.dropped_count) == (0, 0, 0, 2)


def test_looking_changes_nothing_that_counts(closed):
    """The dry run ranks, gives prizes and is undone; its numbers stay beside the correction."""
    rank(closed)
    before, runs = marks(closed), db.session.scalar(select(func.count()).select_from(RankRun))
    stage = closed.round.stage
    wrong = revision_at(closed, closed.cast.minh, 0)
    regrade_id = looked_at(closed, {wrong: NewRuling(RulingKind.DROP)})
    assert marks(closed) == before
    assert db.session.scalar(select(func.count()).select_from(RankRun)) == runs
    assert closed.round.stage is stage
    assert closed.quiz.rulings == {}
    regrade = regrade_by_id(regrade_id)
    assert regrade.state is RegradeState.READY
    assert regrade.preview["attempts"] >= 1


def test_a_changed_key_moves_the_prize(closed):
    """What An chose in the last question was right after all: the first prize is An's now."""
    rank(closed)
    cast = closed.cast
    mine, theirs = attempt_of(closed, cast.minh), attempt_of(closed, cast.an)
    revision_id, (chosen,) = theirs.paper[2]["r"], theirs.answers["2"]
    revision = revisions([revision_id])[revision_id]
    body = {**revision.kind.dump(revision.body), "key": [chosen]}
    rulings = {revision_id: NewRuling(RulingKind.KEY, (body,))}
    regrade_id = looked_at(closed, rulings)
    seen = regrade_by_id(regrade_id).preview
    entry = {each.person_id: each.entry_id for each in (mine, theirs)}
    assert (seen["gained"], seen["lost"]) == ([entry[cast.an.id]], [entry[cast.minh.id]])
    first, *_rest = regrade_moves(regrade_id, 1).items
    assert first.move.is_prize_changed
    paper, answers = mine.paper, mine.answers
    run_id = apply(closed, regrade_id)
    assert marks(closed)[cast.minh.id] == (Decimal(2), 2)
    assert marks(closed)[cast.an.id] == (Decimal(3), 3)
    place = db.session.scalar(
        select(RoundScore.place).where(
            RoundScore.rank_run_id == run_id, RoundScore.entry_id == entry[cast.an.id]
        )
    )
    assert place == 1
    assert db.session.get(RankRun, run_id).reason == "Đáp án in sai"
    after = attempt_of(closed, cast.minh)
    assert (after.paper, after.answers) == (paper, answers)
    assert after.answers_digest == mine.answers_digest


def test_applied_twice_counts_once(closed):
    """The job is run at least once; a second run finds it done."""
    rank(closed)
    wrong = revision_at(closed, closed.cast.cuc, 0)
    regrade_id = looked_at(closed, {wrong: NewRuling(RulingKind.FULL)})
    first = apply(closed, regrade_id)
    after = marks(closed)
    assert apply(closed, regrade_id) == first
    assert marks(closed) == after
    assert after[closed.cast.cuc.id] == (Decimal(1), 1)


def test_nothing_half_done_when_the_ranking_has_moved(closed):
    """Somebody ranked again after Lan had looked: her correction is refused as a whole."""
    rank(closed)
    wrong = revision_at(closed, closed.cast.cuc, 0)
    regrade_id = looked_at(closed, {wrong: NewRuling(RulingKind.FULL)})
    rank(closed, "Bổ sung")
    before = marks(closed)
    with pytest.raises(RegradeMoved):
        apply(closed, regrade_id)
    assert marks(closed) == before
    assert closed.quiz.regrade_number == 0
    assert regrade_by_id(regrade_id).state is RegradeState.READY


def test_one_correction_at_a_time(closed):
    """A second one waits; given up, it leaves nothing behind and the next may begin."""
    wrong = revision_at(closed, closed.cast.cuc, 0)
    first = looked_at(closed, {wrong: NewRuling(RulingKind.FULL)})
    with pytest.raises(RegradeUnderWay):
        begin(closed, {wrong: NewRuling(RulingKind.DROP)})
    actor = closed.actor(closed.cast.lan)
    end_read()
    with unit_of_work():
        give_up_regrade(regrade=regrade_by_id(first), actor=actor, now=closed.now)
    assert db.session.scalar(select(func.count()).select_from(RegradeMark)) == 0
    with pytest.raises(RegradeMoved):
        apply(closed, first)
    second = looked_at(closed, {wrong: NewRuling(RulingKind.DROP)})
    apply(closed, second)
    attempt = attempt_of(closed, closed.cast.cuc)
    assert (attempt.max_points, attempt.dropped_count) == (Decimal(2), 1)


def test_a_later_correction_stands_on_the_earlier(closed):
    """Full marks for one question, then another: both count; N looks at what is left."""
    cuc = closed.cast.cuc
    for slot in range(3):
        revision = revision_at(closed, cuc, slot)
        apply(closed, looked_at(closed, {revision: NewRuling(RulingKind.DROP)}))
    attempt = attempt_of(closed, cuc)
    assert (attempt.max_points, attempt.dropped_count) == (Decimal(0), 3)
    assert closed.quiz.regrade_number == 3
    run_id = rank(closed)
    n = db.session.get(RankRun, run_id).facts["n"]["all"]
    assert n == 0, "where nothing is left to ask, nobody is all right"
    found = queries.count_all_right(closed.quiz, (), per_division=False)
    assert found["all"] == n


def test_what_is_refused(closed):
    """Questions of other rounds, keys that are none, and rounds that people still answer."""
    wrong = revision_at(closed, closed.cast.minh, 0)
    for rulings in (
        {},
        {999_999: NewRuling(RulingKind.DROP)},
        {wrong: NewRuling(RulingKind.KEY)},
        {wrong: NewRuling(RulingKind.KEY, ({"options": [], "key": []},))},
    ):
        with pytest.raises(RulingInvalid):
            begin(closed, rulings)
    with unit_of_work():
        closed.round.stage = Stage.OPEN
    with pytest.raises(RegradeTooEarly):
        begin(closed, {wrong: NewRuling(RulingKind.DROP)})


def test_lan_corrects_on_the_pages(app, cast, now, signed_in):
    """From the list to the new ranking; Bảo and Minh find nothing."""
    with app.app_context():
        closed = close_a_round(app, cast, now)
        rank(closed)
        question = pooled_questions(closed.round_id)[0]
        option = question.revision.body.option_ids[2]
    lan = signed_in(cast.lan)
    assert "Đáp án" in lan.page(HERE).text
    address = f"{HERE}/new/{question.public_id}"
    wrong = lan.submit(address, {"kind": "key", "options": []}, action=address)
    assert wrong.status_code == 422
    answer = lan.submit(address, {"kind": "also", "options": [option]}, action=address)
    assert answer.status_code in {302, 303}, answer.text
    here = answer.location
    assert "chấm lại để xem trước" in lan.page(here).text
    with app.app_context():
        jobs.run_due_jobs()
    assert "Áp dụng" in lan.page(here).text
    assert lan.get(here + ".csv").status_code == 200
    assert lan.submit(here, {"reason": ""}, action=here).status_code == 422
    assert "/jobs/" in lan.submit(here, {"reason": "Hai đáp án đúng"}, action=here).location
    with app.app_context():
        jobs.run_due_jobs()
    assert "Hai đáp án đúng" in lan.page(here).text
    assert "Hai đáp án đúng" in lan.page(HERE.replace("regrades", "ranking")).text
    for person in (cast.bao, cast.minh):
        stranger = signed_in(person)
        for page in (HERE, here, here + ".csv", address):
            assert stranger.get(page).status_code in {403, 404}


def test_lan_sees_which_prizes_beside_the_levels_would_move_and_what_all_would_cost(
    app, cast, now, signed_in
):
    """The key of the last question becomes what An chose; both prizes go from Minh to An."""
    prizes = [
        ExtraValues(Measure.EARLIEST_PERFECT, "Trả lời đúng hết sớm nhất", 1, 500_000),
        ExtraValues(Measure.PERSONS, "Tập thể đông nhất", 1, 2_000_000),
    ]
    with app.app_context():
        closed = close_a_round(app, cast, now)
        with unit_of_work():
            lan = closed.actor(cast.lan)
            set_extra_prizes(over=closed.round, prizes=prizes, actor=lan, now=now)
        rank(closed)
        paper = attempt_of(closed, cast.an)
        revision_id, chosen = paper.paper[2]["r"], paper.answers["2"]
        questions = pooled_questions(closed.round_id)
        (wanted,) = [one for one in questions if one.revision.id == revision_id]
    address = f"{HERE}/new/{wanted.public_id}"
    page = signed_in(cast.lan)
    here = page.submit(address, {"kind": "key", "options": chosen}, action=address).location
    with app.app_context():
        jobs.run_due_jobs()
    looked = page.page(here)
    table = "//h:table[.//h:td[@data-label='Được giải']]//h:tbody/h:tr"
    at = "Trường THCS Nguyễn Trãi › Phường Xuân Hương › Tỉnh Lâm Sơn"
    then = f"{cast.an.full_name}Trường THPT Sông Trà › Tỉnh Sông Trà"
    told = f"Trả lời đúng hết sớm nhấtmỗi giải 500.000 đ{cast.minh.full_name}{at}{then}"
    assert looked.words(table) == [told]
    figures = looked.words("//h:dl[@class='figures']/h:div")
    assert figures[-2:] == ["tiền giải hiện nay2.500.000 đ", "tiền giải khi đó2.500.000 đ"]


def test_lan_accepts_another_order_and_another_answer_of_a_gap(app, cast, now, signed_in):
    """What was typed and ticked for things and parts becomes keys that count as well."""
    with app.app_context():
        world = make_world(app, cast, now)
        items = [{"id": "", "text": text} for text in ("Một", "Hai", "Ba")]
        easy = Difficulty.EASY
        world.ask_only(
            Content(kind="ordering", stem="Xếp thứ tự.", body={"items": items}, difficulty=easy),
            Content(kind="cloze", stem=TEXT, body=cloze_body(), difficulty=easy),
        )
        world.open()
        opened = world.start(cast.minh)
        world.submit(cast.minh, opened)
        end_read()
        with unit_of_work():
            world.round.stage = Stage.CLOSED
        order, gaps = pooled_questions(world.round_id)
        assert isinstance(gaps.revision.body, PartsBody)
        choice = gaps.revision.body.parts[2]
    lan = signed_in(cast.lan)
    address = f"{HERE}/new/{order.public_id}"
    other = "Một\nHai\nBốn"
    typed = {"kind": "also", "answers": other}
    assert lan.submit(address, typed, action=address).status_code == 422
    typed = {"kind": "also", "answers": "Hai\nMột\nBa"}
    made = lan.submit(address, typed, action=address)
    assert "2. Một" in lan.page(made.location).text
    with app.app_context():
        jobs.run_due_jobs()
    lan.submit(made.location, {"reason": "Cả hai thứ tự đều đúng"}, action=made.location)
    with app.app_context():
        jobs.run_due_jobs()
        bodies = queries.rulings_of(world.round_id)[order.revision.id].bodies
        orders = [body.items for body in bodies if isinstance(body, OrderingBody)]
        assert [[text for _item, text in items] for items in orders] == [["Hai", "Một", "Ba"]]
    page = lan.page(address).text
    assert "Một\nHai\nBa\n\nHai\nMột\nBa" in page
    address = f"{HERE}/new/{gaps.public_id}"
    chosen = {"kind": "also", f"part-{choice.id}": list(choice.body.option_ids)}
    made = lan.submit(address, chosen, action=address)
    assert made.status_code in {302, 303}, made.text
    with app.app_context():
        regrade = db.session.scalars(select(Regrade).order_by(Regrade.id.desc())).first()
        (stored,) = regrade.rulings.values()
        assert (stored["kind"], len(stored["bodies"])) == ("also", 2)
