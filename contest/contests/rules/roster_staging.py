"""A roster made ready for the preview: rows with their cells, and units found in the tree. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contest.contests.rules.roster_cells import (
    BadCell,
    read_birth,
    read_email,
    read_name,
    read_phone,
)
from contest.contests.rules.roster_headers import BIRTH_PARTS, BIRTHS, Header, Role, find_header
from contest.contests.rules.rosters import RosterReport
from contest.contests.rules.unit_names import unit_variants
from contest.core.spreadsheets import Cell, Place, Row, RowNote, Sheet, column_letters
from contest.core.spreadsheets.legacy import Verdict, converted_cells, verdict
from contest.core.vietnamese import fold, one_line

SHOWN: tuple[str, ...] = ("name", "birth", "unit", "phone", "email")
"""What the preview shows of a row, in this order."""


@dataclass(slots=True)
class StagedRow:
    """A row as it is kept until somebody decides."""

    place: Place
    person: dict[str, Any]
    notes: list[dict[str, Any]] = field(default_factory=list)
    is_good: bool = True
    is_legacy: bool = False

    @property
    def is_flagged(self) -> bool:
        """Whether something is said about a row that can be taken."""
        return self.is_good and bool(self.notes)


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Spellings that seem to mean one unit, and how many rows use them."""

    spellings: tuple[str, ...]
    rows: int


def _roles_by_group(header: Header) -> dict[str, list[int]]:
    """Columns of what the preview shows; a name may stand in two."""
    groups = {
        "name": (Role.NAME, Role.FAMILY, Role.GIVEN),
        "birth": (*BIRTHS, *BIRTH_PARTS),
        "unit": (Role.UNIT,),
        "phone": (Role.PHONE,),
        "email": (Role.EMAIL,),
    }
    return {
        group: [header.roles[role] for role in roles if role in header.roles]
        for group, roles in groups.items()
    }


def _typed(cells: Mapping[int, Cell], columns: Mapping[str, list[int]]) -> dict[str, str]:
    return {
        # Day, month and year of a birth in three columns read as one date.
        group: ("/" if group == "birth" else " ").join(
            cells[column].line for column in places if column in cells
        )
        for group, places in columns.items()
    }


def _converted(row: Row, columns: Mapping[str, list[int]]) -> dict[str, str] | None:
    """What the cells of a row in a legacy font would say; None when that is not certain."""
    cells = {
        column: row.cells[column]
        for places in columns.values()
        for column in places
        if column in row.cells
    }
    if verdict(cells.values()) is not Verdict.LEGACY:
        return None
    return _typed(converted_cells(cells), columns)


def _keep_cells(staged: StagedRow, row: Row, columns: Mapping[str, list[int]]) -> None:
    staged.person["typed"] = _typed(row.cells, columns)
    converted = None if staged.is_good else _converted(row, columns)
    if converted is not None:
        staged.person["converted"] = converted
        staged.is_legacy = True


def stage(sheets: Sequence[Sheet], report: RosterReport) -> tuple[list[StagedRow], dict[str, Any]]:
    """Rows in the order of the file, and the layout of its sheets.

    Args:
        sheets: of the same file as the report; read a second time for what stands in the cells.
        report: what the reader found.
    """
    rows = {person.place: StagedRow(person.place, person.as_json()) for person in report.people}
    for note in report.errors:
        staged = rows.setdefault(note.place, StagedRow(note.place, {}, is_good=False))
        staged.is_good = False
    remarks: list[str] = []
    layout: dict[str, dict[str, str]] = {}
    column_groups: dict[tuple[str | None, str], str] = {}
    for sheet in sheets:
        header = None if sheet.hidden else find_header(sheet)
        if header is None:
            continue
        columns = _roles_by_group(header)
        name = sheet.name or None
        for group, places in columns.items():
            for column in places:
                column_groups[name, column_letters(column)] = group
        layout[sheet.name] = {
            group: "–".join(column_letters(column) for column in places)
            for group, places in columns.items()
            if places
        }
        for row in sheet.rows():
            staged_row = rows.get(Place(row.number, name))
            if staged_row is not None:
                _keep_cells(staged_row, row, columns)
    for note in [*report.errors, *report.flags]:
        found = rows.get(note.place)
        if found is None:
            remarks.append(str(note.message))
        else:
            found.notes.append(_note(note, column_groups))
    order = {sheet.name or None: place for place, sheet in enumerate(sheets)}
    ordered = sorted(rows.values(), key=lambda row: (order.get(row.place.sheet, 0), row.place.row))
    variants = [list(group) for group in report.unit_variants]
    return ordered, {"sheets": layout, "variants": variants, "remarks": remarks}


