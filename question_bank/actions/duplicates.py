"""Finding questions that say the same, and remembering what was decided about them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert

from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db, new_public_id
from question_bank import queries
from question_bank.actions.questions import write_tags
from question_bank.actions.review import change_state
from question_bank.alike import FoundPair
from question_bank.models import (
    Bank,
    DuplicatePair,
    DuplicateState,
    Question,
    QuestionState,
)
from question_bank.rules import ENEMY_PREFIX

_BATCH: Final = 500


def keep_pairs(*, bank: Bank, found: Iterable[FoundPair], now: datetime) -> int:
    """Keep what a search found; pairs that were decided stay so. Returns how many are open.

    Open pairs that the search no longer finds were mended meanwhile and go away.
    """
    known = queries.known_pairs(bank.id)
    fresh, seen = [], set()
    for pair in found:
        key = (pair.first_id, pair.second_id)
        seen.add(key)
        if key in known:
            known[key].is_exact, known[key].share = pair.is_exact, pair.share
            continue
        fresh.append(
            {
                "public_id": new_public_id(),
                "bank_id": bank.id,
                "first_id": pair.first_id,
                "second_id": pair.second_id,
                "is_exact": pair.is_exact,
                "share": pair.share,
                "state": DuplicateState.OPEN,
                "found_at": now,
            }
        )
    gone = [
        pair.id
        for key, pair in known.items()
        if pair.state is DuplicateState.OPEN and key not in seen
    ]
    for start in range(0, len(gone), _BATCH):
        db.session.execute(
            delete(DuplicatePair).where(DuplicatePair.id.in_(gone[start : start + _BATCH]))
        )
    for start in range(0, len(fresh), _BATCH):
        db.session.execute(insert(DuplicatePair), fresh[start : start + _BATCH])
    db.session.flush()
    return queries.duplicate_counts(bank.id)[DuplicateState.OPEN]


def decide_pair(
    *,
    bank: Bank,
    pair: DuplicatePair,
    decision: DuplicateState,
    retired: Question | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Remember what is decided about a pair; ``retired`` is the question that goes.

    Questions that are the same and both kept become enemies: they never meet in one paper.
    Raises what the review refuses.
    """
    if decision is DuplicateState.RETIRED and retired is not None:
        change_state(bank=bank, question=retired, to=QuestionState.RETIRED, actor=actor, now=now)
    if decision is DuplicateState.SAME:
        _make_enemies(pair)
    pair.state = decision
    pair.decided_at = None if decision is DuplicateState.OPEN else now
    pair.decided_by_id = None if decision is DuplicateState.OPEN else actor.person_id
    db.session.flush()
    audit.record(
        "question_bank.duplicate_decided",
        actor=actor,
        now=now,
        subject=("duplicate_pair", pair.id),
        scope_id=bank.scope_id,
        data={
            "questions": [pair.first_id, pair.second_id],
            "decision": decision,
            "retired": None if retired is None else retired.id,
        },
    )


def _make_enemies(pair: DuplicatePair) -> None:
    ids = [pair.first_id, pair.second_id]
    tags = queries.tags_of(ids)
    tag = f"{ENEMY_PREFIX}same-{pair.first_id}"
    for question in queries.questions_by_id(ids):
        own = tags.get(question.id, ())
        if tag not in own:
            write_tags(question=question, tags=[*own, tag])
