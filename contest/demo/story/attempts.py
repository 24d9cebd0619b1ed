"""Attempts of the demo: begun and handed in by the room's own actions.

Only the answers are written into the ledger directly, because the save is bound to a signed-in
device.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import insert

from contest.accounts.models import Person
from contest.contests.models import Registration, Round
from contest.core.access import Actor
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes import actions as quizzes
from contest.quizzes import queries as quiz_queries
from contest.quizzes.models import Attempt, LedgerLine
from contest.quizzes.rules.answers import pack
from question_bank.kinds.choice import ChoiceBody
from question_bank.queries import revisions

_ALL_RIGHT: Final = 0.9
_SEEN_TWICE: Final = 0.35


_COMPANY_DEVICE: Final = "Mozilla/5.0 (Linux; Android 14; SM-A155F)"
_COMPANY_ADDRESS: Final = "203.0.113.24"
_COMPANY_GUESS: Final = 41
_COMPANY_SPEED: Final = 20
_TIMES_AWAY: Final = 14


@dataclass(frozen=True, slots=True)
class Contestant:
    """A registered person of the crowd, and how well they know the matter (share of 1).

    Who has a `seat` (from 1) is of a small company that takes part on one phone, each quicker than
    reading and with a prediction one more than the one before: somebody should look at them.
    """

    registration: Registration
    actor: Actor
    skill: float
    seat: int = 0


def as_actor(person: Person) -> Actor:
    """Somebody of the crowd who acts for themself."""
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        full_name=person.full_name,
        locale="vi",
        sign_in_id=0,
        second_factor=False,
    )


def take(
    week: Round,
    contestant: Contestant,
    first: datetime,
    last: datetime,
    chance: random.Random,
) -> None:
    """One or two attempts at random moments of the window."""
    window = (last - first).total_seconds()
    if window <= 0:
        return
    attempts = 2 if chance.random() < _SEEN_TWICE else 1
    moments = sorted(chance.random() * window for _ in range(attempts))
    free_from = first
    for moment in moments:
        begun = max(first + timedelta(seconds=moment), free_from)
        if begun > last:
            return
        free_from = _one_attempt(week, contestant, begun, chance)


def _one_attempt(
    week: Round, contestant: Contestant, begun: datetime, chance: random.Random
) -> datetime:
    with unit_of_work():
        person_id = contestant.actor.person_id
        door = quiz_queries.doorway(person_id, week.contest.slug, week.number)
        assert door is not None  # noqa: S101  (`quiz_settings` made it)
        opened = quizzes.start_attempt(
            door=door,
            actor=contestant.actor,
            now=begun,
            agreed_in="vi",
            address=_COMPANY_ADDRESS if contestant.seat else "",
            device=_COMPANY_DEVICE if contestant.seat else "",
        )
        attempt = db.session.get_one(Attempt, opened.attempt_id)
        seconds = (180 + chance.random() * 600) / (_COMPANY_SPEED if contestant.seat else 1)
        lines = list(
            _answers(
                attempt,
                opened.epoch,
                contestant,
                begun=begun,
                seconds=seconds,
                chance=chance,
            )
        )
        db.session.execute(insert(LedgerLine), lines)
        done = begun + timedelta(seconds=seconds, milliseconds=chance.randrange(1000))
        own = quiz_queries.own_attempt(person_id, opened.public_id)
        assert own is not None  # noqa: S101  (it began just now)
        quizzes.submit_attempt(attempt=own, actor=contestant.actor, now=done)
    return done + timedelta(minutes=1)


def _answers(
    attempt: Attempt,
    epoch: int,
    contestant: Contestant,
    *,
    begun: datetime,
    seconds: float,
    chance: random.Random,
) -> Iterable[dict[str, object]]:
    known = revisions([slot["r"] for slot in attempt.paper if "r" in slot])
    for position, slot in enumerate(attempt.paper):
        if "p" in slot:
            guess = max(0, int(chance.gauss(12, 9)))
            seat = contestant.seat
            answer: tuple[str, ...] = (str(_COMPANY_GUESS + seat if seat else guess),)
        else:
            body = known[slot["r"]].body
            assert isinstance(body, ChoiceBody)  # noqa: S101  (the sample holds choices)
            answer = _answer(body.key, slot["o"], contestant.skill, chance)
        yield {
            "round_id": attempt.round_id,
            "attempt_id": attempt.id,
            "epoch": epoch,
            "sequence": position + 1,
            "slot": position,
            "answer": pack(answer),
            "away": _TIMES_AWAY if contestant.seat == 1 else None,
            "received_at": begun
            + timedelta(seconds=seconds * (position + 1) / (len(attempt.paper) + 1)),
        }


def _answer(
    key: frozenset[str], order: list[str], skill: float, chance: random.Random
) -> tuple[str, ...]:
    knows = chance.random() < (0.5 + skill / 2 if skill > _ALL_RIGHT else skill)
    if knows:
        return tuple(option for option in order if option in key)
    wrong = [option for option in order if option not in key] or order
    return (chance.choice(wrong),)
