"""Checking the standings of a dossier: totals of the contest, and units in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import Report, Row, Wrong, compare, decimals, number

if TYPE_CHECKING:
    from collections.abc import Sequence

BELOW = " › "
TOTAL = "total"


# ── totals ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Sum:
    """The total of a person, found again from the rankings."""

    row: Row
    total: Fraction
    taken: int
    entries: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The first name that stands in the row."""
        cells = (self.row[column] for column in self.row if column.startswith("entry_"))
        return next((cell for cell in cells if cell), "")


def people_of(ranking: Sequence[Row]) -> dict[str, list[Row]]:
    """Ranked entries by the person whose they are; who takes no prize is left out of totals."""
    found: dict[str, list[Row]] = {}
    for row in ranking:
        if row["status"] == "ranked":
            found.setdefault(row["person"], []).append(row)
    return found


def check_totals(terms: dict[str, Any], tables: dict[str, list[Row]], report: Report) -> list[Sum]:
    """totals.csv adds up what ranking.csv says, and gives places by it."""
    people = {
        one["number"]: people_of(
            [row for row in tables["ranking.csv"] if row["round"] == str(one["number"])]
        )
        for one in terms["rounds"]
    }
    sums = [sum_of(row, terms, people, report) for row in tables["totals.csv"]]
    for round_number, left in people.items():
        for person in sorted(left):
            report.say("totals.csv", 1, f"entry {person} of round {round_number} is missing")
    wanted = terms["best"] or len(terms["rounds"])
    placed: dict[str, list[Sum]] = {}
    for one in sums:
        if one.row["division"] not in terms["divisions"]:
            words = f"there is no division “{one.row['division']}”"
            report.say(one.row.name, one.row.line, words)
        if terms["missing"] == "unplaced" and one.taken < wanted:
            compare(one.row, "place", "", report)
        else:
            placed.setdefault(one.row["division"], []).append(one)
    for listed in placed.values():
        for one in listed:
            place = 1 + sum(other.total > one.total for other in listed)
            compare(one.row, "place", str(place), report)
    return sums


def sum_of(
    row: Row, terms: dict[str, Any], people: dict[int, dict[str, list[Row]]], report: Report
) -> Sum:
    """A person's total; takes their entries out of `people`, so that nobody is added twice."""
    given: list[Fraction] = []
    entries: list[Row] = []
    for one in terms["rounds"]:
        entry, weight = f"entry_{one['number']}", Fraction(one["weight"])
        if not row[entry]:
            compare(row, f"part_{one['number']}", "", report)
            continue
        own = people[one["number"]].pop(row[entry], None)
        if own is None:
            report.say(row.name, row.line, f"{entry}: nobody is ranked there by this name")
            continue
        shares = [share_of(each) for each in own]
        given.append(weight * max(shares))
        compare(row, f"part_{one['number']}", decimals(given[-1]), report)
        entries += own
        for each in own:
            compare(each, "unit", row["unit"], report)
    best = terms["best"] or len(given)
    total = sum(sorted(given, reverse=True)[:best], Fraction(0))
    compare(row, "total", decimals(total), report)
    compare(row, "taken", str(len(given)), report)
    return Sum(row, total, len(given), entries)


def share_of(row: Row) -> Fraction:
    """Points of most points; nothing where there was nothing to get."""
    most = number(row, "most")
    return number(row, "exact") / most if most else Fraction(0)


# ── units ───────────────────────────────────────────────────────────────────────────────────


@dataclass
class Unit:
    """What the people of a unit did together."""

    entries: int = 0
    persons: int = 0
    attempts: int = 0
    points: Fraction = Fraction(0)
    winners: int = 0

    def cells(self, headcount: int | None) -> dict[str, str]:
        """The cells that follow from the sums."""
        return {
            "entries": str(self.entries),
            "persons": str(self.persons),
            "attempts": str(self.attempts),
            "points": decimals(self.points),
            "winners": str(self.winners),
            "mean": decimals(self.mean) if self.entries else "",
            "ratio": decimals(Fraction(self.persons, headcount)) if headcount else "",
        }

    @property
    def mean(self) -> Fraction:
        """Mean points of an entry; 0 without entries."""
        return self.points / self.entries if self.entries else Fraction(0)

    def values(self, keys: Sequence[str], headcount: int | None) -> tuple[Fraction, ...]:
        """The values of the keys, in their order; more is better."""
        known = {
            "persons": Fraction(self.persons),
            "attempts": Fraction(self.attempts),
            "mean": self.mean,
            "ratio": Fraction(self.persons, headcount) if headcount else Fraction(0),
            "winners": Fraction(self.winners),
        }
        return tuple(known[key] for key in keys)


