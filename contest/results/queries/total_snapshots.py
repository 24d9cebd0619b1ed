"""Gathering what a publication of totals says."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of, unit_path
from contest.contests.models import Registration
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import Allocation, TotalRun
from contest.results.queries.prizes import places_shown, prize_levels
from contest.results.queries.totals import StandingLine, first_standings, missed_counts
from contest.results.queries.unit_standings import contest_table, unit_terms
from contest.results.queries.winners import extras_part, level_json, winners_json
from contest.results.rules.participation import path_parts
from contest.results.rules.privacy import may_show_name
from contest.results.rules.standing_snapshots import as_json
from contest.results.rules.total_snapshots import TOTALS_SCHEMA


def build_total_snapshot(allocation: Allocation, run: TotalRun, *, today: date) -> dict[str, Any]:
    """What would be published of totals and the prizes over them, without `publication`.

    Args:
        allocation: the decision over the totals.
        run: the totals.
        today: the local day; who is a child is judged by it.
    """
    contest, levels = run.contest, prize_levels(run.contest)
    shown = places_shown(contest)
    lines = first_standings(run, shown)
    placed, missed = missed_counts(run)
    names = {division.id: division.name for division in contest.divisions}
    consenting = consents_of(
        {line.person_id for line in lines}, ConsentPurpose.PUBLISH_NAME, contest.scope_id
    )
    births = _births([line.registration_id for line in lines])
    return {
        "schema": TOTALS_SCHEMA,
        "contest": {
            "slug": contest.slug,
            "title": contest.title,
            "organiser": list(path_parts(unit_path(contest.unit).names)),
        },
        "run": {
            "number": run.number,
            "digest": run.digest,
            "terms": run.terms,
            "people": run.people,
            "placed": placed,
            "missed": missed,
        },
        "allocation": {"number": allocation.number, "digest": allocation.digest},
        "levels": [level_json(level) for level in levels],
        "divisions": [division.name for division in contest.divisions],
        "winners": winners_json(allocation, levels, today),
        "shown": shown,
        "lines": [
            _line(
                line,
                names.get(line.division_id or 0, ""),
                full=may_show_name(
                    has_consent=line.person_id in consenting,
                    birth=births[line.registration_id].birth_date,
                    precision=births[line.registration_id].birth_precision,
                    on=today,
                ),
            )
            for line in lines
        ],
        **_standings(run),
        **extras_part(allocation, today),
    }


def _standings(run: TotalRun) -> dict[str, Any]:
    """Units in order, as they were at registration, where the rules rank them."""
    terms = unit_terms(run.contest_id)
    if terms is None:
        return {}
    return {"standings": as_json(contest_table(run, terms).lines, terms)}


def _births(registration_ids: Sequence[int]) -> dict[int, Registration]:
    rows = db.session.query(Registration).filter(Registration.id.in_(registration_ids))
    return {row.id: row for row in rows}


def _line(line: StandingLine, division: str, *, full: bool) -> dict[str, Any]:
    return {
        "id": line.registration_public_id,
        "name": line.full_name if full else initials(line.full_name),
        "is_full_name": full,
        "path": list(path_parts(line.unit_path)),
        "division": division,
        "place": line.place,
        "total": str(line.points),
        "parts": [None if part is None else [str(value) for value in part] for part in line.parts],
    }
