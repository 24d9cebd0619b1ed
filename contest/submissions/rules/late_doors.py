"""The late door: for whom a code opens it, and until when."""

import secrets
from datetime import date, datetime, timedelta
from typing import Final

from contest.contests.models import Registration, Round
from contest.contests.rules import ids_of_path
from contest.contests.rules.codes import CODE_LETTERS
from contest.core.clock import LOCAL_ZONE
from contest.submissions.models import EssayRound, LateCode, ScreeningOutcome
from contest.submissions.rules.limits import BEFORE_MARKING, WritingPhase, writing_phase
from contest.submissions.rules.refusals import PostmarkInFuture

_SIGNS: Final = 8


def new_late_code() -> str:
    """A random code of the late door, "TR-K7QM-2XRD" (31⁸ of them)."""
    signs = "".join(secrets.choice(CODE_LETTERS) for _ in range(_SIGNS))
    return f"TR-{signs[:4]}-{signs[4:]}"


def read_late_code(typed: str) -> str:
    """A code as people type it, with or without its lines and letters in any size."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).removeprefix("TR")
    return f"TR-{signs[:4]}-{signs[4:]}"


def is_for(code: LateCode, registration: Registration) -> bool:
    """Whether a code was issued to this person, or to a unit above them or their own."""
    if code.person_id is not None:
        return code.person_id == registration.person_id
    return code.unit_id in ids_of_path(registration.unit_ids)


def opens(code: LateCode, contest_round: Round, now: datetime) -> bool:
    """Whether a code can still be used at `now`; the end of its validity belongs to nothing."""
    return (
        code.used_at is None
        and code.withdrawn_at is None
        and now < code.valid_until
        and contest_round.stage in BEFORE_MARKING
    )


def postmark_in_time(contest_round: Round, day: date, now: datetime) -> bool:
    """Whether a work on paper came in time: by the day of its postmark, here in Vietnam.

    The day of the close counts whole; a close at midnight leaves the day before.

    Raises:
        PostmarkInFuture: the day has not come yet.
    """
    if day > now.astimezone(LOCAL_ZONE).date():
        raise PostmarkInFuture
    if contest_round.closes_at is None:
        return True
    last = contest_round.closes_at - timedelta(microseconds=1)
    return day <= last.astimezone(LOCAL_ZONE).date()


def is_late(
    essay: EssayRound, contest_round: Round, outcome: ScreeningOutcome | None, now: datetime
) -> bool:
    """Whether what is handed in at `now` is late; what came back to be mended is not."""
    if outcome is ScreeningOutcome.RETURNED:
        return False
    return writing_phase(essay, contest_round, now) is WritingPhase.OVER
