"""Printing a batch: one PDF each in a zip, and one PDF for print."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from contest.awards.certificate_papers import Press, press, sheet_of
from contest.awards.models.certificates import Certificate, CertificateBatch
from contest.core.documents import PDF
from contest.core.files import store_file
from contest.results.models import contest_of, number_of

ZIP_TYPE: Final = "application/zip"
PRESSES: Final = 2
"""How many print side by side: the server answers beside them."""


def single_pdfs(
    look: Mapping[str, Any], sheets: Sequence[Mapping[str, str]], *, instance: Path
) -> Iterator[bytes]:
    """One PDF for each sheet, in their order.

    Typst works outside of the interpreter's lock, so two presses take half the time of one; each
    is used by one thread at a time.

    Args:
        look: of all.
        sheets: what each says.
        instance: the folder of this installation.
    """
    with ExitStack() as opened:
        free: SimpleQueue[Press] = SimpleQueue()
        for _number in range(PRESSES):
            free.put(opened.enter_context(press(look, instance=instance)))

        def printed(sheet: Mapping[str, str]) -> bytes:
            taken = free.get()
            try:
                return taken.pdf(sheet)
            finally:
                free.put(taken)

        pool = ThreadPoolExecutor(PRESSES)
        try:
            yield from pool.map(printed, sheets)
        finally:
            pool.shutdown(cancel_futures=True)


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
        with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
            made = single_pdfs(batch.look, sheets, instance=instance)
            for done, (one, pdf) in enumerate(zip(certificates, made, strict=True), 1):
                archive.writestr(f"{one.serial.replace('/', '-')}.pdf", pdf)
                told(done)
        held.seek(0)
        zipped = held.read()
    with press(batch.look, instance=instance) as whole:
        return zipped, whole.pdf(*sheets)


def keep_prints(batch: CertificateBatch, zipped: bytes, whole: bytes, *, now: datetime) -> None:
    """Keep the files of a batch, in the present transaction."""
    name = f"{contest_of(batch.over).slug}-{number_of(batch.over) or 'totals'}-{batch.kind.value}"
    for field, content, suffix, kind in (
        ("zip_file_id", zipped, "zip", ZIP_TYPE),
        ("print_file_id", whole, "pdf", PDF),
    ):
        stored = store_file(content, name=f"{name}.{suffix}", media_type=kind, actor=None, now=now)
        setattr(batch, field, stored.id)
