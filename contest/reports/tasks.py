"""What jobs and commands of reports call."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from contest.accounts.queries import unit_by_code
from contest.awards.queries.commendations import unit_book
from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.errors import NotFound
from contest.core.transactions import end_read, unit_of_work
from contest.reports.actions.counting import recount, waiting_counts
from contest.reports.queries.facts import DatedBy
from contest.reports.queries.season import Asked, season_report
from contest.reports.rules.branches import TreeView
from contest.reports.rules.periods import Period

EVERY = timedelta(hours=1)


@jobs.task("reports.rebuild_counts", every=EVERY)
def rebuild(run: jobs.JobRun) -> dict[str, Any]:
    """Prepare the counts of what may have changed."""
    everything = bool(run.payload.get("everything"))
    rounds = rebuild_counts(now=run.now, everything=everything, progress=run.progress)
    return {"rounds": rounds}


def rebuild_counts(
    *,
    now: datetime,
    everything: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Count anew what may have changed, each round in a unit of its own; returns how many.

    Args:
        now: the instant kept with the counts.
        everything: published rounds too, which change no more.
        progress: told (done, all) after each round, outside of a unit of work.
    """
    book, waiting = unit_book(), waiting_counts(everything=everything)
    end_read()
    for done, counted in enumerate(waiting, start=1):
        with unit_of_work():
            recount(counted=counted, book=book, now=now)
        progress(done, len(waiting))
    return len(waiting)


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
    rebuild_counts(now=utc_now())
    unit = unit_by_code(code)
    if unit is None:
        raise NotFound
    asked = Asked(unit, Period(first, last), TreeView(view), DatedBy(dated_by))
    report = season_report(asked).as_json()
    end_read()
    return report
