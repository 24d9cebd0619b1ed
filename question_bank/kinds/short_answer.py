"""Short answer: a few typed words, compared with accepted answers in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold, one_line, same_word_key
from question_bank.kinds.base import (
    NO_ANSWER,
    NOTHING,
    Answer,
    BodyInvalid,
    BodyJson,
    BodyProblem,
    Presented,
    Share,
    Way,
)
from question_bank.kinds.typed import (
    MAX_TYPED,
    WHOLE,
    as_share,
    parse_entries,
    parse_share,
    parse_typed,
    read_line,
    typed_lines,
    write_line,
)

_STAR: Final = "\ufdd0"


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted answer; a star stands for any signs, also none."""

    text: str
    share: Fraction = WHOLE


@dataclass(frozen=True, slots=True)
class ShortBody:
    """A checked body. ``keys`` are the answers as they are compared, cut at their stars."""

    answers: tuple[Accepted, ...]
    match_case: bool = False
    ignore_tones: bool = False
    keys: tuple[tuple[str, ...], ...] = ()

    @property
    def option_ids(self) -> tuple[str, ...]:
        """A typed answer has no options."""
        return ()

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """A typed answer has no options."""
        return ()

    def compared(self, text: str, *, in_pieces: bool = False) -> str:
        """Return a text as it is compared: composed, its white space squeezed, folded as set.

        hòa and hoà are the same word; in pieces between stars, where no word need be whole, marks
        stay where they are.
        """
        line = one_line(text)
        if self.ignore_tones:
            return fold(line)
        if self.match_case:
            return line
        return line.casefold() if in_pieces else same_word_key(line)


def fits(text: str, pieces: Sequence[str]) -> bool:
    """Does a text begin with the first piece, end with the last, and hold the others in order?"""
    first, *rest = pieces
    if not rest:
        return text == first
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


@dataclass(frozen=True, slots=True)
class ShortAnswerKind:
    """The behaviour of short answers."""

    code: str
    label: Any
    lines_hint: Any
    several: bool = False
    way: Way = Way.TEXT

    def parse(self, body: BodyJson) -> ShortBody:
        """Check a body. Raises ``BodyInvalid``."""
        problems: list[BodyProblem] = []
        answers = []
        for item in parse_entries(body.get("answers"), problems):
            text = one_line(str(item.get("text", "")))
            if not text.replace("*", ""):
                problems.append(BodyProblem("answers", _l("An accepted answer needs words.")))
            if len(text) > MAX_TYPED:
                problems.append(BodyProblem("answers", _l("An accepted answer is too long.")))
            answers.append(Accepted(text, parse_share(item.get("share", 1)) or Fraction(0)))
        if problems:
            raise BodyInvalid(problems)
        parsed = ShortBody(
            tuple(answers), bool(body.get("match_case")), bool(body.get("ignore_tones"))
        )
        keys = tuple(
            tuple(
                parsed.compared(piece, in_pieces="*" in text).replace(_STAR, "*")
                for piece in text.split("*")
            )
            for text in (each.text.replace("\\*", _STAR) for each in answers)
        )
        return ShortBody(parsed.answers, parsed.match_case, parsed.ignore_tones, keys)

    def dump(self, body: ShortBody) -> dict[str, Any]:
        """Return the JSON of a checked body."""
        return {
            "answers": [{"text": each.text, "share": str(each.share)} for each in body.answers],
            "match_case": body.match_case,
            "ignore_tones": body.ignore_tones,
        }

    def present(self, body: ShortBody, order: Sequence[str] = ()) -> Presented:
        """A field for words; nothing of the body is shown."""
        del body, order
        return Presented(self.code, several=False, options=(), way=self.way)

    def parse_answer(self, body: ShortBody, raw: object) -> Answer:
        """Read the typed words. Raises ``AnswerInvalid``."""
        del body
        return parse_typed(raw, self.code)

    def mark(self, body: ShortBody, answer: Answer) -> Share:
        """The share of the first accepted answer that fits."""
        if answer == NO_ANSWER:
            return NOTHING
        whole, cut = body.compared(answer[0]), body.compared(answer[0], in_pieces=True)
        for accepted, key in zip(body.answers, body.keys, strict=True):
            if fits(cut if len(key) > 1 else whole, key):
                return as_share(accepted.share)
        return NOTHING

    def key_letters(self, body: ShortBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """There are no letters."""
        del body, order
        return ()

    def key_texts(self, body: ShortBody) -> tuple[str, ...]:
        """The answers that give all the marks."""
        return tuple(each.text for each in body.answers if each.share == WHOLE)

    def option_texts(self, body: ShortBody) -> tuple[str, ...]:
        """There are no options."""
        del body
        return ()

    def answer_texts(self, body: ShortBody, answer: Answer) -> tuple[str, ...]:
        """What was typed."""
        del body
        return answer

    def lines(self, body: ShortBody) -> tuple[str, ...]:
        """The accepted answers with their shares."""
        return tuple(write_line(each.text, each.share) for each in body.answers)

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Build a body from an author's lines; `more` holds the two switches."""
        found = [read_line(line) for line in typed_lines(text)]
        return {
            "answers": [{"text": each.text, "share": str(each.share)} for each in found],
            "match_case": bool(more.get("match_case")),
            "ignore_tones": bool(more.get("ignore_tones")),
        }


KIND = ShortAnswerKind(
    "short_answer",
    _l("Short answer"),
    _l(
        "One accepted answer a line; the first that fits counts. * stands for any signs. "
        "“50% Bác Hồ” gives half of the marks."
    ),
)
