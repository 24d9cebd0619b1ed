"""Checking the unit prizes and side prizes of a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import Report, Row, compare, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contest.results.dossier.standing_checks import Unit

BESIDE = "+"


def split_prizes(prizes: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Prizes of the levels, and those beside them, whose level begins with a plus."""
    levels = [row for row in prizes if not row["level"].startswith(BESIDE)]
    return levels, [row for row in prizes if row["level"].startswith(BESIDE)]


def check_extras(
    each: dict[str, Any],
    rows: Sequence[Row],
    people: dict[str, Row],
    units: dict[str, Unit],
    report: Report,
) -> None:
    """The rows are those that were decided, and the units are the best by the measure.

    Ages stand in no dossier, and what the council chose by hand nothing can compute: of these it
    is checked that they are the decided ones, that they are ranked, and that there are no more
    than the rules allow.

    Args:
        each: the round or the totals in rules.json.
        rows: of prizes.csv, beside the levels.
        people: rows of who is ranked, by their names.
        units: what units did, from the marks.
        report: what disagrees.
    """
    left = list(rows)
    for prize in each["extras"]:
        own = [row for row in left if row["level"] == prize["level"]]
        left = [row for row in left if row["level"] != prize["level"]]
        _check_rows(prize, own, report)
        if prize["units"]:
            continue
        for row in own:
            _check_person(prize, row, people, report)
    for row in left:
        report.say(row.name, row.line, f"the rules have no prize “{row['level']}”")
    for order in {(one["measure"], one["fewest"]) for one in each["extras"] if one["units"]}:
        same = [one for one in each["extras"] if (one["measure"], one["fewest"]) == order]
        _check_order(same, each["standings"], units, report)


def _check_rows(prize: dict[str, Any], rows: Sequence[Row], report: Report) -> None:
    given = sorted((one["to"], one["place"]) for one in prize["given"])
    if len(rows) != len(given):
        words = f"“{prize['level']}” has {len(rows)} rows, {len(given)} were decided"
        report.say("prizes.csv", rows[0].line if rows else 1, words)
    for at, row in enumerate(sorted(rows, key=_named)[: len(given)]):
        name, place = given[at]
        compare(row, "entry", name, report)
        compare(row, "place", place, report)
        compare(row, "money", str(prize["money"]), report)
        compare(row, "division", "", report)
    if len(given) > prize["quota"] and prize["ties"] == "shrink":
        report.say("rules.json", 1, f"more than {prize['quota']} of “{prize['level']}” are given")


def _named(row: Row) -> tuple[str, str]:
    return row["entry"], row["place"]


def _check_person(prize: dict[str, Any], row: Row, people: dict[str, Row], report: Report) -> None:
    own = people.get(row["entry"])
    if own is None or own["status"] != "ranked":
        report.say(row.name, row.line, f"“{row['entry']}” is not ranked, or takes no prize")
    elif prize["measure"] == "earliest_perfect" and number(own, "exact") != number(own, "most"):
        report.say(row.name, row.line, f"“{row['entry']}” has not all points")


def _check_order(
    order: Sequence[dict[str, Any]],
    terms: dict[str, Any] | None,
    units: dict[str, Unit],
    report: Report,
) -> None:
    """No unit without a prize of an order stands above one that has one."""
    heads, rest = (terms["headcounts"], terms["rest"]) if terms else ({}, "")
    keys = order[0]["keys"]
    if "ratio" in keys and not heads:
        return
    values = {}
    for name, unit in units.items():
        size = heads.get(name) or unit.persons
        if name and name != rest and size >= order[0]["fewest"]:
            values[name] = unit.values(keys, heads.get(name))
    given = [one["to"] for prize in order for one in prize["given"] if one["to"] in values]
    for at, worse in enumerate(given[1:]):
        better = given[at]
        if values[worse] > values[better]:
            report.say("prizes.csv", 1, f"unit “{worse}” stands above “{better}” in a lower prize")
    if not given:
        return
    last = min(values[name] for name in given)
    for name in sorted(values):
        if name not in given and values[name] > last:
            report.say("prizes.csv", 1, f"unit “{name}” stands above “{given[-1]}”, without prize")
