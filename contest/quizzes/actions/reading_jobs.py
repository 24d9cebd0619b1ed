"""Jobs that read every attempt of a large closed round and write figures about it."""

from datetime import datetime

from contest.contests.models import Round
from contest.core import jobs
from contest.core.access import Actor
from contest.core.i18n import language


def read_by_job(
    code: str,
    *,
    contest_round: Round,
    title: str,
    address: str,
    actor: Actor,
    now: datetime,
    turn: int = 0,
) -> jobs.Job:
    """Ask for the job; asked twice within a minute it is one.

    Args:
        code: of the job.
        contest_round: what it reads.
        title: of the job's page, in the person's language.
        address: of the page that shows what it finds.
        actor: who asks.
        now: the instant of the request.
        turn: what has changed about the round since, so that it is another job.
    """
    return jobs.enqueue(
        code,
        payload={"round_id": contest_round.id, "locale": language(), "address": address},
        actor=actor,
        now=now,
        key=f"{code}:{contest_round.id}:{turn}:{int(now.timestamp()) // 60}",
        title=title,
    )
