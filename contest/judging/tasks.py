"""What jobs and commands call: files of marks, freed sheets, dry runs, tables of marks."""

import csv
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask import current_app
from flask_babel import force_locale

from contest.config import Settings
from contest.contests.models import ContestKind
from contest.contests.queries import contest_by_slug, round_by_id, round_by_number
from contest.core import jobs
from contest.core.clock import LOCAL_ZONE
from contest.core.errors import InvalidInput, NotFound
from contest.core.files import store_file
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets.writing import XLSX_TYPE
from contest.core.transactions import unit_of_work
from contest.judging.actions import (
    EXPORT_JOB,
    new_seed,
    preview_assignment,
    release_seats,
    remind_late_judges,
)
from contest.judging.exporting import write_export
from contest.judging.forms import read_points
from contest.judging.queries.rounds import rounds_being_marked, rounds_to_remind
from contest.judging.rules.assignment import Impossible
from contest.judging.rules.reliability import Mark, reliability

_FIRST_HOUR: Final = 7
_COLUMNS: Final = ("work", "judge", "mark")


@jobs.task(EXPORT_JOB)
def export_job(run: jobs.JobRun) -> dict[str, Any]:
    """Write the essays and marks of a round into a file and keep it for who asked."""
    contest_round = round_by_id(run.payload["round_id"])
    if contest_round is None:
        return {}
    slug, number = contest_round.contest.slug, contest_round.number
    with force_locale(run.payload["locale"]), tempfile.TemporaryFile() as target:
        made = write_export(run.payload["round_id"], target, run.progress)
        target.seek(0)
        name = f"{slug}-{number}-{run.now.astimezone(LOCAL_ZONE):%Y-%m-%d}.xlsx"
        with unit_of_work():
            stored = store_file(
                target.read(), name=name, media_type=XLSX_TYPE, actor=None, now=run.now
            )
            file_id = stored.id
        sealed = _("Works stand in it by their codes alone.")
        unsealed = _("It names authors and units: keep it accordingly.")
        return {
            "title": _("The file is ready"),
            "lines": [
                ngettext("%(num)s work", "%(num)s works", made.works),
                ngettext("%(num)s mark sheet", "%(num)s mark sheets", made.sheets),
                unsealed if made.with_authors else sealed,
            ],
            "download": run.payload["address"],
            "file_id": file_id,
            "file_name": name,
        }


@jobs.task("judging.release_seats", every=timedelta(seconds=60))
def release_seats_job(run: jobs.JobRun) -> dict[str, Any] | None:
    """Free the undone sheets of judges who lost the role in the midst of the marking."""
    with unit_of_work():
        rounds = rounds_being_marked()
    for round_id in rounds:
        with unit_of_work():
            contest_round = round_by_id(round_id)
            if contest_round is not None:
                release_seats(contest_round=contest_round, actor=None, now=run.now)
    return None


@jobs.task("judging.remind_judges", every=timedelta(hours=1))
def remind_judges_job(run: jobs.JobRun) -> dict[str, Any] | None:
    """Write to late judges where the secretary wants it, once on each day, not at night."""
    if run.now.astimezone(LOCAL_ZONE).hour < _FIRST_HOUR:
        return None
    settings: Settings = current_app.extensions["settings"]
    address = settings.public_url + current_app.url_map.bind("").build("judging.rounds")
    with unit_of_work():
        rounds = rounds_to_remind(run.now)
    for round_id in rounds:
        with unit_of_work():
            contest_round = round_by_id(round_id)
            if contest_round is not None:
                remind_late_judges(contest_round=contest_round, address=address, now=run.now)
    return None


def assign_command(slug: str, number: int, *, seed: str = "") -> dict[str, Any]:
    """`flask assign --dry-run`: what an assignment would be; nothing is written.

    Args:
        slug: of the contest.
        number: of the round.
        seed: of the draw; a new one when not given.

    Returns:
        Loads by seat, conflicts, components, efficiency, seconds, and the certificate's digests;
        `possible` is false with the minimum cut when not every work can get its marks.

    Raises:
        NotFound: there is no such essay round.
    """
    contest = contest_by_slug(slug)
    found = None if contest is None else round_by_number(contest, number)
    if found is None or found.kind is not ContestKind.ESSAY:
        raise NotFound
    begun = time.perf_counter()
    try:
        _problem, result = preview_assignment(contest_round=found, seed=seed or new_seed())
    except Impossible as impossible:
        shortage = impossible.shortage
        return {
            "possible": False,
            "works": len(shortage.work_ids),
            "judges": list(shortage.juror_ids),
            "missing": shortage.missing,
            "seconds": round(time.perf_counter() - begun, 3),
        }
    made = result.certificate
    return {
        "possible": True,
        "is_even": made.is_even,
        "loads": {str(juror): load for juror, load in made.loads.items()},
        "new_marks": made.new_marks,
        "conflicts": made.conflicts,
        "forbidden": dict(made.forbidden),
        "components": made.components,
        "efficiency": made.efficiency,
        "seed": made.seed,
        "input_digest": made.input_digest,
        "result_digest": made.result_digest,
        "seconds": round(time.perf_counter() - begun, 3),
    }


def read_marks(text: str) -> list[Mark]:
    """Marks from the text of a CSV file with the columns work, judge, mark.

    Raises:
        InvalidInput: names the line that cannot be read.
    """
    lines = text.lstrip("\ufeff").splitlines()
    head = lines[0] if lines else ""
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(lines, delimiter=delimiter)
    if rows.fieldnames is None or not set(_COLUMNS) <= {name.strip() for name in rows.fieldnames}:
        raise InvalidInput(_("The first line must name the columns work, judge and mark."))
    marks: dict[tuple[str, str], Mark] = {}
    for row in rows:
        plain = {key.strip(): (value or "").strip() for key, value in row.items() if key}
        points = read_points(plain["mark"])
        place = (plain["work"], plain["judge"])
        if points is None or not all(place):
            raise InvalidInput(_("Line %(line)s cannot be read.", line=rows.line_num))
        if place in marks:
            raise InvalidInput(
                _("Line %(line)s repeats a mark of the same work and judge.", line=rows.line_num)
            )
        marks[place] = Mark(*place, float(points))
    return list(marks.values())


def reliability_command(path: str | Path) -> dict[str, Any]:
    """`flask reliability`: agreement and severity of a CSV file of marks; null where undefined.

    Raises:
        InvalidInput: the file cannot be read.
    """
    found = reliability(read_marks(Path(path).read_text(encoding="utf-8")))
    severity = found.severity
    return {
        "krippendorff_alpha": found.krippendorff_alpha,
        "icc_2_1": found.icc_2_1,
        "icc_2_k": found.icc_2_k,
        "severity": None if severity is None else dict(severity.bias),
        "corrected": None if severity is None else dict(severity.corrected),
        "order_corrected": None if severity is None else dict(severity.order_corrected),
        "components": [list(group) for group in found.components],
    }
