"""Printed papers: which there are, and each as its codes ask it, with the key of every code."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select

from contest.core.access import Actor
from contest.core.db import db
from contest.quizzes.models import PrintedPaper, QuizRound
from contest.quizzes.rules.rulings import MARKED_BY_HAND
from contest.quizzes.rules.set_questions import revision_ids_of
from question_bank.kinds.base import PresentedPart, Way
from question_bank.marking import ParsedRevision
from question_bank.media import TOKEN, Medium, MediumKind
from question_bank.queries import banks_for, read_media, revisions

_SHORT: Final = 16
_HALF: Final = 38
_PICTURE: Final = 30


def printed_papers(round_id: int) -> list[PrintedPaper]:
    """The printed papers of a round, the latest first."""
    return list(
        db.session.scalars(
            select(PrintedPaper)
            .where(PrintedPaper.round_id == round_id)
            .order_by(PrintedPaper.number.desc())
        )
    )


def printed_paper(round_id: int, public_id: str) -> PrintedPaper | None:
    """One printed paper of a round, or None."""
    return db.session.scalar(
        select(PrintedPaper).where(
            PrintedPaper.round_id == round_id, PrintedPaper.public_id == public_id
        )
    )


def may_read_bank(actor: Actor, quiz: QuizRound | None) -> bool:
    """Whether somebody may read the questions, with their keys, of the bank behind a round."""
    if quiz is None or quiz.bank_id is None:
        return False
    return any(bank.id == quiz.bank_id for bank in banks_for(actor))


@dataclass(frozen=True, slots=True)
class PrintedOption:
    """An option under its letter of this code; texts name their media by tokens."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """A gap, or a question on a shared text."""

    number: int
    stem: str
    options: tuple[PrintedOption, ...]
    unit: str
    way: str


@dataclass(frozen=True, slots=True)
class PrintedInformation:
    """Something to read before a question."""

    stem: str
    media: Mapping[str, Medium]


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """A question as a code asks it; it holds nothing of the key. `columns` of its options.

    `media` are the pictures, sounds and formulas that its texts name.
    """

    number: int
    stem: str
    media: Mapping[str, Medium]
    way: str
    options: tuple[PrintedOption, ...]
    rows: tuple[PrintedOption, ...]
    parts: tuple[PrintedPart, ...]
    unit: str
    columns: int
    information: tuple[PrintedInformation, ...] = ()


def questions_of(paper: dict[str, Any]) -> list[PrintedQuestion]:
    """The questions of one code, without the key."""
    slots = paper["slots"]
    known = revisions(revision_ids_of(slots))
    return [
        replace(
            printed_question(number, known[slot["r"]], slot["o"]),
            information=tuple(
                PrintedInformation(known[key].stem, known[key].media) for key in slot.get("i", ())
            ),
        )
        for number, slot in enumerate(slots, start=1)
    ]


def printed_question(
    number: int, revision: ParsedRevision, order: Sequence[str]
) -> PrintedQuestion:
    """A question under its number, options in the order of a code (the author's when empty)."""
    shown = revision.present(order)
    widths = [_as_wide(option.text, revision.media) for option in shown.options]
    return PrintedQuestion(
        number=number,
        stem=revision.stem,
        media=revision.media,
        way=shown.way.value,
        options=tuple(PrintedOption(option.letter, option.text) for option in shown.options),
        rows=tuple(PrintedOption(row.letter, row.text) for row in shown.rows),
        parts=tuple(_part(part) for part in shown.parts),
        unit=shown.unit,
        columns=columns_for(widths),
    )


def _part(part: PresentedPart) -> PrintedPart:
    options = tuple(PrintedOption(one.letter, one.text) for one in part.options)
    return PrintedPart(part.number, part.stem, options, part.unit, part.way.value)


def _as_wide(text: str, media: Mapping[str, Medium]) -> str:
    """Return words about as wide as a text is set: a formula in one line, a picture as itself."""

    def words(found: re.Match[str]) -> str:
        medium = media.get(found[1])
        if medium is None:
            return ""
        return medium.words if medium.kind is MediumKind.FORMULA else " " * _PICTURE

    return TOKEN.sub(words, text)


def printed_pictures(bank_id: int, questions: Iterable[PrintedQuestion]) -> dict[str, bytes]:
    """Return the pictures of printed questions by their letters; PNG and JPEG, as they are kept."""
    wanted = {
        ref
        for question in questions
        for media in (question.media, *(each.media for each in question.information))
        for ref, medium in media.items()
        if medium.kind is MediumKind.PICTURE
    }
    return (
        {ref: each.content for ref, each in read_media(bank_id, wanted).items()} if wanted else {}
    )


def columns_for(texts: Sequence[str]) -> int:
    """In how many columns options stand: short ones four to a line, longer ones two or one."""
    longest = max((len(text) for text in texts), default=0)
    if longest <= _SHORT and len(texts) == 4:  # noqa: PLR2004  (A to D on one line)
        return 4
    return 2 if longest <= _HALF else 1


@dataclass(frozen=True, slots=True)
class KeyTable:
    """The key of all codes: for each number of a question what is right under each code."""

    codes: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def key_table(papers: Sequence[dict[str, Any]]) -> KeyTable:
    """The answer key of every code; only for who may read the bank."""
    wanted = {slot["r"] for paper in papers for slot in paper["slots"]}
    known = revisions(wanted)
    columns = [[_key(known[slot["r"]], slot["o"]) for slot in paper["slots"]] for paper in papers]
    return KeyTable(tuple(paper["code"] for paper in papers), tuple(zip(*columns, strict=True)))


def _key(revision: ParsedRevision, order: Sequence[str]) -> str:
    """Letters where there are some, else the right answers in words."""
    if revision.kind.way is Way.ESSAY:
        return str(MARKED_BY_HAND)
    letters = revision.kind.key_letters(revision.body, order)
    return ", ".join(letters) if letters else "; ".join(revision.right_texts())
