"""Saving an answer: one statement that is authentication, rule and write at once.

The statement inserts the ledger's line *from* the attempt's row, joined with its person and the
live sign-in, where it is theirs, open, in time, of the current epoch, and the paper allows the
answer. Where there is no way back, it also takes nothing for a question before one that something
was received for (going on to a question is itself received, as an empty answer to it); elsewhere
that part is never looked at. Where sections of the paper have times of their own, the slot's one
must be on, with its grace. On PostgreSQL it locks the attempt FOR SHARE: a submit or close waits
for saves under way and later saves see it closed. Row count 0 is explained by one more SELECT.
"""

import functools
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    Insert,
    Integer,
    String,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from contest.accounts.models import Person, SignIn
from contest.core.clock import from_micros, micros
from contest.core.db import db, insert_once
from contest.core.sql import JsonItemHas, JsonItemHolds, json_items, json_number
from contest.core.transactions import SingleStatement
from contest.quizzes.models import Attempt, LateEvidence, LedgerLine
from contest.quizzes.rules.answers import Answer, Saved, could_be_prediction, is_long

_MOST_EVIDENCE: Final = 500

# Bind parameters carry the database's own types: instants are microseconds.
_now = bindparam("now", type_=BigInteger)
_epoch = bindparam("epoch", type_=Integer)
_sequence = bindparam("sequence", type_=Integer)
_slot = bindparam("slot", type_=Integer)
_answer = bindparam("answer", type_=String)
_away = bindparam("away", type_=Integer)
_LINE: Final = ("round_id", "attempt_id", "epoch", "sequence", "slot", "answer", "received_at")


class SaveCode(StrEnum):
    """What became of a save."""

    RECEIVED = "received"
    TAKEN_OVER = "taken_over"
    CLOSED = "closed"
    TOO_LATE = "too_late"
    SECTION_OVER = "section_over"
    SECTION_AHEAD = "section_ahead"
    SEQUENCE_USED = "sequence_used"
    PASSED = "passed"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What became of a save, and when the answer was received."""

    code: SaveCode
    received_at: datetime | None = None


class Shape(StrEnum):
    """What an answer looks like; each shape has its own statement with no more in it than needed.

    One option or typed text, several options, what could be the digits of a prediction (or a
    typed number, or nothing at all), or more than a line, as only an essay question takes it.
    """

    ONE = "one"
    SEVERAL = "several"
    NUMBER = "number"
    WRITING = "writing"


def shape_of(answer: Answer) -> Shape:
    """The shape of an answer."""
    if len(answer) > 1:
        return Shape.SEVERAL
    if any(map(is_long, answer)):
        return Shape.WRITING
    return Shape.NUMBER if could_be_prediction(answer) else Shape.ONE


def _paper_allows(shape: Shape) -> ColumnElement[bool]:
    """The same as `rules.answers.fits_slot`, on the attempt's own paper."""
    if shape is Shape.WRITING:
        return JsonItemHas(Attempt.paper, _slot, literal_column("'e'"))
    holds = JsonItemHolds(Attempt.paper, _slot, literal_column("'o'"), _answer)
    typed = JsonItemHas(Attempt.paper, _slot, literal_column("'t'"))
    if shape is Shape.ONE:
        return or_(holds, typed)
    if shape is Shape.SEVERAL:
        several = JsonItemHas(Attempt.paper, _slot, literal_column("'m'"))
        return and_(or_(holds, typed), several)
    return or_(JsonItemHas(Attempt.paper, _slot, literal_column("'p'")), holds, typed)


_later: Final = aliased(LedgerLine)
_IS_PASSED: Final = exists().where(
    _later.round_id == Attempt.round_id,
    _later.attempt_id == Attempt.id,
    _later.slot > _slot,
)


