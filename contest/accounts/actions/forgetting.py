"""What is kept for a while only."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update

from contest.accounts.models import SignIn, SignInChallenge, SignInFailure
from contest.core.db import db

FAILURES_KEPT: Final = timedelta(days=1)
TRACES_KEPT: Final = timedelta(days=90)
"""Devices and network addresses are kept for 90 days after they were last seen."""


def forget_old_traces(*, now: datetime) -> dict[str, int]:
    """Delete failures and challenges of yesterday, and traces older than 90 days.

    Returns:
        How many rows of each were touched.
    """
    failures = db.session.execute(
        delete(SignInFailure).where(SignInFailure.failed_at < now - FAILURES_KEPT)
    )
    challenges = db.session.execute(
        delete(SignInChallenge).where(SignInChallenge.expires_at < now - FAILURES_KEPT)
    )
    traces = db.session.execute(
        update(SignIn)
        .where(SignIn.seen_at < now - TRACES_KEPT, SignIn.address != "")
        .values(address="", device="")
    )
    return {
        "failures": failures.rowcount,  # type: ignore[attr-defined]
        "challenges": challenges.rowcount,  # type: ignore[attr-defined]
        "traces": traces.rowcount,  # type: ignore[attr-defined]
    }
