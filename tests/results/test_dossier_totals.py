"""Totals and units in the dossier: found again from marks and attempts, every change is found."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from contest.accounts.actions import create_person, create_unit
from contest.accounts.models import UnitHeadcount, UnitKind, UnitTree
from contest.contests.actions import add_round
from contest.contests.models import ContestKind, Entry, Registration, Round, Stage
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import QuizRound
from contest.results.actions import (
    ExtraValues,
    LevelValues,
    decide_prizes,
    make_rank_run,
    make_totals,
    publish,
    set_extra_prizes,
    set_prize_levels,
    set_unit_terms,
    set_weights,
)
from contest.results.models import Measure, PrizeCode, TiePolicy
from contest.results.rules.dossiers import merged_units
from contest.results.rules.totals import Missing
from contest.results.rules.unit_standings import StandingTerms, UnitKey
from tests.results.dossier_folders import (
    AGREES,
    lines_of,
    read,
    renew_manifest,
    tampered,
    unpacked,
    verify,
    write,
)
from tests.results.essay_stories import marked
from tests.results.stories import Taker, add_attempt, closed_round, know_quizzes, take_part
from tests.results.test_totals import add_up, finish, go_public, two_weeks

pytestmark = pytest.mark.usefixtures("context")

TABLES = ("attempts.csv", "ranking.csv", "prizes.csv", "units.csv", "totals.csv")
KEYS = (UnitKey.MEAN, UnitKey.RATIO, UnitKey.WINNERS, UnitKey.ATTEMPTS, UnitKey.PERSONS)


def table(folder, name):
    head, *rows = read(folder, name)
    return [dict(zip(head, row, strict=True)) for row in rows]


def missed(folder, names):
    return [where for name in names for where in tampered(folder, name) if not lines_of(folder)]


def published_weeks(now, terms=None, missing=Missing.ZERO):
    story, second = two_weeks(now)
    if terms is not None:
        set_unit_terms(contest=story.contest, terms=terms, actor=story.organiser, now=now)
    finish(story, story.round, now)
    finish(story, second, now)
    add_up(story, now, missing)
    go_public(story, now)
    return story, second


def test_totals_of_two_weeks_are_found_again(now, tmp_path):
    story, _second = published_weeks(now)
    folder = unpacked(story.contest, tmp_path)
    assert verify(folder) == AGREES
    assert verify(folder, "--ignore-digests") == AGREES
    rows = table(folder, "totals.csv")
    assert list(rows[0]) == [
        *("division", "place", "total", "taken", "unit"),
        *("entry_1", "part_1", "entry_2", "part_2"),
    ]
    assert [(row["place"], row["total"], row["part_1"], row["part_2"]) for row in rows[:3]] == [
        ("1", "100.0000", "40.0000", "60.0000"),
        ("2", "98.0000", "38.0000", "60.0000"),
        ("3", "40.0000", "40.0000", ""),
    ]
    assert missed(folder, TABLES) == []


def test_a_missed_round_without_a_place_is_followed(now, tmp_path):
    story, _second = published_weeks(now, missing=Missing.UNPLACED)
    folder = unpacked(story.contest, tmp_path)
    assert [row["place"] for row in table(folder, "totals.csv")] == ["1", "2", "", "", "", ""]
    assert lines_of(folder) == []


def test_an_attempt_changed_together_with_its_digest_moves_a_total(now, tmp_path):
    story, _second = published_weeks(now)
    folder = unpacked(story.contest, tmp_path)
    rows = read(folder, "totals.csv")
    rows[1][1], rows[2][1] = rows[2][1], rows[1][1]
    write(folder, "totals.csv", rows)
    renew_manifest(folder)
    code, said = verify(folder, "--ignore-digests")
    assert code == 1
    assert "totals.csv:2: place is “2”, by the marks it is “1”" in said
    assert verify(folder)[0] == 1


def test_totals_over_an_earlier_ranking_are_left_out_and_said_to_be(now, tmp_path):
    story, second = published_weeks(now)
    make_rank_run(round=second, reason="Chấm lại", actor=story.organiser, now=now)
    decide_prizes(over=second, reason="Chấm lại", actor=story.organiser, now=now)
    publish(
        over=second,
        decision_number="",
        decided_on=None,
        reason="Chấm lại",
        actor=story.organiser,
        now=now,
    )
    folder = unpacked(story.contest, tmp_path)
    rules = json.loads((folder / "rules.json").read_text())
    assert (rules["totals"], rules["totals_left_out"]) == (None, True)
    assert not (folder / "totals.csv").exists()
    assert lines_of(folder) == []


def many_units(now, terms, extras=()):
    """Six of the ward, five of the other one, two of a hamlet that did best of all."""
    people = [Taker(f"Người phường {n}", 10 + n, None, 1000 + n, unit="ward") for n in range(6)]
    people += [Taker(f"Người xã {n}", 12 + n, None, 900 + n, unit="other_school") for n in range(5)]
    story = closed_round(now, people)
    hamlet = create_unit(
        code="THON",
        name="Xã Đơn Dương",
        kind=UnitKind.ADMINISTRATIVE,
        tree=UnitTree.ADMINISTRATIVE,
        parent=story.cast.province,
        actor=None,
        now=now,
    )
    for place in range(2):
        name = f"Người thôn {place}"
        person = create_person(full_name=name, unit=hamlet, actor=None, now=now)
        taker = Taker(name, 20, None, 100 + place)
        take_part(story, taker, now - timedelta(days=8), person=person)
    db.session.add(
        UnitHeadcount(
            unit_id=hamlet.id,
            persons=50,
            counted_on=(now - timedelta(days=300)).date(),
        )
    )
    if terms is not None:
        set_unit_terms(contest=story.contest, terms=terms, actor=story.organiser, now=now)
    set_extra_prizes(over=story.round, prizes=extras, actor=story.organiser, now=now)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    decide_prizes(over=story.round, actor=story.organiser, now=now)
    publish(over=story.round, decision_number="", decided_on=None, actor=story.organiser, now=now)
    return story


def test_small_units_are_told_together_and_still_count_above(now, tmp_path):
    """The hamlet of two has the best mean: it is hidden, the others stand second and third."""
    story = many_units(now, StandingTerms((UnitKey.MEAN, UnitKey.PERSONS)))
    folder = unpacked(story.contest, tmp_path / "1")
    rows = {row["unit"]: row for row in table(folder, "units.csv")}
    assert "Đơn Dương" not in "".join(path.read_text() for path in folder.iterdir())
    # Two would tell of them: the smallest other unit joins them.
    assert sorted(row["persons"] for row in rows.values()) == ["6", "7"]
    (shown,) = (row for row in rows.values() if row["place"])
    assert (shown["place"], shown["merged_above"], shown["mean"]) == ("3", "2", "12.5000")
    assert missed(folder, TABLES[:4]) == []
    full = unpacked(story.contest, tmp_path / "2", full=True)
    rows = {row["unit"].split(" › ")[0]: row for row in table(full, "units.csv")}
    assert (rows["Xã Đơn Dương"]["place"], rows["Xã Đơn Dương"]["mean"]) == ("1", "20.0000")
    assert {row["merged_above"] for row in rows.values()} == {"0"}
    assert missed(full, ("units.csv",)) == []


def test_prizes_of_units_are_given_again_where_no_unit_is_hidden(now, tmp_path):
    """Two small units together are more than the ward, which is the largest of all."""
    by_persons = ExtraValues(Measure.PERSONS, "Giải Nhất tập thể", 1, 5_000_000)
    story = many_units(now, None, [by_persons])
    folder = unpacked(story.contest, tmp_path / "1")
    rows = {row["unit"].partition(" › ")[0]: row for row in table(folder, "units.csv")}
    assert (rows["Phường Xuân Hương"]["persons"], rows["Các đơn vị khác"]["persons"]) == ("6", "7")
    assert missed(folder, ("prizes.csv", "units.csv")) == []
    full = unpacked(story.contest, tmp_path / "2", full=True)
    path = full / "rules.json"
    rules = json.loads(path.read_text())
    (extra,) = rules["rounds"][0]["extras"]
    extra["quota"] = 2
    path.write_text(json.dumps(rules))
    (said,) = lines_of(full)
    assert "Trường THPT Sông Trà" in said
    extra |= {"quota": 1, "measure": "mean"}
    path.write_text(json.dumps(rules))
    assert lines_of(full)


def test_units_without_a_head_count_or_too_small_have_no_place(now, tmp_path):
    story = many_units(now, StandingTerms((UnitKey.RATIO, UnitKey.MEAN), fewest=5))
    full = unpacked(story.contest, tmp_path, full=True)
    rows = {row["unit"].split(" › ")[0]: row for row in table(full, "units.csv")}
    assert (rows["Xã Đơn Dương"]["place"], rows["Xã Đơn Dương"]["ratio"]) == ("1", "0.0400")
    assert [row["place"] for row in rows.values()].count("") == 2
    assert missed(full, ("units.csv",)) == []


def test_units_over_the_weeks_are_found_again(now, tmp_path):
    story, _second = published_weeks(now, StandingTerms(KEYS[2:]))
    folder = unpacked(story.contest, tmp_path / "1", full=True)
    rows = [row for row in table(folder, "units.csv") if row["round"] == "total"]
    told = {row["unit"].split(" › ")[0]: row for row in rows}
    ward = told["Phường Xuân Hương"]
    assert (ward["persons"], ward["attempts"], ward["place"]) == ("5", "6", "1")
    assert missed(folder, TABLES) == []
    public = unpacked(story.contest, tmp_path / "2")
    # Five in the ward the first week, one the second: nobody may tell which one that was.
    assert {row["unit"] for row in table(public, "units.csv")} == {"Các đơn vị khác"}
    assert missed(public, TABLES) == []


def with_a_quiz(story, now):
    """A quiz week of the contest of essays, in which four of its authors took part."""
    know_quizzes()
    contest = story.round.contest
    quiz_round = add_round(
        contest=contest,
        title="Vòng trắc nghiệm",
        kind=ContestKind.QUIZ,
        actor=None,
        now=now,
        opens_at=now - timedelta(days=7),
        closes_at=now - timedelta(hours=1),
        rank_keys=("correct", "working_time"),
    )
    quiz = db.session.get(QuizRound, quiz_round.id)
    if quiz is None:
        quiz = QuizRound(round_id=quiz_round.id, attempts_allowed=1)
        db.session.add(quiz)
    quiz.seed, quiz.seed_digest, quiz.pool_digest = "ab" * 32, "cd" * 32, "ef" * 32
    quiz_round.stage = Stage.CLOSED
    quiz_round.opened_at, quiz_round.closed_at = quiz_round.opens_at, quiz_round.closes_at
    registrations = db.session.query(Registration).filter_by(contest_id=contest.id)
    for place, one in enumerate(registrations.order_by(Registration.id).limit(4)):
        entry = Entry(contest_id=contest.id, registration_id=one.id, ordinal=7, created_at=now)
        db.session.add(entry)
        db.session.flush()
        add_attempt(quiz_round, entry, one.person, Taker("", 13 + place, None, 500))
    first = LevelValues(PrizeCode.FIRST, 1, 0, TiePolicy.EXPAND)
    set_prize_levels(over=quiz_round, levels=[first], actor=None, now=now)
    return quiz_round.id


def test_a_contest_of_essays_and_a_quiz_is_found_again_from_marks_and_attempts(
    app, cast, now, tmp_path
):
    story = marked(app, cast, now)
    story.decide()
    story.unseal()
    lan = story.actor(cast.lan)
    with unit_of_work():
        terms = StandingTerms((UnitKey.MEAN, UnitKey.PERSONS))
        set_unit_terms(contest=story.round.contest, terms=terms, actor=lan, now=now)
    story.publish()
    with unit_of_work():
        quiz_id = with_a_quiz(story, now)
    with unit_of_work():
        quiz_round = db.session.get_one(Round, quiz_id)
        make_rank_run(round=quiz_round, actor=lan, now=now)
        decide_prizes(over=quiz_round, actor=lan, now=now)
        publish(over=quiz_round, decision_number="", decided_on=None, actor=lan, now=now)
    with unit_of_work():
        contest = story.round.contest
        weights = {story.round.number: Decimal(70), quiz_round.number: Decimal(30)}
        set_weights(contest=contest, weights=weights, actor=lan, now=now)
        make_totals(contest=contest, missing=Missing.ZERO, actor=lan, now=now)
        decide_prizes(over=contest, actor=lan, now=now)
        publish(over=contest, decision_number="", decided_on=None, actor=lan, now=now)
    folder = unpacked(story.round.contest, tmp_path)
    assert verify(folder, "--ignore-digests") == AGREES
    assert {row["round"] for row in table(folder, "units.csv")} == {"1", "2", "total"}
    assert missed(folder, ("marks.csv", *TABLES)) == []
    whole = b"".join(path.read_bytes() for path in folder.iterdir()).decode()
    units = {row["unit"] for row in table(folder, "units.csv")}
    assert {word for word in story.telling() if word in whole} <= units


def test_units_small_in_one_table_are_hidden_in_all():
    """Totals show who is the same person: a unit of three in the second week stays hidden."""
    told = merged_units([{"A": 9, "B": 6, "C": 7}, {"A": 9, "B": 3, "C": 7}, {"A": 9}], "khác")
    assert told == {"A": "A", "B": "khác", "C": "khác"}
    assert merged_units([{"A": 9, "B": 6}, {"A": 5}], "khác") == {"A": "A", "B": "B"}
