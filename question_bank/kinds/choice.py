"""What the choice kinds share: a list of options, a key, and how it is scored."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import Any

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc
from question_bank.kinds.base import (
    EVERYTHING,
    LETTERS,
    NO_ANSWER,
    NOTHING,
    Answer,
    AnswerInvalid,
    BodyInvalid,
    BodyJson,
    BodyProblem,
    Presented,
    PresentedOption,
    Share,
    Way,
    read_share,
)

MIN_OPTIONS = 2
MAX_OPTIONS = 8
MAX_OPTION_LENGTH = 4_000
_ID_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_TO_ALPHABET = bytes(ord(_ID_ALPHABET[byte % len(_ID_ALPHABET)]) for byte in range(256))
_ID_LENGTH = 5
_MAX_ID_LENGTH = 16
_MOST_ALIKE = 3


def looks_random(ids: Sequence[object]) -> bool:
    """May these be ids of `new_option_ids`? Counted ones, such as item2, item3, are not."""
    texts = [each for each in ids if isinstance(each, str)]
    if len(texts) < len(ids) or any(
        len(each) != _ID_LENGTH or not set(each) <= set(_ID_ALPHABET) or len(set(each)) == 1
        for each in texts
    ):
        return False
    alike = sum(len(set(signs)) == 1 for signs in zip(*texts, strict=True))
    return len(texts) == 1 or alike < _MOST_ALIKE


class Scoring(StrEnum):
    """How a question with several right options is marked."""

    ALL_OR_NOTHING = "all_or_nothing"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Option:
    """One option. ``fixed`` keeps it at the end; ``share`` overrides its part of the marks."""

    id: str
    text: str
    fixed: bool = False
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ChoiceBody:
    """A checked body of a choice question.

    ``weights`` and ``denominator`` are worked out once: an option's weight over the denominator is
    what choosing it adds where marks are partial, so that marking is a sum of integers.
    """

    options: tuple[Option, ...]
    key: frozenset[str]
    scoring: Scoring = Scoring.ALL_OR_NOTHING
    weights: Mapping[str, int] = field(init=False, repr=False, compare=False)
    denominator: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        denominator, weights = 1, dict.fromkeys((option.id for option in self.options), 0)
        if self.scoring is Scoring.PARTIAL:
            shares = option_shares(self)
            denominator = lcm(*(share.denominator for share in shares.values()))
            weights = {
                option_id: share.numerator * (denominator // share.denominator)
                for option_id, share in shares.items()
            }
        object.__setattr__(self, "denominator", denominator)
        object.__setattr__(self, "weights", weights)

    @property
    def option_ids(self) -> tuple[str, ...]:
        """Ids in the author's order."""
        return tuple(option.id for option in self.options)

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """Ids of the options that stay at the end."""
        return tuple(option.id for option in self.options if option.fixed)


def option_shares(body: ChoiceBody) -> dict[str, Fraction]:
    """Return what each option adds when partial marks are given.

    Without shares of its own a right option adds 1/(right options) and a wrong one takes
    1/(wrong options) away: all the right ones give 1, and ticking everything gives 0.
    """
    right = len(body.key)
    wrong = len(body.options) - right
    return {
        option.id: option.share
        if option.share is not None
        else Fraction(1, right)
        if option.id in body.key
        else Fraction(-1, wrong)
        for option in body.options
    }


def new_option_ids(count: int) -> tuple[str, ...]:
    """Return ``count`` different random ids, which tell neither the place nor the key."""
    ids: dict[str, None] = {}
    while len(ids) < count:
        # One draw of random bits for all of them: files of 50,000 questions are imported.
        lot = secrets.token_bytes(_ID_LENGTH * count).translate(_TO_ALPHABET).decode()
        ids |= dict.fromkeys(lot[n : n + _ID_LENGTH] for n in range(0, len(lot), _ID_LENGTH))
    return tuple(ids)[:count]


