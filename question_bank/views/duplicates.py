"""Questions that say the same, side by side, and what is decided about them."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from contest.core import jobs
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.i18n import language
from contest.core.paging import page_number
from question_bank import actions, queries
from question_bank.alike import SEARCHED_AT_ONCE, alike
from question_bank.kinds import KINDS
from question_bank.media import without_media
from question_bank.models import Bank, DuplicateState, Question
from question_bank.rules import compare_texts
from question_bank.views.base import blueprint, page, the_bank, the_question


@blueprint.get("/<slug>/duplicates")
@requires(Permission.SEE_BANK)
def duplicates(slug: str) -> ResponseReturnValue:
    """Pairs that look alike with their differences marked, and what was decided before."""
    bank = the_bank(slug)
    wanted = request.args.get("state", DuplicateState.OPEN.value)
    state = DuplicateState(wanted) if wanted in set(DuplicateState) else DuplicateState.OPEN
    pairs = queries.duplicate_pairs(bank.id, state, page=page_number(request.args.get("page")))
    shown = [(line, _compared(line)) for line in pairs.items]
    return page(
        "duplicates.html",
        bank,
        state=state,
        pairs=pairs,
        shown=shown,
        counts=queries.duplicate_counts(bank.id),
        kinds=KINDS,
    )


def _compared(line: queries.PairLine) -> object:
    return compare_texts(without_media(line.first.stem), without_media(line.second.stem))


@blueprint.post("/<slug>/duplicates/search")
@requires(Permission.WRITE_QUESTIONS)
def find_duplicates(slug: str) -> ResponseReturnValue:
    """Search the bank for questions that say the same: at once, or as a job when it is large."""
    bank = the_bank(slug, Permission.WRITE_QUESTIONS)
    back = url_for("question_bank.duplicates", slug=slug)
    if sum(queries.state_counts(bank.id).values()) > SEARCHED_AT_ONCE:
        job = jobs.enqueue(
            "question_bank.find_duplicates",
            payload={"bank": bank.id, "language": language()},
            actor=current_actor(),
            now=request_now(),
            title=_("Looking for duplicates in “%(bank)s”", bank=bank.name),
        )
        return redirect(url_for("core.job", job_id=job.public_id))
    found = alike(list(queries.texts_to_compare(bank.id)))
    actions.keep_pairs(bank=bank, found=found, now=request_now())
    flash(_("The bank was searched."))
    return redirect(back)


@blueprint.post("/<slug>/duplicates/<pair_id>")
@requires(Permission.REVIEW_QUESTIONS)
def decide_duplicate(slug: str, pair_id: str) -> ResponseReturnValue:
    """Keep both, retire one, or say that both are the same question."""
    bank = the_bank(slug, Permission.REVIEW_QUESTIONS)
    pair = queries.pair_in(bank.id, pair_id)
    wanted = request.form.get("decision", "")
    if pair is None or wanted not in set(DuplicateState):
        raise NotFound
    decision = DuplicateState(wanted)
    try:
        actions.decide_pair(
            bank=bank,
            pair=pair,
            decision=decision,
            retired=_retired(bank) if decision is DuplicateState.RETIRED else None,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refusal:
        flash(refusal.words, "warning")
    else:
        flash(_("The decision is kept."), "success")
    return redirect(url_for("question_bank.duplicates", slug=slug))


def _retired(bank: Bank) -> Question:
    return the_question(bank, request.form.get("question", ""))
