"""Checking the unit prizes and side prizes of a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contest.results.dossier.prize_checks import allocate
from contest.results.dossier.reading import Report, Row, compare, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from contest.results.dossier.standing_checks import Unit

BESIDE, BY_HAND = "+", "by_hand"
OF_PEOPLE = ("youngest", "oldest", "earliest_perfect", BY_HAND)
KEYS = ("persons", "attempts", "mean", "ratio", "winners")


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
        _check_terms(prize, each["standings"], report)
        if prize["units"]:
            continue
        for row in own:
            _check_person(prize, row, people, report)
    for row in left:
        report.say(row.name, row.line, f"the rules have no prize “{row['level']}”")
    for order in {(one["measure"], one["fewest"]) for one in each["extras"] if one["units"]}:
        same = [one for one in each["extras"] if (one["measure"], one["fewest"]) == order]
        _check_order(same, each, units, report)


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


def _check_terms(prize: dict[str, Any], standings: dict[str, Any] | None, report: Report) -> None:
    """As many as the rules allow, by the keys of the measure."""
    count, name = len(prize["given"]) + prize["empty"], prize["level"]
    by_hand = prize["measure"] == BY_HAND
    if (count > prize["quota"] and (by_hand or prize["ties"] != "expand")) or (
        by_hand and count < prize["quota"]
    ):
        words = f"{len(prize['given'])} of “{name}” are given and {prize['empty']} left empty"
        report.say("rules.json", 1, f"{words}, of {prize['quota']}")
    if prize["measure"] != "standing":
        fits = prize["keys"] == [prize["measure"]]
    else:
        fits = standings is None or prize["keys"] == standings["keys"]
    if not fits or prize["units"] != (prize["measure"] not in OF_PEOPLE):
        report.say("rules.json", 1, f"“{name}” has not the keys of its measure")


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
    each: dict[str, Any],
    units: dict[str, Unit],
    report: Report,
) -> None:
    """The prizes of an order are given anew, as far as the dossier tells the units apart.

    Where small units are told together, no unit that is told may stand above one with a prize.
    Without head-counts nothing is known of ratios, and of which units are large enough.
    """
    terms, rest = each["standings"], each["rest"]
    heads = terms["headcounts"] if terms else {}
    keys, fewest = order[0]["keys"], order[0]["fewest"]
    if not all(key in KEYS for key in keys) or (not heads and ("ratio" in keys or fewest)):
        return
    values = {}
    for name, unit in units.items():
        size = heads.get(name) or unit.persons
        has_head = "ratio" not in keys or name in heads
        if name and name != rest and size >= fewest and has_head:
            values[name] = unit.values(keys, heads.get(name))
    given = [one["to"] for prize in order for one in prize["given"]]
    if rest in units or not {*given} <= {*units}:
        _check_known(values, [name for name in given if name in values], report)
    else:
        _give_again(order, values, report)


def _give_again(
    order: Sequence[dict[str, Any]], values: dict[str, tuple[Fraction, ...]], report: Report
) -> None:
    cells = {
        name: str(1 + sum(other > own for other in values.values()))
        for name, own in values.items()
        if own[0] > 0
    }
    ranked = [Row("units.csv", 1, unit_cells(name, place)) for name, place in sorted(cells.items())]
    given = allocate(
        {
            "passed_over": [],
            "levels": order,
            "ties": [
                {"division": "", "level": one["level"], "chosen": one["chosen"]}
                for one in order
                if one["chosen"] is not None
            ],
            "withheld": [
                {"division": "", "level": one["level"], "count": one["empty"]} for one in order
            ],
        },
        "",
        ranked,
    )
    for prize in order:
        expected = {(name, row["place"]) for name, (level, row) in given.items() if level is prize}
        found = {(one["to"], one["place"]) for one in prize["given"]}
        for name, place in sorted(expected ^ found):
            words = "gets" if (name, place) in expected else "does not get"
            told = f"by the rules unit “{name}” at place {place} {words} “{prize['level']}”"
            report.say("prizes.csv", 1, told)


def unit_cells(name: str, place: str) -> list[tuple[str, str]]:
    """The cells of a unit that takes part in giving prizes."""
    return [("division", ""), ("place", place), ("entry", name), ("status", "ranked")]


def _check_known(
    values: dict[str, tuple[Fraction, ...]], given: Sequence[str], report: Report
) -> None:
    """No unit without a prize stands above one that has one."""
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
