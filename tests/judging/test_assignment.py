"""Who marks what: even, without conflict, well linked, and the same for everybody who replays it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.rules.assignment import Impossible, Problem, assign
from contest.judging.rules.conflicts import ConflictKind, JudgeFacts, WorkFacts, conflict_of
from contest.judging.rules.linking import components, linking_efficiency, mean_resistance


def judge(key, **facts):
    return JudgeFacts(key, 1000 + key, f"giam khao {key}", **facts)


def work(key, units=(), **facts):
    return WorkFacts(key, frozenset({key}), unit_ids=frozenset(units), **facts)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (WorkFacts(1, frozenset({1001})), ConflictKind.OWN_WORK),
        (WorkFacts(1, frozenset({5}), frozenset({"giam khao 1"})), ConflictKind.OWN_WORK),
        (
            WorkFacts(1, frozenset({5}), subject_names_folded=frozenset({"giam khao 1"})),
            ConflictKind.SUBJECT,
        ),
        (WorkFacts(1, frozenset({5}), subject_person_ids=frozenset({1001})), ConflictKind.SUBJECT),
        (WorkFacts(1, frozenset({5}), unit_ids=frozenset({7})), ConflictKind.AUTHOR_UNIT),
        (
            WorkFacts(1, frozenset({5}), units_folded=frozenset({"truong lam son"})),
            ConflictKind.AUTHOR_UNIT,
        ),
        (WorkFacts(1, frozenset({5}), subject_unit_ids=frozenset({7})), ConflictKind.SUBJECT_UNIT),
        (WorkFacts(3, frozenset({5})), ConflictKind.EARLIER_ROUND),
        (WorkFacts(1, frozenset({5}), branch_ids=frozenset({8})), ConflictKind.DECLARED),
        (
            WorkFacts(1, frozenset({5}), subject_names_folded=frozenset({"nguoi quen"})),
            ConflictKind.DECLARED,
        ),
        (WorkFacts(1, frozenset({5}), unit_ids=frozenset({9}), branch_ids=frozenset({7})), None),
    ],
)
def test_each_kind_of_conflict_is_found(facts, kind):
    hoa = judge(
        1,
        unit_id=7,
        unit_folded="truong lam son",
        declared_units=frozenset({8}),
        declared_names=frozenset({"nguoi quen"}),
        marked_before=frozenset({3}),
    )
    assert conflict_of(hoa, facts) is kind


def test_worked_resistances_of_five_judges_and_forty_works():
    chain = [(at, at + 1) for at in range(4) for _ in range(10)]
    ring = [(at, (at + 1) % 5) for at in range(5) for _ in range(8)]
    pairs = [(one, other) for one in range(5) for other in range(one) for _ in range(4)]
    assert mean_resistance(chain, 5) == pytest.approx(0.40)
    assert mean_resistance(ring, 5) == pytest.approx(0.25)
    assert mean_resistance(pairs, 5) == pytest.approx(0.20)
    assert linking_efficiency(pairs, 5) == pytest.approx(1)
    assert linking_efficiency([(0, 1), (2, 3)], 4) is None
    assert components([(0, 1), (2, 3)], 4) == [[0, 1], [2, 3]]


def test_a_season_is_assigned_evenly_and_replayed():
    judges = tuple(judge(key, unit_id=key) for key in range(1, 22))
    works = tuple(work(key, (key % 60 + 1,)) for key in range(1, 1801))
    problem = Problem(judges, works, 2)
    result = assign(problem, "một hạt giống")
    certificate = result.certificate
    assert sorted(set(certificate.loads.values())) == [171, 172]
    assert certificate.conflicts == 0
    assert certificate.components == 1
    assert certificate.efficiency >= 0.95
    assert certificate.new_marks == 3600
    assert certificate.is_even
    assert result.shortage is None
    assert assign(problem, "một hạt giống") == result
    assert assign(problem, "hạt khác").certificate.result_digest != certificate.result_digest


def test_the_minimum_cut_names_works_judges_and_missing_places():
    """Works of units 1 and 2 may be marked only by judges 3 and 8, who lack 41 places."""
    judges = tuple(
        judge(
            key,
            capacity=30,
            declared_units=frozenset() if key in {3, 8} else frozenset({1, 2}),
        )
        for key in range(1, 9)
    )
    hard = tuple(work(key, (1 + key % 2,)) for key in range(1, 51))
    easy = tuple(work(key, (9,)) for key in range(51, 61))
    with pytest.raises(Impossible) as refused:
        assign(Problem(judges, hard + easy, 2), "s")
    shortage = refused.value.shortage
    assert shortage.juror_ids == (3, 8)
    assert shortage.work_ids == tuple(range(1, 51))
    assert shortage.missing == 40


def test_a_judge_with_room_who_may_mark_a_work_once_is_named_apart():
    """Two marks each: judge 1 gives one to all ten, only judge 2 may give the other, to four."""
    judges = (judge(1), judge(2, capacity=4), judge(3, unit_id=7))
    works = tuple(work(key, (7,)) for key in range(1, 11))
    with pytest.raises(Impossible) as refused:
        assign(Problem(judges, works, 2), "s")
    shortage = refused.value.shortage
    assert (shortage.juror_ids, shortage.once_ids, shortage.missing) == ((2,), (1,), 6)
    assert shortage.work_ids == tuple(range(1, 11))


def test_a_work_without_enough_judges_is_named_alone():
    judges = (judge(1, unit_id=7), judge(2), judge(3, unit_id=7))
    with pytest.raises(Impossible) as refused:
        assign(Problem(judges, (work(1, (7,)), work(2)), 2), "s")
    assert refused.value.shortage.work_ids == (1,)
    assert refused.value.shortage.missing == 1


def test_uneven_loads_are_offered_with_the_reason():
    judges = (judge(1), judge(2), judge(3, unit_id=7))
    works = tuple(work(key, (7,)) for key in range(1, 11))
    result = assign(Problem(judges, works, 2), "s")
    assert dict(result.certificate.loads) == {1: 10, 2: 10, 3: 0}
    assert result.shortage.juror_ids == (1, 2)
    assert not result.certificate.is_even


def test_a_judge_who_leaves_moves_only_what_is_not_done():
    """Works 1–6 keep the marks of judge 1 and of judge 2; the rest of judge 3 moves."""
    judges = tuple(judge(key) for key in (1, 2, 4))
    works = tuple(work(key) for key in range(1, 7))
    kept = {1: (1, 2), 2: (1, 2), 3: (1,), 4: (2,), 5: (1,), 6: (2,)}
    result = assign(Problem(judges, works, 2, kept, frozenset({(4, 3)})), "s")
    assert set(result.panels) == {3, 4, 5, 6}
    assert 4 not in result.panels[3]
    assert sum(result.certificate.loads.values()) == 12
    assert max(result.certificate.loads.values()) <= 5


@st.composite
def problems(draw):
    judges = draw(st.integers(2, 7))
    works = draw(st.integers(1, 24))
    units = st.integers(1, 6)
    return Problem(
        tuple(
            judge(
                key,
                unit_id=draw(units),
                capacity=draw(st.none() | st.integers(0, 20)),
            )
            for key in range(1, judges + 1)
        ),
        tuple(work(100 + key, (draw(units),)) for key in range(works)),
        draw(st.integers(1, 3)),
    )


@given(problem=problems(), seed=st.text(max_size=3))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_out_keeps_every_promise(problem, seed):
    by_key = {each.juror_id: each for each in problem.judges}
    try:
        result = assign(problem, seed)
    except Impossible as refused:
        shortage = refused.shortage
        result = None
    if result is None:
        assert shortage.missing > 0
        assert shortage.work_ids
        return
    loads = dict.fromkeys(by_key, 0)
    for each in problem.works:
        panel = result.panels[each.work_id]
        assert len(panel) == len(set(panel)) == problem.quorum
        for juror in panel:
            assert conflict_of(by_key[juror], each) is None
            loads[juror] += 1
    assert loads == dict(result.certificate.loads)
    for juror, load in loads.items():
        assert by_key[juror].capacity is None or load <= by_key[juror].capacity
    if result.shortage is None:
        free = [load for juror, load in loads.items() if by_key[juror].capacity is None]
        assert not free or max(free) - min(free) <= 1
