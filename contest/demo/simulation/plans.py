"""What invented contestants intend to do: pure, and the same again from the same seed.

A round is compressed into seconds: its last hour is the last sixth. People read, answer, change
their minds, reload, lose their line, press twice, go on on another device, or never hand in.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LAST_HOUR: Final = 1 / 6
_TURN_TO_LAST: Final = 0.8  # nobody else begins later than this, so that they have time to end


class Deed(StrEnum):
    """One thing that a contestant does."""

    ANSWER = "answer"  # the acknowledgement arrives
    LOST = "lost"  # sent, but the line is cut before the acknowledgement; sent again
    LATER = "later"  # the line is gone; sent when it is back
    RELOAD = "reload"
    TAKE_OVER = "take_over"  # opened on a second device; the first one is told
    HAND_IN = "hand_in"
    HAND_IN_TWICE = "hand_in_twice"
    VANISH = "vanish"  # never hands in


@dataclass(frozen=True, slots=True)
class Step:
    """A deed, after a pause in seconds; `slot` and `choice` (a chance from 0 to 1) of answers."""

    deed: Deed
    pause: float
    slot: int = 0
    choice: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One contestant: when they begin, whether they press twice, and what they do then."""

    begins: float
    starts_twice: bool
    steps: tuple[Step, ...]


def plans(
    *,
    people: int,
    questions: int,
    seconds: float,
    last_hour_share: float,
    seed: int,
    predicts: bool = False,
) -> list[Plan]:
    """What each contestant will do.

    Args:
        people: how many.
        questions: of the paper.
        seconds: how long the whole round lasts here.
        last_hour_share: share of the people who begin in the last hour, from 0 to 1.
        seed: the same gives the same plans.
        predicts: the paper ends in a prediction, which stands in the slot after its questions.

    Raises:
        ValueError: the share is no share, or there is nobody.
    """
    if people < 1 or not 0 <= last_hour_share <= 1:
        raise ValueError("people must be 1 or more, the share from 0 to 1")
    dice = random.Random(seed)  # noqa: S311  (nothing secret)
    late = round(people * last_hour_share)
    turn = seconds * (1 - LAST_HOUR)
    moments = [dice.uniform(0, turn * _TURN_TO_LAST) for _person in range(people - late)]
    moments += [dice.uniform(turn, seconds) for _person in range(late)]
    return [
        _plan(dice, begins, questions, seconds, predicts=predicts) for begins in sorted(moments)
    ]


def _plan(
    dice: random.Random, begins: float, questions: int, seconds: float, *, predicts: bool
) -> Plan:
    order = list(range(questions))
    changed = [slot for slot in order if dice.random() < 0.15]  # noqa: PLR2004
    reading = seconds * LAST_HOUR / (questions + len(changed) + 1)
    steps = [
        Step(
            dice.choices((Deed.ANSWER, Deed.LOST, Deed.LATER), (0.88, 0.06, 0.06))[0],
            dice.lognormvariate(0, 0.6) * reading * 0.5,
            slot,
            dice.random(),
        )
        for slot in order + changed + [questions] * predicts
        if dice.random() < 0.97  # noqa: PLR2004  (some questions stay empty)
    ]
    for deed, chance in ((Deed.RELOAD, 0.25), (Deed.TAKE_OVER, 0.08)):
        if dice.random() < chance:
            steps.insert(dice.randint(0, len(steps)), Step(deed, 0.0))
    ends = (Deed.HAND_IN, Deed.HAND_IN_TWICE, Deed.VANISH)
    end = dice.choices(ends, (0.8, 0.15, 0.05))[0]
    return Plan(begins, dice.random() < 0.1, (*steps, Step(end, 0.0)))  # noqa: PLR2004
