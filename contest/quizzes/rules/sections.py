"""Sections of a paper with a time limit of their own: their spans, and how decisions move them.

A round's sections are runs of questions in the paper's order, each with its seconds; an attempt
goes through them one way. A section begins when the one before it ends, or earlier when the person
goes on; time that is left over is not carried on. What a section received up to and at the end of
its grace counts; of one that was left nothing more does. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from contest.core.clock import from_micros, micros
from contest.core.errors import InvalidInput
from contest.core.i18n import lazy_gettext as _l

MOST_SECTIONS: Final = 8
SHORTEST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(days=1)
_MICRO: Final = timedelta(microseconds=1)


class SectionsWrong(InvalidInput):
    """Sections that no paper can be divided into."""

    message = _l(
        "There are 2 to %(most)s sections; each has at least one question and 30 seconds, and all "
        "together take 24 hours at most.",
        most=MOST_SECTIONS,
    )


@dataclass(frozen=True, slots=True)
class Section:
    """A section as the round's settings have it: so many questions, so many seconds."""

    questions: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Span:
    """A section of one attempt.

    Attributes:
        first: its first slot, counted from 0.
        last: its last slot, the prediction's where that is asked and the section is the last.
        begins_at: from when on answers are taken.
        ends_at: what the person's clock counts down to.
        until: up to and at which instant the server still counts what it receives.
        seconds: by the settings; shares of added time go by it.
        is_left: the person has gone on from it before its end.
    """

    first: int
    last: int
    begins_at: datetime
    ends_at: datetime
    until: datetime
    seconds: int
    is_left: bool = False


def read_sections(stored: Iterable[Mapping[str, Any]] | None) -> tuple[Section, ...]:
    """From the JSON of a round: `{"q": questions, "s": seconds}`."""
    return tuple(Section(each["q"], each["s"]) for each in stored or ())


def write_sections(sections: Iterable[Section]) -> list[dict[str, int]] | None:
    """As a round keeps them; None where there are none."""
    return [{"q": each.questions, "s": each.seconds} for each in sections] or None


