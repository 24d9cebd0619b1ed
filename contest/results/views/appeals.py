"""Appeals: filing, the queue, re-marking, effect, answer."""

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import unit_path
from contest.contests.models import ContestKind, Round
from contest.contests.queries import public_contest, round_by_number
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import LOCAL_ZONE, request_now
from contest.core.documents import ARCHIVAL, PDF, compile_pdf
from contest.core.errors import NotFound
from contest.core.files import download
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.judging.queries.rounds import criteria_of
from contest.results.actions.appeals import (
    Effect,
    appoint_remarkers,
    decide_appeal,
    file_appeal,
    give_remark,
    new_mark,
    preview_appeal,
    set_appeal_terms,
)
from contest.results.appeal_forms import (
    AnswerForm,
    AppealForm,
    AppealTermsForm,
    RemarkersForm,
    RemarkForm,
)
from contest.results.models import Appeal, AppealState
from contest.results.queries import appeals as queries
from contest.results.queries import prize_levels
from contest.results.queries.places import own_place
from contest.results.queries.publications import latest_publication
from contest.results.result_documents import place_and_day
from contest.results.rules.appeals import Window, needs_third, window
from contest.results.rules.participation import path_parts
from contest.results.rules.refusals import RemarkOutOfScale
from contest.results.rules.titles import called
from contest.results.views.base import blueprint, level_names, ranked_round, result_tabs
from contest.submissions.queries import blind_work

_QUEUE = "/organise/contests/<slug>/rounds/<int:number>/appeals"


def _round(slug: str, number: int) -> Round:
    contest = public_contest(slug)
    found = None if contest is None else round_by_number(contest, number)
    if found is None or latest_publication(found.id) is None:
        raise NotFound
    return found


def _own_page(round: Round, form: AppealForm) -> str:
    terms = queries.appeal_terms(round.id)
    publication = latest_publication(round.id)
    mine = publication and own_place(current_actor().person_id, publication.id)
    score = publication and mine and queries.score_in(publication.rank_run_id, mine.entry_id)
    where = None
    if terms is not None:
        where = window(terms.opens_at, terms.closes_at, request_now())
    return render_template(
        "results/appeal.html",
        round=round,
        contest=round.contest,
        terms=terms,
        official=score[0] if score else None,
        is_open=where is Window.OPEN,
        is_over=where is Window.AFTER,
        own=queries.own_appeal(current_actor().person_id, round.id),
        form=form,
    )


@blueprint.get("/contests/<slug>/results/<int:number>/appeal")
@signed_in
def appeal(slug: str, number: int) -> ResponseReturnValue:
    """Asking for a second look at my result, or how my request stands."""
    return _own_page(_round(slug, number), AppealForm())


@blueprint.post("/contests/<slug>/results/<int:number>/appeal")
@signed_in
def send_appeal(slug: str, number: int) -> ResponseReturnValue:
    """File it."""
    round = _round(slug, number)
    form = AppealForm()
    if not form.validate_on_submit():
        return _own_page(round, form), 422
    file_appeal(round=round, body=form.body.data or "", actor=current_actor(), now=request_now())
    flash(_("Your request is filed. You will get a letter with the answer."), "success")
    return redirect(url_for("results.appeal", slug=slug, number=number))


def _queue(round: Round, form: AppealTermsForm) -> str:
    found = queries.appeals_of(round.id)
    return render_template(
        "results/appeals.html",
        round=round,
        contest=round.contest,
        tabs=result_tabs(round, "appeals", current_actor()),
        terms=queries.appeal_terms(round.id),
        appeals=[(one, queries.name_of(one), new_mark(one)) for one in found],
        form=form,
    )


