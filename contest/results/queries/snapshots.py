"""Gathering what a publication says."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from contest.accounts.models import UnitHeadcount
from contest.accounts.queries import unit_path
from contest.contests.kinds import KeyLine, kind_of
from contest.contests.models import ContestKind, RankRun, Registration, Round
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.models import Allocation, Honour, TotalRun
from contest.results.queries.honours import honours
from contest.results.queries.prizes import prize_levels
from contest.results.queries.runs import status_counts
from contest.results.queries.seal import unsealing_of
from contest.results.queries.total_snapshots import build_total_snapshot
from contest.results.queries.unit_standings import round_table, unit_terms
from contest.results.queries.winners import extras_part, level_json, winners_json
from contest.results.rules.participation import Branch, gather, path_parts
from contest.results.rules.snapshots import SCHEMA
from contest.results.rules.standing_snapshots import as_json


def build_snapshot(allocation: Allocation, *, today: date) -> dict[str, Any]:
    """What would be published of a decision, as JSON, without the part `publication`.

    Args:
        allocation: the decided prizes of a round, or over totals.
        today: the local day; who is a child is judged by it.
    """
    run = allocation.ranking
    if isinstance(run, TotalRun):
        return build_total_snapshot(allocation, run, today=today)
    return _of_round(allocation, run, today)


def _of_round(allocation: Allocation, run: RankRun, today: date) -> dict[str, Any]:
    round = run.round
    kind = kind_of(round)
    counts = kind.counts(round)
    status = status_counts(run.id)
    levels = prize_levels(round)
    organiser = path_parts(unit_path(round.contest.unit).names)
    branches, units = _units(round, organiser)
    return {
        "schema": SCHEMA,
        "contest": {
            "slug": round.contest.slug,
            "title": round.contest.title,
            "organiser": list(organiser),
        },
        "round": {
            "number": round.number,
            "title": round.title,
            "kind": round.kind.value,
            "opens_at": _iso(round.opens_at),
            "closes_at": _iso(round.closed_at or round.closes_at),
        },
        "ranking": {
            "number": run.number,
            "digest": run.digest,
            "made_at": _iso(run.made_at),
            "keys": list(run.keys),
            "facts": run.facts,
            "ranked": status.ranked + status.no_prize,
            "disqualified": status.disqualified,
        },
        "counts": {"persons": counts.persons, "attempts": counts.attempts},
        "allocation": {"number": allocation.number, "digest": allocation.digest},
        "levels": [level_json(level) for level in levels],
        "divisions": [division.name for division in round.contest.divisions],
        "winners": winners_json(allocation, levels, today),
        "branches": branches,
        "units": units,
        "answers": [_answer(number, line) for number, line in enumerate(kind.answer_key(round), 1)],
        **_of_essays(allocation, round),
        **_standings(run),
        **extras_part(allocation, today),
    }


def _standings(run: RankRun) -> dict[str, Any]:
    """Units in order, as they were at registration, where the rules rank them."""
    terms = unit_terms(run.round.contest_id)
    if terms is None:
        return {}
    return {"standings": as_json(round_table(run, terms).lines, terms)}


def _of_essays(allocation: Allocation, round: Round) -> dict[str, Any]:
    """Honoured persons and the opening of the codes; nothing where there are no essays."""
    if round.kind is not ContestKind.ESSAY:
        return {}
    unsealing = unsealing_of(round.id)
    opened = unsealing.unsealed_at if unsealing is not None else None
    return {
        "honours": [_honour(line) for line in honours(round.id)],
        "seal": {
            "opened_at": _iso(opened),
            "decided_at": _iso(allocation.decided_at),
            "decided_before": opened is not None and allocation.decided_at <= opened,
        },
    }


def _honour(line: Honour) -> dict[str, Any]:
    """A line of the list: initials alone of who has not agreed to be named."""
    agreed = line.agreed_at is not None
    return {
        "id": line.public_id,
        "name": line.full_name if agreed else initials(line.full_name),
        "is_full_name": agreed,
        "unit": line.unit_name if agreed else "",
        "citation": line.citation if agreed else "",
    }


def with_publication(
    snapshot: Mapping[str, Any],
    *,
    number: int,
    decision_number: str,
    decided_on: date | None,
    reason: str,
    published_at: datetime | None,
    audit_head: str,
    corrects: str,
) -> dict[str, Any]:
    """A snapshot with the facts of its publication; `corrects` is the digest of the one before."""
    said = {
        "number": number,
        "decision_number": decision_number,
        "decided_on": decided_on.isoformat() if decided_on else None,
        "reason": reason,
        "published_at": _iso(published_at),
        "audit_head": audit_head,
        "corrects": corrects,
    }
    return {**snapshot, "publication": said}


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _answer(number: int, line: KeyLine) -> dict[str, Any]:
    return {
        # A number, so that the snapshot is the same whatever language the publisher reads.
        "number": number,
        "stem": line.stem,
        "answers": list(line.answers),
        "explanation": line.explanation,
        "source": line.source,
    }


def _units(round: Round, owner: Sequence[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The table by unit at the reporting level, and by single unit."""
    counts = sorted(
        kind_of(round).unit_counts(round),
        key=lambda one: (-one.persons, -one.attempts, one.unit_path),
    )
    ids = _unit_ids(round.contest_id)
    branches = gather(counts, owner, ids)
    heads = _headcounts(round, [branch.unit_id for branch in branches if branch.unit_id])
    return (
        [_branch(branch, heads) for branch in branches],
        [
            {
                "path": list(path_parts(count.unit_path)),
                "persons": count.persons,
                "attempts": count.attempts,
            }
            for count in counts
        ],
    )


def _branch(branch: Branch, heads: Mapping[int, UnitHeadcount]) -> dict[str, Any]:
    head = heads.get(branch.unit_id or 0)
    return {
        "path": list(branch.path),
        "persons": branch.persons,
        "attempts": branch.attempts,
        "headcount": head.persons if head else None,
        "counted_on": head.counted_on.isoformat() if head else None,
    }


def _unit_ids(contest_id: int) -> dict[tuple[int | None, str], tuple[int, ...]]:
    rows = db.session.execute(
        select(Registration.unit_id, Registration.unit_path, Registration.unit_ids)
        .where(Registration.contest_id == contest_id)
        .distinct()
    )
    return {
        (unit_id, path): tuple(int(part) for part in ids.split("/") if part)
        for unit_id, path, ids in rows
    }


def _headcounts(round: Round, unit_ids: Sequence[int]) -> dict[int, UnitHeadcount]:
    """The latest head-count of each unit on the day the round closed."""
    closed = round.closed_at or round.closes_at
    rows = db.session.scalars(
        select(UnitHeadcount)
        .where(UnitHeadcount.unit_id.in_(unit_ids))
        .order_by(UnitHeadcount.counted_on)
    )
    day = closed.astimezone(LOCAL_ZONE).date() if closed else None
    return {row.unit_id: row for row in rows if day is None or row.counted_on <= day}
