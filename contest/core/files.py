"""Files that people hand in: stored under random names, described by a row.

Bytes go to a local folder or to S3-compatible storage, chosen by `STORAGE_URL`. The name a person
gave is kept in the row only, never in a path.
"""

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Final

import obstore
from flask import Response, current_app
from obstore.store import ObjectStore, from_url
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from contest.config import Settings
from contest.core import jobs
from contest.core.access import Actor
from contest.core.db import Base, PublicIdMixin, UtcInstant, db

_INLINE_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp", "audio/mpeg"})


class StoredFile(PublicIdMixin, Base):
    """A stored file: what it is by its content, how large, and its digest."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(80), unique=True)
    media_type: Mapped[str] = mapped_column(String(120))
    byte_size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_name: Mapped[str] = mapped_column(String(255))
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcInstant)


def open_store(settings: Settings) -> ObjectStore:
    """The storage of this installation."""
    if settings.storage_url.startswith("file:///"):
        return from_url(settings.storage_url, mkdir=True)
    return from_url(settings.storage_url)


def file_store() -> ObjectStore:
    """The storage of the application in use."""
    store: ObjectStore = current_app.extensions["file_store"]
    return store


def store_file(
    content: bytes, *, name: str, media_type: str, actor: Actor | None, now: datetime
) -> StoredFile:
    """Keep a file: first its bytes, then its row in the present transaction.

    A rollback leaves bytes that no row names, never a row without bytes.

    Args:
        content: the whole file.
        name: as the person called it, NFC.
        media_type: found from the content by the caller, not taken from the browser.
        actor: whose it is.
        now: the instant of the request.
    """
    key = f"{now:%Y/%m}/{secrets.token_hex(16)}"
    obstore.put(file_store(), key, content)
    stored = StoredFile(
        storage_key=key,
        media_type=media_type,
        byte_size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        original_name=name[-255:],
        owner_id=None if actor is None else actor.person_id,
        created_at=now,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def read_file(file_id: int) -> bytes:
    """The bytes of a stored file."""
    key = db.session.scalars(select(StoredFile.storage_key).where(StoredFile.id == file_id)).one()
    return bytes(obstore.get(file_store(), key).bytes())


def discard_files(file_ids: Collection[int], *, now: datetime) -> int:
    """Delete rows of stored files now, and their bytes by a job once that is committed.

    Returns:
        How many there were.
    """
    rows = db.session.execute(
        select(StoredFile.id, StoredFile.storage_key).where(StoredFile.id.in_(file_ids))
    ).all()
    if rows:
        db.session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in rows])))
        keys = [row.storage_key for row in rows]
        jobs.enqueue("core.discard_bytes", payload={"keys": keys}, actor=None, now=now)
    return len(rows)


@jobs.task("core.discard_bytes")
def discard_bytes(run: jobs.JobRun) -> None:
    """Delete the bytes that no row names any more."""
    for key in run.payload["keys"]:
        with suppress(FileNotFoundError):
            obstore.delete(file_store(), key)


def download(content: bytes, *, name: str, media_type: str) -> Response:
    """A file as an answer that no browser runs: named, typed, sandboxed."""
    return as_file(Response(content, content_type=media_type), name=name)


def as_file(response: Response, *, name: str) -> Response:
    """Name an answer that is a file, and let no browser run what is in it."""
    inline = response.mimetype in _INLINE_TYPES
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
