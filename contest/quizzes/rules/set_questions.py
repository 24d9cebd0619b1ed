"""What organisers put into every paper of a round by hand: information, and essay questions. Pure.

Information stands before a question and belongs to its slot (`"i"`: revision ids), so that numbers,
counts and answers are those of a paper without it. Essay questions come last, with slots of their
own (`"e": 1`). Neither is drawn: the draw stays the function of blueprint, pool and seed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contest.core.errors import InvalidInput
from contest.core.i18n import lazy_gettext as _l

MOST_SET: Final = 20


class SetQuestionWrong(InvalidInput):
    """A question that cannot be put into papers by hand."""

    message = _l("Only information and essay questions of this bank are put into papers by hand.")


class TooManySet(InvalidInput):
    """More than anybody reads or writes."""

    message = _l(
        "At most %(count)s pieces of information and essay questions stand in a paper.",
        count=MOST_SET,
    )


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """One of them; its revision is pinned when the round opens.

    `before` is the number of the question before which information stands, from 1; None for an
    essay question.
    """

    question_id: int
    before: int | None = None
    revision_id: int | None = None

    @property
    def is_essay(self) -> bool:
        """Whether it is answered."""
        return self.before is None


def read_set(stored: Iterable[Mapping[str, Any]] | None) -> tuple[SetQuestion, ...]:
    """From the JSON of a round: `{"q": question, "n": before which number, "r": revision}`."""
    return tuple(SetQuestion(each["q"], each.get("n"), each.get("r")) for each in stored or ())


def write_set(questions: Iterable[SetQuestion]) -> list[dict[str, int]]:
    """As the round keeps them; see `read_set`."""
    return [
        {
            name: value
            for name, value in (
                ("q", each.question_id),
                ("n", each.before),
                ("r", each.revision_id),
            )
            if value is not None
        }
        for each in questions
    ]


def essay_count(questions: Iterable[SetQuestion]) -> int:
    """How many of them are answered."""
    return sum(each.is_essay for each in questions)


def with_set_questions(
    slots: Sequence[Mapping[str, Any]], questions: Iterable[SetQuestion]
) -> list[dict[str, Any]]:
    """Put them into a drawn paper; a number beyond its end is that of its last question.

    Args:
        slots: of the drawn questions, as an attempt keeps them.
        questions: with pinned revisions.
    """
    known = list(questions)
    paper = [dict(slot) for slot in slots]
    paper += [{"r": each.revision_id, "o": [], "t": 1, "e": 1} for each in known if each.is_essay]
    for each in known:
        if each.before is not None and paper:
            place = paper[min(each.before, len(paper)) - 1]
            place["i"] = [*place.get("i", ()), each.revision_id]
    return paper


def essay_slots(paper: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """The essay questions of a stored paper: revision ids by slot."""
    return {place: slot["r"] for place, slot in enumerate(paper) if "e" in slot}


def revision_ids_of(paper: Iterable[Mapping[str, Any]]) -> list[int]:
    """Everything that a stored paper shows: its questions and the information before them."""
    found: list[int] = []
    for slot in paper:
        found += slot.get("i", ())
        if "r" in slot:
            found.append(slot["r"])
    return found