def new_choice_body(
    texts: Sequence[str],
    right: Iterable[int],
    *,
    fixed: Iterable[int] = (),
    scoring: Scoring = Scoring.ALL_OR_NOTHING,
    ids: Sequence[str] = (),
) -> dict[str, Any]:
    """Build the JSON of a body from option texts and the places (from 0) of the right ones.

    ``ids`` keeps the ids of an earlier revision for options in the same place; an empty one gets
    a new id.
    """
    fresh = new_option_ids(len(texts))
    kept = [*ids, *([""] * len(texts))]
    chosen = [kept[place] or fresh[place] for place in range(len(texts))]
    stays = set(fixed)
    return {
        "options": [
            {"id": chosen[place], "text": text, "fixed": place in stays}
            for place, text in enumerate(texts)
        ],
        "key": [chosen[place] for place in sorted(set(right)) if 0 <= place < len(texts)],
        "scoring": scoring.value,
    }


def parse_choice(body: BodyJson, *, most_right: int | None, most_options: int) -> ChoiceBody:
    """Check a choice body; ``most_right`` is how many right options the kind allows (None = any).

    Raises ``BodyInvalid`` with every problem.
    """
    problems: list[BodyProblem] = []
    options = _parse_options(body.get("options"), most_options, problems)
    key = _parse_key(body.get("key"), options, most_right, problems)
    try:
        scoring = Scoring(body.get("scoring", Scoring.ALL_OR_NOTHING))
    except ValueError:
        problems.append(BodyProblem("scoring", _l("Choose how the question is marked.")))
    if problems:
        raise BodyInvalid(problems)
    return ChoiceBody(options, key, scoring)


