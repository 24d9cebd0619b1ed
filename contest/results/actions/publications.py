"""Publishing results: a snapshot with a digest, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.models import Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.results.actions.prizes import honours_as_json
from contest.results.actions.signing import check_signed
from contest.results.models import Allocation, Publication, ScheduledPublication, ScheduleState
from contest.results.queries.prizes import latest_allocation
from contest.results.queries.publications import latest_publication
from contest.results.queries.runs import latest_run
from contest.results.queries.seal import is_sealed
from contest.results.queries.snapshots import build_snapshot, with_publication
from contest.results.rules.refusals import (
    DecisionDateWrong,
    DecisionOutdated,
    HonoursMoved,
    NotDecidedYet,
    PreviewOutdated,
    PublishedMeanwhile,
    StillSealed,
)
from contest.results.rules.snapshots import Published, body_digest, digest_of, read_snapshot


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be published now.

    Attributes:
        page: ready for the public page's template.
        body: digest of what it says; `publish` refuses when it is another by then.
        number: the number the publication would get.
    """

    page: Published
    body: str
    number: int


def _decided(round: Round) -> Allocation:
    allocation = latest_allocation(round.id)
    if allocation is None:
        raise NotDecidedYet
    run = latest_run(round.id)
    if run is None or run.id != allocation.rank_run_id:
        raise DecisionOutdated
    if is_sealed(round):
        raise StillSealed
    if honours_as_json(round) != allocation.honours:
        raise HonoursMoved
    check_signed(round)
    return allocation


def preview_publication(
    round: Round, *, now: datetime, decision_number: str = "", decided_on: date | None = None
) -> Preview:
    """The page as it would be published now; changes nothing.

    Raises:
        NotDecidedYet: there is no decision.
        DecisionOutdated: there is a newer ranking than the decision's.
        StillSealed: the codes of an essay round are not open.
        HonoursMoved: other persons are honoured than were decided.
        NotSignedYet: a signature is missing.
    """
    allocation = _decided(round)
    previous = latest_publication(round.id)
    number = previous.number + 1 if previous else 1
    snapshot = build_snapshot(allocation, today=_local_day(now))
    said = with_publication(
        snapshot,
        number=number,
        decision_number=decision_number,
        decided_on=decided_on,
        reason="",
        published_at=now,
        audit_head="",
        corrects=previous.digest if previous else "",
    )
    return Preview(read_snapshot(said), body_digest(snapshot), number)


def _local_day(now: datetime) -> date:
    return now.astimezone(LOCAL_ZONE).date()


def publish(
    *,
    round: Round,
    decision_number: str,
    decided_on: date | None,
    reason: str = "",
    expected_body: str = "",
    expected_number: int | None = None,
    actor: Actor,
    now: datetime,
) -> Publication:
    """Publish the decided results of a round, or correct what was published.

    A correction is a new publication that says why; the earlier ones stay reachable.

    Args:
        round: what is published.
        decision_number: of the decision document, as "47-QĐ/BTC"; may be empty.
        decided_on: its date.
        reason: why what was published is corrected.
        expected_body: digest of the preview that was looked at; empty = do not compare.
        expected_number: the number the preview had; of two organisers at once one wins.
        actor: who publishes.
        now: the instant of the request.

    Raises:
        NotDecidedYet, DecisionOutdated, StillSealed, HonoursMoved, NotSignedYet,
        DecisionDateWrong, PublishedMeanwhile, PreviewOutdated, ReasonMissing: each with its
            sentence.
    """
    allocation = _decided(round)
    check_date(round, decided_on, now)
    previous = latest_publication(round.id)
    number = previous.number + 1 if previous else 1
    if expected_number is not None and expected_number != number:
        raise PublishedMeanwhile
    if previous is not None and not reason.strip():
        raise ReasonMissing
    snapshot = build_snapshot(allocation, today=_local_day(now))
    if expected_body and body_digest(snapshot) != expected_body:
        raise PreviewOutdated
    publication = _publication(
        allocation,
        snapshot,
        previous.digest if previous else "",
        number=number,
        decision_number=decision_number.strip(),
        decided_on=decided_on,
        reason=reason.strip(),
        actor=actor,
        now=now,
    )
    _claim(publication)
    if round.stage is Stage.DECIDED:
        set_stage(round=round, to=Stage.PUBLISHED, actor=actor, now=now)
    audit.record(
        "results.published",
        actor=actor,
        now=now,
        subject=("publication", publication.id),
        scope_id=round.contest.scope_id,
        data=_told(round, publication),
    )
    return publication


def _publication(
    allocation: Allocation,
    snapshot: Mapping[str, Any],
    corrects: str,
    *,
    number: int,
    decision_number: str,
    decided_on: date | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Publication:
    """A publication with its snapshot and digest, not written yet."""
    head = audit.head()
    whole = with_publication(
        snapshot,
        number=number,
        decision_number=decision_number,
        decided_on=decided_on,
        reason=reason,
        published_at=now,
        audit_head=head,
        corrects=corrects,
    )
    return Publication(
        round_id=allocation.round_id,
        number=number,
        allocation_id=allocation.id,
        rank_run_id=allocation.rank_run_id,
        snapshot=whole,
        digest=digest_of(whole),
        audit_head=head,
        reason=reason,
        decision_number=decision_number,
        decided_on=decided_on,
        published_by_id=actor.person_id,
        published_at=now,
    )


def _told(round: Round, publication: Publication) -> dict[str, Any]:
    return {
        "round": round.number,
        "number": publication.number,
        "decision": publication.decision_number,
        "digest": publication.digest,
        "reason": publication.reason,
    }


def check_date(round: Round, decided_on: date | None, now: datetime) -> None:
    """Refuse a decision dated outside the time between the close of the round and today.

    Raises:
        DecisionDateWrong: it is.
    """
    if decided_on is None:
        return
    closed = round.closed_at or round.closes_at
    earliest = _local_day(closed) if closed else date.min
    if not earliest <= decided_on <= _local_day(now):
        raise DecisionDateWrong


def _claim(publication: Publication) -> None:
    """Insert the publication; the unique number lets one of two organisers through.

    What waited for its instant waits no more. Its row comes first, as in the job that publishes
    it: in the other order the two could wait for each other.
    """
    db.session.execute(
        update(ScheduledPublication)
        .where(
            ScheduledPublication.round_id == publication.round_id,
            ScheduledPublication.state == ScheduleState.WAITING,
        )
        .values(state=ScheduleState.CANCELLED, settled_at=publication.published_at)
    )
    try:
        with db.session.begin_nested():
            db.session.add(publication)
    except IntegrityError:
        raise PublishedMeanwhile from None
