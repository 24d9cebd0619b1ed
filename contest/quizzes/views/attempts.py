"""The attempt: the page, its ordinary form without JavaScript, the check, handing in."""

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.rules import token_digest
from contest.core.access import current_actor, signed_in
from contest.core.clock import micros, request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.transactions import only_reads
from contest.core.web import wants_json
from contest.quizzes import actions, queries
from contest.quizzes.actions import SaveCode
from contest.quizzes.rules.answers import MalformedAnswer, Saved, read_answer
from contest.quizzes.rules.timing import AttemptPhase, kept_until, phase_at
from contest.quizzes.views.media import media_address
from contest.quizzes.views.room import blueprint, late_answers, own_sitting, signature, writes_here
from contest.quizzes.views.words import attempt_words, late_words


@blueprint.get("/attempts/<public_id>")
@only_reads
@signed_in
def attempt(public_id: str) -> ResponseReturnValue:
    """The questions; or where the attempt goes on when it has ended or is open elsewhere."""
    sitting = own_sitting(public_id)
    phase = phase_at(sitting.submitted_at, sitting.deadline_at, sitting.grace_until, request_now())
    if phase is AttemptPhase.ENDED:
        return redirect(url_for("quizzes.receipt", public_id=public_id))
    if phase is AttemptPhase.OVERDUE:
        return redirect(url_for("quizzes.check", public_id=public_id))
    if not writes_here(sitting):
        return render_template("quizzes/elsewhere.html", sitting=sitting)
    return _paper_page(sitting)


def _paper_page(sitting: queries.Sitting) -> str:
    slots = len(sitting.paper)
    progress = queries.progress(sitting)
    now = request_now()
    section = sitting.present(now)
    wanted = request.args.get("q", 1, type=int)
    current = progress.reached if sitting.one_way else wanted - 1
    current = min(max(current, section.first), section.last)
    report_at = url_for("quizzes.report_question", public_id=sitting.public_id, number=1)
    return render_template(
        "quizzes/attempt.html",
        words=attempt_words(with_sections=section.count > 1),
        report_at=report_at.removesuffix("1"),
        media_at=media_address(sitting),
        sitting=sitting,
        questions=[
            each
            for each in queries.asked_questions(sitting, now)
            if (not sitting.one_way or each.slot >= current) and section.first <= each.slot
        ],
        section=section,
        progress=progress,
        current=current,
        slots=slots,
        signature=signature(),
        server_now=micros(now) // 1000,
        deadline=micros(section.ends_at) // 1000,
        grace=micros(section.until) // 1000,
        keep_until=micros(kept_until(sitting.closes_at, sitting.grace_until)) // 1000,
        left=max((section.ends_at - sitting.clock_at(now)).total_seconds(), 0),
        pause=_pause(sitting, now),
        is_paused=sitting.clock_at(now) > now,
    )


