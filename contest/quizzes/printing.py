"""Printed papers as PDF: the sheets of each code, and the key of all of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contest.core.documents import compile_pdf
from contest.core.i18n import gettext as _
from contest.core.i18n import language, ngettext
from contest.quizzes.models import PrintedPaper
from contest.quizzes.queries.printed import (
    PrintedOption,
    PrintedQuestion,
    key_table,
    printed_pictures,
    questions_of,
)
from contest.quizzes.queries.rounds import quiz_of
from question_bank.kinds.base import Way
from question_bank.media import Medium
from question_bank.media.typeset import typeset


def paper_pdf(paper: PrintedPaper, codes: list[dict[str, Any]], *, instance: Path) -> bytes:
    """The sheets of some codes, each beginning on a page of its own.

    Args:
        paper: with title and head.
        codes: those of its papers that are wanted.
        instance: the folder of this installation.
    """
    asked = [(each["code"], questions_of(each)) for each in codes]
    data = _head(paper) | {
        "sheets": [
            {"code": code, "questions": [set_question(one) for one in questions]}
            for code, questions in asked
        ],
        "words": {
            "code": _("Paper code"),
            "name": _("Full name"),
            "birth": _("Date of birth"),
            "unit": _("Unit"),
            "number": _("Candidate number"),
            "end": _("THE END"),
            "answer": _("Answer"),
        },
    }
    quiz = quiz_of(paper.round_id)
    every = [one for _code, questions in asked for one in questions]
    pictures = {} if quiz is None or quiz.bank_id is None else printed_pictures(quiz.bank_id, every)
    return compile_pdf("quizzes/paper", data, instance=instance, pictures=pictures)


def set_question(one: PrintedQuestion) -> dict[str, Any]:
    """A question as the template sets it: every text as lines of pieces."""
    return {
        "label": _("Question %(number)s", number=one.number),
        "stem": typeset(one.stem, one.media, with_gaps=one.way == Way.GAPS),
        "information": [typeset(each.stem, each.media) for each in one.information],
        "way": one.way,
        "options": _options(one.options, one.media),
        "rows": _options(one.rows, one.media),
        "parts": [
            {
                "number": part.number,
                "stem": typeset(part.stem, one.media),
                "options": _options(part.options, one.media),
                "unit": part.unit,
            }
            for part in one.parts
        ],
        "unit": one.unit,
        "columns": one.columns,
    }


def _options(options: Sequence[PrintedOption], media: Mapping[str, Medium]) -> list[dict[str, Any]]:
    return [{"letter": each.letter, "text": typeset(each.text, media)} for each in options]


def key_pdf(paper: PrintedPaper, *, instance: Path) -> bytes:
    """The answer key: a row for each question, a column for each code."""
    table = key_table(paper.papers)
    data = _head(paper) | {
        "codes": list(table.codes),
        "rows": [list(row) for row in table.rows],
        "words": {"key": _("Answer key"), "number": _("Question"), "code": _("Paper code")},
    }
    return compile_pdf("quizzes/key", data, instance=instance)


def _head(paper: PrintedPaper) -> dict[str, Any]:
    head = paper.head
    minutes = int(head.get("minutes") or 0)
    count = len(paper.papers[0]["slots"])
    about = [
        ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else "",
        ngettext("%(num)s question", "%(num)s questions", count),
    ]
    return {
        "lang": language(),
        "title": paper.title,
        "about": ", ".join(each for each in about if each),
        "contest": paper.round.contest.title,
        "round": paper.round.title,
        "header": {
            "style": head.get("style", "state"),
            "above": head.get("above", ""),
            "issuer": head.get("issuer", ""),
            "number": "",
            "place_date": "",
        },
    }