def checked_sections(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, where they can be used.

    Raises:
        SectionsWrong: there is only one, or one is empty or shorter than half a minute.
    """
    if not sections:
        return ()
    whole = sum_of(sections)
    if not 1 < len(sections) <= MOST_SECTIONS or whole > LONGEST.total_seconds():
        raise SectionsWrong
    if any(each.questions < 1 or each.seconds < SHORTEST.total_seconds() for each in sections):
        raise SectionsWrong
    return tuple(sections)


def sum_of(sections: Iterable[Section]) -> int:
    """The seconds of all sections: the time limit of the attempt."""
    return sum(each.seconds for each in sections)


def questions_of(sections: Iterable[Section]) -> int:
    """How many questions the sections hold."""
    return sum(each.questions for each in sections)


def shares(whole: timedelta, weights: Sequence[int]) -> list[timedelta]:
    """A time divided by weights; what a microsecond cannot divide goes to the later ones."""
    total, given = sum(weights), 0
    parts: list[timedelta] = []
    ahead = 0
    for weight in weights:
        ahead += weight
        reached = (whole // _MICRO) * ahead // total
        parts.append((reached - given) * _MICRO)
        given = reached
    return parts


def spans_of(
    sections: Sequence[Section],
    slots: int,
    *,
    started_at: datetime,
    deadline_at: datetime,
    grace: timedelta,
) -> tuple[Span, ...]:
    """Divide an attempt that begins now; the last section takes every slot that remains.

    The time really available is shared by the seconds of the sections: extra time and a close that
    cuts reach all of them alike.
    """
    found: list[Span] = []
    first, at = 0, started_at
    parts = shares(deadline_at - started_at, [each.seconds for each in sections])
    for place, (section, part) in enumerate(zip(sections, parts, strict=True), start=1):
        last = slots - 1 if place == len(sections) else first + section.questions - 1
        ends = at + part
        found.append(Span(first, last, at, ends, ends + grace, section.seconds))
        first, at = last + 1, ends
    return tuple(found)


def read_spans(stored: Iterable[Mapping[str, Any]] | None) -> tuple[Span, ...]:
    """From an attempt's row, see `write_spans`; empty where it has no sections."""
    return tuple(
        Span(
            each["f"],
            each["t"],
            from_micros(each["b"]),
            from_micros(each["e"]),
            from_micros(each["u"]),
            each["s"],
            "l" in each,
        )
        for each in stored or ()
    )


def write_spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    """As an attempt's row keeps them, with instants in microseconds UTC.

    `f` and `t` are the first and the last slot, `b`, `e` and `u` begin, end and end of the grace,
    `s` the seconds of the settings, `l` stands where the person has gone on before the end.
    `actions.saves.SAVE` reads them in SQL.
    """
    return [
        {
            "f": each.first,
            "t": each.last,
            "b": micros(each.begins_at),
            "e": micros(each.ends_at),
            "u": micros(each.until),
            "s": each.seconds,
            **({"l": 1} if each.is_left else {}),
        }
        for each in spans
    ]


def place_at(spans: Sequence[Span], now: datetime) -> int:
    """In which section an attempt stands, from 0; at the end of one the next has begun.

    After the end of all it is the last one.
    """
    for place, each in enumerate(spans):
        if not each.is_left and now < each.ends_at:
            return place
    return len(spans) - 1


@dataclass(frozen=True, slots=True)
class Present:
    """The section in which an attempt stands.

    Attributes:
        number: from 1.
        count: how many there are.
        first: its first slot.
        last: its last slot.
        ends_at: what the person's clock counts down to.
        until: up to and at which instant what it receives counts.
    """

    number: int
    count: int
    first: int
    last: int
    ends_at: datetime
    until: datetime

    @property
    def is_last(self) -> bool:
        """Whether the attempt ends with it."""
        return self.number == self.count


def present_at(
    spans: Sequence[Span], slots: int, deadline_at: datetime, grace_until: datetime, now: datetime
) -> Present:
    """The section in which an attempt stands; where there are none, the whole paper is one."""
    if not spans:
        return Present(1, 1, 0, slots - 1, deadline_at, grace_until)
    place = place_at(spans, now)
    span = spans[place]
    return Present(place + 1, len(spans), span.first, span.last, span.ends_at, span.until)


def left_behind(spans: Sequence[Span], now: datetime) -> tuple[Span, ...]:
    """The sections of an attempt whose person goes on from the present one now.

    The left one takes nothing more from now on; the next begins now with its whole time, and the
    later ones follow. Unchanged in the last section.
    """
    place = place_at(spans, now)
    if place + 1 >= len(spans):
        return tuple(spans)
    left = spans[place]
    earlier = left.ends_at - now
    gone = replace(left, ends_at=now, until=now - _MICRO, is_left=True)
    return (*spans[:place], gone, *(moved(each, -earlier) for each in spans[place + 1 :]))


@dataclass(frozen=True, slots=True)
class HeldSection:
    """A section of a finished attempt, as its receipt tells it; `ended_at` is None unreached."""

    questions: int
    answered: int
    ended_at: datetime | None
    is_left: bool


def held_sections(
    spans: Iterable[Span], questions: int, answered: Collection[int], submitted_at: datetime | None
) -> list[HeldSection]:
    """What became of each section.

    Args:
        spans: of the attempt.
        questions: of the paper, without the prediction.
        answered: slots with an answer.
        submitted_at: when it was handed in or closed.
    """
    found: list[HeldSection] = []
    for each in spans:
        slots = range(each.first, min(each.last + 1, questions))
        ended: datetime | None = each.ends_at
        if submitted_at is not None and submitted_at < each.ends_at:
            ended = submitted_at if submitted_at >= each.begins_at else None
        found.append(
            HeldSection(len(slots), sum(slot in answered for slot in slots), ended, each.is_left)
        )
    return found


def moved(span: Span, by: timedelta) -> Span:
    """A span with all its instants moved."""
    return replace(
        span, begins_at=span.begins_at + by, ends_at=span.ends_at + by, until=span.until + by
    )


def with_more(spans: Sequence[Span], more: timedelta, now: datetime) -> tuple[Span, ...]:
    """Share added time among the sections that have not ended, by their seconds.

    Where all have ended, and the grace runs, the last one gets it.
    """
    place = place_at(spans, now)
    parts = shares(more, [each.seconds for each in spans[place:]])
    found, shift = list(spans[:place]), timedelta(0)
    for each, part in zip(spans[place:], parts, strict=True):
        later = moved(each, shift)
        found.append(replace(later, ends_at=later.ends_at + part, until=later.until + part))
        shift += part
    return tuple(found)


def after_pause(spans: Sequence[Span], from_at: datetime, lost: timedelta) -> tuple[Span, ...]:
    """The clock stood still: every instant after the beginning of the pause comes later.

    A section that the pause swallowed is open again. What the person went on from stays left, and
    so does the instant of going on with which the next one began.
    """
    found: list[Span] = []
    for place, each in enumerate(spans):
        if each.is_left or each.ends_at <= from_at:
            found.append(each)
            continue
        later = moved(each, lost)
        if each.begins_at <= from_at or (place and spans[place - 1].is_left):
            later = replace(later, begins_at=each.begins_at)
        found.append(later)
    return tuple(found)