@blueprint.get(_QUEUE)
@requires(Permission.MANAGE_CONTEST)
def appeals(slug: str, number: int) -> ResponseReturnValue:
    """The window and the queue."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = AppealTermsForm(obj=queries.appeal_terms(round.id))
    return _queue(round, form)


@blueprint.post(_QUEUE)
@requires(Permission.MANAGE_CONTEST)
def save_appeal_terms(slug: str, number: int) -> ResponseReturnValue:
    """Set the window."""
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    form = AppealTermsForm()
    valid = form.validate_on_submit()
    opens_at, closes_at, threshold = form.opens_at.data, form.closes_at.data, form.threshold.data
    if not valid or opens_at is None or closes_at is None or threshold is None:
        return _queue(round, form), 422
    set_appeal_terms(
        round=round,
        opens_at=opens_at,
        closes_at=closes_at,
        threshold=threshold,
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("The window for requests is saved."), "success")
    return redirect(url_for("results.appeals", slug=slug, number=number))


def _one(slug: str, number: int, appeal_id: str) -> tuple[Round, Appeal]:
    round = ranked_round(slug, number, Permission.MANAGE_CONTEST)
    found = queries.appeal_in(round.id, appeal_id)
    if found is None:
        raise NotFound
    return round, found


def _case(round: Round, found: Appeal, answer: AnswerForm, effect: Effect | None = None) -> str:
    free = queries.free_remarkers(found) if round.kind is ContestKind.ESSAY else []
    given = [mark.points for mark in found.marks if mark.points is not None]
    complete = len(given) == len(found.marks)
    context: dict[str, Any] = {
        "asks_two": not found.marks,
        "asks_third": complete and needs_third(given),
        "remarkers": RemarkersForm.of(free),
        "new": new_mark(found),
    }
    return render_template(
        "results/appeal_case.html",
        round=round,
        contest=round.contest,
        appeal=found,
        name=queries.name_of(found),
        is_essay=round.kind is ContestKind.ESSAY,
        answer=answer,
        effect=effect,
        level_names=level_names(prize_levels(round)),
        **context,
    )


@blueprint.get(f"{_QUEUE}/<appeal_id>")
@requires(Permission.MANAGE_CONTEST)
def appeal_case(slug: str, number: int, appeal_id: str) -> ResponseReturnValue:
    """A request with its marks."""
    round, found = _one(slug, number, appeal_id)
    return _case(round, found, AnswerForm())


@blueprint.post(f"{_QUEUE}/<appeal_id>/judges")
@requires(Permission.MANAGE_CONTEST)
def save_remarkers(slug: str, number: int, appeal_id: str) -> ResponseReturnValue:
    """Say who marks again."""
    _the_round, found = _one(slug, number, appeal_id)
    free = queries.free_remarkers(found)
    form = RemarkersForm.of(free)
    appoint_remarkers(
        appeal=found,
        people=form.people(free),
        address=url_for("results.remark", appeal_id=appeal_id, _external=True),
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("They are asked by mail and find the work under the address below."), "success")
    return redirect(url_for("results.appeal_case", slug=slug, number=number, appeal_id=appeal_id))


@blueprint.post(f"{_QUEUE}/<appeal_id>/effect")
@requires(Permission.MANAGE_CONTEST)
def appeal_effect(slug: str, number: int, appeal_id: str) -> ResponseReturnValue:
    """Whose place would change; nothing is kept."""
    round, found = _one(slug, number, appeal_id)
    effect = preview_appeal(appeal=found, actor=current_actor(), now=request_now())
    round, found = _one(slug, number, appeal_id)
    return _case(round, found, AnswerForm(), effect)


@blueprint.post(f"{_QUEUE}/<appeal_id>/answer")
@requires(Permission.MANAGE_CONTEST)
def answer_appeal(slug: str, number: int, appeal_id: str) -> ResponseReturnValue:
    """Answer it; a mark that moves gives a new ranking."""
    round, found = _one(slug, number, appeal_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _case(round, found, form), 422
    decide_appeal(
        appeal=found,
        answer=form.answer.data or "",
        actor=current_actor(),
        now=request_now(),
    )
    flash(_("Answered. A changed mark waits for its decision and publication."), "success")
    return redirect(url_for("results.appeals", slug=slug, number=number))


@blueprint.get(f"{_QUEUE}/<appeal_id>/answer.pdf")
@requires(Permission.MANAGE_CONTEST)
def appeal_letter(slug: str, number: int, appeal_id: str) -> ResponseReturnValue:
    """The answer as a letter."""
    round, found = _one(slug, number, appeal_id)
    if found.state is not AppealState.DECIDED or found.decided_at is None:
        raise NotFound
    names = path_parts(unit_path(round.contest.unit).names)
    data = {
        "title": "Trả lời phúc khảo",
        "lang": "vi",
        "header": {
            "style": "state",
            "above": names[0] if names else "",
            "issuer": "Ban Tổ chức",
            "number": "Số: ……",
            "place_date": place_and_day("", found.decided_at.astimezone(LOCAL_ZONE).date()),
        },
        "about": f"{round.title}, {called(round.contest.title)}",
        "to": queries.name_of(found),
        "before": format_points(found.official),
        "after": format_points(found.result),
        "answer": found.answer.split("\n"),
    }
    made = compile_pdf(
        "results/appeal_answer",
        data,
        instance=current_app.extensions["settings"].instance,
        standard=ARCHIVAL,
    )
    return download(made, name=f"{slug}-{number}-appeal.pdf", media_type=PDF)


def _remark_page(appeal_id: str, form: RemarkForm) -> str:
    mark = queries.mark_to_give(current_actor().person_id, appeal_id)
    if mark is None:
        raise NotFound
    found = queries.appeal_by_id(mark.appeal_id)
    work_id = queries.work_id_of(found)
    work = None if work_id is None else blind_work(found.round_id, work_id)
    if work is None:
        raise NotFound
    publication = latest_publication(found.round_id)
    score = queries.score_in(publication.rank_run_id, found.entry_id) if publication else None
    return render_template(
        "results/remark.html",
        work=work,
        criteria=criteria_of(found.round_id),
        given=mark.points,
        most=score[1] if score else None,
        appeal_id=appeal_id,
        form=form,
    )


@blueprint.get("/re-marking/<appeal_id>")
@signed_in
def remark(appeal_id: str) -> ResponseReturnValue:
    """A work that I am asked to mark again; nothing tells who wrote it or how it was marked."""
    return _remark_page(appeal_id, RemarkForm())


@blueprint.post("/re-marking/<appeal_id>")
@signed_in
def save_remark(appeal_id: str) -> ResponseReturnValue:
    """Give my mark, once."""
    form = RemarkForm()
    mark = queries.mark_to_give(current_actor().person_id, appeal_id)
    if mark is None:
        raise NotFound
    if not form.validate_on_submit() or form.points.data is None:
        return _remark_page(appeal_id, form), 422
    try:
        give_remark(
            mark=mark,
            appeal=queries.appeal_by_id(mark.appeal_id),
            points=form.points.data,
            actor=current_actor(),
            now=request_now(),
        )
    except RemarkOutOfScale as refused:  # nothing was written
        form.points.errors = [refused.words]
        return _remark_page(appeal_id, form), 422
    flash(_("Thank you. Your mark is kept."), "success")
    return redirect(url_for("results.remark", appeal_id=appeal_id))
