"""Copy the front-end files that npm brought into `static/vendor/`, and cut the figure face.

Run by `dev.py` with the interpreter of the virtual environment. Nothing it makes is committed.

Be Vietnam Pro has no tabular figures, so the ten digits of each weight are set on one width and
saved as "Guong Sang Figures": the OFL allows a changed font under another name. Only ticking
clocks, marks and columns of numbers use it.
"""

import json
import shutil
import sys
from pathlib import Path
from statistics import mean
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
FONT_PACKAGE: Final = Path("@fontsource/be-vietnam-pro")
EDITOR_PACKAGE: Final = Path("squire-rte")
FAMILY: Final = "Be Vietnam Pro"
FIGURES: Final = "Guong Sang Figures"
# Where two ranges hold a letter the last face wins: ă đ ơ ư then come from the Vietnamese file and
# the 13 kB per weight of latin-ext are not fetched at all.
SUBSETS: Final = ("latin-ext", "vietnamese", "latin")
TEXT_FACES: Final = (
    (400, "normal"),
    (400, "italic"),
    (500, "normal"),
    (600, "normal"),
    (700, "normal"),
)
FIGURE_WEIGHTS: Final = (400, 500, 600, 700)
DIGITS: Final = range(ord("0"), ord("9") + 1)
WINDOWS_UNICODE: Final = (3, 1, 0x409)


def make_vendor_folder(node_modules: Path, target: Path) -> None:
    """Fill `target` afresh from the installed packages.

    Args:
        node_modules: where `npm ci` put the packages.
        target: the folder served to browsers; what was in it is removed.
    """
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fonts = fresh / "fonts"
    fonts.mkdir(parents=True)
    package = node_modules / FONT_PACKAGE
    rules = [*_copy_text_faces(package, fonts), *_cut_figures(package, fonts)]
    (fresh / "fonts.css").write_text("\n".join(rules), encoding="utf-8")
    shutil.copyfile(package / "LICENSE", fonts / "OFL.txt")
    _copy_editor(node_modules / EDITOR_PACKAGE, fresh / "squire")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _copy_editor(package: Path, target: Path) -> None:
    """Copy the editor of essays, one module with its licence (MIT)."""
    target.mkdir()
    shutil.copyfile(package / "dist" / "squire.mjs", target / "squire.js")
    shutil.copyfile(package / "LICENSE", target / "LICENSE.txt")


def _copy_text_faces(package: Path, fonts: Path) -> list[str]:
    """Copy the faces of the text; gives their rules, the subset that wins written last."""
    ranges: dict[str, str] = json.loads((package / "unicode.json").read_text(encoding="utf-8"))
    rules = []
    for weight, style in TEXT_FACES:
        for subset in SUBSETS:
            name = f"be-vietnam-pro-{subset}-{weight}-{style}.woff2"
            shutil.copyfile(package / "files" / name, fonts / name)
            rules.append(_font_face(FAMILY, name, weight, style, ranges[subset]))
    return rules


def _cut_figures(package: Path, fonts: Path) -> list[str]:
    rules = []
    for weight in FIGURE_WEIGHTS:
        source = package / "files" / f"be-vietnam-pro-latin-{weight}-normal.woff2"
        name = f"guong-sang-figures-{weight}.woff2"
        figure_face(TTFont(source), weight).save(fonts / name)
        rules.append(_font_face(FIGURES, name, weight, "normal", "U+0030-0039"))
    return rules


def figure_face(font: TTFont, weight: int) -> TTFont:
    """Reduce a face to its ten digits, each centred on the mean width of the ten.

    Args:
        font: a TrueType face that holds the digits; it is changed in place.
        weight: its weight, 100 to 900, for the name.
    """
    options = Options()
    options.flavor = "woff2"
    options.hinting = False  # hints would pull the moved outlines back
    options.layout_features = []
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=DIGITS)
    subsetter.subset(font)
    characters = font.getBestCmap()
    names = [characters[digit] for digit in DIGITS]
    outlines, metrics = font["glyf"], font["hmtx"]
    width = round(mean(metrics[name][0] for name in names))
    for name in names:
        outline = outlines[name]
        bearing = round((width - (outline.xMax - outline.xMin)) / 2)
        outline.coordinates.translate((bearing - outline.xMin, 0))
        outline.recalcBounds(outlines)
        metrics[name] = (width, outline.xMin)
    _rename(font, weight)
    font.flavor = "woff2"
    return font


def _rename(font: TTFont, weight: int) -> None:
    """Give the changed face its own name, keeping copyright and licence."""
    table = font["name"]
    licence = [record for record in table.names if record.nameID in {0, 13, 14}]
    table.names = licence
    own_names = {
        1: FIGURES,
        2: "Regular",
        3: f"{FIGURES} {weight}",
        4: f"{FIGURES} {weight}",
        5: "Version 1.0; ten digits of Be Vietnam Pro on one width",
        6: f"GuongSangFigures-{weight}",
    }
    for number, words in own_names.items():
        table.setName(words, number, *WINDOWS_UNICODE)


def _font_face(family: str, file: str, weight: int, style: str, characters: str) -> str:
    return (
        "@font-face {\n"
        f'  font-family: "{family}";\n'
        f"  font-style: {style};\n"
        f"  font-weight: {weight};\n"
        "  font-display: swap;\n"
        f'  src: url("fonts/{file}") format("woff2");\n'
        f"  unicode-range: {characters};\n"
        "}\n"
    )


if __name__ == "__main__":
    make_vendor_folder(PROJECT_ROOT / "node_modules", PROJECT_ROOT / "static" / "vendor")
    print("static/vendor/ is filled", file=sys.stderr)
