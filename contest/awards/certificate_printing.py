"""Printing a batch: one PDF each in a zip, and one PDF for print."""

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from contest.awards.certificate_papers import press, sheet_of
from contest.awards.models.certificates import Certificate, CertificateBatch
from contest.core.documents import PDF
from contest.core.files import store_file

ZIP_TYPE = "application/zip"


def print_batch(
    batch: CertificateBatch,
    certificates: Sequence[Certificate],
    *,
    address: str,
    instance: Path,
    told: Callable[[int], None],
) -> tuple[bytes, bytes]:
    """The zip of single PDFs and the PDF with all of them.

    Args:
        batch: whose look counts.
        certificates: by number.
        address: of the page that verifies codes, ending in a slash.
        instance: the folder of this installation.
        told: called with how many single ones are done.
    """
    sheets = [sheet_of(one, batch.look, address) for one in certificates]
    with tempfile.TemporaryFile() as held:
        with (
            press(batch.look, instance=instance) as single,
            zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive,
        ):
            for done, (one, sheet) in enumerate(zip(certificates, sheets, strict=True), 1):
                archive.writestr(f"{one.serial.replace('/', '-')}.pdf", single.pdf(sheet))
                told(done)
        held.seek(0)
        zipped = held.read()
    with press(batch.look, instance=instance) as whole:
        return zipped, whole.pdf(*sheets)


def keep_prints(batch: CertificateBatch, zipped: bytes, whole: bytes, *, now: datetime) -> None:
    """Keep the files of a batch, in the present transaction."""
    name = f"{batch.round.contest.slug}-{batch.round.number}-{batch.kind.value}"
    for field, content, suffix, kind in (
        ("zip_file_id", zipped, "zip", ZIP_TYPE),
        ("print_file_id", whole, "pdf", PDF),
    ):
        stored = store_file(content, name=f"{name}.{suffix}", media_type=kind, actor=None, now=now)
        setattr(batch, field, stored.id)
