"""Receipts: handing in what was previewed, with pledge and consents, and taking it back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from contest.accounts.actions import record_consent
from contest.accounts.models import ConsentPurpose, Person
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.works import check_writable, record_event, settings_of
from contest.submissions.models import Work, WorkState, WorkVersion
from contest.submissions.queries.works import files_of_receipt, outcome_of, stands_elsewhere
from contest.submissions.rules.answers import missing_in
from contest.submissions.rules.codes import new_receipt_code, receipt_digest
from contest.submissions.rules.entry_forms import entry_form
from contest.submissions.rules.late_doors import is_late
from contest.submissions.rules.refusals import (
    EditedElsewhere,
    HandedInAlready,
    NotComplete,
    NothingHandedIn,
    OnlyFirstAuthor,
    PledgeMissing,
)


def submit_work(
    *,
    work: Work,
    edit: int,
    pledge: bool,
    consents: Sequence[ConsentPurpose],
    locale: str,
    actor: Actor,
    now: datetime,
) -> Work:
    """Hand in the present version, the one that was previewed; again and again until the deadline.

    Args:
        work: with version, authors and files.
        edit: the number the preview was given: what is handed in is what was looked at.
        pledge: the author vouches for the essay.
        consents: given apart, each free.
        locale: language in which pledge and consents were shown.
        actor: an author of the work.
        now: the server's clock decides.

    Raises:
        TooLate, RoundNotOpen: outside the window; the draft stays.
        PledgeMissing, NotComplete: what the rules ask for is not there.
        EditedElsewhere: the work was saved after the preview.
        OnlyFirstAuthor: a co-author asks.
        HandedInAlready: the author handed in the same text as another work.
    """
    version = _complete(work, actor=actor, now=now)
    if not pledge:
        raise PledgeMissing
    if stands_elsewhere(work, version):
        raise HandedInAlready
    digest = _digest(work, version, now)
    _claim(work, version, edit=edit, digest=digest, now=now)
    keep_consents(work=work, person=work.person, purposes=consents, locale=locale, now=now)
    record_event(
        "work_submitted",
        work,
        actor=actor,
        now=now,
        version=version.number,
        words=version.word_count,
        digest=digest,
        late=work.came_late,
    )
    return work


def _complete(work: Work, *, actor: Actor, now: datetime) -> WorkVersion:
    """The version that would be handed in, when everything is there and this person may."""
    if actor.person_id != work.person_id:
        raise OnlyFirstAuthor
    essay = check_writable(work, now)
    version = work.version
    if version is None or missing_in(essay, entry_form(essay), work, version):
        raise NotComplete
    return version


def _claim(work: Work, version: WorkVersion, *, edit: int, digest: str, now: datetime) -> None:
    """Hand in what was previewed, if nobody saved since."""
    claimed = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.edit == edit, Work.version_id == version.id)
        .values(
            state=WorkState.SUBMITTED,
            submitted_version_id=version.id,
            submitted_at=now,
            withdrawn_at=None,
            pledged_at=now,
            receipt_code=new_receipt_code(),
            receipt_digest=digest,
            came_late=work.came_late or _is_late(work, now),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(work)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise EditedElsewhere


def hand_over(*, work: Work, version: WorkVersion, pledged: bool, now: datetime) -> None:
    """Count a work on paper as handed in by a version; a later one takes its place.

    Whether it came late, the postmark has decided before.
    """
    work.state, work.submitted_version = WorkState.SUBMITTED, version
    work.submitted_at, work.pledged_at = now, now if pledged else None
    work.receipt_code = work.receipt_code or new_receipt_code()
    work.receipt_digest = _digest(work, version, now)
    db.session.flush()


def _digest(work: Work, version: WorkVersion, now: datetime) -> str:
    return receipt_digest(
        public_id=work.public_id,
        version_digest=version.digest,
        files=[(file.original.sha256, file.caption) for file in files_of_receipt(work)],
        authors=[author.full_name for author in work.authors],
        submitted_at=now,
    )


def _is_late(work: Work, now: datetime) -> bool:
    return is_late(settings_of(work.round), work.round, outcome_of(work), now)


def keep_consents(
    *, work: Work, person: Person, purposes: Sequence[ConsentPurpose], locale: str, now: datetime
) -> None:
    """Keep what an author agrees to for the contest of their essay, each purpose apart.

    Every author speaks for themselves: the first when handing in, co-authors on their own page.
    """
    for purpose in purposes:
        record_consent(
            person=person,
            purpose=purpose,
            scope=work.round.contest.scope,
            channel="submission",
            locale=locale,
            now=now,
        )


def withdraw_work(*, work: Work, actor: Actor, now: datetime) -> None:
    """Take an essay back; its text stays with the author, who may hand it in again in time.

    Raises:
        NothingHandedIn: it was not handed in.
        TooLate: marking is near; the secretary can be asked.
        OnlyFirstAuthor: a co-author asks.
    """
    if actor.person_id != work.person_id:
        raise OnlyFirstAuthor
    check_writable(work, now)
    claimed = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.state == WorkState.SUBMITTED)
        .values(state=WorkState.WITHDRAWN, withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(work)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NothingHandedIn
    record_event("work_withdrawn", work, actor=actor, now=now)
