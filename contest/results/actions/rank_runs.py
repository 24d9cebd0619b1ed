"""Making a rank run: everything that a ranking rests on is frozen in it."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    case,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from contest.contests.actions import set_stage
from contest.contests.kinds import MarkedByPeople, ScoreRow, SelectsScores, kind_of
from contest.contests.models import (
    ContestKind,
    RankRun,
    Round,
    RoundScore,
    ScoreStatus,
    Stage,
)
from contest.contests.queries import (
    contest_staff,
    disqualified,
    entries_of_persons,
    excluded_from_prizes,
    rank_key_codes,
)
from contest.contests.rules import ReasonMissing, RoundAnnulled, StillRunning
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.sql import formatted_text, give_room_to_sort, is_among, joined_text
from contest.results.queries.runs import KEY_COLUMNS, latest_run
from contest.results.queries.seal import entries_of_authors
from contest.results.rules.refusals import (
    NoRankKeys,
    PracticeNotRanked,
    RankingMoved,
    RoundStillOpen,
)

_BATCH: Final = 5_000
_RANKABLE: Final = frozenset({Stage.CLOSED, Stage.MARKING, Stage.DECIDED, Stage.PUBLISHED})


def make_rank_run(*, round: Round, reason: str = "", actor: Actor | None, now: datetime) -> RankRun:
    """Rank a round: close what is overdue, freeze disqualifications and N, write every score.

    A later run stands beside the earlier ones and needs a reason; it takes a decision that is
    not published yet back to marking. Memory stays flat however many entries there are.

    Raises:
        RoundStillOpen: the round has not closed.
        PracticeNotRanked: it is a practice round.
        NoRankKeys: it has no keys.
        ReasonMissing: it was ranked before and no reason is given.
        StillRunning: attempts still have time.
        EssaysUnmarked: answers that people mark are not marked yet.
        RankingMoved: somebody else makes a run at this moment.
    """
    previous = latest_run(round.id)
    codes = rank_key_codes(round)
    _check(round, codes, previous, reason)
    kind = kind_of(round)
    if round.stage in (Stage.CLOSED, Stage.DECIDED):
        set_stage(round=round, to=Stage.MARKING, actor=actor, now=now)  # which settles it
    elif kind.settle(round, now):
        raise StillRunning
    if isinstance(kind, MarkedByPeople):
        kind.check_marked(round)
    out = disqualified(round)
    no_prize = excluded_from_prizes(round.contest)
    insiders = kind.insiders(round)
    no_prize |= entries_of_persons(round.contest, insiders)
    no_prize |= _with_insiders_as_authors(round, insiders)
    facts = kind.facts(round, out)
    run = RankRun(
        round_id=round.id,
        number=previous.number + 1 if previous else 1,
        keys=list(codes),
        facts=facts,
        entries=0,
        reason=reason.strip(),
        digest="",
        made_by_id=actor.person_id if actor else None,
        made_at=now,
    )
    _claim(run)
    scores = kind.score_select(round, facts, codes) if isinstance(kind, SelectsScores) else None
    if scores is not None:
        _write_selected(run, scores, out, no_prize)
    else:
        _write_scores(run, kind.score_rows(round, facts, codes), out, no_prize)
        _write_places(run)
    run.entries, run.digest = _entries_and_digest(run)
    audit.record(
        "results.ranked",
        actor=actor,
        now=now,
        subject=("rank_run", run.id),
        scope_id=round.contest.scope_id,
        data={
            "round": round.number,
            "run": run.number,
            "entries": run.entries,
            "disqualified": len(out),
            "digest": run.digest,
            "reason": run.reason,
        },
    )
    db.session.flush()
    return run


def _with_insiders_as_authors(round: Round, insiders: set[int]) -> set[int]:
    """Essays that staff or judges have written together with others."""
    if round.kind is not ContestKind.ESSAY:
        return set()
    staff = contest_staff(round.contest) if round.contest.exclude_staff else set()
    return entries_of_authors(round, insiders | staff)


def _check(round: Round, codes: Sequence[str], previous: RankRun | None, reason: str) -> None:
    if round.is_practice:
        raise PracticeNotRanked
    if round.annulled_at is not None:
        raise RoundAnnulled
    if round.stage not in _RANKABLE:
        raise RoundStillOpen
    if not codes:
        raise NoRankKeys
    if previous is not None and not reason.strip():
        raise ReasonMissing


def _claim(run: RankRun) -> None:
    """Insert the run; the unique number lets one of two simultaneous runs through."""
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError:
        raise RankingMoved from None


def _write_selected(
    run: RankRun, scores: Select[Any], disqualified_ids: set[int], no_prize: set[int]
) -> None:
    """Scores, statuses and places of a run in one statement; no row leaves the database."""
    ranked = ranked_select(run, scores, disqualified_ids, no_prize)
    # In the order of the table's key and of the index by entry: pages are filled one after another.
    in_order = ranked.order_by(ranked.selected_columns.entry_id)
    statement = insert(cast("Table", RoundScore.__table__)).from_select(
        ranked.selected_columns.keys(), in_order
    )
    connection = db.session.connection()
    give_room_to_sort(connection)
    connection.execute(statement)


def ranked_select(
    run: RankRun, scores: Select[Any], disqualified_ids: set[int], no_prize: set[int]
) -> Select[Any]:
    """The rows of a run as the database ranks them, with the names of the table's columns.

    Args:
        run: with its id, its round's id and its keys.
        scores: what the kind of round gives, one row an entry, keys where smaller is better.
        disqualified_ids: entries that get no place.
        no_prize: entries that get no prize.
    """
    # Kept while the statement runs: else a key is counted for the order and again for its column,
    # and a lot is a SHA-256.
    rows = scores.cte("scored").prefix_with("MATERIALIZED")
    is_out = is_among(rows.c.entry_id, disqualified_ids)
    divided: list[ColumnElement[Any]] = [rows.c.division_id]
    if disqualified_ids:  # they stand apart, so that nobody's place counts them
        divided.append(is_out)
    keys = [rows.c[f"key_{position}"] for position in range(1, len(run.keys) + 1)]
    place = func.rank().over(partition_by=divided, order_by=keys)
    values = {
        "rank_run_id": literal(run.id),
        "entry_id": rows.c.entry_id,
        "round_id": literal(run.round_id),
        "division_id": rows.c.division_id,
        "points": rows.c.points,
        "max_points": rows.c.max_points,
        "status": case(
            (is_out, ScoreStatus.DISQUALIFIED.value),
            (is_among(rows.c.entry_id, no_prize), ScoreStatus.NO_PRIZE.value),
            else_=ScoreStatus.RANKED.value,
        ),
        "place": case((is_out, None), else_=place) if disqualified_ids else place,
        **{key.name: key for key in keys},
    }
    return select(*(column.label(name) for name, column in values.items()))


def _write_scores(
    run: RankRun, rows: Iterator[ScoreRow], disqualified_ids: set[int], no_prize: set[int]
) -> None:
    # Through the table, not the entity: a third of the time for a million rows.
    statement = insert(cast("Table", RoundScore.__table__))
    connection = db.session.connection()
    while batch := list(islice(rows, _BATCH)):
        connection.execute(
            statement, [_values(run, row, disqualified_ids, no_prize) for row in batch]
        )


def _values(
    run: RankRun, row: ScoreRow, disqualified_ids: set[int], no_prize: set[int]
) -> dict[str, Any]:
    keys = (*row.keys, *(None,) * (len(KEY_COLUMNS) - len(row.keys)))
    status = ScoreStatus.RANKED
    if row.entry_id in disqualified_ids:
        status = ScoreStatus.DISQUALIFIED
    elif row.entry_id in no_prize:
        status = ScoreStatus.NO_PRIZE
    return {
        "rank_run_id": run.id,
        "entry_id": row.entry_id,
        "round_id": run.round_id,
        "division_id": row.division_id,
        "points": row.points,
        "max_points": row.max_points,
        "status": status,
        "place": None,
        **{f"key_{position}": value for position, value in enumerate(keys, 1)},
    }


def _write_places(run: RankRun) -> None:
    """Competition ranks within each division, computed by the database."""
    order = KEY_COLUMNS[: len(run.keys)]
    ranked = (
        select(
            RoundScore.entry_id.label("entry_id"),
            func.rank().over(partition_by=RoundScore.division_id, order_by=order).label("place"),
        )
        .where(RoundScore.rank_run_id == run.id, RoundScore.status != ScoreStatus.DISQUALIFIED)
        .subquery()
    )
    db.session.execute(
        update(RoundScore)
        .where(RoundScore.rank_run_id == run.id, RoundScore.entry_id == ranked.c.entry_id)
        .values(place=ranked.c.place),
        execution_options={"synchronize_session": False},
    )


def _entries_and_digest(run: RankRun) -> tuple[int, str]:
    """How many scores a run has, and the SHA-256 over keys, facts and every score in order.

    A score is a line of its integers: entry, division, points and most points in ten-thousandths,
    keys, status, place; nothing stands for what is empty.
    """
    digest = hashlib.sha256(audit.canonical_json({"keys": run.keys, "facts": run.facts}))
    scores = RoundScore.__table__.c
    columns = (
        scores.entry_id,
        scores.division_id,
        scores.points,
        scores.max_points,
        *(scores[f"key_{position}"] for position in range(1, len(KEY_COLUMNS) + 1)),
        scores.status,
        scores.place,
    )
    # The database writes the lines and joins them: a million rows of a dozen values each would
    # take Python longer than everything else.
    line = formatted_text(",".join(["%s"] * len(columns)), *columns)
    connection = db.session.connection()
    count, last = 0, 0
    while (first := connection.scalar(_lowest(run.id, last))) is not None:
        # By a range of keys, not by a number of rows: of rows that were written a moment ago
        # PostgreSQL knows nothing yet, and would sort all that are left for each part.
        last = first + _BATCH - 1
        part = (
            select(scores.entry_id, line.label("line"))
            .where(scores.rank_run_id == run.id, scores.entry_id.between(first, last))
            .order_by(scores.entry_id)
            .subquery()
        )
        joined = joined_text(part.c.line, "\n", part.c.entry_id)
        found, text = connection.execute(select(func.count(), joined).select_from(part)).one()
        digest.update(f"{text}\n".encode())
        count += found
    return count, digest.hexdigest()


def _lowest(run_id: int, above: int) -> Select[int]:
    """The lowest entry of a run above another."""
    return select(func.min(RoundScore.entry_id)).where(
        RoundScore.rank_run_id == run_id, RoundScore.entry_id > above
    )


def run_digest(run: RankRun) -> str:
    """The digest that a run's rows give now; it must equal the one kept with the run."""
    return _entries_and_digest(run)[1]
