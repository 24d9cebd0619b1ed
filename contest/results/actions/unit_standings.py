"""How the units of a contest are ranked, and keeping what they did in a rank run."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, exists, func, insert, literal, select

from contest.contests.models import Contest, RankRun
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.results.models import UnitSum, UnitTerms
from contest.results.queries.unit_standings import select_unit_sums
from contest.results.rules.refusals import UnitTermsWrong
from contest.results.rules.unit_standings import MOST_LEVELS, StandingTerms

_PATH = ("unit_id", "unit_ids", "unit_path", "status")
_SUMS = ("persons", "attempts", "entries", "points")


def set_unit_terms(
    *, contest: Contest, terms: StandingTerms, actor: Actor | None, now: datetime
) -> UnitTerms:
    """Say how units are ranked; what is published already stays as it was.

    Raises:
        UnitTermsWrong: no key, a key twice, a level or a number below what they can be.
    """
    right = (
        terms.keys
        and len(set(terms.keys)) == len(terms.keys)
        and 1 <= terms.level <= MOST_LEVELS
        and terms.fewest >= 0
    )
    if not right:
        raise UnitTermsWrong
    row = db.session.get(UnitTerms, contest.id)
    if row is None:
        row = UnitTerms(contest_id=contest.id)
        db.session.add(row)
    row.keys = [key.value for key in terms.keys]
    row.level, row.fewest = terms.level, terms.fewest
    row.with_staff, row.counted_on = terms.with_staff, terms.counted_on
    db.session.flush()
    audit.record(
        "results.unit_terms_set",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data={
            "keys": row.keys,
            "level": row.level,
            "fewest": row.fewest,
            "with_staff": row.with_staff,
            "counted_on": row.counted_on.isoformat() if row.counted_on else None,
        },
    )
    return row


def keep_unit_sums(*, run: RankRun) -> None:
    """Keep the sums of single units with a rank run, so that standings are read at once.

    A run never changes; where they are kept already, nothing happens.
    """
    if db.session.scalar(select(exists().where(UnitSum.rank_run_id == run.id))):
        return
    sums = select_unit_sums(run).order_by(None).subquery()
    path = [sums.c[name] for name in _PATH]
    number = func.row_number().over(order_by=path)
    # Straight into the table: no row leaves the database.
    table = cast("Table", UnitSum.__table__)
    columns = ["rank_run_id", "number", *_PATH, *_SUMS]
    values = select(literal(run.id), number, *path, *(sums.c[name] for name in _SUMS))
    db.session.connection().execute(insert(table).from_select(columns, values))
