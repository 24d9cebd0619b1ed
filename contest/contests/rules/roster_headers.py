"""Finding the header of a roster, whatever its words, order and place. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contest.core.spreadsheets import Row, Sheet
from contest.core.spreadsheets.tables import heading, names_of


class Role(StrEnum):
    """What a column of a roster holds."""

    NUMBER = "number"
    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    BIRTH = "birth"
    BIRTH_MAN = "birth_man"
    BIRTH_WOMAN = "birth_woman"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    GENDER = "gender"
    UNIT = "unit"
    POSITION = "position"
    PHONE = "phone"
    EMAIL = "email"
    NOTE = "note"


_NAMES: Final = {
    Role.NUMBER: "stt|tt|so tt|so thu tu|no|thu tu",
    Role.NAME: (
        "ho va ten|ho ten|full name|name|ho va ten thi sinh|ho ten thi sinh|thi sinh|ten thi sinh|"
        "ho va ten nguoi du thi|ho ten nguoi du thi|nguoi du thi|ho va ten khai sinh|ho ten day du"
    ),
    Role.FAMILY: "ho|ho dem|ho va dem|ho lot|ho va ten dem|ho va chu dem|last name|surname",
    Role.GIVEN: "ten|given name|first name",
    Role.BIRTH: (
        "ngay sinh|nam sinh|ngay thang nam sinh|sinh ngay|ngay thang nam|date of birth|dob|"
        "birth date|birthday|birth|ngay sinh nam sinh|sinh nam|year of birth"
    ),
    Role.GENDER: "gioi tinh|nam nu|phai|gender|sex",
    Role.UNIT: (
        "don vi|don vi cong tac|co quan|noi cong tac|co quan don vi|don vi du thi|chi bo|truong|"
        "don vi sinh hoat|to chuc|unit|organisation|organization|department|co quan cong tac|"
        "don vi hoc tap cong tac|ten don vi|dang bo chi bo"
    ),
    Role.POSITION: "chuc vu|chuc danh|nghe nghiep|position|job title|chuc vu don vi|cong viec",
    Role.PHONE: (
        "so dien thoai|sdt|dien thoai|dt|so dt|d t|dtdd|di dong|dien thoai lien he|"
        "so dien thoai lien he|phone|phone number|mobile|tel|so lien he|so dien thoai di dong"
    ),
    Role.EMAIL: "email|e mail|thu dien tu|dia chi email|mail|dia chi thu dien tu|hop thu",
    Role.NOTE: "ghi chu|note|notes",
}
_ROLE_OF: Final = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_UNDER_BIRTH: Final = {"nam": Role.BIRTH_MAN, "nu": Role.BIRTH_WOMAN}
_BIRTH_PARTS: Final = {
    Role.BIRTH_DAY: frozenset({"ngay", "ngay sinh", "day"}),
    Role.BIRTH_MONTH: frozenset({"thang", "thang sinh", "month"}),
    Role.BIRTH_YEAR: frozenset({"nam", "nam sinh", "year"}),
}
"""A date of birth in columns of its own for day, month and year, side by side."""
_PART_NAMES: Final = frozenset().union(*_BIRTH_PARTS.values())
TELLING: Final = (
    Role.BIRTH,
    Role.BIRTH_MAN,
    Role.BIRTH_WOMAN,
    Role.BIRTH_YEAR,
    Role.PHONE,
    Role.EMAIL,
)
BIRTHS: Final = (Role.BIRTH, Role.BIRTH_MAN, Role.BIRTH_WOMAN)
BIRTH_PARTS: Final = tuple(_BIRTH_PARTS)
_LOOK_AT_ROWS: Final = 60
_LEAST_ROLES: Final = 2


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table begins and which column holds what; `spare` continues a split name."""

    row: int
    last_row: int
    roles: Mapping[Role, int]
    names: Mapping[int, str]
    spare: int | None = None

    @property
    def is_roster(self) -> bool:
        """Is this surely the header of a roster: a name, and something to tell people apart?"""
        named = Role.NAME in self.roles or {Role.FAMILY, Role.GIVEN} <= self.roles.keys()
        others = sum(role in self.roles for role in (*TELLING, Role.UNIT))
        return named and others > 0 and len(self.roles) >= _LEAST_ROLES

    def repeated_by(self, row: Row) -> bool:
        """Does a row say the header again?"""
        same = sum(
            heading(cell.text) == self.names.get(column) for column, cell in row.cells.items()
        )
        return same >= _LEAST_ROLES and same * 2 > len(row.cells)


