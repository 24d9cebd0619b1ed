"""What the portal's pages read, composed from the rooms below."""

from contest.portal.queries.contests import (
    ContestCard,
    ContestPage,
    cards,
    contest_page,
    own_cards,
    visible_round,
)
from contest.portal.queries.desk import (
    DeskContest,
    Task,
    desk_contests,
    next_step,
    next_tasks,
)
from contest.portal.queries.numbers import (
    DayLine,
    Participation,
    day_lines,
    live_numbers,
    participation,
    points_spread,
)

__all__ = [
    "ContestCard",
    "ContestPage",
    "DayLine",
    "DeskContest",
    "Participation",
    "Task",
    "cards",
    "contest_page",
    "day_lines",
    "desk_contests",
    "live_numbers",
    "next_step",
    "next_tasks",
    "own_cards",
    "participation",
    "points_spread",
    "visible_round",
]
