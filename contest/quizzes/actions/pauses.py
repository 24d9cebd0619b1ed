"""Recorded decisions that move time for many at once: pauses of a unit, later closes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    bindparam,
    exists,
    select,
    type_coerce,
    update,
)

from contest.accounts.models import Unit
from contest.contests.models import Entry, Registration, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import micros
from contest.core.db import UtcInstant, db
from contest.core.errors import InvalidInput, RuleBroken
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.sections import move_sections
from contest.quizzes.models import Attempt, LateStart, MovedWindow, Pause
from contest.quizzes.queries.rounds import round_terms
from contest.quizzes.rules.sections import Span, after_pause, with_more
from contest.quizzes.rules.timing import length_of, limits_of_start, paused_in

LONGEST_PAUSE: Final = timedelta(days=1)
_ATTEMPT: Final = cast("Table", Attempt.__table__)


class PauseSpan(InvalidInput):
    """A pause ends after it begins and lasts a day at most."""

    message = _l("A pause ends after it begins and lasts 24 hours at most.")


class CloseNotAhead(InvalidInput):
    """A moved close lies in the future and is another than the round's own."""

    message = _l("The moved close must lie in the future and differ from the close of the round.")


class TooLateToMove(RuleBroken):
    """Nobody of this round can use more time any more."""

    message = _l(
        "This round has not opened, has been marked or was annulled, so no time can be moved."
    )


def of_branch(unit_id: int) -> ColumnElement[bool]:
    """Attempts of people who were registered in a unit or in one below it."""
    return exists(
        select(Entry.id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Entry.id == Attempt.entry_id, Registration.unit_ids.contains(f"/{unit_id}/"))
    )


def pause_unit(
    *,
    contest_round: Round,
    unit: Unit,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Pause:
    """Decide that the clocks of a unit stood still, and give open attempts back what they lost.

    The pause may have begun before now (the power went at 9:12) and may end later (it is expected
    at 10:00). What was left to an attempt when the pause began is left to it when the pause ends;
    past the close if need be. Who begins after the decision has an ordinary clock. A pause that is
    recorded again with a later end gives the rest. Attempts that have ended stay as they are; their
    late answers can be counted by a decision of their own.

    Raises:
        PauseSpan, TooLateToMove, ReasonMissing: it is not possible like this.
    """
    if not timedelta(0) < until_at - from_at <= LONGEST_PAUSE:
        raise PauseSpan
    _check(contest_round, reason)
    open_ones = db.session.execute(
        select(
            Attempt.id,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.pauses,
            Registration.unit_ids,
        )
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(
            Attempt.round_id == contest_round.id,
            Attempt.submitted_at.is_(None),
            of_branch(unit.id),
        )
    ).all()
    known = db.session.scalars(select(Pause).where(Pause.round_id == contest_round.id)).all()
    given, stood_still = [], []
    for row in open_ones:
        got = [
            (each.from_at, each.until_at)
            for each in known
            if f"/{each.unit_id}/" in row.unit_ids and each.decided_at >= row.started_at
        ]
        stood = paused_in(row.started_at, row.deadline_at, (from_at, until_at), got)
        if stood:
            lost = length_of(stood) // timedelta(microseconds=1)
            given.append({"key": row.id, "more": lost})
            pauses = [*(row.pauses or []), *([micros(a), micros(b)] for a, b in stood)]
            stood_still.append({"key": row.id, "stood": pauses})
    _give_back(given, lambda spans, more: after_pause(spans, from_at, more))
    if stood_still:
        db.session.connection().execute(_NOTE, stood_still)
    decision = Pause(
        round_id=contest_round.id,
        unit_id=unit.id,
        from_at=from_at,
        until_at=until_at,
        attempts=len(given),
        reason=reason.strip(),
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    data = {"unit": unit.id, "from": from_at, "until": until_at, "attempts": len(given)}
    _keep("quizzes.unit_paused", "pause", decision, contest_round, actor=actor, now=now, data=data)
    return decision


def _moved(name: str) -> Any:
    micros = type_coerce(_ATTEMPT.c[name], BigInteger) + bindparam("more", type_=BigInteger)
    return type_coerce(micros, UtcInstant)


_GIVE_BACK: Final = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("key"), _ATTEMPT.c.submitted_at.is_(None))
    .values({name: _moved(name) for name in ("deadline_at", "grace_until")})
)


