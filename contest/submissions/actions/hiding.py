"""A field that judges were shown by mistake is hidden again, in every work there is.

The form changes at once; works get a version without the field in what judges read, many of them
by a job. What authors typed stays theirs and the secretary's. The way back is closed: what people
were told that judges do not see, stays hidden.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from contest.contests.models import Round
from contest.core import jobs
from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.blind_codes import write_blinded
from contest.submissions.actions.drafts import draft_of, next_number, written
from contest.submissions.actions.entry_forms import write_fields
from contest.submissions.actions.records import record
from contest.submissions.actions.works import settings_of
from contest.submissions.blind_access import text_changed
from contest.submissions.models import (
    BlindCode,
    EssayRound,
    Screening,
    UnitConfirmation,
    Work,
    WorkFileKind,
    WorkVersion,
)
from contest.submissions.queries.hiding import (
    rounds_with_copies,
    verdicts_on_version,
    works_still_showing,
)
from contest.submissions.rules.blinding import as_rows, blind, findings, handed_in_pictures
from contest.submissions.rules.entry_forms import (
    PICTURES,
    can_be_hidden,
    entry_form,
    without_showing,
)
from contest.submissions.rules.passages import moved_range
from contest.submissions.rules.refusals import HidingUnexplained, NotToHide, UnknownField

HIDE_JOB: Final = "submissions.hide_field"
AT_ONCE: Final = 60


def hide_field(
    *, contest_round: Round, key: str, reason: str, title: str, actor: Actor, now: datetime
) -> int:
    """Let judges no longer see a field, whatever the stage.

    Args:
        contest_round: where works are handed in.
        key: of the field.
        reason: kept with the form and in the record.
        title: of the job's page, where there are many works.
        actor: who decides.
        now: the instant of the request.

    Returns:
        How many works a job still changes; 0 when all is done.

    Raises:
        HidingUnexplained: no reason.
        UnknownField: the form has none of this key.
        NotToHide: judges see title and text always, and of this one nothing.
    """
    if not reason.strip():
        raise HidingUnexplained
    essay = settings_of(contest_round)
    field = entry_form(essay).get(key)
    if field is None:
        raise UnknownField
    if not can_be_hidden(field):
        raise NotToHide
    rounds = rounds_with_copies(contest_round)
    for each in rounds:
        _hide_in_form(each, key, reason.strip(), actor=actor, now=now)
    waiting = works_still_showing(rounds)
    record(
        "form_field_hidden",
        ("round", contest_round.id),
        contest_round.contest.scope_id,
        actor=actor,
        now=now,
        field=key,
        works=len(waiting),
        reason=reason.strip(),
    )
    if len(waiting) <= AT_ONCE:
        hide_in_works(work_ids=waiting, actor_id=actor.person_id, now=now)
        return 0
    jobs.enqueue(
        HIDE_JOB,
        payload={"round_id": contest_round.id, "actor_id": actor.person_id},
        actor=actor,
        now=now,
        title=title,
    )
    return len(waiting)


def _hide_in_form(essay: EssayRound, key: str, reason: str, *, actor: Actor, now: datetime) -> None:
    form = entry_form(essay)
    if key not in form:
        return
    write_fields(essay, [without_showing(each, key) for each in form.fields])
    db.session.flush()
    row = next(each for each in essay.fields if each.key == key)
    row.hidden_at, row.hidden_by_id, row.hidden_reason = now, actor.person_id, reason
    db.session.flush()


def hide_in_works(*, work_ids: Collection[int], actor_id: int, now: datetime) -> None:
    """Bring works to what their forms show now: their newest version and the one handed in."""
    for work in db.session.scalars(select(Work).where(Work.id.in_(work_ids)).order_by(Work.id)):
        _hide_in_work(work, actor_id, now)


def _hide_in_work(work: Work, actor_id: int, now: datetime) -> None:
    form = entry_form(settings_of(work.round))
    for file in work.files:
        field = form.get(file.field_key or PICTURES)
        is_of_form = bool(file.field_key) or file.kind is WorkFileKind.PICTURE
        if field is not None and is_of_form and not field.shown:
            file.shown = False
    db.session.flush()
    sent, newest = work.submitted_version, work.version
    for before in dict.fromkeys(each for each in (sent, newest) if each is not None):
        after = _without(work, before, actor_id, now)
        if before is newest:
            work.version = after
        if before is sent:
            work.submitted_version = after
            _carry(work, before, after, now)
    db.session.flush()


def _without(work: Work, before: WorkVersion, actor_id: int, now: datetime) -> WorkVersion:
    after = written(work, settings_of(work.round), draft_of(before))
    after.work_id, after.number = work.id, next_number(work)
    after.is_autosave, after.saved_by_id, after.saved_at = False, actor_id, now
    db.session.add(after)
    db.session.flush()
    return after


def _carry(work: Work, before: WorkVersion, after: WorkVersion, now: datetime) -> None:
    """What was decided about the version handed in holds for the same words without the field."""
    for table in (Screening, UnitConfirmation):
        db.session.execute(
            update(table)
            .where(table.version_id == before.id, table.is_current)
            .values(version_id=after.id)
            .execution_options(synchronize_session="fetch")
        )
    _carry_verdicts(before, after)
    row = db.session.get(BlindCode, (work.round_id, work.id))
    if row is None:
        return
    told, rows = row.body_text, as_rows(findings(work, after))
    chosen = [dict(each) for each in row.masked]
    for each in rows:
        same = next((old for old in chosen if old["found"] == each["found"]), None)
        if same is not None:
            chosen.remove(same)
            each["done"] = same["done"]
    made = blind(work, after, handed_in_pictures(work), rows)
    write_blinded(row, made, version_id=after.id, now=now)
    text_changed(work_id=work.id, before=told, after=row.body_text)


def _carry_verdicts(before: WorkVersion, after: WorkVersion) -> None:
    """A verdict on shared passages stays where each of them still stands, less what is hidden.

    Where one stood in the field alone, the pair keeps the old version: the next comparison has it
    wait for somebody to read it again.
    """
    for pair in verdicts_on_version(before.id):
        for place, name in ((0, "version_a"), (2, "version_b")):
            if getattr(pair, f"{name}_id") != before.id:
                continue
            moved = [
                moved_range(span[place], span[place + 1], before.body_text, after.body_text)
                for span in pair.spans
            ]
            if all(end - start > 1 for start, end in moved):
                pair.spans = [
                    [*span[:place], *where, *span[place + 2 :]]
                    for span, where in zip(pair.spans, moved, strict=True)
                ]
                setattr(pair, name, after)