def units_of_round(
    each: dict[str, Any], ranking: Sequence[Row], prizes: Sequence[Row], tries: dict[str, int]
) -> dict[str, Unit]:
    """By unit what its people did in a round; the disqualified are left out."""
    terms = each["standings"] or {"with_staff": True}
    wanted = {"ranked", "no_prize"} if terms["with_staff"] else {"ranked"}
    units: dict[str, Unit] = {}
    people: set[tuple[str, str]] = set()
    unit_of = {row["entry"]: row["unit"] for row in ranking}
    for row in ranking:
        unit = units.setdefault(row["unit"], Unit())
        if row["status"] not in wanted:
            continue
        unit.entries += 1
        unit.attempts += tries.get(row["entry"], 1)
        unit.points += number(row, "exact")
        if (row["person"], row["status"]) not in people:
            people.add((row["person"], row["status"]))
            unit.persons += 1
    for row in prizes:
        if row["entry"] in unit_of:
            units[unit_of[row["entry"]]].winners += 1
    return units


def units_of_totals(
    sums: Sequence[Sum], prizes: Sequence[Row], rounds: set[str], tries: dict[str, int]
) -> dict[str, Unit]:
    """By unit what its people did over the rounds; their mean is that of the totals."""
    units: dict[str, Unit] = {}
    won = {(row["round"], row["entry"]) for row in prizes if row["round"] in rounds}
    for one in sums:
        unit = units.setdefault(one.row["unit"], Unit())
        unit.persons += 1
        unit.entries += 1
        unit.points += number(one.row, "total")
        for row in one.entries:
            unit.attempts += tries.get(row["entry"], 1)
            unit.winners += (row["round"], row["entry"]) in won
        unit.winners += (TOTAL, one.name) in won
    return units


def check_units(
    scope: str,
    terms: dict[str, Any] | None,
    units: dict[str, Unit],
    rows: Sequence[Row],
    report: Report,
) -> None:
    """units.csv says what the units did, and puts them in order where the rules rank them."""
    heads = terms["headcounts"] if terms else {}
    left, known = dict(units), []
    for row in rows:
        unit = left.pop(row["unit"], None)
        if unit is None:
            report.say(row.name, row.line, f"nobody of “{row['unit']}” took part, or it is twice")
            continue
        head = heads.get(row["unit"])
        for column, cell in unit.cells(head).items():
            compare(row, column, cell, report)
        if terms and stands(row["unit"], unit, terms, head):
            known.append((unit.values(terms["keys"], head), row))
        else:
            for column in ("place", "within", "merged_above", "merged_within"):
                compare(row, column, "", report)
    for name in sorted(left):
        report.say("units.csv", 1, f"unit “{name}” of {scope} is missing")
    if terms:
        check_unit_places(known, terms["merged"], report)


def stands(name: str, unit: Unit, terms: dict[str, Any], head: int | None) -> bool:
    """Whether a unit gets a place: none without a name, too small, or without a head-count."""
    size = unit.persons if head is None else head
    if not name or name == terms["rest"] or size < terms["fewest"]:
        return False
    return "ratio" not in terms["keys"] or bool(head)


def check_unit_places(
    known: Sequence[tuple[tuple[Fraction, ...], Row]], merged: int, report: Report
) -> None:
    """Places count the units that stand above, those told together among them.

    How many of these stand above is said by the dossier; it can only grow from place to place,
    and never passes how many there are.
    """
    before = {"merged_above": 0}
    for values, row in sorted(known, key=lambda pair: pair[0], reverse=True):
        for column, more in (("place", "merged_above"), ("within", "merged_within")):
            above = sum(
                other > values
                for other, each in known
                if column == "place" or group_of(each) == group_of(row)
            )
            hidden = whole(row, more)
            compare(row, column, str(1 + above + hidden), report)
            if not 0 <= hidden <= merged:
                report.say(row.name, row.line, f"{more} is {hidden}, of {merged}")
        if whole(row, "merged_above") < before["merged_above"]:
            report.say(row.name, row.line, "merged_above is less than of the unit above")
        before["merged_above"] = whole(row, "merged_above")


def group_of(row: Row) -> list[str]:
    """The units above a unit."""
    return row["unit"].split(BELOW)[1:]


def whole(row: Row, column: str) -> int:
    """A cell as a whole number."""
    value = number(row, column)
    if value.denominator != 1:
        raise Wrong(f"{row.name}:{row.line}: “{row[column]}” in column {column} is no whole number")
    return int(value)
