"""Checking who is who in the fuller dossier of auditors: every name once, and always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contest.results.dossier.reading import Report, Row, read_table
from contest.results.dossier.standing_checks import BELOW

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES, JUDGES = "entries.csv", "judges.csv"
NAME_COLUMNS = {
    ENTRIES: ("round", "entry", "code", "full_name", "unit_path"),
    JUDGES: ("round", "judge", "full_name"),
}


def check_names(
    folder: Path, rules: dict[str, Any], tables: dict[str, list[Row]], report: Report
) -> None:
    """entries.csv and judges.csv name exactly those whose results and marks are told."""
    if rules["least_persons_of_a_unit"] is not None:
        return
    named = {name: read_table(folder, name, columns) for name, columns in NAME_COLUMNS.items()}
    for rows in named.values():
        for row in rows:
            for column in NAME_COLUMNS[row.name]:
                if column != "unit_path" and not row[column]:
                    report.say(row.name, row.line, f"{column} is empty")
    check_entries(named[ENTRIES], tables["ranking.csv"], report)
    check_same_people(named[ENTRIES], tables, report)
    check_judges(named[JUDGES], rules, tables, report)


def check_entries(rows: list[Row], ranking: list[Row], report: Report) -> None:
    """A row for every row of the ranking, in its order, with a path that leads to its unit."""
    for at in range(max(len(rows), len(ranking))):
        row = rows[at] if at < len(rows) else None
        own = ranking[at] if at < len(ranking) else None
        if row is None or own is None:
            report.say(ENTRIES, row.line if row else 1, f"{len(ranking)} entries are ranked")
            return
        if (row["round"], row["entry"]) != (own["round"], own["entry"]):
            report.say(row.name, row.line, f"here stands entry {own['entry']}")
            return
        path, unit = row["unit_path"].lstrip("'"), own["unit"].lstrip("'")
        if unit and path != unit and not path.endswith(BELOW + unit):
            report.say(row.name, row.line, f"the path does not lead to “{own['unit']}”")


def check_same_people(rows: list[Row], tables: dict[str, list[Row]], report: Report) -> None:
    """One code, one person: the same name and unit everywhere, and the same entries."""
    codes = {row["entry"]: row["code"] for row in rows}
    known: dict[str, Row] = {}
    for row in rows:
        first = known.setdefault(row["code"], row)
        for column in ("full_name", "unit_path"):
            if row[column] != first[column]:
                words = f"{column} is another than at line {first.line}, by the same code"
                report.say(row.name, row.line, words)
    people: dict[tuple[str, str], str] = {}
    for row in tables["ranking.csv"]:
        code = codes.get(row["entry"], "")
        if codes.get(row["person"], "") != code:
            report.say(row.name, row.line, "the entries of this person have several codes")
        elif people.setdefault((row["round"], code), row["person"]) != row["person"]:
            report.say(row.name, row.line, "somebody else of the round has the same code")
    for row in tables["totals.csv"]:
        cells = [row[column] for column in row if column.startswith("entry_") and row[column]]
        if len({codes.get(cell, "") for cell in cells}) > 1:
            report.say(row.name, row.line, "the entries of this person have several codes")


def check_judges(
    rows: list[Row], rules: dict[str, Any], tables: dict[str, list[Row]], report: Report
) -> None:
    """Every judge who gave a mark stands there once, by number."""
    known = [(row["round"], row["judge"]) for row in rows]
    rounds = [str(each["number"]) for each in rules["rounds"]]
    wanted = [
        (number, f"J{place:03d}")
        for number in rounds
        for place in range(1, 1 + sum(one[0] == number for one in known))
    ]
    if known != wanted:
        report.say(JUDGES, 1, "judges stand there by round and number, each once")
    of_entry = {row["entry"]: row["round"] for row in tables["ranking.csv"]}
    for row in tables["marks.csv"]:
        if (of_entry.get(row["entry"], ""), row["judge"]) not in known:
            report.say(row.name, row.line, f"judge {row['judge']} stands not in {JUDGES}")
            return
