"""Giving prizes over places: the worked examples, ties at the line, and properties."""

import json

from hypothesis import given
from hypothesis import strategies as st

from contest.results.models import TiePolicy
from contest.results.rules.allocation import Outcome, allocate, first_difference
from contest.results.rules.kept_answers import kept_answers
from contest.results.rules.prize_terms import Contender, LevelTerms, TieDecision, Withheld
from contest.results.rules.trace import TraceCode, trace_line

NAMES = "ABCDEFG"
PLACES = (1, 2, 2, 4, 4, 4, 7)  # of 9.25 9.00 9.00 8.75 8.75 8.75 8.50


def levels(policy: TiePolicy, *quotas: int) -> list[LevelTerms]:
    return [LevelTerms(n, quota, 1_000 * n, policy) for n, quota in enumerate(quotas, 1)]


def people(places: tuple[int, ...] = PLACES) -> list[Contender]:
    return [Contender(n, 100 + n, place, (place,)) for n, place in enumerate(places)]


def by_level(outcome: Outcome, count: int) -> list[str]:
    names = [
        "".join(NAMES[one.entry_id] for one in outcome.given if one.level_id == n)
        for n in range(1, count + 1)
    ]
    return [name or "none" for name in names]


def codes(outcome: Outcome) -> list[str]:
    return [line.code.value for line in outcome.trace]


def test_expand_gives_to_all_who_are_equal_at_the_line():
    outcome = allocate(levels(TiePolicy.EXPAND, 1, 1, 2), people())
    assert by_level(outcome, 3) == ["A", "BC", "DEF"]


def test_shrink_leaves_the_level_empty_and_the_equals_go_on_together():
    outcome = allocate(levels(TiePolicy.SHRINK, 1, 1, 2), people())
    assert by_level(outcome, 3) == ["A", "none", "BC"]


def test_stop_waits_for_a_person_and_gives_nothing_below():
    outcome = allocate(levels(TiePolicy.STOP, 1, 1, 2), people())
    assert by_level(outcome, 3) == ["A", "none", "none"]
    (stop,) = outcome.stops
    assert (stop.level_id, stop.place, stop.entries, stop.left) == (2, 2, (1, 2), 1)


def test_a_persons_decision_lets_a_stop_go_on():
    decisions = {
        2: TieDecision(frozenset({2}), "Bốc thăm trước hai người"),
        3: TieDecision(frozenset({4}), "Bốc thăm"),
    }
    outcome = allocate(levels(TiePolicy.STOP, 1, 1, 2), people(), decisions=decisions)
    assert by_level(outcome, 3) == ["A", "C", "BE"]
    assert outcome.stops == []
    chosen = next(line for line in outcome.trace if line.code is TraceCode.CHOSEN)
    assert chosen.reason == "Bốc thăm trước hai người"


def test_a_decision_that_names_somebody_outside_the_tie_is_none():
    decisions = {2: TieDecision(frozenset({5}), "nhầm")}
    outcome = allocate(levels(TiePolicy.STOP, 1, 1, 2), people(), decisions=decisions)
    assert [stop.level_id for stop in outcome.stops] == [2]


def test_the_answers_of_a_decision_give_the_same_prizes_again_and_settle_no_other_tie():
    decisions = {
        2: TieDecision(frozenset({2}), "Bốc thăm trước hai người"),
        3: TieDecision(frozenset({4}), "Bốc thăm"),
    }
    withheld = {1: Withheld(1, "Không bài nào xứng đáng")}
    terms = levels(TiePolicy.STOP, 2, 1, 2)
    decided = allocate(terms, people(), decisions=decisions, withheld=withheld)
    kept = kept_answers(trace_line(line.as_json()) for line in decided.trace)

    def again(contenders):
        return allocate(
            terms,
            contenders,
            decisions={level: answer for (_none, level), answer in kept.ties.items()},
            withheld={level: empty for (_none, level), empty in kept.empty.items()},
        )

    assert again(people()) == decided
    assert by_level(decided, 3) == ["A", "C", "BE"]
    # Another one stands in the tie for the second level now: that is asked again.
    assert [stop.entries for stop in again(people((1, 2, 2, 2, 5, 5, 7))).stops] == [(1, 2, 3)]


def test_choosing_nobody_passes_all_of_them_on():
    decisions = {2: TieDecision(frozenset(), "Để trống giải Nhì")}
    outcome = allocate(levels(TiePolicy.STOP, 1, 1, 2), people(), decisions=decisions)
    assert by_level(outcome, 3) == ["A", "none", "BC"]


def test_who_takes_no_prize_is_passed_over_and_the_trace_says_so():
    contenders = people((1, 2, 3))
    contenders[0] = Contender(0, 100, 1, (1,), may_win=False)
    outcome = allocate(levels(TiePolicy.STOP, 1), contenders)
    assert by_level(outcome, 1) == ["B"]
    assert codes(outcome) == ["takes_no_prize", "given", "next"]


def test_a_prize_of_another_round_counts():
    outcome = allocate(levels(TiePolicy.STOP, 1), people((1, 2, 3)), won_before=frozenset({100}))
    assert by_level(outcome, 1) == ["B"]
    assert codes(outcome)[0] == "won_before"


