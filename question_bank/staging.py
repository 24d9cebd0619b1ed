"""From what a reader gives to staged rows: the question made ready, or the cells and what is wrong.

Pure but for random ids. Nothing here touches the database.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, Final, TypeVar

from contest.core.db import new_public_id
from contest.core.i18n import gettext as _
from contest.core.spreadsheets import (
    Cell,
    Sheet,
    UnreadableFile,
    Workbook,
    column_letters,
    read_workbook,
)
from contest.core.vietnamese import nfc, one_line
from question_bank.formats import FORMATS
from question_bank.formats.base import Item, ReadQuestion, RowError, SkippedRow
from question_bank.formats.headers import Header, Role, find_header
from question_bank.formats.questions_table import read_table
from question_bank.formats.sieve import body_of
from question_bank.kinds import KINDS, check_stem, kind_of
from question_bank.kinds.base import BodyInvalid
from question_bank.media import without_media
from question_bank.models import Difficulty
from question_bank.rules import (
    MAX_NAME_LENGTH,
    MAX_STEM_LENGTH,
    clean_tags,
    revision_digest,
    search_text,
    stem_digest,
)

T = TypeVar("T")
MAX_CODE_LENGTH: Final = 80
MAX_TOPIC_LENGTH: Final = 400
MAX_NOTES: Final = 50
LEGACY_CODE: Final = "legacy_encoding"
TABLES: Final = frozenset(("xlsx", "csv"))
_SHOWN: Final = (
    (Role.TOPIC, "topic"),
    (Role.DIFFICULTY, "difficulty"),
    (Role.STEM, "stem"),
    (Role.KEY, "key"),
    (Role.ID, "external_id"),
    (Role.EXPLANATION, "explanation"),
    (Role.SOURCE, "source"),
    (Role.TAGS, "tags"),
    (Role.MARK, "mark"),
)
EMPTY_ROW: Final[dict[str, Any]] = {
    "sheet": "",
    "cells": {},
    "errors": [],
    "is_good": False,
    "is_flagged": False,
    "is_chosen": False,
    "twin_row": None,
    "original": "",
    "lacks_words": False,
    "media": (),
    "external_id": None,
    "name": "",
    "kind": None,
    "topic_name": "",
    "difficulty": None,
    "stem": None,
    "body": None,
    "explanation": "",
    "source": "",
    "tags": None,
    "mark": None,
    "search_folded": None,
    "stem_digest": None,
    "digest": None,
    "public_id": None,
    "revision_public_id": None,
}


class NotAQuestion(ValueError):
    """A question that was read but cannot be kept; ``place`` and ``words`` say why."""

    def __init__(self, place: str, words: str) -> None:
        super().__init__(place)
        self.place = place
        self.words = words


def question_columns(read: ReadQuestion) -> dict[str, Any]:
    """Return the columns of a staged row for a question. Raises ``NotAQuestion``."""
    return ready_columns(
        kind_code=read.kind,
        stem=read.stem,
        body=body_of(read),
        difficulty=Difficulty(read.difficulty) if read.difficulty else Difficulty.MEDIUM,
        topic_name=one_line(read.topic or ""),
        explanation=read.explanation,
        source=read.source,
        tags=read.tags,
        external_id=one_line(read.external_id or ""),
        mark=Decimal(1) if read.mark is None else read.mark,
        name=read.name,
    ) | {
        "original": read.original,
        "lacks_words": any(not medium.is_described for medium in read.media),
        "media": read.media,
    }


def ready_columns(
    *,
    kind_code: str,
    stem: str,
    body: Mapping[str, Any],
    difficulty: Difficulty,
    topic_name: str,
    explanation: str,
    source: str,
    tags: Iterable[str],
    external_id: str,
    mark: Decimal,
    name: str = "",
) -> dict[str, Any]:
    """Check a question's parts and return the columns of its staged row.

    Raises ``NotAQuestion`` with the first thing that is wrong.
    """
    if kind_code not in KINDS:
        raise NotAQuestion("kind", _("This kind of question is not known here."))
    kind = kind_of(kind_code)
    try:
        parsed = kind.parse(body)
    except BodyInvalid as invalid:
        problem = invalid.problems[0]
        raise NotAQuestion(problem.field.partition(".")[0], str(problem.message)) from invalid
    words = nfc(stem).strip()
    try:
        check_stem(kind_code, words, parsed)
    except BodyInvalid as invalid:
        raise NotAQuestion("stem", str(invalid.problems[0].message)) from invalid
    _check_lengths(words, external_id, topic_name)
    stored = kind.dump(parsed)
    explained, cited = nfc(explanation).strip(), nfc(source).strip()
    names = clean_tags(tags)
    return {
        "kind": kind_code,
        "stem": words,
        "body": stored,
        "difficulty": difficulty,
        "topic_name": topic_name,
        "explanation": explained,
        "source": cited,
        "tags": list(names) or None,
        "external_id": external_id or None,
        "mark": mark,
        "name": one_line(name)[:MAX_NAME_LENGTH],
        "search_folded": search_text(
            *map(without_media, (words, *kind.option_texts(parsed))),
            name,
            external_id,
            without_media(explained),
            cited,
            *names,
        ),
        "stem_digest": stem_digest(words),
        "digest": revision_digest(
            kind_code, words, stored, explanation=explained, source=cited, mark=mark
        ),
        "public_id": new_public_id(),
        "revision_public_id": new_public_id(),
    }


def _check_lengths(stem: str, external_id: str, topic_name: str) -> None:
    if not stem:
        raise NotAQuestion("stem", _("Write the question."))
    if len(stem) > MAX_STEM_LENGTH:
        raise NotAQuestion("stem", _("This question is too long."))
    if len(external_id) > MAX_CODE_LENGTH:
        raise NotAQuestion("external_id", _("This code is too long."))
    if len(topic_name) > MAX_TOPIC_LENGTH:
        raise NotAQuestion("topic", _("This name is too long."))


@dataclass
class Staging:
    """Turns a reader's items into staged rows, and keeps what was passed over.

    ``layout`` gives by sheet the letters of the columns, so that an error is shown at its cell;
    ``notes`` collects what is said about no question row: hidden sheets, headings.
    """

    layout: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    skipped: int = 0
    notes: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)

    def rows(self, items: Iterable[Item]) -> Iterator[dict[str, Any]]:
        """Yield one staged row per question row of the file, in its order."""
        position = 0
        for place, group in groupby(items, key=attrgetter("place")):
            members = list(group)
            question = next((item for item in members if isinstance(item, ReadQuestion)), None)
            said = [item for item in members if isinstance(item, RowError)]
            self.skipped += sum(isinstance(item, SkippedRow) for item in members)
            wrong = [item for item in said if item.level == "error"]
            if question is None and not wrong:
                self.notes += [self._note(item) for item in said]
                continue
            row = EMPTY_ROW | {
                "position": position,
                "row": place.row,
                "sheet": place.sheet or "",
                "twin_row": next((item.of_row for item in said if item.of_row), None),
                "errors": [self._error(item) for item in said if not item.of_row],
                "cells": next((dict(item.shown) for item in wrong if item.shown), {}),
                "original": next((item.original for item in wrong if item.original), ""),
                "media": next((item.media for item in wrong if item.media), ()),
            }
            position += 1
            preview = next((item.preview for item in wrong if item.preview is not None), None)
            yield self._filled(row, question or preview, is_good=not wrong)

    def summary(self) -> dict[str, Any]:
        """What is kept with the import: columns, notes, and how many rows were no questions."""
        return {"columns": self.layout, "notes": self.notes[:MAX_NOTES], "skipped": self.skipped}

    def _filled(
        self, row: dict[str, Any], read: ReadQuestion | None, *, is_good: bool
    ) -> dict[str, Any]:
        if read is None:
            return row
        try:
            columns = question_columns(read)
        except NotAQuestion as problem:
            return row | {"errors": [*row["errors"], _problem(problem.place, problem.words)]}
        first = self.codes.setdefault(columns["external_id"] or "", row["row"])
        if columns["external_id"] and first != row["row"]:
            words = _("Row %(row)s has the same code.", row=first)
            return row | {"errors": [*row["errors"], _problem("external_id", words)]}
        repeats = is_good and row["twin_row"] is not None
        chosen = is_good and not repeats
        return row | columns | {"is_good": is_good, "is_flagged": repeats, "is_chosen": chosen}

    def _note(self, item: RowError) -> dict[str, Any]:
        return {"sheet": item.sheet or "", "row": item.row, "message": str(item.message)}

    def _error(self, item: RowError) -> dict[str, Any]:
        """What is kept of an error: its words in the language of who reads the file."""
        letters = self.layout.get(item.sheet or "", {})
        names = [name for name, column in letters.items() if column == item.column]
        place = names[0] if names and item.column else _FIELD_OF_CODE.get(item.code, "")
        return {
            "code": item.code,
            "field": "options" if place.startswith("option") else place,
            "column": item.column,
            "message": str(item.message),
            "level": item.level,
            "preview": None if item.preview is None else without_media(item.preview.stem),
        }


def in_batches(rows: Iterable[T], size: int = 1_000) -> Iterator[list[T]]:
    """Yield rows in lists of at most ``size``."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def _problem(place: str, words: str) -> dict[str, Any]:
    return {"code": "invalid", "field": place, "column": None, "message": words, "level": "error"}


