"""The archive: a zip with a manifest.

It holds tables (`tables/<name>.jsonl`), files (`files/<storage key>`) and, written last,
`manifest.json` with the SHA-256 of each member. A zip keeps its list of members at its end, so that
a cut archive cannot be opened at all, and any program can look into it.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from contest.core.backups.refusals import BackupRefused

FORMAT: Final = "guong-sang-backup"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1024 * 1024
_MOST_MANIFEST: Final = 512 * CHUNK
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_DAMAGED: Final = "The archive is damaged or was cut off; nothing was restored: {why}."


class _Counted:
    """A member under writing: counts and digests what goes through."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._digest.update(data)
        self.size += len(data)
        self._target.write(data)

    @property
    def told(self) -> dict[str, Any]:
        return {"sha256": self._digest.hexdigest(), "bytes": self.size}


@dataclass
class ArchiveWriter:
    """Writes members one after the other; the manifest last."""

    _zip: zipfile.ZipFile
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, chunks: Iterable[bytes], *, packed: bool) -> dict[str, Any]:
        """Write a member in pieces.

        Args:
            name: inside the archive.
            chunks: its bytes; never all in memory.
            packed: compressed; pictures and documents are already.

        Returns:
            Its digest and size, as they stand in the manifest.
        """
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as target:
            counted = _Counted(target)
            for chunk in chunks:
                counted.write(chunk)
        self.members[name] = counted.told
        return counted.told

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest with the digests of all members."""
        document = {"format": FORMAT, "version": VERSION, **manifest, "members": self.members}
        self._zip.writestr(
            zipfile.ZipInfo(MANIFEST, _EPOCH),
            json.dumps(document, ensure_ascii=False, indent=1).encode(),
            zipfile.ZIP_DEFLATED,
        )


@contextmanager
def writing_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write an archive beside its place and move it there when it is whole and on the disk.

    Readable by its owner only: it holds everything that is known about people.

    Raises:
        BackupRefused: the file is there already, or cannot be written.
    """
    if path.exists():
        words = f"{path} is there already. Give another name: a backup is never overwritten."
        raise BackupRefused(words)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as packed:
                yield ArchiveWriter(packed)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    except OSError as error:
        words = f"{path} could not be written: {error.strerror or error}."
        raise BackupRefused(words) from error
    finally:
        partial.unlink(missing_ok=True)


class ArchiveReader:
    """Reads an archive whose manifest is understood."""

    def __init__(self, packed: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._zip = packed
        self.manifest = manifest

    @property
    def names(self) -> list[str]:
        """The members that the manifest names."""
        return list(self.manifest["members"])

    def size(self, name: str) -> int:
        """Bytes of a member."""
        return int(self.manifest["members"][name]["bytes"])

    def digest(self, name: str) -> str:
        """SHA-256 of a member, as the manifest says."""
        return str(self.manifest["members"][name]["sha256"])

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A member for reading in pieces.

        Raises:
            BackupRefused: it is not there or does not unpack.
        """
        try:
            with self._zip.open(name) as member:
                yield member
        except _BROKEN as error:
            raise _damaged(f"{name} does not unpack") from error

    def verify(self, name: str) -> None:
        """Compare a member with its digest.

        Raises:
            BackupRefused: it is not what was written.
        """
        digest = hashlib.sha256()
        size = 0
        with self.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
        if (digest.hexdigest(), size) != (self.digest(name), self.size(name)):
            raise _damaged(f"{name} is not what was written")


_BROKEN: Final = (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError)


def _damaged(why: str) -> BackupRefused:
    return BackupRefused(_DAMAGED.format(why=why))


@contextmanager
def reading_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open an archive and read its manifest.

    Raises:
        BackupRefused: it is no archive of ours, is damaged, or of a format not known here.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        words = f"{path} cannot be read: {error.strerror or error}."
        raise BackupRefused(words) from error
    with file:
        try:
            packed = zipfile.ZipFile(file)
        except (*_BROKEN, ValueError, OSError) as error:
            raise _damaged("its list of members is missing") from error
        with packed:
            yield ArchiveReader(packed, _manifest(packed))


def _manifest(packed: zipfile.ZipFile) -> dict[str, Any]:
    try:
        info = packed.getinfo(MANIFEST)
    except KeyError as error:
        words = "This is no archive that `flask backup` has written: it holds no manifest."
        raise BackupRefused(words) from error
    if info.file_size > _MOST_MANIFEST:
        raise _damaged("its manifest is too large")
    try:
        document = json.loads(packed.read(info))
    except (*_BROKEN, ValueError) as error:
        raise _damaged("its manifest cannot be read") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        words = "This is no archive that `flask backup` has written."
        raise BackupRefused(words)
    if document.get("version") != VERSION:
        words = (
            f"The archive is of format version {document.get('version')}; "
            f"this program reads version {VERSION}."
        )
        raise BackupRefused(words)
    return document
