"""Keeping pictures, sounds and formulas of questions."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from contest.core.access import Actor
from contest.core.db import db, new_public_id
from contest.core.files import discard_files, store_file
from question_bank import queries
from question_bank.media import MediumKind, ReadMedium, refs_in
from question_bank.models import Question, QuestionMedium, QuestionState
from question_bank.rules import MediaUndescribed

_SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "audio/mpeg": "mp3", "audio/wav": "wav"}


def keep_media(
    *,
    bank_id: int,
    media: Iterable[ReadMedium],
    import_id: int | None = None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Keep media in a bank; one that it has already is not kept twice.

    Args:
        bank_id: whose they are; only questions of this bank show them.
        media: clean already (`question_bank.media.reading`).
        import_id: the import that brought them; they go with it when it is dropped.
        actor: who sent them.
        now: the instant of the request or job.
    """
    wanted = {medium.ref: medium for medium in media}
    known = queries.known_refs(bank_id, wanted)
    if known:
        db.session.execute(
            update(QuestionMedium)
            .where(QuestionMedium.bank_id == bank_id, QuestionMedium.ref.in_(known))
            .values(import_id=None)
            .execution_options(synchronize_session=False)
        )
    for ref, medium in wanted.items():
        if ref in known:
            continue
        file_id = None
        if medium.kind is not MediumKind.FORMULA:
            file_id = store_file(
                medium.content,
                name=f"{new_public_id()}.{_SUFFIX.get(medium.media_type, 'bin')}",
                media_type=medium.media_type,
                actor=actor,
                now=now,
            ).id
        db.session.add(
            QuestionMedium(
                bank_id=bank_id,
                ref=ref,
                kind=medium.kind,
                file_id=file_id,
                media_type=medium.media_type,
                markup=medium.markup,
                words=medium.words,
                is_decorative=medium.is_decorative,
                width=medium.width,
                height=medium.height,
                import_id=import_id,
                created_at=now,
            )
        )
    db.session.flush()


def copy_media(*, from_bank_id: int, to_bank_id: int, value: object, now: datetime) -> None:
    """Give another bank the media that a question names; their files are shared."""
    refs = set(refs_in(value))
    if from_bank_id == to_bank_id or not refs:
        return
    known = queries.known_refs(to_bank_id, refs)
    rows = db.session.scalars(
        select(QuestionMedium).where(
            QuestionMedium.bank_id == from_bank_id, QuestionMedium.ref.in_(refs - known)
        )
    )
    for row in rows.all():
        db.session.add(
            QuestionMedium(
                bank_id=to_bank_id,
                ref=row.ref,
                kind=row.kind,
                file_id=row.file_id,
                media_type=row.media_type,
                markup=row.markup,
                words=row.words,
                is_decorative=row.is_decorative,
                width=row.width,
                height=row.height,
                created_at=now,
            )
        )
    db.session.flush()


def keep_imported_media(*, import_id: int) -> None:
    """An accepted import leaves its media in the bank."""
    db.session.execute(
        update(QuestionMedium)
        .where(QuestionMedium.import_id == import_id)
        .values(import_id=None)
        .execution_options(synchronize_session=False)
    )


def discard_imported_media(*, import_id: int, now: datetime) -> None:
    """Delete what a dropped import had brought, and nothing else keeps."""
    rows = db.session.scalars(
        select(QuestionMedium).where(QuestionMedium.import_id == import_id)
    ).all()
    files = {row.file_id for row in rows if row.file_id is not None}
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    shared = set(
        db.session.scalars(select(QuestionMedium.file_id).where(QuestionMedium.file_id.in_(files)))
    )
    discard_files(files - shared, now=now)


def check_described(question: Question, to: QuestionState) -> None:
    """Refuse a step into use while a picture or sound has no words. Raises `MediaUndescribed`."""
    revision = question.revision
    if revision is None or to not in (QuestionState.CHECKED, QuestionState.APPROVED):
        return
    if queries.undescribed(question.bank_id, [revision.stem, revision.body, revision.explanation]):
        raise MediaUndescribed
