"""The sentences of results: prizes, keys, reasons for places, and the trace of an allocation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contest.contests.kinds import implementation, rank_key
from contest.contests.models import ContestKind, Round
from contest.core.errors import Words
from contest.core.i18n import format_count, language, ngettext
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.results.models import Over, PrizeCode, TiePolicy
from contest.results.rules.allocation import first_difference
from contest.results.rules.trace import TraceCode, TraceLine

PRIZE_NAMES: Final[dict[PrizeCode, Words]] = {
    PrizeCode.SPECIAL: _l("Special prize"),
    PrizeCode.FIRST: _l("First prize"),
    PrizeCode.SECOND: _l("Second prize"),
    PrizeCode.THIRD: _l("Third prize"),
    PrizeCode.CONSOLATION: _l("Consolation prize"),
}
POLICY_NAMES: Final[dict[TiePolicy, Words]] = {
    TiePolicy.STOP: _l("Stop, a person decides"),
    TiePolicy.EXPAND: _l("All get it"),
    TiePolicy.SHRINK: _l("All go on to the next level"),
}
_COLUMNS: Final = 3
_ROUND_WORDS: Final = frozenset(
    ("Tuần", "Vòng", "Kỳ", "Đợt", "Ngày", "Tháng", "Chặng", "Cuộc", "Hội")
)


def prize_name(code: PrizeCode | str, name: str = "") -> str:
    """The name of a level: the organiser's own, else the usual one in the reader's language."""
    return name or str(PRIZE_NAMES[PrizeCode(code)])


def in_sentence(title: str) -> str:
    """The title of a round as it stands behind other words: "Kết quả tuần 2".

    Only words that are no names begin small there.
    """
    return _small(title) if language() == "vi" else title


def _small(title: str) -> str:
    first, space, rest = title.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in _ROUND_WORDS else title


def title_of(over: Over) -> str:
    """The title of a round, or the words for the totals of a contest."""
    return over.title if isinstance(over, Round) else str(_("Total over the rounds"))


def told_title(over: Over) -> str:
    """The same behind other words: "Kết quả tuần 2"."""
    return in_sentence(over.title) if isinstance(over, Round) else str(_("the whole contest"))


def document_title(over: Over) -> str:
    """The same in documents, which are in Vietnamese whatever language is read."""
    return _small(over.title) if isinstance(over, Round) else "chung cuộc"


@dataclass(frozen=True, slots=True)
class KeyWords:
    """Words for the keys of a ranking.

    Attributes:
        kind: of the round.
        codes: of the keys, in their order.
    """

    kind: ContestKind
    codes: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """The keys' names."""
        return [self.label(code) for code in self.codes]

    @property
    def columns(self) -> list[str]:
        """Codes of the keys that a table shows: the first three."""
        return list(self.codes[:_COLUMNS])

    def label(self, code: str) -> str:
        """The name of a key; its code while nobody has registered it."""
        known = rank_key(code)
        return str(known.label) if known else code

    def explanation(self, code: str) -> str:
        """What is better in a key."""
        known = rank_key(code)
        return str(known.explanation) if known else ""

    def shown(self, position: int, values: Sequence[int]) -> str:
        """The value of a key alone."""
        return implementation(self.kind).shown(self.codes[position], values[position])

    def phrase(self, position: int, values: Sequence[int]) -> str:
        """The value of a key in words: "20 câu đúng"."""
        return self.told(self.codes[position], values[position])

    def told(self, code: str, value: int) -> str:
        """A value of a key in words."""
        return implementation(self.kind).explain(code, value)

    def sentence(self, values: Sequence[int], upto: int = _COLUMNS) -> str:
        """The first keys in words: "20 câu đúng, dự đoán lệch 1, làm bài trong 7:58,204"."""
        count = min(upto, len(self.codes), len(values))
        return ", ".join(self.phrase(position, values) for position in range(count))

    def reason(self, values: Sequence[int], above: Sequence[int] | None, place: int) -> str:
        """Why an entry stands where it does.

        The first key that differs from the place above, and what stands there.
        """
        cut = None if above is None else first_difference(above, values)
        if above is None or cut is None:
            return str(_("nobody stands above"))
        return str(
            _(
                "%(mine)s; place %(place)s: %(theirs)s",
                mine=self.phrase(cut, values),
                place=format_count(place),
                theirs=self.phrase(cut, above),
            )
        )


def trace_sentence(
    line: TraceLine,
    *,
    level: str,
    names: Callable[[Sequence[int]], str],
    keys: KeyWords,
    sealed: bool = False,
) -> str:
    """One step of an allocation as a sentence.

    Args:
        line: the step.
        level: name of the level it is about.
        names: the entries concerned, in words.
        keys: words for the ranking's keys.
        sealed: the codes are closed, so that the sentence must not say whom a rule meets.
    """
    facts = {
        "names": names(line.entries),
        "level": level,
        "place": format_count(line.place or 0),
        "left": format_count(line.count),
        "number": format_count(len(line.entries)),
        "reason": line.reason,
    }
    if sealed and line.code in _TELLING:
        return str(_SEALED) % facts
    if line.code is TraceCode.NEXT:
        return _next_sentence(line, facts, keys)
    if line.code is TraceCode.LEFT_OVER:
        return str(
            ngettext(
                "%(level)s: %(num)s prize stays empty, because nobody else is ranked.",
                "%(level)s: %(num)s prizes stay empty, because nobody else is ranked.",
                line.count,
                level=level,
            )
        )
    if line.code is TraceCode.WITHHELD:
        return str(
            ngettext(
                "%(level)s: %(num)s prize is left empty by decision. %(reason)s",
                "%(level)s: %(num)s prizes are left empty by decision. %(reason)s",
                line.count,
                level=level,
                reason=line.reason,
            )
        )
    if line.code in {TraceCode.CARRIED_IN, TraceCode.CARRIED_ON}:
        return _carried_sentence(line, level)
    return str(_SENTENCES[line.code]) % facts


