"""Annulling a round: upper rooms register what they take back with it, in the same decision."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contest.contests.models import Round
from contest.core.access import Actor
from contest.core.errors import Words


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an annulment may take back beside the round.

    Attributes:
        code: name of the room's part, for the form.
        question: what is asked ("Revoke all 18 certificates …").
        hint: what happens where it is left alone.
    """

    code: str
    question: Words
    hint: Words = ""


class AnnulmentFollower(Protocol):
    """A room that gave something for a round, and may take it back when the round is annulled."""

    def asks(self, round: Round, /) -> TakenBack | None:
        """What could be taken back; None where nothing stands."""

    def take_back(self, *, round: Round, reason: str, actor: Actor, now: datetime) -> Words:
        """Take it back, in the transaction of the annulment; says what was done."""


_followers: dict[str, AnnulmentFollower] = {}


def register_annulment_follower(code: str, follower: AnnulmentFollower) -> None:
    """Make a follower known; registering it again replaces it."""
    _followers[code] = follower


def taken_back_with(round: Round) -> list[TakenBack]:
    """What an annulment of a round may take back, in the order of the rooms' names."""
    found = [_followers[code].asks(round) for code in sorted(_followers)]
    return [one for one in found if one is not None]


def take_back(
    codes: Collection[str], *, round: Round, reason: str, actor: Actor, now: datetime
) -> list[Words]:
    """Take back what was chosen; says what was done, in the order of the rooms' names."""
    return [
        _followers[code].take_back(round=round, reason=reason, actor=actor, now=now)
        for code in sorted(_followers)
        if code in codes
    ]
