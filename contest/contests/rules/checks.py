"""The readiness list: what every round needs before it opens, whatever its kind.

A check is a pure function of the round and the instant; it says what is missing and where it is
mended. A new check is one function and one line in `CHECKS`. The kind of the round adds its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from contest.contests.kinds import ReadinessItem, rank_key, rank_keys_for
from contest.contests.models import Division, Round
from contest.contests.rules.eligibility import first_day
from contest.contests.rules.stages import ranked_rounds
from contest.core.clock import LOCAL_ZONE
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l

Check = Callable[[Round, datetime], ReadinessItem]

_OLDEST: Final = 200


def _item(
    code: str,
    round: Round,
    label: Words,
    problem: Words,
    endpoint: str,
    *,
    detail: Words = "",
    action: Words = "",
) -> ReadinessItem:
    values: dict[str, Any] = {"slug": round.contest.slug}
    if endpoint == "contests.round":
        values["number"] = round.number
    ok = not problem
    return ReadinessItem(code, ok, label, detail if ok else problem, endpoint, values, action)


def check_announced(round: Round, now: datetime) -> ReadinessItem:
    """The public page is there: nobody can enter a draft."""
    del now
    missing = round.contest.announced_at is None
    return _item(
        "announced",
        round,
        _l("Announcing the contest"),
        _l("The contest is still a draft that only organisers see.") if missing else "",
        "contests.announce",
        action=_l("Go to announcing"),
    )


def check_rules_text(round: Round, now: datetime) -> ReadinessItem:
    """The rules (thể lệ) are written."""
    del now
    return _item(
        "rules_text",
        round,
        _l("Rules of the contest"),
        "" if round.contest.rules_text.strip() else _l("Contestants have no rules to read."),
        "contests.rules_text",
        action=_l("Write the rules"),
    )


def check_window(round: Round, now: datetime) -> ReadinessItem:
    """The window is set, runs forward, is not over, and agrees with dates and other rounds."""
    return _item(
        "window",
        round,
        _l("Opening and close"),
        _window_problem(round, now),
        "contests.round",
        action=_l("Set the times"),
    )


def _window_problem(round: Round, now: datetime) -> Words:
    opens_at, closes_at = round.opens_at, round.closes_at
    if opens_at is None or closes_at is None:
        return _l("The opening or the close is missing.")
    if closes_at <= opens_at:
        return _l("The close is not after the opening.")
    if closes_at <= now:
        return _l("The close has already passed.")
    contest = round.contest
    if contest.starts_on is not None and opens_at.astimezone(LOCAL_ZONE).date() < contest.starts_on:
        return _l("The round opens before the contest's first day.")
    # "24 giờ" of the last day is 00:00 of the next one and still belongs to the contest.
    last_instant = closes_at.astimezone(LOCAL_ZONE) - timedelta(microseconds=1)
    if contest.ends_on is not None and last_instant.date() > contest.ends_on:
        return _l("The round closes after the contest's last day.")
    if not round.is_practice and _meets_another(round):
        return _l("The window meets that of another round.")
    return ""


def _meets_another(round: Round) -> bool:
    mine = (round.opens_at, round.closes_at)
    return any(
        other.opens_at < mine[1] and mine[0] < other.closes_at
        for other in ranked_rounds(round.contest.rounds)
        if other is not round and other.opens_at and other.closes_at and mine[0] and mine[1]
    )


def check_rank_keys(round: Round, now: datetime) -> ReadinessItem:
    """The ranking keys are chosen, known to the kind, and one of them measures merit."""
    del now
    return _item(
        "rank_keys",
        round,
        _l("Ranking keys"),
        _rank_keys_problem(round),
        "contests.round",
        detail=_key_names(round),
        action=_l("Choose the keys"),
    )


def _key_names(round: Round) -> str:
    known = [rank_key(each.code) for each in round.rank_keys]
    return ", ".join(str(key.label) for key in known if key is not None)


def _rank_keys_problem(round: Round) -> Words:
    if round.is_practice:
        return ""
    codes = {each.code for each in round.rank_keys}
    if not codes:
        return _l("No key is chosen, so nobody could be ranked.")
    known = rank_keys_for(round.kind)
    if not codes <= {key.code for key in known}:
        return _l("A chosen key does not belong to this kind of round.")
    merit = {key.code for key in known if key.is_merit}
    if merit and not codes & merit:
        return _l("None of the keys says how good an answer was.")
    return ""


def check_units(round: Round, now: datetime) -> ReadinessItem:
    """Somebody may take part: all units, or at least one branch that exists on the first day."""
    contest = round.contest
    on = first_day(contest) or now.astimezone(LOCAL_ZONE).date()
    living = [
        branch
        for branch in contest.eligible_units
        if branch.unit.valid_to is None or branch.unit.valid_to >= on
    ]
    problem: Words = ""
    if not contest.open_to_all_units and not living:
        problem = (
            _l("The chosen units no longer exist on the first day.")
            if contest.eligible_units
            else _l("No unit is chosen, so nobody could take part.")
        )
    return _item(
        "units",
        round,
        _l("Who may take part"),
        problem,
        "contests.audience",
        action=_l("Choose the units"),
    )


def check_ages(round: Round, now: datetime) -> ReadinessItem:
    """Ages agree: the contest's limits run forward, divisions do not overlap."""
    del now
    contest = round.contest
    problem: Words = ""
    if _backwards(contest.min_age, contest.max_age):
        problem = _l("The least age is above the greatest.")
    elif divisions_overlap(contest.divisions):
        problem = _l("Two divisions hold the same age.")
    elif any(_backwards(each.min_age, each.max_age) for each in contest.divisions):
        problem = _l("The least age of a division is above its greatest.")
    return _item(
        "ages",
        round,
        _l("Ages and divisions"),
        problem,
        "contests.divisions",
        action=_l("Look at the divisions"),
    )


def _backwards(least: int | None, greatest: int | None) -> bool:
    return least is not None and greatest is not None and least > greatest


def divisions_overlap(divisions: list[Division]) -> bool:
    """Whether an age would belong to two divisions."""
    spans = sorted((each.min_age or 0, each.max_age or _OLDEST) for each in divisions)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


CHECKS: Final[tuple[Check, ...]] = (
    check_rules_text,
    check_window,
    check_rank_keys,
    check_units,
    check_ages,
    check_announced,
)


def room_readiness(round: Round, now: datetime) -> list[ReadinessItem]:
    """What this room checks, in the order of the list; the kind's own checks come from it."""
    return [check(round, now) for check in CHECKS]
