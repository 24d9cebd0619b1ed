"""Workbooks that we hand out: rows left behind by an import, and an empty table to fill in."""

import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, write_xlsx
from question_bank.kinds import kind_of
from question_bank.kinds.base import LETTERS
from question_bank.media import without_media
from question_bank.models import QuestionImportRow
from question_bank.rules import DIFFICULTY_LABELS

_WIDTHS: Final = {"question": 60, "option": 24, "text": 40, "short": 14}


def _headings(options: int) -> list[tuple[str, int]]:
    return [
        (_("Code"), _WIDTHS["short"]),
        (_("Topic"), _WIDTHS["option"]),
        (_("Difficulty"), _WIDTHS["short"]),
        (_("Question"), _WIDTHS["question"]),
        *((LETTERS[place], _WIDTHS["option"]) for place in range(options)),
        (_("Key"), _WIDTHS["short"]),
        (_("Explanation"), _WIDTHS["text"]),
        (_("Source"), _WIDTHS["text"]),
        (_("Tags"), _WIDTHS["option"]),
    ]


def _write(headings: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> bytes:
    columns, widths = zip(*headings, strict=True)
    target = io.BytesIO()
    write_xlsx(target, [Sheet(_("Questions"), columns, rows, widths, is_edited=True)])
    return target.getvalue()


def questions_table(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook of questions: the columns of a table, eight options, points and kind."""
    headings = [
        *_headings(8),
        (_("Points"), _WIDTHS["short"]),
        (_("Kind"), _WIDTHS["short"]),
        (_("Title of the question"), _WIDTHS["option"]),
    ]
    return _write(headings, rows)


def rows_left_behind(rows: Sequence[QuestionImportRow]) -> bytes:
    """Return the rows that an import leaves behind, with the reason in the last column.

    The headings are those that a reader knows, so that the mended file can be imported again.
    """
    shown = [row_texts(row) for row in rows]
    most = max([4, *(len(texts["options"]) for texts in shown)])
    headings = [*_headings(most), (_("Row in the file"), 14), (_("Why it was left"), 60)]
    return _write(
        headings,
        (
            [*_cells(texts, most), str(row.row), _reasons(row)]
            for row, texts in zip(rows, shown, strict=True)
        ),
    )


def _cells(texts: dict[str, Any], options: int) -> list[str]:
    given = list(texts["options"]) + [""] * options
    return [
        texts.get("external_id", ""),
        texts.get("topic", ""),
        texts.get("difficulty", ""),
        texts.get("stem", ""),
        *given[:options],
        texts.get("key", ""),
        texts.get("explanation", ""),
        texts.get("source", ""),
        texts.get("tags", ""),
    ]


def row_texts(row: QuestionImportRow) -> dict[str, Any]:
    """Return the texts of a staged row by what they are: read, or as they stand in the file."""
    if row.body is None or not row.is_good:
        return {"options": [], **(row.cells or {})}
    options = row.body.get("options", [])
    key = set(row.body.get("key", ()))
    letters = ", ".join(LETTERS[n] for n, option in enumerate(options) if option["id"] in key)
    kind = kind_of(row.kind or "single")
    lines = () if "options" in row.body else kind.lines(kind.parse(row.body))
    return {
        "external_id": row.external_id or "",
        "topic": row.topic_name,
        "difficulty": str(DIFFICULTY_LABELS[row.difficulty]) if row.difficulty else "",
        "stem": row.stem or "",
        "options": [option["text"] for option in options],
        "key": "\n".join(lines) if lines else letters,
        "kind": row.kind or "",
        "name": row.name,
        "lines": list(lines),
        "body": row.body,
        "explanation": row.explanation,
        "source": row.source,
        "tags": ", ".join(row.tags or ()),
    }


def _reasons(row: QuestionImportRow) -> str:
    reasons = [error["message"] for error in row.errors if error.get("level") == "error"]
    if row.is_good and row.is_flagged:
        reasons.append(_("Duplicate"))
    return "\n".join(reasons)


def import_report(rows: Sequence[QuestionImportRow], *, taken: bool) -> bytes:
    """Return a workbook with a line for each row of a file: what was read and became of it.

    `taken` tells whether the file was accepted already.
    """
    chosen = _("Taken") if taken else _("Will be taken")
    headings = [
        (_("Sheet"), _WIDTHS["short"]),
        (_("Row in the file"), _WIDTHS["short"]),
        (_("Code"), _WIDTHS["short"]),
        (_("Question"), _WIDTHS["question"]),
        (_("Key"), _WIDTHS["option"]),
        (_("Outcome"), _WIDTHS["option"]),
        (_("What was said about it"), _WIDTHS["question"]),
    ]
    return _write(headings, (_reported(row, chosen) for row in rows))


def _reported(row: QuestionImportRow, chosen: str) -> list[str]:
    texts = row_texts(row)
    outcome = chosen if row.is_chosen else _("Left out") if row.is_good else _("Has errors")
    said = [error["message"] for error in row.errors]
    if row.is_good and row.is_flagged:
        said.append(_("Duplicate"))
    return [
        row.sheet,
        str(row.row),
        texts.get("external_id", ""),
        without_media(texts.get("stem", "")),
        without_media(texts.get("key", "")),
        outcome,
        "\n".join(said),
    ]


def empty_table() -> bytes:
    """Return a workbook with the headings that can be read and two examples."""
    return _write(
        _headings(4),
        [
            [
                "CH-001",
                "Nêu gương",
                "Dễ",
                "Chỉ thị 05-CT/TW được Bộ Chính trị ban hành ngày nào?",
                "15/5/2016",
                "14/5/2011",
                "07/11/2006",
                "18/5/2021",
                "A",
                "",
                "Chỉ thị 05-CT/TW ngày 15/5/2016",
                "",
            ],
            [
                "CH-002",
                "Tác phẩm",
                "Khó",
                "Những tác phẩm nào sau đây do Nguyễn Ái Quốc – Hồ Chí Minh viết?",
                "Bản án chế độ thực dân Pháp",
                "Sửa đổi lối làm việc",
                "Việt Nam vong quốc sử",
                "Nhật ký trong tù",
                "A, B, D",
                "Việt Nam vong quốc sử là tác phẩm của Phan Bội Châu.",
                "",
                "",
            ],
        ],
    )
