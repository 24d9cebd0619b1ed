"""What jobs call: files of long rankings."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import force_locale

from contest.core import jobs
from contest.core.i18n import gettext as _
from contest.core.i18n import ngettext
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.core.table_files import file_task, keep_sheet
from contest.results.actions import RANKING_JOB
from contest.results.queries import rank_run_by_id
from contest.results.ranking_sheets import ranking_sheet


class _Counted:
    """Rows that are counted while they are written."""

    def __init__(self, sheet: Sheet) -> None:
        self.count = 0
        self.sheet = replace(sheet, rows=self._rows(sheet))

    def _rows(self, sheet: Sheet) -> Iterator[Sequence[TableCell]]:
        for row in sheet.rows:
            self.count += 1
            yield row


@file_task(RANKING_JOB)
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
