"""Our JSON: every question as it is, without loss; `question_bank.formats.own_json` reads it."""

import base64
import json
from collections.abc import Iterable
from typing import Any

from contest.core.i18n import lazy_gettext as _l
from question_bank.exports.base import ExportFormat, ExportQuestion
from question_bank.formats.own_json import NAME, VERSION
from question_bank.kinds import KINDS
from question_bank.media import ReadMedium


def _entry(question: ExportQuestion) -> dict[str, Any]:
    return {
        "id": question.external_id,
        "name": question.name,
        "kind": question.kind,
        "topic": list(question.topic),
        "difficulty": question.difficulty,
        "stem": question.stem,
        "body": dict(question.body),
        "explanation": question.explanation,
        "source": question.source,
        "tags": list(question.tags),
        "mark": format(question.mark.normalize(), "f"),
        **_media(question),
    }


def _media(question: ExportQuestion) -> dict[str, Any]:
    media = [_medium(each) for each in question.media.values()]
    return {"media": media} if media else {}


def _medium(medium: ReadMedium) -> dict[str, Any]:
    """A medium with its bytes, and everything that its token is drawn from."""
    said: dict[str, Any] = {"ref": medium.ref, "kind": medium.kind.value, "words": medium.words}
    if medium.markup:
        return said | {"markup": medium.markup}
    content = base64.b64encode(medium.content).decode()
    return said | {"decorative": medium.is_decorative, "content": content}


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
