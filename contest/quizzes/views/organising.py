"""Organisers: settings and blueprint, extra time, reports of questions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from contest.accounts.queries import all_units_on
from contest.contests.actions import leave_wizard_at
from contest.contests.models import Round, Stage
from contest.contests.steps import next_step
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_day, request_now
from contest.core.errors import NotFound, RuleBroken
from contest.core.i18n import gettext as _
from contest.quizzes import actions, queries
from contest.quizzes.forms import (
    LEVELS,
    ExtraTimeForm,
    MatrixCell,
    MatrixRow,
    ReplyForm,
    SettingsForm,
    cell_name,
    read_cells,
    read_section_lines,
    section_lines,
    typed_cells,
)
from contest.quizzes.models import QuizRound
from contest.quizzes.readiness import difficulty_words, stock_shortage, waiting_words
from contest.quizzes.rules.blueprints import cell_stock, question_count
from contest.quizzes.rules.sections import Section, questions_of, read_sections
from contest.quizzes.views.room import (
    UNPROCESSABLE,
    blueprint,
    managed_round,
    quiz_numbers,
    read_whose,
)
from question_bank import queries as bank_queries
from question_bank.drawing import Cell, PoolItem
from question_bank.kinds.base import Way


@blueprint.route("/organise/contests/<slug>/rounds/<int:number>/questions", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def settings(slug: str, number: int) -> ResponseReturnValue:
    """Bank, blueprint with stock, limits, attempts, prediction; a step of the wizard."""
    contest_round = managed_round(slug, number)
    quiz = queries.quiz_of(contest_round.id) or new_quiz(contest_round)
    form = SettingsForm()
    banks = bank_queries.banks_for(current_actor())
    form.offer_banks((bank.id, bank.name) for bank in banks)
    if not form.is_submitted():
        form.show(quiz)
    wrong: dict[str, str] = {}
    sections, lines = read_sections(quiz.sections), section_lines(read_sections(quiz.sections))
    if form.is_submitted():
        sections, lines = read_section_lines(request.form)
        if any(line.is_wrong for line in lines):
            form.form_errors.append(
                _("A section needs a whole number of questions and its minutes, such as 5 or 2,5.")
            )
    if form.validate_on_submit() and not form.form_errors:
        wrong, saved = _save(contest_round, quiz, form, sections)
        if saved is not None:
            return saved
    is_wrong = bool(form.errors or form.form_errors or wrong)
    page = render_template(
        "quizzes/settings.html",
        contest=contest_round.contest,
        round=contest_round,
        quiz=quiz,
        form=form,
        banks=banks,
        levels=[(level, difficulty_words()[level.value if level else None]) for level in LEVELS],
        rows=_matrix(quiz, wrong),
        total=question_count(queries.blueprint_of(quiz)),
        sections=lines,
        in_sections=questions_of(sections),
        in_paper=queries.questions_in_paper(quiz),
        short=stock_shortage(quiz),
        waiting=waiting_words(quiz),
        frozen=contest_round.stage is not Stage.PLANNED,
    )
    return page, UNPROCESSABLE if is_wrong else 200


def new_quiz(contest_round: Round) -> QuizRound:
    """The settings with which a round begins, not yet stored."""
    start = actions.QuizSettings(bank_id=None)
    return QuizRound(
        round_id=contest_round.id,
        blueprint=[],
        **{name: getattr(start, name) for name in start.__dataclass_fields__ if name != "sections"},
    )


def _save(
    contest_round: Round, quiz: QuizRound, form: SettingsForm, sections: tuple[Section, ...]
) -> tuple[dict[str, str], ResponseReturnValue | None]:
    """Save what was typed; gives the wrong cells, or where the page goes on."""
    chosen = form.settings(sections)
    cells: list[Cell] | None = None
    if chosen.bank_id is not None and chosen.bank_id == quiz.bank_id:
        topic_ids = [topic.id for topic in bank_queries.topics(chosen.bank_id)]
        cells, wrong = read_cells(request.form, topic_ids)
        if wrong:
            form.form_errors.append(_("Write whole numbers from 0 to 200 in the marked cells."))
            return wrong, None
    try:
        actions.save_settings(
            contest_round=contest_round,
            settings=chosen,
            cells=cells,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return {}, None
    flash(_("Saved."), "success")
    return {}, redirect(_onward(contest_round, is_new_bank=cells is None))


def _onward(contest_round: Round, *, is_new_bank: bool) -> str:
    """A new bank shows its table first; a draft then goes to the next step of the wizard."""
    contest = contest_round.contest
    here = url_for("quizzes.settings", slug=contest.slug, number=contest_round.number)
    quiz = queries.quiz_of(contest_round.id)
    if is_new_bank or (quiz is not None and stock_shortage(quiz)):
        return here
    later = [number for number in quiz_numbers(contest) if number > contest_round.number]
    if contest.announced_at is None and later:
        return url_for("quizzes.settings", slug=contest.slug, number=min(later))
    following = next_step("questions") if contest.announced_at is None else None
    if following is None:
        return here
    leave_wizard_at(contest=contest, step=following.code)
    return url_for(following.endpoint, **following.values(contest))


def _matrix(quiz: QuizRound, wrong: dict[str, str]) -> list[MatrixRow]:
    """The blueprint's table: a row for any topic, then the bank's topics as a tree."""
    if quiz.bank_id is None:
        return []
    pool = queries.live_pool(quiz.bank_id, approved_only=quiz.approved_only)
    typed = typed_cells(queries.blueprint_of(quiz))
    if request.method == "POST":
        typed = {name: value for name, value in request.form.items() if name.startswith("cell-")}
    topics: list[tuple[int | None, str, int]] = [(None, _("Any topic"), 0)]
    topics += [(node.id, node.name, node.depth) for node in bank_queries.topics(quiz.bank_id)]
    return [
        MatrixRow(topic_id, name, depth, _cells(topic_id, pool, typed, wrong))
        for topic_id, name, depth in topics
    ]


def _cells(
    topic_id: int | None, pool: list[PoolItem], typed: dict[str, str], wrong: dict[str, str]
) -> tuple[MatrixCell, ...]:
    cells = []
    for level in LEVELS:
        name = cell_name(topic_id, level)
        stock = cell_stock(Cell(topic_id, level.value if level else None, 1), pool)
        cells.append(MatrixCell(name, typed.get(name, ""), stock, name in wrong))
    return tuple(cells)


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/extra-time", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def extra_time(slug: str, number: int) -> ResponseReturnValue:
    """More time for a contestant or a unit, recorded with its reason."""
    contest_round = managed_round(slug, number)
    form = ExtraTimeForm()
    today = request_day()
    form.unit.offer(all_units_on(today), empty=_("– choose the unit –"))
    if form.validate_on_submit() and _give(contest_round, form):
        return redirect(url_for("quizzes.extra_time", slug=slug, number=number))
    page = render_template(
        "quizzes/extra_time.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        lines=queries.extra_times(contest_round.id),
    )
    return page, UNPROCESSABLE if form.errors else 200


def _give(contest_round: Round, form: ExtraTimeForm) -> bool:
    """Record the decision; False puts an error at the field."""
    whose = read_whose(contest_round, form)
    if whose is None:
        return False
    entry, unit = whose
    try:
        actions.give_extra_time(
            contest_round=contest_round,
            seconds=(form.minutes.data or 0) * 60,
            reason=form.reason.data,
            entry=entry,
            unit=unit,
            actor=current_actor(),
            now=request_now(),
        )
    except RuleBroken as refused:
        form.form_errors.append(refused.words)
        return False
    flash(_("The extra time is recorded and reaches open attempts at once."), "success")
    return True


@blueprint.get("/organise/contests/<slug>/rounds/<int:number>/reports")
@requires(Permission.SEE_CONTEST)
def reports(slug: str, number: int) -> ResponseReturnValue:
    """Questions that contestants reported."""
    contest_round = managed_round(slug, number, Permission.SEE_CONTEST)
    return render_template(
        "quizzes/reports.html",
        contest=contest_round.contest,
        round=contest_round,
        lines=queries.question_reports(contest_round.id),
    )


@blueprint.route(
    "/organise/contests/<slug>/rounds/<int:number>/reports/<report_id>", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_CONTEST)
def report(slug: str, number: int, report_id: str) -> ResponseReturnValue:
    """One report with the question as its author sees it, and the answer."""
    contest_round = managed_round(slug, number)
    found = queries.report_in_round(contest_round.id, report_id)
    if found is None:
        raise NotFound
    form = ReplyForm(reply=found.reply)
    if form.validate_on_submit():
        actions.settle_report(
            report=found,
            reply=form.reply.data,
            scope_id=contest_round.contest.scope_id,
            actor=current_actor(),
            now=request_now(),
        )
        flash(_("The answer is kept with the report."), "success")
        return redirect(url_for("quizzes.reports", slug=slug, number=number))
    revision = bank_queries.revisions([found.revision_id])[found.revision_id]
    page = render_template(
        "quizzes/report_answer.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        report=found,
        stem=revision.in_words(revision.stem),
        options=[revision.in_words(text) for text in revision.kind.option_texts(revision.body)],
        key=revision.right_texts(),
        has_options=revision.kind.way is Way.OPTIONS,
        explanation=revision.in_words(revision.explanation),
    )
    return page, UNPROCESSABLE if form.errors else 200
