"""Appeals: in their window, marked again by two and a third, moved only past the threshold."""

from datetime import timedelta
from decimal import Decimal

import pytest

from contest.accounts.actions import create_person
from contest.accounts.models import Person, Unit
from contest.contests.rules import ReasonMissing
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import (
    Conflict,
    Juror,
    JurorState,
    MarkSheet,
    Resolution,
    ResolutionMethod,
)
from contest.results.actions import preview_prizes
from contest.results.actions.appeals import (
    appoint_remarkers,
    decide_appeal,
    file_appeal,
    give_remark,
    new_mark,
    preview_appeal,
    set_appeal_terms,
)
from contest.results.models import Appeal, AppealMark, AppealState
from contest.results.queries import latest_run, rank_runs
from contest.results.queries.appeals import free_remarkers, work_id_of
from contest.results.rules.appeals import Window, needs_third, outcome, window
from contest.results.rules.refusals import (
    AlreadyAppealed,
    AppealDecided,
    AppealTooEarly,
    AppealTooLate,
    NoAppealsHere,
    NoOwnResult,
    RemarkersWrong,
    RemarksMissing,
)
from contest.results.rules.what_if import prize_moves
from tests.results.essay_stories import marked
from tests.results.test_signing import decided, go_public
from tests.support.cast import actor_of

pytestmark = pytest.mark.usefixtures("context")
D = Decimal


def test_the_window_is_open_from_its_first_instant_to_before_its_last(now):
    later = now + timedelta(days=7)
    assert window(now, later, now - timedelta(seconds=1)) is Window.BEFORE
    assert window(now, later, now) is Window.OPEN
    assert window(now, later, later - timedelta(seconds=1)) is Window.OPEN
    assert window(now, later, later) is Window.AFTER


@pytest.mark.parametrize(
    ("marks", "third", "result"),
    [
        ([], False, None),
        (["8"], False, None),
        (["8", "8"], False, D("8.00")),
        (["7.25", "7.25"], False, D(7)),
        (["8", "7"], True, None),
        (["8", "7", "8"], False, D("8.00")),
        (["9", "8", "6"], False, D("8.50")),
    ],
)
def test_two_equal_marks_count_else_the_nearest_of_three_and_small_differences_do_not(
    marks, third, result
):
    given = [D(each) for each in marks]
    assert needs_third(given) is third
    assert outcome(D(7), given, D("0.5")) == result


def opened(story, now, **kwargs):
    values = {"opens_at": now, "closes_at": now + timedelta(days=7), "threshold": D("0.5")}
    set_appeal_terms(round=story.round, actor=story.organiser, now=now, **(values | kwargs))


def test_an_appeal_outside_its_window_reads_when_it_was(now):
    story = decided(now)
    go_public(story, now)
    minh = actor_of(story.persons["K'Brỏih"], now)
    with pytest.raises(NoAppealsHere):
        file_appeal(round=story.round, body="Xin xem lại", actor=minh, now=now)
    opened(story, now)
    early, late = now - timedelta(days=1), now + timedelta(days=8)
    with pytest.raises(AppealTooEarly):
        file_appeal(round=story.round, body="Xin xem lại", actor=minh, now=early)
    with pytest.raises(AppealTooLate) as refused:
        file_appeal(round=story.round, body="Xin xem lại", actor=minh, now=late)
    assert "2026" in refused.value.words
    assert db.session.query(Appeal).count() == 0


def test_only_who_has_a_result_appeals_and_once(now):
    story = decided(now)
    go_public(story, now)
    opened(story, now)
    someone = actor_of(story.persons["K'Brỏih"], now)
    with pytest.raises(NoOwnResult):
        file_appeal(
            round=story.round, body="Xin xem lại", actor=actor_of(story.cast.an, now), now=now
        )
    with pytest.raises(ReasonMissing):
        file_appeal(round=story.round, body=" ", actor=someone, now=now)
    filed = file_appeal(round=story.round, body="Xin xem lại", actor=someone, now=now)
    assert filed.official == D(20)
    with pytest.raises(AlreadyAppealed):
        file_appeal(round=story.round, body="Lần nữa", actor=someone, now=now)
    decide_appeal(appeal=filed, answer="Điểm đúng.", actor=story.organiser, now=now)
    assert filed.result == D(20)
    assert len(rank_runs(story.round.id)) == 1
    with pytest.raises(AppealDecided):
        decide_appeal(appeal=filed, answer="Điểm đúng.", actor=story.organiser, now=now)


def appealed_essay(app, cast, now):
    """The third of the essays asks for re-marking; its author is among nobody's judges."""
    story = marked(app, cast, now)
    story.decide()
    story.unseal()
    story.publish()
    lan = story.actor(cast.lan)
    with unit_of_work():
        set_appeal_terms(
            round=story.round,
            opens_at=now,
            closes_at=now + timedelta(days=7),
            threshold=D("0.5"),
            actor=lan,
            now=now,
        )
        author = actor_of(story.work(3).person, now)
        appeal = file_appeal(round=story.round, body="Xin chấm lại", actor=author, now=now)
        appeal_id = appeal.id
    return story, appeal_id