def _section(dialect_name: str, *more: str) -> ColumnElement[bool]:
    """Whether the slot stands in a section of the attempt of which all this is so as well."""
    items = json_items(Attempt.sections, dialect_name)
    said = {
        "begun": json_number(items, "b") <= _now,
        "ahead": json_number(items, "b") > _now,
        "on": json_number(items, "u") >= _now,
        "left": json_number(items, "l").is_not(None),
    }
    return exists(
        select(literal_column("1"))
        .select_from(items)
        .where(
            json_number(items, "f") <= _slot,
            json_number(items, "t") >= _slot,
            *(said[name] for name in more),
        )
        .correlate(Attempt)
    )


def _live_sign_in() -> ColumnElement[bool]:
    return and_(
        SignIn.token_hash == bindparam("token_hash", type_=String),
        SignIn.ended_at.is_(None),
        SignIn.expires_at > _now,
        Person.disabled_at.is_(None),
        Person.merged_into_id.is_(None),
    )


def _save(shape: Shape, dialect_name: str) -> Insert:
    source = (
        select(Attempt.round_id, Attempt.id, _epoch, _sequence, _slot, _answer, _now, _away)
        .join(Person, Person.id == Attempt.person_id)
        .join(SignIn, SignIn.person_id == Attempt.person_id)
        .where(
            Attempt.public_id == bindparam("public_id", type_=String),
            _live_sign_in(),
            Attempt.submitted_at.is_(None),
            Attempt.grace_until >= _now,
            Attempt.writer == _epoch,
            _paper_allows(shape),
            or_(Attempt.one_way.is_(None), ~_IS_PASSED),
            or_(Attempt.sections.is_(None), _section(dialect_name, "begun", "on")),
        )
        .with_for_update(read=True, of=Attempt)
    )
    insert: Insert = (
        insert_once(LedgerLine, dialect_name)
        .from_select((*_LINE, "away"), source)
        .on_conflict_do_nothing()
    )
    return insert


def _explain(shape: Shape, dialect_name: str) -> Executable:
    return (
        select(
            Attempt.id,
            Attempt.writer,
            Attempt.submitted_at,
            Attempt.grace_until,
            LedgerLine.slot,
            LedgerLine.answer,
            LedgerLine.received_at,
            _paper_allows(shape).label("allowed"),
            or_(
                and_(Attempt.one_way.is_not(None), _IS_PASSED), _section(dialect_name, "left")
            ).label("passed"),
            _section(dialect_name, "ahead").label("ahead"),
            and_(Attempt.sections.is_not(None), ~_section(dialect_name, "begun", "on")).label(
                "over"
            ),
        )
        .select_from(SignIn)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(
            Attempt,
            and_(
                Attempt.person_id == SignIn.person_id,
                Attempt.public_id == bindparam("public_id", type_=String),
            ),
        )
        .outerjoin(
            LedgerLine,
            and_(
                LedgerLine.round_id == Attempt.round_id,
                LedgerLine.attempt_id == Attempt.id,
                LedgerLine.epoch == _epoch,
                LedgerLine.sequence == _sequence,
            ),
        )
        .where(_live_sign_in())
    )


def _keep_late(dialect_name: str) -> Insert:
    kept = (
        select(func.count())
        .select_from(LateEvidence)
        .where(LateEvidence.attempt_id == Attempt.id)
        .scalar_subquery()
    )
    source = select(Attempt.round_id, Attempt.id, _epoch, _sequence, _slot, _answer, _now).where(
        Attempt.id == bindparam("attempt_id", type_=BigInteger), kept < _MOST_EVIDENCE
    )
    insert: Insert = (
        insert_once(LateEvidence, dialect_name).from_select(_LINE, source).on_conflict_do_nothing()
    )
    return insert


SAVE: Final = {shape: SingleStatement(functools.partial(_save, shape)) for shape in Shape}
EXPLAIN: Final = {shape: SingleStatement(functools.partial(_explain, shape)) for shape in Shape}
KEEP_LATE: Final = SingleStatement(_keep_late)


def _values(public_id: str, token_hash: str, saved: Saved, now: datetime) -> dict[str, Any]:
    return {
        "public_id": public_id,
        "token_hash": token_hash,
        "epoch": saved.epoch,
        "sequence": saved.sequence,
        "slot": saved.slot,
        "answer": saved.text,
        "now": micros(now),
        "away": saved.away or None,
    }


