"""GIFT: a file cut into questions, each with its name, category, codes and answer block."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.spreadsheets import UnreadableFile, read_workbook
from contest.core.vietnamese import one_line
from question_bank.formats.base import FileFormat, Item, Place, some_questions
from question_bank.formats.gift_answers import Escaped, RawQuestion, read_question
from question_bank.formats.headers import find_header
from question_bank.formats.sieve import Sieve
from question_bank.formats.text import decode_plain, is_text, peek

_CATEGORY: Final = re.compile(r"\$CATEGORY:\s*(.*)", re.IGNORECASE)
_NAMED: Final = re.compile(r"::[^\n]{0,300}::")
_COURSE: Final = re.compile(r"\$(?:course|module|system|coursecat|cat\d*)\$", re.IGNORECASE)
_ID: Final = re.compile(r"\[id:\s*([^\]]{1,200})\]", re.IGNORECASE)
_TAG: Final = re.compile(r"\[tag:\s*([^\]]{1,200})\]", re.IGNORECASE)
_HEAD: Final = 400_000
_SLASH: Final = "\ufdd9"
_SIGNS: Final = re.compile(
    r"^[ \t]*(?:::[^\n]{0,300}::|\$CATEGORY:)"
    r"|(?<!\\)\{[ \t\n]*(?:[=~#}]|(?:T|F|TRUE|FALSE)\b|(?:Đúng|Sai)[ \t]*\})",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass
class _Part:
    """What is gathered for a question until a blank line."""

    lines: list[str] = field(default_factory=list)
    first: int = 0
    own_id: str | None = None
    tags: list[str] = field(default_factory=list)

    def comment(self, line: str) -> None:
        found = _ID.search(line)
        if found:
            self.own_id = one_line(found[1])
        self.tags += [one_line(tag) for tag in _TAG.findall(line)]


def category_path(text: str) -> str | None:
    """Return "$course$/top/Tiểu sử/Gia đình" as a topic's path: "Tiểu sử > Gia đình"."""
    parts = _COURSE.sub("", text).replace("//", _SLASH).split("/")
    names = [one_line(part.replace(_SLASH, "/").replace(">", "›")) for part in parts]
    if names and names[0].casefold() in {"", "top"}:
        names = names[1:]
    if names and names[0].casefold() == "top":
        names = names[1:]
    return " > ".join(name for name in names if name) or None


def _raw_questions(text: str) -> Iterator[RawQuestion]:
    part, category = _Part(), None
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            part.comment(stripped)
            continue
        found = _CATEGORY.match(stripped)
        # Where the empty line was forgotten, these begin something new all the same.
        if part.lines and (found or _NAMED.match(stripped)):
            yield _raw(part, category)
            part = _Part()
        if found:
            category = category_path(Escaped.read(found[1]).text)
            part = _Part()
        elif stripped:
            part.first = part.first or number
            part.lines.append(line)
        elif part.lines:
            yield _raw(part, category)
            part = _Part()


def _raw(part: _Part, category: str | None) -> RawQuestion:
    text = "\n".join(part.lines)
    return RawQuestion(Place(part.first), text, part.own_id, tuple(part.tags), category)


def _has_header(data: bytes) -> bool:
    """Is this a table of questions after all, with braces in a cell?"""
    try:
        # A header stands at the beginning; a long table need not be read for it.
        start = data if len(data) < _HEAD else data[:_HEAD].rpartition(b"\n")[0]
        sheets: Sequence[object] = read_workbook(start).sheets
        return any(find_header(sheet) is not None for sheet in sheets)  # type: ignore[arg-type]
    except UnreadableFile:
        return False


def _recognises(data: bytes) -> bool:
    text = peek(data)
    return bool(_SIGNS.search(text)) and not text.startswith("<") and not _has_header(data)


@some_questions
def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    sieve = Sieve(convert_legacy)
    for raw in _raw_questions(decode_plain(data)):
        yield from read_question(raw, sieve)


FORMAT = FileFormat("gift", _l("GIFT text (.txt, .gift)"), _recognises, _read, is_text)
