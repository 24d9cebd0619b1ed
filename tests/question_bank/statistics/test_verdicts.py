"""What figures say in words, thirds of attempts, and statistics over drawn papers."""

import random

import pytest

from question_bank.statistics import (
    DrawnTally,
    ItemFigures,
    MarkedItem,
    MarkedPart,
    NamedOption,
    OptionCount,
    pooled,
    thirds_of,
    verdicts,
)

MET = OptionCount("", 100, 100, 100)


def figures(facility: float, index: float | None, attempts: int = 300) -> ItemFigures:
    return ItemFigures(attempts=attempts, facility=facility, discrimination_index=index)


def options(*counts: tuple[int, int, int], key: int = 0) -> list[NamedOption]:
    return [
        NamedOption("ABCD"[place], place == key, OptionCount(f"o{place}", *count))
        for place, count in enumerate(counts)
    ]


GOOD = options((40, 60, 80), (20, 15, 10), (20, 15, 5), (20, 10, 5))


@pytest.mark.parametrize(
    ("found", "table", "codes"),
    [
        (figures(0.6, 45), GOOD, ["good"]),
        (figures(0.6, 20), GOOD, ["fair"]),
        (figures(0.6, 10), GOOD, ["weak"]),
        (figures(0.6, -5), GOOD, ["reversed"]),
        (figures(0.6, 45, attempts=29), GOOD, ["few"]),
        (figures(0.98, 5), GOOD, ["easy"]),
        (figures(1, None), GOOD, ["all"]),
        (figures(0, None), GOOD, ["nobody"]),
        (figures(0.1, 35), GOOD, ["hard"]),
        (
            figures(0.3, -20),
            options((50, 40, 20), (10, 10, 10), (20, 30, 60), (20, 20, 10)),
            ["key"],
        ),
        # Everybody believes the same wrong thing, the weak most of all: hard, but no wrong key.
        (figures(0.3, 25), options((10, 20, 40), (80, 70, 50), (10, 10, 10)), ["fair"]),
        (figures(0.6, 45), options((40, 60, 80), (60, 40, 20), (0, 0, 0)), ["idle", "good"]),
    ],
)
def test_a_verdict_in_words(found, table, codes):
    """The gravest stands first; few attempts say nothing."""
    assert [each.code for each in verdicts(found, table, MET)] == codes


def test_the_key_that_may_be_wrong_is_named():
    """The letter is the author's, so that the question can be mended."""
    table = options((50, 40, 20), (10, 10, 10), (20, 30, 60), (20, 20, 10))
    (verdict,) = verdicts(figures(0.3, -20), table, MET)
    assert "chooses C" in str(verdict.words)


def test_two_right_options_are_no_rivals():
    """After a ruling both count as keys."""
    table = [NamedOption(each.letter, each.letter in "AC", each.count) for each in GOOD]
    assert [each.code for each in verdicts(figures(0.6, 45), table, MET)] == ["good"]


def test_thirds_never_part_equal_totals():
    """A step goes where its middle attempt would stand."""
    assert thirds_of({0: 1, 1: 1, 2: 1}) == {0: 0, 1: 1, 2: 2}
    assert thirds_of({5: 9}) == {5: 1}
    assert thirds_of({0: 2, 9: 8}) == {0: 0, 9: 1}
    assert thirds_of({}) == {}


def test_the_same_paper_gives_the_figures_of_the_table():
    """Worked example B, counted attempt by attempt in points of ten thousand units."""
    rows = ((1, 1, 1, 2), (1, 1, 1, 0), (1, 1, 0, 1), (1, 0, 0, 1), (0, 0, 0, 0))
    tally = DrawnTally(10_000)
    for row in rows:
        tally.add(
            [
                MarkedItem(place, 10_000 * mark, 10_000 * most, (f"m{mark}",) if mark else ())
                for place, (mark, most) in enumerate(zip(row, (1, 1, 1, 2), strict=True))
            ]
        )
    found = tally.figures({})
    assert found.same_paper
    assert found.paper.cic == pytest.approx(72.7273, abs=5e-5)
    assert found.paper.standard_error == pytest.approx(0.948683, abs=5e-7)
    assert [item.figures.discrimination_index for item in found.items] == pytest.approx(
        [67.8401, 64.5497, 49.2366, 41.2514], abs=5e-5
    )
    last = found.items[3]
    assert sum(each.total for each in last.options) == len(rows)
    assert {each.part for each in last.options} == {"", "m1", "m2"}


def test_drawn_papers_count_each_question_where_it_was_met():
    """Twenty questions of sixty: who knows more is right more often, everywhere."""
    chance = random.Random(5)
    tally = DrawnTally(1)
    for _attempt in range(600):
        skill = chance.random()
        tally.add(
            [
                MarkedItem(question, int(chance.random() < skill), 1, ())
                for question in chance.sample(range(60), 20)
            ]
        )
    found = tally.figures(dict.fromkeys(range(60), "one stratum"))
    assert not found.same_paper
    assert sum(item.figures.attempts for item in found.items) == 600 * 20
    assert all((item.figures.discrimination_index or 0) > 30 for item in found.items)
    assert found.paper.cic == pytest.approx(100 * 20 / 22, abs=2)
    weights = sum(
        item.figures.effective_weight * item.figures.attempts / 600 for item in found.items
    )
    assert weights == pytest.approx(100)
    together = pooled([(item.sums, item.maximum) for item in found.items[:2]])
    assert together.attempts == sum(item.figures.attempts for item in found.items[:2])
    assert pooled([(found.items[0].sums, 1)]).discrimination_index == pytest.approx(
        found.items[0].figures.discrimination_index
    )


def test_parts_stand_as_items_of_their_own() -> None:
    """Two gaps of one question: the second is known by the better ones alone."""
    tally = DrawnTally(1)
    for other, first, second in ((0, 1, 0), (0, 1, 0), (1, 1, 1), (1, 1, 1)):
        tally.add(
            [
                MarkedItem(1, other, 1, ()),
                MarkedItem(
                    2,
                    first + second,
                    2,
                    ("a=x",),
                    (MarkedPart(first, 1, answered=True), MarkedPart(second, 1, answered=True)),
                ),
            ]
        )
    plain, composed = tally.figures({}).items
    assert plain.parts == ()
    easy, telling = composed.parts
    assert (easy.figures.facility, easy.figures.discrimination_index) == (1.0, None)
    assert (telling.figures.facility, telling.right.total, telling.answered.total) == (0.5, 2, 4)
    assert telling.figures.discrimination_index == pytest.approx(100)