def _note(note: RowNote, groups: Mapping[tuple[str | None, str], str]) -> dict[str, Any]:
    return {
        "level": note.level,
        "code": note.code,
        "column": note.column,
        "role": groups.get((note.sheet, note.column or ""), ""),
        "message": str(note.message),
        "of_row": note.of_row,
    }


def cell_error(refused: BadCell) -> dict[str, Any]:
    """A note on a row whose cell cannot be read, as the preview keeps it."""
    return {
        "level": "error",
        "code": refused.code,
        "column": None,
        "role": "",
        "message": str(refused.message),
        "of_row": None,
    }


def unit_groups(counts: Mapping[str, int], variants: Sequence[Sequence[str]]) -> list[UnitGroup]:
    """The spellings of a roster's units, those that seem to mean one put together.

    Args:
        counts: rows for each spelling.
        variants: groups of different spellings.
    """
    group_of = {spelling: tuple(group) for group in variants for spelling in group}
    groups: dict[tuple[str, ...], int] = {}
    for spelling, rows in counts.items():
        members = tuple(each for each in group_of.get(spelling, (spelling,)) if each in counts)
        groups[members] = groups.get(members, 0) + rows
    return [UnitGroup(spellings, rows) for spellings, rows in groups.items()]


def match_units(groups: Sequence[UnitGroup], known: Sequence[tuple[int, str]]) -> dict[str, int]:
    """Which unit of the tree each spelling surely means.

    A spelling that differs by marks, abbreviations or level alone is matched when exactly one
    unit answers to it; where two could be meant, nothing is chosen.

    Args:
        groups: spellings of the roster.
        known: ids and names of the units that may be meant.

    Returns:
        Unit ids by spelling, for the spellings that found one.
    """
    by_fold: dict[str, set[int]] = {}
    for unit_id, name in known:
        by_fold.setdefault(fold(one_line(name)), set()).add(unit_id)
    names = {one_line(name): unit_id for unit_id, name in known}
    alike: dict[str, set[int]] = {}
    everything = [*names, *(spelling for group in groups for spelling in group.spellings)]
    for variant in unit_variants(everything):
        ids = {names[one_line(each)] for each in variant if one_line(each) in names}
        for spelling in variant:
            alike.setdefault(spelling, set()).update(ids)
    found: dict[str, int] = {}
    for group in groups:
        ids = set().union(*(by_fold.get(fold(each), set()) for each in group.spellings))
        ids = ids or set().union(*(alike.get(each, set()) for each in group.spellings))
        if len(ids) == 1:
            found.update(dict.fromkeys(group.spellings, ids.pop()))
    return found


def read_part(part: str, text: str, today: date) -> str | None:
    """A part of a person as it was typed by hand, read as a cell of the file would be.

    Raises:
        BadCell: it cannot be read; its message says why.
    """
    typed = one_line(text)
    cell = Cell(typed) if typed else None
    if part == "name":
        return read_name(typed)
    if part == "birth":
        birth = read_birth(cell, today)
        return None if birth is None else birth.date.isoformat()
    if part == "phone":
        return next(iter(read_phone(cell)), None)
    if part == "email":
        return next(iter(read_email(cell)), None)
    return typed or None


def mended_person(typed: Mapping[str, str], today: date) -> dict[str, Any]:
    """A row's person from what was typed by hand, as a staged row keeps it.

    Raises:
        BadCell: a part of it cannot be read.
    """
    read = {part: read_part(part, typed.get(part, ""), today) for part in SHOWN}
    read["phone_e164"] = read.pop("phone")
    return {**read, "position": None, "typed": {part: typed.get(part, "") for part in SHOWN}}
