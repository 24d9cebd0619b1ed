"""The winners and prize levels that a publication names."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of
from contest.contests.models import Entry, Round, RoundScore
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import Allocation, PrizeAward, PrizeLevel, TotalRun, contest_of
from contest.results.queries.essays import published_works
from contest.results.queries.prizes import awards_of
from contest.results.queries.runs import KEY_COLUMNS
from contest.results.queries.total_places import total_lines_of
from contest.results.rules.extra_prizes import kept_extras
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
    return {
        **_named(award.entry, consenting, today),
        "division": award.division.name if award.division else "",
        "place": award.place,
        "level": level,
        "money": award.money,
        "keys": keys,
    }


def _named(entry: Entry, consenting: set[int], today: date) -> dict[str, Any]:
    """Who stands behind an entry, by full name where that may be shown."""
    registration = entry.registration
    full = may_show_name(
        has_consent=registration.person_id in consenting,
        birth=registration.birth_date,
        precision=registration.birth_precision,
        on=today,
    )
    return {
        "entry": entry.public_id,
        "name": registration.full_name if full else initials(registration.full_name),
        "is_full_name": full,
        "path": list(path_parts(registration.unit_path)),
    }


def extras_part(allocation: Allocation, today: date) -> dict[str, Any]:
    """The part `extras` of a publication: unit prizes and side prizes; nothing where are none.

    Of people neither the age nor the council's own words are published.

    Args:
        allocation: the decision.
        today: the local day; who is a child is judged by it.
    """
    extras = kept_extras(allocation.extras)
    if not extras:
        return {}
    over = allocation.over
    ids = [award["to"] for one in extras if not one.is_for_units for award in one.awards]
    entries = {
        entry.id: entry
        for entry in db.session.scalars(
            select(Entry).options(joinedload(Entry.registration)).where(Entry.id.in_(ids))
        )
    }
    essays = published_works(over, ids, today) if isinstance(over, Round) else {}
    consenting = consents_of(
        {entry.registration.person_id for entry in entries.values()},
        ConsentPurpose.PUBLISH_NAME,
        contest_of(over).scope_id,
    )
    said = []
    for one in extras:
        told: dict[str, Any] = {"units": [], "winners": []}
        for award in one.awards:
            if one.is_for_units:
                unit = {"path": list(one.units[award["to"]]), "keys": award["keys"]}
                told["units"].append({**unit, "place": award["place"], "money": award["money"]})
            else:
                told["winners"].append(
                    {
                        **_named(entries[award["to"]], consenting, today),
                        "division": "",
                        "place": award["place"] or 0,
                        "level": 0,
                        "money": award["money"],
                        "keys": [],
                    }
                    | essays.get(award["to"], {})
                )
        terms = {"name": one.name, "measure": one.measure.value, "codes": list(one.codes)}
        said.append({**terms, "terms": one.terms, "quota": one.quota, "money": one.money, **told})
    return {"extras": said}
