"""Unpack the Chromium that npm brought, with the libraries and fonts it needs.

Run by `toolchain.programs` with the interpreter of the virtual environment, where brotli is.
"""

import io
import stat
import sys
import tarfile
from pathlib import Path
from typing import Final

import brotli

BIN: Final = Path("node_modules/@sparticuz/chromium/bin")

FONTCONFIG: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""

LAUNCHER: Final = """#!/bin/sh
here={here}
export FONTCONFIG_FILE="$here/fonts.conf"
export LD_LIBRARY_PATH="$here/al2023/lib:$here${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
exec "$here/chromium" "$@"
"""


def unpack(package: Path, target: Path) -> None:
    """Unpack browser, libraries and fonts, and write the script that starts it.

    Args:
        package: the `bin` folder of the npm package.
        target: a folder of ours.
    """
    target.mkdir(parents=True, exist_ok=True)
    for archive, folder in (("al2023", "al2023"), ("swiftshader", ""), ("fonts", "")):
        content = brotli.decompress((package / f"{archive}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            # Python 3.11 before .4 has no filters; what is unpacked is known by its hash.
            tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
            tar.extractall(target / folder)  # noqa: S202
    browser = target / "chromium"
    browser.write_bytes(brotli.decompress((package / "chromium.br").read_bytes()))
    (target / "fonts.conf").write_text(
        FONTCONFIG.format(fonts=target / "fonts", cache=target / "font-cache"), encoding="utf-8"
    )
    launcher = target / "chromium-run"
    launcher.write_text(LAUNCHER.format(here=target), encoding="utf-8")
    for program in (browser, launcher):
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    destination = Path(sys.argv[1]).resolve()
    unpack(destination.parent / BIN, destination)
