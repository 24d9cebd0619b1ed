"""The questions of a bank as they are written into a file."""

from collections.abc import Iterator

from sqlalchemy import select

from contest.core.db import db
from question_bank.exports.base import ExportQuestion
from question_bank.media import refs_in
from question_bank.models import Question, QuestionRevision, QuestionState, QuestionTag
from question_bank.queries.banks import topics
from question_bank.queries.media import read_media
from question_bank.rules import TOPIC_SEPARATOR


def export_questions(bank_id: int) -> Iterator[ExportQuestion]:
    """Yield what is in use of a bank, topic by topic, in the order of writing; three statements."""
    paths = {node.id: tuple(node.path.split(TOPIC_SEPARATOR)) for node in topics(bank_id)}
    in_use = (Question.bank_id == bank_id, Question.state != QuestionState.RETIRED)
    tags: dict[int, list[str]] = {}
    for question_id, name in db.session.execute(
        select(QuestionTag.question_id, QuestionTag.name)
        .join(Question, Question.id == QuestionTag.question_id)
        .where(*in_use)
        .order_by(QuestionTag.question_id, QuestionTag.name)
    ):
        tags.setdefault(question_id, []).append(name)
    rows = db.session.execute(
        select(
            Question.id,
            Question.external_id,
            Question.name,
            Question.topic_id,
            Question.difficulty,
            QuestionRevision.kind,
            QuestionRevision.stem,
            QuestionRevision.body,
            QuestionRevision.explanation,
            QuestionRevision.source,
            QuestionRevision.mark,
        )
        .join(QuestionRevision, QuestionRevision.id == Question.revision_id)
        .where(*in_use)
    ).all()
    for row in sorted(rows, key=lambda row: (paths.get(row.topic_id, ()), row.id)):
        refs = set(refs_in([row.stem, row.body, row.explanation]))
        yield ExportQuestion(
            kind=row.kind,
            stem=row.stem,
            body=row.body,
            difficulty=row.difficulty.value,
            mark=row.mark,
            external_id=row.external_id or "",
            name=row.name,
            topic=paths.get(row.topic_id, ()),
            explanation=row.explanation,
            source=row.source,
            tags=tuple(tags.get(row.id, ())),
            media=read_media(bank_id, refs) if refs else {},
        )
