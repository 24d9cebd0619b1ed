"""Files of the fields of an entry form: pictures drawn anew, documents as words for judges."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import BadFile
from contest.core.files import store_file
from contest.core.vietnamese import nfc
from contest.submissions.actions.drafts import put_together_again
from contest.submissions.actions.files import keep_picture, next_position, record_file
from contest.submissions.actions.works import check_writable
from contest.submissions.intake import PDF_TYPE, read_document, read_picture
from contest.submissions.models import FieldSort, Work, WorkFile, WorkFileKind
from contest.submissions.queries.works import files_of_field
from contest.submissions.rules.entry_forms import MOST_MEGABYTES, Field, entry_form
from contest.submissions.rules.refusals import FileTooLarge, TooManyFiles, UnknownField
from contest.submissions.rules.texts import paragraph, write_html

_MEGABYTE: Final = 1024 * 1024
_MOST_CAPTION: Final = 300
_MOST_HINTS: Final = 40


def add_field_file(
    *,
    work: Work,
    key: str,
    content: bytes,
    name: str,
    caption: str,
    alternative_text: str,
    actor: Actor,
    now: datetime,
) -> WorkFile:
    """Add a file to a field; where judges are shown the field, a new version tells them of it.

    Of a document that judges are shown they read the words, never the file; one that they are not
    shown may be a scan.

    Raises:
        UnknownField: the form has no such field for files.
        TooManyFiles, FileTooLarge: a limit of the field.
        BadFile: one clear sentence each.
        TooLate, RoundNotOpen: outside the window.
    """
    essay = check_writable(work, now)
    field = entry_form(essay).get(key)
    if field is None or field.is_core or field.sort not in {FieldSort.FILE, FieldSort.PICTURE}:
        raise UnknownField
    if field.most is not None and len(files_of_field(work, key)) >= field.most:
        raise TooManyFiles
    if len(content) > (field.most_megabytes or MOST_MEGABYTES) * _MEGABYTE:
        raise FileTooLarge
    if field.sort is FieldSort.PICTURE:
        picture = read_picture(content)
        added = keep_picture(
            work, picture, caption, actor=actor, now=now, key=key, shown=field.shown
        )
        added.alternative_text = alternative_text[:_MOST_CAPTION]
    else:
        added = _keep_document(work, field, content, nfc(name), actor=actor, now=now)
        added.caption = caption[:_MOST_CAPTION]
    db.session.flush()
    record_file("field_file_added", work, added, actor=actor, now=now)
    if field.shown:
        put_together_again(work=work, essay=essay, actor=actor, now=now)
    return added


def _keep_document(
    work: Work, field: Field, content: bytes, name: str, *, actor: Actor, now: datetime
) -> WorkFile:
    media_type, text_html, hints = _read(field, content, name)
    stored = store_file(
        content, name=name or "document", media_type=media_type, actor=actor, now=now
    )
    file = WorkFile(
        kind=WorkFileKind.DOCUMENT,
        position=next_position(work),
        field_key=field.key,
        shown=field.shown,
        text_html=text_html,
        media_type=media_type,
        original=stored,
        clean_id=None,
        caption="",
        alternative_text="",
        added_at=now,
    )
    work.files.append(file)
    work.identity_hints = list(dict.fromkeys([*work.identity_hints, *hints]))[-_MOST_HINTS:]
    return file


def _read(field: Field, content: bytes, name: str) -> tuple[str, str, list[str]]:
    """Media type, words for judges and names that must be hidden, of a file that may be taken."""
    try:
        read = read_document(content, name, most_pictures=0)
    except BadFile as refused:
        if refused.code != "no_text" or field.shown:
            raise
        return PDF_TYPE, "", []
    document = read.document
    if not field.shown:
        return read.media_type, "", []
    blocks = [paragraph(document.title, "h3")] if document.title else []
    blocks += [
        replace(block, kind="h3") if block.kind == "h2" else block
        for block in document.body
        if block.kind != "figure"
    ]
    return read.media_type, write_html(blocks), list(document.hints)
