"""A quiz round as tests and benches need it: open for a week, with the five usual keys."""

from datetime import datetime, timedelta
from typing import Final

from contest.contests.models import Contest, ContestKind, RankKey, Round
from contest.core.db import db

_KEYS: Final = ("correct", "prediction", "working_time", "submitted_at", "lot")


def open_quiz_round(contest: Contest, now: datetime) -> Round:
    """The first round of a contest, written into the present unit of work."""
    made = Round(
        contest_id=contest.id,
        number=1,
        title="Tuần 1",
        kind=ContestKind.QUIZ,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=7),
    )
    made.rank_keys = [RankKey(position=place, code=code) for place, code in enumerate(_KEYS, 1)]
    db.session.add(made)
    db.session.flush()
    return made
