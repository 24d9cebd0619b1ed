"""Checking attempts: which one counts, and the points and keys of an entry."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from contest.results.dossier.mark_checks import UNIT, mean
from contest.results.dossier.reading import COLUMNS, Report, Row, cents, compare, number

if TYPE_CHECKING:
    from contest.results.dossier.place_checks import Scores


def quiz_scores(each: dict[str, Any], rows: list[Row], report: Report) -> Scores:
    """By entry: points, keys and what they were computed from."""
    scores: Scores = {}
    by_entry: dict[str, list[Row]] = {}
    for row in rows:
        by_entry.setdefault(row["entry"], []).append(row)
    for entry, own in by_entry.items():
        own.sort(key=lambda row: number(row, "attempt"))
        points = [number(row, "points") for row in own]
        for place, row in enumerate(own, 1):
            check_no_others(each, row, report)
            if number(row, "attempt") != place:
                report.say(row.name, row.line, f"attempt {place} of entry {entry} is missing")
        counting = counting_row(each, own, points, report)
        if counting is None:
            continue
        values = [number(counting, key_column(code)) for code in each["keys"]]
        counted = number(counting, "points")
        if each["rules"]["counting"] == "mean":
            counted = mean(points)
        for at, code in enumerate(each["keys"]):
            value = values[at]
            expected = {"attempts": Fraction(len(own))}.get(code)
            if code == "points":
                expected = value if same_points(each, -value / UNIT, counted) else Fraction(1)
            if expected is not None and expected != value:
                report.say(counting.name, counting.line, f"column {code} does not follow")
        basis = " ".join(cents(one) for one in points)
        scores[entry] = (counted, values, basis)
    return scores


def key_column(code: str) -> str:
    """The column of a key; "points" is taken by the points themselves."""
    return "points_key" if code == "points" else code


def check_no_others(each: dict[str, Any], row: Row, report: Report) -> None:
    """Columns of keys by which only other rounds rank stay empty."""
    own = {*COLUMNS[row.name], *(key_column(code) for code in each["keys"])}
    for column in row:
        if column not in own:
            compare(row, column, "", report)


def same_points(each: dict[str, Any], key: Fraction, counted: Fraction) -> bool:
    """Whether a key of points is those of the attempts, as far as two decimals tell."""
    if each["rules"]["counting"] == "mean" and each["rounded"]:
        return abs(key - counted) <= Fraction(1, 100)
    return cents(key) == cents(counted)


def counting_row(
    each: dict[str, Any], own: list[Row], points: list[Fraction], report: Report
) -> Row | None:
    """The attempt that counts: the only one with keys, and the one that the rule names."""
    told = [row for row in own if any(row[key_column(code)] for code in each["keys"])]
    if len(told) != 1:
        report.say(own[0].name, own[0].line, "exactly one attempt of an entry carries keys")
        return None
    rule = each["rules"]["counting"]
    places = {"first": 0, "last": len(own) - 1, "mean": len(own) - 1}
    place = places.get(rule, points.index(max(points)))
    fits = told[0] is own[place]
    if rule == "best" and each["rounded"]:
        fits = number(told[0], "points") == max(points)
    if not fits:
        report.say(told[0].name, told[0].line, "by the rules another attempt of the entry counts")
        return None
    return told[0]
