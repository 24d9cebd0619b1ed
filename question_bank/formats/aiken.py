"""Aiken: a stem, options "A." or "A)" one per line, and "ANSWER: B"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import one_line
from question_bank.formats.base import (
    MOST_ORIGINAL,
    FileFormat,
    Item,
    Place,
    ReadOption,
    ReadQuestion,
    some_questions,
)
from question_bank.formats.draft import Draft, paragraphs
from question_bank.formats.references import fixed_options
from question_bank.formats.sieve import Sieve
from question_bank.formats.text import decode_plain, is_text, peek

_ANSWER: Final = re.compile(r"ANSWER\s*:(.*)", re.DOTALL)
_LIKE_ANSWER: Final = re.compile(r"answer\s*[:.\-]|answer\s+[a-z]\s*$", re.IGNORECASE)
_OPTION: Final = re.compile(r"([A-Z])[.)](?:\s+(.*)|\s*$)", re.DOTALL)
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_OPTION: Final = re.compile(r"A[.)](?:\s|$)")
_KEY: Final = re.compile(r"[A-Z]")
_SIGNS: Final = (
    re.compile(r"^[ \t]*[A-Z][.)][ \t]", re.MULTILINE),
    re.compile(r"^[ \t]*ANSWER[ \t]*:", re.MULTILINE),
)


@dataclass
class _Block:
    """Lines up to a blank line or an answer, with the number of the first."""

    lines: list[tuple[int, str]] = field(default_factory=list)
    options_end: int = 0

    @property
    def first(self) -> int:
        return self.lines[0][0]

    def add(self, number: int, line: str) -> None:
        self.lines.append((number, line))
        if _OPTION.match(line):
            self.options_end = len(self.lines)

    def cut_stem(self) -> "_Block":
        """Take the lines after the last option out; they begin another question."""
        following = _Block(self.lines[self.options_end :])
        del self.lines[self.options_end :]
        return following


def _blocks(text: str) -> Iterator[_Block]:
    """Cut the text after each answer, and at a blank line that follows options.

    A blank line within a stem, or between a stem and its options, does not cut. An option A after
    options begins another question, whose stem is what stands before it.
    """
    block = _Block()
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if block.options_end and _FIRST_OPTION.match(line):
            following = block.cut_stem()
            yield block
            block = following
        if line:
            block.add(number, line)
        ends = bool(_ANSWER.match(line) or _LIKE_ANSWER.match(line))
        if not line and block.lines:
            ends = bool(_OPTION.match(block.lines[-1][1]))
        if ends and block.lines:
            yield block
            block = _Block()
    if block.lines:
        yield block


def _joined(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Give an answer that a blank line cut off back to its options."""
    held: _Block | None = None
    for block in blocks:
        first = block.lines[0][1]
        if held is not None and (_LIKE_ANSWER.match(first) or _OPTION.match(first)):
            held.lines += block.lines
        else:
            if held is not None:
                yield held
            held = block
        if _LIKE_ANSWER.match(held.lines[-1][1]):
            yield held
            held = None
    if held is not None:
        yield held


@dataclass
class _Parts:
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: tuple[int, str] | None = None


def _parts(block: _Block) -> _Parts:
    parts = _Parts()
    texts: list[tuple[str, list[str]]] = []
    for number, line in block.lines:
        option = _OPTION.fullmatch(line)
        follows = option is not None and option[1] == "A"
        if _LIKE_ANSWER.match(line) and (texts or _ANSWER.match(line)):
            parts.answer = (number, line)
        elif option is not None and (texts or follows):
            texts.append((option[1], [option[2] or ""]))
        elif texts:
            texts[-1][1].append(line)
        else:
            parts.stem.append(line)
    parts.options = [(letter, " ".join(lines)) for letter, lines in texts]
    return parts


def _key(draft: Draft, parts: _Parts) -> tuple[int, ...]:
    if parts.answer is None:
        draft.refuse("no_key", _l("The line “ANSWER:” is missing."))
        return ()
    number, line = parts.answer
    found = _ANSWER.fullmatch(line)
    typed = found[1].strip() if found is not None else ""
    if found is not None and not typed:
        draft.refuse("no_key", _l("The right answer is missing."))
    elif found is None or not _KEY.fullmatch(typed):
        draft.refuse(
            "bad_key",
            _l("Line %(line)s is not understood. Write “ANSWER: B”, with one letter.", line=number),
        )
    elif typed not in [letter for letter, _text in parts.options]:
        draft.refuse(
            "key_outside_options",
            _l(
                "The key “%(key)s” in line %(line)s is not among the options of this question.",
                key=typed,
                line=number,
            ),
        )
    else:
        return ([letter for letter, _text in parts.options].index(typed),)
    return ()


def _check_letters(draft: Draft, letters: Sequence[str]) -> None:
    if not _ALPHABET.startswith("".join(letters)):
        message = _l(
            "The letters of the options do not follow each other: %(letters)s.",
            letters=", ".join(letters),
        )
        draft.refuse("letters_out_of_order", message)


def _question(block: _Block, sieve: Sieve) -> Iterator[Item]:
    parts = _parts(block)
    draft = Draft(Place(block.first), {})
    texts = [one_line(text) for _letter, text in parts.options]
    _check_letters(draft, [letter for letter, _text in parts.options])
    key = _key(draft, parts)
    fixed = fixed_options(texts)
    yield from sieve.items(
        draft,
        ReadQuestion(
            place=draft.place,
            kind="single",
            stem=paragraphs("\n".join(parts.stem)),
            options=tuple(ReadOption(text, place in fixed) for place, text in enumerate(texts)),
            key=key,
            original="\n".join(line for _number, line in block.lines)[:MOST_ORIGINAL],
        ),
    )


def _recognises(data: bytes) -> bool:
    text = peek(data)
    return all(sign.search(text) for sign in _SIGNS)


@some_questions
def _read(data: bytes, *, convert_legacy: bool = False) -> Iterator[Item]:
    sieve = Sieve(convert_legacy)
    for block in _joined(_blocks(decode_plain(data))):
        yield from _question(block, sieve)


FORMAT = FileFormat("aiken", _l("Aiken text (.txt)"), _recognises, _read, is_text)
