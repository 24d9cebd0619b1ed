"""Checking a ranking: points, keys and places by them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from contest.results.dossier.attempt_checks import check_no_others, key_column
from contest.results.dossier.mark_checks import UNIT
from contest.results.dossier.reading import Report, Row, cents, compare, decimals, number

if TYPE_CHECKING:  # by entry: the points, the keys of ties, and what both were computed from
    Scores = dict[str, tuple[Fraction, list[Fraction], str]]


def check_ranking(each: dict[str, Any], rows: list[Row], scores: Scores, report: Report) -> None:
    """Points, keys and places of ranking.csv are those that the scores give."""
    ranked: dict[str, list[tuple[tuple[Fraction, ...], Row]]] = {}
    for row in rows:
        score = scores.get(row["entry"])
        if score is None:
            report.say(row.name, row.line, f"entry {row['entry']} has no marks")
            continue
        points, keys, basis = score
        is_near = abs(number(row, "points") - points) <= Fraction(1, 100)
        if not (is_near and each["rules"].get("counting") == "mean" and each["rounded"]):
            compare(row, "points", cents(points), report)
        compare(row, "basis", basis, report)
        check_exact(each, row, points, report)
        check_no_others(each, row, report)
        for place, code in enumerate(each["keys"]):
            compare(row, key_column(code), cents(keys[place]), report)
        if row["division"] not in each["divisions"]:
            report.say(row.name, row.line, f"there is no division “{row['division']}”")
        if row["status"] == "disqualified":
            compare(row, "place", "", report)
        elif row["status"] in {"ranked", "no_prize"}:
            ranked.setdefault(row["division"], []).append((tuple(keys), row))
        else:
            report.say(row.name, row.line, f"“{row['status']}” is no status")
    for listed in ranked.values():
        check_places(listed, report)
    check_most(each, rows, report)
    missing = set(scores) - {row["entry"] for row in rows}
    for entry in sorted(missing):
        report.say("ranking.csv", 1, f"entry {entry} of round {each['number']} is missing")


def check_exact(each: dict[str, Any], row: Row, points: Fraction, report: Report) -> None:
    """The points with four decimals are those of the scores, and so is what could be had.

    Where attempts have more than two decimals, their file does not tell the rest.
    """
    if each["rounded"]:
        compare(row, "points", cents(number(row, "exact")), report)
    else:  # a mean is cut after the fourth decimal
        cut = Fraction(int(points * UNIT), UNIT)
        compare(row, "exact", decimals(cut), report)
    if each["most"]:
        compare(row, "most", each["most"], report)


def check_most(each: dict[str, Any], rows: list[Row], report: Report) -> None:
    """What could be had is what the rules say; of essays, what their criteria make."""
    number_, told = each["number"], {row["most"] for row in rows}
    if len(told) == 1 and each["most"] not in told:
        report.say("rules.json", 1, f"most of round {number_} is {told.pop()} in ranking.csv")
    if each["kind"] == "essay" and rows:
        scale = sum((Fraction(one["max"]) for one in each["rules"]["criteria"]), Fraction(0))
        if each["most"] != decimals(scale):
            words = f"the criteria of round {number_} make {decimals(scale)}, not {each['most']}"
            report.say("rules.json", 1, words)


def check_people(number_: int, rows: list[Row], report: Report) -> None:
    """A person is named by the first of their entries."""
    people: dict[str, list[Row]] = {}
    for row in rows:
        people.setdefault(row["person"], []).append(row)
    for person, own in people.items():
        first = min(row["entry"] for row in own)
        if person != first:
            words = f"by their entries in round {number_} this person is {first}"
            report.say(own[0].name, own[0].line, words)


def check_places(listed: list[tuple[tuple[Fraction, ...], Row]], report: Report) -> None:
    """Competition ranks: equals share a place, 1 2 2 4."""
    listed.sort(key=lambda pair: pair[0])
    place, before = 0, None
    for position, (keys, row) in enumerate(listed, 1):
        if keys != before:
            place, before = position, keys
        compare(row, "place", str(place), report)
