"""Thousands of attempts at once, each as `start_attempt`, saves and `submit_attempt` leave it.

Papers are drawn and attempts are finished by the room's own functions; what is done here in one
statement for many rows is the insertion of attempts, ledger lines and events.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any, Final, cast

from sqlalchemy import Table, insert, select

from contest.contests.models import Round
from contest.core import audit
from contest.core.db import db
from contest.demo.season.crowd import Member
from contest.quizzes.actions.attempts import stored_paper
from contest.quizzes.actions.closing import finish_attempts
from contest.quizzes.models import Attempt, ClosedBy, LedgerLine, QuizRound
from contest.quizzes.queries.rounds import frozen_pool, round_terms
from contest.quizzes.rules import timing
from contest.quizzes.rules.answers import pack
from contest.quizzes.rules.terms import Terms
from question_bank.drawing import FrozenPool, derive_seed, draw
from question_bank.kinds.choice import ChoiceBody
from question_bank.queries import revisions

BATCH: Final = 1_000
_GAP: Final = timedelta(minutes=20)
_LATEST: Final = timedelta(minutes=16)
_ALL_RIGHT: Final = 0.9


@dataclass(frozen=True, slots=True)
class Sitting:
    """An attempt to be made.

    Attributes:
        member: whose.
        ordinal: the member's so many'th in the round.
        skill: the share of questions they know, to 1.
        seconds: how long they take.
    """

    member: Member
    ordinal: int
    skill: float
    begun: datetime
    seconds: float
    done: datetime


@dataclass(slots=True)
class Memory:
    """Which questions each person has met in the contest, by person."""

    seen: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def plan(
    members: Sequence[Member],
    *,
    count: int,
    most: int,
    first: datetime,
    last: datetime,
    seed: str,
) -> list[Sitting]:
    """Who sits when: so many attempts in a window, in the order of their beginning.

    Args:
        members: who may take part.
        count: attempts in all.
        most: of one person, by the rules.
        first: the opening.
        last: no attempt begins later.
        seed: the same makes the same plan.
    """
    chance = random.Random(seed)  # noqa: S311  (fiction needs no secrecy)
    taken = _shares(len(members), count, most, chance)
    window = (last - _LATEST - first).total_seconds()
    found: list[Sitting] = []
    for member, times in zip(members, taken, strict=True):
        skill = min(0.995, max(0.35, chance.betavariate(7, 2)))
        room = window - _GAP.total_seconds() * times
        moments = sorted(chance.random() * room for _ in range(times))
        for place, moment in enumerate(moments):
            begun = first + timedelta(seconds=moment) + _GAP * place
            seconds = 180 + chance.random() * 600
            done = begun + timedelta(seconds=seconds, milliseconds=chance.randrange(1000))
            found.append(Sitting(member, place + 1, skill, begun, seconds, done))
    return sorted(found, key=lambda each: (each.begun, each.member.person_id))


def _shares(people: int, count: int, most: int, chance: random.Random) -> list[int]:
    """How many attempts each makes: most people one or two, some as many as they may."""
    wanted = [min(most, 1 + int(chance.expovariate(0.55))) for _ in range(people)]
    left = count - sum(wanted)
    while left:
        place = int(chance.random() * people)
        step = 1 if left > 0 else -1
        if 0 <= wanted[place] + step <= most:
            wanted[place] += step
            left -= step
    return wanted


def hold(contest_round: Round, sittings: Sequence[Sitting], memory: Memory, *, seed: str) -> int:
    """Make the attempts of a round, in batches; the caller holds the unit of work.

    Returns:
        How many were made.
    """
    held = _frozen(contest_round)
    waiting = iter(sittings)
    made = 0
    while batch := list(islice(waiting, BATCH)):
        _hold_batch(contest_round, held, batch, memory, seed)
        made += len(batch)
    return made


@dataclass(frozen=True, slots=True)
class _Held:
    """What every paper of an opened round is drawn from."""

    terms: Terms
    pool: FrozenPool


def _frozen(contest_round: Round) -> _Held:
    digest = db.session.scalar(
        select(QuizRound.pool_digest).where(QuizRound.round_id == contest_round.id)
    )
    terms = round_terms(contest_round.id, digest)
    assert terms is not None  # noqa: S101  (the round is open)
    return _Held(terms, frozen_pool(contest_round.id, digest))


def _hold_batch(
    contest_round: Round, held: _Held, batch: Sequence[Sitting], memory: Memory, seed: str
) -> None:
    rows = [_row(contest_round, held, each, memory) for each in batch]
    keys = db.session.execute(
        insert(Attempt).returning(Attempt.id, Attempt.public_id, sort_by_parameter_order=True),
        rows,
    ).all()
    claimed = [
        SimpleNamespace(**row, id=key[0], public_id=key[1])
        for row, key in zip(rows, keys, strict=True)
    ]
    db.session.connection().execute(
        insert(cast("Table", LedgerLine.__table__)),
        [
            line
            for each, row in zip(batch, claimed, strict=True)
            for line in lines_of(each, row, seed)
        ],
    )
    finish_attempts(
        claimed=claimed,
        closed_by=ClosedBy.PERSON,
        numbers={contest_round.id: contest_round.number},
    )
    audit.record_many(_events(contest_round, batch, claimed))


def _row(contest_round: Round, held: _Held, each: Sitting, memory: Memory) -> dict[str, Any]:
    """The columns of an attempt that was claimed for handing in."""
    terms = held.terms
    seen = memory.seen[each.member.person_id]
    paper = draw(
        terms.blueprint,
        held.pool,
        derive_seed(bytes.fromhex(terms.seed or ""), each.member.entry_public_id, each.ordinal),
        frozenset(seen),
        shuffle_questions=terms.shuffle_questions,
        shuffle_options=terms.shuffle_options,
    )
    found = timing.limits_of_start(terms, contest_round.closes_at, each.begun, timedelta(0))
    values = {
        "round_id": contest_round.id,
        "entry_id": each.member.entry_id,
        "person_id": each.member.person_id,
        "ordinal": each.ordinal,
        "paper": stored_paper(
            paper, asks_prediction=terms.prediction_asked, set_questions=terms.set_questions
        ),
        "seen": sorted(seen),
        "writer": 1,
        "question_count": terms.question_count,
        "started_at": each.begun,
        "deadline_at": found.deadline_at,
        "grace_until": found.grace_until,
        "address": "",
        "device": "",
        "pauses": None,
        "submitted_at": each.done,
        "closed_by": ClosedBy.PERSON,
    }
    seen.update(known.question_id for known in revisions(paper.revision_ids).values())
    return values


def lines_of(each: Sitting, row: Any, seed: str) -> Iterator[dict[str, object]]:
    """The ledger of a sitting, the same for the same seed.

    Args:
        each: who sits, how long, how well.
        row: the attempt, or anything with its id, round_id and paper.
        seed: of the round's answers.
    """
    chance = random.Random(  # noqa: S311  (see above)
        f"{seed} {each.member.person_id} {each.ordinal}"
    )
    return _answers(row, each, chance)


def _answers(row: Any, each: Sitting, chance: random.Random) -> Iterator[dict[str, object]]:
    """The ledger of a sitting: what a person of this skill answers, slot after slot.

    How many are right depends on the chance alone, not on the questions that were drawn.
    """
    known = revisions([slot["r"] for slot in row.paper if "r" in slot])
    sure = 0.5 + each.skill / 2 if each.skill > _ALL_RIGHT else each.skill
    step = each.seconds / (len(row.paper) + 1)
    for position, slot in enumerate(row.paper):
        lot, other = chance.random(), chance.random()
        if "p" in slot:
            answer: tuple[str, ...] = (str(int(lot * lot * 900)),)
        else:
            body = known[slot["r"]].body
            assert isinstance(body, ChoiceBody)  # noqa: S101  (the sample holds choices)
            right = tuple(option for option in slot["o"] if option in body.key)
            wrong = [option for option in slot["o"] if option not in body.key] or slot["o"]
            answer = right if lot < sure else (wrong[int(other * len(wrong))],)
        yield {
            "round_id": row.round_id,
            "attempt_id": row.id,
            "epoch": 1,
            "sequence": position + 1,
            "slot": position,
            "answer": pack(answer),
            "received_at": each.begun + timedelta(seconds=step * (position + 1)),
        }


def _events(
    contest_round: Round, batch: Sequence[Sitting], claimed: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    scope_id = contest_round.contest.scope_id
    for each, row in zip(batch, claimed, strict=True):
        yield audit.event_values(
            "quizzes.attempt_started",
            actor=each.member.actor,
            now=each.begun,
            subject=("attempt", row.id),
            scope_id=scope_id,
            data={"round": contest_round.id, "ordinal": each.ordinal},
        )
        yield audit.event_values(
            "quizzes.attempt_submitted",
            actor=each.member.actor,
            now=each.done,
            subject=("attempt", row.id),
            scope_id=scope_id,
            data={"ordinal": each.ordinal},
        )
