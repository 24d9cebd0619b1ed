"""The words of unit prizes and side prizes: measures, their values, and the steps of the trace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from contest.contests.models import ContestKind
from contest.core.errors import Words
from contest.core.i18n import format_count, format_date, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.results.models import Measure
from contest.results.rules.trace import TraceCode, TraceLine
from contest.results.rules.unit_standings import UnitKey, UnitStanding
from contest.results.rules.unit_words import KEY_NAMES, phrase
from contest.results.rules.words import KeyWords, trace_sentence

MEASURE_NAMES: Final[dict[Measure, Words]] = {
    Measure.STANDING: _l("Units: in the order of units"),
    Measure.PERSONS: _l("Units: most persons"),
    Measure.ATTEMPTS: _l("Units: most attempts or entries"),
    Measure.RATIO: _l("Units: highest share of the head-count"),
    Measure.MEAN: _l("Units: highest mean of points"),
    Measure.WINNERS: _l("Units: most prizes of its people"),
    Measure.YOUNGEST: _l("The youngest contestant"),
    Measure.OLDEST: _l("The oldest contestant"),
    Measure.EARLIEST_PERFECT: _l("The earliest with all points"),
    Measure.BY_HAND: _l("Chosen by the council by hand"),
}

_UNIT_SENTENCES: Final[Mapping[TraceCode, Words]] = {
    TraceCode.SHRUNK: _l(
        "%(level)s: %(number)s units are equal at place %(place)s and only %(left)s were left, so"
        " none of them gets it: %(names)s."
    ),
    TraceCode.STOPPED: _l(
        "%(level)s: %(number)s units are equal at place %(place)s and only %(left)s were left. A"
        " person has to decide: %(names)s."
    ),
}
_TEN_THOUSAND: Final = 10_000
_UNIT_CODES: Final = frozenset(key.value for key in UnitKey)


@dataclass(frozen=True, slots=True)
class MeasureWords(KeyWords):
    """Words for what prizes beside the levels are given by."""

    kind: ContestKind = ContestKind.QUIZ
    codes: tuple[str, ...] = field(default=())

    def label(self, code: str) -> str:
        """The name of a key."""
        if code in _UNIT_CODES:
            return str(KEY_NAMES[UnitKey(code)])
        return str(MEASURE_NAMES[Measure(code)])

    def told(self, code: str, value: int) -> str:
        """A value of a key in words; see `extra_prizes.told_key`."""
        if code in _UNIT_CODES:
            return phrase(UnitKey(code), _with_value(-value))
        if code == Measure.EARLIEST_PERFECT.value:
            return KeyWords(ContestKind.QUIZ, ("submitted_at",)).told("submitted_at", value)
        return str(_("born %(day)s", day=format_date(date.fromordinal(abs(value)))))


def _with_value(value: int) -> UnitStanding:
    """A unit that has this value in every key."""
    return UnitStanding(None, (), value, value, 1, value, value, headcount=_TEN_THOUSAND)


def extra_sentence(
    line: TraceLine,
    *,
    name: str,
    names: Callable[[Sequence[int]], str],
    keys: KeyWords,
    for_units: bool,
) -> str:
    """One step of giving a prize beside the levels as a sentence.

    Args:
        line: the step.
        name: of the prize.
        names: the units or entries concerned, in words.
        keys: words for what it is given by.
        for_units: whether units get it.
    """
    if line.code is TraceCode.PICKED:
        return str(
            _(
                "%(level)s for %(names)s, chosen by the council. %(reason)s",
                level=name,
                names=names(line.entries),
                reason=line.reason,
            )
        )
    if line.code is TraceCode.UNPICKED:
        return str(
            ngettext(
                "%(level)s: %(num)s prize stays empty, because the council chose nobody for it.",
                "%(level)s: %(num)s prizes stay empty, because the council chose nobody for them.",
                line.count,
                level=name,
            )
        )
    if for_units and line.code in _UNIT_SENTENCES:
        return str(_UNIT_SENTENCES[line.code]) % {
            "level": name,
            "names": names(line.entries),
            "number": format_count(len(line.entries)),
            "place": format_count(line.place or 0),
            "left": format_count(line.count),
        }
    if for_units and line.code is TraceCode.LEFT_OVER:
        return str(
            ngettext(
                "%(level)s: %(num)s prize stays empty, because no other unit has a place.",
                "%(level)s: %(num)s prizes stay empty, because no other unit has a place.",
                line.count,
                level=name,
            )
        )
    return trace_sentence(replace(line, extra=""), level=name, names=names, keys=keys)
