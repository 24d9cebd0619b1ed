"""Tables of choice questions: Excel and CSV, with the headings that our reader knows."""

import csv
import io
from collections.abc import Iterable, Sequence

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets.delimited import hides_formula
from contest.core.spreadsheets.writing import CSV_TYPE, XLSX_TYPE, safe_text
from question_bank.exports.base import ExportFormat, ExportQuestion, in_words
from question_bank.kinds.base import LETTERS
from question_bank.models import Difficulty
from question_bank.rules import DIFFICULTY_LABELS
from question_bank.sheets import questions_table

CHOICES = frozenset(("single", "multiple", "true_false"))
_MOST: int = 8


def _row(question: ExportQuestion) -> list[str]:
    texts = [text for text, _right in question.options]
    key = [LETTERS[n] for n, (_text, right) in enumerate(question.options) if right]
    return [
        question.external_id,
        " > ".join(question.topic),
        str(DIFFICULTY_LABELS[Difficulty(question.difficulty)]),
        question.stem,
        *texts,
        *[""] * (_MOST - len(texts)),
        ", ".join(key),
        question.explanation,
        question.source,
        ", ".join(question.tags),
        format(question.mark.normalize(), "f").replace(".", ","),
        "multiple" if question.kind == "multiple" else "",
        question.name,
    ]


def _rows(questions: Iterable[ExportQuestion]) -> Sequence[list[str]]:
    return [_row(in_words(question)) for question in questions]


def write_xlsx(questions: Iterable[ExportQuestion]) -> bytes:
    """Return a workbook; every cell is a text, so that nothing becomes a formula or a date."""
    return questions_table(_rows(questions))


_HEAD = (
    "mã",
    "chủ đề",
    "mức độ",
    "câu hỏi",
    *LETTERS[:_MOST],
    "đáp án",
    "giải thích",
    "nguồn",
    "nhãn",
    "điểm",
    "loại",
    "tiêu đề",
)


def _safe(text: str) -> str:
    """A text that no spreadsheet runs; the reader of CSV takes one apostrophe off again."""
    return f"'{text}" if hides_formula(text) else str(safe_text(text))


def write_csv(questions: Iterable[ExportQuestion]) -> bytes:
    """Return CSV with semicolons and a byte order mark, as Excel opens it in Vietnam.

    What begins like a formula is written behind an apostrophe.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEAD)
    writer.writerows([_safe(text) for text in row] for row in _rows(questions))
    return ("\ufeff" + buffer.getvalue()).encode()


EXCEL = ExportFormat("xlsx", _l("Excel workbook (.xlsx)"), "xlsx", XLSX_TYPE, CHOICES, write_xlsx)
CSV = ExportFormat("csv", _l("CSV text (.csv)"), "csv", CSV_TYPE, CHOICES, write_csv)
