"""Publishing the totals of a contest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries import consents_of, unit_path
from contest.contests.models import Contest, Registration
from contest.contests.rules import ReasonMissing
from contest.core import audit
from contest.core.access import Actor
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.actions.totals import counting_rounds, is_current
from contest.results.models import TotalPublication, TotalRun
from contest.results.queries.totals import (
    StandingLine,
    first_standings,
    missed_counts,
    total_heads,
    total_runs,
)
from contest.results.queries.unit_standings import contest_table, unit_terms
from contest.results.rules.participation import path_parts
from contest.results.rules.privacy import may_show_name
from contest.results.rules.refusals import (
    DecisionDateWrong,
    PublishedMeanwhile,
    RoundsNotPublished,
    TotalsMoved,
    TotalsNotReady,
)
from contest.results.rules.snapshots import digest_of
from contest.results.rules.standing_snapshots import as_json
from contest.results.rules.total_snapshots import TOTALS_SCHEMA


def publish_totals(
    *,
    contest: Contest,
    shown: int,
    decision_number: str,
    decided_on: date | None,
    reason: str = "",
    expected_number: int | None = None,
    actor: Actor,
    now: datetime,
) -> TotalPublication:
    """Publish the first places of the latest totals, or correct what was published.

    Args:
        contest: whose totals.
        shown: places of each division that everybody reads.
        decision_number: of the decision document; may be empty.
        decided_on: its date.
        reason: why what was published is corrected.
        expected_number: the number that was looked at; of two organisers at once one wins.
        actor: who publishes.
        now: the instant of the request.

    Raises:
        TotalsNotReady, TotalsMoved, RoundsNotPublished, DecisionDateWrong, PublishedMeanwhile,
        ReasonMissing: each with its sentence.
    """
    run = _publishable_run(contest)
    today = now.astimezone(LOCAL_ZONE).date()
    if decided_on is not None and decided_on > today:
        raise DecisionDateWrong
    heads = total_heads(contest.id)
    number = heads[0].number + 1 if heads else 1
    if expected_number is not None and expected_number != number:
        raise PublishedMeanwhile
    if heads and not reason.strip():
        raise ReasonMissing
    head = audit.head()
    whole = {
        **_snapshot(contest, run, shown, today),
        "publication": {
            "number": number,
            "decision_number": decision_number.strip(),
            "decided_on": decided_on.isoformat() if decided_on else None,
            "reason": reason.strip(),
            "published_at": now.isoformat(),
            "audit_head": head,
            "corrects": heads[0].digest if heads else "",
        },
    }
    made = TotalPublication(
        contest_id=contest.id,
        number=number,
        total_run_id=run.id,
        snapshot=whole,
        digest=digest_of(whole),
        audit_head=head,
        reason=reason.strip(),
        decision_number=decision_number.strip(),
        decided_on=decided_on,
        published_by_id=actor.person_id,
        published_at=now,
    )
    _claim(made)
    audit.record(
        "results.totals_published",
        actor=actor,
        now=now,
        subject=("total_publication", made.id),
        scope_id=contest.scope_id,
        data={"number": number, "digest": made.digest, "reason": made.reason},
    )
    return made


def _publishable_run(contest: Contest) -> TotalRun:
    """The latest totals, when they still stand on published rounds."""
    runs = total_runs(contest.id)
    if not runs:
        raise TotalsNotReady
    if not is_current(contest, runs[0]):
        raise TotalsMoved
    if not all(one.is_published for one in counting_rounds(contest)):
        raise RoundsNotPublished
    return runs[0]


def _claim(made: TotalPublication) -> None:
    """Insert it; the unique number lets one of two simultaneous ones through."""
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise PublishedMeanwhile from None


def _snapshot(contest: Contest, run: TotalRun, shown: int, today: date) -> dict[str, Any]:
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
