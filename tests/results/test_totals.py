"""Totals over quiz and essay rounds: exact sums, who missed a round, publication."""

from decimal import Decimal
from fractions import Fraction

import pytest

from contest.accounts.actions import withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose
from contest.contests.actions import add_round
from contest.contests.models import Entry, Registration, Stage
from contest.contests.rules import ReasonMissing
from contest.core.db import db
from contest.quizzes.models import QuizRound
from contest.results import queries
from contest.results.actions import (
    LevelValues,
    decide_prizes,
    is_current,
    make_rank_run,
    make_totals,
    publish,
    set_prize_levels,
    set_prize_terms,
    set_unit_terms,
    set_weights,
)
from contest.results.models import PrizeCode, TiePolicy
from contest.results.rules.refusals import (
    RoundsNotPublished,
    TotalsMoved,
    TotalsNotReady,
    WeightsWrong,
)
from contest.results.rules.total_words import better_places, total_reason
from contest.results.rules.totals import Missing, Part, rounded, totals
from contest.results.rules.unit_standings import StandingTerms, UnitKey
from tests.results.stories import Taker, add_attempt, closed_round

pytestmark = pytest.mark.usefixtures("context")
TEN = Decimal(10)


def part(points, most=10):
    return Part(Decimal(str(points)), Decimal(most))


def test_weights_times_points_of_most_points():
    people = {1: (None, [part(18, 20), part("8.5")]), 2: (None, [part(20, 20), part(8)])}
    first, second = totals(people, [Decimal(40), Decimal(60)], Missing.ZERO)
    assert (first.registration_id, first.exact, first.place) == (2, Fraction(88), 1)
    assert (second.registration_id, second.exact, second.place) == (1, Fraction(87), 2)


def test_thirds_are_equal_to_thirds():
    """0.3333 + 0.3333 + 0.3333 would not be 1."""
    thirds = [part(1, 3), part(1, 3), part(1, 3)]
    people = {
        1: (None, thirds),
        2: (None, [part(10), None, None]),
        3: (None, [part(9), None, None]),
    }
    found = totals(people, [Decimal(1)] * 3, Missing.ZERO)
    assert [(one.registration_id, one.place) for one in found] == [(1, 1), (2, 1), (3, 3)]
    assert [rounded(one.exact) for one in found] == [1, 1, Decimal("0.9")]


def test_half_a_ten_thousandth_is_rounded_up():
    assert rounded(Fraction(1, 20_000)) == Decimal("0.0001")
    assert rounded(Fraction(1, 20_001)) == Decimal("0.0000")


def test_a_missed_round_may_cost_the_place():
    people = {1: (None, [part(10), None]), 2: (None, [part(1), part(1)])}
    zero = totals(people, [TEN, TEN], Missing.ZERO)
    assert [(one.registration_id, one.place, one.taken) for one in zero] == [(1, 1, 1), (2, 2, 2)]
    strict = totals(people, [TEN, TEN], Missing.UNPLACED)
    assert [(one.registration_id, one.place) for one in strict] == [(2, 1), (1, None)]


def test_only_the_best_rounds_of_each_count():
    """Two of three: the round that gives least is left out, whichever it is; weights decide."""
    people = {
        1: (None, [part(10), part(2), part(8)]),
        2: (None, [part(9), part(9), None]),
        3: (None, [None, None, part(10)]),
    }
    ones = [Decimal(1)] * 3
    found = totals(people, ones, Missing.ZERO, best=2)
    assert [(one.registration_id, one.exact, one.place) for one in found] == [
        (1, Fraction(9, 5), 1),
        (2, Fraction(9, 5), 1),
        (3, Fraction(1), 3),
    ]
    # A missed round costs nothing while there are enough others.
    strict = totals(people, ones, Missing.UNPLACED, best=2)
    assert [(one.registration_id, one.place) for one in strict] == [(1, 1), (2, 1), (3, None)]
    heavy = totals(people, [Decimal(1), Decimal(1), Decimal(5)], Missing.ZERO, best=1)
    assert [(one.registration_id, one.exact) for one in heavy] == [
        (3, Fraction(5)),
        (1, Fraction(4)),
        (2, Fraction(9, 10)),
    ]


@pytest.mark.parametrize("best", [3, 7, None])
def test_as_many_best_rounds_as_there_are_is_every_round(best):
    people = {1: (None, [part(10), part(2), part(8)])}
    (found,) = totals(people, [Decimal(1)] * 3, Missing.UNPLACED, best=best)
    assert (found.exact, found.place) == (Fraction(2), 1)


