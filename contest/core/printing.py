"""Documents as PDF: a layout of `templates/print/` filled with data.

The data travel as JSON beside the layout: what people typed is never read as a command.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from contest.config import PROJECT_ROOT
from contest.core.later import later

typst = later("typst")

PDF: Final = "application/pdf"
_LAYOUTS: Final = PROJECT_ROOT / "templates" / "print"
_WEIGHTS: Final = (400, 600)
_FONT_SECONDS: Final = 60


def print_fonts(instance: Path) -> Path:
    """The folder with the fonts for print; made when it is first asked for.

    Args:
        instance: the folder of this installation.
    """
    folder = instance / "print-fonts"
    if not all((folder / f"{weight}.ttf").exists() for weight in _WEIGHTS):
        subprocess.run(  # noqa: S603  (our own module, with a folder of our own)
            [sys.executable, "-m", "contest.core.print_fonts", str(folder.resolve())],
            cwd=PROJECT_ROOT,
            check=True,
            timeout=_FONT_SECONDS,
        )
    return folder


def make_pdf(layout: str, data: Mapping[str, Any], *, instance: Path) -> bytes:
    """A PDF from a layout.

    Args:
        layout: the name of a file in `templates/print/`, without its ending.
        data: JSON that the layout reads as `sys.inputs.data`.
        instance: the folder of this installation, where the fonts are kept.
    """
    made: bytes = typst.compile(
        str(_LAYOUTS / f"{layout}.typ"),
        root=str(_LAYOUTS),
        font_paths=[str(print_fonts(instance))],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made
