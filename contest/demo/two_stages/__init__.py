"""The demo's contest in two stages: checks and the band behind it, the final before Hoa.

The preliminary marking is over: two works were checked, one of them looked at again with minutes,
works near the cut were marked once more, three went on. In the final marking every judge marks two
calibration essays first; Hoa, its chief, has compared one of them with its reference marks.
"""

from datetime import datetime

from contest.core.transactions import unit_of_work
from contest.demo.foundation import Foundation
from contest.demo.two_stages.final import send_on
from contest.demo.two_stages.planning import DAY, Times, plan
from contest.demo.two_stages.preliminary import authors_of, hand_in, mark_again, mark_first


def tell(base: Foundation, *, now: datetime, seed: int) -> None:
    """Make the contest, with its final marking under way.

    Args:
        base: units and cast; the judges of the season before judge again.
        now: "today" of the demo.
        seed: the same makes the same authors and texts.
    """
    times = Times(now - 60 * DAY, now - 50 * DAY, now - 24 * DAY)
    with unit_of_work():
        contest_round = plan(base, times)
        authors = authors_of(base, contest_round.contest, times, seed)
    numbers = hand_in(base, contest_round, authors, times, seed)
    mark_first(base, contest_round, numbers, times)
    mark_again(base, contest_round, numbers, times)
    send_on(base, contest_round, times)
