"""Reading a roster: rows of a spreadsheet to persons, errors and flags. Pure.

Nothing is guessed: a date, phone or address that cannot be read rejects its row with the reason;
an empty one does not. Two rows that seem to be one person are shown, never merged.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from contest.contests.rules.roster_cells import (
    BadCell,
    Birth,
    read_birth,
    read_birth_parts,
    read_email,
    read_name,
    read_phone,
)
from contest.contests.rules.roster_headers import (
    BIRTH_PARTS,
    BIRTHS,
    TELLING,
    Header,
    Role,
    find_header,
)
from contest.contests.rules.roster_people import RosterPerson, alike
from contest.contests.rules.unit_names import unit_variants
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
from contest.core.spreadsheets.tables import (
    MergedColumns,
    hidden_headings,
    is_banner,
    is_decoration,
    is_running_number,
)
from contest.core.vietnamese import fold, is_landline

Read = TypeVar("Read")

LEGACY: Final = "legacy_encoding"
_SIGNATURES_FROM: Final = re.compile(
    r".*\b(?:nguoi lap|lap danh sach|nguoi tong hop|tong so|tong cong|danh sach nay co|"
    r"an dinh danh sach|ky ten|ghi ro ho ten)\b.*|(?:tm|t/m|kt|tl)\b.*"
)


@dataclass
class RosterReport:
    """All that a roster gave. `accepted` + `rejected` counts persons."""

    people: list[RosterPerson] = field(default_factory=list)
    errors: list[RowNote] = field(default_factory=list)
    flags: list[RowNote] = field(default_factory=list)
    skipped: int = 0
    unit_variants: tuple[tuple[str, ...], ...] = ()

    @property
    def accepted(self) -> int:
        """How many persons can be taken."""
        return len(self.people)

    @property
    def rejected(self) -> int:
        """How many cannot; a row with two errors counts once."""
        return len({error.place for error in self.errors})

    def as_json(self, format_code: str) -> dict[str, Any]:
        """Return the report as `import-roster --json` prints it."""
        return {
            "format": format_code,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "skipped": self.skipped,
            "people": [person.as_json() for person in self.people],
            "errors": [error.as_json() for error in self.errors],
        }


# ── rows ────────────────────────────────────────────────────────────────────────────────────


class _Roster:
    """One sheet of a roster, read row by row into the report."""

    def __init__(self, sheet: Sheet, header: Header, report: RosterReport, today: date) -> None:
        self.sheet, self.header, self.report, self.today = sheet, header, report, today
        self.sheet_name = sheet.name or None
        self.merged = MergedColumns(sheet.merges)
        self.section: str | None = None
        self.numbered = Role.NUMBER in header.roles
        self.ended = False

    def read(self) -> None:
        for row in self.sheet.rows():
            self.merged.remember(row)
            if row.number < self.header.row:
                self.report.skipped += 1
            elif row.number > self.header.last_row:
                self._row(row)

    def _row(self, row: Row) -> None:
        cells = {
            role: row.cells[column]
            for role, column in self.header.roles.items()
            if column in row.cells
        }
        place = Place(row.number, self.sheet_name)
        if not self._is_person(row, cells):
            self.report.skipped += 1
            self._remember_section(row)
            self._flag_doubt(row, cells, place)
        elif row.hidden:
            self.report.skipped += 1
            self._flag(place, "hidden_row", _l("This row is hidden in the sheet and was not read."))
        else:
            self._inherit_unit(row, cells)
            self._person(row, cells, place)

    def _is_person(self, row: Row, cells: Mapping[Role, Cell]) -> bool:
        if self.header.repeated_by(row) or is_banner(row, self.sheet.merges):
            return False
        parts = {role for role in cells if role not in (Role.NUMBER, Role.NOTE)}
        if is_running_number(cells.get(Role.NUMBER)):
            return bool(parts)
        named = Role.NAME in cells or Role.FAMILY in cells or Role.GIVEN in cells
        if any(_SIGNATURES_FROM.fullmatch(fold(cell.line)) for cell in row.cells.values()):
            self.ended = True
            return False
        if named and any(role in cells for role in TELLING):
            return not all(is_decoration(cells[role]) for role in parts)
        if not named or self.ended or self.numbered:
            return False
        return Role.UNIT in cells and not is_decoration(cells[Role.UNIT])

    def _remember_section(self, row: Row) -> None:
        if len(row.cells) == 1 and not self.ended and not self.header.repeated_by(row):
            (cell,) = row.cells.values()
            self.section = cell.line

    def _flag_doubt(self, row: Row, cells: Mapping[Role, Cell], place: Place) -> None:
        """Show a skipped row that holds a name and a unit but no number: perhaps a person."""
        doubtful = Role.NAME in cells and Role.UNIT in cells and not self.ended
        if doubtful and not is_decoration(cells[Role.NAME]) and not self.header.repeated_by(row):
            message = _l("This row has no number and was taken for a note, not for a person.")
            self._flag(place, "not_a_person", message, Role.NAME)

    def _inherit_unit(self, row: Row, cells: dict[Role, Cell]) -> None:
        column = self.header.roles.get(Role.UNIT)
        if column is not None and Role.UNIT not in cells:
            above = self.merged.above(row.number, column)
            if above is not None:
                cells[Role.UNIT] = above

    def _name(self, row: Row, cells: Mapping[Role, Cell]) -> tuple[str, Role]:
        """Return the name, from one column or from two, and the column that errors point to."""
        if Role.NAME in self.header.roles:
            parts = [cells[Role.NAME].line] if Role.NAME in cells else []
            if self.header.spare is not None and self.header.spare in row.cells:
                parts.append(row.cells[self.header.spare].line)
            return " ".join(parts), Role.NAME
        parts = [cells[role].line for role in (Role.FAMILY, Role.GIVEN) if role in cells]
        return " ".join(parts), Role.FAMILY

    def _person(self, row: Row, cells: Mapping[Role, Cell], place: Place) -> None:
        written = verdict(row.cells[column] for column in row.cells if self._is_known(column))
        if written is not Verdict.UNICODE:
            self._refuse(place, *_unreadable_letters(written))
            return
        before = len(self.report.errors)
        typed, name_role = self._name(row, cells)
        name = self._try(place, name_role, lambda: read_name(typed))
        birth = self._birth(cells, place)
        phones = self._try(place, Role.PHONE, lambda: read_phone(cells.get(Role.PHONE)))
        emails = self._try(place, Role.EMAIL, lambda: read_email(cells.get(Role.EMAIL)))
        if len(self.report.errors) > before or name is None:
            return
        person = RosterPerson(
            place=place,
            name=name,
            birth=birth.date if birth else None,
            phone_e164=phones[0] if phones else None,
            email=emails[0] if emails else None,
            unit=cells[Role.UNIT].line if Role.UNIT in cells else None,
            position=cells[Role.POSITION].line if Role.POSITION in cells else None,
            section=self.section,
            other_phones=tuple(phones[1:]) if phones else (),
        )
        self.report.people.append(person)
        self._flag_guesses(
            person, two_digits=bool(birth and birth.two_digit_year), emails=emails or ()
        )

    def _birth(self, cells: Mapping[Role, Cell], place: Place) -> Birth | None:
        if Role.BIRTH_YEAR in self.header.roles:
            day, month, year = (cells.get(role) for role in BIRTH_PARTS)
            return self._try(
                place, Role.BIRTH_YEAR, lambda: read_birth_parts(day, month, year, self.today)
            )
        role = next((role for role in BIRTHS if role in cells), Role.BIRTH)
        return self._try(place, role, lambda: read_birth(cells.get(role), self.today))

    def _is_known(self, column: int) -> bool:
        return column in self.header.roles.values() or column == self.header.spare

    def _flag_guesses(
        self, person: RosterPerson, *, two_digits: bool, emails: Sequence[str]
    ) -> None:
        place = person.place
        if two_digits and person.birth is not None:
            message = _l(
                "The year of birth has two digits; it was understood as %(year)s.",
                year=person.birth.date.year,
            )
            self._flag(place, "two_digit_year", message, Role.BIRTH)
        if person.other_phones:
            message = _l(
                "There are two phone numbers in this cell; %(phone)s is used.",
                phone=person.phone_e164,
            )
            self._flag(place, "two_phones", message, Role.PHONE)
        if person.phone_e164 and is_landline(person.phone_e164):
            message = _l("This is a landline; it takes no messages.")
            self._flag(place, "landline", message, Role.PHONE)
        if len(emails) > 1:
            message = _l(
                "There are two addresses in this cell; %(email)s is used.", email=emails[0]
            )
            self._flag(place, "two_emails", message, Role.EMAIL)

    def _try(self, place: Place, role: Role, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except BadCell as refusal:
            self._refuse(place, refusal.code, refusal.message, role)
            return None

    def _column(self, role: Role | None) -> str | None:
        column = None if role is None else self.header.roles.get(role)
        return None if column is None else column_letters(column)

    def _refuse(self, place: Place, code: str, message: Words, role: Role | None = None) -> None:
        self.report.errors.append(RowNote(place, code, message, self._column(role)))

    def _flag(self, place: Place, code: str, message: Words, role: Role | None = None) -> None:
        note = RowNote(place, code, message, self._column(role), level="flag")
        self.report.flags.append(note)


def _unreadable_letters(written: Verdict) -> tuple[str, Words]:
    if written is Verdict.GARBLED:
        message = _l("The letters of this row were damaged on the way. Type the row again.")
        return "garbled_text", message
    if written is Verdict.UNCLEAR:
        message = _l(
            "This row is in a legacy font and can be read in two ways. Type it again in Unicode."
        )
        return "legacy_encoding", message
    message = _l(
        "This row is written in a legacy font (TCVN3 or VNI). It is held back until you agree to "
        "what it would say in Unicode."
    )
    return LEGACY, message


# ── the whole file ──────────────────────────────────────────────────────────────────────────


def read_roster(sheets: Sequence[Sheet], *, today: date) -> RosterReport:
    """Read the sheets of a roster. `today` bounds birth dates and settles two-digit years.

    Raises UnreadableFile when no sheet has a header with a name and a way to tell people apart.
    """
    report = RosterReport()
    found = False
    for sheet in sheets:
        if sheet.hidden:
            _sheet_flag(
                report,
                sheet,
                "hidden_sheet",
                _l("The sheet “%(name)s” is hidden and was not read.", name=sheet.name),
            )
            continue
        header = find_header(sheet)
        if header is None:
            continue
        found = True
        for column, name in hidden_headings(sheet, header.row):
            letters = column_letters(column)
            message = _l(
                "Column %(column)s (%(name)s) is hidden and was not read.",
                column=letters,
                name=name,
            )
            _sheet_flag(report, sheet, "hidden_column", message, letters)
        _Roster(sheet, header, report, today).read()
    if not found:
        raise UnreadableFile(
            "no_header",
            _l(
                "No header row was found. The roster needs a column with the full name (Họ và tên) "
                "and at least one of date of birth, phone, e-mail or unit."
            ),
        )
    report.flags.extend(alike(report.people))
    report.unit_variants = unit_variants(person.unit for person in report.people if person.unit)
    return report


def _sheet_flag(
    report: RosterReport, sheet: Sheet, code: str, message: Words, column: str | None = None
) -> None:
    report.flags.append(RowNote(Place(1, sheet.name), code, message, column, level="flag"))
