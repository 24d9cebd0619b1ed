"""Pictures and documents of an essay."""

from datetime import datetime

from sqlalchemy import func, select

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, new_public_id
from contest.core.files import store_file
from contest.core.vietnamese import nfc
from contest.submissions.actions.drafts import Draft, Saved, put_together_again, save_draft
from contest.submissions.actions.works import check_writable
from contest.submissions.intake import CleanPicture, ReadDocument, read_document, read_picture
from contest.submissions.models import Work, WorkFile, WorkFileKind
from contest.submissions.queries.works import documents_of, pictures_of
from contest.submissions.rules.entry_forms import PICTURES, entry_form
from contest.submissions.rules.refusals import (
    EditedElsewhere,
    NoDocuments,
    TextTooLong,
    TooManyPictures,
)
from contest.submissions.rules.texts import MOST_SIGNS, Block, write_html

_MOST_CAPTION = 300
_MOST_HINTS = 40


def add_picture(
    *, work: Work, content: bytes, caption: str, alternative_text: str, actor: Actor, now: datetime
) -> WorkFile:
    """Add a picture, drawn anew without metadata; the file as sent is not kept.

    Raises:
        BadFile: no picture that can be taken.
        TooManyPictures: the limit is reached.
        TooLate, RoundNotOpen: outside the window.
    """
    essay = check_writable(work, now)
    if len(pictures_of(work)) >= essay.max_pictures:
        raise TooManyPictures
    picture = read_picture(content)
    field = entry_form(essay).get(PICTURES)
    shown = field is None or field.shown
    added = keep_picture(work, picture, caption, actor=actor, now=now, shown=shown)
    added.alternative_text = alternative_text[:_MOST_CAPTION]
    db.session.flush()
    record_file("picture_added", work, added, actor=actor, now=now)
    return added


def keep_picture(
    work: Work,
    picture: CleanPicture,
    caption: str,
    *,
    actor: Actor,
    now: datetime,
    key: str = "",
    shown: bool = True,
) -> WorkFile:
    """Keep a picture as drawn anew, under a field of the form or (without a key) under the text."""
    stored = store_file(
        picture.content,
        name=f"{new_public_id()}.{picture.suffix}",
        media_type=picture.media_type,
        actor=actor,
        now=now,
    )
    file = WorkFile(
        kind=WorkFileKind.PICTURE,
        position=next_position(work),
        field_key=key,
        shown=shown,
        media_type=picture.media_type,
        original=stored,
        clean=stored,
        caption=caption[:_MOST_CAPTION],
        alternative_text="",
        added_at=now,
    )
    work.files.append(file)
    db.session.flush()
    return file


def next_position(work: Work) -> int:
    """The place after the last file."""
    last = db.session.scalar(select(func.max(WorkFile.position)).where(WorkFile.work_id == work.id))
    return (last or 0) + 1


def record_file(what: str, work: Work, file: WorkFile, *, actor: Actor, now: datetime) -> None:
    """Put on record what happened to a file: its digest, never its name."""
    audit.record(
        f"submissions.{what}",
        actor=actor,
        now=now,
        subject=("work", work.id),
        scope_id=work.round.contest.scope_id,
        data={"file": file.id, "sha256": file.original.sha256},
    )


def add_document(
    *, work: Work, content: bytes, name: str, edit: int, actor: Actor, now: datetime
) -> tuple[ReadDocument, Saved]:
    """Read a .docx or .pdf into the editor: a new version; the older ones stay in the list.

    The document as sent is kept for author and secretary; judges read the text alone. What stood
    above and below the essay (names, telephone numbers) is left out and masked where the text
    repeats it. Pictures come along as far as the limit allows.

    Raises:
        NoDocuments: the rules take none.
        BadFile: one clear sentence each.
        EditedElsewhere, TextTooLong, TooLate, RoundNotOpen: as for a save.
    """
    essay = check_writable(work, now)
    if not essay.document_allowed:
        raise NoDocuments
    read = read_document(content, nfc(name), most_pictures=essay.max_pictures)
    _check_fits(work, read, edit)
    for older in documents_of(work):
        older.removed_at = now
    stored = store_file(
        content, name=nfc(name) or "document", media_type=read.media_type, actor=actor, now=now
    )
    kept = WorkFile(
        kind=WorkFileKind.DOCUMENT,
        position=next_position(work),
        media_type=read.media_type,
        original=stored,
        clean_id=None,
        caption="",
        alternative_text="",
        added_at=now,
    )
    work.files.append(kept)
    db.session.flush()
    for old in pictures_of(work):
        old.removed_at = now
    places: dict[str, str] = {}
    for picture in read.pictures:
        file = keep_picture(work, picture.picture, picture.caption, actor=actor, now=now)
        places[picture.name] = file.public_id
    work.identity_hints = list(dict.fromkeys([*work.identity_hints, *read.document.hints]))[
        -_MOST_HINTS:
    ]
    saved = save_draft(work=work, draft=_draft(work, read, places), edit=edit, actor=actor, now=now)
    record_file("document_read", work, kept, actor=actor, now=now)
    return read, saved


def _check_fits(work: Work, read: ReadDocument, edit: int) -> None:
    """What would be refused later is refused before anything is changed."""
    if work.edit != edit:
        raise EditedElsewhere
    if len(write_html(read.document.body)) > MOST_SIGNS:
        raise TextTooLong


def _draft(work: Work, read: ReadDocument, places: dict[str, str]) -> Draft:
    """The document as a draft; what it does not say stays as it was typed."""
    document, before = read.document, work.version
    blocks = [
        Block("figure", file_id=places[block.file_id]) if block.kind == "figure" else block
        for block in document.body
        if block.kind != "figure" or block.file_id in places
    ]
    return Draft(
        title=document.title or (before.title if before else ""),
        blocks=blocks,
        subject_name=(before.subject_name if before else "") or document.subject_name,
        subject_unit=before.subject_unit if before else "",
        subject_reason=before.subject_reason if before else "",
        answers={**before.answers, **before.private_answers} if before else {},
    )


def describe_file(
    *, work: Work, file: WorkFile, caption: str, alternative_text: str, now: datetime
) -> None:
    """Write what stands under a picture, and what is read aloud instead of it.

    Raises:
        TooLate, RoundNotOpen: outside the window.
    """
    check_writable(work, now)
    file.caption = caption[:_MOST_CAPTION]
    file.alternative_text = alternative_text[:_MOST_CAPTION]
    db.session.flush()


def remove_file(*, work: Work, file: WorkFile, actor: Actor, now: datetime) -> None:
    """Take a file away; what was handed in with it keeps it until it is handed in again.

    Raises:
        TooLate, RoundNotOpen: outside the window.
    """
    essay = check_writable(work, now)
    if file.removed_at is None:
        file.removed_at = now
        db.session.flush()
        record_file("file_removed", work, file, actor=actor, now=now)
        if file.field_key and file.shown:
            put_together_again(work=work, essay=essay, actor=actor, now=now)
