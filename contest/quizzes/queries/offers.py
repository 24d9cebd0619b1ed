"""What a person is offered before the start."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contest.contests.models import Entry, Registration, Round
from contest.contests.rules import Phase, round_window
from contest.core.errors import RuleBroken, Words
from contest.quizzes.models import Attempt, QuizRound
from contest.quizzes.queries.attempts import attempts_of_entry, entry_of, extra_time
from contest.quizzes.rules import timing


@dataclass(frozen=True, slots=True)
class StartOffer:
    """Whether this person may begin now, and what they would get.

    Attributes:
        entry: what competes; None while the registration has none.
        attempts: all attempts so far, in order.
        running: the attempt that nobody has ended and that still has time.
        left: attempts left, None when there is no limit.
        available: the time really available to an attempt that begins now.
        whole: the time limit with extra time, before the close cuts it.
        is_cut: the close leaves less than the whole time.
        refusal: why no new attempt can begin; None when it can.
    """

    entry: Entry | None
    attempts: list[Attempt]
    running: Attempt | None
    left: int | None
    available: timedelta
    whole: timedelta
    extra: timedelta
    is_cut: bool
    phase: Phase
    refusal: Words | None

    @property
    def finished(self) -> list[Attempt]:
        """Attempts that have ended."""
        return [attempt for attempt in self.attempts if attempt.submitted_at is not None]


def start_offer(
    quiz: QuizRound, contest_round: Round, registration: Registration, now: datetime
) -> StartOffer:
    """What the page before the start says to a registered person."""
    entry = entry_of(registration.id)
    attempts = [] if entry is None else attempts_of_entry(entry.id, contest_round.id)
    extra = (
        timedelta(0)
        if entry is None
        else extra_time(contest_round.id, entry.id, registration.unit_ids)
    )
    found = timing.limits_of_start(quiz, contest_round, now, extra)
    running = next(
        (
            attempt
            for attempt in attempts
            if timing.attempt_phase(attempt, now)
            in {timing.AttemptPhase.RUNNING, timing.AttemptPhase.GRACE}
        ),
        None,
    )
    refusal: Words | None = None
    try:
        timing.check_start(quiz, contest_round, used=len(attempts), found=found, now=now)
    except RuleBroken as refused:
        refusal = refused.message
    return StartOffer(
        entry=entry,
        attempts=attempts,
        running=running,
        left=timing.attempts_left(quiz.attempts_allowed, len(attempts)),
        available=found.available(now),
        whole=timedelta(seconds=quiz.time_limit_seconds) + extra,
        extra=extra,
        is_cut=found.is_cut,
        phase=round_window(contest_round, now).phase,
        refusal=refusal,
    )
