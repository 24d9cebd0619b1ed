"""Matching: each left side gets one of the right sides; marks are right pairs over all pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold, one_line
from question_bank.kinds.base import (
    LETTERS,
    NO_ANSWER,
    NOTHING,
    Answer,
    BodyInvalid,
    BodyJson,
    BodyProblem,
    Presented,
    PresentedOption,
    Share,
    Way,
)
from question_bank.kinds.choice import new_option_ids
from question_bank.kinds.rows import chosen_by_row, in_order, parse_rows
from question_bank.kinds.typed import typed_lines

MIN_PAIRS: Final = 2
MAX_PAIRS: Final = 10
MAX_EXTRA: Final = 6
_MAX_SIDE: Final = 500
_ARROWS: Final = ("->", "→", "=>")


@dataclass(frozen=True)
class MatchingBody:
    """A checked body: rows (id, left, id of the right side) and the right sides by id."""

    rows: tuple[tuple[str, str, str], ...]
    rights: tuple[tuple[str, str], ...]

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        """All ``row=right``, ordered by the words of the right sides, which tells nothing."""
        return tuple(f"{row}={right}" for right, _text in self.rights for row, _l, _r in self.rows)

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """Right sides are shuffled as they are."""
        return ()


@dataclass(frozen=True, slots=True)
class MatchingKind:
    """The behaviour of matching questions."""

    code: str
    label: Any
    lines_hint: Any
    several: bool = True
    way: Way = Way.PAIRS

    def parse(self, body: BodyJson) -> MatchingBody:
        """Check a body. Raises ``BodyInvalid``.

        Pairs without ids, as files bring them, get random ones.
        """
        problems: list[BodyProblem] = []
        pairs, extra = body.get("pairs"), body.get("extra", [])
        if not isinstance(pairs, list) or not isinstance(extra, list):
            pairs, extra = [], []
        pairs = [pair for pair in pairs if isinstance(pair, dict)]
        lefts = [one_line(str(pair.get("left", ""))) for pair in pairs]
        rights = [one_line(str(pair.get("right", ""))) for pair in pairs]
        others = [
            one_line(str(text.get("text") if isinstance(text, dict) else text)) for text in extra
        ]
        _check(lefts, rights, others, problems)
        if problems:
            raise BodyInvalid(problems)
        words = list(dict.fromkeys([*rights, *others]))
        kept = body.get("ids") if isinstance(body.get("ids"), list) else []
        ids = _ids(kept, len(lefts) + len(words))
        right_ids = dict(zip(words, ids[len(lefts) :], strict=True))
        rows = tuple(
            (row_id, left, right_ids[right])
            for row_id, left, right in zip(ids, lefts, rights, strict=False)
        )
        by_words = sorted(right_ids, key=lambda text: (fold(text), text))
        return MatchingBody(rows, tuple((right_ids[text], text) for text in by_words))

    def dump(self, body: MatchingBody) -> dict[str, Any]:
        """Return the JSON of a checked body; ``ids`` name the left sides, then the right ones."""
        texts = dict(body.rights)
        used = list(dict.fromkeys(right for _row, _left, right in body.rows))
        extra = [right for right in texts if right not in used]
        return {
            "pairs": [{"left": left, "right": texts[right]} for _row, left, right in body.rows],
            "extra": [texts[right] for right in extra],
            "ids": [*(row for row, _left, _right in body.rows), *used, *extra],
        }

    def present(self, body: MatchingBody, order: Sequence[str] = ()) -> Presented:
        """Left sides as written; right sides in the paper's order."""
        texts = dict(body.rights)
        rights = in_order(order or body.option_ids, 1)
        return Presented(
            self.code,
            several=True,
            options=tuple(
                PresentedOption(right, LETTERS[place], texts[right])
                for place, right in enumerate(rights)
            ),
            way=self.way,
            rows=tuple(
                PresentedOption(row, str(place), left)
                for place, (row, left, _right) in enumerate(body.rows, start=1)
            ),
        )

    def parse_answer(self, body: MatchingBody, raw: object) -> Answer:
        """Read ``row=right`` of some rows. Raises ``AnswerInvalid``."""
        return parse_rows(raw, body.option_ids, self.code)

    def mark(self, body: MatchingBody, answer: Answer) -> Share:
        """Right pairs over all pairs."""
        if answer == NO_ANSWER:
            return NOTHING
        chosen = chosen_by_row(answer)
        right = sum(chosen.get(row) == wanted for row, _left, wanted in body.rows)
        return Share(right, len(body.rows))

    def key_letters(self, body: MatchingBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """There are no letters."""
        del body, order
        return ()

    def key_texts(self, body: MatchingBody) -> tuple[str, ...]:
        """Each pair in words."""
        texts = dict(body.rights)
        return tuple(f"{left} → {texts[right]}" for _row, left, right in body.rows)

    def option_texts(self, body: MatchingBody) -> tuple[str, ...]:
        """All sides, for the search."""
        lefts = tuple(left for _row, left, _right in body.rows)
        return (*lefts, *(text for _right, text in body.rights))

    def answer_texts(self, body: MatchingBody, answer: Answer) -> tuple[str, ...]:
        """The chosen pairs in words."""
        texts, chosen = dict(body.rights), chosen_by_row(answer)
        return tuple(
            f"{left} → {texts[chosen[row]]}"
            for row, left, _right in body.rows
            if chosen.get(row) in texts
        )

    def lines(self, body: MatchingBody) -> tuple[str, ...]:
        """The pairs as an author types them."""
        dumped = self.dump(body)
        pairs = tuple(f"{pair['left']} -> {pair['right']}" for pair in dumped["pairs"])
        return (*pairs, *(f"-> {text}" for text in dumped["extra"]))

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Build a body from an author's lines."""
        del more
        pairs, extra = [], []
        for line in typed_lines(text):
            arrow = next((each for each in _ARROWS if each in line), _ARROWS[0])
            left, _sign, right = line.partition(arrow)
            if left.strip():
                pairs.append({"left": left.strip(), "right": right.strip()})
            else:
                extra.append(right.strip())
        return {"pairs": pairs, "extra": extra}


def _ids(kept: Any, count: int) -> tuple[str, ...]:
    known = [str(each) for each in kept or ()]
    usable = all(each.isalnum() and each.isascii() for each in known)
    return tuple(known) if usable and len(set(known)) == count else new_option_ids(count)


def _check(
    lefts: Sequence[str], rights: Sequence[str], others: Sequence[str], problems: list[BodyProblem]
) -> None:
    message: Any = None
    if len(lefts) < MIN_PAIRS:
        message = _l("A matching question needs two pairs or more.")
    elif len(lefts) > MAX_PAIRS or len(others) > MAX_EXTRA:
        message = _l("There are too many pairs.")
    elif not all(lefts) or not all(rights) or not all(others):
        message = _l("Write both sides of each pair: left -> right.")
    elif len({fold(left) for left in lefts}) < len(lefts):
        message = _l("Two left sides are the same.")
    elif len(set(rights)) < MIN_PAIRS and not others:
        message = _l("Two right sides or more must differ.")
    elif max(map(len, [*lefts, *rights, *others])) > _MAX_SIDE:
        message = _l("A side of a pair is too long.")
    if message is not None:
        problems.append(BodyProblem("answers", message))


KIND = MatchingKind(
    "matching",
    _l("Matching"),
    _l("One pair a line: left -> right. “-> right” alone is a right side that fits nowhere."),
)