def test_divisions_are_placed_apart():
    people = {1: (7, [part(5)]), 2: (7, [part(6)]), 3: (8, [part(1)])}
    found = totals(people, [TEN], Missing.ZERO)
    assert [(one.registration_id, one.place) for one in found] == [(2, 1), (1, 2), (3, 1)]


def second_week(story, now, takers):
    """Another closed week of the same contest, in which only some took part."""
    round = add_round(
        contest=story.contest,
        title="Tuần 2",
        actor=None,
        now=now,
        opens_at=story.round.opens_at,
        closes_at=story.round.closes_at,
        rank_keys=("correct", "working_time"),
    )
    if db.session.get(QuizRound, round.id) is None:
        db.session.add(QuizRound(round_id=round.id, attempts_allowed=1))
    quiz = db.session.get(QuizRound, round.id)
    quiz.seed, quiz.seed_digest, quiz.pool_digest = "ab" * 32, "cd" * 32, "ef" * 32
    round.stage = Stage.CLOSED
    round.opened_at, round.closed_at = round.opens_at, round.closes_at
    db.session.flush()
    for name, correct in takers:
        add_attempt(round, story.entries[name], story.persons[name], Taker(name, correct, None, 1))
    set_prize_levels(
        over=round,
        levels=[LevelValues(PrizeCode.FIRST, 1, 0, TiePolicy.EXPAND)],
        actor=None,
        now=now,
    )
    db.session.refresh(story.contest)
    return round


def finish(story, round, now, *, public=True):
    make_rank_run(round=round, actor=story.organiser, now=now)
    decide_prizes(over=round, actor=story.organiser, now=now)
    if public:
        publish(over=round, decision_number="1", decided_on=None, actor=story.organiser, now=now)


def two_weeks(now):
    story = closed_round(now)
    second = second_week(story, now, [("K'Brỏih", 20), ("Lê Văn Đức", 20)])
    set_weights(
        contest=story.contest,
        weights={1: Decimal(40), 2: Decimal(60)},
        actor=story.organiser,
        now=now,
    )
    return story, second


def add_up(story, now, missing=Missing.ZERO, **kwargs):
    return make_totals(
        contest=story.contest, missing=missing, actor=story.organiser, now=now, **kwargs
    )


def test_a_contest_adds_up_its_weeks(now):
    story, second = two_weeks(now)
    finish(story, story.round, now)
    with pytest.raises(TotalsNotReady):
        add_up(story, now)
    finish(story, second, now)
    run = add_up(story, now)
    lines = queries.standings_page(run).items
    assert [(line.full_name, line.place, line.points) for line in lines[:2]] == [
        ("K'Brỏih", 1, Decimal(100)),
        ("Lê Văn Đức", 2, Decimal(98)),
    ]
    assert [(line.place, line.points) for line in lines[2:4]] == [
        (3, Decimal(40)),
        (3, Decimal(40)),
    ]
    assert lines[0].parts == (
        (Decimal(20), Decimal(20), Decimal(40)),
        (Decimal(20), Decimal(20), Decimal(60)),
    )
    assert lines[2].parts[1] is None
    assert queries.missed_counts(run) == (6, 4)
    missed = queries.standings_page(run, missed_only=True)
    assert missed.total == 4
    with pytest.raises(ReasonMissing):
        add_up(story, now)
    again = add_up(story, now, Missing.UNPLACED, reason="Thể lệ đòi đủ các vòng")
    assert queries.missed_counts(again) == (2, 4)
    assert again.digest != run.digest


def test_every_place_of_the_totals_has_its_reason(now):
    story, second = two_weeks(now)
    finish(story, story.round, now)
    finish(story, second, now)
    run = add_up(story, now, Missing.UNPLACED)
    lines = queries.standings_page(run).items
    better = queries.better_totals(run, lines)
    told = [
        total_reason(
            line.place, line.points, better.get(line.registration_id), taken=line.taken, rounds=2
        )
        for line in lines
    ]
    assert told[:3] == [
        "không ai xếp trên",
        "thua 2 điểm so với hạng 1",
        "không xếp hạng: dự 1 trên 2 vòng",
    ]
    (searched,) = queries.standings_page(run, folded="le van duc").items
    assert queries.better_totals(run, [searched]) == {
        searched.registration_id: (1, Decimal("100.0000"))
    }
    again = add_up(story, now, reason="Vòng bỏ qua được 0 điểm")
    last = queries.standings_page(again).items[-1]
    # The last one is fifth alone: the place above is the third, which two share.
    assert queries.better_totals(again, [last])[last.registration_id][0] < last.place


