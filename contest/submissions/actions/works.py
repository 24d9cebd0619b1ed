"""Works: beginning one, and until when it can be changed."""

from datetime import datetime

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import has_consent
from contest.contests.actions import entry_for
from contest.contests.models import Entry, Registration, Round
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.models import EssayRound, Work, WorkAuthor, WorkState
from contest.submissions.queries.rounds import essay_round
from contest.submissions.queries.works import live_work_count, outcome_of
from contest.submissions.rules.limits import WritingPhase, may_hand_in, writing_phase
from contest.submissions.rules.refusals import (
    EnoughEssays,
    EnteredFromPaper,
    NotAnEssayRound,
    NotRegistered,
    RoundNotOpen,
    TooLate,
)


def settings_of(contest_round: Round) -> EssayRound:
    """The settings of a round that takes essays.

    Raises:
        NotAnEssayRound: it has none.
    """
    essay = essay_round(contest_round.id)
    if essay is None:
        raise NotAnEssayRound
    return essay


def check_writable(work: Work, now: datetime) -> EssayRound:
    """Refuse where a work can no longer be changed.

    Raises:
        TooLate: after the deadline and its grace.
        RoundNotOpen: before the opening.
        EnteredFromPaper: the secretary keeps it.
    """
    essay = settings_of(work.round)
    if work.is_on_paper:
        raise EnteredFromPaper
    if writing_phase(essay, work.round, now) is WritingPhase.BEFORE:
        raise RoundNotOpen
    if not may_hand_in(essay, work.round, outcome_of(work), now, work.late_until):
        raise TooLate
    return essay


def record_event(
    what: str, work: Work, *, actor: Actor | None, now: datetime, **data: object
) -> None:
    """Put what happened to a work on record."""
    audit.record(
        f"submissions.{what}",
        actor=actor,
        now=now,
        subject=("work", work.id),
        scope_id=work.round.contest.scope_id,
        data=data,
    )


def create_work(
    *,
    contest_round: Round,
    registration: Registration | None,
    actor: Actor,
    now: datetime,
) -> Work:
    """Begin an essay; its entry is the registration's first, or a further one.

    Raises:
        NotRegistered: who asks does not take part, or has not agreed to.
        RoundNotOpen, TooLate: outside the window.
        EnoughEssays: the rules allow no further one.
    """
    known = _may_begin(contest_round, registration, now)
    return begin_work(contest_round=contest_round, registration=known, actor=actor, now=now)


def begin_work(
    *, contest_round: Round, registration: Registration, actor: Actor, now: datetime
) -> Work:
    """Begin a work whatever the hour: the caller has asked for window and right.

    Raises:
        EnoughEssays: the rules allow no further one.
    """
    entry = _next_entry(contest_round, registration, now)
    work = Work(
        round=contest_round,
        entry=entry,
        person_id=registration.person_id,
        person=registration.person,
        state=WorkState.DRAFT,
        edit=0,
        identity_hints=[],
        created_at=now,
    )
    work.authors.append(_first_author(registration))
    db.session.add(work)
    db.session.flush()
    record_event("work_begun", work, actor=actor, now=now, ordinal=entry.ordinal)
    return work


def _may_begin(
    contest_round: Round, registration: Registration | None, now: datetime
) -> Registration:
    """The registration of somebody who takes part and has agreed to, inside the window."""
    essay = settings_of(contest_round)
    scope_id = contest_round.contest.scope_id
    if registration is None or registration.withdrawn_at is not None:
        raise NotRegistered
    if not has_consent(registration.person_id, ConsentPurpose.TAKE_PART, scope_id):
        raise NotRegistered
    phase = writing_phase(essay, contest_round, now)
    if phase is WritingPhase.BEFORE:
        raise RoundNotOpen
    if phase is WritingPhase.OVER:
        raise TooLate
    return registration


def _next_entry(contest_round: Round, registration: Registration, now: datetime) -> Entry:
    live, last_ordinal = live_work_count(contest_round.id, registration.id)
    if live >= settings_of(contest_round).entries_per_author:
        raise EnoughEssays
    return entry_for(registration=registration, ordinal=last_ordinal + 1, now=now)


def _first_author(registration: Registration) -> WorkAuthor:
    return WorkAuthor(
        position=1,
        person_id=registration.person_id,
        full_name=registration.full_name,
        name_folded=registration.name_folded,
        phone=registration.person.phone,
        unit_id=registration.unit_id,
        unit_name=registration.unit_path.split(" › ")[0],
    )
