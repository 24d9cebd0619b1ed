"""Printing a batch: one PDF each in a zip, and one PDF for print."""

import tempfile
import zipfile
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
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
    look: Mapping[str, Any],
    sheets: Sequence[Mapping[str, str]],
    *,
    pool: ThreadPoolExecutor,
    instance: Path,
) -> Generator[bytes]:
    """One PDF for each sheet, in their order.

    Typst works outside of the interpreter's lock, so two presses take half the time of one; each
    is used by one thread at a time.

    Args:
        look: of all.
        sheets: what each says.
        pool: whose threads print.
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

        yield from pool.map(printed, sheets)


def print_sheets(
    look: Mapping[str, Any],
    sheets: Sequence[Mapping[str, str]],
    *,
    instance: Path,
    keep: Callable[[int, bytes], None],
) -> bytes:
    """All sheets in one PDF, and before it each alone.

    Not side by side: Typst looks through all that it remembers after every document, and the one
    for print leaves much to look through.

    Args:
        look: of all.
        sheets: what each says.
        instance: the folder of this installation.
        keep: called with the place from 0 and the PDF of each sheet alone, in their order.
    """
    pool = ThreadPoolExecutor(PRESSES)
    try:
        with closing(single_pdfs(look, sheets, pool=pool, instance=instance)) as single:
            for place, pdf in enumerate(single):
                keep(place, pdf)
    finally:
        pool.shutdown(cancel_futures=True)
    with press(look, instance=instance) as opened:
        return opened.pdf(*sheets)


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

            def keep(place: int, pdf: bytes) -> None:
                archive.writestr(f"{certificates[place].serial.replace('/', '-')}.pdf", pdf)
                told(place + 1)

            whole = print_sheets(batch.look, sheets, instance=instance, keep=keep)
        held.seek(0)
        return held.read(), whole


def keep_prints(batch: CertificateBatch, zipped: bytes, whole: bytes, *, now: datetime) -> None:
    """Keep the files of a batch, in the present transaction."""
    name = f"{contest_of(batch.over).slug}-{number_of(batch.over) or 'totals'}-{batch.kind.value}"
    for field, content, suffix, kind in (
        ("zip_file_id", zipped, "zip", ZIP_TYPE),
        ("print_file_id", whole, "pdf", PDF),
    ):
        stored = store_file(content, name=f"{name}.{suffix}", media_type=kind, actor=None, now=now)
        setattr(batch, field, stored.id)
