"""Static files beside their compressed forms, made once for each version.

A first visit on a phone's line should cost at most 150 kB; without compression the sheets and
scripts alone would cost 90. The copy stands in `instance/`, named by the digest of what it holds,
so that a stale form can never be served and the source folder stays as it is.
"""

import gzip
import shutil
import tempfile
from pathlib import Path
from typing import Final

from contest.core.web import static_version

COMPRESSED: Final = {".css", ".js", ".svg", ".txt", ".json"}
_WORTH_IT: Final = 0.95


def compressed_copy(static_dir: Path, instance: Path) -> Path:
    """The folder to serve: a copy of the static files with a `.gz` beside each text.

    Args:
        static_dir: the source folder.
        instance: folder of this installation, in which the copy is kept.
    """
    version = static_version(static_dir)
    kept = instance / "static"
    made = kept / version
    if made.is_dir():
        return made
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=kept) as folder:
        fresh = Path(folder) / version
        shutil.copytree(static_dir, fresh)
        for path in sorted(fresh.rglob("*")):
            if path.suffix in COMPRESSED:
                _compress(path)
        try:
            fresh.rename(made)
        except OSError:
            # Another worker was first; its copy holds the same.
            if not made.is_dir():
                raise
    return made


def _compress(path: Path) -> None:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    if len(packed) < len(content) * _WORTH_IT:
        path.with_name(path.name + ".gz").write_bytes(packed)
