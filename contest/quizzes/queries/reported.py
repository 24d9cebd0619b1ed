"""What contestants reported about the questions of a bank, question by question."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.paging import Page, paginate
from contest.quizzes.models import Attempt, BlueprintCell, QuestionReport, ReportOutcome
from question_bank.models import Question, QuestionRevision, QuestionState
from question_bank.queries import QuestionRow, rows_by_id


@dataclass(frozen=True, slots=True)
class ReportText:
    """What one contestant wrote, without who it was."""

    public_id: str
    body: str
    reported_at: datetime
    round_title: str
    contest_title: str
    contest_slug: str
    round_number: int
    version: int
    outcome: ReportOutcome | None
    reply: str


@dataclass(frozen=True, slots=True)
class ReportedQuestion:
    """A question with its reports, open ones first."""

    question: QuestionRow
    open_reports: int
    reports: int
    texts: tuple[ReportText, ...]
    is_retired: bool

    @property
    def rounds(self) -> list[tuple[str, int, str]]:
        """Contest, number and title of the rounds in which it was reported, for regrading."""
        return list(
            dict.fromkeys(
                (text.contest_slug, text.round_number, text.round_title) for text in self.texts
            )
        )


def _of_bank(bank_id: int) -> Any:
    is_open = case((QuestionReport.settled_at.is_(None), 1), else_=0)
    return (
        select(
            Question.id,
            func.count().label("reports"),
            func.sum(is_open).label("open_reports"),
        )
        .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
        .join(Question, Question.id == QuestionRevision.question_id)
        .where(Question.bank_id == bank_id)
        .group_by(Question.id)
    )


def reported_questions(
    bank_id: int, *, only_open: bool = True, page: int = 1, size: int = 20
) -> Page[ReportedQuestion]:
    """Return the reported questions of a bank, the most reported first."""
    statement = _of_bank(bank_id)
    is_open = func.sum(case((QuestionReport.settled_at.is_(None), 1), else_=0))
    if only_open:
        statement = statement.having(is_open > 0)
    found = paginate(
        statement.order_by(is_open.desc(), func.count().desc(), Question.id), page=page, size=size
    )
    ids = [row.id for row in found.items]
    rows, texts = rows_by_id(ids), report_texts(ids)
    lines = [
        ReportedQuestion(
            question=rows[row.id],
            open_reports=int(row.open_reports),
            reports=row.reports,
            texts=tuple(texts.get(row.id, ())),
            is_retired=rows[row.id].state is QuestionState.RETIRED,
        )
        for row in found.items
    ]
    return Page(lines, found.number, found.size, found.total)


def report_texts(question_ids: Collection[int]) -> dict[int, list[ReportText]]:
    """Return what was reported about these questions, open reports first, then the latest."""
    rows = db.session.execute(
        select(
            QuestionRevision.question_id,
            QuestionRevision.number,
            QuestionReport,
            Round.title,
            Round.number.label("round_number"),
            Contest.title.label("contest_title"),
            Contest.slug,
        )
        .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
        .join(Attempt, Attempt.id == QuestionReport.attempt_id)
        .join(Round, Round.id == Attempt.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(QuestionRevision.question_id.in_(list(question_ids)))
        .order_by(QuestionReport.settled_at.is_not(None), QuestionReport.reported_at.desc())
    )
    found: dict[int, list[ReportText]] = {}
    for row in rows:
        report = row.QuestionReport
        found.setdefault(row.question_id, []).append(
            ReportText(
                public_id=report.public_id,
                body=report.body,
                reported_at=report.reported_at,
                round_title=row.title,
                contest_title=row.contest_title,
                contest_slug=row.slug,
                round_number=row.round_number,
                version=row.number,
                outcome=report.outcome,
                reply=report.reply,
            )
        )
    return found


def open_report_count(bank_id: int) -> int:
    """Return how many reports about questions of a bank nobody has settled."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(QuestionReport)
            .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
            .join(Question, Question.id == QuestionRevision.question_id)
            .where(Question.bank_id == bank_id, QuestionReport.settled_at.is_(None))
        )
        or 0
    )


def open_reports_of(question_id: int) -> list[QuestionReport]:
    """Return the reports about a question that nobody has settled, by id."""
    return list(
        db.session.scalars(
            select(QuestionReport)
            .join(QuestionRevision, QuestionRevision.id == QuestionReport.revision_id)
            .where(QuestionRevision.question_id == question_id, QuestionReport.settled_at.is_(None))
            .order_by(QuestionReport.id)
        )
    )


def papers_of_topics(topic_ids: Collection[int]) -> list[str]:
    """Return the titles of the rounds whose papers take questions from these topics."""
    rows = db.session.execute(
        select(Contest.title, Round.title)
        .join(Round, Round.contest_id == Contest.id)
        .join(BlueprintCell, BlueprintCell.round_id == Round.id)
        .where(BlueprintCell.topic_id.in_(list(topic_ids)))
        .distinct()
        .order_by(Contest.title, Round.title)
    )
    return [f"{contest}, {title}" for contest, title in rows]
