"""Requests about personal data: filed, confirmed, answered; and the erasure itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from contest.accounts import letters, personal_data
from contest.accounts.models import Person, RequestKind, RequestState, SubjectRequest
from contest.accounts.queries import subject_requests as queries
from contest.accounts.refusals import AskedAlready, CannotErase, EnoughCopies, RequestSettled
from contest.accounts.rules.subject_requests import (
    COPY_KEPT,
    MOST_COPIES_A_DAY,
    OPEN_STATES,
    confirm_due,
    finish_due,
)
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import Words
from contest.core.files import store_file
from contest.core.i18n import gettext as _


def file_request(
    *, person: Person, kind: RequestKind, words: str, actor: Actor, now: datetime
) -> SubjectRequest:
    """Ask for a correction, for less use or for the erasure of one's own data.

    Args:
        person: the actor's own record.
        kind: what is asked for.
        words: what exactly, in the person's words.
        actor: who asks.
        now: the instant of the request; the due dates follow from it.

    Raises:
        AskedAlready: such a request is being looked at.
    """
    if queries.open_request(person.id, kind) is not None:
        raise AskedAlready
    request = SubjectRequest(
        person_id=person.id,
        unit_id=person.unit_id,
        kind=kind,
        words=words,
        filed_at=now,
        confirm_due_at=confirm_due(now),
        finish_due_at=finish_due(now),
    )
    db.session.add(request)
    db.session.flush()
    _record("accounts.request_filed", request, actor=actor, now=now)
    if kind is not RequestKind.COPY:
        letters.send_request_received(person=person, request=request, now=now)
    return request


def ask_copy(*, person: Person, locale: str, actor: Actor, now: datetime) -> jobs.Job:
    """Have a copy of everything made that is kept about the actor.

    Returns:
        The job that makes it.

    Raises:
        AskedAlready: one is being made.
        EnoughCopies: there were several today.
    """
    if queries.copies_since(person.id, now - timedelta(days=1)) >= MOST_COPIES_A_DAY:
        raise EnoughCopies
    request = file_request(person=person, kind=RequestKind.COPY, words="", actor=actor, now=now)
    return jobs.enqueue(
        "accounts.copy_data",
        payload={"request": request.id, "locale": locale},
        actor=actor,
        now=now,
        key=f"accounts.copy_data:{request.id}",
        title=_("A copy of my data"),
    )


def copy_to_make(*, request_id: int) -> SubjectRequest | None:
    """The copy that a job is to make; None when it has been made already."""
    found = db.session.get(SubjectRequest, request_id)
    return found if found is not None and found.state in OPEN_STATES else None


def keep_copy(*, request: SubjectRequest, content: bytes, now: datetime) -> None:
    """Keep a finished copy for a week; only the person can fetch it."""
    stored = store_file(
        content, name="my-data.zip", media_type="application/zip", actor=None, now=now
    )
    _settle(
        request,
        RequestState.DONE,
        finished_at=now,
        file_id=stored.id,
        file_until=now + COPY_KEPT,
    )
    audit.record("accounts.copy_made", actor=None, now=now, subject=("subject_request", request.id))


def withdraw_request(*, request: SubjectRequest, actor: Actor, now: datetime) -> None:
    """Take one's own request back while it is being looked at.

    Raises:
        RequestSettled: it was answered meanwhile.
    """
    _settle(request, RequestState.WITHDRAWN, finished_at=now)
    _record("accounts.request_withdrawn", request, actor=actor, now=now)


def confirm_request(*, request: SubjectRequest, actor: Actor, now: datetime) -> None:
    """Tell the person that the request has arrived and until when it is answered.

    Raises:
        RequestSettled: it was confirmed or settled meanwhile.
    """
    confirmed = db.session.execute(
        update(SubjectRequest)
        .where(SubjectRequest.id == request.id, SubjectRequest.state == RequestState.RECEIVED)
        .values(state=RequestState.CONFIRMED, confirmed_at=now, handled_by_id=actor.person_id)
    )
    if not confirmed.rowcount:  # type: ignore[attr-defined]
        raise RequestSettled
    db.session.refresh(request)
    _record("accounts.request_confirmed", request, actor=actor, now=now)
    letters.send_request_confirmed(person=request.person, request=request, now=now)


def refuse_request(*, request: SubjectRequest, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse a request; the person reads the reason.

    Raises:
        RequestSettled: it was settled meanwhile.
    """
    _settle(
        request,
        RequestState.REFUSED,
        finished_at=now,
        answer=reason,
        handled_by_id=actor.person_id,
    )
    _record("accounts.request_refused", request, actor=actor, now=now, personal={"reason": reason})
    letters.send_request_answered(person=request.person, request=request, now=now)


def finish_request(*, request: SubjectRequest, answer: str, actor: Actor, now: datetime) -> None:
    """Do what was asked for and answer; an erasure is done here, the rest was done before.

    Raises:
        RequestSettled: it was settled meanwhile.
        CannotErase: something stands in the way of an erasure.
    """
    _settle(
        request,
        RequestState.DONE,
        finished_at=now,
        answer=answer,
        handled_by_id=actor.person_id,
    )
    _record("accounts.request_done", request, actor=actor, now=now)
    # The letter first: afterwards there is no address.
    letters.send_request_answered(person=request.person, request=request, now=now)
    if request.kind is RequestKind.ERASURE:
        erase_person(person=request.person, actor=actor, now=now)


def erasure_obstacles(person: Person) -> Sequence[Words]:
    """Why the data of a person cannot be erased now; empty when they can."""
    return [words for keeper in personal_data.keepers() for words in keeper.obstacles(person)]


def erasure_consequences(person: Person) -> Sequence[Words]:
    """What an erasure would do, sentence by sentence. Nothing is changed."""
    return [words for keeper in personal_data.keepers() for words in keeper.consequences(person)]


def erase_person(*, person: Person, actor: Actor, now: datetime) -> None:
    """Delete what is not needed about a person; what must stay, stays without the person.

    Rooms go from the highest floor down, so that each still finds the names it looks for.

    Raises:
        CannotErase: with the sentence that says why.
    """
    obstacles = erasure_obstacles(person)
    if obstacles:
        raise CannotErase(obstacles[0])
    touched: dict[str, int] = {}
    for keeper in reversed(personal_data.keepers()):
        for name, count in keeper.erase(person, now).items():
            touched[f"{keeper.code}.{name}"] = count
    audit.record(
        "accounts.person_erased",
        actor=actor,
        now=now,
        subject=("person", person.id),
        data={"touched": touched},
    )


def _settle(request: SubjectRequest, state: RequestState, **values: Any) -> None:
    settled = db.session.execute(
        update(SubjectRequest)
        .where(SubjectRequest.id == request.id, SubjectRequest.state.in_(OPEN_STATES))
        .values(state=state, **values)
    )
    if not settled.rowcount:  # type: ignore[attr-defined]
        raise RequestSettled
    db.session.refresh(request)


def _record(
    what: str,
    request: SubjectRequest,
    *,
    actor: Actor,
    now: datetime,
    personal: dict[str, str] | None = None,
) -> None:
    audit.record(
        what,
        actor=actor,
        now=now,
        subject=("subject_request", request.id),
        data={"kind": request.kind.value, "person": request.person_id},
        personal=personal,
    )
