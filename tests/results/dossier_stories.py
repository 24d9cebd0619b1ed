"""Contests in which everything happens that a dossier has to tell, for the attacks on it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from contest.accounts.actions import create_person
from contest.accounts.models import Person
from contest.contests.actions import DivisionPlan, annul_round, disqualify
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging import actions as judging
from contest.judging.models import JudgedRound, ResolutionRule, SheetState
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
    set_prize_terms,
    set_unit_terms,
    set_weights,
)
from contest.results.models import Measure, PrizeCode, TiePolicy
from contest.results.queries.extra_prizes import extra_prizes
from contest.results.queries.prizes import prize_levels
from contest.results.queries.runs import division_ids
from contest.results.rules.extra_prizes import ExtraAnswers, Pick
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.totals import Missing
from contest.results.rules.unit_standings import StandingTerms, UnitKey
from tests.results.essay_stories import Essays, essays
from tests.results.stories import Story, Taker, add_attempt, closed_round, take_part
from tests.results.test_totals import second_week
from tests.support.cast import Cast

YOUNG, GROWN = date(2011, 3, 5), date(1980, 5, 19)
STOP, SHRINK, EXPAND = TiePolicy.STOP, TiePolicy.SHRINK, TiePolicy.EXPAND

GROWN_UPS = (
    # name, right answers, ms, unit: the first three stand at the line of the first prize.
    ("Phan Nguyễn Hoàng Tường Vi", 20, 400_000, "ward"),
    ("K'Brỏih", 20, 400_000, "other_school"),
    ("Trần Ngọc Bảo Trân", 20, 400_000, "ward"),
    ("Lê Văn Đức", 19, 410_000, "ward"),  # over the limit of the unit
    ("H'Nhung Êban", 18, 420_000, "other_school"),
    ("Y Moan Êban", 18, 420_000, "other_school"),  # equals at a line that shrinks
    ("Nguyễn Ái", 17, 430_000, "school"),
    ("Đỗ Văn Đạt", 16, 440_000, "school"),
    ("Lý Ãnh", 16, 440_000, "school"),  # equals at a line that expands
    ("Bùi Dũng", 15, 450_000, "ward"),
    ("Vũ Ảnh", 14, 460_000, "ward"),
    ("Hồ Thị Thu", 13, 470_000, "other_school"),  # will be disqualified
    ("Trần Đăng Ninh", 12, 480_000, "school"),
)
CHILDREN = (
    ("Tôn Nữ Quỳnh Như", 17, 500_000, "ward"),
    ("Phạm Đức Anh", 16, 510_000, "school"),
    ("Lê Hoàng Ân", 15, 520_000, "other_school"),
    ("Nguyễn Thị Ánh", 15, 530_000, "other_school"),
    ("Nguyễn Văn Ánh", 9, 540_000, "school"),
)
LEVELS = (
    LevelValues(PrizeCode.FIRST, 1, 4_000_000, STOP),
    LevelValues(PrizeCode.SECOND, 2, 2_000_000, SHRINK),
    LevelValues(PrizeCode.THIRD, 2, 1_500_000, EXPAND),
    LevelValues(PrizeCode.CONSOLATION, 2, 500_000, EXPAND),
)
EXTRAS = (
    ExtraValues(Measure.PERSONS, "Giải Nhất tập thể", 1, 5_000_000, EXPAND),
    ExtraValues(Measure.PERSONS, "Giải Nhì tập thể", 1, 3_000_000, EXPAND),
    ExtraValues(Measure.WINNERS, "Nhiều giải nhất", 1, 1_000_000, EXPAND),
    ExtraValues(Measure.YOUNGEST, "Nhỏ tuổi nhất", 1, 500_000, EXPAND),
    ExtraValues(Measure.EARLIEST_PERFECT, "Đúng hết sớm nhất", 1, 400_000, EXPAND),
    ExtraValues(Measure.BY_HAND, "Được yêu thích nhất", 2, 300_000),
)
UNITS = StandingTerms((UnitKey.WINNERS, UnitKey.MEAN, UnitKey.PERSONS))


def _takers() -> list[Taker]:
    grown = [
        Taker(name, correct, 5, ms, unit=unit, born=GROWN, submitted=n)
        for n, (name, correct, ms, unit) in enumerate(GROWN_UPS)
    ]
    young = [
        Taker(name, correct, 5, ms, unit=unit, born=YOUNG, submitted=n)
        for n, (name, correct, ms, unit) in enumerate(CHILDREN)
    ]
    return grown + young


def eventful_quiz(now: datetime) -> Contest:
    """Two published weeks with totals, and a third that was annulled after its publication.

    Divisions, limits for authors and units, a disqualification, a member of staff, several
    attempts, every policy of ties, a prize left empty, prizes of units and of people.
    """
    story = closed_round(
        now,
        _takers(),
        levels=LEVELS,
        divisions=[DivisionPlan("Bảng A", max_age=17), DivisionPlan("Bảng B", min_age=18)],
        key_codes=("correct", "working_time"),
    )
    take_part(story, Taker("Phạm Anh Tú", 20, 5, 90_000), now, person=story.cast.tu)
    db.session.get_one(QuizRound, story.round.id).attempts_allowed = 7
    for name in ("K'Brỏih", "Bùi Dũng"):
        again = Taker("", 11, None, 300_000)
        add_attempt(story.round, story.entries[name], story.persons[name], again, ordinal=2)
    lan = story.organiser
    set_unit_terms(contest=story.contest, terms=UNITS, actor=lan, now=now)
    second = second_week(story, now, _second_week())
    third = second_week(story, now, [("Bùi Dũng", 3), ("Vũ Ảnh", 2)])
    set_weights(
        contest=story.contest,
        weights={1: Decimal(40), 2: Decimal(60), 3: Decimal(0)},
        actor=lan,
        now=now,
    )
    _first_week(story, now)
    for each in (second, third):
        make_rank_run(round=each, actor=lan, now=now)
        decide_prizes(over=each, actor=lan, now=now)
        _publish(each, story, now)
    annul_round(round=third, reason="Lộ đề", actor=lan, now=now)
    _totals(story, now)
    return story.contest


def _second_week() -> list[tuple[str, int]]:
    names = [name for name, *_rest in (*GROWN_UPS, *CHILDREN)]
    return [(name, 20 - n) for n, name in enumerate(reversed(names)) if n % 3 != 1]


def _publish(over: Round | Contest, story: Story, now: datetime) -> None:
    publish(over=over, decision_number="7", decided_on=None, actor=story.organiser, now=now)


def _first_week(story: Story, now: datetime) -> None:
    round_, lan = story.round, story.organiser
    set_prize_terms(over=round_, per_author=1, per_unit=3, actor=lan, now=now)
    set_extra_prizes(over=round_, prizes=EXTRAS, actor=lan, now=now)
    disqualify(entry=story.entries["Hồ Thị Thu"], round=round_, reason="Thi hộ", actor=lan, now=now)
    run = make_rank_run(round=round_, actor=lan, now=now)
    first, *_others, last = prize_levels(round_)
    grown, young = _grown_and_young(story, run.id)
    by_hand = extra_prizes(round_)[-1]
    decide_prizes(
        over=round_,
        run=run,
        decisions={
            (grown, first.id): TieDecision(
                frozenset({story.entries["K'Brỏih"].id}), "Bốc thăm, biên bản số 3"
            )
        },
        empty={(young, last.id): Withheld(1, "Chưa bài nào xứng đáng")},
        answers=ExtraAnswers({}, {by_hand.id: [Pick(story.entries["Vũ Ảnh"].id, "412 lượt")]}),
        actor=lan,
        now=now,
    )
    _publish(round_, story, now)


def _grown_and_young(story: Story, run_id: int) -> tuple[int | None, int | None]:
    names = {one.id: one.name for one in story.contest.divisions}
    ids = {names.get(one or 0): one for one in division_ids(run_id)}
    return ids["Bảng B"], ids["Bảng A"]


def _totals(story: Story, now: datetime) -> None:
    lan, contest = story.organiser, story.contest
    levels = [
        LevelValues(PrizeCode.FIRST, 1, 9_000_000, EXPAND),
        LevelValues(PrizeCode.SECOND, 2, 6_000_000, EXPAND),
    ]
    set_prize_levels(over=contest, levels=levels, actor=lan, now=now)
    extras = [
        ExtraValues(Measure.STANDING, "Đơn vị dẫn đầu", 1, 7_000_000, EXPAND),
        ExtraValues(Measure.OLDEST, "Cao tuổi nhất", 1, 200_000, EXPAND),
    ]
    set_extra_prizes(over=contest, prizes=extras, actor=lan, now=now)
    make_totals(contest=contest, missing=Missing.ZERO, actor=lan, now=now)
    decide_prizes(over=contest, actor=lan, now=now)
    _publish(contest, story, now)


MARKED = (
    # The two markings of each work and, where they ask for it, the third.
    ("9.00", "9.25"),
    ("9.25", "9.00"),  # equal to the first
    ("6.00", "7.75", "7.75"),  # an equal pair
    ("5.00", "8.00", "7.00"),  # the panel decides
    ("7.00", "8.00"),  # the two agree
    ("8.50", "8.50"),
    ("6.00", "7.75", "7.00"),  # the mean of three
)
ESSAY_LEVELS = (
    LevelValues(PrizeCode.FIRST, 1, 5_000_000, STOP),
    LevelValues(PrizeCode.SECOND, 1, 3_000_000, SHRINK),
    LevelValues(PrizeCode.THIRD, 2, 2_000_000, EXPAND),
)


def eventful_essays(app: Flask, cast: Cast, now: datetime) -> Essays:
    """A round of essays with third marks, a panel, an agreement, a work marked once, and a lot."""
    story = essays(app, cast, now, works=len(MARKED) + 1)
    with unit_of_work():
        set_prize_levels(over=story.round, levels=ESSAY_LEVELS, actor=None, now=now)
        by_hand = ExtraValues(Measure.BY_HAND, "Bài viết xúc động nhất", 1, 300_000)
        set_extra_prizes(over=story.round, prizes=[by_hand], actor=None, now=now)
    story.seat(cast.bao)
    people = (cast.hoa, cast.tu, cast.cuc, cast.bao)
    *works, once = story.work_ids
    for work_id, marks in zip(works, MARKED, strict=True):
        _give(story, people, work_id, marks[:2])
    _give(story, people, once, ["8.25"])
    lan = story.actor(cast.lan)
    with unit_of_work():
        judging.lower_quorum(
            contest_round=story.round,
            work_id=once,
            quorum=1,
            reason="Giám khảo nghỉ ốm",
            actor=lan,
            now=now,
        )
    story.assign("hạt hai")
    for work_id, marks in zip(works, MARKED, strict=True):
        _give(story, people, work_id, marks[2:])
    for number, points in ((3, "6.75"), (4, "7.50")):
        with unit_of_work():
            judging.decide_work(
                contest_round=story.round,
                work_id=works[number],
                points=Decimal(points),
                minutes="Hội đồng chấm thống nhất",
                by_chief=False,
                actor=lan,
                now=now,
            )
    story.lock()
    story.limit(per_unit=2, per_author=1)
    story.rank()
    return story


def _give(story: Essays, people: Sequence[Person], work_id: int, marks: Sequence[str]) -> None:
    """The next marks of a work, by the judges who have not marked it yet."""
    left = list(marks)
    for person in people:
        for sheet in story.sheets(person):
            if left and sheet.work_id == work_id and sheet.state is SheetState.TODO:
                story.finish(person, work_id, left.pop(0))
    assert not left


def decided_essays(app: Flask, cast: Cast, now: datetime) -> Contest:
    """The same published, with a prize left empty and one that was given by hand."""
    story = eventful_essays(app, cast, now)
    with unit_of_work():
        _first, _second, third = prize_levels(story.round)
        (by_hand,) = extra_prizes(story.round)
        entry = story.work(4).entry_id
        empty = {(None, third.id): Withheld(1, "Chưa bài nào xứng đáng")}
        picks = ExtraAnswers({}, {by_hand.id: [Pick(entry, "Hội đồng bình chọn")]})
        tied = [story.work(0).entry_id, story.work(1).entry_id]
        ties = {(None, _first.id): TieDecision(frozenset(tied[:1]), "Bỏ phiếu, 5/7")}
    story.decide(empty=empty, answers=picks, decisions=ties)
    story.unseal()
    story.publish()
    return story.round.contest


def trimmed_essays(app: Flask, cast: Cast, now: datetime) -> Contest:
    """Five marks for each work, of which the highest and the lowest are left out."""
    story = essays(app, cast, now, works=3)
    with unit_of_work():
        judged = db.session.get_one(JudgedRound, story.round_id)
        judged.marks_per_work, judged.resolution = 5, ResolutionRule.TRIMMED
    with unit_of_work():
        more = [
            create_person(full_name=f"Giám khảo {name}", unit=None, actor=None, now=now)
            for name in ("Đinh", "Mậu", "Kỷ", "Canh")
        ]
    for person in more:
        story.seat(person)
    story.assign("hạt hai")
    people = (cast.hoa, cast.tu, cast.cuc, *more)
    marks = (
        ("8.50", "9.00", "9.25", "9.00", "7.00"),
        ("9.50", "9.75", "9.50", "9.75", "10.00"),
        ("6.25", "6.00", "6.50", "7.75", "6.25"),
    )
    for work_id, own in zip(story.work_ids, marks, strict=True):
        _give(story, people, work_id, own)
    story.lock()
    story.rank()
    story.decide()
    story.unseal()
    story.publish()
    return story.round.contest
