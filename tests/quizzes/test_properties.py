"""Rules of quizzes for whatever comes: folding, marking, counting, time, predictions, draws."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.quizzes.models import CountingRule, LateStart
from contest.quizzes.rank_keys import BY_CODE
from contest.quizzes.rank_keys.prediction import NOT_PREDICTED
from contest.quizzes.rules.answers import (
    MalformedAnswer,
    clean_receipt_code,
    fold,
    new_receipt_code,
    pack,
    read_answer,
    split_prediction,
    unpack,
)
from contest.quizzes.rules.counting import Finished, count_all_right, counting_attempt
from contest.quizzes.rules.timing import AttemptPhase, limits, phase_at, working_ms
from question_bank.drawing import Cell, FrozenPool, PoolItem, derive_seed, draw
from question_bank.kinds import kind_of
from question_bank.kinds.choice import new_choice_body
from question_bank.marking import ParsedRevision, mark_paper

START = datetime(2026, 9, 2, 2, 0, tzinfo=UTC)
PHASES = [
    AttemptPhase.RUNNING,
    AttemptPhase.GRACE,
    AttemptPhase.OVERDUE,
]

spans = st.integers(0, 7 * 86_400_000).map(lambda value: timedelta(milliseconds=value))
option_ids = st.text("abcdefghijklmnop", min_size=1, max_size=4)
answers = st.lists(option_ids, max_size=4).map(lambda parts: tuple(sorted(set(parts))))
ledgers = st.lists(st.tuples(st.integers(0, 20), answers), max_size=60)


@st.composite
def attempts(draw_from, most=6):
    """Finished attempts of one entry, of the same paper's length."""
    count = draw_from(st.integers(1, most))
    return [
        Finished(
            entry_id=1,
            division_id=None,
            ordinal=ordinal,
            points=Decimal(correct := draw_from(st.integers(0, 4))),
            max_points=Decimal(4),
            correct=correct,
            questions=4,
            submitted_at=START + draw_from(spans),
            working_ms=draw_from(st.integers(0, 900_000)),
            prediction=draw_from(st.none() | st.integers(0, 99_999_999)),
            attempts=count,
        )
        for ordinal in range(1, count + 1)
    ]


@given(ledgers)
def test_the_last_word_of_each_slot_counts(lines):
    folded = fold((slot, pack(answer)) for slot, answer in lines)
    last = dict(lines)
    assert folded == {slot: last[slot] for slot in sorted(last) if last[slot]}
    again = fold((slot, pack(answer)) for slot, answer in folded.items())
    assert again == folded


@given(ledgers, st.integers(0, 20))
def test_an_answer_taken_back_is_as_if_it_never_was(lines, slot):
    kept = [(place, pack(answer)) for place, answer in lines]
    assert fold([*kept, (slot, pack(()))]) == fold(line for line in kept if line[0] != slot)


@given(ledgers, st.integers(0, 99_999_999))
def test_the_prediction_never_stands_among_the_answers(lines, predicted):
    kept = [(slot, pack(answer)) for slot, answer in lines if slot < 20]
    split = split_prediction(fold([*kept, (20, pack((str(predicted),)))]), 20)
    assert split.prediction == predicted
    assert split.answers == fold(kept)


@given(st.lists(option_ids, max_size=8))
def test_one_choice_is_one_answer_however_it_is_sent(parts):
    read = read_answer(parts)
    assert read == read_answer(list(reversed(parts)))
    assert read == read_answer(parts + parts)
    assert unpack(pack(read)) == read


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_whatever_is_sent_is_an_answer_or_refused(raw):
    try:
        read = read_answer(raw)
    except MalformedAnswer:
        return
    assert read == read_answer(list(read))


def _question(number, key):
    kind = kind_of("single")
    body = kind.parse(new_choice_body(["một", "hai", "ba", "bốn"], [key]))
    return ParsedRevision(number, number, 1, kind, "?", body, "")


