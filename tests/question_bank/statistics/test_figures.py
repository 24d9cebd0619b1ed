"""Item statistics: the worked examples of the reference, and a naive oracle in two passes."""

import math
from fractions import Fraction
from pathlib import Path
from statistics import correlation, covariance, mean, median, stdev, variance
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.statistics.marks_csv import MarksReport, read_marks

A = ((1, 1, 1), (1, 0, 1), (0, 0, 1), (1, 1, 0))
B = ((1, 1, 1, 2), (1, 1, 1, 0), (1, 1, 0, 1), (1, 0, 0, 1), (0, 0, 0, 0))


def figures(tmp_path: Path, maxima: Any, rows: Any) -> MarksReport:
    """The statistics of some marks, through a file as people bring it."""
    path = tmp_path / "marks.csv"
    head = ["attempt", *(f"Q{place}" for place in range(1, len(maxima) + 1))]
    lines = [head, ["max", *maxima], *([f"a{n}", *row] for n, row in enumerate(rows))]
    path.write_text("\n".join(",".join(map(str, line)) for line in lines) + "\n", "utf-8")
    return read_marks(path)


def column(report: MarksReport, name: str) -> list[float | None]:
    return [getattr(item, name) for item in report.items]


def test_worked_example_a(tmp_path: Path) -> None:
    """Four attempts; the third question works against the others."""
    found = figures(tmp_path, (1, 1, 1), A)
    assert column(found, "facility") == [0.75, 0.5, 0.75]
    assert column(found, "discrimination_index") == pytest.approx([100 / 3, 0, -52.2233], abs=5e-5)
    assert column(found, "discriminative_efficiency") == pytest.approx([100, 0, -60])
    assert column(found, "effective_weight") == pytest.approx([50, 50, 0])
    assert found.paper.cic == pytest.approx(-37.5)
    assert found.paper.error_ratio == pytest.approx(117.2604, abs=5e-5)
    assert found.paper.standard_error == pytest.approx(0.957427, abs=5e-7)


def test_worked_example_b(tmp_path: Path) -> None:
    """Five attempts, the last question worth two points."""
    found = figures(tmp_path, (1, 1, 1, 2), B)
    assert column(found, "discrimination_index") == pytest.approx(
        [67.8401, 64.5497, 49.2366, 41.2514], abs=5e-5
    )
    assert column(found, "discriminative_efficiency") == pytest.approx(
        [100, 100, 61.5385, 47.3684], abs=5e-5
    )
    assert column(found, "intended_weight") == pytest.approx([20, 20, 20, 40])
    assert found.paper.cic == pytest.approx(72.7273, abs=5e-5)
    assert found.paper.standard_error == pytest.approx(0.948683, abs=5e-7)
    assert found.paper.skewness == pytest.approx(-0.266900, abs=5e-7)
    assert found.paper.kurtosis == pytest.approx(1.074380, abs=5e-7)


def test_what_is_undefined(tmp_path: Path) -> None:
    """Nothing without attempts, facility with one, no discrimination where nothing varies."""
    nobody = figures(tmp_path, (1, 1), ())
    assert column(nobody, "facility") == [None, None]
    assert (nobody.paper.mean, nobody.paper.cic) == (None, None)
    one = figures(tmp_path, (1, 1), ((1, 0),))
    assert column(one, "facility") == [1, 0]
    assert (one.paper.mean, one.paper.median) == (1, 1)
    for name in ("sd_percent", "effective_weight", "discrimination_index"):
        assert column(one, name) == [None, None]
    assert (one.paper.sd, one.paper.skewness, one.paper.standard_error) == (None, None, None)
    two = figures(tmp_path, (1, 1), ((1, 0), (0, 0)))
    assert two.paper.sd == pytest.approx(math.sqrt(0.5))
    assert (two.paper.cic, two.paper.skewness) == (None, None)
    same = figures(tmp_path, (1, 1), ((1, 0),) * 4)
    assert column(same, "discrimination_index") == [None, None]
    assert column(same, "discriminative_efficiency") == [None, None]
    assert column(same, "effective_weight") == [None, None]
    assert (same.paper.sd, same.paper.cic, same.paper.skewness, same.paper.kurtosis) == (
        0,
        None,
        None,
        None,
    )
    alone = figures(tmp_path, (1,), ((1,), (0,), (1,)))
    assert alone.paper.cic is None
    assert column(alone, "discrimination_index") == [None]
    worthless = figures(tmp_path, (0, 1), ((0, 1), (0, 0)))
    assert column(worthless, "facility") == [None, 0.5]


