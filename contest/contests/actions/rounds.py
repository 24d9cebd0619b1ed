"""Changing rounds: plan, keys, and the steps of the life cycle."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.engine import CursorResult

from contest.contests.actions.decisions import record_extension
from contest.contests.kinds import MAX_RANK_KEYS, default_rank_keys, kind_of, rank_keys_for
from contest.contests.models import Contest, ContestKind, RankKey, Round, Stage
from contest.contests.queries import is_ready, readiness
from contest.contests.rules import (
    CannotShorten,
    NotReady,
    ReasonMissing,
    RoundAnnulled,
    RoundFrozen,
    RoundInUse,
    StageMoved,
    StillRunning,
    WindowBackwards,
    WrongRankKeys,
    check_move,
)
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db

WEEK: Final = timedelta(days=7)


def _claim(round: Round, *, came_from: Stage, to: Stage, **values: Any) -> bool:
    """Move the row if it still stands where we read it; True means that we did it."""
    result = db.session.execute(
        update(Round)
        .where(Round.id == round.id, Round.stage == came_from)
        .values(stage=to, **values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101  (what an UPDATE gives)
    db.session.refresh(round, ["stage", "opens_at", "closes_at", "opened_at", "closed_at"])
    return result.rowcount == 1


def _record(
    what: str, round: Round, *, actor: Actor | None, now: datetime, data: dict[str, Any]
) -> None:
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("round", round.id),
        scope_id=round.contest.scope_id,
        data=data,
    )


def add_round(
    *,
    contest: Contest,
    title: str,
    actor: Actor | None,
    now: datetime,
    kind: ContestKind | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    is_practice: bool = False,
    rank_keys: Sequence[str] | None = None,
    weight: Decimal = Decimal(1),
) -> Round:
    """Plan a round at the end of a contest.

    Args:
        contest: whose round it is.
        title: as people call it, "Tuần 1".
        actor: the organiser.
        now: the instant of the request.
        kind: the contest's own when not given.
        opens_at: first instant that belongs to the window.
        closes_at: first instant that no longer does.
        is_practice: it is never ranked.
        rank_keys: codes in order; the kind's default list when not given.
        weight: of the round in the contest's total.

    Raises:
        WindowBackwards: the close is not after the opening.
        WrongRankKeys: a code is unknown to the kind or stands twice.
    """
    check_window_order(opens_at, closes_at)
    round = Round(
        number=max((each.number for each in contest.rounds), default=0) + 1,
        title=title,
        kind=kind or contest.kind,
        is_practice=is_practice,
        opens_at=opens_at,
        closes_at=closes_at,
        weight=weight,
        stage=Stage.PLANNED,
    )
    contest.rounds.append(round)
    db.session.flush()
    if rank_keys is None:
        rank_keys = [] if is_practice else default_rank_keys(round.kind)
    _write_rank_keys(round, rank_keys)
    _record("round_added", round, actor=actor, now=now, data={"number": round.number})
    return round


def check_window_order(opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Refuse a window that runs backwards.

    Raises:
        WindowBackwards: the close is not after the opening.
    """
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise WindowBackwards


