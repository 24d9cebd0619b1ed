"""Recurring work: what was kept for a while only is forgotten."""

from datetime import timedelta
from typing import Final

from contest.accounts.actions.forgetting import forget_old_traces
from contest.core import jobs
from contest.core.transactions import unit_of_work

_EVERY: Final = timedelta(hours=6)


@jobs.task("accounts.forget_old_traces", every=_EVERY)
def forget(run: jobs.JobRun) -> dict[str, int]:
    """Delete old failures and challenges, and device and address of old sign-ins."""
    with unit_of_work():
        return forget_old_traces(now=run.now)
