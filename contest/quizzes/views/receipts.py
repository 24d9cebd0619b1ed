"""After the attempt: receipt, result, reports, and the public check of a receipt."""

import hmac

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.rules import Phase, window_at
from contest.core.access import current_actor, public, signed_in
from contest.core.clock import request_now
from contest.core.i18n import gettext as _
from contest.core.transactions import only_reads
from contest.quizzes import actions, queries
from contest.quizzes.forms import ReceiptForm, ReportForm
from contest.quizzes.rules.answers import answers_digest, clean_digest, clean_receipt_code
from contest.quizzes.rules.rulings import RULING_WORDS
from contest.quizzes.rules.showing import Shown, shown_of_result
from contest.quizzes.views.media import media_address
from contest.quizzes.views.room import (
    UNPROCESSABLE,
    blueprint,
    late_answers,
    own_sitting,
    signature,
)
from contest.quizzes.views.words import late_words

_ENOUGH_OF_DIGEST = 16


def _shown(sitting: queries.Sitting) -> Shown:
    return shown_of_result(
        is_practice=sitting.is_practice,
        stage=sitting.round_stage,
        result_shown=sitting.result_shown,
        has_ended=sitting.submitted_at is not None,
        has_essays=sitting.has_essays,
    )


@blueprint.get("/attempts/<public_id>/receipt")
@only_reads
@signed_in
def receipt(public_id: str) -> ResponseReturnValue:
    """The receipt of an ended attempt; it can be printed and kept as a picture."""
    sitting = own_sitting(public_id)
    if sitting.submitted_at is None:
        return redirect(url_for("quizzes.attempt", public_id=public_id))
    return render_template(
        "quizzes/receipt.html",
        sitting=sitting,
        shown=_shown(sitting),
        answered=len(sitting.answers or {}),
        sections=sitting.held_sections,
        may_repeat=_may_repeat(sitting),
        late=late_answers(sitting),
        signature=signature(),
        words=late_words(),
    )


def _may_repeat(sitting: queries.Sitting) -> bool:
    window = window_at(sitting.round_stage, sitting.opens_at, sitting.closes_at, request_now())
    if window.phase is not Phase.OPEN:
        return False
    allowed = sitting.attempts_allowed
    return allowed is None or sitting.ordinal < allowed


@blueprint.get("/attempts/<public_id>/result")
@only_reads
@signed_in
def result(public_id: str) -> ResponseReturnValue:
    """Points when the rules allow them; the key and explanations after the publication."""
    sitting = own_sitting(public_id)
    if sitting.submitted_at is None:
        return redirect(url_for("quizzes.attempt", public_id=public_id))
    shown = _shown(sitting)
    return render_template(
        "quizzes/result.html",
        sitting=sitting,
        shown=shown,
        media_at=media_address(sitting),
        questions=queries.marked_questions(sitting) if shown.key else [],
        reports=queries.reported_slots(sitting.id) if shown.key else {},
        ruling_words=RULING_WORDS,
    )


@blueprint.route("/attempts/<public_id>/reports/<int:number>", methods=["GET", "POST"])
@signed_in
def report_question(public_id: str, number: int) -> ResponseReturnValue:
    """Tell the organisers that a question is wrong or unclear."""
    sitting = own_sitting(public_id)
    form = ReportForm()
    back = url_for("quizzes.attempt", public_id=public_id, q=number)
    if form.validate_on_submit():
        actions.report_question(
            sitting=sitting,
            slot=number - 1,
            body=form.body.data,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("Thank you. The organisers will look at question %(number)s.", number=number))
        return redirect(back)
    shown = queries.asked_questions(sitting, request_now())
    asked = next((each for each in shown if each.slot == number - 1), None)
    if asked is None:
        return redirect(url_for("quizzes.attempt", public_id=public_id))
    page = render_template(
        "quizzes/report.html",
        sitting=sitting,
        form=form,
        asked=asked,
        number=number,
        back=back,
        media_at=media_address(sitting),
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.get("/receipts")
@public
def check_receipt() -> ResponseReturnValue:
    """Whether a receipt is genuine and the stored answers are still those it was given for."""
    form = ReceiptForm(request.args)
    if not request.args:
        return render_template("quizzes/check_receipt.html", form=form, verdict=None, found=None)
    if not form.validate():
        page = render_template("quizzes/check_receipt.html", form=form, verdict=None, found=None)
        return page, UNPROCESSABLE
    found = queries.sitting_by_receipt(clean_receipt_code(form.code.data))
    typed = clean_digest(form.digest.data)
    is_known = (
        found is not None
        and found.answers_digest is not None
        and len(typed) >= _ENOUGH_OF_DIGEST
        and hmac.compare_digest(found.answers_digest[: len(typed)], typed)
    )
    verdict = "unknown"
    if found is not None and is_known:
        verdict = "valid" if _is_unchanged(found) else "changed"
    return render_template(
        "quizzes/check_receipt.html",
        form=form,
        verdict=verdict,
        found=found if is_known else None,
    )


def _is_unchanged(sitting: queries.Sitting) -> bool:
    """Whether the stored answers still give the digest of the receipt."""
    return sitting.submitted_at is not None and sitting.answers_digest == answers_digest(
        public_id=sitting.public_id,
        revision_ids=sitting.revision_ids,
        folded=sitting.folded,
        started_at=sitting.started_at,
        submitted_at=sitting.submitted_at,
    )
