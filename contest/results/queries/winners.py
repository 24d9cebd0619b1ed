"""The winners and prize levels that a publication names."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of
from contest.contests.models import Round, RoundScore
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import Allocation, PrizeAward, PrizeLevel, TotalRun, contest_of
from contest.results.queries.essays import published_works
from contest.results.queries.prizes import awards_of
from contest.results.queries.runs import KEY_COLUMNS
from contest.results.queries.total_places import total_lines_of
from contest.results.rules.participation import path_parts
from contest.results.rules.privacy import may_show_name


def level_json(level: PrizeLevel) -> dict[str, Any]:
    """A published prize level."""
    return {
        "code": level.code.value,
        "name": level.name,
        "quota": level.quota,
        "money": level.money,
    }


def _keys_of(run_id: int, entry_ids: Sequence[int], used: int) -> dict[int, list[int]]:
    rows = db.session.execute(
        select(RoundScore.entry_id, *KEY_COLUMNS).where(
            RoundScore.rank_run_id == run_id, RoundScore.entry_id.in_(entry_ids)
        )
    )
    return {entry_id: [value or 0 for value in keys[:used]] for entry_id, *keys in rows}


def winners_json(
    allocation: Allocation, levels: Sequence[PrizeLevel], today: date
) -> list[dict[str, Any]]:
    """The published winners of a decision on a round or over totals.

    Args:
        allocation: the decision.
        levels: its prize levels in their order.
        today: the local day; who is a child is judged by it.
    """
    awards = awards_of(allocation.id)
    if not awards:
        return []
    over, run = allocation.over, allocation.ranking
    entries = [award.entry_id for award in awards]
    keys: dict[int, list[int]] = {}
    essays: dict[int, dict[str, Any]] = {}
    if isinstance(run, TotalRun):
        lines = total_lines_of(run, entries)
        keys = {entry_id: list(line.keys) for entry_id, line in lines.items()}
    elif isinstance(over, Round):
        keys = _keys_of(run.id, entries, len(run.keys))
        essays = published_works(over, entries, today)
    consenting = consents_of(
        {award.entry.registration.person_id for award in awards},
        ConsentPurpose.PUBLISH_NAME,
        contest_of(over).scope_id,
    )
    positions = {level.id: position for position, level in enumerate(levels)}
    return [
        _winner(award, positions[award.level_id], keys.get(award.entry_id, []), consenting, today)
        | essays.get(award.entry_id, {})
        for award in awards
    ]


def _winner(
    award: PrizeAward, level: int, keys: list[int], consenting: set[int], today: date
) -> dict[str, Any]:
    registration = award.entry.registration
    full = may_show_name(
        has_consent=registration.person_id in consenting,
        birth=registration.birth_date,
        precision=registration.birth_precision,
        on=today,
    )
    return {
        "entry": award.entry.public_id,
        "name": registration.full_name if full else initials(registration.full_name),
        "is_full_name": full,
        "path": list(path_parts(registration.unit_path)),
        "division": award.division.name if award.division else "",
        "place": award.place,
        "level": level,
        "money": award.money,
        "keys": keys,
    }