_NOTE: Final = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("key"), _ATTEMPT.c.submitted_at.is_(None))
    .values(pauses=bindparam("stood"))
)


def _give_back(
    given: list[dict[str, int]],
    follow: Callable[[tuple[Span, ...], timedelta], tuple[Span, ...]],
) -> None:
    """Move the ends of open attempts, and with `follow` their sections."""
    if not given:
        return
    db.session.connection().execute(_GIVE_BACK, given)
    more = {each["key"]: timedelta(microseconds=each["more"]) for each in given}
    move_sections(Attempt.id.in_(more), follow=lambda key, spans: follow(spans, more[key]))


def move_close(
    *,
    contest_round: Round,
    closes_at: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
    entry: Entry | None = None,
    unit: Unit | None = None,
) -> MovedWindow:
    """Let an entry or a unit begin until another instant than the others, later or earlier.

    The latest decision about somebody holds. Where attempts are cut at the close, those that run
    get what a later close gives them; an earlier one takes nothing from an attempt that has begun.
    Exactly one of `entry` and `unit` is given.

    Raises:
        CloseNotAhead, TooLateToMove, ReasonMissing: it is not possible like this.
    """
    _check(contest_round, reason)
    if closes_at <= now or closes_at == contest_round.closes_at:
        raise CloseNotAhead
    given = _uncut(contest_round, closes_at, entry, unit)
    _give_back(given, lambda spans, more: with_more(spans, more, now))
    decision = MovedWindow(
        round_id=contest_round.id,
        entry_id=None if entry is None else entry.id,
        unit_id=None if unit is None else unit.id,
        closes_at=closes_at,
        reason=reason.strip(),
        decided_by_id=actor.person_id,
        decided_at=now,
    )
    data = {"entry": decision.entry_id, "unit": decision.unit_id, "closes_at": closes_at}
    data["attempts"] = len(given)
    kind = "quizzes.close_moved"
    _keep(kind, "moved_window", decision, contest_round, actor=actor, now=now, data=data)
    return decision


def _uncut(
    contest_round: Round, closes_at: datetime, entry: Entry | None, unit: Unit | None
) -> list[dict[str, int]]:
    """What a later close gives back to running attempts that the old one cut."""
    terms = round_terms(contest_round.id, None)
    if terms is None or terms.late_start is not LateStart.CUT_AT_CLOSE:
        return []
    whose = of_branch(unit.id) if unit is not None else Attempt.entry_id == (entry and entry.id)
    rows = db.session.execute(
        select(Attempt.id, Attempt.started_at, Attempt.entry_id, Registration.unit_ids)
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .where(Attempt.round_id == contest_round.id, Attempt.submitted_at.is_(None), whose)
    ).all()
    earlier = db.session.scalars(
        select(MovedWindow).where(MovedWindow.round_id == contest_round.id).order_by(MovedWindow.id)
    ).all()
    given = []
    for row in rows:
        reaching = [
            each.closes_at
            for each in earlier
            if each.entry_id == row.entry_id or f"/{each.unit_id}/" in row.unit_ids
        ]
        moved = reaching[-1] if reaching else None
        nothing = timedelta(0)
        before = limits_of_start(terms, moved or contest_round.closes_at, row.started_at, nothing)
        after = limits_of_start(terms, closes_at, row.started_at, nothing)
        more = (after.deadline_at - before.deadline_at) // timedelta(microseconds=1)
        if more > 0:
            given.append({"key": row.id, "more": more})
    return given


def _check(contest_round: Round, reason: str) -> None:
    is_annulled = contest_round.annulled_at is not None
    if is_annulled or contest_round.stage not in {Stage.OPEN, Stage.CLOSED}:
        raise TooLateToMove
    if not reason.strip():
        raise ReasonMissing


def _keep(
    kind: str,
    subject: str,
    decision: Pause | MovedWindow,
    contest_round: Round,
    *,
    actor: Actor,
    now: datetime,
    data: dict[str, Any],
) -> None:
    db.session.add(decision)
    db.session.flush()
    said = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in data.items()
    }
    audit.record(
        kind,
        actor=actor,
        now=now,
        subject=(subject, decision.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.id, "reason": decision.reason, **said},
    )