@given(st.lists(st.tuples(st.integers(0, 3), st.none() | st.integers(0, 3)), max_size=20))
def test_a_paper_is_worth_its_right_answers(slots):
    paper = [_question(number, key) for number, (key, _chosen) in enumerate(slots)]
    given_answers = {
        slot: (paper[slot].body.option_ids[chosen],)
        for slot, (_key, chosen) in enumerate(slots)
        if chosen is not None
    }
    mark = mark_paper(paper, given_answers)
    right = sum(key == chosen for key, chosen in slots)
    assert (mark.points, mark.max_points) == (Decimal(right), Decimal(len(slots)))
    assert mark.right_count == right
    assert mark.answered_count == len(given_answers)
    more = mark_paper(
        paper,
        given_answers
        | {slot: (paper[slot].body.option_ids[key],) for slot, (key, _c) in enumerate(slots[:1])},
    )
    assert more.points >= mark.points


@given(attempts(), st.permutations(range(6)))
def test_which_attempt_counts_does_not_depend_on_how_they_are_read(known, order):
    mixed = [known[place] for place in order if place < len(known)]
    for rule in CountingRule:
        assert counting_attempt(mixed, rule) == counting_attempt(known, rule)


@given(attempts())
def test_the_counting_attempt_is_the_best_the_first_or_the_last(known):
    best = counting_attempt(known, CountingRule.BEST)
    assert best.points == max(each.points for each in known)
    assert best.submitted_at == min(e.submitted_at for e in known if e.points == best.points)
    assert counting_attempt(known, CountingRule.FIRST) is known[0]
    assert counting_attempt(known, CountingRule.LAST) is known[-1]
    assert counting_attempt([], CountingRule.BEST) is None


@given(attempts())
def test_the_mean_lies_among_the_attempts_and_says_the_rest_like_the_last(known):
    mean, last = counting_attempt(known, CountingRule.MEAN), known[-1]
    total = sum(each.points for each in known)
    assert 0 <= total / len(known) - mean.points < Decimal("0.0001")
    assert min(e.correct for e in known) <= mean.correct <= max(e.correct for e in known)
    assert (mean.submitted_at, mean.prediction) == (last.submitted_at, last.prediction)
    assert mean.is_all_right == all(each.is_all_right for each in known)


@given(attempts(most=5), st.integers(0, 4))
def test_another_attempt_never_makes_the_best_worse(known, correct):
    later = max(each.submitted_at for each in known) + timedelta(seconds=1)
    another = Finished(
        entry_id=1,
        division_id=None,
        ordinal=len(known) + 1,
        points=Decimal(correct),
        max_points=Decimal(4),
        correct=correct,
        questions=4,
        submitted_at=later,
        working_ms=0,
    )
    before = counting_attempt(known, CountingRule.BEST)
    after = counting_attempt([*known, another], CountingRule.BEST)
    assert after is (another if another.points > before.points else before)


@given(
    st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.integers(0, 4)), max_size=30), st.data()
)
def test_n_is_who_answers_everything_rightly_and_is_not_disqualified(people, data):
    counting = [
        Finished(
            entry_id=number,
            division_id=division,
            ordinal=1,
            points=Decimal(correct),
            max_points=Decimal(4),
            correct=correct,
            questions=4,
            submitted_at=START,
            working_ms=1,
        )
        for number, (division, correct) in enumerate(people)
    ]
    out = data.draw(st.sets(st.integers(0, 30)))
    found = count_all_right(counting, out, per_division=True)
    all_right = [each for each in counting if each.correct == 4 and each.entry_id not in out]
    assert found["all"] == len(all_right)
    assert sum(count for name, count in found.items() if name != "all") == found["all"]
    assert count_all_right(counting, out, per_division=False) == {"all": found["all"]}


@given(st.integers(0, 99_999_999), st.integers(0, 99_999_999), st.integers(0, 1_000_000))
def test_the_nearer_prediction_stands_higher(first, second, n):
    value = BY_CODE["prediction"].value

    def key(prediction):
        return value(_predicting(prediction), {"n": {"all": n}})

    assert (key(first) < key(second)) == (abs(first - n) < abs(second - n))
    assert key(n) == 0
    assert key(first) < NOT_PREDICTED == key(None)


