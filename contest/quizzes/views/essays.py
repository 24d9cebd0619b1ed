"""Essay answers: what organisers put into papers by hand, and the marking after the close."""

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import ContestKind, Round
from contest.contests.queries import managed_contest, round_by_number
from contest.core import audit
from contest.core.access import Permission, current_actor, requires, signed_in
from contest.core.clock import request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import format_instant
from contest.core.i18n import gettext as _
from contest.core.spreadsheets.writing import Sheet
from contest.core.table_files import send_sheets
from contest.quizzes import queries
from contest.quizzes.actions.essays import mark_essay
from contest.quizzes.actions.set_questions import set_questions, unfit_questions
from contest.quizzes.forms.essays import EssayMarkForm, SetQuestionForm, StepForm
from contest.quizzes.models import QuizRound
from contest.quizzes.queries import essays as essay_queries
from contest.quizzes.queries.rounds import set_questions_of
from contest.quizzes.rules.essays import AnswerMarkedMeanwhile, may_be_marked
from contest.quizzes.rules.set_questions import SetQuestion
from contest.quizzes.views.media import send_medium
from contest.quizzes.views.room import UNPROCESSABLE, blueprint, managed_round
from question_bank.queries import SetCandidate, public_ids, revisions, set_candidates

_AT = "/organise/contests/<slug>/rounds/<int:number>"
_RECENT = 30


def _chosen(quiz: QuizRound) -> list[tuple[SetQuestion, str, str, SetCandidate | None]]:
    """What is put into papers by hand: public id, words, and as it stands in the bank."""
    known = {} if quiz.bank_id is None else {c.question_id: c for c in set_candidates(quiz.bank_id)}
    pinned = revisions([each.revision_id for each in set_questions_of(quiz) if each.revision_id])
    found = []
    names = public_ids([each.question_id for each in set_questions_of(quiz)])
    for each in set_questions_of(quiz):
        candidate = known.get(each.question_id)
        key = each.revision_id or (candidate.revision_id if candidate else 0)
        revision = pinned.get(key) or revisions([key]).get(key)
        words = "" if revision is None else revision.in_words(revision.stem)
        found.append((each, names.get(each.question_id, ""), words, candidate))
    return found


