"""Documents that questions cite: putting them on the list, and finding who cites them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import nfc, one_line
from question_bank import queries
from question_bank.models import Bank, Question, QuestionSource
from question_bank.organising import SourceDates, SourceTaken, cited_source
from question_bank.rules import search_text

_IN_ONE = 500


@dataclass(frozen=True, slots=True)
class SourceValues:
    """A document as it is typed; both days are included."""

    citation: str
    title: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""


def put_source(
    *,
    bank: Bank,
    source: QuestionSource | None,
    values: SourceValues,
    actor: Actor | None,
    now: datetime,
) -> QuestionSource:
    """Put a document on the list or change it, and link the questions that cite it.

    Raises ``SourceTaken`` or ``SourceDates``.
    """
    citation = one_line(values.citation)
    folded = search_text(citation)[:300]
    if values.valid_from and values.valid_to and values.valid_to < values.valid_from:
        raise SourceDates
    taken = db.session.scalar(
        select(QuestionSource.id).where(
            QuestionSource.bank_id == bank.id, QuestionSource.citation_folded == folded
        )
    )
    if taken is not None and (source is None or taken != source.id):
        raise SourceTaken
    if source is None:
        source = QuestionSource(
            bank_id=bank.id,
            created_by_id=None if actor is None else actor.person_id,
            created_at=now,
        )
        db.session.add(source)
    source.citation, source.citation_folded = citation, folded
    source.title, source.note = nfc(values.title).strip(), nfc(values.note).strip()
    source.valid_from, source.valid_to = values.valid_from, values.valid_to
    db.session.flush()
    linked = link_sources(bank=bank)
    audit.record(
        "question_bank.source_put",
        actor=actor,
        now=now,
        subject=("question_source", source.id),
        scope_id=bank.scope_id,
        data={
            "citation": citation,
            "valid_from": None if values.valid_from is None else values.valid_from.isoformat(),
            "valid_to": None if values.valid_to is None else values.valid_to.isoformat(),
            "linked": linked,
        },
    )
    return source


def link_sources(*, bank: Bank) -> int:
    """Link every question whose source line cites a document of the list; returns how many.

    A link that somebody made by hand stays where the line cites nothing on the list.
    """
    citations = queries.citations(bank.id)
    if not citations:
        return 0
    known: dict[str, int | None] = {}
    moved: defaultdict[int, list[int]] = defaultdict(list)
    for question_id, linked, text in queries.source_lines(bank.id):
        if text not in known:
            known[text] = cited_source(text, citations)
        found = known[text]
        if found is not None and found != linked:
            moved[found].append(question_id)
    for source_id, ids in moved.items():
        for start in range(0, len(ids), _IN_ONE):
            db.session.execute(
                update(Question)
                .where(Question.id.in_(ids[start : start + _IN_ONE]))
                .values(source_id=source_id)
            )
    return sum(map(len, moved.values()))


def delete_source(*, bank: Bank, source: QuestionSource, actor: Actor, now: datetime) -> None:
    """Take a document off the list; its questions keep their source line."""
    db.session.execute(
        update(Question).where(Question.source_id == source.id).values(source_id=None)
    )
    audit.record(
        "question_bank.source_deleted",
        actor=actor,
        now=now,
        subject=("question_source", source.id),
        scope_id=bank.scope_id,
        data={"citation": source.citation},
    )
    db.session.delete(source)
    db.session.flush()