def test_a_negative_covariance_has_no_effective_weight(tmp_path: Path) -> None:
    """It is undefined, and the others share the whole."""
    found = figures(tmp_path, (1, 3), ((1, 0), (1, 1), (0, 2), (0, 3)))
    assert column(found, "effective_weight") == [None, pytest.approx(100)]


def oracle(maxima: list[float], rows: list[list[float]]) -> dict[str, Any]:
    """The same in two passes, as a textbook would."""
    columns = list(zip(*rows, strict=True))
    totals = [math.fsum(row) for row in rows]
    s, p = len(rows), len(maxima)
    rests = [[t - x for t, x in zip(totals, each, strict=True)] for each in columns]
    varies = [max(each) > min(each) for each in columns]

    def over(value: float, by: float) -> float | None:
        return value / by if abs(by) > 1e-12 else None

    covariances = [covariance(each, totals) for each in columns]
    whole = sum(math.sqrt(max(each, 0)) for each in covariances)
    return {
        "facility": [mean(x) / most for x, most in zip(columns, maxima, strict=True)],
        "sd_percent": [100 * stdev(x) / most for x, most in zip(columns, maxima, strict=True)],
        "effective_weight": [
            over(100 * math.sqrt(max(each, 0)), whole) if each > -1e-12 else None
            for each in covariances
        ],
        "discrimination_index": [
            100 * correlation(x, o) if many and max(o) - min(o) > 1e-9 else None
            for x, o, many in zip(columns, rests, varies, strict=True)
        ],
        "discriminative_efficiency": [
            over(100 * covariance(x, o), covariance(sorted(x), sorted(o)))
            for x, o in zip(columns, rests, strict=True)
        ],
        "mean": mean(totals),
        "median": median(totals),
        "sd": stdev(totals),
        "cic": over(
            100 * p / (p - 1) * (variance(totals) - sum(map(variance, columns))), variance(totals)
        )
        if p > 1 and s > 2
        else None,
    }


MARKS = st.integers(min_value=-4, max_value=4).map(lambda n: n / 4)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_equals_a_naive_oracle(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    """Quarters of points, deductions among them, for papers of any small size."""
    p = data.draw(st.integers(1, 5))
    rows = data.draw(st.lists(st.lists(MARKS, min_size=p, max_size=p), min_size=2, max_size=12))
    report = figures(tmp_path_factory.mktemp("marks"), [1] * p, rows)
    wanted = oracle([1.0] * p, rows)
    for name in (
        "facility",
        "sd_percent",
        "discrimination_index",
        "discriminative_efficiency",
    ):
        assert column(report, name) == [
            each if each is None else pytest.approx(each, abs=1e-7) for each in wanted[name]
        ]
    for mine, other in zip(
        column(report, "effective_weight"), wanted["effective_weight"], strict=True
    ):
        if other is None or mine is None:
            # A covariance of nothing: the oracle's may be a little below.
            assert (mine or 0) == pytest.approx(other or 0, abs=1e-4)
        else:
            assert mine == pytest.approx(other, abs=1e-4)
    for name in ("mean", "median", "sd", "cic"):
        mine = getattr(report.paper, name)
        assert mine == (wanted[name] if wanted[name] is None else pytest.approx(wanted[name]))


def test_finer_decimals_later_in_the_file_change_nothing(tmp_path: Path) -> None:
    """The unit shrinks when the first third of a point appears; what was counted stays exact."""
    rows = [(1, 0), (0.5, 1), (0.333333, 1), (0.25, 0.125), (1, 1)] * 3
    assert figures(tmp_path, (1, 1), rows) == figures(tmp_path, (1, 1), list(reversed(rows)))
    found = figures(tmp_path, (1, 1), rows)
    assert found.paper.mean == pytest.approx(
        float(sum(Fraction(a) + Fraction(b) for a, b in rows)) / 15
    )