_FIELD_OF_CODE: Final = {
    "no_stem": "stem",
    "no_key": "key",
    "key_outside_options": "key",
    "ambiguous_key": "key",
    "equal_options": "options",
    "too_few_options": "options",
    LEGACY_CODE: "stem",
    "garbled_text": "stem",
}


@dataclass
class FileView:
    """The file as it stands, for showing rows with errors: texts by role, letters of columns."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    headers: dict[str, Header] = field(default_factory=dict)
    workbook: Workbook | None = None

    @classmethod
    def open(cls, content: bytes, code: str) -> "FileView":
        """Open a file of a format; no tables and unreadable ones give an empty view."""
        if code not in TABLES:
            return cls()
        try:
            workbook = read_workbook(content)
            sheets = {sheet.name if workbook.has_sheets else "": sheet for sheet in workbook.sheets}
            headers = {
                name: header for name, sheet in sheets.items() if (header := find_header(sheet))
            }
        except UnreadableFile:
            return cls()
        return cls(sheets, headers, workbook)

    def items(self, content: bytes, code: str) -> Iterator[Item]:
        """Read the file as its format does; a table that is open already is not opened again.

        Raises ``UnreadableFile``.
        """
        if self.workbook is None:
            return FORMATS[code].read(content)
        return read_table(self.workbook)

    def layout(self) -> dict[str, dict[str, str]]:
        """Return by sheet the letters of the columns: ``{"Câu hỏi": {"topic": "A"}}``."""
        return {name: _letters(header) for name, header in self.headers.items()}

    def cells(
        self, wanted: Mapping[str, Iterable[int]]
    ) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Yield (sheet, row, texts by role) of the wanted rows, sheet by sheet."""
        for name, rows in wanted.items():
            header, sheet = self.headers.get(name), self.sheets.get(name)
            numbers = frozenset(rows)
            if header is None or sheet is None or not numbers:
                continue
            for row in sheet.rows():
                if row.number in numbers:
                    yield name, row.number, _texts(header, row.cells)


def _letters(header: Header) -> dict[str, str]:
    letters = {
        name: column_letters(header.roles[role]) for role, name in _SHOWN if role in header.roles
    }
    columns = sorted(header.options.values())
    if columns:
        first, last = column_letters(columns[0]), column_letters(columns[-1])
        letters["options"] = first if first == last else f"{first}–{last}"
        letters |= {
            f"option {place}": column_letters(column) for place, column in header.options.items()
        }
    return letters


def _texts(header: Header, cells: Mapping[int, Cell]) -> dict[str, Any]:
    texts: dict[str, Any] = {
        name: cells[header.roles[role]].line
        for role, name in _SHOWN
        if role in header.roles and header.roles[role] in cells
    }
    texts["options"] = [
        cells[column].line if column in cells else ""
        for _place, column in sorted(header.options.items())
    ]
    while texts["options"] and not texts["options"][-1]:
        texts["options"].pop()
    return texts
