"""Writing a dossier: tables, rules, manifest and the check, in one zip."""

import hashlib
import json
import secrets
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from contest.contests.models import Contest
from contest.core.i18n import gettext as _
from contest.results.dossier import checking
from contest.results.dossier.rounds import RoundWriter
from contest.results.dossier.script import verify_script
from contest.results.dossier.tables import Tables, write_tables
from contest.results.dossier.totals import standing_totals, write_totals
from contest.results.dossier.units import names_of_units
from contest.results.queries import dossiers as queries
from contest.results.rules.dossiers import LEAST_PERSONS, Pseudonyms
from contest.results.rules.refusals import DossierDisagrees, NothingPublished

SCHEMA: Final = 2
_STAMP: Final = (1980, 1, 1, 0, 0, 0)


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")


def _fill(folder: Path, contest: Contest, *, full: bool) -> None:
    published = queries.published_rounds_of(contest)
    if not published:
        raise NothingPublished
    in_force = queries.totals_in_force(contest)
    totals = standing_totals(in_force, published)
    names, tables = Pseudonyms(secrets.token_bytes(32)), Tables()
    units = names_of_units(contest, published, totals, full=full)
    writers = [
        RoundWriter(one, names, tables, units.rounds[one.round.number], full=full)
        for one in published
    ]
    rounds = [writer.write() for writer in writers]
    said = None if totals is None else write_totals(totals, writers, tables, units.totals)
    write_tables(folder, tables)
    about = {"slug": contest.slug, "title": contest.title}
    _write_json(
        folder / "rules.json",
        {
            "schema": SCHEMA,
            "contest": about,
            "rounds": rounds,
            "totals": said,
            "totals_left_out": in_force is not None and totals is None,
            "least_persons_of_a_unit": None if full else LEAST_PERSONS,
        },
    )
    (folder / "verify.py").write_text(verify_script(), "utf-8")
    _write_json(
        folder / "manifest.json",
        {
            "schema": SCHEMA,
            "contest": about,
            "full": full,
            "publications": [one["publication"] for one in rounds],
            "totals": None if said is None else said["publication"],
            "files": {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.iterdir())
            },
        },
    )


@contextmanager
def written_dossier(contest: Contest, *, full: bool = False) -> Iterator[Path]:
    """The dossier of a contest's published results as a zip in a temporary folder.

    It is checked by its own script before it is given to anybody.

    Args:
        contest: with at least one published round.
        full: with names, units as they are, and judges: for auditors alone.

    Raises:
        NothingPublished: no round is published, or its kind cannot tell what it rests on.
        DossierDisagrees: marks, places and prizes no longer fit what was published.
    """
    with tempfile.TemporaryDirectory(prefix="dossier-") as made:
        folder = Path(made) / "dossier"
        folder.mkdir()
        _fill(folder, contest, full=full)
        problems = checking.check(folder, digests=True)
        if problems:
            raise DossierDisagrees(
                _(
                    "The marks no longer give the published places or prizes: %(first)s. Rank "
                    "again, decide, and publish a correction first.",
                    first=problems[0],
                )
            )
        target = Path(made) / "dossier.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                info = zipfile.ZipInfo(path.name, _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes())
        yield target
