"""Make the fonts of printed documents: `python -m contest.core.print_fonts FOLDER`.

The web's fonts come in parts by alphabet, and packed; a name with letters of two parts would fall
apart in print. Run once for each installation, in a process of its own: what it needs takes
longer to load than the whole server.
"""

import os
import sys
from pathlib import Path
from typing import Final

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

from contest.config import PROJECT_ROOT

FAMILY: Final = "Gương Sáng Print"
_FONTS: Final = PROJECT_ROOT / "static" / "vendor" / "fonts"
_SUBSETS: Final = ("latin", "vietnamese", "latin-ext")
_FACES: Final = ("400-normal", "400-italic", "600-normal", "700-normal")
_FAMILY_RECORDS: Final = (1, 16)


def merge_font(face: str, folder: Path) -> None:
    """Write `<weight>-<style>.ttf`, complete or not at all."""
    parts = []
    own = f"{face}.{os.getpid()}"
    for subset in _SUBSETS:
        font = TTFont(_FONTS / f"be-vietnam-pro-{subset}-{face}.woff2")
        font.flavor = None
        part = folder / f"{own}.{subset}.part"
        font.save(part)
        parts.append(part)
    merged = Merger().merge([str(part) for part in parts])
    for record in merged["name"].names:
        if record.nameID in _FAMILY_RECORDS:
            record.string = FAMILY
    whole = folder / f"{own}.part"
    merged.save(whole)
    whole.rename(folder / f"{face}.ttf")
    for part in parts:
        part.unlink()


def make_print_fonts(folder: Path) -> None:
    """Write all faces into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for face in _FACES:
        merge_font(face, folder)


if __name__ == "__main__":
    make_print_fonts(Path(sys.argv[1]))
