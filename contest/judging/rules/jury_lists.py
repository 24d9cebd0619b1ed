"""Reading a list of judges from a spreadsheet: name, telephone or mail, unit, role. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contest.contests.rules.roster_cells import BadCell, read_email, read_name, read_phone
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import (
    Cell,
    Place,
    Row,
    RowNote,
    Sheet,
    UnreadableFile,
    column_letters,
)
from contest.core.spreadsheets.legacy import Verdict, verdict
from contest.core.spreadsheets.tables import is_banner, is_decoration, names_of
from contest.core.vietnamese import fold

MOST_JUDGES: Final = 500
_LOOK_AT_ROWS: Final = 60
_LONGEST_CAPACITY: Final = 6


class Column(StrEnum):
    """What a column of the list holds."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    CONTACT = "contact"
    UNIT = "unit"
    ROLE = "role"
    CAPACITY = "capacity"


SHOWN: Final = (
    Column.NAME,
    Column.PHONE,
    Column.EMAIL,
    Column.UNIT,
    Column.ROLE,
    Column.CAPACITY,
)
_HEADINGS: Final = {
    Column.NAME: (
        "ho va ten|ho ten|full name|name|giam khao|ten giam khao|ho va ten giam khao|judge"
    ),
    Column.PHONE: "so dien thoai|sdt|dien thoai|dt|so dt|di dong|phone|phone number|mobile|tel",
    Column.EMAIL: "email|e mail|thu dien tu|dia chi email|mail",
    Column.CONTACT: (
        "lien he|thong tin lien he|so dien thoai email|dien thoai email|sdt email|"
        "email so dien thoai|email dien thoai|email sdt|contact|phone or mail|phone mail"
    ),
    Column.UNIT: (
        "don vi|don vi cong tac|co quan|noi cong tac|co quan don vi|unit|organisation|department|"
        "co quan cong tac|truong"
    ),
    Column.ROLE: "vai tro|nhiem vu|chuc danh|chuc danh trong ban giam khao|chuc vu trong bgk|role",
    Column.CAPACITY: "so bai toi da|so bai|toi da|so bai nhan cham|capacity|most works",
}
_COLUMN_OF: Final = {name: column for column, all_ in _HEADINGS.items() for name in all_.split("|")}
_CHIEF_WORDS: Final = (
    "truong ban|truong ban giam khao|truong ban bgk|truong bgk|truong|chu tich|chu tich hoi dong|"
    "giam khao truong|to truong|chief|chief judge|chair"
)
_JUDGE_WORDS: Final = (
    "giam khao|thanh vien|uy vien|pho truong ban|pho ban|pho truong ban giam khao|pho chu tich|"
    "thanh vien ban giam khao|cham thi|can bo cham thi|judge|member|-|"
)
_CHIEFS: Final = frozenset(_CHIEF_WORDS.split("|"))
_JUDGES: Final = frozenset(_JUDGE_WORDS.split("|"))


