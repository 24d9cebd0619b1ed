"""Signs of unfair work: worked numbers, and what is not told."""

import random
from math import isclose

from contest.quizzes.models.fairness import FairnessSign
from contest.quizzes.rules.fairness import (
    Run,
    asks_for_look,
    consecutive,
    is_faster_than_reading,
    middle_width,
    overlapping,
    reading_speed,
    runs_expected,
    trace_digest,
)
from contest.quizzes.rules.shared_answers import (
    AnswerBook,
    ability,
    agreement,
    candidates,
    key_size,
    shared_answers,
    tail,
)


class TestReading:
    def test_words_a_minute(self) -> None:
        assert reading_speed(160, 8_000) == 1_200
        assert reading_speed(160, 0) == 9_600_000

    def test_right_answers_to_what_cannot_have_been_read(self) -> None:
        facts = {"words": 200, "right": 9, "questions": 10}
        assert is_faster_than_reading(working_ms=19_999, **facts)
        assert not is_faster_than_reading(working_ms=20_000, **facts)  # 600 a minute

    def test_pressing_at_random_or_few_new_words_say_nothing(self) -> None:
        assert not is_faster_than_reading(words=200, working_ms=1_000, right=5, questions=10)
        assert not is_faster_than_reading(words=39, working_ms=1_000, right=10, questions=10)


class TestPredictions:
    def test_expected_runs_in_a_group(self) -> None:
        assert isclose(runs_expected(5, 4, 1_000), 5 * 24 * 997 / 1_000**4)
        assert runs_expected(3, 4, 1_000) == 0
        # Two people, two numbers: 1·2 or 2·1 of four outcomes.
        assert runs_expected(2, 2, 2) == 0.5

    def test_a_family_that_shares_out_numbers(self) -> None:
        found = consecutive([7102, 7100, 7101, 9000, 7103], 5_000)
        assert found == Run(7100, 4, runs_expected(5, 4, 5_000))

    def test_a_class_that_guesses_near_its_own_size_is_not_told(self) -> None:
        assert consecutive([20, 21, 22, 23, 25, 25, 28, 21, 23, 20], 12) is None
        assert consecutive([7100, 7101, 7102], 5_000) is None

    def test_width_leaves_out_the_wildest_twentieths(self) -> None:
        assert middle_width([]) == 0
        assert middle_width([5]) == 1
        assert middle_width([*range(100, 120), 999_999]) == 19


class TestGroups:
    def test_digests_need_device_and_address_and_change_with_the_key(self) -> None:
        one = trace_digest(b"k", "phone", "203.0.113.7")
        assert one == trace_digest(b"k", "phone", "203.0.113.7")
        assert one != trace_digest(b"l", "phone", "203.0.113.7")
        assert one != trace_digest(b"k", "phone", "203.0.113.8")
        assert trace_digest(b"k", "", "203.0.113.7") == b""
        assert trace_digest(b"k", "phone", "") == b""

    def test_one_after_the_other_or_at_once(self) -> None:
        assert overlapping([]) == 0
        assert overlapping([(0, 5), (5, 9), (9, 12)]) == 1
        assert overlapping([(0, 5), (4, 9), (4, 6)]) == 3

    def test_a_shared_office_alone_asks_for_nothing(self) -> None:
        for hint in (FairnessSign.DEVICE, FairnessSign.FOCUS, FairnessSign.PREDICTIONS):
            assert not asks_for_look([hint, hint])
        assert asks_for_look([FairnessSign.DEVICE, FairnessSign.FOCUS])
        assert asks_for_look([FairnessSign.ALIKE])
        assert not asks_for_look([])


