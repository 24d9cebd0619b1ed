"""Blind codes: made at once where a few are missing, else by a job; masks and the code table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert

from contest.contests.models import Round
from contest.core import audit, jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.core.transactions import record_apart
from contest.submissions.actions.records import record
from contest.submissions.blind_access import text_changed
from contest.submissions.models import BlindCode, Work
from contest.submissions.queries.screening import (
    code_table,
    codes_missing,
    latest_screening,
    screening_counts,
    taken_codes,
    works_waiting_for_codes,
)
from contest.submissions.rules.blinding import Blinded, blind, handed_in_pictures
from contest.submissions.rules.codes import new_blind_code
from contest.submissions.rules.limits import SCREENABLE
from contest.submissions.rules.refusals import CodesBeingMade, SealBroken, StillScreening

CODES_JOB: Final = "submissions.make_codes"
AT_ONCE: Final = 60
"""So many codes are made within a request; more take seconds, and are a job's."""


def make_blind_codes(
    *, contest_round: Round, actor: Actor | None, now: datetime, most: int | None = None
) -> int:
    """Give every work that passed a code and a text without its author; again for later ones.

    A work that was handed in anew keeps its code and gets its new text.

    Args:
        contest_round: whose works.
        actor: who has them made.
        now: the instant of the request.
        most: how many at the most; None for all that wait.

    Returns:
        How many were made or made anew.

    Raises:
        StillScreening: works wait for the screening.
    """
    if screening_counts(contest_round.id).waiting:
        raise StillScreening
    taken = taken_codes(contest_round.id)
    waiting = works_waiting_for_codes(contest_round.id, most)
    for work in waiting:
        assert work.submitted_version is not None  # noqa: S101  (it passed the screening)
        made = blind(work, work.submitted_version, handed_in_pictures(work))
        row = db.session.get(BlindCode, (contest_round.id, work.id))
        if row is None:
            code = new_blind_code(taken)
            taken.add(code)
            row = BlindCode(round_id=contest_round.id, work_id=work.id, code=code)
            db.session.add(row)
        write_blinded(row, made, version_id=work.submitted_version.id, now=now)
    db.session.flush()
    record(
        "blind_codes_made",
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        made=len(waiting),
    )
    return len(waiting)


def ask_for_codes(
    *, contest_round: Round, title: str, actor: Actor, now: datetime
) -> jobs.Job | None:
    """Have a job make the codes where many are missing and nothing waits for the screening.

    The same state of the screening is asked for once.

    Args:
        contest_round: whose works.
        title: of the job's page.
        actor: who asks.
        now: the instant of the request.

    Returns:
        The job; None where few are missing, which whoever needs them makes at once.
    """
    if codes_missing(contest_round.id) <= AT_ONCE or screening_counts(contest_round.id).waiting:
        return None
    record(
        "blind_codes_asked",
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
    )
    return jobs.enqueue(
        CODES_JOB,
        payload={"round_id": contest_round.id},
        actor=actor,
        now=now,
        key=f"{CODES_JOB}:{contest_round.id}:{latest_screening(contest_round.id)}",
        title=title,
    )


def complete_codes(*, contest_round: Round, actor: Actor, now: datetime) -> None:
    """Make the codes that are missing, if they are few.

    Raises:
        StillScreening: works wait for the screening.
        CodesBeingMade: many are missing; a job makes them.
    """
    if codes_missing(contest_round.id) > AT_ONCE and not screening_counts(contest_round.id).waiting:
        raise CodesBeingMade
    make_blind_codes(contest_round=contest_round, actor=actor, now=now)


def write_blinded(row: BlindCode, made: Blinded, *, version_id: int, now: datetime) -> None:
    """Put what a judge reads beside a code."""
    row.version_id = version_id
    row.title, row.subject_line = made.title, made.subject_line
    row.body_html, row.body_text = made.body_html, made.body_text
    row.word_count, row.captions, row.masked = made.word_count, made.captions, made.masked
    row.made_at = now


def set_masked(
    *, work: Work, row: BlindCode, places: Sequence[int], actor: Actor, now: datetime
) -> None:
    """Choose which findings are masked for judges: the numbers of those that are.

    Raises:
        SealBroken: the round is decided.
    """
    if work.round.stage not in SCREENABLE or work.submitted_version is None:
        raise SealBroken
    wanted = set(places)
    rows = [{**each, "done": place in wanted} for place, each in enumerate(row.masked)]
    told = row.body_text
    made = blind(work, work.submitted_version, handed_in_pictures(work), rows)
    write_blinded(row, made, version_id=work.submitted_version.id, now=now)
    db.session.flush()
    text_changed(work_id=work.id, before=told, after=row.body_text)
    record(
        "masking_chosen",
        ("work", work.id),
        work.round.contest.scope_id,
        actor=actor,
        now=now,
        masked=len(wanted),
        of=len(rows),
    )


def read_code_table(
    *, contest_round: Round, actor: Actor, now: datetime
) -> list[tuple[BlindCode, Work]]:
    """The table of codes and works, for the secretary; that it was read stays on record."""
    rows = code_table(contest_round.id)
    record(
        "code_table_read",
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        rows=len(rows),
    )
    return rows


def note_work_opened(*, work: Work, actor: Actor, now: datetime) -> None:
    """That somebody saw a work with its author and what judges read stays on record.

    Whoever knows both knows what a code stands for. The page itself only reads; the line names no
    work, as none of this record does.
    """
    _note_opened("work_opened", work.round, actor=actor, now=now)


def note_pair_opened(
    *, contest_round: Round, works: Sequence[Work], actor: Actor, now: datetime
) -> None:
    """That somebody saw two texts beside their authors, where judges read one of them by a code.

    Args:
        contest_round: whose pair it is.
        works: the two; an earlier one may be of another round, whose record gets a line too.
        actor: who looks.
        now: the instant of the request.
    """
    told = {
        work.round_id: work.round
        for work in works
        if db.session.get(BlindCode, (work.round_id, work.id)) is not None
    }
    if told:
        told.setdefault(contest_round.id, contest_round)
    for each in told.values():
        _note_opened("pair_opened", each, actor=actor, now=now)


def _note_opened(kind: str, contest_round: Round, *, actor: Actor, now: datetime) -> None:
    event = audit.event_values(
        f"submissions.{kind}",
        actor=actor,
        now=now,
        subject=("round", contest_round.id),
        scope_id=contest_round.contest.scope_id,
        data={},
    )

    def write(connection: Connection) -> None:
        connection.execute(insert(audit.AuditEvent).values(**event))

    record_apart(write)