@dataclass(slots=True)
class JuryRow:
    """A row of the list: what was typed, what it means, and what is said about it."""

    place: Place
    typed: dict[str, str]
    name: str = ""
    phone: str | None = None
    email: str | None = None
    unit: str = ""
    is_chief: bool = False
    capacity: int | None = None
    notes: list[RowNote] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether the row can be used."""
        return not any(note.level == "error" for note in self.notes)


@dataclass(frozen=True, slots=True)
class _Header:
    row: int
    columns: Mapping[Column, int]

    def letters(self, column: Column | None) -> str | None:
        place = None if column is None else self.columns.get(column)
        return None if place is None else column_letters(place)


def read_jury(sheets: Sequence[Sheet]) -> list[JuryRow]:
    """The judges of a list, in the order of the file.

    Raises:
        UnreadableFile: no sheet has a column of names beside one of telephone numbers or mail, or
            there are too many rows.
    """
    rows: list[JuryRow] = []
    found = False
    for sheet in sheets:
        header = None if sheet.hidden else _find_header(sheet)
        if header is None:
            continue
        found = True
        for row in _people(sheet, header):
            rows.append(_read(row, sheet, header))
            if len(rows) > MOST_JUDGES:
                words = _l("The list has more than %(count)s rows.", count=MOST_JUDGES)
                raise UnreadableFile("too_many", words)
    if not found:
        raise UnreadableFile(
            "no_header",
            _l(
                "No header row was found. The list needs a column with the full name (Họ và tên) "
                "and one with a phone number or an e-mail address."
            ),
        )
    _note_repeats(rows)
    return rows


def _find_header(sheet: Sheet) -> _Header | None:
    for seen, row in enumerate(sheet.rows()):
        if seen >= _LOOK_AT_ROWS:
            break
        columns: dict[Column, int] = {}
        for place, name in sorted(names_of(sheet, row).items()):
            column = _COLUMN_OF.get(name)
            if column is not None:
                columns.setdefault(column, place)
        contacts = {Column.PHONE, Column.EMAIL, Column.CONTACT} & columns.keys()
        if Column.NAME in columns and contacts:
            return _Header(row.number, columns)
    return None


def _people(sheet: Sheet, header: _Header) -> Iterator[Row]:
    """Rows below the header that hold a person, titles and signatures left out."""
    contacts = [
        header.columns[column]
        for column in (Column.PHONE, Column.EMAIL, Column.CONTACT)
        if column in header.columns
    ]
    name = header.columns[Column.NAME]
    for row in sheet.rows():
        if row.number <= header.row or row.hidden or is_banner(row, sheet.merges):
            continue
        reachable = any(place in row.cells for place in contacts)
        named = name in row.cells
        if reachable or (named and not is_decoration(row.cells[name]) and len(row.cells) > 1):
            yield row


def _read(row: Row, sheet: Sheet, header: _Header) -> JuryRow:
    cells = {
        column: row.cells[place]
        for column, place in header.columns.items()
        if place in row.cells and place not in sheet.hidden_columns
    }
    made = JuryRow(
        Place(row.number, sheet.name or None),
        {column.value: cells[column].line for column in cells},
    )
    if verdict(cells.values()) is not Verdict.UNICODE:
        words = _l("This row is not written in Unicode. Type it again.")
        made.notes.append(RowNote(made.place, "letters", words))
        return made
    _split_contact(cells, made)
    _fill(made, cells, header)
    return made


def _split_contact(cells: dict[Column, Cell], made: JuryRow) -> None:
    """A column that holds a telephone number or an address: by what stands in it."""
    both = cells.get(Column.CONTACT)
    if both is None:
        return
    for part in re.split(r"[\s]*[;,/|\n]\s*|\s{2,}", both.text.strip()):
        column = Column.EMAIL if "@" in part else Column.PHONE
        if part and column not in cells:
            cells[column] = both._replace(text=part)
            made.typed[column.value] = part


def _fill(made: JuryRow, cells: Mapping[Column, Cell], header: _Header) -> None:
    def refuse(code: str, words: Words, column: Column | None) -> None:
        where = header.letters(column) or header.letters(Column.CONTACT)
        made.notes.append(RowNote(made.place, code, words, where))

    def read(column: Column, reader: Callable[[], Any]) -> Any:
        try:
            return reader()
        except BadCell as bad:
            refuse(bad.code, bad.message, column)
            return None

    typed = cells[Column.NAME].line if Column.NAME in cells else ""
    made.name = read(Column.NAME, lambda: read_name(typed)) or ""
    phones = read(Column.PHONE, lambda: read_phone(cells.get(Column.PHONE)))
    emails = read(Column.EMAIL, lambda: read_email(cells.get(Column.EMAIL)))
    made.phone = phones[0] if phones else None
    made.email = emails[0].casefold() if emails else None
    made.unit = cells[Column.UNIT].line if Column.UNIT in cells else ""
    if phones == () and emails == ():
        words = _l("A phone number or an e-mail address is needed: the judge signs in with it.")
        column = Column.PHONE if Column.PHONE in header.columns else Column.EMAIL
        refuse("no_contact", words, column)
    role = fold(cells[Column.ROLE].line) if Column.ROLE in cells else ""
    made.is_chief = role in _CHIEFS
    if role not in _CHIEFS and role not in _JUDGES:
        words = _l(
            "“%(role)s” is no role on a jury. Write “trưởng ban” or “giám khảo”; people who do "
            "not mark are left out of this list.",
            role=made.typed.get("role", ""),
        )
        refuse("bad_role", words, Column.ROLE)
    capacity = cells[Column.CAPACITY].line if Column.CAPACITY in cells else ""
    if capacity.isdecimal() and 0 < len(capacity) <= _LONGEST_CAPACITY and int(capacity) > 0:
        made.capacity = int(capacity)
    elif capacity:
        words = _l("Write how many works at the most as a number, or leave the cell empty.")
        refuse("bad_capacity", words, Column.CAPACITY)


def _note_repeats(rows: Sequence[JuryRow]) -> None:
    """Of two rows with one telephone number or address, the second is refused."""
    seen: dict[str, int] = {}
    chief: int | None = None
    for row in rows:
        earlier = next((seen[key] for key in (row.phone, row.email) if key and key in seen), None)
        if earlier is not None:
            words = _l("Row %(row)s has the same phone number or address.", row=earlier)
            row.notes.append(RowNote(row.place, "repeated", words))
            continue
        seen |= {key: row.place.row for key in (row.phone, row.email) if key}
        if row.is_chief and chief is not None:
            words = _l("Row %(row)s is chief judge already; both would preside.", row=chief)
            row.notes.append(RowNote(row.place, "two_chiefs", words, level="flag"))
        elif row.is_chief:
            chief = row.place.row