def given_now(round):
    return preview_prizes(round, latest_run(round.id)).given


def test_an_essay_is_marked_again_the_effect_is_shown_first_and_then_counts(app, cast, now):
    story, appeal_id = appealed_essay(app, cast, now)
    lan = story.actor(cast.lan)
    with unit_of_work():
        appeal = db.session.get_one(Appeal, appeal_id)
        free = free_remarkers(appeal)
        markers = {
            sheet.juror.person_id
            for sheet in db.session.query(MarkSheet).filter_by(work_id=work_id_of(appeal))
        }
        assert not markers & {person.id for person in free}
        with pytest.raises(RemarkersWrong):
            appoint_remarkers(appeal=appeal, people=free[:1], actor=lan, now=now)
        with pytest.raises(RemarksMissing):
            preview_appeal(appeal=appeal, actor=lan, now=now)
        for position, person in enumerate((cast.minh, cast.an), 1):
            db.session.add(AppealMark(appeal_id=appeal.id, position=position, person_id=person.id))
        appeal.state = AppealState.MARKING
        db.session.flush()
        db.session.refresh(appeal)
        for mark in appeal.marks:
            give_remark(mark=mark, appeal=appeal, points=D("9.5"), actor=lan, now=now)
        assert new_mark(appeal) == D("9.50")
    with unit_of_work():
        appeal = db.session.get_one(Appeal, appeal_id)
        effect = preview_appeal(appeal=appeal, actor=lan, now=now)
        assert effect.points == D("9.50")
        assert [(one.old_place, one.new_place) for one in effect.found.places] == [
            (4, 1),
            (1, 2),
            (2, 3),
            (3, 4),
        ]
        before = {one.entry_id: one.level_id for one in given_now(appeal.round)}
        supposed = effect.found.prizes
        assert supposed
        assert len(rank_runs(story.round_id)) == 1
        assert db.session.query(Resolution).filter_by(method=ResolutionMethod.APPEAL).count() == 0
    with unit_of_work():
        appeal = db.session.get_one(Appeal, appeal_id)
        decide_appeal(appeal=appeal, answer="Điểm được nâng.", actor=lan, now=now)
        assert appeal.result == D("9.50")
    with unit_of_work():
        run = latest_run(story.round_id)
        assert run.number == 2
        after = {one.entry_id: one.level_id for one in given_now(run.round)}
        assert supposed == prize_moves(before, after)
    end_read()


def test_nobody_near_the_author_or_the_mark_marks_again(app, cast, now):
    """Three more judges join: one of the author's unit, one who declared the author, one free."""
    story, appeal_id = appealed_essay(app, cast, now)
    with unit_of_work():
        author = db.session.get_one(Appeal, appeal_id).person_id
        writer = db.session.get_one(Person, author)
        home = db.session.get_one(Appeal, appeal_id).entry.registration.unit_id
        seats = {}
        for name, unit_id in (("Ngô Gần Nhà", home), ("Tú Khai", None), ("Phan Tự Do", None)):
            unit = None if unit_id is None else db.session.get_one(Unit, unit_id)
            person = create_person(full_name=name, unit=unit, actor=None, now=now)
            seats[name] = Juror(
                round_id=story.round_id,
                person_id=person.id,
                state=JurorState.ACCEPTED,
                invited_at=now,
            )
        db.session.add_all(seats.values())
        db.session.flush()
        db.session.add(
            Conflict(
                juror_id=seats["Tú Khai"].id,
                person_name=writer.full_name,
                name_folded=writer.name_folded,
                declared_at=now,
            )
        )
    with unit_of_work():
        free = {
            person.full_name for person in free_remarkers(db.session.get_one(Appeal, appeal_id))
        }
        assert free & set(seats) == {"Phan Tự Do"}
    end_read()


def test_a_small_difference_moves_nothing(app, cast, now):
    story, appeal_id = appealed_essay(app, cast, now)
    lan = story.actor(cast.lan)
    with unit_of_work():
        appeal = db.session.get_one(Appeal, appeal_id)
        for position, person in enumerate((cast.minh, cast.an), 1):
            db.session.add(
                AppealMark(
                    appeal_id=appeal.id, position=position, person_id=person.id, points=D("8.75")
                )
            )
        db.session.flush()
        db.session.refresh(appeal)
        assert preview_appeal(appeal=appeal, actor=lan, now=now).found is None
        decide_appeal(appeal=appeal, answer="Giữ nguyên điểm.", actor=lan, now=now)
        assert appeal.result == D("8.5")
        assert len(rank_runs(story.round_id)) == 1
