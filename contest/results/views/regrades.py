"""Organisers: correcting a closed round: rule on a question, see who moves, apply with a reason."""

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import ContestKind, Round
from contest.contests.organised import organised_round
from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.core.paging import page_number
from contest.core.spreadsheets.writing import Sheet, TableCell
from contest.core.table_files import send_sheets
from contest.quizzes import queries as quiz_queries
from contest.quizzes.actions.regrades import give_up_regrade
from contest.quizzes.actions.statistics import may_have_statistics
from contest.quizzes.models import Regrade
from contest.quizzes.queries import regrades as regrade_queries
from contest.quizzes.rules.rulings import RULING_WORDS, answers_in_words
from contest.results import queries
from contest.results.actions.regrades import ask_for_regrade, ask_to_apply
from contest.results.queries.regrades import (
    MOST_MOVES,
    all_regrade_moves,
    moved_extras,
    regrade_moves,
)
from contest.results.regrade_forms import ApplyForm, RulingForm
from contest.results.views.base import blueprint, level_names

_AT = "/organise/contests/<slug>/rounds/<int:number>/regrades"


def _round(slug: str, number: int) -> Round:
    """A quiz round of the organiser that can be corrected.

    Raises:
        NotFound: there is none, it is practice or it is not theirs.
    """
    found = organised_round(slug, number, Permission.MANAGE_CONTEST, ContestKind.QUIZ)
    if found.is_practice:
        raise NotFound
    return found


def _regrade(round: Round, regrade_id: str) -> Regrade:
    found = regrade_queries.regrade_in_round(round.id, regrade_id)
    if found is None:
        raise NotFound
    return found


def _address(round: Round, regrade: Regrade) -> str:
    return url_for(
        "results.regrade",
        slug=round.contest.slug,
        number=round.number,
        regrade_id=regrade.public_id,
    )


@blueprint.get(_AT)
@requires(Permission.MANAGE_CONTEST)
def regrades(slug: str, number: int) -> ResponseReturnValue:
    """Corrections so far, and the questions that can be corrected."""
    round = _round(slug, number)
    may = may_have_statistics(round)
    return render_template(
        "results/regrades.html",
        round=round,
        contest=round.contest,
        may=may,
        regrades=regrade_queries.regrades(round.id),
        questions=regrade_queries.pooled_questions(round.id) if may else [],
        answers=answers_in_words,
        ruling_words=RULING_WORDS,
    )


@blueprint.route(f"{_AT}/new/<question_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def new_regrade(slug: str, number: int, question_id: str) -> ResponseReturnValue:
    """Rule on one question; a job then works out who would move."""
    round = _round(slug, number)
    questions = regrade_queries.pooled_questions(round.id) if may_have_statistics(round) else []
    question = next((each for each in questions if each.public_id == question_id), None)
    if question is None:
        raise NotFound
    form = RulingForm().about(question)
    if form.validate_on_submit():
        try:
            made, _job = ask_for_regrade(
                round=round,
                rulings={question.revision.id: form.ruling(question)},
                title=_("Correction of %(round)s", round=round.title),
                address=lambda regrade: _address(round, regrade),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            return redirect(_address(round, made))
    page = render_template(
        "results/regrade_new.html",
        round=round,
        contest=round.contest,
        question=question,
        form=form,
        answers=answers_in_words(question.revision, question.ruling),
        same_paper=(found := quiz_queries.round_figures(round.id)) is not None and found.same_paper,
    )
    return page, 422 if form.errors or form.form_errors else 200


@blueprint.get(f"{_AT}/<regrade_id>")
@requires(Permission.MANAGE_CONTEST)
def regrade(slug: str, number: int, regrade_id: str) -> ResponseReturnValue:
    """Who would move, or has moved; prizes that change stand first."""
    round = _round(slug, number)
    found = _regrade(round, regrade_id)
    form = ApplyForm(seen=found.digest)
    return _show(round, found, form)


def _show(round: Round, found: Regrade, form: ApplyForm) -> str:
    return render_template(
        "results/regrade.html",
        round=round,
        contest=round.contest,
        regrade=found,
        form=form,
        questions=regrade_queries.regraded_questions(found),
        answers=answers_in_words,
        ruling_words=RULING_WORDS,
        page=regrade_moves(found.id, page_number(request.args.get("page"))),
        levels=level_names(queries.prize_levels(round)),
        extras=moved_extras(found),
        most=MOST_MOVES,
    )


@blueprint.post(f"{_AT}/<regrade_id>")
@requires(Permission.MANAGE_CONTEST)
def apply_regrade(slug: str, number: int, regrade_id: str) -> ResponseReturnValue:
    """Apply it, with its reason, by a job."""
    round = _round(slug, number)
    found = _regrade(round, regrade_id)
    form = ApplyForm()
    if not form.validate_on_submit():
        return _show(round, found, form), 422
    job = ask_to_apply(
        regrade=found,
        expected=form.seen.data or "",
        reason=form.reason.data or "",
        title=_("Applying the correction of %(round)s", round=round.title),
        address=_address(round, found),
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("core.job", job_id=job.public_id))


@blueprint.post(f"{_AT}/<regrade_id>/give-up")
@requires(Permission.MANAGE_CONTEST)
def drop_regrade(slug: str, number: int, regrade_id: str) -> ResponseReturnValue:
    """Leave everything as it was."""
    round = _round(slug, number)
    give_up_regrade(regrade=_regrade(round, regrade_id), actor=current_actor(), now=request_now())
    flash(_("The correction is given up; nothing has changed."), "success")
    return redirect(url_for("results.regrades", slug=slug, number=number))


@blueprint.get(f"{_AT}/<regrade_id>.<any(xlsx,csv):kind>")
@requires(Permission.MANAGE_CONTEST)
def regrade_file(slug: str, number: int, regrade_id: str, kind: str) -> ResponseReturnValue:
    """Who moves, as a file; who took it is recorded."""
    round = _round(slug, number)
    found = _regrade(round, regrade_id)
    audit.record(
        "results.regrade_downloaded",
        actor=current_actor(),
        now=request_now(),
        subject=("regrade", found.id),
        scope_id=round.contest.scope_id,
        data={"round": round.number, "number": found.number, "format": kind},
    )
    names = level_names(queries.prize_levels(round))
    name = f"{slug}-{number}-correction-{found.number}"
    return send_sheets([_sheet(found, names)], kind=kind, name=name)


def _sheet(regrade: Regrade, names: dict[int, str]) -> Sheet:
    columns = [
        _("Full name"),
        _("Unit"),
        _("Contestant code"),
        _("Old place"),
        _("New place"),
        _("Old points"),
        _("New points"),
        _("Old prize"),
        _("New prize"),
    ]
    return Sheet(
        _("Who moves"), columns, _rows(regrade, names), (32, 60, 16, 10, 10, 10, 10, 20, 20)
    )


def _rows(regrade: Regrade, names: dict[int, str]) -> Iterator[list[TableCell]]:
    for line in all_regrade_moves(regrade.id):
        move = line.move
        yield [
            line.full_name,
            line.unit_path,
            line.code,
            move.old_place,
            move.new_place,
            None if move.old_points is None else float(move.old_points),
            None if move.new_points is None else float(move.new_points),
            names.get(int(move.old_prize or 0), ""),
            names.get(int(move.new_prize or 0), ""),
        ]
