"""What jobs and commands of reports call."""

from datetime import date, timedelta
from typing import Any

from contest.accounts.queries import unit_by_code
from contest.awards.queries.commendations import unit_book
from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.errors import NotFound
from contest.core.transactions import end_read
from contest.reports.actions.counting import rebuild_counts
from contest.reports.queries.facts import DatedBy
from contest.reports.queries.season import Asked, season_report
from contest.reports.rules.branches import TreeView
from contest.reports.rules.periods import Period

EVERY = timedelta(hours=1)


@jobs.task("reports.rebuild_counts", every=EVERY)
def rebuild(run: jobs.JobRun) -> dict[str, Any]:
    """Prepare the counts of what may have changed."""
    book = unit_book()
    end_read()
    rounds = rebuild_counts(
        book=book,
        now=run.now,
        everything=bool(run.payload.get("everything")),
        progress=run.progress,
    )
    return {"rounds": rounds}


def season_report_command(
    code: str, first: date, last: date, *, view: str, dated_by: str
) -> dict[str, Any]:
    """The report of a unit, counts refreshed before.

    Args:
        code: of the unit.
        first: day of the period.
        last: day of the period.
        view: `then` or `now`.
        dated_by: `decided` or `honoured`.

    Raises:
        NotFound: there is no such unit.
        ValueError: the period ends before it begins.
    """
    if last < first:
        words = "the period ends before it begins"
        raise ValueError(words)
    book = unit_book()
    end_read()
    rebuild_counts(book=book, now=utc_now())
    unit = unit_by_code(code)
    if unit is None:
        raise NotFound
    asked = Asked(unit, Period(first, last), TreeView(view), DatedBy(dated_by))
    report = season_report(asked).as_json()
    end_read()
    return report
