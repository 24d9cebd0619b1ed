"""Publishing at an instant: scheduled, changed, cancelled, done by a job, or stopped by it."""

from datetime import date, datetime
from typing import Any, Final, cast

from flask_babel import force_locale
from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError

from contest.accounts.models import Person
from contest.accounts.queries.people import actor_now
from contest.contests.models import Round
from contest.contests.rules import ReasonMissing, RoundAnnulled
from contest.core import audit, jobs
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.core.errors import RuleBroken
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.results.actions.publications import check_date, preview_publication, publish
from contest.results.models import (
    Over,
    Publication,
    ScheduledPublication,
    ScheduleState,
    contest_of,
    number_of,
    over_ids,
)
from contest.results.queries.scheduling import waiting_publication
from contest.results.rules.refusals import (
    PreviewOutdated,
    PublishedMeanwhile,
    ScheduledMeanwhile,
    ScheduleGone,
    SchedulerGone,
    ScheduleTimeWrong,
)
from contest.results.rules.scheduling import may_appear_at
from contest.results.rules.words import title_of

SCHEDULED_JOB: Final = "results.publish_scheduled"


def schedule_publication(
    *,
    over: Over,
    due_at: datetime,
    decision_number: str,
    decided_on: date | None,
    reason: str = "",
    expected_body: str,
    expected_number: int | None,
    address: str = "",
    actor: Actor,
    now: datetime,
) -> ScheduledPublication:
    """Have decided results of a round or totals appear at an instant, in place of what waits.

    What appears is what was looked at, or nothing: who is of age is judged by the day of
    `due_at`, and every other change stops it.

    Args:
        over: what is published.
        due_at: when; after now, within a year.
        decision_number: of the decision document; may be empty.
        decided_on: its date.
        reason: why what was published is corrected.
        expected_body: digest of the preview that was looked at.
        expected_number: the number the preview had.
        address: of the organiser's page, for the letter if it is stopped.
        actor: who schedules; the job publishes in their name, with the rights of that day.
        now: the instant of the request.

    Raises:
        ScheduleTimeWrong: not after now, or more than a year ahead.
        RoundAnnulled: nothing of it appears by itself.
        ScheduledMeanwhile: somebody else scheduled it at the same moment.
        NotDecidedYet, DecisionOutdated, StillSealed, HonoursMoved, TotalsMoved,
        RoundsNotPublished, NotSignedYet, DecisionDateWrong, PublishedMeanwhile, PreviewOutdated,
        ReasonMissing: as `publish`.
    """
    if not may_appear_at(due_at, now):
        raise ScheduleTimeWrong
    _check_not_annulled(over)
    check_date(over, decided_on, now)
    looked_at = preview_publication(over, now=now)
    if expected_number != looked_at.number:
        raise PublishedMeanwhile
    if looked_at.number > 1 and not reason.strip():
        raise ReasonMissing
    if expected_body != looked_at.body:
        raise PreviewOutdated
    made = ScheduledPublication(
        **over_ids(over),
        due_at=due_at,
        expected_body=preview_publication(over, now=due_at).body,
        expected_number=looked_at.number,
        decision_number=decision_number.strip(),
        decided_on=decided_on,
        reason=reason.strip(),
        scheduled_by_id=actor.person_id,
        scheduled_at=now,
    )
    _replace_waiting(over, made, now)
    jobs.enqueue(
        SCHEDULED_JOB,
        payload={"scheduled_id": made.id, "address": address},
        actor=actor,
        now=now,
        key=f"{SCHEDULED_JOB}/{made.id}",
        title=_("Publication: %(round)s", round=title_of(over)),
        due_at=due_at,
    )
    _record("results.publication_scheduled", over, made, actor, now)
    return made


def _check_not_annulled(over: Over) -> None:
    """Nothing of an annulled round appears by itself."""
    if isinstance(over, Round) and over.annulled_at is not None:
        raise RoundAnnulled


