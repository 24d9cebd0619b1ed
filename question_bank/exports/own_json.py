"""Our JSON: every question as it is, without loss; `question_bank.formats.own_json` reads it."""

import json
from collections.abc import Iterable
from typing import Any

from contest.core.i18n import lazy_gettext as _l
from question_bank.exports.base import ExportFormat, ExportQuestion
from question_bank.formats.own_json import NAME, VERSION
from question_bank.kinds import KINDS


def _entry(question: ExportQuestion) -> dict[str, Any]:
    return {
        "id": question.external_id,
        "kind": question.kind,
        "topic": list(question.topic),
        "difficulty": question.difficulty,
        "stem": question.stem,
        "body": dict(question.body),
        "explanation": question.explanation,
        "source": question.source,
        "tags": list(question.tags),
        "mark": format(question.mark.normalize(), "f"),
    }


def write(questions: Iterable[ExportQuestion]) -> bytes:
    """Return the document: one question a line, so that two of them can be compared."""
    head = f'{{"format": {json.dumps(NAME)}, "version": {VERSION}, "questions": ['
    lines = ",\n".join(json.dumps(_entry(each), ensure_ascii=False) for each in questions)
    return f"{head}\n{lines}\n]}}\n".encode()


FORMAT = ExportFormat(
    "json",
    _l("Our JSON (.json), without loss"),
    "json",
    "application/json",
    frozenset(KINDS),
    write,
)
