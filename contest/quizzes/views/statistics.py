"""Organisers: what a closed round's paper and its questions did."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from contest.contests.models import Round
from contest.core import audit
from contest.core.access import Permission, current_actor, requires
from contest.core.clock import request_now
from contest.core.errors import NotFound
from contest.core.i18n import gettext as _
from contest.core.replica import reports
from contest.core.table_files import send_sheets
from contest.quizzes import queries
from contest.quizzes.actions.statistics import ask_for_statistics, may_have_statistics
from contest.quizzes.queries.statistics import ItemLine
from contest.quizzes.readiness import difficulty_words
from contest.quizzes.statistics_sheets import item_sheet, option_sheet, paper_lines, paper_sheet
from contest.quizzes.views.room import blueprint, managed_round, on_to
from question_bank import queries as bank_queries
from question_bank.statistics import Level

_AT = "/organise/contests/<slug>/rounds/<int:number>/statistics"


def _closed_round(slug: str, number: int) -> Round:
    """A round whose figures give no key away any more.

    Raises:
        NotFound: it is not theirs, or somebody can still answer its questions.
    """
    contest_round = managed_round(slug, number, Permission.SEE_CONTEST)
    if not may_have_statistics(contest_round):
        raise NotFound
    return contest_round


def _sorted(lines: Sequence[ItemLine]) -> list[ItemLine]:
    """What needs a look first, then by number."""
    return sorted(lines, key=lambda line: (-max(v.level for v in line.verdicts), line.number))


_TOP, _HEIGHT = 8, 264
"""Of the picture's field, in pixels."""
_GOOD = 30
_LOWEST = -25


def _picture(lines: Sequence[ItemLine]) -> dict[str, Any]:
    """Difficulty against discrimination: dots, ticks and the zone of good questions.

    Across in per cent of the width, downwards in pixels; the field ends at −25 unless a question
    lies deeper.
    """
    known = [line.figures.discrimination_index for line in lines]
    low = (
        _LOWEST if min((each for each in known if each is not None), default=0) >= _LOWEST else -100
    )

    def at(index: float) -> float:
        return round(_TOP + _HEIGHT * (100 - index) / (100 - low), 1)

    found = []
    for line in lines:
        facility, index = line.figures.facility, line.figures.discrimination_index
        if facility is not None and index is not None:
            found.append(
                {
                    "number": line.number,
                    "x": round(100 * facility, 2),
                    "y": at(index),
                    "wrong": any(each.level is Level.WRONG for each in line.verdicts),
                    "look": any(each.level is Level.LOOK for each in line.verdicts),
                }
            )
    words = [(tick, f"−{-tick}" if tick < 0 else str(tick)) for tick in range(low, 101, 25)]
    return {
        "dots": found,
        "ticks": [{"y": at(tick), "words": shown} for tick, shown in words],
        "zone": at(_GOOD) - _TOP,
    }


@blueprint.get(_AT)
@requires(Permission.SEE_CONTEST)
@reports
def statistics(slug: str, number: int) -> ResponseReturnValue:
    """The paper's figures, difficulty against discrimination, and a line for each question."""
    contest_round = managed_round(slug, number, Permission.SEE_CONTEST)
    may = may_have_statistics(contest_round)
    found = queries.round_figures(contest_round.id) if may else None
    lines = _sorted(queries.item_lines(contest_round.id)) if found is not None else []
    return render_template(
        "quizzes/statistics.html",
        contest=contest_round.contest,
        round=contest_round,
        may=may,
        found=found,
        paper=paper_lines(found.figures) if found is not None else [],
        lines=lines,
        **_picture(lines),
        levels=Level,
        difficulties=difficulty_words(),
        topics=dict(_topics(contest_round)),
    )


def _topics(contest_round: Round) -> list[tuple[int, str]]:
    quiz = queries.quiz_of(contest_round.id)
    if quiz is None or quiz.bank_id is None:
        return []
    return [(topic.id, topic.name) for topic in bank_queries.topics(quiz.bank_id)]


@blueprint.post(_AT)
@requires(Permission.SEE_CONTEST)
def make_statistics(slug: str, number: int) -> ResponseReturnValue:
    """Work the figures out; of a large round by a job."""
    contest_round = _closed_round(slug, number)
    here = url_for("quizzes.statistics", slug=slug, number=number)
    job = ask_for_statistics(
        contest_round=contest_round,
        title=_("Item statistics of %(round)s", round=contest_round.title),
        address=here,
        actor=current_actor(),
        now=request_now(),
    )
    return on_to(job, here, _("The statistics are ready."))


@blueprint.get(f"{_AT}/<question_id>")
@requires(Permission.SEE_CONTEST)
@reports
def item(slug: str, number: int, question_id: str) -> ResponseReturnValue:
    """One question: options by thirds, figures, verdicts."""
    contest_round = _closed_round(slug, number)
    found = next(
        (each for each in queries.item_lines(contest_round.id) if each.public_id == question_id),
        None,
    )
    if found is None:
        raise NotFound
    return render_template(
        "quizzes/item.html",
        contest=contest_round.contest,
        round=contest_round,
        line=found,
        levels=Level,
    )


@blueprint.get(f"{_AT}.<any(xlsx,csv):kind>")
@requires(Permission.SEE_CONTEST)
@reports
def statistics_file(slug: str, number: int, kind: str) -> ResponseReturnValue:
    """The same as Excel (questions, options, paper) or CSV (questions); who took it is recorded."""
    contest_round = _closed_round(slug, number)
    found = queries.round_figures(contest_round.id)
    if found is None:
        raise NotFound
    lines = sorted(queries.item_lines(contest_round.id), key=lambda line: line.number)
    audit.record(
        "quizzes.statistics_downloaded",
        actor=current_actor(),
        now=request_now(),
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={"format": kind},
    )
    return send_sheets(
        [item_sheet(lines), option_sheet(lines), paper_sheet(found)],
        kind=kind,
        name=f"{slug}-{number}-statistics",
    )
