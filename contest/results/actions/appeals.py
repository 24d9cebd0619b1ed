"""Appeals: the window, filing, re-marking, what a decision would do, and deciding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from flask_babel import force_locale
from sqlalchemy.exc import IntegrityError

from contest.accounts.models import Person
from contest.contests.models import ContestKind, Round
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.i18n import format_instant, format_points
from contest.core.i18n import gettext as _
from contest.core.mail import send_mail
from contest.results.actions.rank_runs import make_rank_run
from contest.results.actions.resolutions import resolve_again
from contest.results.actions.what_if import WhatIf, supposed_results
from contest.results.models import Appeal, AppealMark, AppealState, AppealTerms
from contest.results.queries.appeals import (
    appeal_terms,
    free_remarkers,
    score_in,
    work_id_of,
)
from contest.results.queries.places import own_place
from contest.results.queries.publications import latest_publication
from contest.results.queries.runs import latest_run
from contest.results.rules.appeals import Window, needs_third, outcome, window
from contest.results.rules.refusals import (
    AlreadyAppealed,
    AppealDecided,
    AppealTooEarly,
    AppealTooLate,
    NoAppealsHere,
    NoOwnResult,
    NotToRemark,
    RemarkersWrong,
    RemarkOutOfScale,
    RemarksMissing,
)

_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Effect:
    """What deciding an appeal would do: the new mark, and what moves by it; None: nothing."""

    points: Decimal
    found: WhatIf | None


def set_appeal_terms(
    *,
    round: Round,
    opens_at: datetime,
    closes_at: datetime,
    threshold: Decimal,
    actor: Actor,
    now: datetime,
) -> AppealTerms:
    """Say from when to when results of a round may be appealed; `threshold` in points."""
    terms = appeal_terms(round.id)
    if terms is None:
        terms = AppealTerms(round_id=round.id)
        db.session.add(terms)
    terms.opens_at, terms.closes_at, terms.threshold = opens_at, closes_at, threshold
    db.session.flush()
    audit.record(
        "results.appeal_terms_set",
        actor=actor,
        now=now,
        subject=("round", round.id),
        scope_id=round.contest.scope_id,
        data={"round": round.number, "threshold": str(threshold)},
    )
    return terms


def check_window(terms: AppealTerms | None, now: datetime) -> None:
    """Refuse what is not in the window.

    Raises:
        NoAppealsHere, AppealTooEarly, AppealTooLate: with the instants in words.
    """
    if terms is None:
        raise NoAppealsHere
    where = window(terms.opens_at, terms.closes_at, now)
    if where is Window.BEFORE:
        raise AppealTooEarly(
            _("Requests are taken from %(time)s on.", time=format_instant(terms.opens_at))
        )
    if where is Window.AFTER:
        raise AppealTooLate(
            _("Requests were taken until %(time)s.", time=format_instant(terms.closes_at))
        )


def file_appeal(*, round: Round, body: str, actor: Actor, now: datetime) -> Appeal:
    """Ask for a second look at one's own published result; free of charge.

    Raises:
        NoAppealsHere, AppealTooEarly, AppealTooLate, NoOwnResult, ReasonMissing,
        AlreadyAppealed: each with its sentence.
    """
    check_window(appeal_terms(round.id), now)
    publication = latest_publication(round.id)
    own = None if publication is None else own_place(actor.person_id, publication.id)
    if publication is None or own is None:
        raise NoOwnResult
    if not body.strip():
        raise ReasonMissing
    score = score_in(publication.rank_run_id, own.entry_id)
    made = Appeal(
        round_id=round.id,
        entry_id=own.entry_id,
        person_id=actor.person_id,
        publication_id=publication.id,
        body=body.strip(),
        official=score[0] if score else Decimal(0),
        filed_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise AlreadyAppealed from None
    _record("appeal_filed", made, round, actor, now)
    return made


def _record(what: str, appeal: Appeal, round: Round, actor: Actor, now: datetime) -> None:
    audit.record(
        f"results.{what}",
        actor=actor,
        now=now,
        subject=("appeal", appeal.id),
        scope_id=round.contest.scope_id,
        data={
            "round": round.number,
            "state": appeal.state.value,
            "result": None if appeal.result is None else str(appeal.result),
        },
    )


def appoint_remarkers(
    *, appeal: Appeal, people: Sequence[Person], address: str = "", actor: Actor, now: datetime
) -> None:
    """Ask two judges to mark an essay again, or a third when the two differ; each gets a letter.

    Args:
        appeal: whose essay.
        people: two, or one.
        address: of the page on which they mark, for the letter.
        actor: who asks them.
        now: the instant of the request.

    Raises:
        AppealDecided: it has its answer.
        RemarkersWrong: not as many as needed, the same, or not free.
    """
    if appeal.state is AppealState.DECIDED:
        raise AppealDecided
    given = [mark.points for mark in appeal.marks if mark.points is not None]
    wanted = _TWO if not appeal.marks else 1 if needs_third(given) else 0
    free = {person.id for person in free_remarkers(appeal)}
    ids = {person.id for person in people}
    if len(people) != wanted or len(ids) != wanted or not ids <= free or not wanted:
        raise RemarkersWrong
    first = len(appeal.marks) + 1
    db.session.add_all(
        AppealMark(appeal_id=appeal.id, position=position, person_id=person.id)
        for position, person in enumerate(people, first)
    )
    appeal.state = AppealState.MARKING
    db.session.flush()
    db.session.refresh(appeal)
    _record("remarkers_appointed", appeal, appeal.round, actor, now)
    for person in people:
        _ask_to_mark(appeal, person, address, now)


def _ask_to_mark(appeal: Appeal, person: Person, address: str, now: datetime) -> None:
    """The letter to a judge; nothing in it tells who wrote, or how it was marked."""
    if not person.email:
        return
    with force_locale(person.locale):
        send_mail(
            to=person.email,
            subject=_("Please mark a work again: %(round)s", round=appeal.round.title),
            body=_(
                "You are asked to mark a work of “%(contest)s” again, after a request for "
                "re-marking. Nothing tells who wrote it or how it was marked: %(address)s",
                contest=appeal.round.contest.title,
                address=address,
            ),
            key=f"results.remark/{appeal.id}/{person.id}",
            now=now,
        )


def give_remark(
    *, mark: AppealMark, appeal: Appeal, points: Decimal, actor: Actor, now: datetime
) -> None:
    """Mark an essay again; nobody sees the marks before it.

    Raises:
        NotToRemark: it has been given, or the appeal is decided.
        RemarkOutOfScale: below zero or above the most points.
    """
    if mark.points is not None or appeal.state is not AppealState.MARKING:
        raise NotToRemark
    publication = latest_publication(appeal.round_id)
    score = score_in(publication.rank_run_id, appeal.entry_id) if publication else None
    if points < 0 or score is None or points > score[1]:
        raise RemarkOutOfScale
    mark.points, mark.marked_at = points, now
    db.session.flush()
    _record("remarked", appeal, appeal.round, actor, now)


def new_mark(appeal: Appeal) -> Decimal | None:
    """What the marks amount to; None while some are missing."""
    terms = appeal_terms(appeal.round_id)
    given = [mark.points for mark in appeal.marks if mark.points is not None]
    if len(given) < len(appeal.marks) or terms is None:
        return None
    return outcome(appeal.official, given, terms.threshold)


def _put_into_effect(appeal: Appeal, points: Decimal, actor: Actor, now: datetime) -> None:
    """A new resolution of the work beside the earlier ones, and a new ranking."""
    work_id = work_id_of(appeal)
    if work_id is None:
        return
    resolve_again(
        round=appeal.round,
        work_id=work_id,
        points=points,
        official=appeal.official,
        totals=[mark.points for mark in appeal.marks],
        appeal=appeal.public_id,
        actor=actor,
        now=now,
    )
    reason = _("After an appeal: %(points)s points.", points=format_points(points))
    make_rank_run(round=appeal.round, reason=reason, actor=actor, now=now)


def preview_appeal(*, appeal: Appeal, actor: Actor, now: datetime) -> Effect:
    """What deciding would do to places and prizes; everything is undone again.

    Raises:
        RemarksMissing: marks are missing.
    """
    points = new_mark(appeal)
    if points is None:
        raise RemarksMissing
    if latest_run(appeal.round_id) is None or points == appeal.official:
        return Effect(points, None)
    marks = {appeal.entry_id: points}
    return Effect(points, supposed_results(round=appeal.round, marks=marks, actor=actor, now=now))


def decide_appeal(*, appeal: Appeal, answer: str, actor: Actor, now: datetime) -> None:
    """Answer an appeal; a mark that moves gives a new ranking, which waits for its publication.

    Raises:
        AppealDecided, ReasonMissing, RemarksMissing: each with its sentence.
    """
    if appeal.state is AppealState.DECIDED:
        raise AppealDecided
    if not answer.strip():
        raise ReasonMissing
    points: Decimal | None = appeal.official
    if appeal.round.kind is ContestKind.ESSAY:
        points = new_mark(appeal)
        if points is None:
            raise RemarksMissing
    if points is not None and points != appeal.official:
        _put_into_effect(appeal, points, actor, now)
    appeal.result, appeal.answer = points, answer.strip()
    appeal.state = AppealState.DECIDED
    appeal.decided_at, appeal.decided_by_id = now, actor.person_id
    db.session.flush()
    _record("appeal_decided", appeal, appeal.round, actor, now)
    _send_answer(appeal, now)


def _send_answer(appeal: Appeal, now: datetime) -> None:
    person = db.session.get(Person, appeal.person_id)
    if person is None or not person.email:
        return
    with force_locale(person.locale):
        marks = _(
            "Mark before: %(before)s. Mark after: %(after)s.",
            before=format_points(appeal.official),
            after=format_points(appeal.result or Decimal(0)),
        )
        send_mail(
            to=person.email,
            subject=_("Answer to your request: %(round)s", round=appeal.round.title),
            body=f"{appeal.round.contest.title}\n{marks}\n\n{appeal.answer}\n",
            key=f"results.appeal/{appeal.id}",
            now=now,
        )
