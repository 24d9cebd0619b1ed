"""Tables of questions, from a workbook or delimited text.

Every row is a question, an error, or said to be skipped.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import (
    Cell,
    Row,
    Sheet,
    UnreadableFile,
    Workbook,
    column_letters,
)
from contest.core.spreadsheets.legacy import Verdict, converted_cells, verdict
from contest.core.spreadsheets.tables import (
    MergedColumns,
    hidden_headings,
    is_banner,
    is_decoration,
)
from question_bank.formats.base import Item, Place, RowError, SkippedRow, no_questions
from question_bank.formats.draft import Draft
from question_bank.formats.headers import Column, Header, Role, find_header
from question_bank.formats.question_rows import read_row
from question_bank.formats.row_kinds import is_question
from question_bank.formats.seen import Seen, garbled, held_back, twin_flag

_FILLED_DOWN: Final = (Role.TOPIC, Role.DIFFICULTY, Role.SOURCE, Role.TAGS, Role.KIND)
_NOT_IMPORTED: Final[frozenset[Column]] = frozenset((Role.NUMBER, Role.NOTE))


class _Table:
    """One sheet with its header, read row by row."""

    def __init__(
        self, sheet: Sheet, header: Header, seen: Seen, *, named: bool, convert: bool
    ) -> None:
        self.sheet, self.header, self.seen, self.convert = sheet, header, seen, convert
        self.sheet_name = sheet.name if named else None
        self.columns = header.columns
        # In a workbook a cell beside the table is a note; in text it means that a line was cut
        # apart at a sign that should have stood in quotation marks, and all behind it moved.
        self.width = None if named else max(header.names)
        self.merged = MergedColumns(sheet.merges)

    def items(self) -> Iterator[Item]:
        for row in self.sheet.rows():
            self.merged.remember(row)
            place = Place(row.number, self.sheet_name)
            if row.number < self.header.row:
                yield SkippedRow(place)
            elif row.number > self.header.last_row:
                yield from self._row(row, place)

    def _row(self, row: Row, place: Place) -> Iterator[Item]:
        own = self._cells(row)
        if not own and all(column in self.sheet.hidden_columns for column in row.cells):
            return
        if row.hidden:
            yield SkippedRow(place)
            if self._asks(own):
                message = _l("This row is hidden in the sheet and was not read.")
                yield RowError(place, "hidden_row", message, level="flag")
        elif self._decorates(row, own):
            yield SkippedRow(place)
            if self._might_matter(own):
                message = _l("This row was taken for a heading or a note, not for a question.")
                yield RowError(place, "not_a_question", message, level="flag")
        else:
            yield from self._question(row, place, own)

    def _cells(self, row: Row) -> dict[Column, Cell]:
        return {
            role: row.cells[column]
            for role, column in self.columns.items()
            if column in row.cells and role is not Role.NOTE
        }

    def _decorates(self, row: Row, own: Mapping[Column, Cell]) -> bool:
        """Is the row a repeated header, a heading over several columns, a total or a signature?"""
        if self.header.repeated_by(row) or is_banner(row, self.sheet.merges):
            return True
        return not self._asks(own)

    def _asks(self, own: Mapping[Column, Cell]) -> bool:
        return is_question(own, has_numbers=Role.NUMBER in self.columns)

    def _might_matter(self, cells: Mapping[Column, Cell]) -> bool:
        stem = cells.get(Role.STEM)
        return stem is not None and not is_decoration(stem) and Role.KEY in cells

    def _fill_down(self, cells: dict[Column, Cell], row: Row) -> None:
        """Give a row what stands in a cell merged over several rows."""
        for role in _FILLED_DOWN:
            column = self.columns.get(role)
            if column is not None and role not in cells:
                above = self.merged.above(row.number, column)
                if above is not None:
                    cells[role] = above

    def _question(self, row: Row, place: Place, cells: dict[Column, Cell]) -> Iterator[Item]:
        self._fill_down(cells, row)
        imported = {role: cell for role, cell in cells.items() if role not in _NOT_IMPORTED}
        found = verdict(imported.values())
        if found is Verdict.GARBLED:
            yield garbled(place)
            return
        if found is Verdict.UNCLEAR:
            yield held_back(place, None)
            return
        if found is Verdict.LEGACY:
            imported = converted_cells(imported)
            if not self.convert:
                draft = Draft(place, self.columns)
                preview = read_row(draft, dict(imported))
                yield held_back(place, None if draft.problems else preview, can_convert=True)
                return
        draft = Draft(place, self.columns)
        if self.width is not None and max(row.cells) > self.width:
            message = _l(
                "This line has more cells than the header. A cell that holds the separator stands "
                "in quotation marks."
            )
            draft.refuse("extra_cells", message)
        yield from self._finished(draft, imported)

    def _finished(self, draft: Draft, cells: dict[Column, Cell]) -> Iterator[Item]:
        question = read_row(draft, cells)
        used = self.seen.used_id(question.external_id, draft.place)
        if used is not None:
            draft.refuse("duplicate_id", used, Role.ID)
        if draft.problems:
            yield from draft.problems
            return
        yield question
        yield from draft.flags
        twin = self.seen.twin(question)
        if twin is not None:
            yield twin_flag(draft.place, twin)


def _sheet_flag(sheet: Sheet, code: str, message: Words, column: int | None = None) -> RowError:
    letters = None if column is None else column_letters(column)
    return RowError(Place(1, sheet.name), code, message, letters, level="flag")


def _hidden_columns(sheet: Sheet, header: Header) -> Iterator[RowError]:
    for column, name in hidden_headings(sheet, header.last_row):
        message = _l(
            "Column %(column)s (%(name)s) is hidden and was not read.",
            column=column_letters(column),
            name=name,
        )
        yield _sheet_flag(sheet, "hidden_column", message, column)


def read_table(book: Workbook, *, convert_legacy: bool = False) -> Iterator[Item]:
    """Yield what the sheets of a workbook hold. Raises UnreadableFile when no table is found."""
    seen = Seen()
    tables, any_yet = 0, False
    for sheet in book.sheets:
        if sheet.hidden:
            message = _l("The sheet “%(name)s” is hidden and was not read.", name=sheet.name)
            yield _sheet_flag(sheet, "hidden_sheet", message)
            continue
        header = find_header(sheet)
        if header is None:
            if any(True for _row in sheet.rows()) and len(book.sheets) > 1:
                message = _l(
                    "No table of questions was found on the sheet “%(name)s”.", name=sheet.name
                )
                yield _sheet_flag(sheet, "no_table", message)
            continue
        tables += 1
        if header.twice:
            raise UnreadableFile(
                "column_twice",
                _l(
                    "Two columns have the same heading “%(name)s”. Keep one of them.",
                    name=header.names[header.twice[0]],
                ),
            )
        yield from _hidden_columns(sheet, header)
        if sheet.pictures:
            message = _l(
                "Pictures lie on this sheet; they are not taken over. Add them in the editor."
            )
            yield RowError(Place(header.row, sheet.name), "media_left_out", message, level="note")
        named = book.has_sheets
        for item in _Table(sheet, header, seen, named=named, convert=convert_legacy).items():
            any_yet = any_yet or not isinstance(item, SkippedRow)
            yield item
    if not tables:
        raise UnreadableFile(
            "no_header",
            _l(
                "No header row was found. The table needs at least the columns Question, A, B and "
                "Correct (Câu hỏi, A, B, Đáp án)."
            ),
        )
    if not any_yet:
        raise no_questions()
