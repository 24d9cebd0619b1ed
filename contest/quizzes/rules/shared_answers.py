"""Two people with the same answers: how likely that is by chance, and who is compared at all.

The chance is that of a generalised binomial test (van der Linden and Sotaridona, "Detecting answer
copying when the regular response process follows a known response model", Journal of Educational
and Behavioral Statistics 31, 2006): under independent work the number of questions that two people
answer alike is a sum of independent events. On a question that the first gets wrong with
probability v and the second with w, they agree with the probability (1 − v)(1 − w) + v·w·c, where c
is the chance that two wrong answers are the same one. Wrong answers follow the difficulty of the
question and the ability of the person (Rasch): odds of a wrong answer = odds of the question × one
factor of the person. So two good papers that are alike, or two that share a popular mistake, are
explained; only pairs that also share wrong answers are looked at.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, log10, prod, sqrt
from typing import Final

RAREST: Final = 7
"""So many of an attempt's rarest wrong answers decide with whom it is compared."""
MOST_EXPECTED: Final = 0.01
"""A pair is told when fewer such pairs than this are expected in the whole round by chance."""
_LEAST_KEY, _MOST_KEY = 3, 6
_MOST_IN_BUCKET: Final = 50
_PER_PASS: Final = 10_000
_RIGHT: Final = 0
_TURNS: Final = 40
_FLOOR: Final = 1e-300
Buckets = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class SharedAnswers:
    """What two attempts have in common.

    Attributes:
        first, second: places of the two attempts in the book.
        common: questions that both answered.
        alike: of them, with the same answer.
        shared: of those, with the same wrong answer.
        expected: how many answers alike the model expects.
        pairs_expected: how many pairs of the round would be so much alike by chance.
    """

    first: int
    second: int
    common: int
    alike: int
    shared: int
    expected: float
    pairs_expected: float

    @property
    def strength(self) -> float:
        """Decimal digits by which chance is excluded: 2 where one in a hundred rounds had one."""
        return -log10(max(self.pairs_expected, _FLOOR))


class AnswerBook:
    """The answers of a round in compact rows: some 8 bytes for each answer.

    An answer is 0 when it is right, else the number of the wrong answer, which belongs to one
    question. What was left empty is not in the book.
    """

    def __init__(self) -> None:
        self._owners = array("q")
        self._starts = array("q", [0])
        self._questions = array("i")
        self._answers = array("i")
        self._numbers: dict[tuple[int, tuple[str, ...]], int] = {}
        self._question_of: list[int] = [0]
        self._times: list[int] = [0]
        self._answered: Counter[int] = Counter()
        self._wrong: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._owners)

    @property
    def people(self) -> int:
        """How many different owners stand in the book."""
        return len(set(self._owners))

    @property
    def wrong_answers(self) -> int:
        """How many different wrong answers more than one attempt gave."""
        return sum(times > 1 for times in self._times)

    def owner(self, place: int) -> int:
        """Whose attempt stands at a place."""
        return self._owners[place]

    def add(self, owner: int, answers: Iterable[tuple[int, tuple[str, ...], bool]]) -> None:
        """Enter an attempt.

        Args:
            owner: whose it is; attempts of one owner are not compared.
            answers: (question, what was answered, whether it is right).
        """
        for question, given, is_right in answers:
            if not given:
                continue
            self._answered[question] += 1
            number = _RIGHT
            if not is_right:
                self._wrong[question] += 1
                number = self._numbers.setdefault((question, given), len(self._times))
                if number == len(self._times):
                    self._times.append(0)
                    self._question_of.append(question)
                self._times[number] += 1
            self._questions.append(question)
            self._answers.append(number)
        self._owners.append(owner)
        self._starts.append(len(self._questions))

    def answers(self, place: int) -> dict[int, int]:
        """The answers of one attempt by question."""
        span = slice(self._starts[place], self._starts[place + 1])
        return dict(zip(self._questions[span], self._answers[span], strict=True))

    def rarest(self, place: int) -> list[int]:
        """The rarest wrong answers of an attempt that somebody else gave too, rarest first."""
        span = slice(self._starts[place], self._starts[place + 1])
        shared = (each for each in self._answers[span] if self._times[each] > 1)
        return sorted(shared, key=lambda each: (self._times[each], each))[:RAREST]

    def odds(self, question: int) -> float:
        """Odds of a wrong answer: (wrong + ½) ÷ (right + ½), so that it is never 0 or endless."""
        wrong, answered = self._wrong[question], self._answered[question]
        return (wrong + 0.5) / (answered - wrong + 0.5)

    def agreements(self) -> dict[int, float]:
        """By question: the chance that two wrong answers are the same (Σ of squared shares)."""
        found: dict[int, float] = dict.fromkeys(self._answered, 0.0)
        for number, question in enumerate(self._question_of):
            if number:
                found[question] += (self._times[number] / self._wrong[question]) ** 2
        return found


