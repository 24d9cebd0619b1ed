"""What the portal's pages decide: the way in, the life line, and how texts are laid out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from contest.contests.models import Round, Stage
from contest.contests.rules import STAGE_ORDER, Phase
from contest.core.vietnamese import fold, text_sort_key

NO_BREAK: Final = "\u00a0"
_COMPOUNDS: Final = (
    "Hồ Chí Minh",
    "tư tưởng",
    "đạo đức",
    "phong cách",
    "gương sáng",
    "Gương sáng",
    "Đà Lạt",
    "Xuân Hương",
    "Tỉnh ủy",
    "Thành ủy",
    "Đảng ủy",
    "Ban Tổ chức",
    "Việt Nam",
)
_HEADING: Final = re.compile(
    r"^(?:#+\s*)?(?P<title>(?:Điều|Chương|Mục|Phần|Article|Part)\s+[\dIVXLC]+\b.*|.{3,100}\?)$"
)
_HASH: Final = re.compile(r"^#+\s*(?P<title>\S.*)$")
_LONGEST_HEADING: Final = 140


class WayIn(StrEnum):
    """What the one big button of a contest page does."""

    NONE = "none"
    REGISTER = "register"
    WAIT = "wait"
    ENTER = "enter"
    RESUME = "resume"
    REFUSED = "refused"
    OVER = "over"
    RESULTS = "results"


def way_in(
    *,
    phase: Phase,
    is_published: bool,
    can_register: bool,
    is_registered: bool,
    is_running: bool,
    is_refused: bool,
) -> WayIn:
    """The step that is open to a reader of the contest page now.

    Args:
        phase: where now lies in the round's window.
        is_published: the round's results are public.
        can_register: people may join by themselves and the contest is not over.
        is_registered: the reader takes part.
        is_running: the reader has an attempt that still has time.
        is_refused: the reader may begin no further attempt.
    """
    if is_running:
        return WayIn.RESUME
    if is_published:
        return WayIn.RESULTS
    if phase is Phase.OVER:
        return WayIn.OVER
    if not is_registered:
        return WayIn.REGISTER if can_register else WayIn.NONE
    if phase is not Phase.OPEN:
        return WayIn.WAIT
    return WayIn.REFUSED if is_refused else WayIn.ENTER


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A step of the life line.

    Attributes:
        stage: which step.
        state: `done`, `now` or `todo`.
        at: when it happened, or when it is planned; None when nobody has said.
        is_actual: `at` is when it happened.
        late_seconds: how long the planned instant has passed without the step; 0 = in time.
    """

    stage: Stage
    state: str
    at: datetime | None
    is_actual: bool
    late_seconds: int


def life_line(
    round: Round,
    stage: Stage,
    *,
    announced_at: datetime | None,
    published_at: datetime | None,
    now: datetime,
) -> list[LifeStep]:
    """The six steps of a round, each with its instant.

    Args:
        round: whose times are read.
        stage: where the round stands at `now`.
        announced_at: when the plan became public.
        published_at: when the results were published.
        now: the present instant.
    """
    actual = {
        Stage.PLANNED: announced_at,
        Stage.OPEN: round.opened_at,
        Stage.CLOSED: round.closed_at,
        Stage.MARKING: None,
        Stage.DECIDED: None,
        Stage.PUBLISHED: published_at,
    }
    planned = {
        Stage.PLANNED: None,
        Stage.OPEN: round.opens_at,
        Stage.CLOSED: round.closes_at,
        Stage.MARKING: round.marked_by,
        Stage.DECIDED: round.decided_by,
        Stage.PUBLISHED: round.published_by,
    }
    here = STAGE_ORDER.index(stage)
    return [
        LifeStep(
            each,
            _step_state(position, here),
            actual[each] or planned[each],
            actual[each] is not None,
            _late(each, position, here, planned[each], now),
        )
        for position, each in enumerate(STAGE_ORDER)
    ]