def _replace_waiting(over: Over, made: ScheduledPublication, now: datetime) -> None:
    """Write a row in place of the one that waits; of two organisers at once one wins."""
    before = waiting_publication(over)
    if before is not None and not _settle(before.id, ScheduleState.CANCELLED, now):
        raise ScheduledMeanwhile
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise ScheduledMeanwhile from None


def cancel_scheduled(*, over: Over, public_id: str, actor: Actor, now: datetime) -> None:
    """Cancel a publication that waits.

    Raises:
        ScheduleGone: that one waits no more: it appeared, was stopped, changed or cancelled.
    """
    waiting = waiting_publication(over)
    if waiting is None or waiting.public_id != public_id:
        raise ScheduleGone
    if not _settle(waiting.id, ScheduleState.CANCELLED, now):
        raise ScheduleGone
    _record("results.scheduled_publication_cancelled", over, waiting, actor, now)


def publish_scheduled(*, scheduled_id: int, now: datetime) -> Publication | None:
    """Publish what waits, for the job that was due; None when it waits no more.

    Raises:
        SchedulerGone: who scheduled it may not publish here any more.
        RoundAnnulled: the round was annulled since.
        RuleBroken: whatever `publish` refuses; the caller undoes the unit and stops it in words.
    """
    if not _settle(scheduled_id, ScheduleState.PUBLISHED, now):
        return None
    waited = db.session.get_one(ScheduledPublication, scheduled_id)
    actor = actor_now(waited.scheduled_by_id)
    path = contest_of(waited.over).scope.path
    if actor is None or not actor.may(Permission.MANAGE_CONTEST, path):
        raise SchedulerGone
    _check_not_annulled(waited.over)
    return publish(
        over=waited.over,
        decision_number=waited.decision_number,
        decided_on=waited.decided_on,
        reason=waited.reason,
        expected_body=waited.expected_body,
        expected_number=waited.expected_number,
        actor=actor,
        now=now,
    )


def stop_scheduled(*, scheduled_id: int, refused: RuleBroken, address: str, now: datetime) -> None:
    """Say on the page and by a letter why nothing appeared; once, and not if it was cancelled."""
    if not _settle(scheduled_id, ScheduleState.STOPPED, now):
        return
    stopped = db.session.get_one(ScheduledPublication, scheduled_id)
    person = db.session.get_one(Person, stopped.scheduled_by_id)
    with force_locale(person.locale):
        stopped.problem = refused.words
        if person.email:
            send_mail(
                to=person.email,
                subject=_("Not published: %(round)s", round=title_of(stopped.over)),
                body=_(
                    "The results of “%(contest)s”, %(round)s, were to appear now and did not. "
                    "%(problem)s Look at them and schedule them again: %(address)s",
                    contest=contest_of(stopped.over).title,
                    round=title_of(stopped.over),
                    problem=stopped.problem,
                    address=address,
                ),
                key=f"results.schedule_stopped/{scheduled_id}",
                now=now,
            )
    _record("results.scheduled_publication_stopped", stopped.over, stopped, None, now)


def _settle(scheduled_id: int, state: ScheduleState, now: datetime) -> bool:
    """Claim a row that waits; False when somebody else has."""
    claimed = cast(
        "CursorResult[Any]",
        db.session.execute(
            update(ScheduledPublication)
            .where(
                ScheduledPublication.id == scheduled_id,
                ScheduledPublication.state == ScheduleState.WAITING,
            )
            .values(state=state, settled_at=now)
        ),
    )
    return claimed.rowcount == 1


def _record(
    name: str, over: Over, about: ScheduledPublication, actor: Actor | None, now: datetime
) -> None:
    audit.record(
        name,
        actor=actor,
        now=now,
        subject=("scheduled_publication", about.id),
        scope_id=contest_of(over).scope_id,
        data={
            "round": number_of(over),
            "due_at": about.due_at.isoformat(),
            "body": about.expected_body,
        },
    )
