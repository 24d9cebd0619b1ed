"""What a line of a paper says of the key: "Đáp án: B", "Chọn B vì …"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contest.core.vietnamese import fold, one_line
from question_bank.formats.word.lines import Line
from question_bank.formats.word.options import Option

KEY_LINE: Final = re.compile(
    r"[\s=>→⇒*(\[\-–]*(?:đáp\s*án|đ/?án|đ\s*[./]?\s*a|key|answer|phương\s+án\s+đúng)(?:\s+đúng)?(?:\s+là)?\s*[:.]\s*(.*)",
    re.IGNORECASE,
)
_KEY_ALONE: Final = re.compile(
    r"[\s=>→⇒*(\[\-–]*(?:(?:chọn\s+)?đáp\s*án(?:\s+đúng)?(?:\s+là)?|phương\s+án\s+đúng(?:\s+là)?|chọn"
    r"|(?<==>)|(?<=->)|(?<=[→⇒]))\s*(?::\s*)?"
    r"([A-Ha-h](?:\s*(?:,|;|&|và)\s*[A-Ha-h])*)\s*[.)\]]*\s*",
    re.IGNORECASE,
)
_SAYS_KEY: Final = (
    r"[\s=>→⇒*(\[\-–]*(?:(?:lời\s+giải|hướng\s+dẫn(?:\s+giải)?)\s*[:.]\s*)?(?:vậy,?\s+|nên\s+)?"
    r"(?:(?:chọn\s+)?(?:đáp\s*án|đ/?án|đ/a|phương\s+án|câu\s+trả\s+lời)"
    r"(?:\s+(?:đúng|chính\s+xác|cần\s+chọn))*(?:\s+là)?|chọn|trả\s+lời\s*:|answer)"
)
# A key and the reason behind it: "Đáp án đúng là B. Vì …", "Chọn B (vì …)".
_KEY_AND_WHY: Final = re.compile(
    _SAYS_KEY + r"\s*:?\s*(?P<key>[A-Ha-h](?:\s*(?:,|;|&|và)\s*[A-Ha-h])*)\s*"
    r"(?:[.)\],;:]*\s*[(\-–]*\s*(?P<why>(?:vì|do|bởi|tại)\s.*\S)"
    r"|[.)\],;]*\s*(?:giải\s+thích|lý\s+do|lí\s+do)\s*[:.]\s*(?P<told>.*\S)"
    r"|[.)\]]*)\s*",
    re.IGNORECASE | re.DOTALL,
)
# What surely says the key, readable or not: another mark must not decide in its place.
_KEY_SOMEHOW: Final = re.compile(
    r"[\s=>→⇒*(\[\-–]*(?:vậy,?\s+|nên\s+)?(?:đáp\s*án|phương\s+án|câu\s+trả\s+lời)"
    r"\s+(?:đúng|chính\s+xác|cần\s+chọn)\s+(?:là\b\s*:?|:)\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_REASON: Final = re.compile(r"(?:vi|do|boi|tai)\s")


@dataclass(frozen=True, slots=True)
class SaidKey:
    """A key as it is written, and the reason behind it."""

    key: str
    why: str = ""


def said_key(line: Line, options: Sequence[Option]) -> SaidKey | None:
    """Return what a line says of the key: "Đáp án: B", or "Chọn B vì …" below options.

    Where options are reasons themselves, "B. Vì …" may be the text of one: then it stays whole.
    """
    text = one_line(line.text)  # thousands of spaces in a row would be tried in every way
    if options:
        found = _KEY_AND_WHY.fullmatch(text)
        reasons = any(_REASON.match(fold(option.words)) for option in options)
        if found and not (found["why"] and reasons):
            why = one_line(found["why"] or found["told"] or "")
            return SaidKey(one_line(found["key"]), why[:1].upper() + _closed(why[1:]))
    said = KEY_LINE.fullmatch(text)
    if said is None and options:
        said = _KEY_ALONE.fullmatch(text) or _KEY_SOMEHOW.fullmatch(text)
    return None if said is None else SaidKey(one_line(said[1]))


def _closed(text: str) -> str:
    """Cut off a bracket that was opened before the text."""
    return text[:-1] if text.endswith(")") and text.count(")") > text.count("(") else text