def _carried_sentence(line: TraceLine, level: str) -> str:
    if line.code is TraceCode.CARRIED_IN:
        return str(
            ngettext(
                "%(level)s: %(num)s prize more, which nobody got in %(round)s.",
                "%(level)s: %(num)s prizes more, which nobody got in %(round)s.",
                line.count,
                level=level,
                round=line.reason,
            )
        )
    return str(
        ngettext(
            "%(level)s: %(num)s prize goes on to %(round)s.",
            "%(level)s: %(num)s prizes go on to %(round)s.",
            line.count,
            level=level,
            round=line.reason or _("the prizes over the total"),
        )
    )


_TELLING: Final = frozenset(
    {
        TraceCode.TAKES_NO_PRIZE,
        TraceCode.WON_BEFORE,
        TraceCode.HAS_ONE,
        TraceCode.AUTHOR_FULL,
        TraceCode.UNIT_FULL,
        TraceCode.DRAWN_OUT,
    }
)
_SEALED: Final = _l(
    "%(names)s at place %(place)s is passed over by a rule of the contest (an exclusion or a"
    " limit). Which one, this page says once the codes are open."
)

_SENTENCES: Final[Mapping[TraceCode, Words]] = {
    TraceCode.GIVEN: _l("%(level)s for place %(place)s: %(names)s."),
    TraceCode.EXPANDED: _l(
        "%(level)s for all %(number)s at place %(place)s (%(left)s were left): %(names)s. They are"
        " equal in every key."
    ),
    TraceCode.SHRUNK: _l(
        "%(level)s: %(number)s people are equal at place %(place)s and only %(left)s were left, so"
        " none of them gets it; they go on to the next level: %(names)s."
    ),
    TraceCode.STOPPED: _l(
        "%(level)s: %(number)s people are equal at place %(place)s and only %(left)s were left. A"
        " person has to decide: %(names)s."
    ),
    TraceCode.CHOSEN: _l("%(level)s among equals at place %(place)s: %(names)s. %(reason)s"),
    TraceCode.PASSED_ON: _l("%(names)s go on to the next level after %(level)s. %(reason)s"),
    TraceCode.TAKES_NO_PRIZE: _l(
        "%(names)s at place %(place)s works for the contest and takes no prize."
    ),
    TraceCode.WON_BEFORE: _l(
        "%(names)s at place %(place)s has another prize of this contest already."
    ),
    TraceCode.HAS_ONE: _l("%(names)s at place %(place)s has a prize of this round already."),
    TraceCode.AUTHOR_FULL: _l(
        "%(names)s at place %(place)s: an author gets at most %(left)s prizes, and has them."
    ),
    TraceCode.UNIT_FULL: _l(
        "%(names)s at place %(place)s: a unit gets at most %(left)s prizes, and theirs has them."
    ),
    TraceCode.DRAWN_OUT: _l(
        "%(names)s at place %(place)s: a unit gets at most %(left)s prizes; among equals of the"
        " same unit the lots of this ranking chose others."
    ),
}


PASSED_WORDS: Final[Mapping[TraceCode, Words]] = {
    TraceCode.TAKES_NO_PRIZE: _l("Whoever works for the contest takes no prize."),
    TraceCode.WON_BEFORE: _l(
        "You have another prize of this contest already, and each person receives at most one."
    ),
    TraceCode.HAS_ONE: _l(
        "You have a prize of this round already, and each person receives at most one."
    ),
    TraceCode.AUTHOR_FULL: _l("An author gets only so many prizes, and you have them already."),
    TraceCode.UNIT_FULL: _l("A unit gets only so many prizes, and yours has them already."),
    TraceCode.DRAWN_OUT: _l(
        "A unit gets only so many prizes; among equals of your unit the lots chose others."
    ),
}
"""To somebody past whom prizes went, by which rule."""


def _next_sentence(line: TraceLine, facts: Mapping[str, str], keys: KeyWords) -> str:
    if line.key is None or line.key >= len(keys.codes):
        return str(_("No prize is left for place %(place)s: %(names)s.", **facts))
    code = keys.codes[line.key]
    return str(
        _(
            "No prize is left for place %(place)s: %(names)s. %(key)s separates them from the last"
            " prize: %(theirs)s against %(best)s.",
            **facts,
            key=keys.label(code),
            theirs=keys.told(code, line.values[1]),
            best=keys.told(code, line.values[0]),
        )
    )