def test_a_second_entry_of_a_winner_is_passed_over():
    contenders = [Contender(0, 7, 1, (1,)), Contender(1, 7, 2, (2,)), Contender(2, 8, 3, (3,))]
    assert by_level(allocate(levels(TiePolicy.STOP, 1, 1), contenders), 2) == ["A", "C"]
    both = allocate(levels(TiePolicy.STOP, 1, 1), contenders, one_per_person=False)
    assert by_level(both, 2) == ["A", "B"]


def test_two_equal_entries_of_one_person_are_no_tie():
    contenders = [Contender(0, 7, 1, (1,)), Contender(1, 7, 1, (1,)), Contender(2, 8, 3, (3,))]
    outcome = allocate(levels(TiePolicy.STOP, 1), contenders)
    assert by_level(outcome, 1) == ["A"]
    assert outcome.stops == []


def test_prizes_that_nobody_gets_are_told():
    outcome = allocate(levels(TiePolicy.STOP, 1, 5), people((1, 2, 3)))
    assert by_level(outcome, 2) == ["A", "BC"]
    last = outcome.trace[-1]
    assert (last.code, last.count) == (TraceCode.LEFT_OVER, 3)


def test_the_trace_tells_what_separates_the_last_winner_from_the_next():
    contenders = [Contender(0, 1, 1, (0, 1, 500)), Contender(1, 2, 2, (0, 3, 400))]
    line = allocate(levels(TiePolicy.STOP, 1), contenders).trace[-1]
    assert (line.code, line.place, line.key, line.values) == (TraceCode.NEXT, 2, 1, (1, 3))


def test_nobody_at_all():
    outcome = allocate(levels(TiePolicy.STOP, 1), [])
    assert (outcome.given, outcome.stops) == ([], [])


def test_first_difference():
    assert first_difference((1, 2, 3), (1, 2, 4)) == 2
    assert first_difference((1, 2), (1, 2)) is None


def test_a_trace_is_read_again_as_it_was_kept():
    outcome = allocate(levels(TiePolicy.EXPAND, 1, 1, 2), people())
    kept = json.loads(json.dumps([line.as_json() for line in outcome.trace]))
    assert [trace_line(line) for line in kept] == outcome.trace


@st.composite
def rankings(draw: st.DrawFn) -> list[Contender]:
    sizes = draw(st.lists(st.integers(1, 4), max_size=8))
    contenders, place, number = [], 1, 0
    for size in sizes:
        for _ in range(size):
            may_win = draw(st.integers(0, 5)) > 0
            person = draw(st.integers(0, 20))
            contenders.append(Contender(number, person, place, (place,), may_win))
            number += 1
        place += size
    return contenders


quotas = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@given(rankings(), quotas, st.sampled_from(TiePolicy))
def test_properties_of_any_allocation(contenders, wanted, policy):
    outcome = allocate(levels(policy, *wanted), contenders)
    places = {one.entry_id: one.place for one in contenders}
    given_to = [one.entry_id for one in outcome.given]
    winners = [one.person_id for one in contenders if one.entry_id in set(given_to)]
    # Nobody twice, nobody who may not win.
    assert len(given_to) == len(set(given_to)) == len(set(winners))
    assert all(one.may_win for one in contenders if one.entry_id in set(given_to))
    # A better level never goes to a worse place.
    order = [(one.level_id, places[one.entry_id]) for one in outcome.given]
    assert order == sorted(order)
    for level in levels(policy, *wanted):
        count = sum(1 for one in outcome.given if one.level_id == level.id)
        if policy is not TiePolicy.EXPAND:
            assert count <= level.quota
    # Equals are never parted without a person.
    prizes = {one.entry_id: one.level_id for one in outcome.given}
    for one in outcome.given:
        rivals = [
            other
            for other in contenders
            if other.place == one.place and other.may_win and other.person_id not in winners
        ]
        assert rivals == []
    same_place: dict[int, set[int]] = {}
    for entry_id, level_id in prizes.items():
        same_place.setdefault(places[entry_id], set()).add(level_id)
    assert all(len(found) == 1 for found in same_place.values())
    if policy is TiePolicy.EXPAND or policy is TiePolicy.SHRINK:
        assert outcome.stops == []


@given(rankings(), quotas)
def test_a_stop_names_a_real_tie_that_is_too_large(contenders, wanted):
    outcome = allocate(levels(TiePolicy.STOP, *wanted), contenders)
    assert len(outcome.stops) <= 1
    for stop in outcome.stops:
        assert len(stop.entries) > stop.left > 0
        assert len({one.place for one in contenders if one.entry_id in stop.entries}) == 1


@given(rankings(), quotas, st.data())
def test_any_choice_within_the_ties_ends_the_stops(contenders, wanted, data):
    terms = levels(TiePolicy.STOP, *wanted)
    decisions: dict[int, TieDecision] = {}
    for _ in terms:
        outcome = allocate(terms, contenders, decisions=decisions)
        if not outcome.stops:
            break
        (stop,) = outcome.stops
        size = data.draw(st.integers(0, stop.left))
        decisions[stop.level_id] = TieDecision(frozenset(stop.entries[:size]), "bốc thăm")
    outcome = allocate(terms, contenders, decisions=decisions)
    assert outcome.stops == []
    for level in terms:
        assert sum(1 for one in outcome.given if one.level_id == level.id) <= level.quota
