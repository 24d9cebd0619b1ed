"""What a quiz round needs before it opens; each check is one function and one line in `CHECKS`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from contest.contests.kinds import ReadinessItem
from contest.contests.models import Round
from contest.core.clock import LOCAL_ZONE
from contest.core.errors import Words
from contest.core.i18n import format_count, format_date, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.quizzes.actions.set_questions import unfit_questions
from contest.quizzes.models import LateStart, QuizRound
from contest.quizzes.queries.essays import marker_names
from contest.quizzes.queries.rounds import (
    blueprint_of,
    live_pool,
    questions_in_paper,
    quiz_of,
    set_questions_of,
)
from contest.quizzes.rules.blueprints import CellLine, shortage_lines
from contest.quizzes.rules.sections import questions_of, read_sections
from contest.quizzes.rules.set_questions import essay_count
from question_bank.drawing import shortage
from question_bank.queries import (
    lapsed_count,
    taken_back_at,
    topic_choices,
    unasked_count,
    waiting_count,
)
from question_bank.rules import DIFFICULTY_LABELS

Check = Callable[[Round, QuizRound | None], ReadinessItem]
_SHOWN: Final = 4


def _item(
    code: str, contest_round: Round, label: Words, problem: Words, *, detail: Words = ""
) -> ReadinessItem:
    values: dict[str, Any] = {"slug": contest_round.contest.slug, "number": contest_round.number}
    return ReadinessItem(
        code,
        ok=not problem,
        label=label,
        detail=problem or detail,
        endpoint="quizzes.settings",
        values=values,
        action=_l("Go to the questions"),
    )


def check_bank(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """A bank is chosen, and whoever lent it has not taken it back."""
    bank = None if quiz is None else quiz.bank
    label = _l("A question bank is chosen")
    problem: Words = ""
    if bank is None:
        problem = _l("Choose the bank from which the papers are drawn.")
    elif ended_at := taken_back_at(bank, contest_round.contest.scope.path):
        problem = _l(
            "%(unit)s took the bank “%(bank)s” back on %(date)s. Ask for it again or choose "
            "another one.",
            unit=bank.unit.name,
            bank=bank.name,
            date=format_date(ended_at.astimezone(LOCAL_ZONE).date()),
        )
    return _item(
        "quiz_bank", contest_round, label, problem, detail="" if bank is None else bank.name
    )


def check_blueprint(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """The blueprint asks for questions."""
    count = 0 if quiz is None else questions_in_paper(quiz)
    return _item(
        "quiz_blueprint",
        contest_round,
        _l("The paper is laid out"),
        "" if count else _l("Say how many questions of which topic and difficulty a paper takes."),
        detail=_("%(count)s questions", count=format_count(count)) if count else "",
    )


def check_sections(contest_round: Round, quiz: QuizRound) -> ReadinessItem:
    """Sections with times of their own hold exactly the questions of a paper."""
    sections = read_sections(quiz.sections)
    held, count = questions_of(sections), questions_in_paper(quiz)
    problem: Words = ""
    if held != count:
        problem = _l(
            "The sections hold %(held)s questions, a paper %(count)s. Change the one or the other.",
            held=format_count(held),
            count=format_count(count),
        )
    detail = ngettext(
        "%(num)s section with a time limit of its own",
        "%(num)s sections with time limits of their own",
        len(sections),
    )
    return _item(
        "quiz_sections", contest_round, _l("The sections fit the paper"), problem, detail=detail
    )


def check_stock(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """The bank holds enough approved questions."""
    problem: Words = ""
    detail = ""
    if quiz is None or quiz.bank_id is None:
        problem = _l("Without a bank there are no questions.")
    else:
        short = stock_shortage(quiz)
        if short:
            problem = shortage_words(short) + waiting_words(quiz)
        else:
            detail = _("The bank fills every cell of the paper.")
            aside = max(unasked_count(quiz.bank_id) - len(quiz.set_questions), 0)
            if aside:
                detail += " " + ngettext(
                    "%(num)s essay question or information of the bank is left aside: you put it "
                    "into papers by hand.",
                    "%(num)s essay questions and pieces of information of the bank are left "
                    "aside: you put them into papers by hand.",
                    aside,
                )
    return _item(
        "quiz_stock", contest_round, _l("The bank holds enough questions"), problem, detail=detail
    )


def waiting_words(quiz: QuizRound) -> str:
    """That questions wait for the review, where the paper takes approved ones only."""
    waiting = waiting_count(quiz.bank_id) if quiz.approved_only and quiz.bank_id else 0
    if not waiting:
        return ""
    return " " + ngettext(
        "%(num)s question of the bank waits for the review.",
        "%(num)s questions of the bank wait for the review.",
        waiting,
    )


def check_approved(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """Where the contest asks for approved questions, the paper takes no others; else it says so."""
    if quiz is None or quiz.approved_only:
        detail = _("Drafts and checked questions stay in the bank.")
        label = _l("Only approved questions are asked")
    else:
        waiting = waiting_count(quiz.bank_id) if quiz.bank_id else 0
        label = _l("Questions that nobody approved may be asked as well")
        detail = ngettext(
            "Attention: %(num)s question that nobody has approved can stand in papers.",
            "Attention: %(num)s questions that nobody has approved can stand in papers.",
            waiting,
        )
    return _item("quiz_approved", contest_round, label, "", detail=detail)


def check_sources(contest_round: Round, quiz: QuizRound | None, now: datetime) -> ReadinessItem:
    """No question cites a law that has lapsed; a warning, since the organisers may know better."""
    today = now.astimezone(LOCAL_ZONE).date()
    lapsed = lapsed_count(quiz.bank_id, today) if quiz is not None and quiz.bank_id else 0
    if not lapsed:
        return _item("quiz_sources", contest_round, _l("No question cites what has lapsed"), "")
    return _item(
        "quiz_sources",
        contest_round,
        _l("Questions cite documents that have lapsed"),
        "",
        detail=ngettext(
            "Attention: %(num)s approved question cites a document that has lapsed.",
            "Attention: %(num)s approved questions cite a document that has lapsed.",
            lapsed,
        ),
    )


def stock_shortage(quiz: QuizRound) -> list[CellLine]:
    """What the bank lacks for the blueprint, in words."""
    if quiz.bank_id is None:
        return []
    topics: dict[int | None, str] = {None: _("any topic"), **dict(topic_choices(quiz.bank_id))}
    return shortage_lines(
        shortage(blueprint_of(quiz), live_pool(quiz.bank_id, approved_only=quiz.approved_only)),
        topics,
        difficulty_words(),
    )


def difficulty_words() -> dict[str | None, str]:
    """Names of the difficulties, and of "any"."""
    return {
        None: _("any difficulty"),
        **{level.value: str(label) for level, label in DIFFICULTY_LABELS.items()},
    }


def shortage_words(short: list[CellLine]) -> str:
    """A shortage in one sentence, the first few cells by name."""
    parts = [
        _(
            "%(topic)s, %(difficulty)s: %(missing)s more needed (%(available)s of %(wanted)s)",
            topic=line.topic,
            difficulty=line.difficulty.lower(),
            missing=format_count(line.missing),
            available=format_count(line.available),
            wanted=format_count(line.wanted),
        )
        for line in short[:_SHOWN]
    ]
    if len(short) > _SHOWN:
        parts.append(_("and %(count)s more", count=len(short) - _SHOWN))
    return "; ".join(parts) + "."


def check_set_questions(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """What stands in every paper by hand can be asked, and somebody marks the essay answers."""
    chosen = () if quiz is None else set_questions_of(quiz)
    if quiz is None or not chosen:
        return _item("quiz_set", contest_round, _l("Nothing is put into papers by hand"), "")
    unfit = len(unfit_questions(quiz))
    problem = ngettext(
        "%(num)s of them is not approved or no longer in the bank.",
        "%(num)s of them are not approved or no longer in the bank.",
        unfit,
    )
    if not essay_count(chosen):
        label = _l("Information stands in every paper")
        return _item("quiz_set", contest_round, label, problem if unfit else "")
    names = marker_names(contest_round.contest.scope.path)
    detail = (
        _("Marked after the close by: %(names)s.", names=", ".join(names[:_SHOWN]))
        if names
        else _("Marked after the close by the organisers: no judge has been named.")
    )
    if len(names) > _SHOWN:
        detail += " " + _("and %(count)s more", count=len(names) - _SHOWN) + "."
    label = _l("Somebody marks the essay questions")
    return _item("quiz_set", contest_round, label, problem if unfit else "", detail=detail)


def check_prediction(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """Whoever ranks by the prediction must ask for it."""
    codes = {key.code for key in contest_round.rank_keys}
    missing = "prediction" in codes and (quiz is None or not quiz.prediction_asked)
    return _item(
        "quiz_prediction",
        contest_round,
        _l("The prediction question agrees with the ranking"),
        _l("The ranking uses the prediction, but the paper does not ask for it.")
        if missing
        else "",
    )


def check_time(contest_round: Round, quiz: QuizRound | None) -> ReadinessItem:
    """An attempt fits into the window, where the close cuts it."""
    opens_at, closes_at = contest_round.opens_at, contest_round.closes_at
    limit = timedelta(seconds=quiz.time_limit_seconds) if quiz is not None else timedelta(0)
    cut = quiz is not None and quiz.late_start is LateStart.CUT_AT_CLOSE
    too_short = bool(opens_at and closes_at and cut and closes_at - opens_at < limit)
    return _item(
        "quiz_time",
        contest_round,
        _l("The time limit fits into the round"),
        _l("The round is shorter than one attempt, and the close cuts attempts.")
        if too_short
        else "",
    )


CHECKS: Final[tuple[Check, ...]] = (
    check_bank,
    check_blueprint,
    check_stock,
    check_approved,
    check_set_questions,
    check_prediction,
    check_time,
)


def quiz_readiness(contest_round: Round, now: datetime) -> list[ReadinessItem]:
    """What this room checks, in the order of the list."""
    quiz = quiz_of(contest_round.id)
    found = [check(contest_round, quiz) for check in CHECKS]
    if quiz is not None and quiz.sections:
        found.append(check_sections(contest_round, quiz))
    return [*found, check_sources(contest_round, quiz, now)]
