"""The late door: codes issued with a reason, used once, and what they leave on record."""

from datetime import datetime

from sqlalchemy import update

from contest.accounts.models import Person, Unit
from contest.contests.models import Registration, Round
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.records import record
from contest.submissions.actions.works import begin_work, record_event, settings_of
from contest.submissions.models import LateCode, Work
from contest.submissions.queries.late_codes import late_code, work_to_open
from contest.submissions.rules.late_doors import is_for, new_late_code, opens
from contest.submissions.rules.limits import BEFORE_MARKING, WritingPhase, writing_phase
from contest.submissions.rules.refusals import (
    DoorNotNeeded,
    LateCodeOver,
    LateCodeWrong,
    NotRegistered,
    ScreeningOver,
)


def issue_late_code(
    *,
    contest_round: Round,
    person: Person | None,
    unit: Unit | None,
    reason: str,
    valid_until: datetime,
    actor: Actor,
    now: datetime,
) -> LateCode:
    """Issue a code by which one work may be handed in after the deadline.

    Args:
        contest_round: whose deadline.
        person: who may use it; or
        unit: anybody of it and below, the first who does.
        reason: kept with the work.
        valid_until: the first instant at which it opens nothing any more, handing in included.
        actor: an organiser.
        now: the instant of the request.

    Raises:
        NotAnEssayRound: the round takes no works.
        ScreeningOver: marking has begun.
        LateCodeOver: it would be valid in the past only.
    """
    settings_of(contest_round)
    if contest_round.stage not in BEFORE_MARKING:
        raise ScreeningOver
    if valid_until <= now:
        raise LateCodeOver
    code = LateCode(
        round_id=contest_round.id,
        code=new_late_code(),
        person_id=None if person is None else person.id,
        unit_id=None if unit is None else unit.id,
        reason=reason,
        valid_until=valid_until,
        issued_by_id=actor.person_id,
        issued_at=now,
    )
    db.session.add(code)
    db.session.flush()
    _record("late_code_issued", code, contest_round, actor=actor, now=now)
    return code


def withdraw_late_code(
    *, code: LateCode, contest_round: Round, actor: Actor, now: datetime
) -> None:
    """Take back a code that nobody has used.

    Raises:
        LateCodeOver: it was used or taken back already.
    """
    claimed = db.session.execute(
        update(LateCode)
        .where(LateCode.id == code.id, LateCode.used_at.is_(None), LateCode.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise LateCodeOver
    db.session.refresh(code)
    _record("late_code_withdrawn", code, contest_round, actor=actor, now=now)


def use_late_code(
    *,
    contest_round: Round,
    registration: Registration | None,
    code: str,
    actor: Actor,
    now: datetime,
) -> Work:
    """Open the late door: one's own draft can be handed in until the end of the code's validity.

    Who has begun nothing begins now. The code is used up by this, whatever becomes of the work.

    Raises:
        DoorNotNeeded: the round still takes works.
        NotRegistered: who asks does not take part.
        LateCodeWrong: no such code, or it is somebody else's.
        LateCodeOver: used, taken back, no longer valid, or marking has begun.
    """
    essay = settings_of(contest_round)
    if registration is None or registration.withdrawn_at is not None:
        raise NotRegistered
    if writing_phase(essay, contest_round, now) is not WritingPhase.OVER:
        raise DoorNotNeeded
    known = late_code(contest_round.id, code)
    if known is None or not is_for(known, registration):
        raise LateCodeWrong
    if not opens(known, contest_round, now):
        raise LateCodeOver
    work = work_to_open(contest_round.id, registration.id)
    if work is None:
        work = begin_work(
            contest_round=contest_round, registration=registration, actor=actor, now=now
        )
    claimed = db.session.execute(
        update(LateCode)
        .where(LateCode.id == known.id, LateCode.used_at.is_(None), LateCode.withdrawn_at.is_(None))
        .values(used_at=now, used_by_id=actor.person_id, work_id=work.id)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise LateCodeOver
    db.session.refresh(known)
    work.late_until, work.late_reason = known.valid_until, known.reason
    db.session.flush()
    record_event("late_door_opened", work, actor=actor, now=now, late_code=known.id)
    return work


def _record(
    what: str, code: LateCode, contest_round: Round, *, actor: Actor, now: datetime
) -> None:
    record(
        what,
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        late_code=code.id,
        for_unit=code.unit_id,
    )
