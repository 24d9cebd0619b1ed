"""Media of a bank's questions, by the letters that their texts name them with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from contest.core.db import db
from contest.core.files import read_file
from question_bank.media import Medium, MediumKind, ReadMedium, refs_in
from question_bank.models import Question, QuestionMedium, QuestionRevision

_AT_ONCE: Final = 500
_COLUMNS: Final = (
    QuestionMedium.ref,
    QuestionMedium.kind,
    QuestionMedium.words,
    QuestionMedium.markup,
    QuestionMedium.is_decorative,
    QuestionMedium.width,
    QuestionMedium.height,
)


def known_refs(bank_id: int, refs: Collection[str] | Mapping[str, Any]) -> set[str]:
    """Return which of these media a bank has."""
    return {row.ref for row in _of_bank(bank_id, refs, QuestionMedium.ref)}


def _of_bank(bank_id: int, refs: Collection[str] | Mapping[str, Any], *columns: Any) -> list[Any]:
    wanted = sorted(set(refs))
    rows: list[Any] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows += db.session.execute(
            select(*columns).where(
                QuestionMedium.bank_id == bank_id,
                QuestionMedium.ref.in_(wanted[start : start + _AT_ONCE]),
            )
        ).all()
    return rows


def media_named(bank_id: int, *values: Any) -> dict[str, Medium]:
    """Return the media that texts or JSON values name; nothing is asked when there are none."""
    refs = {ref for value in values for ref in refs_in(value)}
    return {row.ref: Medium(*row) for row in _of_bank(bank_id, refs, *_COLUMNS)} if refs else {}


def media_of_revisions(named: Mapping[int, Collection[str]]) -> dict[int, dict[str, Medium]]:
    """Return by revision the media that it names, each from the bank of its question."""
    if not named:
        return {}
    rows = db.session.execute(
        select(QuestionRevision.id, *_COLUMNS)
        .join(Question, Question.id == QuestionRevision.question_id)
        .join(QuestionMedium, QuestionMedium.bank_id == Question.bank_id)
        .where(
            QuestionRevision.id.in_(list(named)),
            QuestionMedium.ref.in_({ref for refs in named.values() for ref in refs}),
        )
    )
    found: dict[int, dict[str, Medium]] = {}
    for revision_id, *columns in rows:
        shown: Any = columns
        medium = Medium(*shown)
        if medium.ref in named[revision_id]:
            found.setdefault(revision_id, {})[medium.ref] = medium
    return found


@dataclass(frozen=True, slots=True)
class MediumFile:
    """The bytes of a medium, as a browser gets them: no name of a file."""

    content: bytes
    media_type: str


def medium_file(bank_id: int, ref: str) -> MediumFile | None:
    """Return the file of a bank's medium, or None; formulas have none."""
    row = db.session.execute(
        select(QuestionMedium.file_id, QuestionMedium.media_type).where(
            QuestionMedium.bank_id == bank_id, QuestionMedium.ref == ref
        )
    ).one_or_none()
    if row is None or row.file_id is None:
        return None
    return MediumFile(read_file(row.file_id), row.media_type)


def medium_file_of_revisions(revision_ids: Collection[int], ref: str) -> MediumFile | None:
    """Return the file of a medium of the bank to which these revisions belong, or None."""
    row = db.session.execute(
        select(QuestionMedium.file_id, QuestionMedium.media_type)
        .join(Question, Question.bank_id == QuestionMedium.bank_id)
        .join(QuestionRevision, QuestionRevision.question_id == Question.id)
        .where(QuestionMedium.ref == ref, QuestionRevision.id.in_(list(revision_ids)))
        .limit(1)
    ).one_or_none()
    if row is None or row.file_id is None:
        return None
    return MediumFile(read_file(row.file_id), row.media_type)


def undescribed(bank_id: int, value: Any) -> bool:
    """Does a text or JSON value name a picture or sound without words for who cannot see it?"""
    return any(not medium.is_described for medium in media_named(bank_id, value).values())


def read_media(bank_id: int, refs: Collection[str]) -> dict[str, ReadMedium]:
    """Return media with their bytes, for a file that carries them along."""
    found = {}
    for file_id, media_type, ref, kind, words, markup, is_decorative, width, height in _of_bank(
        bank_id, refs, QuestionMedium.file_id, QuestionMedium.media_type, *_COLUMNS
    ):
        content = b"" if kind is MediumKind.FORMULA else read_file(file_id)
        found[ref] = ReadMedium(
            kind, content, media_type, markup, words, is_decorative, width, height
        )
    return found