def _predicting(prediction):
    return Finished(1, None, 1, Decimal(0), Decimal(4), 0, 4, START, 1, prediction)


times = st.fixed_dictionaries(
    {
        "time_limit": spans,
        "extra": spans,
        "grace": spans,
        "late_start": st.sampled_from(LateStart),
        "closes_at": st.none() | spans.map(lambda span: START + span),
    }
)


@given(times, spans)
def test_more_time_ends_later_by_exactly_as_much(given_times, more):
    found = limits(started_at=START, **given_times)
    assert found.grace_until - found.deadline_at == given_times["grace"]
    later = limits(started_at=START, **{**given_times, "extra": given_times["extra"] + more})
    assert later.deadline_at - found.deadline_at == more
    assert later.is_cut == found.is_cut


@given(times, spans)
def test_a_later_close_never_takes_time_away(given_times, more):
    if given_times["closes_at"] is None:
        given_times["closes_at"] = START
    found = limits(started_at=START, **given_times)
    moved = {**given_times, "closes_at": given_times["closes_at"] + more}
    assert limits(started_at=START, **moved).deadline_at >= found.deadline_at
    whole = limits(started_at=START, **{**given_times, "late_start": LateStart.FULL_TIME})
    assert whole.deadline_at >= found.deadline_at
    assert whole.deadline_at == START + given_times["time_limit"] + given_times["extra"]


@given(times, spans, spans)
def test_an_attempt_goes_from_running_over_grace_to_overdue_and_never_back(
    given_times, first, second
):
    found = limits(started_at=START, **given_times)
    earlier, later = sorted((START + first, START + second))
    phases = [
        phase_at(None, found.deadline_at, found.grace_until, instant)
        for instant in (earlier, later)
    ]
    assert PHASES.index(phases[0]) <= PHASES.index(phases[1])
    for instant in (earlier, later):
        ended = phase_at(instant, found.deadline_at, found.grace_until, instant)
        assert ended is AttemptPhase.ENDED
    assert 0 <= working_ms(START, earlier) <= working_ms(START, later)


pools = st.lists(
    st.tuples(st.sampled_from([1, 2]), st.sampled_from(["easy", "hard"]), st.integers(0, 3)),
    min_size=6,
    max_size=20,
)


@given(pools, st.binary(min_size=32, max_size=32), st.text("abcdef", min_size=1), st.randoms())
def test_a_paper_drawn_again_is_the_same_paper(rows, seed, entry, chance):
    items = [
        PoolItem(number, number + 100, topic, level, use_rank=rank, option_ids=("a", "b", "c"))
        for number, (topic, level, rank) in enumerate(rows)
    ]
    blueprint = (Cell(None, None, 5),)
    own = derive_seed(seed, entry, 1)
    first = draw(blueprint, FrozenPool(items), own, frozenset())
    chance.shuffle(items)
    assert draw(blueprint, FrozenPool(items), derive_seed(seed, entry, 1), frozenset()) == first
    assert len(set(first.revision_ids)) == 5
    assert all(sorted(slot.option_order) == ["a", "b", "c"] for slot in first.slots)
    met = frozenset(revision_id - 100 for revision_id in first.revision_ids)
    again = draw(blueprint, FrozenPool(items), derive_seed(seed, entry, 2), met)
    unseen = len(items) - 5
    assert len(met & {each - 100 for each in again.revision_ids}) == max(5 - unseen, 0)


@given(st.integers(1, 999), st.text(" -–", max_size=3))
def test_a_receipt_code_is_found_however_it_is_typed(number, between):
    code = new_receipt_code(number)
    assert clean_receipt_code(code.lower().replace("-", between)) == code


@pytest.mark.parametrize("typed", ["", "T", "T1", "12345678", "X1-ABCD-EFGH"])
def test_what_is_no_receipt_code_is_not_looked_for(typed):
    assert clean_receipt_code(typed) == ""
