"""What jobs and commands call: files of marks, freed sheets, dry runs, tables of marks."""

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask import current_app
from flask_babel import force_locale

from contest.config import Settings
from contest.contests.models import ContestKind, Round
from contest.contests.queries import contest_by_slug, round_by_id, round_by_number
from contest.core import jobs
from contest.core.clock import LOCAL_ZONE
from contest.core.errors import InvalidInput, RuleBroken
from contest.core.files import store_file
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets.writing import XLSX_TYPE
from contest.core.table_files import file_task
from contest.core.transactions import unit_of_work
from contest.judging.actions import (
    EXPORT_JOB,
    call_band,
    new_seed,
    preview_assignment,
    release_seats,
    remind_late_judges,
)
from contest.judging.exporting import write_export
from contest.judging.queries.rounds import rounds_being_marked, rounds_to_remind
from contest.judging.queries.stages import rounds_before_a_final
from contest.judging.rules.assignment import Impossible, Shortage
from contest.judging.rules.mark_tables import read_marks
from contest.judging.rules.refusals import MarkingClosed, NothingToAssign
from contest.judging.rules.reliability import reliability
from contest.judging.shortages import shortage_words

_FIRST_HOUR: Final = 7


@file_task(EXPORT_JOB, page="judging.marking")
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


@jobs.task("judging.call_bands", every=timedelta(seconds=60))
def call_bands_job(run: jobs.JobRun) -> dict[str, Any] | None:
    """Ask for one more mark near the cut of a shortlist once every work has its mark."""
    with unit_of_work():
        rounds = rounds_before_a_final(rounds_being_marked())
    for round_id in rounds:
        with unit_of_work():
            contest_round = round_by_id(round_id)
            if contest_round is not None:
                call_band(contest_round=contest_round, actor=None, now=run.now)
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


def assign_command(slug: str, number: int, *, seed: str = "") -> tuple[dict[str, Any], int]:
    """`flask assign --dry-run`: what an assignment would be; nothing is written.

    Where every work has its judges already, the whole round is drawn anew and `afresh` is true.

    Args:
        slug: of the contest.
        number: of the round.
        seed: of the draw; a new one when not given.

    Returns:
        Loads by seat, conflicts, components, efficiency, seconds, and the certificate's digests;
        `possible` is false with the minimum cut as a sentence when not every work can get its
        marks, and figures are then null. With it the exit code: 0, 1 when it is impossible, 2
        when there is nothing to draw from, which `error` says.
    """
    contest = contest_by_slug(slug)
    found = None if contest is None else round_by_number(contest, number)
    if found is None or found.kind is not ContestKind.ESSAY:
        return {"error": _("There is no such essay round.")}, 2
    begun = time.perf_counter()
    seed = seed or new_seed()
    afresh = False
    try:
        try:
            _problem, result = preview_assignment(contest_round=found, seed=seed)
        except (NothingToAssign, MarkingClosed):
            afresh = True
            _problem, result = preview_assignment(contest_round=found, seed=seed, afresh=True)
    except Impossible as impossible:
        return _impossible(found, impossible.shortage, time.perf_counter() - begun), 1
    except RuleBroken as refused:
        return {"error": refused.words}, 2
    made = result.certificate
    document = {
        "possible": True,
        "sentence": "" if result.shortage is None else shortage_words(found, result.shortage),
        "afresh": afresh,
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
    return document, 0


def _impossible(contest_round: Round, shortage: Shortage, seconds: float) -> dict[str, Any]:
    return {
        "possible": False,
        "sentence": shortage_words(contest_round, shortage),
        "loads": None,
        "conflicts": None,
        "components": None,
        "efficiency": None,
        "works": len(shortage.work_ids),
        "judges": list(shortage.juror_ids),
        "missing": shortage.missing,
        "seconds": round(seconds, 3),
    }


def reliability_command(
    path: str | Path, *, scale: float | None = None
) -> tuple[dict[str, Any], int]:
    """`flask reliability`: agreement and severity of a CSV file of marks; null where undefined.

    Args:
        path: of the file.
        scale: the highest mark there is; a mark above it is refused by its line.

    Returns:
        The figures with exit code 0; `error` alone with 2 when the file cannot be read.
    """
    try:
        found = reliability(read_marks(Path(path).read_bytes(), scale=scale))
    except FileNotFoundError:
        return {"error": _("There is no file at this path.")}, 2
    except OSError as problem:
        return {"error": _("The file cannot be opened: %(why)s", why=problem.strerror or "")}, 2
    except InvalidInput as refused:
        return {"error": refused.words}, 2
    severity = found.severity
    document = {
        "krippendorff_alpha": found.krippendorff_alpha,
        "icc_2_1": found.icc_2_1,
        "icc_2_k": found.icc_2_k,
        "severity": None if severity is None else dict(severity.bias),
        "corrected": None if severity is None else dict(severity.corrected),
        "order_corrected": None if severity is None else dict(severity.order_corrected),
        "components": [list(group) for group in found.components],
    }
    return document, 0