def ability(odds: Sequence[float], wrong: float) -> float:
    """The factor with which a person's expected number of wrong answers is what it is.

    Solves Σ f·o ÷ (1 + f·o) = wrong for f, by halving on a logarithmic scale; a paper with none or
    only wrong answers counts as half an answer off, since no finite factor gives it.

    Args:
        odds: of a wrong answer, of each question that the person answered.
        wrong: how many the person got wrong.
    """
    aim = min(max(wrong, 0.5), len(odds) - 0.5)
    low, high = 1e-6, 1e6
    for _turn in range(_TURNS):
        middle = sqrt(low * high)
        if sum(middle * each / (1 + middle * each) for each in odds) < aim:
            low = middle
        else:
            high = middle
    return sqrt(low * high)


def tail(chances: Sequence[float], least: int) -> float:
    """The probability that at least so many of independent events happen.

    The exact distribution by adding one event after the other; for 3 events of ½ and at least 2 it
    is ½.
    """
    if least <= 0:
        return 1.0
    reached = [1.0] + [0.0] * least
    for chance in chances:
        reached[least] += reached[least - 1] * chance
        for count in range(least - 1, 0, -1):
            reached[count] += (reached[count - 1] - reached[count]) * chance
        reached[0] *= 1 - chance
    return reached[least]


def key_size(wrong_answers: int, attempts: int) -> int:
    """How many rare wrong answers two attempts must share to be compared.

    The smallest number from 3 to 6 with which, were all wrong answers equally frequent, no more
    than one other attempt would be met by chance: attempts · C(7, k) ÷ C(wrong answers, k) ≤ 1.
    """
    for size in range(_LEAST_KEY, _MOST_KEY):
        ways = comb(wrong_answers, size)
        if ways and attempts * comb(RAREST, size) <= ways:
            return size
    return _MOST_KEY


def candidates(book: AnswerBook, size: int | None = None) -> Iterator[tuple[int, int]]:
    """Pairs of attempts of different people that share `size` of their rarest wrong answers.

    Work grows with the number of attempts, not with that of pairs: attempts meet in buckets named
    by combinations of their rarest wrong answers. Several passes, each over the combinations of
    some first answers, keep the buckets of one pass small. A bucket of more than 50 stands for a
    popular mistake and is left out.
    """
    size = key_size(book.wrong_answers, len(book)) if size is None else size
    passes = max(1, len(book) // _PER_PASS)
    for turn in range(passes):
        yield from _met(_buckets(book, size, passes, turn), book)


def _buckets(book: AnswerBook, size: int, passes: int, turn: int) -> Buckets:
    buckets: Buckets = {}
    for place in range(len(book)):
        rare = book.rarest(place)
        for first in range(len(rare) - size + 1):
            if rare[first] % passes != turn:
                continue
            for rest in combinations(rare[first + 1 :], size - 1):
                bucket = buckets.setdefault(hash((rare[first], *rest)), [])
                if len(bucket) <= _MOST_IN_BUCKET:
                    bucket.append(place)
    return buckets


def _met(buckets: Buckets, book: AnswerBook) -> Iterator[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    for bucket in buckets.values():
        if 1 < len(bucket) <= _MOST_IN_BUCKET:
            for pair in combinations(bucket, 2):
                if pair not in seen and book.owner(pair[0]) != book.owner(pair[1]):
                    seen.add(pair)
                    yield pair


def shared_answers(book: AnswerBook) -> Iterator[SharedAnswers]:
    """Pairs that are alike beyond what chance explains, each pair of attempts once.

    The chance of one pair is multiplied by the number of all pairs of people (Bonferroni), so that
    a large round does not tell more innocent pairs than a small one.
    """
    people = book.people
    pairs = people * (people - 1) / 2
    agreements = book.agreements()
    odds = {question: book.odds(question) for question in agreements}
    abilities: dict[int, float] = {}
    told: set[tuple[int, int]] = set()
    for pair in candidates(book):
        first, second = (book.answers(place) for place in pair)
        common = first.keys() & second.keys()
        alike = sum(first[each] == second[each] for each in common)
        shared = sum(first[each] == second[each] != _RIGHT for each in common)
        for place, answers in zip(pair, (first, second), strict=True):
            if place not in abilities:
                wrong = sum(answer != _RIGHT for answer in answers.values())
                abilities[place] = ability([odds[each] for each in answers], wrong)
        one, two = abilities[pair[0]], abilities[pair[1]]
        chances = sorted(
            agreement(_wrong(one, odds[each]), _wrong(two, odds[each]), agreements[each])
            for each in common
        )
        # The likeliest answers alone being alike is one way to so many: chance is no smaller.
        if prod(chances[len(chances) - alike :]) * pairs > MOST_EXPECTED:
            continue
        expected = tail(chances, alike) * pairs
        if expected <= MOST_EXPECTED and pair not in told:
            told.add(pair)
            yield SharedAnswers(*pair, len(common), alike, shared, sum(chances), expected)


def agreement(first: float, second: float, same_wrong: float) -> float:
    """The chance that two independent people answer a question alike.

    Wrong with 0.5 and 0.5, and the same of two equal distractors with 0.5: 0.25 + 0.125 = 0.375.
    """
    return (1 - first) * (1 - second) + first * second * same_wrong


def _wrong(factor: float, odds: float) -> float:
    return factor * odds / (1 + factor * odds)
