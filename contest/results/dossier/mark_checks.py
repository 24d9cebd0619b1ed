"""Checking marks: from the sheets of judges to the points and keys of a work."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import Report, Row, cents, half_up, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contest.results.dossier.place_checks import Scores


if TYPE_CHECKING:  # by entry and judge, the marks of the criteria
    Sheets = dict[str, dict[str, dict[str, Fraction]]]

UNIT = 10_000
TWO, THREE, FIVE = 2, 3, 5


def mean(values: Sequence[Fraction]) -> Fraction:
    """The mean, not rounded."""
    return sum(values, Fraction(0)) / len(values)


def closest_pair(totals: Sequence[Fraction]) -> tuple[int, int]:
    """Places of the two nearest; of equals the higher pair."""
    return min(
        combinations(range(len(totals)), 2),
        key=lambda p: (abs(totals[p[0]] - totals[p[1]]), -(totals[p[0]] + totals[p[1]])),
    )


def apart_of(sheets: Sequence[dict[str, Fraction]], rules: dict[str, Any]) -> Fraction:
    """The largest difference on a criterion, as a fraction of its points; 0 if nobody asks."""
    gaps = [Fraction(0)]
    for one in rules["criteria"] if rules["by_criterion"] else []:
        given = [sheet[one["name"]] for sheet in sheets if one["name"] in sheet]
        gaps.append((max(given) - min(given)) / Fraction(one["max"]) if given else gaps[0])
    return max(gaps)


def resolve(
    totals: Sequence[Fraction],
    quorum: int,
    rules: dict[str, Any],
    scale: Fraction,
    apart: Fraction = Fraction(0),
) -> tuple[int, ...] | None:
    """Places of the sheets whose mean is the mark; None when the rule leaves it to people.

    Where two marks are looked at on each criterion too, `apart` is the largest difference on one
    of them, as a fraction of its points.
    """
    everybody, rule = tuple(range(len(totals))), rules["resolution"]
    if len(totals) < max(quorum, 1):
        return None
    if len(totals) == 1 or rule == "mean":
        return everybody
    spread = spread_of(totals, quorum, apart * scale)
    limits = {name: Fraction(rules[name]) * scale for name in ("agree", "third", "spread")}
    if rule == "trimmed":
        order = sorted(everybody, key=lambda place: totals[place])
        return everybody if len(totals) < FIVE else tuple(sorted(order[1:-1]))
    if rule == "without_far":
        middle, most = mean(totals), limits["spread"]
        return tuple(at for at in everybody if abs(totals[at] - middle) <= most) or None
    if rule == "protocol":
        return protocol(totals, quorum, spread, limits)
    if quorum == TWO and len(totals) == TWO:
        return everybody if spread <= limits["third"] else None
    if rule == "third":
        return (len(totals) - 1,)
    if rule == "closest":
        return closest_pair(totals)
    if rule == "median":
        order = sorted(everybody, key=lambda place: totals[place])
        half = len(order) // 2
        return (order[half],) if len(order) % 2 else (order[half - 1], order[half])
    return everybody


def spread_of(totals: Sequence[Fraction], quorum: int, apart: Fraction) -> Fraction:
    """The highest less the lowest; of two marks at least what they are apart on a criterion."""
    least = apart if quorum == TWO and len(totals) == TWO else Fraction(0)
    return max(max(totals) - min(totals), least)


def protocol(
    totals: Sequence[Fraction], quorum: int, spread: Fraction, limits: dict[str, Fraction]
) -> tuple[int, ...] | None:
    """Agree, discuss, third marking, panel."""
    everybody = tuple(range(len(totals)))
    if quorum == TWO and len(totals) == TWO:
        return everybody if spread < limits["agree"] else None
    if quorum == TWO and len(totals) == THREE:
        for pair in ((0, 1), (0, 2), (1, 2)):
            if totals[pair[0]] == totals[pair[1]]:
                return pair
    return everybody if spread <= limits["spread"] else None


def sheets_of(rows: list[Row], rules: dict[str, Any], report: Report) -> Sheets:
    """By entry, (judge, {criterion: mark}) in the order of the file; checks every mark."""
    criteria = {each["name"]: each for each in rules["criteria"]}
    found: Sheets = {}
    for row in rows:
        criterion = criteria.get(row["criterion"])
        mark = number(row, "mark")
        if criterion is None:
            report.say(row.name, row.line, f"the rules have no criterion “{row['criterion']}”")
            continue
        most, step = Fraction(criterion["max"]), Fraction(criterion["step"])
        if not 0 <= mark <= most or (mark / step).denominator != 1:
            report.say(row.name, row.line, f"{row['mark']} is no mark that a judge could give")
        sheet = found.setdefault(row["entry"], {}).setdefault(row["judge"], {})
        if row["criterion"] in sheet:
            report.say(row.name, row.line, "the judge marked this criterion twice")
        sheet[row["criterion"]] = mark
    for sheets in found.values():
        for judge, sheet in sheets.items():
            if len(sheet) != len(criteria):
                report.say("marks.csv", 1, f"sheet of {judge}: not every criterion has a mark")
    return found


def essay_scores(each: dict[str, Any], rows: list[Row], report: Report) -> Scores:
    """By entry: points, keys and what they were computed from."""
    rules = each["rules"]
    scale = sum((Fraction(one["max"]) for one in rules["criteria"]), Fraction(0))
    sheets = sheets_of(rows, rules, report)
    decided = {one["entry"]: one for one in each["decided"]}
    sums = place_sums(sheets)
    scores: Scores = {}
    for entry, given in sheets.items():
        totals = [sum(sheet.values(), Fraction(0)) for sheet in given.values()]
        by_people = decided.get(entry)
        if by_people is not None:
            check_used(entry, by_people["used"], len(given), report)
            used, points = by_people["used"], Fraction(by_people["points"])
        else:
            quorum = each["quorums"].get(entry, rules["marks_per_work"])
            used = resolve(totals, quorum, rules, scale, apart_of(list(given.values()), rules))
            if used is None:
                report.say("marks.csv", 1, f"entry {entry}: by the rules its marks give no mark")
                continue
            points = half_up(mean([totals[place] for place in used]), Fraction(1, 100))
        counting = [list(given.values())[place] for place in used if place < len(given)]
        values = essay_keys(rules, points, counting)
        values["essay_places"] = Fraction(sums.get(entry, 0))
        values["essay_lot"] = Fraction(each["lots"].get(entry, 0))
        basis = " ".join(f"{judge}={sum_of_sheet(sheet)}" for judge, sheet in given.items())
        scores[entry] = (points, [values[code] for code in each["keys"]], basis)
    return scores


def check_used(entry: str, used: Sequence[int], count: int, report: Report) -> None:
    """The sheets of a mark that people settled are some of those that there are, in their order."""
    if [*used] != sorted({*used}) or any(place >= count for place in used):
        report.say("rules.json", 1, f"the sheets used for entry {entry} are not those it has")


def sum_of_sheet(sheet: dict[str, Fraction]) -> str:
    """The total of a sheet with the marks that it is made from."""
    return f"{cents(sum(sheet.values(), Fraction(0)))}={'+'.join(map(cents, sheet.values()))}"


def essay_keys(
    rules: dict[str, Any], points: Fraction, counting: list[dict[str, Fraction]]
) -> dict[str, Fraction]:
    """The keys of ties that come from criteria; smaller is better."""
    means = {
        one["name"]: mean([sheet[one["name"]] for sheet in counting if one["name"] in sheet])
        for one in rules["criteria"]
        if any(one["name"] in sheet for sheet in counting)
    }
    main = [means.get(one["name"], Fraction(0)) for one in rules["criteria"] if one["main"]]
    tops = sum(
        means[one["name"]] >= Fraction(one["top"])
        for one in rules["criteria"]
        if one["name"] in means
    )
    return {
        "essay_total": -half_up(points * UNIT, Fraction(1)),
        "essay_main": -half_up(main[0] * UNIT if main else Fraction(0), Fraction(1)),
        "essay_bands": Fraction(-tops),
    }


def place_sums(sheets: Sheets) -> dict[str, int]:
    """Twice the sum of mid-ranks; empty unless all judges marked the same works."""
    tables: dict[str, dict[str, Fraction]] = {}
    for entry, given in sheets.items():
        for judge, sheet in given.items():
            tables.setdefault(judge, {})[entry] = sum(sheet.values(), Fraction(0))
    if len({frozenset(table) for table in tables.values()}) != 1:
        return {}
    sums: dict[str, int] = {}
    for table in tables.values():
        for entry, own in table.items():
            above = sum(other > own for other in table.values())
            equal = sum(other == own for other in table.values())
            sums[entry] = sums.get(entry, 0) + 2 * above + equal + 1
    return sums