@blueprint.route(f"{_AT}/set-questions", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def set_questions_page(slug: str, number: int) -> ResponseReturnValue:
    """Information and essay questions of every paper: what is chosen, and adding one."""
    contest_round = managed_round(slug, number)
    quiz = queries.quiz_of(contest_round.id)
    if quiz is None or quiz.bank_id is None:
        return redirect(url_for("quizzes.settings", slug=slug, number=number))
    chosen = set_questions_of(quiz)
    taken = {each.question_id for each in chosen}
    offered = [
        each
        for each in set_candidates(quiz.bank_id)
        if each.question_id not in taken and (each.is_approved or not quiz.approved_only)
    ]
    known = revisions([each.revision_id for each in offered])
    form = SetQuestionForm().offer(
        (each, known[each.revision_id].in_words(each.stem)) for each in offered
    )
    if form.validate_on_submit():
        added = next(each for each in offered if each.public_id == form.question.data)
        new = SetQuestion(added.question_id, None if added.is_essay else form.before.data or 1)
        if _save(form, contest_round, [*chosen, new], quiz.essay_step):
            return redirect(url_for("quizzes.set_questions_page", slug=slug, number=number))
    page = render_template(
        "quizzes/set_questions.html",
        contest=contest_round.contest,
        round=contest_round,
        quiz=quiz,
        form=form,
        step_form=StepForm(formdata=None).show(quiz.essay_step),
        chosen=_chosen(quiz),
        unfit=set() if quiz.frozen_at else set(unfit_questions(quiz)),
        frozen=quiz.frozen_at is not None,
        markers=essay_queries.marker_names(contest_round.contest.scope.path),
    )
    return page, UNPROCESSABLE if form.errors else 200


def _save(
    form: SetQuestionForm | StepForm,
    contest_round: Round,
    questions: list[SetQuestion],
    step: Decimal,
) -> bool:
    """Save them; False puts the refusal above the form."""
    try:
        set_questions(
            contest_round=contest_round,
            questions=questions,
            step=step,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return False
    flash(_("Saved."), "success")
    return True


@blueprint.post(f"{_AT}/set-questions/step")
@requires(Permission.MANAGE_CONTEST)
def save_essay_step(slug: str, number: int) -> ResponseReturnValue:
    """In which steps marks are given."""
    contest_round = managed_round(slug, number)
    quiz = queries.quiz_of(contest_round.id)
    form = StepForm()
    if quiz is None:
        raise NotFound
    if form.validate_on_submit():
        _save(form, contest_round, list(set_questions_of(quiz)), Decimal(form.step.data))
    for error in form.form_errors or [words for each in form.errors.values() for words in each]:
        flash(error, "error")
    return redirect(url_for("quizzes.set_questions_page", slug=slug, number=number))


@blueprint.post(f"{_AT}/set-questions/<question_id>/remove")
@requires(Permission.MANAGE_CONTEST)
def remove_set_question(slug: str, number: int, question_id: str) -> ResponseReturnValue:
    """Take one out of the papers of a planned round."""
    contest_round = managed_round(slug, number)
    quiz = queries.quiz_of(contest_round.id)
    if quiz is None:
        raise NotFound
    chosen = set_questions_of(quiz)
    names = public_ids([each.question_id for each in chosen])
    left = [each for each in chosen if names.get(each.question_id) != question_id]
    if len(left) == len(chosen):
        raise NotFound
    set_questions(
        contest_round=contest_round,
        questions=left,
        step=quiz.essay_step,
        actor=current_actor(),
        now=request_now(),
    )
    return redirect(url_for("quizzes.set_questions_page", slug=slug, number=number))


def _marking_round(slug: str, number: int) -> Round:
    """A quiz round whose essay answers this person marks.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    actor = current_actor()
    if managed_contest(actor, slug) is not None:
        return managed_round(slug, number)
    contest = managed_contest(actor, slug, Permission.MARK)
    found = None if contest is None else round_by_number(contest, number)
    if found is None or found.kind is not ContestKind.QUIZ:
        raise NotFound
    return found


def _sheet(contest_round: Round, answer_id: str) -> essay_queries.EssaySheet:
    found = essay_queries.essay_sheet(contest_round, current_actor(), answer_id)
    if found is None:
        raise NotFound
    return found


@blueprint.get(f"{_AT}/essay-answers")
@signed_in
def essay_answers(slug: str, number: int) -> ResponseReturnValue:
    """How far the marking is, and what was given; judges see their own marks alone."""
    contest_round = _marking_round(slug, number)
    actor = current_actor()
    leads = actor.may(Permission.MANAGE_CONTEST, contest_round.contest.scope.path)
    return render_template(
        "quizzes/essay_answers.html",
        contest=contest_round.contest,
        round=contest_round,
        lines=essay_queries.marking_progress(contest_round),
        given=essay_queries.given_marks(
            contest_round, None if leads else actor.person_id, limit=_RECENT
        ),
        following=essay_queries.next_essay(contest_round, actor),
        is_open=may_be_marked(contest_round.stage),
        leads=leads,
    )


@blueprint.get(f"{_AT}/essay-answers/next")
@signed_in
def next_essay_answer(slug: str, number: int) -> ResponseReturnValue:
    """The next answer to mark; `after` is the code of the one that was passed over."""
    contest_round = _marking_round(slug, number)
    return redirect(_onward(contest_round, request.args.get("after", "")[:9]))


def _onward(contest_round: Round, after: str) -> str:
    slug, number = contest_round.contest.slug, contest_round.number
    found = essay_queries.next_essay(contest_round, current_actor(), after)
    if found is None:
        return url_for("quizzes.essay_answers", slug=slug, number=number)
    return url_for("quizzes.essay_answer", slug=slug, number=number, answer_id=found)


@blueprint.route(f"{_AT}/essay-answers/<answer_id>", methods=["GET", "POST"])
@signed_in
def essay_answer(slug: str, number: int, answer_id: str) -> ResponseReturnValue:
    """One answer under its code: mark it, comment on it, go to the next."""
    contest_round = _marking_round(slug, number)
    sheet = _sheet(contest_round, answer_id)
    form = EssayMarkForm().about(sheet)
    if form.validate_on_submit():
        try:
            mark_essay(
                contest_round=contest_round,
                sheet=sheet,
                points=form.points.data or Decimal(0),
                comment=form.comment.data or "",
                version=form.version.data or 0,
                actor=current_actor(),
                now=request_now(),
            )
        except AnswerMarkedMeanwhile as refused:
            flash(refused.words, "error")
            return redirect(request.path)
        except RuleBroken as refused:
            form.points.errors = [refused.words]
        else:
            flash(_("Kept: %(code)s.", code=sheet.code), "success")
            return redirect(_onward(contest_round, sheet.code))
    lines = essay_queries.marking_progress(contest_round)
    page = render_template(
        "quizzes/essay_answer.html",
        contest=contest_round.contest,
        round=contest_round,
        sheet=sheet,
        form=form,
        done=sum(line.marked for line in lines),
        total=sum(line.total for line in lines),
        media_at=url_for(
            "quizzes.essay_medium", slug=slug, number=number, answer_id=answer_id, ref="x"
        ).removesuffix("x"),
        is_open=may_be_marked(contest_round.stage),
    )
    return page, UNPROCESSABLE if form.errors else 200


@blueprint.get(f"{_AT}/essay-answers/<answer_id>/media/<ref>")
@signed_in
def essay_medium(slug: str, number: int, answer_id: str, ref: str) -> ResponseReturnValue:
    """A picture or sound of the question that is being marked."""
    sheet = _sheet(_marking_round(slug, number), answer_id)
    if ref not in sheet.media_refs:
        raise NotFound
    return send_medium([sheet.revision_id], ref)


@blueprint.get(f"{_AT}/essay-answers.<any(xlsx,csv):kind>")
@requires(Permission.MANAGE_CONTEST)
def essay_marks_file(slug: str, number: int, kind: str) -> ResponseReturnValue:
    """Every mark as it was given, by code; who took the file is recorded."""
    contest_round = managed_round(slug, number)
    audit.record(
        "quizzes.essay_marks_downloaded",
        actor=current_actor(),
        now=request_now(),
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={"format": kind},
    )
    columns = [
        _("Code"),
        _("Question"),
        _("Mark number"),
        _("Points"),
        _("Comment"),
        _("Marked by"),
        _("Marked on"),
    ]
    rows = (
        [
            mark.code,
            mark.stem,
            mark.number,
            None if mark.points is None else float(mark.points),
            mark.comment,
            mark.marker,
            format_instant(mark.marked_at),
        ]
        for mark in essay_queries.all_marks(contest_round)
    )
    sheet = Sheet(_("Essay marks"), columns, rows, (12, 60, 10, 10, 60, 28, 24))
    return send_sheets([sheet], kind=kind, name=f"{slug}-{number}-essay-marks")
