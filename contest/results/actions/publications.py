"""Publishing results: a snapshot with a digest, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.models import Contest, Round, Stage
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.results.actions.prizes import honours_as_json, ranking_ids
from contest.results.actions.signing import check_signed
from contest.results.actions.totals import counting_rounds, is_current
from contest.results.models import (
    Allocation,
    Over,
    Publication,
    ScheduledPublication,
    ScheduleState,
    TotalRun,
    contest_of,
    number_of,
    over_ids,
)
from contest.results.queries.prizes import latest_allocation
from contest.results.queries.publications import last_published
from contest.results.queries.runs import latest_ranking
from contest.results.queries.seal import is_sealed
from contest.results.queries.snapshots import build_snapshot, with_publication
from contest.results.rules.refusals import (
    DecisionDateWrong,
    DecisionOutdated,
    HonoursMoved,
    NotDecidedYet,
    PreviewOutdated,
    PublishedMeanwhile,
    RoundsNotPublished,
    StillSealed,
    TotalsMoved,
)
from contest.results.rules.snapshots import Published, body_digest, digest_of, read_snapshot
from contest.results.rules.total_snapshots import PublishedTotals, read_totals

Page = TypeVar("Page", Published, PublishedTotals)


@dataclass(frozen=True, slots=True)
class Preview(Generic[Page]):
    """What would be published now.

    Attributes:
        page: ready for the public page's template.
        body: digest of what it says; `publish` refuses when it is another by then.
        number: the number the publication would get.
    """

    page: Page
    body: str
    number: int


def _decided(over: Over) -> Allocation:
    """The decision that may be published now."""
    allocation = latest_allocation(over)
    if allocation is None:
        raise NotDecidedYet
    if latest_ranking(over) is not allocation.ranking:
        raise DecisionOutdated
    if is_sealed(over):
        raise StillSealed
    if honours_as_json(over) != allocation.honours:
        raise HonoursMoved
    if allocation.total_run is not None:
        _check_rounds(allocation.total_run)
    check_signed(over)
    return allocation


def _check_rounds(run: TotalRun) -> None:
    """Totals must be those of today's rounds, and tell marks of published rounds alone."""
    if not is_current(run.contest, run):
        raise TotalsMoved
    if not all(one.is_published for one in counting_rounds(run.contest)):
        raise RoundsNotPublished


@overload
def preview_publication(
    over: Round, *, now: datetime, decision_number: str = "", decided_on: date | None = None
) -> Preview[Published]: ...
@overload
def preview_publication(
    over: Contest, *, now: datetime, decision_number: str = "", decided_on: date | None = None
) -> Preview[PublishedTotals]: ...
def preview_publication(
    over: Over, *, now: datetime, decision_number: str = "", decided_on: date | None = None
) -> Preview[Published] | Preview[PublishedTotals]:
    """The page as it would be published now; changes nothing.

    Raises:
        NotDecidedYet: there is no decision.
        DecisionOutdated: there is a newer ranking than the decision's.
        StillSealed: the codes of an essay round are not open.
        HonoursMoved: other persons are honoured than were decided.
        TotalsMoved: a round or a weight has changed since the totals were made.
        RoundsNotPublished: the totals would tell marks of a round that is not public.
        NotSignedYet: a signature is missing.
    """
    allocation = _decided(over)
    previous = last_published(over)
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
    body = body_digest(snapshot)
    if isinstance(over, Round):
        return Preview(read_snapshot(said), body, number)
    return Preview(read_totals(said), body, number)


def _local_day(now: datetime) -> date:
    return now.astimezone(LOCAL_ZONE).date()


def publish(
    *,
    over: Over,
    decision_number: str,
    decided_on: date | None,
    reason: str = "",
    expected_body: str = "",
    expected_number: int | None = None,
    actor: Actor,
    now: datetime,
) -> Publication:
    """Publish the decided results of a round or of the totals, or correct what was published.

    A correction is a new publication that says why; the earlier ones stay reachable.

    Args:
        over: what is published.
        decision_number: of the decision document, as "47-QĐ/BTC"; may be empty.
        decided_on: its date.
        reason: why what was published is corrected.
        expected_body: digest of the preview that was looked at; empty = do not compare.
        expected_number: the number the preview had; of two organisers at once one wins.
        actor: who publishes.
        now: the instant of the request.

    Raises:
        NotDecidedYet, DecisionOutdated, StillSealed, HonoursMoved, TotalsMoved,
        RoundsNotPublished, NotSignedYet, DecisionDateWrong, PublishedMeanwhile, PreviewOutdated,
        ReasonMissing: each with its sentence.
    """
    allocation = _decided(over)
    check_date(over, decided_on, now)
    previous = last_published(over)
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
    _claim(over, publication)
    if isinstance(over, Round) and over.stage is Stage.DECIDED:
        set_stage(round=over, to=Stage.PUBLISHED, actor=actor, now=now)
    audit.record(
        "results.published" if isinstance(over, Round) else "results.totals_published",
        actor=actor,
        now=now,
        subject=("publication", publication.id),
        scope_id=contest_of(over).scope_id,
        data=_told(over, publication),
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
        **over_ids(allocation.over),
        **ranking_ids(allocation.ranking),
        number=number,
        allocation_id=allocation.id,
        snapshot=whole,
        digest=digest_of(whole),
        audit_head=head,
        reason=reason,
        decision_number=decision_number,
        decided_on=decided_on,
        published_by_id=actor.person_id,
        published_at=now,
    )


def _told(over: Over, publication: Publication) -> dict[str, Any]:
    return {
        "round": number_of(over),
        "number": publication.number,
        "decision": publication.decision_number,
        "digest": publication.digest,
        "reason": publication.reason,
    }


def check_date(over: Over, decided_on: date | None, now: datetime) -> None:
    """Refuse a decision dated outside the time between the close and today.

    Of totals, the close of the last round that counts.

    Raises:
        DecisionDateWrong: it is.
    """
    if decided_on is None:
        return
    rounds = [over] if isinstance(over, Round) else [one.round for one in counting_rounds(over)]
    closes = [one.closed_at or one.closes_at for one in rounds]
    earliest = max((_local_day(one) for one in closes if one), default=date.min)
    if not earliest <= decided_on <= _local_day(now):
        raise DecisionDateWrong


def _claim(over: Over, publication: Publication) -> None:
    """Insert the publication; the unique number lets one of two organisers through.

    What waited for its instant waits no more. Its row comes first, as in the job that publishes
    it: in the other order the two could wait for each other.
    """
    db.session.execute(
        update(ScheduledPublication)
        .where(
            ScheduledPublication.of(over),
            ScheduledPublication.state == ScheduleState.WAITING,
        )
        .values(state=ScheduleState.CANCELLED, settled_at=publication.published_at)
    )
    try:
        with db.session.begin_nested():
            db.session.add(publication)
    except IntegrityError:
        raise PublishedMeanwhile from None