def test_equals_share_the_reason_and_divisions_stand_apart():
    lines = [("", 1, TEN), ("", 2, Decimal(9)), ("", 2, Decimal(9)), ("", 4, Decimal(8))]
    lines += [("B", 1, Decimal(7)), ("B", 2, Decimal("6.9999"))]
    better = better_places(lines)
    assert better == {("", 2): (1, TEN), ("", 4): (2, Decimal(9)), ("B", 2): (1, Decimal(7))}
    same = total_reason(2, TEN, (1, TEN), taken=1, rounds=1)
    assert same == "thua hạng 1 một phần rất nhỏ, không đủ để hiện thành số"


def test_weights_are_numbers_that_add_up_to_something(now):
    story, _second = two_weeks(now)
    for wrong in ({1: Decimal(0), 2: Decimal(0)}, {1: Decimal(-1)}):
        with pytest.raises(WeightsWrong):
            set_weights(contest=story.contest, weights=wrong, actor=story.organiser, now=now)


def test_a_new_ranking_or_weight_makes_totals_old(now):
    story, second = two_weeks(now)
    finish(story, story.round, now)
    finish(story, second, now)
    run = add_up(story, now)
    assert is_current(story.contest, run)
    set_weights(contest=story.contest, weights={1: Decimal(50)}, actor=story.organiser, now=now)
    assert not is_current(story.contest, run)
    with pytest.raises(TotalsMoved):
        go_public(story, now)


def go_public(story, now):
    """The places as they stand, without prizes over them; the first three are read by all."""
    contest, lan = story.contest, story.organiser
    limits = {"per_author": None, "per_unit": None}
    set_prize_terms(over=contest, **limits, places_shown=3, actor=lan, now=now)
    again = "" if queries.latest_allocation(contest) is None else "Cộng lại"
    decide_prizes(over=contest, reason=again, actor=lan, now=now)
    return publish(over=contest, decision_number="9-QĐ", decided_on=None, actor=lan, now=now)


def test_totals_are_published_after_their_rounds_with_names_by_consent(now):
    story, second = two_weeks(now)
    finish(story, story.round, now)
    finish(story, second, now, public=False)
    add_up(story, now)
    with pytest.raises(RoundsNotPublished):
        go_public(story, now)
    publish(over=second, decision_number="", decided_on=None, actor=story.organiser, now=now)
    go_public(story, now)
    (head,) = queries.public_total_heads("tim-hieu-2026")
    said = queries.published_totals(head)
    assert (said.most, said.people, said.placed, said.missed) == (Decimal(100), 6, 6, 4)
    names = {line.name: line.place for line in said.lines}
    assert names["K'Brỏih"] == 1
    assert names["T.N.B.T."] == 3  # gave no consent
    with pytest.raises(ReasonMissing):
        go_public(story, now)
    consent = (
        db.session.query(Consent)
        .filter_by(person_id=story.persons["K'Brỏih"].id, purpose=ConsentPurpose.PUBLISH_NAME)
        .one()
    )
    withdraw_consent(consent=consent, actor=None, now=now)
    assert queries.published_totals(head).lines[0].name == "K."
    assert queries.published_totals(head).digest == head.digest


def test_the_best_of_several_entries_counts(now):
    story, second = two_weeks(now)
    person = story.persons["Lê Văn Đức"]
    registration = db.session.query(Registration).filter_by(person_id=person.id).one()
    extra = Entry(
        contest_id=story.contest.id, registration_id=registration.id, ordinal=2, created_at=now
    )
    db.session.add(extra)
    db.session.flush()
    add_attempt(second, extra, person, Taker("Lê Văn Đức", 10, None, 1))
    finish(story, story.round, now)
    finish(story, second, now)
    lines = queries.standings_page(add_up(story, now)).items
    assert next(line for line in lines if line.full_name == "Lê Văn Đức").points == 98


def test_units_stand_in_order_over_the_weeks(now):
    story, second = two_weeks(now)
    terms = StandingTerms((UnitKey.ATTEMPTS, UnitKey.PERSONS))
    set_unit_terms(contest=story.contest, terms=terms, actor=story.organiser, now=now)
    finish(story, story.round, now)
    finish(story, second, now)
    run = add_up(story, now)
    table = queries.contest_table(run, terms)
    told = {line.path[0]: (line.persons, line.attempts, line.winners) for line in table.lines}
    # Five of the ward's branch in the first week, K'Brỏih again in the second, where he won.
    assert told["Phường Xuân Hương"][:2] == (5, 6)
    assert sum(persons for persons, _attempts, _won in told.values()) == run.people == 6
    assert sum(attempts for _persons, attempts, _won in told.values()) == 8
    made = go_public(story, now)
    lines = made.snapshot["standings"]["lines"]
    assert [(line["place"], line["path"][0]) for line in lines][:1] == [(1, "Phường Xuân Hương")]
