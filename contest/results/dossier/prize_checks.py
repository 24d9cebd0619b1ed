"""Checking the prizes of levels: given anew by places and rules."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import compare

if TYPE_CHECKING:
    from contest.results.dossier.reading import Report, Row


def allocate(
    each: dict[str, Any], division: str, rows: list[Row]
) -> dict[str, tuple[dict[str, Any], Row]]:
    """Entries with their prize level, from the places."""
    passed = {one["entry"] for one in each["passed_over"]}
    able = [
        row
        for row in rows
        if row["division"] == division
        and row["status"] == "ranked"
        and row["entry"] not in passed
        and row["place"].isdecimal()
    ]
    able.sort(key=lambda row: int(row["place"]))
    groups = [list(group) for _place, group in groupby(able, key=lambda row: row["place"])]
    chosen = {
        one["level"]: set(one["chosen"]) for one in each["ties"] if one["division"] == division
    }
    empty = {one["level"]: one["count"] for one in each["withheld"] if one["division"] == division}
    given: dict[str, tuple[dict[str, Any], Row]] = {}
    for level in each["levels"]:
        left = level["quota"] - empty.get(level["level"], 0)
        while left > 0 and groups:
            group = groups[0]
            if len(group) > left:
                if level["ties"] == "shrink":
                    break
                if level["ties"] == "stop":
                    mine = chosen.get(level["level"])
                    if mine is None:
                        return given
                    rest = [row for row in group if row["entry"] not in mine]
                    group = [row for row in group if row["entry"] in mine]
                    groups[:1] = [rest] if rest else []
                else:
                    groups.pop(0)
                given.update({row["entry"]: (level, row) for row in group})
                break
            groups.pop(0)
            given.update({row["entry"]: (level, row) for row in group})
            left -= len(group)
    return given


def check_prizes(
    each: dict[str, Any], ranking: list[Row], prizes: list[Row], report: Report
) -> None:
    """prizes.csv holds exactly the prizes that places and rules give."""
    given: dict[str, tuple[dict[str, Any], Row]] = {}
    for division in each["divisions"]:
        given.update(allocate(each, division, ranking))
    for row in prizes:
        own = given.pop(row["entry"], None)
        if own is None:
            report.say(row.name, row.line, f"by the rules entry {row['entry']} gets no prize")
            continue
        level, place = own
        compare(row, "level", level["level"], report)
        compare(row, "money", str(level["money"]), report)
        compare(row, "place", place["place"], report)
        compare(row, "division", place["division"], report)
    for entry, (level, _row) in sorted(given.items()):
        report.say("prizes.csv", 1, f"entry {entry} gets “{level['level']}” and is missing")
