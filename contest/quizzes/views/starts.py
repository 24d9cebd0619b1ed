"""Before the start: what one gets, what counts, and the button that begins."""

from datetime import timedelta

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.consent_texts import current_words
from contest.accounts.models import ConsentPurpose
from contest.contests.kinds import rank_key
from contest.core.access import current_actor, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import format_duration, language, ngettext
from contest.core.i18n import gettext as _
from contest.core.transactions import only_reads
from contest.quizzes import actions, queries
from contest.quizzes.actions.waiting import MustWait, look_again, place_of, take_place
from contest.quizzes.rules.sections import shares
from contest.quizzes.rules.terms import Terms
from contest.quizzes.views.room import blueprint, remember_epoch


def _door(slug: str, number: int) -> queries.Doorway:
    found = queries.doorway(current_actor().person_id, slug, number)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/contests/<slug>/rounds/<int:number>/start")
@only_reads
@signed_in
def start(slug: str, number: int) -> ResponseReturnValue:
    """The time really available, attempts left, what counts, the keys in words."""
    door = _door(slug, number)
    terms = queries.round_terms(door.round_id, door.pool_digest)
    if door.own is None or terms is None:
        flash(_("Please register and agree to take part first."))
        return redirect(url_for("contests.register", slug=slug))
    consent = None if door.own.has_agreed else current_words(ConsentPurpose.TAKE_PART)
    offer = queries.offer_at(door, door.own, terms, request_now())
    return render_template(
        "quizzes/start.html",
        door=door,
        own=door.own,
        terms=terms,
        consent="" if consent is None else consent.body(language()),
        offer=offer,
        section_words=_section_words(terms, offer),
        questions=terms.question_count,
        keys=[known for code in terms.rank_keys if (known := rank_key(code))],
    )


def _section_words(terms: Terms, offer: queries.StartOffer) -> str:
    """The sections with the time that each would really get; empty where there are none."""
    if not terms.sections:
        return ""
    parts = shares(offer.available or offer.whole, [each.seconds for each in terms.sections])
    lines = [
        ngettext(
            "section %(number)s: %(num)s question, %(time)s",
            "section %(number)s: %(num)s questions, %(time)s",
            each.questions,
            number=number,
            time=format_duration(part.total_seconds()),
        )
        for number, (each, part) in enumerate(zip(terms.sections, parts, strict=True), start=1)
    ]
    said = _("One after another, each with a clock of its own; there is no way back:")
    return f"{said} {'; '.join(lines)}."


@blueprint.post("/contests/<slug>/rounds/<int:number>/start")
@signed_in
def begin(slug: str, number: int) -> ResponseReturnValue:
    """Begin an attempt, or go on with the open one on this device."""
    try:
        opened = actions.start_attempt(
            door=_door(slug, number),
            actor=current_actor(),
            now=request_now(),
            agreed_in=language() if "take_part" in request.form else None,
            address=request.remote_addr or "",
            device=request.user_agent.string,
        )
    except MustWait:
        door = _door(slug, number)
        if door.own is not None:
            take_place(round_id=door.round_id, entry_id=door.own.entry_id, now=request_now())
        return redirect(url_for("quizzes.waiting", slug=slug, number=number))
    except RuleBroken as refused:
        flash(refused.words, "error")
        return redirect(url_for("quizzes.start", slug=slug, number=number))
    remember_epoch(opened)
    return redirect(url_for("quizzes.attempt", public_id=opened.public_id))


@blueprint.get("/contests/<slug>/rounds/<int:number>/waiting")
@signed_in
def waiting(slug: str, number: int) -> ResponseReturnValue:
    """One's place in the queue; the page asks again by itself, and says when it is one's turn."""
    door = _door(slug, number)
    terms = queries.round_terms(door.round_id, door.pool_digest)
    start_at = redirect(url_for("quizzes.start", slug=slug, number=number))
    if door.own is None or terms is None or terms.most_open is None:
        return start_at
    look_again(round_id=door.round_id, entry_id=door.own.entry_id, now=request_now())
    place = place_of(
        round_id=door.round_id,
        entry_id=door.own.entry_id,
        most_open=terms.most_open,
        limit=timedelta(seconds=terms.time_limit_seconds),
        secret=str(current_app.secret_key),
        now=request_now(),
    )
    if place is None:
        return start_at
    page = "quizzes/_waiting.html" if "X-Fragment" in request.headers else "quizzes/waiting.html"
    return render_template(page, door=door, place=place)


@blueprint.post("/attempts/<public_id>/open")
@signed_in
def open_here(public_id: str) -> ResponseReturnValue:
    """Take the attempt over on this device; the older one is told."""
    attempt = queries.own_attempt(current_actor().person_id, public_id)
    if attempt is None:
        raise NotFound
    opened = actions.open_on_device(attempt=attempt.line, actor=current_actor(), now=request_now())
    remember_epoch(opened)
    return redirect(url_for("quizzes.attempt", public_id=public_id))
