"""Juries: inviting, answering, conflicts, seats, and a judge who leaves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.engine import CursorResult

from contest.accounts.actions import give_grant
from contest.accounts.models import Person, Unit
from contest.contests.models import Round, Stage
from contest.core import audit
from contest.core.access import Actor, Permission, Role
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.vietnamese import fold
from contest.judging.letters import send_invitation
from contest.judging.models import Conflict, Juror, JurorState, MarkSheet, SheetState
from contest.judging.queries.rounds import juror_of, jurors, role_holders
from contest.judging.rules.refusals import (
    AlreadyAnswered,
    AlreadyInvited,
    ConflictEmpty,
    ReasonNeeded,
)
from contest.judging.rules.sheets import UNDONE


@dataclass(frozen=True, slots=True)
class Letter:
    """What an invitation's letter adds: an address, and the code of a new account."""

    address: str
    code: str = ""


def _record(
    what: str, contest_round: Round, juror: Juror, *, actor: Actor | None, now: datetime
) -> None:
    audit.record(
        f"judging.{what}",
        actor=actor,
        now=now,
        subject=("juror", juror.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "state": juror.state.value},
    )


def invite_juror(
    *,
    contest_round: Round,
    person: Person,
    actor: Actor | None,
    now: datetime,
    is_chief: bool = False,
    capacity: int | None = None,
    letter: Letter | None = None,
) -> Juror:
    """Invite somebody to a round's jury; who declined or left may be invited again.

    Raises:
        AlreadyInvited: the person sits on the jury or has not answered yet.
    """
    juror = juror_of(contest_round.id, person.id)
    if juror is not None and juror.state in {JurorState.INVITED, JurorState.ACCEPTED}:
        raise AlreadyInvited
    if juror is None:
        juror = Juror(round_id=contest_round.id, person_id=person.id, invited_at=now)
        db.session.add(juror)
    juror.state, juror.invited_at, juror.answered_at = JurorState.INVITED, now, None
    juror.is_chief, juror.capacity, juror.left_reason = is_chief, capacity, ""
    db.session.flush()
    send_invitation(
        person=person,
        contest=contest_round.contest.title,
        round_title=contest_round.title,
        address="" if letter is None else letter.address,
        code="" if letter is None else letter.code,
        key=f"judging.invite.{juror.id}.{int(now.timestamp())}",
        now=now,
    )
    _record("juror_invited", contest_round, juror, actor=actor, now=now)
    return juror


def answer_invitation(
    *, contest_round: Round, juror: Juror, accept: bool, actor: Actor | None, now: datetime
) -> None:
    """Accept (which gives the judge's role in this contest) or decline.

    Raises:
        AlreadyAnswered: it was answered before.
    """
    state = JurorState.ACCEPTED if accept else JurorState.DECLINED
    result = db.session.execute(
        update(Juror)
        .where(Juror.id == juror.id, Juror.state == JurorState.INVITED)
        .values(state=state, answered_at=now)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  (what an UPDATE gives)
    db.session.refresh(juror)
    if result.rowcount != 1:
        raise AlreadyAnswered
    scope = contest_round.contest.scope
    if accept and (actor is None or not actor.may(Permission.MARK, scope.path)):
        give_grant(person=juror.person, role=Role.JUDGE, scope=scope, actor=None, now=now)
    _record(f"juror_{state.value}", contest_round, juror, actor=actor, now=now)


def set_seat(
    *,
    contest_round: Round,
    juror: Juror,
    is_chief: bool,
    capacity: int | None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Change how many works a judge takes at the most, and who presides."""
    juror.is_chief, juror.capacity = is_chief, capacity
    db.session.flush()
    _record("seat_changed", contest_round, juror, actor=actor, now=now)


def declare_conflict(
    *,
    contest_round: Round,
    juror: Juror,
    unit: Unit | None,
    person_name: str,
    reason: str,
    actor: Actor | None,
    now: datetime,
) -> Conflict:
    """A judge says that works of a unit, or by or about a name, are not theirs to mark.

    Sheets that the judge holds already stay: those are given up one by one, with a reason.

    Raises:
        ConflictEmpty: it names neither unit nor person.
    """
    if unit is None and not person_name:
        raise ConflictEmpty
    conflict = Conflict(
        juror_id=juror.id,
        unit_id=None if unit is None else unit.id,
        person_name=person_name,
        name_folded=fold(person_name),
        reason=reason,
        declared_at=now,
    )
    db.session.add(conflict)
    db.session.flush()
    _record("conflict_declared", contest_round, juror, actor=actor, now=now)
    return conflict


def withdraw_conflict(
    *,
    contest_round: Round,
    juror: Juror,
    conflict: Conflict,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Take a declared conflict back; the row stays."""
    conflict.withdrawn_at = now
    db.session.flush()
    _record("conflict_withdrawn", contest_round, juror, actor=actor, now=now)


def leave_jury(
    *, contest_round: Round, juror: Juror, reason: str, actor: Actor | None, now: datetime
) -> int:
    """Take a judge off the jury: marks already made stay, only undone work is to be moved.

    Returns:
        How many works wait for another judge now.

    Raises:
        ReasonNeeded: no reason is given.
        AlreadyAnswered: the seat was left before.
    """
    if not reason.strip():
        raise ReasonNeeded
    if juror.state in {JurorState.LEFT, JurorState.DECLINED}:
        raise AlreadyAnswered
    juror.state, juror.left_reason, juror.answered_at = JurorState.LEFT, reason.strip(), now
    result = db.session.execute(
        update(MarkSheet)
        .where(MarkSheet.juror_id == juror.id, MarkSheet.state.in_(UNDONE))
        .values(state=SheetState.MOVED, reason=reason.strip())
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  (what an UPDATE gives)
    db.session.flush()
    db.session.expire_all()
    _record("juror_left", contest_round, juror, actor=actor, now=now)
    return result.rowcount


def release_seats(*, contest_round: Round, actor: Actor | None, now: datetime) -> int:
    """Free the undone sheets of judges who no longer hold the role; finished marks stay.

    Returns:
        How many judges lost their seat by it.
    """
    if contest_round.stage is not Stage.MARKING:
        return 0
    holders = role_holders(contest_round.contest.scope.path)
    lost = [
        juror
        for juror in jurors(contest_round.id)
        if juror.state is JurorState.ACCEPTED and juror.person_id not in holders
    ]
    for juror in lost:
        leave_jury(
            contest_round=contest_round,
            juror=juror,
            reason=str(_("The judge's role was taken away.")),
            actor=actor,
            now=now,
        )
    return len(lost)
