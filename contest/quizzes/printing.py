"""Printed papers as PDF: the sheets of each code, and the key of all of them."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from contest.core.documents import compile_pdf
from contest.core.i18n import gettext as _
from contest.core.i18n import language, ngettext
from contest.quizzes.models import PrintedPaper
from contest.quizzes.queries.printed import key_table, questions_of


def paper_pdf(paper: PrintedPaper, codes: list[dict[str, Any]], *, instance: Path) -> bytes:
    """The sheets of some codes, each beginning on a page of its own.

    Args:
        paper: with title and head.
        codes: those of its papers that are wanted.
        instance: the folder of this installation.
    """
    data = _head(paper) | {
        "sheets": [
            {
                "code": each["code"],
                "questions": [
                    {"label": _("Question %(number)s", number=one.number), **asdict(one)}
                    for one in questions_of(each)
                ],
            }
            for each in codes
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
    return compile_pdf("quizzes/paper", data, instance=instance)


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
