"""The tables of a dossier while they are filled, and writing them."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contest.core.spreadsheets.writing import safe_text
from contest.results.dossier.reading import COLUMNS


@dataclass
class Tables:
    """The rows of all tables, without their heads."""

    marks: list[Sequence[str]] = field(default_factory=list)
    attempts: list[tuple[str, int, str, Mapping[str, str]]] = field(default_factory=list)
    ranking: list[tuple[Sequence[str], Mapping[str, str]]] = field(default_factory=list)
    prizes: list[Sequence[str]] = field(default_factory=list)
    units: list[Sequence[str]] = field(default_factory=list)
    totals: list[Sequence[str]] = field(default_factory=list)
    total_rounds: list[int] = field(default_factory=list)
    entries: list[Sequence[str]] = field(default_factory=list)
    judges: list[Sequence[str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    seeds: list[str] = field(default_factory=list)


def _write_csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _as_texts(rows: Iterable[Sequence[str]]) -> Iterator[list[Any]]:
    """Rows with names that people typed: no spreadsheet runs them. The check reads none of them."""
    return ([safe_text(cell) for cell in row] for row in rows)


def write_tables(folder: Path, tables: Tables) -> None:
    """Write the tables that have rows, and the seeds, into a folder."""
    codes = tables.codes
    if tables.marks:
        _write_csv(folder / "marks.csv", COLUMNS["marks.csv"], tables.marks)
    if tables.attempts:
        _write_csv(
            folder / "attempts.csv",
            (*COLUMNS["attempts.csv"], *codes),
            (
                (entry, attempt, points, *(keys.get(code, "") for code in codes))
                for entry, attempt, points, keys in tables.attempts
            ),
        )
    _write_csv(
        folder / "ranking.csv",
        (*COLUMNS["ranking.csv"], *codes),
        ((*row, *(keys.get(code, "") for code in codes)) for row, keys in tables.ranking),
    )
    _write_csv(folder / "prizes.csv", COLUMNS["prizes.csv"], tables.prizes)
    _write_csv(folder / "units.csv", COLUMNS["units.csv"], tables.units)
    if tables.totals:
        parts = [f"{name}_{number}" for number in tables.total_rounds for name in ("entry", "part")]
        _write_csv(folder / "totals.csv", (*COLUMNS["totals.csv"], *parts), tables.totals)
    if tables.entries:
        head: tuple[str, ...] = ("round", "entry", "code", "full_name", "unit_path")
        _write_csv(folder / "entries.csv", head, _as_texts(tables.entries))
    if tables.judges:
        head = ("round", "judge", "full_name")
        _write_csv(folder / "judges.csv", head, _as_texts(tables.judges))
    (folder / "seed.txt").write_text("".join(f"{line}\n" for line in tables.seeds), "utf-8")
