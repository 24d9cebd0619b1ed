"""What a reader of questions gives: questions, errors and flags, each with its place."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import wraps
from typing import Any, TypeAlias

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import Place, RowNote, UnreadableFile
from question_bank.media import ReadMedium, plain

LETTERS = "ABCDEFGH"
MOST_ORIGINAL = 6_000

__all__ = [
    "LETTERS",
    "FileFormat",
    "ImportReport",
    "Item",
    "Place",
    "ReadOption",
    "ReadQuestion",
    "RowError",
    "SkippedRow",
    "UnreadableFile",
    "collect",
    "no_question_file",
    "no_questions",
    "some_questions",
]


@dataclass(frozen=True, slots=True)
class ReadOption:
    """One option; `fixed_last` keeps it at the end when options are shuffled."""

    text: str
    fixed_last: bool = False


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as it was read, good enough to become a draft.

    `key` holds the places of the right options, from 0. `mark` is the number of points written in
    the file. `difficulty` is a code (easy, medium, hard, very_hard) or None when it is not told.
    `name` is the question's title where a format has one beside its id. `body` is the kind's own
    JSON where options and key do not say everything; for kinds without options it says all, and
    `answers` are the right answers in words. `media` are the pictures, sounds and formulas that its
    texts name, and `original` is what stood in the file, word for word, where that is no table.
    """

    place: Place
    kind: str
    stem: str
    options: tuple[ReadOption, ...]
    key: tuple[int, ...]
    external_id: str | None = None
    topic: str | None = None
    difficulty: str | None = None
    explanation: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    mark: Decimal | None = None
    name: str = ""
    body: Mapping[str, Any] | None = None
    answers: tuple[str, ...] = ()
    media: tuple[ReadMedium, ...] = ()
    original: str = ""

    @property
    def sheet(self) -> str | None:
        """The name of the sheet; None for a text file."""
        return self.place.sheet

    @property
    def row(self) -> int:
        """The row, or the first line in a text file."""
        return self.place.row

    @property
    def key_letters(self) -> str:
        """The key in letters: "B", "A,C"."""
        return ",".join(chr(ord("A") + place) for place in self.key)

    @property
    def key_texts(self) -> tuple[str, ...]:
        """The texts of the right options."""
        return tuple(self.options[place].text for place in self.key)

    def in_words(self, text: str) -> str:
        """Return one of its texts with formulas in one line, and without pictures and sounds."""
        return plain(text, {each.ref: each for each in self.media if each.markup})

    def as_json(self) -> dict[str, Any]:
        """Return {"kind", "name", "text", "key"}; without a title the name is the question's id."""
        return {
            "kind": self.kind,
            "name": self.name or self.external_id or "",
            "text": self.in_words(self.stem),
            "key": self.in_words(" | ".join(self.answers)) if self.answers else self.key_letters,
        }


@dataclass(frozen=True, slots=True)
class RowError(RowNote):
    """Something to say about a question row; see RowNote.

    `preview` is what a row in a legacy font would become, for a person to agree to. `shown` holds
    the texts as they stand in a file that is no table: stem, options, key; `original` is what
    stands there word for word, and `media` are what those texts name.
    """

    preview: ReadQuestion | None = None
    shown: Mapping[str, Any] | None = None
    original: str = ""
    media: tuple[ReadMedium, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no question: a title, a section, a header again, a total, a signature."""

    place: Place


Item: TypeAlias = ReadQuestion | RowError | SkippedRow


def no_questions() -> UnreadableFile:
    """The refusal of a file that could be read, but holds nothing to take over."""
    return UnreadableFile("no_questions", _l("There is no question in this file."))


def no_question_file() -> UnreadableFile:
    """The refusal of what no reader of ours is for."""
    return UnreadableFile(
        "no_question_file",
        _l(
            "Questions cannot be read from a file of this kind. Send Word (.docx), Excel (.xlsx), "
            "CSV, GIFT, Aiken, Moodle XML or JSON."
        ),
    )


def some_questions(read: Callable[..., Iterator[Item]]) -> Callable[..., Iterator[Item]]:
    """Let a reader refuse a file in which nothing stands: an import of nothing says nothing."""

    @wraps(read)
    def reading(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
        any_yet = False
        for item in read(data, convert_legacy=convert_legacy):
            any_yet = True
            yield item
        if not any_yet:
            raise no_questions()

    return reading


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format: how it is known and read. One file and one line in the registry.

    `recognises` looks at the content alone; `may_be` says whether a content that somebody calls
    by this format is worth reading (without it, what `recognises` says).
    `read(data, convert_legacy=…)` yields items in the order of the file and raises UnreadableFile;
    legacy rows are converted only when asked.
    """

    code: str
    label: Words
    recognises: Callable[[bytes], bool]
    read: Callable[..., Iterator[Item]]
    may_be: Callable[[bytes], bool] | None = None

    def accepts(self, data: bytes) -> bool:
        """Is a content that was named as this format worth reading?"""
        return (self.may_be or self.recognises)(data)


@dataclass
class ImportReport:
    """All that a file gave. `accepted` + `rejected` counts question rows."""

    format: str
    questions: list[ReadQuestion] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    flags: list[RowError] = field(default_factory=list)
    skipped: int = 0

    @property
    def accepted(self) -> int:
        """How many questions can be taken."""
        return len(self.questions)

    @property
    def rejected(self) -> int:
        """How many question rows cannot; a row with two errors counts once."""
        return len({error.place for error in self.errors})

    def as_json(self) -> dict[str, Any]:
        """Return the report as `import-questions --json` prints it."""
        return {
            "format": self.format,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "skipped": self.skipped,
            "questions": [question.as_json() for question in self.questions],
            "errors": [
                said.as_json()
                for said in (*self.errors, *(flag for flag in self.flags if flag.level == "note"))
            ],
        }


def collect(format_code: str, items: Iterable[Item]) -> ImportReport:
    """Gather a reader's items into a report."""
    report = ImportReport(format_code)
    for item in items:
        if isinstance(item, ReadQuestion):
            report.questions.append(item)
        elif isinstance(item, SkippedRow):
            report.skipped += 1
        elif item.level == "error":
            report.errors.append(item)
        else:
            report.flags.append(item)
    return report