def _parse_options(
    raw: object, most_options: int, problems: list[BodyProblem]
) -> tuple[Option, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        problems.append(BodyProblem("options", _l("Write at least two options.")))
        return ()
    options = tuple(_parse_option(item, place, problems) for place, item in enumerate(raw))
    if len(options) < MIN_OPTIONS:
        problems.append(BodyProblem("options", _l("Write at least two options.")))
    if len(options) > most_options:
        problems.append(BodyProblem("options", _l("There are too many options.")))
    if len({option.id for option in options}) < len(options):
        problems.append(BodyProblem("options", _l("Two options have the same id.")))
    _same_texts(options, problems)
    return options


def _parse_option(item: dict[str, Any], place: int, problems: list[BodyProblem]) -> Option:
    where = f"options.{place}"
    text = nfc(str(item.get("text", ""))).strip()
    option_id = str(item.get("id", ""))
    if not text:
        problems.append(BodyProblem(where, _l("Write this option, or leave the last ones empty.")))
    elif len(text) > MAX_OPTION_LENGTH:
        problems.append(BodyProblem(where, _l("This option is too long.")))
    if not option_id.isalnum() or not option_id.isascii() or len(option_id) > _MAX_ID_LENGTH:
        problems.append(BodyProblem(where, _l("This option has no usable id.")))
    share: Fraction | None = None
    if item.get("share") is not None:
        share = read_share(item["share"])
        if share is None or not -1 <= share <= 1:
            problems.append(BodyProblem(where, _l("An option's share lies between -1 and 1.")))
            share = None
    return Option(option_id, text, bool(item.get("fixed", False)), share)


def _same_texts(options: Sequence[Option], problems: list[BodyProblem]) -> None:
    """Equal options make the key a matter of luck; "Mw" and "mW" are two options."""
    seen: dict[str, int] = {}
    for place, option in enumerate(options):
        text = " ".join(option.text.split())
        if text and text in seen:
            message = _l(
                "Options %(first)s and %(second)s are the same.",
                first=LETTERS[seen[text] % len(LETTERS)],
                second=LETTERS[place % len(LETTERS)],
            )
            problems.append(BodyProblem(f"options.{place}", message))
        seen.setdefault(text, place)


def _parse_key(
    raw: object,
    options: Sequence[Option],
    most_right: int | None,
    problems: list[BodyProblem],
) -> frozenset[str]:
    if not isinstance(raw, list) or not raw:
        problems.append(BodyProblem("key", _l("Choose the right answer.")))
        return frozenset()
    key = frozenset(str(item) for item in raw)
    if not key <= {option.id for option in options}:
        problems.append(BodyProblem("key", _l("The right answer is not one of the options.")))
    if most_right is not None and len(key) > most_right:
        problems.append(BodyProblem("key", _l("This kind of question has one right answer.")))
    return key


def dump_choice(body: ChoiceBody) -> dict[str, Any]:
    """Return the JSON of a body; ids of the key stand in the options' order."""
    return {
        "options": [_dump_option(option) for option in body.options],
        "key": [option.id for option in body.options if option.id in body.key],
        "scoring": body.scoring.value,
    }


def _dump_option(option: Option) -> dict[str, Any]:
    dumped: dict[str, Any] = {"id": option.id, "text": option.text, "fixed": option.fixed}
    if option.share is not None:
        dumped["share"] = str(option.share)
    return dumped


@dataclass(frozen=True, slots=True)
class ChoiceKind:
    """The behaviour of all choice kinds; each kind's own file says in what it differs."""

    code: str
    label: Any
    several: bool
    most_right: int | None = 1
    most_options: int = MAX_OPTIONS
    keeps_order: bool = False
    way: Way = Way.OPTIONS

    def parse(self, body: BodyJson) -> ChoiceBody:
        """Check a body; kinds that keep the order fix every option in its place."""
        parsed = parse_choice(body, most_right=self.most_right, most_options=self.most_options)
        if not self.keeps_order:
            return parsed
        options = tuple(
            Option(option.id, option.text, fixed=True, share=option.share)
            for option in parsed.options
        )
        return ChoiceBody(options, parsed.key, parsed.scoring)

    def dump(self, body: ChoiceBody) -> dict[str, Any]:
        """Return the JSON of a checked body."""
        return dump_choice(body)

    def present(self, body: ChoiceBody, order: Sequence[str] = ()) -> Presented:
        """Return the options in the paper's order, and nothing of the key."""
        texts = {option.id: option.text for option in body.options}
        options = tuple(
            PresentedOption(option_id, LETTERS[place], texts[option_id])
            for place, option_id in enumerate(order or body.option_ids)
        )
        return Presented(self.code, self.several, options)

    def parse_answer(self, body: ChoiceBody, raw: object) -> Answer:
        """Read option ids: a string, a list of strings, or None for no answer.

        The ids come back sorted, so that the same choice is always the same answer. Raises
        ``AnswerInvalid`` for an unknown option and for two options where one is allowed.
        """
        if raw is None or raw in ("", [], ()):
            return NO_ANSWER
        values = [raw] if isinstance(raw, str) else raw
        if not isinstance(values, list | tuple):
            raise AnswerInvalid(self.code)
        ids = {value for value in values if isinstance(value, str)}
        if len(ids) != len(values) or not ids.issubset(body.weights):
            raise AnswerInvalid(self.code)
        if not self.several and len(ids) > 1:
            raise AnswerInvalid(self.code)
        return tuple(sorted(ids))

    def mark(self, body: ChoiceBody, answer: Answer) -> Share:
        """All-or-nothing: 1 for exactly the key. Partial: the shares' sum, held within 0 and 1."""
        if not answer:
            return NOTHING
        if body.scoring is Scoring.ALL_OR_NOTHING:
            return EVERYTHING if body.key == frozenset(answer) else NOTHING
        total = sum(body.weights.get(option_id, 0) for option_id in frozenset(answer))
        # A single choice may cost marks; ticking several never goes below nothing.
        least = 0 if self.several else -body.denominator
        return Share(min(max(total, least), body.denominator), body.denominator)

    def key_letters(self, body: ChoiceBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """Letters of the right options by their place in ``order``."""
        return tuple(
            LETTERS[place]
            for place, option_id in enumerate(order or body.option_ids)
            if option_id in body.key
        )

    def key_texts(self, body: ChoiceBody) -> tuple[str, ...]:
        """Texts of the right options."""
        return tuple(option.text for option in body.options if option.id in body.key)

    def option_texts(self, body: ChoiceBody) -> tuple[str, ...]:
        """Texts of all options."""
        return tuple(option.text for option in body.options)

    def lines(self, body: ChoiceBody) -> tuple[str, ...]:
        """Texts of all options; a star stands before the right ones."""
        return tuple(
            f"* {option.text}" if option.id in body.key else option.text for option in body.options
        )

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Build a body from lines; `more` may hold the scoring."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        right = [place for place, line in enumerate(lines) if line.startswith("* ")]
        scoring = Scoring(more.get("scoring") or Scoring.ALL_OR_NOTHING)
        return new_choice_body([line.removeprefix("* ") for line in lines], right, scoring=scoring)

    def answer_texts(self, body: ChoiceBody, answer: Answer) -> tuple[str, ...]:
        """Texts of the chosen options, in the author's order."""
        chosen = frozenset(answer)
        return tuple(option.text for option in body.options if option.id in chosen)
