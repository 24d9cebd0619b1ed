"""Questions made of parts: gaps in a text (cloze), or members under a shared text (group).

A part is a question of a simple kind with a weight. An answer is one ``part=value`` for each option
chosen or each text typed; the question earns the weighted mean of what its parts earn.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import nfc, one_line
from question_bank.kinds import multiple, numeric, short_answer, single, true_false
from question_bank.kinds.base import (
    NO_ANSWER,
    NOTHING,
    TYPED,
    Answer,
    AnswerInvalid,
    BodyInvalid,
    BodyJson,
    BodyProblem,
    Presented,
    PresentedPart,
    QuestionKind,
    Share,
    Way,
    read_share,
)
from question_bank.kinds.choice import new_option_ids

MOST_PARTS: Final = 20
MOST_VALUES: Final = 32
MOST_WEIGHT: Final = 100
_MOST_STEM: Final = 4_000
_MOST_FEEDBACK: Final = 2_000
_MOST_ID: Final = 16
SIMPLE: Final[Mapping[str, QuestionKind]] = MappingProxyType(
    {found.KIND.code: found.KIND for found in (short_answer, numeric, single, multiple, true_false)}
)
"""The kinds that a part may be of."""


@dataclass(frozen=True, slots=True)
class Part:
    """A checked part. `is_list` shows its options one under another instead of in a menu."""

    id: str
    kind: QuestionKind
    body: Any
    stem: str = ""
    weight: Fraction = Fraction(1)
    feedback: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class PartsBody:
    """A checked body of parts."""

    parts: tuple[Part, ...]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """All ``part=option`` of the parts with options, part by part."""
        return tuple(f"{part.id}={each}" for part in self.parts for each in part.body.option_ids)

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """Those that keep their place at the end of their part."""
        return tuple(f"{part.id}={each}" for part in self.parts for each in part.body.fixed_last)


class PartResult(NamedTuple):
    """What a part earns of itself, its weight in the whole, and whether it was answered."""

    share: Fraction
    weight: Fraction
    answered: bool


def values_by_part(answer: Answer) -> dict[str, Answer]:
    """Return what was answered to each part."""
    found: dict[str, list[str]] = {}
    for each in answer:
        part, sign, value = each.partition("=")
        if sign and value:
            found.setdefault(part, []).append(value)
    return {part: tuple(values) for part, values in found.items()}


@dataclass(frozen=True, slots=True)
class PartsKind:
    """The behaviour of both kinds that are made of parts; `has_stems` is that of groups."""

    code: str
    label: Any
    way: Way
    has_stems: bool
    several: bool = True

    def parse(self, body: BodyJson) -> PartsBody:
        """Check a body. Raises ``BodyInvalid``; fields are named ``parts.2``, from 0."""
        raw = body.get("parts")
        given = [each for each in raw if isinstance(each, dict)] if isinstance(raw, list) else []
        if not given:
            raise BodyInvalid([BodyProblem("parts", _l("Write at least one part."))])
        if len(given) > MOST_PARTS:
            raise BodyInvalid([BodyProblem("parts", _l("This question has too many parts."))])
        problems: list[BodyProblem] = []
        ids = [str(each.get("id", "")) for each in given]
        usable = all(each.isalnum() and each.isascii() and len(each) <= _MOST_ID for each in ids)
        if not usable or len(set(ids)) < len(ids):
            ids = list(new_option_ids(len(ids)))
        parts = []
        for place, (part_id, item) in enumerate(zip(ids, given, strict=True)):
            part = self._part(part_id, item, f"parts.{place}", problems)
            if part is not None:
                parts.append(part)
        values = sum(len(part.body.option_ids) if part.kind.several else 1 for part in parts)
        if values > MOST_VALUES:
            problems.append(BodyProblem("parts", _l("This question has too many parts.")))
        if problems:
            raise BodyInvalid(problems)
        return PartsBody(tuple(parts))

    def _part(
        self, part_id: str, item: BodyJson, where: str, problems: list[BodyProblem]
    ) -> Part | None:
        kind = SIMPLE.get(str(item.get("kind")))
        inner = item.get("body")
        if kind is None or not isinstance(inner, dict):
            problems.append(BodyProblem(where, _l("Choose the kind of this part.")))
            return None
        before = len(problems)
        stem = nfc(str(item.get("stem", ""))).strip() if self.has_stems else ""
        feedback = nfc(str(item.get("feedback", ""))).strip()
        weight = read_share(item.get("weight", 1))
        if self.has_stems and not stem:
            problems.append(BodyProblem(where, _l("Write what this part asks.")))
        if len(stem) > _MOST_STEM or len(feedback) > _MOST_FEEDBACK:
            problems.append(BodyProblem(where, _l("The text of this part is too long.")))
        if weight is None or not 0 < weight <= MOST_WEIGHT:
            problems.append(BodyProblem(where, _l("The weight of a part lies above 0, up to 100.")))
        body = None
        try:
            body = kind.parse(inner)
        except BodyInvalid as invalid:
            problems += [BodyProblem(where, problem.message) for problem in invalid.problems]
        if len(problems) > before:
            return None
        return Part(
            part_id, kind, body, stem, weight or Fraction(1), feedback, bool(item.get("is_list"))
        )

    def dump(self, body: PartsBody) -> dict[str, Any]:
        """Return the JSON of a checked body."""
        return {
            "parts": [
                {
                    "id": part.id,
                    "kind": part.kind.code,
                    "stem": part.stem,
                    "weight": str(part.weight),
                    "feedback": part.feedback,
                    "is_list": part.is_list,
                    "body": part.kind.dump(part.body),
                }
                for part in body.parts
            ]
        }

    def present(self, body: PartsBody, order: Sequence[str] = ()) -> Presented:
        """Return the parts with their options in the paper's order, and nothing of the key."""
        placed = values_by_part(tuple(order or body.option_ids))
        parts = []
        for number, part in enumerate(body.parts, start=1):
            shown = part.kind.present(part.body, placed.get(part.id, part.body.option_ids))
            parts.append(
                PresentedPart(
                    part.id,
                    number,
                    part.kind.way,
                    part.kind.several,
                    part.stem,
                    shown.options,
                    shown.unit,
                    part.is_list or part.kind.several or self.has_stems,
                )
            )
        return Presented(self.code, several=True, options=(), way=self.way, parts=tuple(parts))

    def parse_answer(self, body: PartsBody, raw: object) -> Answer:
        """Read ``part=value`` of some parts. Raises ``AnswerInvalid``."""
        if raw is None or raw in ("", [], ()):
            return NO_ANSWER
        values = [raw] if isinstance(raw, str) else raw
        if not isinstance(values, list | tuple) or not all(isinstance(v, str) for v in values):
            raise AnswerInvalid(self.code)
        given = values_by_part(tuple(values))
        kept: list[str] = []
        for part in body.parts:
            answer = given.pop(part.id, NO_ANSWER)
            kept += [f"{part.id}={each}" for each in part.kind.parse_answer(part.body, answer)]
        if given or len(kept) < len(values):
            raise AnswerInvalid(self.code)
        return tuple(sorted(kept))

    def part_shares(self, body: PartsBody, answer: Answer) -> tuple[Share, ...]:
        """Return what each part earns by itself, in the author's order: for statistics."""
        given = values_by_part(answer)
        return tuple(_earned(part, given.get(part.id, NO_ANSWER)) for part in body.parts)

    def part_results(self, bodies: Sequence[PartsBody], answer: Answer) -> tuple[PartResult, ...]:
        """Return what each part earns by the best of these bodies of one question.

        Several bodies are keys that count beside one another.
        """
        given = values_by_part(answer)
        parts = bodies[0].parts
        whole = sum((part.weight for part in parts), Fraction(0))
        tried = zip(*(self.part_shares(body, answer) for body in bodies), strict=True)
        return tuple(
            PartResult(max(each.fraction for each in shares), part.weight / whole, part.id in given)
            for part, shares in zip(parts, tried, strict=True)
        )

    def mark(self, body: PartsBody, answer: Answer) -> Share:
        """The weighted mean of what the parts earn, never below nothing."""
        return self.mark_any((body,), answer)

    def mark_any(self, bodies: Sequence[PartsBody], answer: Answer) -> Share:
        """The same where each part may follow the key of any of these bodies of one question."""
        if answer == NO_ANSWER:
            return NOTHING
        earned = sum(
            (each.weight * each.share for each in self.part_results(bodies, answer)), Fraction(0)
        )
        share = max(earned, Fraction(0))
        return Share(share.numerator, share.denominator)

    def key_letters(self, body: PartsBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """Letters name nothing where several parts have them."""
        del body, order
        return ()

    def key_texts(self, body: PartsBody) -> tuple[str, ...]:
        """The right answers of each part, numbered."""
        return tuple(
            f"({number}) {' | '.join(part.kind.key_texts(part.body))}"
            for number, part in enumerate(body.parts, start=1)
        )

    def option_texts(self, body: PartsBody) -> tuple[str, ...]:
        """What the parts ask and offer, for the search."""
        return tuple(
            text
            for part in body.parts
            for text in (part.stem, *part.kind.option_texts(part.body))
            if text
        )

    def answer_texts(self, body: PartsBody, answer: Answer) -> tuple[str, ...]:
        """What was answered to each part, numbered; parts left empty are not there."""
        given = values_by_part(answer)
        return tuple(
            f"({number}) {' | '.join(part.kind.answer_texts(part.body, given[part.id]))}"
            for number, part in enumerate(body.parts, start=1)
            if part.id in given
        )

    def lines(self, body: PartsBody) -> tuple[str, ...]:
        """Each part with its answers, for the eye and for comparing versions."""
        return tuple(
            line for number, part in enumerate(body.parts, 1) for line in _lines(number, part)
        )

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Parts are written in fields of their own; from lines alone there are none."""
        del text, more
        return {"parts": []}


def _earned(part: Part, answer: Answer) -> Share:
    if part.kind.way in TYPED and len(answer) > 1:
        return NOTHING
    share: Share = part.kind.mark(part.body, answer)
    return share


def _lines(number: int, part: Part) -> Iterator[str]:
    weight = f" × {part.weight}" if part.weight != 1 else ""
    yield one_line(f"({number}) {part.kind.label}{weight}: {part.stem}").rstrip(": ")
    yield from part.kind.lines(part.body)
    if part.feedback:
        yield f"# {part.feedback}"
