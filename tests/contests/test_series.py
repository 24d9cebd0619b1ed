"""Weekly rounds from one template, extensions and annulments with their letters."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contest.contests import actions, tasks
from contest.contests.models import RegistrationSource, RoundDecision, RoundDecisionKind, Stage
from contest.contests.rules import ReasonMissing, RoundAnnulled
from contest.contests.rules.refusals import NothingToAnnul, SeriesOverlaps, SeriesTooLong
from contest.contests.rules.series import later_overlaps, weekly_windows
from contest.core import jobs
from contest.core.db import db
from contest.core.mail import Mail
from contest.core.transactions import end_read, unit_of_work
from tests.quizzes.conftest import make_world

TEN, NINE = 600, 540


def windows(first=date(2026, 9, 9), weeks=3, **other):
    return weekly_windows(
        first_day=first, weeks=weeks, opens_minute=TEN, closes_minute=NINE, **other
    )


def test_weeks_open_on_monday_at_ten_and_close_on_the_next_at_nine():
    first, second, _third = windows()
    # 10:00 in Hà Nội is 03:00 UTC; the marking hour ends where the next week begins.
    assert first.opens_at == datetime(2026, 9, 14, 3, 0, tzinfo=UTC)
    assert first.closes_at == datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
    assert first.marked_by == second.opens_at == datetime(2026, 9, 21, 3, 0, tzinfo=UTC)


def test_a_monday_is_its_own_first_day():
    assert windows(date(2026, 9, 14), 1)[0].opens_at.day == 14


def test_the_week_of_tet_is_left_out_and_the_series_goes_on():
    found = windows(date(2027, 2, 1), without=[date(2027, 2, 17), date(2027, 2, 18)])
    assert [each.opens_at.day for each in found] == [1, 8, 22]
    assert [each.number for each in found] == [1, 2, 3]


def test_weeks_go_on_over_the_new_year():
    found = windows(date(2026, 12, 15))
    assert [each.opens_at.date() for each in found] == [
        date(2026, 12, 21),
        date(2026, 12, 28),
        date(2027, 1, 4),
    ]
    assert all(each.closes_at - each.opens_at == timedelta(hours=167) for each in found)


def test_a_series_that_overlaps_or_never_ends_is_refused():
    with pytest.raises(SeriesOverlaps):
        weekly_windows(first_day=date(2026, 9, 7), weeks=2, opens_minute=NINE, closes_minute=TEN)
    for weeks in (0, 61):
        with pytest.raises(SeriesTooLong):
            windows(weeks=weeks)


def plan(world, first=date(2026, 9, 14), weeks=3):
    end_read()
    with unit_of_work():
        actions.plan_series(
            contest=world.contest,
            windows=windows(first, weeks),
            template=world.round(),
            actor=None,
            now=world.now,
        )


def test_a_series_takes_the_settings_of_its_template(world):
    with unit_of_work():
        world.round().weight = 2
        world.round().published_by = world.round().opens_at + timedelta(days=10)
    plan(world)
    assert [each.number for each in world.contest.rounds] == [1, 2, 3, 4]
    last = world.round(4)
    assert last.title in {"Week 4", "Tuần 4"}
    assert [key.code for key in last.rank_keys] == [key.code for key in world.round().rank_keys]
    assert last.weight == 2
    assert last.marked_by - last.closes_at == timedelta(hours=1)
    expected = world.round().published_by - world.round().opens_at
    assert last.published_by - last.opens_at == expected


def test_a_series_that_goes_on_after_a_week_was_deleted_uses_no_title_twice(world):
    plan(world)
    with unit_of_work():
        actions.delete_round(round=world.round(3), actor=None, now=world.now)
    plan(world, date(2026, 10, 5), weeks=2)
    titles = [each.title for each in world.contest.rounds]
    assert [title.split()[-1] for title in titles] == ["1", "2", "4", "5", "6"]
    assert len(set(titles)) == 5


def test_a_series_over_a_week_that_stands_is_refused_whole(world):
    with pytest.raises(SeriesOverlaps):
        plan(world, date(2026, 9, 7))
    db.session.expire_all()
    assert len(world.contest.rounds) == 1


def opened(world):
    world.announced()
    with unit_of_work():
        actions.open_round(round=world.round(), actor=None, now=world.now)
        actions.register(
            contest=world.contest,
            person=db.session.merge(world.cast.minh),
            unit=db.session.merge(world.cast.school),
            source=RegistrationSource.ROSTER,
            actor=None,
            now=world.now,
        )


def tell(world):
    decision = db.session.query(RoundDecision).one()
    decision_id = decision.id
    end_read()
    for _turn in range(2):  # a job may run twice
        tasks.tell_decision(jobs.JobRun(1, {"decision": decision_id}, None, world.now))
    return decision_id


def letters():
    return [
        mail for mail in db.session.query(Mail).all() if (mail.key or "").startswith("decision-")
    ]


def test_an_extension_is_a_decision_with_a_letter(world):
    opened(world)
    lan = world.actor("lan")
    found = world.round()
    before = found.closes_at
    with unit_of_work():
        actions.edit_round(
            round=found,
            title=found.title,
            opens_at=found.opens_at,
            closes_at=before + timedelta(hours=3),
            is_practice=False,
            reason="Mất điện toàn tỉnh",
            actor=lan,
            now=world.now,
        )
    decision_id = tell(world)
    decision = db.session.get(RoundDecision, decision_id)
    assert decision.kind is RoundDecisionKind.EXTENSION
    assert decision.new_closes_at - decision.old_closes_at == timedelta(hours=3)
    (letter,) = letters()
    assert letter.recipient == world.cast.minh.email
    assert "Mất điện toàn tỉnh" in letter.body
    assert (decision.told, decision.told_at) == (1, world.now)


def extended(world, hours, reason="Mất điện toàn tỉnh"):
    lan, found = world.actor("lan"), world.round()
    with unit_of_work():
        found = world.round()
        actions.edit_round(
            round=found,
            title=found.title,
            opens_at=found.opens_at,
            closes_at=found.closes_at + timedelta(hours=hours),
            is_practice=False,
            reason=reason,
            actor=lan,
            now=world.now,
        )


def test_what_was_expected_after_the_close_moves_with_an_extension(world):
    opened(world)
    with unit_of_work():
        found = world.round()
        found.marked_by = found.closes_at + timedelta(hours=1)
        found.published_by = found.closes_at + timedelta(days=2)
    extended(world, 30)
    found = world.round()
    assert found.marked_by - found.closes_at == timedelta(hours=1)
    assert found.published_by - found.closes_at == timedelta(days=2)
    assert found.decided_by is None


def test_a_round_that_is_extended_past_the_next_opening_runs_beside_it(world):
    plan(world, weeks=2)
    opened(world)
    assert later_overlaps(world.round()) == []
    extended(world, 1)  # to the hour at which the next one opens
    assert later_overlaps(world.round()) == []
    extended(world, 1)
    assert [each.number for each in later_overlaps(world.round())] == [2]


def annul(world, reason="Lộ đề trước giờ mở"):
    actor = world.actor("lan")
    with unit_of_work():
        actions.annul_round(round=world.round(), reason=reason, actor=actor, now=world.now)


def test_an_annulled_round_closes_and_goes_no_further(world):
    opened(world)
    with pytest.raises(ReasonMissing):
        annul(world, "  ")
    annul(world)
    assert (world.round().stage, world.round().annulled_at) == (Stage.CLOSED, world.now)
    with pytest.raises(RoundAnnulled):
        annul(world)
    end_read()
    with pytest.raises(RoundAnnulled), unit_of_work():
        actions.set_stage(round=world.round(), to=Stage.MARKING, actor=None, now=world.now)
    tell(world)
    (letter,) = letters()
    assert "Lộ đề trước giờ mở" in letter.body


def test_everybody_is_told_in_their_language(world):
    opened(world)
    with unit_of_work():
        db.session.merge(world.cast.minh).locale = "en"
    annul(world)
    tell(world)
    (letter,) = letters()
    assert letter.subject == "Tuần 1 is annulled: Kể chuyện gương sáng"


def test_a_planned_round_is_not_annulled(world):
    with pytest.raises(NothingToAnnul):
        annul(world)


def test_the_organiser_sees_the_dates_before_the_rounds_are_planned(app, cast, now, signed_in):
    """By HTTP, with a quiz contest: the preview writes nothing, the second button plans."""
    with app.app_context():
        make_world(app, cast, now)
    lan = signed_in(cast.lan)
    here = "/organise/contests/tim-hieu/series"
    fields = {"first_day": "1/3/2027", "weeks": "2", "template": "1"}
    answer = lan.submit(here, fields | {"go": "look"}, action="/series")
    assert answer.status_code == 200
    assert "Thứ Hai, 08/03/2027" in answer.text
    answer = lan.submit(here, fields | {"go": "plan"}, action="/series")
    assert answer.status_code in {302, 303}
    assert "Tuần 3" in lan.get("/organise/contests/tim-hieu/rounds").text


def test_the_organiser_reads_what_was_decided_and_what_overlaps(app, cast, now, signed_in):
    with app.app_context():
        world = make_world(app, cast, now)
        world.open()
        end_read()
        with unit_of_work():
            first = world.contest.rounds[0]
            actions.copy_round(
                source=first,
                contest=world.contest,
                shift=timedelta(days=7),
                title="Tuần 2",
                actor=None,
                now=now,
            )
            day = (first.closes_at + timedelta(days=3)).date()
    lan = signed_in(cast.lan)
    answer = lan.submit(
        "/organise/contests/tim-hieu/rounds/1",
        {"closes_on": day.strftime("%d/%m/%Y"), "reason": "Mất điện toàn tỉnh"},
        action="/rounds/1",
        follow=True,
    )
    assert "Tuần 2 mở trước khi vòng này đóng" in answer.text
    assert "Mất điện toàn tỉnh" in answer.text
