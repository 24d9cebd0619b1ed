"""Writing the essays and marks of a round into an Excel file; called by the job."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, Final

from contest.core.errors import Words
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.writing import TableCell, XlsxWriter, in_cells
from contest.core.transactions import end_read
from contest.judging.models import SheetState
from contest.judging.queries.exports import (
    ExportedMark,
    ExportedSheet,
    ExportedWork,
    export_order,
    exported_marks,
    exported_notes,
    exported_sheets,
    exported_works,
    hidden_fields,
)
from contest.judging.queries.rounds import judged_round
from contest.judging.rules.sheets import scale_of
from contest.judging.rules.wording import METHOD_LABELS, resolution_sentences
from contest.submissions.queries.marking import is_unsealed
from contest.submissions.rules.answers import shown_answer
from contest.submissions.rules.entry_forms import Field

_PART: Final = 200
_STATES: Final[dict[SheetState, Words]] = {
    SheetState.TODO: _l("not begun"),
    SheetState.OPEN: _l("begun"),
    SheetState.DONE: _l("done"),
    SheetState.ABSTAINED: _l("given back"),
    SheetState.MOVED: _l("moved"),
}

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What stands in the file."""

    works: int
    sheets: int
    with_authors: bool


def write_export(round_id: int, target: BinaryIO, tell: Tell) -> Exported:
    """Write the file.

    Args:
        round_id: of the round.
        target: where the bytes go.
        tell: is told how far the work is.
    """
    judged = judged_round(round_id)
    criteria = [] if judged is None else list(judged.criteria)
    sentences = [] if judged is None else resolution_sentences(judged, scale_of(criteria))
    with_authors = is_unsealed(round_id)
    hidden = hidden_fields(round_id) if with_authors else []
    order = export_order(round_id)
    marks = exported_marks(round_id)
    parts = [order[start : start + _PART] for start in range(0, len(order), _PART)]
    steps = _Steps(tell, 3 * len(parts) + 1)
    # What is read below is read in parts, so that no transaction stays open for long.
    names = [(each.id, each.name, float(each.max_points), each.description) for each in criteria]
    end_read()
    sheets = 0
    with XlsxWriter(target) as book:
        _begin_works(book, hidden, with_authors=with_authors)
        for part in steps.each(parts):
            works = exported_works(round_id, part, with_authors=with_authors)
            book.rows(_work_row(each, marks, hidden, with_authors=with_authors) for each in works)
        book.sheet(_("Mark sheets"), _sheet_columns([name for _id, name, _max, _words in names]))
        for part in steps.each(parts):
            rows = exported_sheets(round_id, part)
            sheets += len(rows)
            book.rows(_sheet_row(each, [criterion for criterion, *_rest in names]) for each in rows)
        book.sheet(
            _("Notes"),
            [_("Code"), _("Judge"), _("Criterion"), _("Passage"), _("Note")],
            (12, 24, 24, 50, 50),
        )
        for part in steps.each(parts):
            notes = exported_notes(round_id, part)
            book.rows((n.code, n.judge, n.criterion, n.passage, n.body) for n in notes)
        book.sheet(_("How it is marked"), [_("Criterion"), _("Most points"), ""], (40, 12, 80))
        book.rows((name, most, words) for _id, name, most, words in names)
        book.rows(("", None, sentence) for sentence in sentences)
    steps.done()
    return Exported(len(order), sheets, with_authors)


@dataclass
class _Steps:
    """Counts the parts of the work and ends each read."""

    tell: Tell
    total: int
    now: int = 0

    def each(self, parts: Sequence[list[int]]) -> Iterator[list[int]]:
        for part in parts:
            yield part
            end_read()
            self.now += 1
            self.tell(self.now, self.total)

    def done(self) -> None:
        self.tell(self.total, self.total)


def _begin_works(book: XlsxWriter, hidden: Sequence[Field], *, with_authors: bool) -> None:
    who = [_("Authors"), _("Units")] if with_authors else []
    book.sheet(
        _("Works in competition"),
        [
            _("Code"),
            *who,
            _("Title"),
            _("Person written about"),
            _("Words"),
            _("Mark"),
            _("How it came about"),
            _("Difference"),
            _("Minutes"),
            *(each.label for each in hidden),
            _("Text"),
        ],
        (12, *(24 for _each in who), 40, 40, 8, 8, 30, 10, 40, *(30 for _each in hidden), 80),
    )


def _work_row(
    work: ExportedWork,
    marks: dict[int, ExportedMark],
    hidden: Sequence[Field],
    *,
    with_authors: bool,
) -> list[TableCell]:
    mark = marks.get(work.work_id)
    who: list[TableCell] = [work.authors, work.units] if with_authors else []
    outcome: list[TableCell] = [None, "", None, ""]
    if mark is not None:
        outcome = [
            float(mark.points),
            str(METHOD_LABELS[mark.method]),
            _number(mark.difference),
            mark.minutes,
        ]
    title: list[TableCell] = [work.title, work.subject_line, work.word_count]
    further = [shown_answer(each, work.hidden.get(each.key, "")) for each in hidden]
    return [work.code, *who, *title, *outcome, *further, *in_cells(work.body_text)]


def _number(text: str) -> float | None:
    with suppress(InvalidOperation):
        return float(Decimal(text))
    return None


def _sheet_columns(criteria: Sequence[str]) -> list[str]:
    return [
        _("Code"),
        _("Marking"),
        _("Judge"),
        _("State"),
        *criteria,
        _("Total mark"),
        _("Remark"),
        _("Reason"),
        _("Finished"),
    ]


def _sheet_row(sheet: ExportedSheet, criteria: Sequence[int]) -> list[TableCell]:
    given = [sheet.marks.get(each) for each in criteria]
    return [
        sheet.code,
        sheet.marking,
        sheet.judge,
        str(_STATES[sheet.state]),
        *(None if points is None else float(points) for points in given),
        None if sheet.total is None else float(sheet.total),
        sheet.comment,
        sheet.reason,
        "" if sheet.done_at is None else format_instant(sheet.done_at, weekday=False),
    ]
