"""What a question's figures say, in words that need no course in statistics. Pure.

The limits are those that Vietnamese handbooks of testing give: facility 0.2 to 0.95, discrimination
30 is good, below 15 weak. A verdict is a hint for a person, never a decision.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from question_bank.statistics.drawn import OptionCount
from question_bank.statistics.figures import ItemFigures

LEAST_ATTEMPTS: Final = 30
EASY: Final = 0.95
HARD: Final = 0.2
WEAK: Final = 15.0
GOOD: Final = 30.0
_RARE: Final = 0.02
_LEAST_OF_THIRD: Final = 5


class Level(IntEnum):
    """How much a verdict matters."""

    GOOD = 0
    NOTE = 1
    LOOK = 2
    WRONG = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that the figures say about a question."""

    code: str
    level: Level
    words: Words


@dataclass(frozen=True, slots=True)
class NamedOption:
    """An option of the table with the letter by which its author knows it."""

    letter: str
    is_key: bool
    count: OptionCount


def verdicts(
    figures: ItemFigures, options: Sequence[NamedOption], met: OptionCount
) -> tuple[Verdict, ...]:
    """What stands out about a question, the gravest first.

    Args:
        figures: over the attempts that met it.
        options: of a choice question; empty for other kinds.
        met: how many of each third met it.
    """
    if figures.attempts < LEAST_ATTEMPTS or figures.facility is None:
        return (
            Verdict(
                "few",
                Level.NOTE,
                _l(
                    "Too few attempts to judge: at least %(count)s are needed.",
                    count=LEAST_ATTEMPTS,
                ),
            ),
        )
    found = [
        *_about_key(figures, options, met),
        *_about_facility(figures.facility),
        *_about_discrimination(figures),
        *_about_options(options, met),
    ]
    if not any(each.level >= Level.LOOK for each in found) and _is_good(figures):
        found.append(
            Verdict("good", Level.GOOD, _l("A good question: it tells strong from weak papers."))
        )
    if not found:
        found.append(Verdict("fair", Level.GOOD, _l("Nothing stands out.")))
    return tuple(sorted(found, key=lambda each: -each.level))


def _is_good(figures: ItemFigures) -> bool:
    return figures.discrimination_index is not None and figures.discrimination_index >= GOOD


def _about_key(
    figures: ItemFigures, options: Sequence[NamedOption], met: OptionCount
) -> list[Verdict]:
    """The best chose something else than the key more often than the key."""
    rival = favourite(options)
    if rival is not None and met.top >= _LEAST_OF_THIRD:
        return [
            Verdict(
                "key",
                Level.WRONG,
                _l(
                    "The key may be wrong: the high-scoring group chooses %(letter)s.",
                    letter=rival.letter,
                ),
            )
        ]
    if figures.discrimination_index is not None and figures.discrimination_index < 0:
        return [
            Verdict(
                "reversed",
                Level.WRONG,
                _l("Works in reverse: strong papers do worse on it than weak ones."),
            )
        ]
    return []


def favourite(options: Sequence[NamedOption]) -> NamedOption | None:
    """The wrong option that the top third chose more often than any right one, if there is one.

    Its share must also rise with the total: what everybody believes is only hard.
    """
    keys = [each for each in options if each.is_key]
    wrong = [each for each in options if not each.is_key]
    if not keys or not wrong:
        return None
    rival = max(wrong, key=lambda each: each.count.top)
    if rival.count.top <= max(each.count.top for each in keys):
        return None
    return rival if rival.count.top > rival.count.bottom else None


def _about_facility(facility: float) -> list[Verdict]:
    if facility == 1:
        return [Verdict("all", Level.NOTE, _l("Everybody is right: it tells nobody apart."))]
    if facility == 0:
        return [
            Verdict("nobody", Level.LOOK, _l("Nobody is right: look at the key and the words."))
        ]
    if facility > EASY:
        return [Verdict("easy", Level.NOTE, _l("Very easy: almost everybody is right."))]
    if facility < HARD:
        return [Verdict("hard", Level.LOOK, _l("Very hard: fewer are right than by guessing."))]
    return []


def _about_discrimination(figures: ItemFigures) -> list[Verdict]:
    index = figures.discrimination_index
    if index is None or not 0 <= index < WEAK or figures.facility is None:
        return []
    if figures.facility > EASY:
        return []
    return [Verdict("weak", Level.LOOK, _l("Hardly tells strong from weak papers."))]


def _about_options(options: Sequence[NamedOption], met: OptionCount) -> list[Verdict]:
    idle: Collection[str] = [
        each.letter for each in options if not each.is_key and each.count.total < _RARE * met.total
    ]
    if not idle or len(idle) == len(options):
        return []
    return [
        Verdict(
            "idle",
            Level.NOTE,
            _l("Hardly anybody chooses %(letters)s.", letters=", ".join(sorted(idle))),
        )
    ]
