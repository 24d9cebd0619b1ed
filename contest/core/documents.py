"""Documents as PDF: a Typst template of `templates/` filled with data. The only way to make one.

The data travel as a JSON file beside the template: what people typed is never read as a command,
and Typst keeps what does not depend on it. No font of the system, no package and no network is
used. `templates/documents/base.typ` holds what all
documents share: page, letters, headers of the State's and the Party's style, tables, signatures.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from contest.config import PROJECT_ROOT
from contest.core.errors import InvalidInput
from contest.core.i18n import lazy_gettext as _l
from contest.core.later import later

typst = later("typst")
segno = later("segno")

PDF: Final = "application/pdf"
ARCHIVAL: Final = "a-2u"
"""PDF/A-2u: fonts inside, every sign with its Unicode value."""
_TEMPLATES: Final = PROJECT_ROOT / "templates"
_SHARED: Final = "documents"
_DATA: Final = "data.json"
_FACES: Final = ("400-normal", "400-italic", "600-normal", "700-normal")
_FONT_SECONDS: Final = 60
_MISSING_SIGN: Final = "could not be displayed"
_MASK: Final = 3
_DARK: Final = re.compile(rb"\x01+")


class UnprintableSign(InvalidInput):
    """A text holds a sign that no letter of ours stands for."""

    message = _l(
        "A text of this document holds a sign that cannot be printed, such as a picture sign. "
        "Take it out and try again."
    )


def print_fonts(instance: Path) -> Path:
    """The folder with the fonts for print; made when it is first asked for.

    Args:
        instance: the folder of this installation.
    """
    folder = instance / "print-fonts"
    if not all((folder / f"{face}.ttf").exists() for face in _FACES):
        subprocess.run(  # noqa: S603  (our own module, with a folder of our own)
            [sys.executable, "-m", "contest.core.print_fonts", str(folder.resolve())],
            cwd=PROJECT_ROOT,
            check=True,
            timeout=_FONT_SECONDS,
        )
    return folder


class Printer:
    """Fills one template again and again; Typst keeps what did not change between two documents.

    The data are a file and not an input of the whole library, which would make everything new:
    a certificate then took a third longer. One thread at a time.
    """

    def __init__(self, compiler: Any, root: Path) -> None:
        self._compiler = compiler
        self._data = root / _DATA

    def pdf(self, data: Mapping[str, Any], *, standard: str | None = None) -> bytes:
        """One PDF.

        Args:
            data: JSON that the template reads; `base.typ` offers it as `data`.
            standard: `ARCHIVAL` for a document that is kept, None for one that is handed out.

        Raises:
            UnprintableSign: the standard asks for letters that nobody has.
        """
        return self._made(data, format="pdf", pdf_standards=[standard] if standard else [])

    def picture(self, data: Mapping[str, Any], *, points_per_inch: int = 144) -> bytes:
        """The document as a PNG; one page alone.

        Args:
            data: as for `pdf`.
            points_per_inch: 72 gives one point of the picture for each point of the page.
        """
        return self._made(data, format="png", ppi=points_per_inch)

    def _made(self, data: Mapping[str, Any], **how: Any) -> bytes:
        self._data.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            made: bytes = self._compiler.compile(**how)
        except typst.TypstError as refused:
            if _MISSING_SIGN in str(refused):
                raise UnprintableSign from None
            raise
        return made


@contextmanager
def printer(
    template: str, *, instance: Path, pictures: Mapping[str, bytes] | None = None
) -> Iterator[Printer]:
    """Open a template to make many documents of it.

    Args:
        template: a file below `templates/` without its ending, as `accounts/code-sheets`.
        instance: the folder of this installation, where the fonts are kept.
        pictures: PNG, JPEG or SVG by file name; the template reads `/pictures/<name>`.
    """
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(print_fonts(instance))],
    )
    with _root(template, pictures or {}) as root:
        yield Printer(
            typst.Compiler(
                input=str(root / f"{template}.typ"),
                root=str(root),
                font_paths=fonts,
                package_path=str(root / "packages"),
                package_cache_path=str(root / "packages"),
            ),
            root,
        )


@contextmanager
def _root(template: str, pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """The folder outside of which the template reads nothing."""
    with tempfile.TemporaryDirectory(prefix="documents-") as made:
        root = Path(made)
        for folder in {_SHARED, Path(template).parts[0]}:
            (root / folder).mkdir()
            for each in (_TEMPLATES / folder).glob("*.typ"):
                shutil.copy(each, root / folder)
        (root / "pictures").mkdir()
        for name, content in pictures.items():
            (root / "pictures" / Path(name).name).write_bytes(content)
        yield root


def compile_pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    instance: Path,
    pictures: Mapping[str, bytes] | None = None,
    standard: str | None = None,
) -> bytes:
    """One PDF from a template.

    Args:
        template: a file below `templates/` without its ending, as `accounts/code-sheets`.
        data: JSON that the template reads.
        instance: the folder of this installation, where the fonts are kept.
        pictures: PNG, JPEG or SVG by file name; the template reads `/pictures/<name>`.
        standard: `ARCHIVAL` for PDF/A-2u.

    Raises:
        UnprintableSign: the standard asks for letters that nobody has.
    """
    with printer(template, instance=instance, pictures=pictures) as open_printer:
        return open_printer.pdf(data, standard=standard)


def qr_svg(address: str) -> str:
    """A QR code as SVG, for `image(bytes(…), format: "svg")`.

    The mask is fixed: trying all eight takes longer than printing a certificate, and readers
    take any. The path is written here: the library's own takes a third of the whole time.
    """
    code = segno.make(address, error="m", mask=_MASK, boost_error=False, micro=False)
    path = "".join(
        f"M{run.start()} {line}h{run.end() - run.start()}v1h-{run.end() - run.start()}z"
        for line, row in enumerate(code.matrix)
        for run in _DARK.finditer(bytes(row))
    )
    side = len(code.matrix)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<path d="{path}"/></svg>'
    )