def _pause(sitting: queries.Sitting, now: datetime) -> list[int]:
    """From when to when its clock stands still, in ms; empty where no pause is on or to come."""
    if sitting.pause_from_at is None or sitting.pause_until_at is None:
        return []
    span = (sitting.pause_from_at, sitting.pause_until_at)
    return [micros(each) // 1000 for each in span] if sitting.pause_until_at > now else []


@blueprint.post("/attempts/<public_id>")
@signed_in
def save_form(public_id: str) -> ResponseReturnValue:
    """Without JavaScript: save what changed on the page, then go where the button says."""
    sitting = own_sitting(public_id)
    target = request.form.get("go", "")
    place = int(target) if target.isdecimal() and len(target) < 4 else 1  # noqa: PLR2004
    if sitting.submitted_at is None:
        code = _save_changes(sitting)
        if code is SaveCode.TAKEN_OVER:
            flash(
                _("This attempt is open on another device; what you chose here was not kept."),
                "error",
            )
        elif code is SaveCode.PASSED:
            flash(_("You have gone on from this question, and there is no way back."), "error")
        elif code is SaveCode.SECTION_OVER:
            flash(
                _("The time of the section was over; what you chose there came too late to count."),
                "error",
            )
        elif code is SaveCode.REFUSED and "p" not in sitting.paper[-1]:
            flash(_("One answer could not be kept"), "error")
        elif code is SaveCode.REFUSED:
            flash(_("Please write the number of people in digits only."), "error")
            return redirect(url_for("quizzes.attempt", public_id=public_id, q=len(sitting.paper)))
        elif sitting.one_way and code is SaveCode.RECEIVED:
            _go_on(sitting, place - 1)
    if target == "check":
        return redirect(url_for("quizzes.check", public_id=public_id))
    return redirect(url_for("quizzes.attempt", public_id=public_id, q=place))


def _epoch() -> int:
    """Which device the form was made for; none has the number 0."""
    typed = request.form.get("epoch", "")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0  # noqa: PLR2004


def _save_changes(sitting: queries.Sitting) -> SaveCode:
    """Save each slot of the form that differs from the ledger; the worst outcome comes back."""
    epoch = _epoch()
    progress = queries.progress(sitting)
    sequence = progress.last_sequence
    worst = SaveCode.RECEIVED
    for slot in range(len(sitting.paper)):
        if f"shown-{slot}" not in request.form:
            continue
        try:
            answer = read_answer(_sent(slot))
        except MalformedAnswer:
            worst = SaveCode.REFUSED
            continue
        if "p" in sitting.paper[slot]:
            answer = tuple(part.replace(".", "").replace(" ", "") for part in answer)
        if answer == progress.answers.get(slot, ()):
            continue
        sequence += 1
        outcome = actions.save_in_unit(
            public_id=sitting.public_id,
            token_hash=token_digest(current_actor().token),
            saved=Saved(epoch, sequence, slot, answer),
            now=request_now(),
        )
        worst = worst if outcome.code is SaveCode.RECEIVED else outcome.code
    return worst


def _go_on(sitting: queries.Sitting, slot: int) -> None:
    """Where there is no way back: the step to the next question is received like an answer to it.

    Only the step to the very next question is one; the answer is what was given there, or empty.
    """
    progress = queries.progress(sitting)
    if slot != progress.reached + 1 or slot >= len(sitting.paper):
        return
    actions.save_in_unit(
        public_id=sitting.public_id,
        token_hash=token_digest(current_actor().token),
        saved=Saved(
            _epoch(),
            progress.last_sequence + 1,
            slot,
            progress.answers.get(slot, ()),
        ),
        now=request_now(),
    )


def _sent(slot: int) -> list[str]:
    """What a form sent for a slot; fields of parts are named after them and give part=value."""
    start = f"slot-{slot}."
    named = [
        (f"{name.removeprefix(start)}=", value)
        for name, values in request.form.lists()
        if name.startswith(start)
        for value in values
    ]
    plain = [("", value) for value in request.form.getlist(f"slot-{slot}")]
    return [f"{part}{value.strip()}" for part, value in (*plain, *named) if value.strip()]


@blueprint.get("/attempts/<public_id>/state")
@only_reads
@signed_in
def state(public_id: str) -> ResponseReturnValue:
    """For the open page: the server's time, the deadline, who writes, an end, pause or annulment.

    Where the paper has sections with times of their own, the deadline is the present one's.
    """
    sitting = own_sitting(public_id)
    section = sitting.present(request_now())
    facts: dict[str, Any] = {
        "now": micros(request_now()) // 1000,
        "deadline": micros(section.ends_at) // 1000,
        "grace": micros(section.until) // 1000,
        "section": section.number,
        "epoch": sitting.writer,
        "ended": sitting.submitted_at is not None,
        "annulled": sitting.annulled_at is not None,
        "pause": _pause(sitting, request_now()),
    }
    return jsonify(facts)


@blueprint.get("/attempts/<public_id>/check")
@only_reads
@signed_in
def check(public_id: str) -> ResponseReturnValue:
    """Before handing in: what is still empty. Flags are kept on the device alone."""
    sitting = own_sitting(public_id)
    phase = phase_at(sitting.submitted_at, sitting.deadline_at, sitting.grace_until, request_now())
    if phase is AttemptPhase.ENDED:
        return redirect(url_for("quizzes.receipt", public_id=public_id))
    section = sitting.present(request_now())
    return render_template(
        "quizzes/check.html",
        sitting=sitting,
        answers=queries.progress(sitting).answers,
        phase=phase,
        section=section,
        late=late_answers(sitting) if phase is AttemptPhase.OVERDUE else 0,
        signature=signature(),
        words=late_words(),
        left=max((section.ends_at - sitting.clock_at(request_now())).total_seconds(), 0),
    )


@blueprint.post("/attempts/<public_id>/sections")
@signed_in
def next_section(public_id: str) -> ResponseReturnValue:
    """Go on to the next section before the time of this one is over; there is no way back."""
    sitting = own_sitting(public_id)
    onto = request.form.get("section", "")
    if writes_here(sitting):
        actions.go_on(
            sitting=sitting,
            onto=int(onto) - 1 if onto.isdecimal() and len(onto) < 3 else -1,  # noqa: PLR2004
            actor=current_actor(),
            now=request_now(),
        )
    there = url_for("quizzes.attempt", public_id=public_id)
    return jsonify(attempt=there) if wants_json() else redirect(there)


@blueprint.post("/attempts/<public_id>/submit")
@signed_in
def submit(public_id: str) -> ResponseReturnValue:
    """Hand in; a second press leads to the same receipt."""
    actor = current_actor()
    mine = queries.own_attempt(actor.person_id, public_id)
    if mine is None:
        raise NotFound
    actions.submit_attempt(attempt=mine, actor=actor, now=request_now())
    receipt = url_for("quizzes.receipt", public_id=public_id)
    return jsonify(receipt=receipt) if wants_json() else redirect(receipt)
