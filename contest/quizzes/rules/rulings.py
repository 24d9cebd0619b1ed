"""How a question counts after a correction: another key, several keys, out, or full marks. Pure.

A ruling lies over the pinned revision: papers keep what they showed, answers what was chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.models import RulingKind
from question_bank.kinds.base import NO_ANSWER, Answer, KindBody, MarksAny, Way
from question_bank.marking import ParsedRevision, QuestionMark, mark_question, share_of


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about a question; `bodies` are those whose keys count instead or also."""

    kind: RulingKind
    bodies: tuple[KindBody, ...] = ()


ALONE: Final = frozenset({RulingKind.DROP, RulingKind.FULL})
"""Rulings that need no key."""
RULING_WORDS: Final[Mapping[RulingKind, Words]] = {
    RulingKind.KEY: _l("The key was corrected after the close."),
    RulingKind.ALSO: _l("Another answer was accepted as right after the close."),
    RulingKind.DROP: _l("This question was taken out of the marking."),
    RulingKind.FULL: _l("Everybody gets full marks for this question."),
}
MARKED_BY_HAND: Final = _l("Free writing, marked by judges.")
Rulings = Mapping[int, Ruling]
"""By revision id."""
NOBODY_JUDGED: Final[Mapping[int, int]] = MappingProxyType({})


class RuledMark(NamedTuple):
    """An attempt's marks under the rulings, in ten-thousandths; dropped questions count nowhere."""

    units: int
    max_units: int
    right_count: int
    dropped_count: int


def parse_rulings(
    stored: Mapping[str, Any], known: Mapping[int, ParsedRevision]
) -> dict[int, Ruling]:
    """Rulings from their JSON, with bodies read by their questions' kinds."""
    return {
        int(revision_id): Ruling(
            RulingKind(ruling["kind"]),
            tuple(known[int(revision_id)].kind.parse(body) for body in ruling.get("bodies", ())),
        )
        for revision_id, ruling in stored.items()
        if int(revision_id) in known
    }


def ruled_bodies(revision: ParsedRevision, ruling: Ruling | None) -> tuple[KindBody, ...]:
    """The bodies whose keys count: the question's own, those ruled, or both."""
    if ruling is None or not ruling.bodies:
        return (revision.body,)
    return (revision.body, *ruling.bodies) if ruling.kind is RulingKind.ALSO else ruling.bodies


def right_letters(
    revision: ParsedRevision, ruling: Ruling | None, order: Sequence[str] = ()
) -> tuple[str, ...]:
    """Letters of all options that count as right, by the paper's order."""
    bodies = ruled_bodies(revision, ruling)
    letters = {letter for body in bodies for letter in revision.kind.key_letters(body, order)}
    return tuple(sorted(letters))


def answers_in_words(revision: ParsedRevision, ruling: Ruling | None) -> tuple[str, ...]:
    """The right answers as the published key says them, after a ruling."""
    if ruling is not None and ruling.kind in ALONE:
        return (str(RULING_WORDS[ruling.kind]),)
    if revision.kind.way is Way.ESSAY:
        return (str(MARKED_BY_HAND),)
    return tuple(
        dict.fromkeys(
            revision.in_words(text)
            for body in ruled_bodies(revision, ruling)
            for text in revision.kind.key_texts(body)
        )
    )


def mark_under(
    revision: ParsedRevision, answer: Answer, ruling: Ruling | None, judged: int | None = None
) -> QuestionMark:
    """Mark one answer under a ruling; `judged` is what a person gave, in ten-thousandths.

    A dropped question has the maximum 0. Several keys: the best mark that any of them gives, for
    questions of parts part by part.
    """
    if ruling is None and judged is not None:
        most = revision.max_units
        return QuestionMark(min(judged, most), most, right=judged >= most, answered=True)
    if ruling is None:
        return mark_question(revision, answer)
    if ruling.kind is RulingKind.DROP:
        return QuestionMark(0, 0, right=False, answered=bool(answer))
    if ruling.kind is RulingKind.FULL:
        return QuestionMark(
            revision.max_units, revision.max_units, right=True, answered=bool(answer)
        )
    bodies = ruled_bodies(revision, ruling)
    if isinstance(revision.kind, MarksAny):
        shares = [revision.kind.mark_any(bodies, answer)]
    else:
        shares = [revision.kind.mark(body, answer) for body in bodies]
    return QuestionMark(
        max(share_of(share, revision.max_units) for share in shares),
        revision.max_units,
        right=any(share.full for share in shares),
        answered=bool(answer),
    )


def mark_attempt(
    revisions: Sequence[ParsedRevision],
    answers: Mapping[int, Answer],
    rulings: Rulings,
    judged: Mapping[int, int] = NOBODY_JUDGED,
) -> RuledMark:
    """Mark a whole paper under the rulings.

    Args:
        revisions: pinned ones, in the paper's order.
        answers: by slot, from 0.
        rulings: by revision id.
        judged: what people gave for essay answers, by slot, in ten-thousandths.
    """
    units = most = right = dropped = 0
    for slot, revision in enumerate(revisions):
        ruling = rulings.get(revision.id)
        mark = mark_under(revision, answers.get(slot, NO_ANSWER), ruling, judged.get(slot))
        units += mark.units
        most += mark.max_units
        right += mark.right
        dropped += ruling is not None and ruling.kind is RulingKind.DROP
    return RuledMark(units, most, right, dropped)
