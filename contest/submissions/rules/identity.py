"""Names of authors and units in a text: found in all their forms, and masked for judges.

What is certain (a full name, its last two words, initials with the given name, a given name after
a word of address, the author's unit, telephone numbers, addresses) is masked at once. A given
name that may be an ordinary word ("Ánh" at the beginning of a sentence) is only flagged: a
secretary decides. The person written about keeps their name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from contest.core.vietnamese import fold, name_parts, nfc, one_line, same_word_key
from contest.submissions.rules.texts import Block, Run, cut
from contest.submissions.rules.unit_names import (
    TOKEN,
    names_of_unit,
    place_variants,
    unit_variants,
)

MASKS: Final = {
    "name": "[tên đã ẩn]",
    "unit": "[đơn vị đã ẩn]",
    "contact": "[liên hệ đã ẩn]",
}
"""What stands in a text instead of what was found, by kind: part of it, as its other words."""
MASK: Final = re.compile("|".join(re.escape(mask) for mask in MASKS.values()))
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\d.,])(?:\+\s?84|84|0)(?:[\s.\-()]{0,2}\d){8,10}(?![\d])")
_SENTENCE_END: Final = ".!?…:;\"“”'‘’–—-\n("
_ADDRESS_WORDS: Final = frozenset(
    fold(word)
    for word in [
        "cô",
        "thầy",
        "chú",
        "bác",
        "anh",
        "chị",
        "em",
        "ông",
        "bà",
        "cậu",
        "mợ",
        "dì",
        "cháu",
        "con",
        "bạn",
        "mình",
        "tôi",
        "tên",
        "gọi",
        "bộ",
        "giả",
        "chí",
        "sĩ",
        "viên",
        "giáo",
        "sinh",
        "niên",
        "binh",
        "thư",
        "trưởng",
    ]
)
_MOST_HINT_WORDS: Final = 6
_LEAST_INITIALS: Final = 3
_LEAST_NAME_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Who must not be recognised, and who stays.

    Attributes:
        names: full names of the authors, in any spelling.
        units: names of their units.
        kept: full names that stay: the persons written about.
    """

    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that tells who wrote.

    Attributes:
        kind: name, unit, contact.
        start: first sign in the text.
        end: the sign after the last.
        found: what stands there.
        certain: no ordinary word; else a person decides.
    """

    kind: str
    start: int
    end: int
    found: str
    certain: bool = True


class _Token(NamedTuple):
    start: int
    end: int
    text: str
    folded: str
    key: str

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper()


class _Tokens(list[_Token]):
    """The words of a text, with the places where each stands, marks aside."""

    def __init__(self, text: str) -> None:
        super().__init__(
            _Token(match.start(), match.end(), match[0], _fold(match[0]), _key(match[0]))
            for match in TOKEN.finditer(text)
        )
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(self):
            self.places[token.folded].append(place)


@lru_cache(maxsize=8192)
def _fold(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=8192)
def _key(word: str) -> str:
    return same_word_key(word)


def find_identity(text: str, identity: Identity) -> list[Finding]:
    """Every place of a text (NFC) that tells who wrote it, in order, without overlaps."""
    tokens = _Tokens(text)
    kept = list(_kept_spans(tokens, identity))
    found = [*_contacts(text)]
    for name in _distinct(identity.names):
        found += _full_names(text, tokens, name)
        found += _initials(text, tokens, name)
    for unit in _distinct(identity.units):
        found += _units(text, tokens, unit)
    found = [each for each in found if each.kind != "name" or not _inside(each, kept)]
    for name in _distinct(identity.names):
        taken = [*kept, *((each.start, each.end) for each in found)]
        found += [
            each
            for each in _given_names(text, tokens, name, identity.kept)
            if not _inside(each, taken)
        ]
    return _without_overlaps(found)


def _distinct(names: Iterable[str]) -> list[str]:
    cleaned = (one_line(name) for name in names)
    return list(dict.fromkeys(name for name in cleaned if name))


def _inside(found: Finding, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < found.end and found.start < end for start, end in spans)


def _without_overlaps(found: Iterable[Finding]) -> list[Finding]:
    """Certain before uncertain, longer before shorter."""
    chosen: list[Finding] = []
    for each in sorted(found, key=lambda one: (not one.certain, one.start - one.end, one.start)):
        if not _inside(each, [(one.start, one.end) for one in chosen]):
            chosen.append(each)
    return sorted(chosen, key=lambda one: one.start)


def _finding(kind: str, text: str, window: Sequence[_Token], *, certain: bool = True) -> Finding:
    start, end = window[0].start, window[-1].end
    return Finding(kind, start, end, text[start:end], certain)


def _kept_spans(tokens: _Tokens, identity: Identity) -> Iterator[tuple[int, int]]:
    """Where the persons written about are named in full, or by their last two words."""
    own = {tuple(_fold(word) for word in name.split()) for name in _distinct(identity.names)}
    for name in _distinct(identity.kept):
        words = [_key(word) for word in name.split()]
        for width in range(len(words), 1, -1):
            tail = words[-width:]
            if tuple(_fold(word) for word in name.split()[-width:]) in own:
                continue
            for window in _endings(tokens, width, _fold(name.split()[-1])):
                if [token.key for token in window] == tail and window[0].is_capital:
                    yield window[0].start, window[-1].end


def _contacts(text: str) -> Iterator[Finding]:
    for pattern in (_EMAIL, _PHONE):
        for match in pattern.finditer(text):
            yield Finding("contact", match.start(), match.end(), match[0])


def _endings(tokens: _Tokens, width: int, last: str) -> Iterator[Sequence[_Token]]:
    """Runs of so many tokens whose last one, marks aside, is this word."""
    for place in tokens.places.get(last, ()):
        if place + 1 >= width:
            yield tokens[place + 1 - width : place + 1]


def _full_names(text: str, tokens: _Tokens, name: str) -> Iterator[Finding]:
    words = TOKEN.findall(name)
    folded, keys = [_fold(word) for word in words], [_key(word) for word in words]
    for width in range(len(words), 1, -1):
        whole = width == len(words)
        for window in _endings(tokens, width, folded[-1]):
            if [token.folded for token in window] != folded[-width:]:
                continue
            same = [token.key for token in window] == keys[-width:]
            bare = all(token.text.isascii() for token in window)
            capital = all(token.is_capital for token in window)
            if (whole and (capital or same)) or (capital and (same or bare)):
                yield _finding("name", text, window)


def _initials(text: str, tokens: _Tokens, name: str) -> Iterator[Finding]:
    """P. Đ. Khuyến, P.Đ.Khuyến, Đ. Khuyến, P.Đ.K., PĐK."""
    words = TOKEN.findall(name)
    if len(words) < _LEAST_NAME_WORDS:  # a single word has no initials
        return
    heads = [_fold(word[0]) for word in words]
    given = _key(words[-1])
    for count in range(1, len(words)):
        wanted = heads[-1 - count : -1]
        for window in _endings(tokens, count + 1, _fold(words[-1])):
            letters = [token.folded for token in window[:-1]]
            single = all(len(token.text) == 1 and token.is_capital for token in window[:-1])
            last = window[-1]
            if single and letters == wanted and last.key == given and last.is_capital:
                yield _finding("name", text, window)
    if len(heads) < _LEAST_INITIALS:
        return
    for window in _endings(tokens, len(heads), heads[-1]):
        single = all(len(token.text) == 1 and token.is_capital for token in window)
        if single and [token.folded for token in window] == heads and _close(window):
            yield _finding("name", text, window)
    for token in tokens:
        if token.text.isupper() and token.folded == "".join(heads):
            yield _finding("name", text, [token])


def _close(window: Sequence[_Token]) -> bool:
    return all(later.start - before.end <= 2 for before, later in pairwise(window))  # noqa: PLR2004


def _given_names(text: str, tokens: _Tokens, name: str, kept: Sequence[str]) -> Iterator[Finding]:
    """The given name alone, wherever it is written with a capital."""
    given = name_parts(name).given
    if not given or len(given.split()) > 1:
        return
    key = _key(given)
    shared = any(_key(word) == key for other in kept for word in other.split())
    for place, token in enumerate(tokens):
        if token.key != key or not token.is_capital:
            continue
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        certain = not shared and _is_a_name(text, before, token, after)
        yield _finding("name", text, [token], certain=certain)


def _is_a_name(text: str, before: _Token | None, token: _Token, after: _Token | None) -> bool:
    gap = text[before.end : token.start] if before is not None else "\n"
    follows = after is not None and after.is_capital and text[token.end : after.start] == " "
    if follows:  # another name that begins with this word
        return False
    if before is not None and not gap.strip() and before.folded in _ADDRESS_WORDS:
        return True
    if any(sign in gap for sign in _SENTENCE_END) or before is None:
        return False
    return not (before.is_capital and not gap.strip())


def _units(text: str, tokens: _Tokens, unit: str) -> Iterator[Finding]:
    """A unit as it is called; the place alone that an office is named after is uncertain."""
    if not TOKEN.search(unit):
        return
    for name in names_of_unit(unit):
        for certain, variants in ((True, unit_variants(name)), (False, place_variants(name))):
            for wanted in variants:
                yield from _unit_windows(text, tokens, wanted, certain=certain)


def _unit_windows(
    text: str, tokens: _Tokens, wanted: tuple[str, ...], *, certain: bool
) -> Iterator[Finding]:
    for window in _endings(tokens, len(wanted), wanted[-1]):
        if tuple(token.folded for token in window) == wanted and any(
            token.is_capital for token in window
        ):
            yield _finding("unit", text, window, certain=certain)


def looks_like_name(text: str) -> bool:
    """Whether a line is nothing but a person's name."""
    words = one_line(text).split()
    return _LEAST_NAME_WORDS <= len(words) <= _MOST_HINT_WORDS and all(
        word[:1].isupper() and TOKEN.fullmatch(word) for word in words
    )