def edit_round(
    *,
    round: Round,
    title: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    is_practice: bool,
    actor: Actor | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Change a round's name and window.

    Once it is open the opening and the kind of round stay, and the close only moves later, with
    a reason: a recorded decision that everybody registered is told. What is expected after the
    close moves as far. Once it has closed, only the name changes.

    Raises:
        RoundFrozen: something that people relied on would change.
        CannotShorten: the close of an open round would come earlier.
        ReasonMissing: an extension without a reason.
        WindowBackwards: the close is not after the opening.
    """
    check_window_order(opens_at, closes_at)
    old_closes_at = round.closes_at
    before = {"opens_at": _iso(round.opens_at), "closes_at": _iso(old_closes_at)}
    if round.stage is not Stage.PLANNED:
        _check_running_change(
            round, opens_at=opens_at, closes_at=closes_at, is_practice=is_practice, reason=reason
        )
    round.title = title
    round.opens_at, round.closes_at, round.is_practice = opens_at, closes_at, is_practice
    db.session.flush()
    after = {"opens_at": _iso(opens_at), "closes_at": _iso(closes_at)}
    data = {"before": before, "after": after, "reason": reason}
    _record("round_edited", round, actor=actor, now=now, data=data)
    if round.stage is Stage.OPEN and closes_at != old_closes_at:
        if closes_at is not None and old_closes_at is not None:
            _move_due_dates(round, closes_at - old_closes_at)
        record_extension(
            round=round, old_closes_at=old_closes_at, reason=reason, actor=actor, now=now
        )


def _move_due_dates(round: Round, by: timedelta) -> None:
    set_due_dates(
        round=round,
        marked_by=None if round.marked_by is None else round.marked_by + by,
        decided_by=None if round.decided_by is None else round.decided_by + by,
        published_by=None if round.published_by is None else round.published_by + by,
    )


def _check_running_change(
    round: Round,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    is_practice: bool,
    reason: str,
) -> None:
    if opens_at != round.opens_at or is_practice != round.is_practice or closes_at is None:
        raise RoundFrozen
    if closes_at == round.closes_at:
        return
    if round.stage is not Stage.OPEN:
        raise RoundFrozen
    if round.closes_at is not None and closes_at < round.closes_at:
        raise CannotShorten
    if not reason.strip():
        raise ReasonMissing


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def set_rank_keys(
    *, round: Round, codes: Sequence[str], actor: Actor | None, now: datetime
) -> None:
    """Choose by what a round is ranked, in order.

    Raises:
        RoundFrozen: the round has opened; its rules were printed with the old list.
        WrongRankKeys: a code is unknown to the kind, stands twice, or there are too many.
    """
    if round.stage is not Stage.PLANNED:
        raise RoundFrozen
    _write_rank_keys(round, codes)
    _record("rank_keys_chosen", round, actor=actor, now=now, data={"codes": list(codes)})


def _write_rank_keys(round: Round, codes: Sequence[str]) -> None:
    known = {key.code for key in rank_keys_for(round.kind)}
    if len(set(codes)) != len(codes) or not known.issuperset(codes) or len(codes) > MAX_RANK_KEYS:
        raise WrongRankKeys
    # Deleted before the new list is written: the codes are unique within a round.
    round.rank_keys.clear()
    db.session.flush()
    round.rank_keys.extend(
        RankKey(round_id=round.id, position=place, code=code)
        for place, code in enumerate(codes, start=1)
    )
    db.session.flush()


def set_due_dates(
    *,
    round: Round,
    marked_by: datetime | None,
    decided_by: datetime | None,
    published_by: datetime | None,
) -> None:
    """Say when marking, decision and publication are expected; the life line shows them."""
    round.marked_by, round.decided_by, round.published_by = marked_by, decided_by, published_by
    db.session.flush()


def delete_round(*, round: Round, actor: Actor | None, now: datetime) -> None:
    """Take a planned round out; later ones keep their numbers.

    Raises:
        RoundInUse: it has opened.
    """
    if round.stage is not Stage.PLANNED:
        raise RoundInUse
    _record("round_deleted", round, actor=actor, now=now, data={"number": round.number})
    contest = round.contest
    kind_of(round).discard(round)
    contest.rounds.remove(round)
    db.session.delete(round)
    db.session.flush()


def open_round(*, round: Round, actor: Actor | None, now: datetime) -> bool:
    """Open a round: refuse while its list is not clean, claim it, freeze what it holds.

    Opened by hand before its hour, it opens now; the announced hour is moved with it.

    Args:
        round: with its contest.
        actor: the organiser; None when the time has come.
        now: the instant.

    Returns:
        True when this call opened it, False when it was open already.

    Raises:
        NotReady: something on the list is missing.
        MoveNotAllowed: it has been open before.
    """
    if round.stage is Stage.OPEN:
        return False
    check_move(round.stage, Stage.OPEN)
    if not is_ready(readiness(round, now)):
        raise NotReady
    assert round.opens_at is not None  # noqa: S101  (the window is one of the checks)
    opens_at = min(round.opens_at, now)
    planned = _iso(round.opens_at)
    mine = _claim(round, came_from=Stage.PLANNED, to=Stage.OPEN, opened_at=now, opens_at=opens_at)
    if not mine:
        return False
    kind_of(round).freeze(round, actor, now)
    _record("round_opened", round, actor=actor, now=now, data={"planned_for": planned})
    return True


def close_unopened(*, round: Round, actor: Actor | None, now: datetime) -> bool:
    """Take a planned round that people never write in straight to its close.

    For rounds whose entries come from an earlier one (chung khảo): their kind says so.

    Returns:
        True when this call did it, False when the round was past its plan already.
    """
    mine = _claim(round, came_from=Stage.PLANNED, to=Stage.CLOSED, opened_at=now, closed_at=now)
    if mine:
        kind_of(round).freeze(round, actor, now)
        _record("round_closed", round, actor=actor, now=now, data={"planned_for": None})
    return mine


def close_round(*, round: Round, actor: Actor | None, now: datetime, reason: str = "") -> bool:
    """Close a round: by time, or by hand before its time with a reason.

    People who began keep the time their round's rules give them; nobody begins any more.

    Returns:
        True when this call closed it, False when it was closed already.

    Raises:
        MoveNotAllowed: it is not open.
        ReasonMissing: before its time and without a reason.
    """
    if round.stage is Stage.CLOSED:
        return False
    check_move(round.stage, Stage.CLOSED)
    early = round.closes_at is not None and now < round.closes_at
    if early and not reason.strip():
        raise ReasonMissing
    planned = _iso(round.closes_at)
    values: dict[str, Any] = {"closed_at": now}
    if early:
        # The window must stay longer than nothing; a round opened and closed in one instant
        # was never open to anybody.
        opened = round.opens_at or now
        values["closes_at"] = max(now, opened + timedelta(microseconds=1))
    if not _claim(round, came_from=Stage.OPEN, to=Stage.CLOSED, **values):
        return False
    data = {"planned_for": planned, "reason": reason}
    _record("round_closed", round, actor=actor, now=now, data=data)
    return True


def set_stage(*, round: Round, to: Stage, actor: Actor | None, now: datetime) -> None:
    """Take a round to marking, decided or published. To where it stands already is no step.

    Raises:
        MoveNotAllowed: the life cycle knows no such step.
        StillRunning: marking is asked for while attempts have time left.
        StageMoved: somebody else was faster.
        RoundAnnulled: the round was annulled.
    """
    came_from = round.stage
    if to is came_from:
        return
    check_move(came_from, to)
    if round.annulled_at is not None:
        raise RoundAnnulled
    if to in (Stage.OPEN, Stage.CLOSED):
        move = open_round if to is Stage.OPEN else close_round
        move(round=round, actor=actor, now=now)
        return
    if to is Stage.MARKING and kind_of(round).settle(round, now):
        raise StillRunning
    if not _claim(round, came_from=came_from, to=to):
        raise StageMoved
    data = {"from": came_from.value, "to": to.value}
    _record("round_moved", round, actor=actor, now=now, data=data)