def _step_state(position: int, here: int) -> str:
    last = len(STAGE_ORDER) - 1
    if position < here or position == here == last:
        return "done"
    return "now" if position == here else "todo"


def _late(step: Stage, position: int, here: int, planned: datetime | None, now: datetime) -> int:
    """Seconds by which a step is overdue; marking is due at its end, so it may be late at hand."""
    is_ahead = position > here or (position == here and step is Stage.MARKING)
    if planned is None or not is_ahead or now <= planned:
        return 0
    return int((now - planned).total_seconds())


@dataclass(frozen=True, slots=True)
class RulesSection:
    """A part of the rules under its heading; the text before the first heading has none."""

    title: str
    text: str


def rules_sections(text: str) -> list[RulesSection]:
    """The rules of a contest as parts that can be opened one by one.

    A heading is a line that begins with "#", or "Điều 3 …" and its like, or a short question.
    """
    sections: list[RulesSection] = []
    title, lines = "", list[str]()
    for line in [*text.splitlines(), None]:
        heading = "" if line is None else _heading(line.strip())
        if line is not None and not heading:
            lines.append(line)
            continue
        body = "\n".join(lines).strip()
        if title or body:
            sections.append(RulesSection(title, body))
        title, lines = heading, []
    return sections


def _heading(line: str) -> str:
    if not line or len(line) > _LONGEST_HEADING or line.startswith("-"):
        return ""
    found = _HASH.match(line) or _HEADING.match(line)
    return found["title"].strip() if found else ""


def keep_together(words: str) -> str:
    """Well-known compounds and names with spaces that do not break at the end of a line."""
    for compound in _COMPOUNDS:
        if compound in words:
            words = words.replace(compound, compound.replace(" ", NO_BREAK))
    return words


@dataclass(frozen=True, slots=True)
class UnitShare:
    """A unit in the chart of participation: people against head-count or against the largest."""

    name: str
    persons: int
    attempts: int
    headcount: int | None

    @property
    def rate(self) -> float | None:
        """Persons who took part of those there are; None when nobody was counted."""
        return self.persons / self.headcount if self.headcount else None


def list_place(stage: Stage, until: datetime | None) -> tuple[int, float]:
    """Where a contest stands in a list; smaller comes first.

    Open ones stand first, then planned ones, each with what happens soonest in front; then past
    ones, which keep the order they had.

    Args:
        stage: of the contest.
        until: when its round closes or opens, if that is known.
    """
    kinds = {Stage.OPEN: 0, Stage.PLANNED: 1}
    if stage not in kinds:
        return len(kinds), 0.0
    return kinds[stage], until.timestamp() if until else float("inf")


def by_share(units: list[UnitShare]) -> list[UnitShare]:
    """The fullest first: by rate where there is one, then by persons, then by name."""
    return sorted(units, key=lambda unit: (-(unit.rate or 0), -unit.persons, unit.name))


UNIT_ORDERS: Final = ("unit", "persons", "attempts", "headcount", "rate")
"""Columns by which the table of units may be sorted."""


def found_units(
    units: Sequence[UnitShare], query: str, order: str, *, descending: bool
) -> list[UnitShare]:
    """Units whose name holds every word, sorted by a column; empty values stand last.

    Args:
        units: as they are.
        query: words, marks not needed.
        order: a code of `UNIT_ORDERS`; anything else leaves the order as it is.
        descending: from the largest.
    """
    wanted = fold(query[:100]).split()
    found = [unit for unit in units if all(word in fold(unit.name) for word in wanted)]
    if order not in UNIT_ORDERS:
        return found
    if order == "unit":
        return sorted(found, key=lambda unit: text_sort_key(unit.name), reverse=descending)
    known = [unit for unit in found if getattr(unit, order) is not None]
    known.sort(key=lambda unit: getattr(unit, order), reverse=descending)
    return known + [unit for unit in found if getattr(unit, order) is None]
