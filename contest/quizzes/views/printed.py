"""Organisers: how many papers a blueprint gives and how equal they are; papers for print."""

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from contest.config import Settings
from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.documents import PDF
from contest.core.errors import NotFound, RuleBroken
from contest.core.files import download
from contest.core.i18n import gettext as _
from contest.quizzes import queries
from contest.quizzes.actions.printed import check_printing, make_printed_paper
from contest.quizzes.forms.printed import PrintForm
from contest.quizzes.models import PrintedPaper
from contest.quizzes.printing import key_pdf, paper_pdf
from contest.quizzes.queries import printed as printed_queries
from contest.quizzes.queries.estimates import paper_equality, paper_variety
from contest.quizzes.views.room import UNPROCESSABLE, blueprint, managed_round
from question_bank.queries import bank_by_id

_AT = "/organise/contests/<slug>/rounds/<int:number>/papers"


def _printable(slug: str, number: int) -> Round:
    """A round whose questions this person may print now.

    Raises:
        NotFound: it is not theirs, or the bank is not.
        PaperWhileOpen: people are answering.
    """
    contest_round = managed_round(slug, number)
    if not printed_queries.may_read_bank(current_actor(), queries.quiz_of(contest_round.id)):
        raise NotFound
    check_printing(contest_round=contest_round, actor=current_actor())
    return contest_round


def _paper(contest_round: Round, paper_id: str) -> PrintedPaper:
    found = printed_queries.printed_paper(contest_round.id, paper_id)
    if found is None:
        raise NotFound
    return found


@blueprint.route(_AT, methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTEST)
def papers(slug: str, number: int) -> ResponseReturnValue:
    """Variety and difficulty of drawn papers; papers made for print, and the form for one more."""
    contest_round = managed_round(slug, number)
    quiz = queries.quiz_of(contest_round.id)
    may_read = printed_queries.may_read_bank(current_actor(), quiz)
    form = PrintForm(
        title=contest_round.title,
        codes=4,
        minutes=None if quiz is None else quiz.time_limit_seconds // 60,
        issuer=contest_round.contest.unit.name,
    )
    if form.validate_on_submit():
        try:
            made = make_printed_paper(
                contest_round=contest_round,
                title=form.title.data or "",
                codes=form.codes.data or 1,
                head=form.head(),
                actor=current_actor(),
                now=request_now(),
            )
        except RuleBroken as refused:
            form.form_errors.append(refused.words)
        else:
            flash(_("The paper is made. Look at it before you print it."), "success")
            return redirect(_address(contest_round, made))
    page = render_template(
        "quizzes/papers.html",
        contest=contest_round.contest,
        round=contest_round,
        form=form,
        may_read=may_read,
        is_open=contest_round.stage.value == "open",
        variety=None if quiz is None else paper_variety(quiz),
        equality=None if quiz is None else paper_equality(quiz),
        papers=printed_queries.printed_papers(contest_round.id) if may_read else [],
    )
    return page, UNPROCESSABLE if form.errors or form.form_errors else 200


def _address(contest_round: Round, paper: PrintedPaper) -> str:
    return url_for(
        "quizzes.paper",
        slug=contest_round.contest.slug,
        number=contest_round.number,
        paper_id=paper.public_id,
    )


@blueprint.get(f"{_AT}/<paper_id>")
@requires(Permission.MANAGE_CONTEST)
def paper(slug: str, number: int, paper_id: str) -> ResponseReturnValue:
    """A printed paper to look at: its first code's questions, and the key of all codes."""
    contest_round = _printable(slug, number)
    found = _paper(contest_round, paper_id)
    return render_template(
        "quizzes/printed.html",
        contest=contest_round.contest,
        round=contest_round,
        paper=found,
        questions=printed_queries.questions_of(found.papers[0]),
        media_at=_media_at(contest_round),
        key=printed_queries.key_table(found.papers),
    )


def _media_at(contest_round: Round) -> str:
    """The address of the bank's media; who may print may read the bank."""
    quiz = queries.quiz_of(contest_round.id)
    bank = None if quiz is None or quiz.bank_id is None else bank_by_id(quiz.bank_id)
    if bank is None:
        return ""
    return url_for("question_bank.medium", slug=bank.slug, ref="x").removesuffix("x")


def _instance() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.instance


def _record(contest_round: Round, paper: PrintedPaper, what: str) -> None:
    audit.record(
        "quizzes.paper_printed",
        actor=current_actor(),
        now=request_now(),
        subject=("printed_paper", paper.id),
        scope_id=contest_round.contest.scope_id,
        data={"round": contest_round.number, "number": paper.number, "what": what},
    )


@blueprint.get(f"{_AT}/<paper_id>/<any(all,key):what>.pdf")
@requires(Permission.MANAGE_CONTEST)
def paper_file(slug: str, number: int, paper_id: str, what: str) -> Response:
    """The sheets of all codes, or the key of all of them, as PDF; who took it is recorded."""
    contest_round = _printable(slug, number)
    found = _paper(contest_round, paper_id)
    _record(contest_round, found, what)
    if what == "key":
        content = key_pdf(found, instance=_instance())
    else:
        content = paper_pdf(found, found.papers, instance=_instance())
    name = f"{slug}-{number}-paper-{found.number}-{what}.pdf"
    return download(content, name=name, media_type=PDF)


@blueprint.get(f"{_AT}/<paper_id>/codes/<code>.pdf")
@requires(Permission.MANAGE_CONTEST)
def paper_of_code(slug: str, number: int, paper_id: str, code: str) -> Response:
    """The sheets of one code as PDF."""
    contest_round = _printable(slug, number)
    found = _paper(contest_round, paper_id)
    wanted = [each for each in found.papers if each["code"] == code]
    if not wanted:
        raise NotFound
    _record(contest_round, found, code)
    content = paper_pdf(found, wanted, instance=_instance())
    name = f"{slug}-{number}-paper-{found.number}-{code}.pdf"
    return download(content, name=name, media_type=PDF)
