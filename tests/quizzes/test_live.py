"""A running round in counters, the public board, the waiting room."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update

from contest.contests.models import Entry, Registration, Round, Stage
from contest.core.access import MarkKind, access_mark
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import queries
from contest.quizzes.actions.live import beat
from contest.quizzes.actions.meters import Meter
from contest.quizzes.actions.waiting import MustWait, place_of, take_place, ticket_of
from contest.quizzes.models import Attempt, BoardShown, PublicBoard, RoundPulse, SaveMeter
from contest.quizzes.queries.counts import DayCount
from contest.quizzes.queries.live import last_pulse, live_view
from contest.quizzes.rules.live import BoardState, board_state, error_share, is_late
from tests.quizzes.conftest import make_world
from tests.support.counting import count_queries

LIVE = "/organise/contests/tim-hieu/rounds/1/live"
BOARD = "/contests/tim-hieu/rounds/1/board"
START = "/contests/tim-hieu/rounds/1/start"


@pytest.fixture
def now():
    """The hour of the server, which pages look at."""
    return utc_now()


def pulse(world, at):
    end_read()
    with unit_of_work():
        beat(contest_round=world.round, now=at)
    end_read()


def entry_id(person):
    end_read()
    return db.session.scalars(
        select(Entry.id).join(Registration).where(Registration.person_id == person.id)
    ).one()


class TestBoardRule:
    def test_hidden_running_frozen_final(self, now):
        closes = now + timedelta(hours=2)

        def at(shown, stage, later=0):
            moment = now + timedelta(minutes=later)
            return board_state(shown, stage, freeze_minutes=60, closes_at=closes, now=moment)

        assert at(BoardShown.NOTHING, Stage.OPEN) is BoardState.HIDDEN
        assert at(BoardShown.NOTHING, Stage.CLOSED) is BoardState.HIDDEN
        assert at(BoardShown.ALWAYS, Stage.PLANNED) is BoardState.HIDDEN
        assert at(BoardShown.UNTIL_FREEZE, Stage.OPEN, 59) is BoardState.RUNNING
        assert at(BoardShown.UNTIL_FREEZE, Stage.OPEN, 60) is BoardState.FROZEN
        assert at(BoardShown.ALWAYS, Stage.OPEN, 119) is BoardState.RUNNING
        assert at(BoardShown.UNTIL_FREEZE, Stage.CLOSED, 121) is BoardState.FINAL

    def test_refusals_are_no_errors(self):
        assert error_share(0, 0, 0) is None
        assert error_share(90, 9, 1) == 0.01


def test_pulses_count_only_what_came_since(opened):
    """Minh begins, a minute later An; Minh hands in. The sums are those of a full count."""
    cast, at = opened.cast, opened.now
    first = opened.start(cast.minh)
    opened.save(cast.minh, first, 1, 0, opened.right(first, 0))
    pulse(opened, at + timedelta(seconds=2))
    found = last_pulse(opened.round_id)
    assert (found.open_attempts, found.started, found.persons, found.saves) == (1, 1, 1, 1)
    assert found.base_started == 0, "younger than a minute: read again next time"
    opened.start(cast.an, at=at + timedelta(seconds=70))
    opened.submit(cast.minh, first, at=at + timedelta(seconds=75))
    pulse(opened, at + timedelta(seconds=80))
    found = last_pulse(opened.round_id)
    assert (found.open_attempts, found.started, found.persons, found.saves) == (1, 2, 2, 0)
    assert (found.base_started, found.base_persons) == (1, 1)
    pulse(opened, at + timedelta(seconds=200))
    found = last_pulse(opened.round_id)
    assert (found.started, found.base_started, found.base_persons) == (2, 2, 2)
    pulse(opened, at + timedelta(seconds=215))
    assert last_pulse(opened.round_id).started == 2


def test_a_look_reads_three_rows_of_counters(opened):
    """However many take part, nothing is counted at a look."""
    opened.start(opened.cast.minh)
    pulse(opened, opened.now)
    with count_queries() as counted:
        found = live_view(opened.round_id, opened.now)
    assert (found.latest.persons, found.units_all, found.units_silent) == (1, 3, 2)
    assert counted.count == 3
    assert not any("FROM attempt" in each or "answer_ledger" in each for each in counted.statements)


def test_the_page_works_by_itself_and_is_the_organisers(app, cast, now, signed_in):
    with app.app_context():
        world = make_world(app, cast, now)
        world.open()
        world.start(cast.minh)
        pulse(world, now)
    lan = signed_in(cast.lan)
    page = lan.page(LIVE).text
    assert "trên 3 đơn vị, chưa bắt đầu" in page
    assert 'http-equiv="refresh"' in page
    asked = {"X-Fragment": "1"}
    part = lan.get(LIVE, headers=asked, check=False)
    same = lan.get(LIVE, headers=asked | {"If-None-Match": part.headers["ETag"]}, check=False)
    assert (part.status_code, same.status_code) == (200, 304)
    for person in (cast.bao, cast.minh):
        assert signed_in(person).get(LIVE).status_code in {403, 404}


def test_counters_that_stand_still_say_so(app, cast, now, signed_in):
    with app.app_context():
        world = make_world(app, cast, now)
        db.session.commit()
    lan = signed_in(cast.lan)
    planned = lan.page(LIVE).text
    assert "Số liệu bắt đầu có từ lúc đó." in planned
    assert "data-live=" not in planned
    with app.app_context():
        world.open()
        world.start(cast.minh)
        pulse(world, now - timedelta(hours=1))
    assert "Không có số đếm mới từ" in lan.page(LIVE).text
    with app.app_context():
        pulse(world, now)
    assert "Không có số đếm mới từ" not in lan.page(LIVE).text
    with app.app_context(), unit_of_work():
        over = {"stage": Stage.PUBLISHED, "closed_at": now - timedelta(days=3)}
        db.session.execute(update(Round).values(over))
        db.session.execute(delete(RoundPulse))
    ended = lan.page(LIVE).text
    assert "Vòng thi đã kết thúc" in ended
    assert "data-live=" not in ended


@pytest.mark.parametrize(
    ("stage", "minutes", "late"),
    [(Stage.OPEN, 3, True), (Stage.OPEN, 2, False), (Stage.CLOSED, 3, False)],
)
def test_only_an_open_round_waits_for_its_counters(now, stage, minutes, late):
    assert is_late(stage, now - timedelta(minutes=minutes), now) is late
    assert not is_late(stage, None, now)


def test_workers_write_what_they_counted_four_times_a_minute(opened):
    meter, quarter = Meter(), opened.now.replace(second=0, microsecond=0)
    for seconds, what in ((0, "received"), (1, "received"), (2, "refused"), (3, "failed")):
        meter.count(what, quarter + timedelta(seconds=seconds))
    end_read()
    assert db.session.scalars(select(SaveMeter)).all() == []
    meter.count("received", quarter + timedelta(seconds=20))
    end_read()
    (row,) = db.session.scalars(select(SaveMeter)).all()
    assert (row.received, row.refused, row.failed) == (2, 1, 1)


def test_a_meter_that_cannot_write_fails_no_save(opened):
    """The answer is committed before its save is counted; whoever sent it must hear so."""
    meter, quarter = Meter(), opened.now.replace(second=0, microsecond=0)
    end_read()
    with unit_of_work():
        db.session.execute(text("DROP TABLE save_meter"))
    meter.count("received", quarter)
    meter.count("received", quarter + timedelta(seconds=20))


def everybody_s_pages(app):
    """Every page, file and picture that asks for no sign-in, for the contest of the stories."""
    values = {"slug": "tim-hieu", "number": 1, "kind": "csv", "version": 1}
    routes = app.url_map.bind("")
    for rule in app.url_map.iter_rules():
        mark = access_mark(app.view_functions[rule.endpoint])
        is_public = mark is not None and mark.kind is MarkKind.PUBLIC
        if "GET" in rule.methods and rule.arguments <= set(values) and is_public:
            yield routes.build(rule.endpoint, {name: values[name] for name in rule.arguments})


def seen(client, paths):
    """What answers to these addresses say, without what is made anew for each answer."""
    found = {}
    for path in paths:
        answer = client.get(path)
        text = re.sub(rb'name="csrf_token"[^>]*>', b"", answer.data)
        found[path] = (answer.status_code, text)
    return found


def test_hidden_counters_leak_nowhere(world, app, signed_in, client):
    """By default nobody but organisers sees counts: every answer is the same before and after."""
    world.open()
    minh = signed_in(world.cast.minh)
    public = [*everybody_s_pages(app)]
    assert {"/", "/contests", "/contests/tim-hieu", BOARD} < set(public)
    end_read()
    before = seen(client, public), seen(minh, [START, *public])
    assert client.get(BOARD).status_code == 404
    world.start(world.cast.an)
    world.start(world.cast.cuc)
    pulse(world, world.now)
    assert db.session.scalars(select(PublicBoard)).all() == []
    end_read()
    with count_queries() as counted:
        assert client.get(BOARD).status_code == 404
    assert not any("pulse" in each or "public_board" in each for each in counted.statements)
    assert (seen(client, public), seen(minh, [START, *public])) == before


def test_the_board_runs_stands_still_and_ends(world, client):
    """It freezes an hour before the close as it was stored, and tells the end afterwards."""
    world.configure(board_shown=BoardShown.UNTIL_FREEZE, board_freeze_minutes=60)
    world.open()
    cast, closes = world.cast, world.round.closes_at
    world.start(cast.minh)
    pulse(world, world.now)
    running = client.get(BOARD)
    assert running.status_code == 200
    same = client.get(BOARD, headers={"If-None-Match": running.headers["ETag"]})
    assert same.status_code == 304
    for minutes in (59, 30):
        pulse(world, closes - timedelta(minutes=minutes))
    kept = db.session.scalars(select(PublicBoard)).one()
    assert kept.frozen_at == closes - timedelta(minutes=59)
    world.start(cast.an, at=closes - timedelta(minutes=20))
    pulse(world, closes - timedelta(minutes=10))
    assert db.session.scalars(select(PublicBoard)).one().body["persons"] == 1
    end_read()
    with unit_of_work():
        world.round.stage = Stage.CLOSED
        world.round.closed_at = closes
    pulse(world, closes + timedelta(minutes=1))
    board = db.session.scalars(select(PublicBoard)).one()
    assert (board.body["persons"], board.frozen_at, board.is_final) == (2, None, True)


class TestWaiting:
    @pytest.fixture
    def full(self, world):
        """One attempt may be open; Minh has it."""
        world.configure(most_open=1)
        world.open()
        self.attempt = world.start(world.cast.minh)
        return world

    def place(self, world, person, at):
        end_read()
        return place_of(
            round_id=world.round_id,
            entry_id=entry_id(person),
            most_open=1,
            limit=timedelta(minutes=15),
            secret="s",
            now=at,
        )

    def test_places_go_by_arrival(self, full):
        cast, at = full.cast, full.now
        for person, seconds in ((cast.cuc, 1), (cast.an, 2)):
            with pytest.raises(MustWait):
                full.start(person, at=at + timedelta(seconds=seconds))
            end_read()
            arrived = at + timedelta(seconds=seconds)
            with unit_of_work():
                take_place(round_id=full.round_id, entry_id=entry_id(person), now=arrived)
        with unit_of_work():  # a reload keeps the arrival
            take_place(
                round_id=full.round_id, entry_id=entry_id(cast.cuc), now=at + timedelta(seconds=9)
            )
        later = at + timedelta(seconds=10)
        places = [self.place(full, person, later) for person in (cast.cuc, cast.an)]
        assert [(each.ahead, each.waiting, each.may_begin) for each in places] == [
            (0, 2, False),
            (1, 2, False),
        ]
        ends = full.attempt(self.attempt).grace_until
        assert [each.latest_at for each in places] == [ends, ends + timedelta(minutes=15)]
        full.submit(cast.minh, self.attempt, at=later)
        assert self.place(full, cast.cuc, later).may_begin
        assert self.place(full, cast.cuc, later).latest_at is None
        assert not self.place(full, cast.an, later).may_begin
        with pytest.raises(MustWait):
            full.start(cast.an, at=later)
        full.start(cast.cuc, at=later)
        assert self.place(full, cast.cuc, later) is None

    def test_who_is_away_is_passed_by_and_keeps_the_arrival(self, full):
        cast, at = full.cast, full.now
        for person, seconds in ((cast.cuc, 1), (cast.an, 2)):
            with unit_of_work():
                arrived = at + timedelta(seconds=seconds)
                take_place(round_id=full.round_id, entry_id=entry_id(person), now=arrived)
        later = at + timedelta(minutes=3)
        with unit_of_work():
            take_place(round_id=full.round_id, entry_id=entry_id(cast.an), now=later)
        assert self.place(full, cast.an, later).ahead == 0
        with unit_of_work():
            take_place(round_id=full.round_id, entry_id=entry_id(cast.cuc), now=later)
        assert (
            self.place(full, cast.cuc, later).ahead,
            self.place(full, cast.an, later).ahead,
        ) == (
            0,
            1,
        )

    def test_a_ticket_cannot_be_made_elsewhere(self, now):
        one = ticket_of("secret", 1, 2, now)
        assert one == ticket_of("secret", 1, 2, now)
        assert one not in {
            ticket_of("other", 1, 2, now),
            ticket_of("secret", 1, 3, now),
            ticket_of("secret", 1, 2, now - timedelta(seconds=1)),
        }

    def test_the_page_without_javascript(self, full, signed_in):
        """An presses start, reads the place, reloads; when Minh is done the button begins."""
        an = signed_in(full.cast.an)
        answer = an.submit(START, {"take_part": "y"}, action="/start")
        assert answer.headers["Location"].endswith("/waiting")
        waiting = "/contests/tim-hieu/rounds/1/waiting"
        assert "Chỗ của bạn trong hàng" in an.page(waiting).text
        first = an.page(waiting).text
        assert 'http-equiv="refresh"' in first
        full.submit(full.cast.minh, self.attempt)
        assert "Đến lượt bạn" in an.page(waiting).text
        answer = an.submit(waiting, {}, action="/start")
        assert "/attempts/" in answer.headers["Location"]


def test_a_contests_home_counts_nothing_that_was_counted_in_this_minute(context, opened):
    """Lan and her colleagues look all the time; the job has the numbers ready."""
    attempt = opened.start(opened.cast.minh)
    opened.save(opened.cast.minh, attempt, 1, 0, [])
    pulse(opened, opened.now + timedelta(seconds=5))
    opened.start(opened.cast.an)
    soon, later = opened.now + timedelta(seconds=30), opened.now + timedelta(seconds=90)
    end_read()
    with count_queries() as seen:
        prepared = queries.live_counts(opened.round_id, soon)
    assert (seen.count, prepared.open_attempts, prepared.persons) == (1, 1, 1)
    assert queries.live_counts(opened.round_id, later).open_attempts == 2


@pytest.mark.parametrize(
    ("hour", "day"), [(16, date(2026, 9, 2)), (17, date(2026, 9, 3)), (23, date(2026, 9, 3))]
)
def test_days_begin_at_midnight_in_viet_nam(context, opened, hour, day):
    opened.start(opened.cast.minh, at=opened.now)
    end_read()
    with unit_of_work():
        attempt = db.session.scalars(select(Attempt)).one()
        attempt.started_at = datetime(2026, 9, 2, hour, 0, tzinfo=UTC)
    assert queries.attempts_per_day(opened.round_id) == [DayCount(day, 1, 1)]
