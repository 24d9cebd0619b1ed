"""What people decided with the decision in force, for prizes that are only supposed."""

from collections.abc import Collection

from contest.results.models import Over
from contest.results.queries.extra_prizes import extra_prizes
from contest.results.queries.prizes import latest_allocation
from contest.results.rules.extra_prizes import kept_extras
from contest.results.rules.kept_answers import KeptAnswers, kept_answers
from contest.results.rules.trace import trace_line


def answers_in_force(over: Over, out: Collection[int] = ()) -> KeptAnswers:
    """The answers of the latest decision; none where nothing is decided.

    Args:
        over: a round, or a contest for its totals.
        out: entries that are supposed to be out; nobody picks them.
    """
    allocation = latest_allocation(over)
    if allocation is None:
        return KeptAnswers()
    return kept_answers(
        [trace_line(line) for line in allocation.trace],
        kept_extras(allocation.extras),
        {prize.public_id: prize.id for prize in extra_prizes(over)},
        out,
    )