def receive_answer(*, public_id: str, token_hash: str, saved: Saved, now: datetime) -> bool:
    """Receive an answer in a statement of its own, durable when this says so.

    Takes the same as `save_answer`, and does not ask why where the answer is not received.
    """
    return bool(SAVE[shape_of(saved.answer)].write(_values(public_id, token_hash, saved, now)))


def save_answer(*, public_id: str, token_hash: str, saved: Saved, now: datetime) -> SaveOutcome:
    """Receive an answer in a statement of its own, durable when this returns.

    Not for use inside a transaction that writes: on SQLite the two would wait for each other.

    Args:
        public_id: the attempt's, from the address.
        token_hash: SHA-256 of the sign-in token; with the attempt it says whose answer it is.
        saved: epoch, sequence, slot and answer.
        now: when it was received; it counts up to and at the end of the grace.
    """
    values = _values(public_id, token_hash, saved, now)
    shape = shape_of(saved.answer)
    if SAVE[shape].write(values):
        return SaveOutcome(SaveCode.RECEIVED, now)
    outcome, attempt_id = _explained(EXPLAIN[shape].read(values), saved, values["now"])
    if attempt_id is not None:
        KEEP_LATE.write({**values, "attempt_id": attempt_id})
    return outcome


def save_in_unit(*, public_id: str, token_hash: str, saved: Saved, now: datetime) -> SaveOutcome:
    """The same inside the request's own unit of work: for the page without JavaScript."""
    values = _values(public_id, token_hash, saved, now)
    shape = shape_of(saved.answer)
    if _run(SAVE[shape], values).rowcount:
        return SaveOutcome(SaveCode.RECEIVED, now)
    # The session gives typed values where the driver gives the database's own.
    row = _run(EXPLAIN[shape], values).one_or_none()
    plain = None if row is None else [micros(v) if isinstance(v, datetime) else v for v in row]
    outcome, attempt_id = _explained(plain, saved, values["now"])
    if attempt_id is not None:
        _run(KEEP_LATE, {**values, "attempt_id": attempt_id})
    return outcome


def _run(statement: SingleStatement, values: dict[str, Any]) -> Any:
    return db.session.connection().execute(
        statement.core(), values, execution_options={"preserve_rowcount": True}
    )


def _explained(row: Any, saved: Saved, now: int) -> tuple[SaveOutcome, int | None]:
    """Why a save touched no row; the second value is the attempt that it is late evidence for."""
    if row is None:
        return SaveOutcome(SaveCode.SIGNED_OUT), None
    attempt_id, writer, submitted_at, grace_until, slot, answer, received_at, *told = row
    allowed, passed, ahead, over = told
    if attempt_id is None:
        return SaveOutcome(SaveCode.NOT_FOUND), None
    if received_at is not None and (slot, answer) == (saved.slot, saved.text):
        return SaveOutcome(SaveCode.RECEIVED, from_micros(received_at)), None
    refused = _refused(saved.epoch, writer, allowed=allowed, passed=passed, ahead=ahead)
    if refused is not None:
        return SaveOutcome(refused), None
    if submitted_at is not None:
        return SaveOutcome(SaveCode.CLOSED), attempt_id
    if grace_until < now:
        return SaveOutcome(SaveCode.TOO_LATE), attempt_id
    if over:
        return SaveOutcome(SaveCode.SECTION_OVER), attempt_id
    return SaveOutcome(SaveCode.SEQUENCE_USED), None


def _refused(
    epoch: int, writer: int, *, allowed: bool, passed: bool, ahead: bool
) -> SaveCode | None:
    """Why an answer is not even kept as evidence, or None."""
    if not allowed or epoch > writer:
        return SaveCode.REFUSED
    if epoch < writer:
        return SaveCode.TAKEN_OVER
    if passed:
        return SaveCode.PASSED
    return SaveCode.SECTION_AHEAD if ahead else None