class TestChance:
    def test_tail_of_fair_coins(self) -> None:
        assert tail([0.5] * 3, 2) == 0.5
        assert tail([0.5] * 10, 10) == 2**-10
        assert tail([0.1, 0.2], 0) == 1

    def test_tail_of_unequal_events(self) -> None:
        assert isclose(tail([0.1, 0.2, 0.3], 1), 1 - 0.9 * 0.8 * 0.7)
        assert isclose(tail([0.1, 0.2, 0.3], 3), 0.006)

    def test_answering_alike(self) -> None:
        assert agreement(0.5, 0.5, 0.5) == 0.375
        assert agreement(0, 0, 1) == 1  # two who know everything

    def test_ability_gives_the_wrong_answers_back(self) -> None:
        odds = [0.1, 0.5, 1.0, 2.0]
        factor = ability(odds, 1.5)
        assert isclose(sum(factor * o / (1 + factor * o) for o in odds), 1.5, rel_tol=1e-6)
        assert isclose(ability([1.0, 1.0], 1), 1.0, rel_tol=1e-6)
        assert ability([1.0, 1.0], 0) > 0  # counts as half an answer

    def test_keys_are_longer_where_there_are_few_wrong_answers(self) -> None:
        assert key_size(600, 100_000) == 3
        assert key_size(60, 100_000) == 5
        assert key_size(60, 100) == 3
        assert key_size(2, 100) == 6


def _round(people: int, questions: int = 20, *, seed: int = 1) -> list[list[tuple[int, str, bool]]]:
    """Independent people: question n is wrong with 0.1 … 0.6, and one distractor draws most."""
    chance = random.Random(seed)
    found = []
    for _person in range(people):
        skill = chance.uniform(0.5, 1.6)
        paper = []
        for question in range(questions):
            is_wrong = chance.random() < (0.1 + 0.5 * question / questions) * skill
            given = chance.choices("bcd", (5, 3, 2))[0] if is_wrong else "a"
            paper.append((question, given, not is_wrong))
        found.append(paper)
    return found


def _book(papers: list[list[tuple[int, str, bool]]]) -> AnswerBook:
    book = AnswerBook()
    for owner, paper in enumerate(papers, start=1):
        book.add(owner, ((question, (given,), is_right) for question, given, is_right in paper))
    return book


class TestSameAnswers:
    def test_independent_people_are_not_told(self) -> None:
        assert list(shared_answers(_book(_round(600)))) == []

    def test_a_copied_paper_is_told(self) -> None:
        papers = _round(600)
        source = max(range(600), key=lambda each: sum(not right for *_x, right in papers[each]))
        papers.append(list(papers[source]))
        (found,) = shared_answers(_book(papers))
        assert (found.first, found.second, found.common) == (source, 600, 20)
        assert found.shared == sum(not right for *_x, right in papers[source])
        assert found.alike == 20
        assert found.strength > 2
        assert found.expected < found.alike

    def test_two_perfect_papers_share_nothing_wrong(self) -> None:
        perfect = [(question, "a", True) for question in range(20)]
        assert list(shared_answers(_book([*_round(50), perfect, list(perfect)]))) == []

    def test_the_same_popular_mistakes_are_explained_by_difficulty(self) -> None:
        """Everybody falls for the same option of six questions: nobody stands out."""
        trap = [(q, "b", False) if q < 6 else (q, "a", True) for q in range(20)]
        assert list(shared_answers(_book([list(trap) for _person in range(40)]))) == []

    def test_two_attempts_of_one_person_are_not_compared(self) -> None:
        papers = _round(300)
        book = _book(papers)
        worst = max(papers, key=lambda paper: sum(not right for *_x, right in paper))
        for _twice in range(2):
            book.add(999, ((q, (given,), right) for q, given, right in worst))
        pairs = {(book.owner(each.first), book.owner(each.second)) for each in shared_answers(book)}
        assert (999, 999) not in pairs

    def test_pairs_grow_with_the_people_and_not_with_their_square(self) -> None:
        small = sum(1 for _pair in candidates(_book(_round(400))))
        large = sum(1 for _pair in candidates(_book(_round(1_600)), 5))
        assert large <= 16 * 4 * max(small, 100) / 16
