"""Finding the header of a table of questions, whatever its words, order and place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from contest.core.spreadsheets import Row, Sheet
from contest.core.spreadsheets.tables import heading, names_of
from question_bank.formats.base import LETTERS


class Role(StrEnum):
    """What a column holds, besides options."""

    NUMBER = "number"
    ID = "id"
    TOPIC = "topic"
    DIFFICULTY = "difficulty"
    KIND = "kind"
    STEM = "stem"
    KEY = "key"
    EXPLANATION = "explanation"
    SOURCE = "source"
    TAGS = "tags"
    MARK = "mark"
    NOTE = "note"
    NAME = "name"


Column: TypeAlias = Role | int
"""A column by what it holds: a role, or the place of an option (A = 0)."""

_NAMES: dict[Role, str] = {
    Role.NUMBER: "stt|tt|so tt|so thu tu|thu tu|no|cau so|cau",
    Role.ID: "ma|id|ma cau|ma cau hoi|ma so|code|external id|question id|ma ch",
    Role.TOPIC: (
        "chu de|topic|chuyen de|linh vuc|chuong|bai|phan|category|chuyen muc|chu diem|mang|"
        "mang kien thuc|noi dung chu de|ten chu de"
    ),
    Role.DIFFICULTY: (
        "muc do|difficulty|do kho|level|muc|muc do kho|muc do nhan thuc|cap do|muc do cau hoi"
    ),
    Role.KIND: "loai|kind|type|loai cau hoi|loai cau|dang|dang cau hoi|kieu|question type",
    Role.STEM: (
        "cau hoi|noi dung cau hoi|noi dung|question|question text|stem|de bai|cau dan|phan dan|"
        "text|noi dung cau|ten cau hoi|cau hoi trac nghiem"
    ),
    Role.KEY: (
        "dap an|dap an dung|d a|da|key|correct|correct answer|correct option|answer|answer key|"
        "phuong an dung|tra loi dung|cau tra loi dung|lua chon dung|dap an chinh xac|ket qua|"
        "correct answers|right answer"
    ),
    Role.EXPLANATION: (
        "giai thich|explanation|loi giai|huong dan|huong dan giai|giai thich dap an|feedback|"
        "ly giai|loi giai thich|general feedback"
    ),
    Role.SOURCE: (
        "nguon|source|tai lieu|can cu|tham khao|nguon tham khao|tai lieu tham khao|trich dan|"
        "nguon trich dan|reference"
    ),
    Role.TAGS: "nhan|nhan cua cau|tags|tag|tu khoa|the|keywords",
    Role.MARK: "diem|mark|marks|points|score|so diem|thang diem|diem so",
    Role.NAME: (
        "title of the question|tieu de|tieu de cau hoi|title|question title|name|question name"
    ),
    Role.NOTE: "ghi chu|note|notes|comment|comments|y kien|nhan xet",
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_OPTION = re.compile(
    r"(?:(?:cac )?(?:phuong an|pa|p a|dap an|lua chon|option|opt|answer|tra loi|cau tra loi|"
    r"choice|y|da) )?(?P<letter>[a-h])"
    r"|(?:phuong an|pa|lua chon|option|opt|answer|dap an|choice) ?(?:so )?(?P<number>[1-8])"
)
_LOOK_AT_ROWS = 60
_LONGEST_HEADING = 60
_LEAST_ROLES = 3


@dataclass
class Header:
    """Which column holds what. `options` maps the place of an option (A = 0) to its column."""

    row: int
    last_row: int
    roles: dict[Role, int] = field(default_factory=dict)
    options: dict[int, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    twice: list[int] = field(default_factory=list)

    @property
    def columns(self) -> dict[Column, int]:
        """Where each known column stands."""
        found: dict[Column, int] = {}
        found.update(self.roles.items())
        found.update(self.options.items())
        return found

    @property
    def known_columns(self) -> int:
        """How many columns say what they hold."""
        return len(self.roles) + len(self.options)

    @property
    def is_table(self) -> bool:
        """Is this surely the header of a table of questions?"""
        if Role.STEM not in self.roles or self.known_columns < _LEAST_ROLES:
            return False
        return Role.KEY in self.roles or len(self.options) > 1

    def repeated_by(self, row: Row) -> bool:
        """Does a row say the header again?"""
        stem = row.cells.get(self.roles[Role.STEM])
        name = self.names[self.roles[Role.STEM]]
        if stem is not None and (
            len(stem.text) > _LONGEST_HEADING + len(name) or heading(stem.text) != name
        ):
            return False
        same = sum(
            heading(cell.text) == self.names.get(column) for column, cell in row.cells.items()
        )
        return same >= _LEAST_ROLES and same * 2 > len(row.cells)


def _header(names: Mapping[int, str], first_row: int, last_row: int) -> Header:
    header = Header(first_row, last_row, names=dict(names))
    for column, name in sorted(names.items()):
        option = _OPTION.fullmatch(name)
        role = _ROLE_OF.get(name)
        if option is not None:
            place = (
                LETTERS.index(option["letter"].upper())
                if option["letter"]
                else int(option["number"]) - 1
            )
            if place in header.options:
                header.twice.append(column)
            header.options.setdefault(place, column)
        elif role is not None:
            if role in header.roles and role is not Role.NOTE:
                header.twice.append(column)
            header.roles.setdefault(role, column)
    _settle_cau(header)
    return header


def _settle_cau(header: Header) -> None:
    """Let "Câu" head the numbers where there is a column of questions, else the questions."""
    column = header.roles.get(Role.NUMBER)
    if Role.STEM not in header.roles and column is not None and header.names[column] == "cau":
        header.roles[Role.STEM] = header.roles.pop(Role.NUMBER)


def find_header(sheet: Sheet) -> Header | None:
    """Return the header among the first rows, or None. It may take two rows (options below)."""
    above: tuple[int, dict[int, str]] | None = None
    best: Header | None = None
    for seen, row in enumerate(sheet.rows()):
        if seen >= _LOOK_AT_ROWS or (best is not None and row.number > best.row + 1):
            break
        names = dict(names_of(sheet, row))
        if above is not None and above[0] == row.number - 1:
            joined = _header({**above[1], **names}, above[0], row.number)
            below = _header(names, row.number, row.number)
            only_headings = below.known_columns == len(names)
            if (
                joined.is_table
                and only_headings
                and (best is None or len(joined.options) > len(best.options))
            ):
                return joined
        if best is None:
            single = _header(names, row.number, row.number)
            best = single if single.is_table else None
        above = (row.number, names)
    return best
