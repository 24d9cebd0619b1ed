"""The contest or round of an organiser's address: found when it is theirs, its side bar shown."""

from contest.contests.models import Contest, ContestKind, Round
from contest.contests.queries import managed_contest, round_by_number
from contest.core import navigation
from contest.core.access import Permission, current_actor
from contest.core.errors import NotFound


def organised_contest(slug: str, permission: Permission = Permission.MANAGE_CONTEST) -> Contest:
    """A contest on which the person who asks holds a permission.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    contest = managed_contest(current_actor(), slug, permission)
    if contest is None:
        raise NotFound
    navigation.enter("contest", title=contest.title, context=contest, slug=contest.slug)
    return contest


def organised_round(
    slug: str,
    number: int,
    permission: Permission = Permission.MANAGE_CONTEST,
    kind: ContestKind | None = None,
) -> Round:
    """A round of such a contest.

    Args:
        slug: of the contest.
        number: of the round.
        permission: what the person needs on the contest.
        kind: only a round of this kind; None = any.

    Raises:
        NotFound: there is none of this kind, or it is not theirs.
    """
    found = round_by_number(organised_contest(slug, permission), number)
    if found is None or kind not in {None, found.kind}:
        raise NotFound
    return found