# ── masking ────────────────────────────────────────────────────────────────────────────────


def mask_text(text: str, found: Iterable[Finding]) -> str:
    """A text with every finding replaced by the mask of its kind."""
    parts, place = [], 0
    for each in sorted(found, key=lambda one: one.start):
        parts += [text[place : each.start], MASKS[each.kind]]
        place = each.end
    return "".join([*parts, text[place:]])


def mask_all(text: str, identity: Identity) -> str:
    """A short line (title, caption) with everything masked, uncertain names too.

    A place that is only perhaps the author's unit stays: it may be where the story happens.
    """
    composed = nfc(text)
    found = find_identity(composed, identity)
    return mask_text(composed, [each for each in found if each.certain or each.kind == "name"])


def mask_blocks(blocks: Sequence[Block], found: Sequence[Finding]) -> list[Block]:
    """Blocks with findings masked; places count in the text that `write_text` gives."""
    masked, place = [], 0
    for block in blocks:
        if block.kind == "figure":
            masked.append(block)
            continue
        length = len(block.text)
        inside = [
            replace(
                each,
                start=max(each.start - place, 0),
                end=min(each.end - place, length),
            )
            for each in found
            if each.start < place + length and each.end > place
        ]
        masked.append(replace(block, runs=_mask_runs(block.runs, inside)) if inside else block)
        place += length + 1
    return masked


def _mask_runs(runs: Sequence[Run], found: Sequence[Finding]) -> tuple[Run, ...]:
    """Runs with the findings replaced, whatever marks they cross."""
    length = sum(len(run.text) for run in runs)
    parts: list[Run] = []
    place = 0
    for each in sorted(found, key=lambda one: one.start):
        parts += cut(runs, place, each.start)
        parts.append(Run(MASKS[each.kind]))
        place = each.end
    return (*parts, *cut(runs, place, length))