def _header(names: Mapping[int, str], first_row: int, last_row: int) -> Header:
    roles: dict[Role, int] = {}
    for column, name in sorted(names.items()):
        role = _ROLE_OF.get(name)
        if role is not None:
            roles.setdefault(role, column)
    if Role.GIVEN in roles and Role.FAMILY not in roles:
        roles.setdefault(Role.NAME, roles.pop(Role.GIVEN))
    _split_birth(roles, names)
    return Header(first_row, last_row, roles, names)


def _split_birth(roles: dict[Role, int], names: Mapping[int, str]) -> None:
    """Three columns side by side for day, month and year take the place of one for the date.

    The month settles it: "Năm sinh" alone is a birth, and "Nam" beside "Nữ" is a man.
    """
    for month, name in names.items():
        if name not in _BIRTH_PARTS[Role.BIRTH_MONTH]:
            continue
        for first in (month - 1, month + 1):  # day first, or year first
            places = {
                Role.BIRTH_DAY: first,
                Role.BIRTH_MONTH: month,
                Role.BIRTH_YEAR: 2 * month - first,
            }
            if all(names.get(place) in _BIRTH_PARTS[role] for role, place in places.items()):
                for role in (Role.BIRTH, Role.BIRTH_MAN, Role.BIRTH_WOMAN):
                    if roles.get(role) in places.values():
                        del roles[role]
                roles.update(places)
                return


def _two_rows(above: Mapping[int, str], below: Mapping[int, str], first_row: int) -> Header:
    """Join two header rows: "Năm sinh" over "Nam" and "Nữ", or a heading merged downwards."""
    joined = _header(
        {**above, **{c: n for c, n in below.items() if c not in above}}, first_row, first_row + 1
    )
    roles = dict(joined.roles)
    birth = roles.get(Role.BIRTH)
    if birth is not None:
        parts: dict[Role, int] = {Role.BIRTH: birth}
        _split_birth(parts, {c: name for c, name in below.items() if 0 <= c - birth <= 2})  # noqa: PLR2004
        if Role.BIRTH_YEAR in parts:
            del roles[Role.BIRTH]
            roles.update({role: c for role, c in parts.items() if role is not Role.BIRTH})
            return Header(first_row, first_row + 1, roles, joined.names)
        split = {
            _UNDER_BIRTH[name]: column
            for column, name in below.items()
            if name in _UNDER_BIRTH and column in (birth, birth + 1)
        }
        if len(split) == len(_UNDER_BIRTH):
            del roles[Role.BIRTH]
            roles.update(split)
    return Header(first_row, first_row + 1, roles, joined.names)


def find_header(sheet: Sheet) -> Header | None:
    """Return the header among the first rows of a sheet, or None. It may take two rows."""
    above: tuple[int, Mapping[int, str]] | None = None
    found: Header | None = None
    for seen, row in enumerate(sheet.rows()):
        names = names_of(sheet, row)
        if found is not None:
            only_headings = all(
                name in _ROLE_OF or name in _UNDER_BIRTH or name in _PART_NAMES
                for name in names.values()
            )
            if above is not None and row.number == found.row + 1 and only_headings and names:
                found = _two_rows(above[1], names, found.row)
            break
        if seen >= _LOOK_AT_ROWS:
            return None
        single = _header(names, row.number, row.number)
        if single.is_roster:
            found = single
        above = (row.number, names)
    return None if found is None else _with_spare(found, sheet)


def _with_spare(header: Header, sheet: Sheet) -> Header:
    """A heading "Họ và tên" merged over two columns: the given name stands in the second."""
    name = header.roles.get(Role.NAME)
    for merge in sheet.merges:
        covers = merge.first_row <= header.row <= merge.last_row
        if covers and merge.first_column == name and merge.last_column == merge.first_column + 1:
            return Header(
                header.row, header.last_row, header.roles, header.names, merge.last_column
            )
    return header
