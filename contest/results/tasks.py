"""What jobs and commands call: files of long rankings, dossiers, corrections."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from flask_babel import force_locale

from contest.accounts.queries.people import actor_now
from contest.contests.queries import contest_by_id, contest_by_slug
from contest.core import audit, jobs
from contest.core.clock import utc_now
from contest.core.errors import RuleBroken
from contest.core.files import store_file
from contest.core.i18n import format_count, ngettext
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.core.table_files import file_task, keep_sheet
from contest.core.transactions import end_read, roll_back, unit_of_work
from contest.quizzes.actions.regrades import begin_marking, mark_stretch
from contest.results.actions import DOSSIER_JOB, FULL_DOSSIER_JOB, RANKING_JOB
from contest.results.actions.regrades import (
    APPLY_JOB,
    PREVIEW_JOB,
    apply_regrade,
    keep_preview,
    look_ahead,
)
from contest.results.actions.scheduling import (
    SCHEDULED_JOB,
    publish_scheduled,
    stop_scheduled,
)
from contest.results.dossier.writing import written_dossier
from contest.results.queries import rank_run_by_id
from contest.results.ranking_sheets import ranking_sheet
from contest.results.rules.refusals import PublishingFailed


class _Counted:
    """Rows that are counted while they are written."""

    def __init__(self, sheet: Sheet) -> None:
        self.count = 0
        self.sheet = replace(sheet, rows=self._rows(sheet))

    def _rows(self, sheet: Sheet) -> Iterator[Sequence[TableCell]]:
        for row in sheet.rows:
            self.count += 1
            yield row


@file_task(RANKING_JOB, page="results.ranking")
def ranking_file_job(run: jobs.JobRun) -> dict[str, Any]:
    """Write a ranking into a file and keep it for who asked."""
    found = rank_run_by_id(run.payload["run_id"])
    if found is None:
        return {}
    kind, round = run.payload["kind"], found.round
    name = f"{round.contest.slug}-{round.number}-ranking-{found.number}.{kind}"
    with force_locale(run.payload["locale"]):
        counted = _Counted(ranking_sheet(round, found))
        file_id = keep_sheet(counted.sheet, kind=kind, name=name, now=run.now)
        run.progress(1, 1)
        return {
            "title": _("The file is ready"),
            "lines": [ngettext("%(num)s row", "%(num)s rows", counted.count)],
            "download": run.payload["address"],
            "file_id": file_id,
            "file_name": name,
        }


ZIP_TYPE: Final = "application/zip"


@file_task(DOSSIER_JOB, page="results.dossier")
def dossier_job(run: jobs.JobRun) -> dict[str, Any]:
    """Write the dossier of a contest and keep it for who asked."""
    return _dossier(run, full=False)


@file_task(FULL_DOSSIER_JOB, page="results.audit")
def full_dossier_job(run: jobs.JobRun) -> dict[str, Any]:
    """Write the fuller dossier and keep it for the auditor who asked."""
    return _dossier(run, full=True)


def _dossier(run: jobs.JobRun, *, full: bool) -> dict[str, Any]:
    contest = contest_by_id(run.payload["contest_id"])
    if contest is None:
        return {}
    name = f"{contest.slug}-dossier{'-full' if full else ''}.zip"
    with force_locale(run.payload["locale"]), written_dossier(contest, full=full) as made:
        end_read()
        with unit_of_work():
            stored = store_file(
                made.read_bytes(), name=name, media_type=ZIP_TYPE, actor=None, now=run.now
            )
            file_id = stored.id
        run.progress(1, 1)
        return {
            "title": _("The dossier is ready"),
            "lines": [
                _("It was checked: places and prizes follow from its marks."),
                _("To check it again, unpack it and run: python3 verify.py"),
            ],
            "download": run.payload["address"],
            "file_id": file_id,
            "file_name": name,
        }


def dossier_command(slug: str, target: Path, *, full: bool) -> tuple[dict[str, Any], int]:
    """`flask dossier`: write the dossier of a contest into a file.

    Args:
        slug: of the contest.
        target: the zip to write.
        full: with names, units as they are, and judges.

    Returns:
        What was written, or `error`; with the exit code, 0 or 2.
    """
    contest = contest_by_slug(slug)
    if contest is None:
        return {"error": _("There is no such contest.")}, 2
    try:
        with written_dossier(contest, full=full) as made:
            shutil.copyfile(made, target)
    except RuleBroken as refused:
        return {"error": refused.words}, 2
    except OSError as problem:
        return {"error": str(problem)}, 2
    if full:
        audit.record(
            "results.dossier_written",
            actor=None,
            now=utc_now(),
            subject=("contest", contest.id),
            scope_id=contest.scope_id,
            data={"full": True},
        )
    return {"contest": slug, "file": str(target), "full": full}, 0


def preview_regrade(
    regrade_id: int, *, now: datetime, tell: Callable[[int, int], None] | None = None
) -> int:
    """Mark a correction aside, then look ahead in a unit that is undone; run twice, it is once.

    Args:
        regrade_id: of a correction.
        now: the instant of the job.
        tell: called with how many attempts were looked at, and of how many.

    Returns:
        How many attempts count otherwise.
    """
    with unit_of_work():
        marking = begin_marking(regrade_id=regrade_id)
    changed = 0
    while marking is not None:
        changed = marking.changed
        if tell is not None:
            tell(marking.done, max(marking.total, marking.done))
        with unit_of_work():
            marking = mark_stretch(regrade_id=regrade_id, marking=marking)
    with unit_of_work():
        ahead = look_ahead(regrade_id=regrade_id, now=now)
        roll_back()
    if ahead is not None:
        with unit_of_work():
            keep_preview(regrade_id=regrade_id, ahead=ahead)
    return changed


@jobs.task(PREVIEW_JOB)
def regrade_preview_job(run: jobs.JobRun) -> dict[str, Any]:
    """Mark a correction aside and work out who would move; nothing counts otherwise yet."""
    changed = preview_regrade(run.payload["regrade_id"], now=run.now, tell=run.progress)
    with force_locale(run.payload["locale"]):
        return {
            "title": _("The correction is worked out"),
            "lines": [
                ngettext(
                    "%(num)s attempt counts otherwise",
                    "%(num)s attempts count otherwise",
                    changed,
                )
            ],
            "next": run.payload["address"],
        }


@jobs.task(APPLY_JOB)
def regrade_apply_job(run: jobs.JobRun) -> dict[str, Any]:
    """Apply a correction as a whole; run twice, it is applied once."""
    with unit_of_work():
        actor = None if run.owner_id is None else actor_now(run.owner_id)
        made = apply_regrade(regrade_id=run.payload["regrade_id"], actor=actor, now=run.now)
        entries = None if made is None else made.entries
    run.progress(1, 1)
    with force_locale(run.payload["locale"]):
        lines = []
        if entries is not None:
            lines = [_("Ranked: %(count)s entries.", count=format_count(entries))]
        return {
            "title": _("The correction is applied"),
            "lines": lines,
            "next": run.payload["address"],
        }


def publish_due(scheduled_id: int, *, address: str, now: datetime) -> bool:
    """Publish what was scheduled, or stop it with the words of what refused; once if run twice.

    Args:
        scheduled_id: of a scheduled publication.
        address: of the organiser's page, for the letter.
        now: the instant of the job.

    Returns:
        Whether it was published now.
    """
    try:
        with unit_of_work():
            return publish_scheduled(scheduled_id=scheduled_id, now=now) is not None
    except RuleBroken as refused:
        with unit_of_work():
            stop_scheduled(scheduled_id=scheduled_id, refused=refused, address=address, now=now)
    return False


def tell_of_failure(run: jobs.JobRun) -> None:
    """Stop what was scheduled when the server failed to the last, and say so by a letter."""
    with unit_of_work():
        stop_scheduled(
            scheduled_id=run.payload["scheduled_id"],
            refused=PublishingFailed(),
            address=run.payload["address"],
            now=run.now,
        )


@jobs.task(SCHEDULED_JOB, given_up=tell_of_failure)
def scheduled_publication_job(run: jobs.JobRun) -> dict[str, Any]:
    """Publish what was scheduled for now."""
    publish_due(run.payload["scheduled_id"], address=run.payload["address"], now=run.now)
    run.progress(1, 1)
    return {"next": run.payload["address"]}
