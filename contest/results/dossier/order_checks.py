"""Checking that rows and columns stand where a dossier puts them, so that a moved row is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contest.results.dossier.attempt_checks import key_column
from contest.results.dossier.extra_checks import BESIDE
from contest.results.dossier.reading import COLUMNS, Report, Row
from contest.results.dossier.standing_checks import TOTAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LAST = 10**18


def check_order(rules: dict[str, Any], tables: dict[str, list[Row]], report: Report) -> None:
    """Columns are those of the rules, and rows follow each other as they were written.

    Between two equal places the pseudonyms decide, so that the order tells of nothing else.
    """
    check_columns(rules, tables, report)
    scopes = [str(each["number"]) for each in rules["rounds"]]
    of_entry = {row["entry"]: at_of(scopes, row["round"]) for row in tables["ranking.csv"]}
    by_number = {str(each["number"]): each for each in (*rules["rounds"],)}
    if rules["totals"]:
        scopes.append(TOTAL)
        by_number[TOTAL] = rules["totals"]
    criteria = {
        number: [one["name"] for one in each["rules"]["criteria"]]
        for number, each in by_number.items()
        if number != TOTAL and each["kind"] == "essay"
    }

    def of_ranking(row: Row) -> tuple[Any, ...]:
        divisions = by_number.get(row["round"], {"divisions": []})["divisions"]
        division = at_of(divisions, row["division"])
        return at_of(scopes, row["round"]), division, place_of(row), row["entry"]

    def of_prizes(row: Row) -> tuple[Any, ...]:
        scope = at_of(scopes, row["round"])
        if not row["level"].startswith(BESIDE):
            return scope, 0, row["division"], row["level"], place_of(row), row["entry"]
        extras = by_number.get(row["round"], {"extras": []})["extras"]
        at = at_of([one["level"] for one in extras], row["level"])
        given = [] if at == LAST else [(one["to"], one["place"]) for one in extras[at]["given"]]
        return scope, 1, at, at_of(given, (row["entry"], row["place"]))

    def of_marks(row: Row) -> tuple[Any, ...]:
        return of_entry.get(row["entry"], LAST), row["entry"]

    check_rows(tables["ranking.csv"], of_ranking, report)
    check_rows(
        tables["attempts.csv"], lambda row: (*of_marks(row), whole_or_last(row["attempt"])), report
    )
    check_rows(tables["marks.csv"], of_marks, report)
    check_rows(tables["prizes.csv"], of_prizes, report)
    check_rows(tables["units.csv"], lambda row: (at_of(scopes, row["round"]), row["unit"]), report)
    check_rows(
        tables["totals.csv"],
        lambda row: (
            at_of(rules["totals"]["divisions"] if rules["totals"] else [], row["division"]),
            place_of(row),
            list(row.values())[len(COLUMNS["totals.csv"]) :],
        ),
        report,
    )
    check_sheets(tables["marks.csv"], scopes, of_entry, criteria, report)


def check_columns(rules: dict[str, Any], tables: dict[str, list[Row]], report: Report) -> None:
    """Behind the columns that are always there: the keys of the rounds, and parts of the totals."""
    keys: list[str] = []
    for each in rules["rounds"]:
        keys += [key_column(one) for one in each["keys"] if key_column(one) not in keys]
    parts = [
        f"{name}_{one['number']}"
        for one in (rules["totals"]["rounds"] if rules["totals"] else [])
        for name in ("entry", "part")
    ]
    for name, more in (("attempts.csv", keys), ("ranking.csv", keys), ("totals.csv", parts)):
        head = list(tables[name][0]) if tables[name] else None
        if head is not None and head != [*COLUMNS[name], *more]:
            report.say(
                name, 1, f"behind {COLUMNS[name][-1]} stand {', '.join(more)}, in this order"
            )


def check_rows(rows: Sequence[Row], key: Callable[[Row], Any], report: Report) -> None:
    """Say the first row that stands before one which belongs above it."""
    before: Any = None
    for row in rows:
        own = key(row)
        if before is not None and own < before:
            report.say(row.name, row.line, "this row stands below one that belongs behind it")
            return
        before = own


def check_sheets(
    rows: Sequence[Row],
    scopes: Sequence[str],
    of_entry: dict[str, int],
    criteria: dict[str, list[str]],
    report: Report,
) -> None:
    """The marks of a sheet stand together, its criteria as in the rules."""
    before: tuple[str, str] = ("", "")
    seen: set[tuple[str, str]] = set()
    last = 0
    for row in rows:
        sheet = row["entry"], row["judge"]
        scope = of_entry.get(row["entry"], LAST)
        names = criteria.get(scopes[scope], []) if scope < len(scopes) else []
        at = at_of(names, row["criterion"])
        if (sheet != before and sheet in seen) or (sheet == before and at < last):
            report.say(row.name, row.line, "the marks of a sheet stand in another order")
            return
        seen.add(sheet)
        before, last = sheet, at


def at_of(known: Sequence[Any], value: Any) -> int:
    """Where a value stands in a list; behind everything where it does not."""
    return known.index(value) if value in known else LAST


def place_of(row: Row) -> int:
    """A place as a number; who has none stands last."""
    return whole_or_last(row["place"])


def whole_or_last(cell: str) -> int:
    """A whole number, or one behind all others."""
    return int(cell) if cell.isdecimal() and len(cell) < len(str(LAST)) else LAST
