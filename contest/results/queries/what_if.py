"""Entries of a round by the codes of their contestants."""

from collections.abc import Sequence

from sqlalchemy import func, select

from contest.contests.models import Entry, Registration, Round, RoundScore
from contest.core.db import db
from contest.results.queries.runs import latest_run


def entries_of_codes(round: Round, codes: Sequence[str]) -> dict[str, Entry]:
    """Entries in the latest ranking of a round by the codes of their contestants, in small letters.

    Args:
        round: whose latest ranking is looked at.
        codes: as typed; capitals do not matter.
    """
    run = latest_run(round.id)
    if run is None or not codes:
        return {}
    statement = (
        select(func.lower(Registration.code), Entry)
        .select_from(Entry)
        .join(Registration, Registration.id == Entry.registration_id)
        .join(RoundScore, RoundScore.entry_id == Entry.id)
        .where(
            RoundScore.rank_run_id == run.id,
            Registration.contest_id == round.contest_id,
            func.lower(Registration.code).in_([code.lower() for code in codes]),
        )
        .order_by(Entry.id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}
