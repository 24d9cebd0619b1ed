"""Options that speak of other options: "Cả A, B, C đều đúng", "Tất cả các phương án trên"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contest.core.vietnamese import fold, squeeze
from question_bank.formats.base import LETTERS

_OPTIONS = "(?:phuong an|dap an|y kien|y|cau|dieu|noi dung|lua chon)"
_BY_LETTERS = re.compile(
    rf"(?P<start>(?:(?:ca|chi|chi co|gom|both|only|cac {_OPTIONS}|{_OPTIONS}) )*)"
    r"(?P<letters>[a-h](?:\s*(?:,|;|/|&|\+|va|and|hoac|or)\s*(?:ca )?[a-h])*)"
    r"(?P<end>(?:,? ?(?:deu|cung|la|are|is|dung|sai|khong dung|correct|wrong|true|false))*)[.!]?"
)
_BY_ALL = re.compile(
    rf"ca (?:ba|bon|hai|nam|[2-7]) {_OPTIONS}|ca (?:ba|bon|hai|[2-7]) deu"
    rf"|tat ca(?: (?:cac|nhung))?(?: {_OPTIONS})?(?= deu| tren| dung| sai| nay| o tren|[.!]?$)"
    rf"|khong (?:co )?{_OPTIONS} nao|khong phai (?:cac )?{_OPTIONS}"
    r"|(?:all|none|both) (?:of )?(?:the )?(?:above|these)"
    rf"|(?:mot )?{_OPTIONS} khac$"
)
# How every option that speaks of others begins: few do, and one look tells for a whole question.
_MAY_REFER = re.compile(
    r"^[^\w\n]*(?:[a-h]|ca|chi|gom|both|only|cac|phuong|dap|y|cau|dieu|noi|lua|tat|khong|all|none|mot)\b",
    re.MULTILINE,
)
_LETTER = re.compile(r"\b[a-h]\b")
_WRONG = re.compile(r"\bsai\b|khong|wrong|none|false|neither")


@dataclass(frozen=True, slots=True)
class Reference:
    """An option that speaks of others: of the ones named, or (`named` empty) of all."""

    named: frozenset[int] = frozenset()
    negative: bool = False


def reference(text: str) -> Reference | None:
    """Return what an option says of other options, or None."""
    folded = fold(squeeze(text))
    found = _BY_LETTERS.fullmatch(folded)
    letters = _LETTER.findall(found["letters"]) if found else []
    # "A" alone is a text; "A và B", "Chỉ A" or "A đúng" speaks of options.
    if found and (len(letters) > 1 or found["start"] or found["end"]):
        named = frozenset(LETTERS.index(letter.upper()) for letter in letters)
        return Reference(named, bool(_WRONG.search(found["end"])))
    if _BY_ALL.match(folded):
        return Reference(negative=bool(_WRONG.search(folded)))
    return None


def fixed_options(options: Sequence[str]) -> frozenset[int]:
    """Return the places of the options that must keep their place when options are shuffled.

    An option that speaks of all the others stays last. One that names only some of them, or does
    not stand last, fixes every option: shuffled, its letters would name others.
    """
    if not _MAY_REFER.search(fold("\n".join(options))):
        return frozenset()
    found = {place: ref for place, text in enumerate(options) if (ref := reference(text))}
    if not found:
        return frozenset()
    free = frozenset(range(len(options))) - found.keys()
    stands_last = min(found) > max(free, default=-1)
    names_all = all(not ref.named or ref.named == free for ref in found.values())
    return frozenset(found) if stands_last and names_all else frozenset(range(len(options)))


def contradicts(key: Sequence[int], options: Sequence[str]) -> bool:
    """Does a key of several letters clash with an option that says the same in words?

    "A,B" where D reads "Cả A và B" may mean D; "A,D" where D reads "Cả A, B, C" cannot be.
    """
    if len(key) < 2:  # noqa: PLR2004 -- one right option clashes with nothing
        return False
    chosen = frozenset(key)
    for place, text in enumerate(options):
        found = reference(text)
        if found is None:
            continue
        if place in chosen:
            return True
        if not found.negative and found.named in (chosen, frozenset()):
            others = frozenset(range(len(options))) - {place}
            if found.named == chosen or chosen >= others:
                return True
    return False
