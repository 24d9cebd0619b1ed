"""Drafts: every save is a version, none overwrites what somebody else wrote."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update

from contest.core.access import Actor
from contest.core.db import db
from contest.submissions.actions.works import check_writable
from contest.submissions.models import EssayRound, Screening, Work, WorkVersion
from contest.submissions.rules.answers import clean_answer, composed, main_html, words_shown
from contest.submissions.rules.codes import version_digest
from contest.submissions.rules.entry_forms import BODY, SUBJECT, entry_form
from contest.submissions.rules.limits import same_slot
from contest.submissions.rules.refusals import EditedElsewhere, TextTooLong
from contest.submissions.rules.texts import (
    MOST_SIGNS,
    Block,
    read_html,
    write_html,
    write_text,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has typed: the text as blocks, the person written about and further fields.

    `answers` holds the further fields by key, as typed; what the form does not know is left out.
    """

    title: str = ""
    blocks: Sequence[Block] = ()
    subject_name: str = ""
    subject_unit: str = ""
    subject_reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save: the version in force, and the number the next save must name."""

    version: WorkVersion
    edit: int
    is_new: bool


def save_draft(
    *,
    work: Work,
    draft: Draft,
    edit: int,
    actor: Actor,
    now: datetime,
    is_autosave: bool = False,
    key: str = "",
    own_keys: Collection[str] = (),
) -> Saved:
    """Keep what was typed as a new version, unless it says the same as the present one.

    The claim is a conditional UPDATE of `edit`: a tab or person that began from an older state is
    refused, and their page keeps what they typed. A page whose earlier answer was lost names the
    saves it heard nothing of: where the present version is one of them, nobody came in between.
    The same words are received again without a new version. Autosaves within five minutes take
    the place of each other.

    Args:
        work: with its present version.
        draft: what was typed.
        edit: the number the page was given.
        actor: an author of the work.
        now: the instant of the request.
        is_autosave: by the page's script rather than by a press.
        key: random name of this save, made by the page; empty without its script.
        own_keys: names of the page's saves that no answer came for.

    Raises:
        TooLate, RoundNotOpen: outside the window.
        EditedElsewhere: the work was saved in between.
        TextTooLong: no essay is as long.
    """
    essay = check_writable(work, now)
    version, before = written(work, essay, draft), work.version
    if before is not None and before.digest == version.digest:
        if not is_autosave and before.is_autosave:
            before.is_autosave = False
        return Saved(before, work.edit, is_new=False)
    is_own = before is not None and bool(before.save_key) and before.save_key in own_keys
    _claim(work, work.edit if is_own else edit)
    version.is_autosave, version.save_key = is_autosave, key
    keep_version(work, version, actor=actor, now=now)
    if before is not None and _replaceable(work, before, version):
        db.session.delete(before)
        db.session.flush()
    return Saved(version, work.edit, is_new=True)


def written(work: Work, essay: EssayRound, draft: Draft) -> WorkVersion:
    """What was typed as a version that belongs to no work yet.

    Raises:
        TextTooLong: no essay is as long.
    """
    form = entry_form(essay)
    answers = {
        each.key: clean_answer(each, draft.answers.get(each.key, "")) for each in form.further
    }
    blocks = composed(form, draft.blocks, answers, work.files)
    body_html, main = write_html(blocks), write_html(draft.blocks)
    if len(body_html) > MOST_SIGNS:
        raise TextTooLong
    shown = {each.key: answers[each.key] for each in form.further if each.shown}
    if body_html != main:
        shown[BODY] = main
    body_text = write_text(blocks)
    return WorkVersion(
        title=draft.title[:300],
        body_html=body_html,
        body_text=body_text,
        word_count=words_shown(form, draft.blocks, answers),
        answers=shown,
        private_answers={each.key: answers[each.key] for each in form.further if not each.shown},
        subject_shown=SUBJECT not in form or form[SUBJECT].shown,
        subject_name=draft.subject_name[:120],
        subject_unit=draft.subject_unit[:200],
        subject_reason=draft.subject_reason,
        digest=version_digest(
            title=draft.title,
            body_html=body_html,
            subject_name=draft.subject_name,
            subject_unit=draft.subject_unit,
            subject_reason=draft.subject_reason,
            answers=answers,
        ),
    )


def keep_version(work: Work, version: WorkVersion, *, actor: Actor, now: datetime) -> None:
    """Make a version the newest of its work."""
    version.work_id, version.number = work.id, next_number(work)
    version.saved_by_id, version.saved_at = actor.person_id, now
    db.session.add(version)
    db.session.flush()
    work.version = version
    db.session.flush()


def _claim(work: Work, edit: int) -> None:
    claimed = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.edit == edit)
        .values(edit=edit + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(work, ["edit"])
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise EditedElsewhere


def next_number(work: Work) -> int:
    """The number of the version that is saved next."""
    last = db.session.scalar(
        select(func.max(WorkVersion.number)).where(WorkVersion.work_id == work.id)
    )
    return (last or 0) + 1


def _replaceable(work: Work, before: WorkVersion, after: WorkVersion) -> bool:
    """Only an autosave by the same person, of the same minutes, that nobody refers to."""
    if not (before.is_autosave and after.is_autosave):
        return False
    same = before.saved_by_id == after.saved_by_id and same_slot(before.saved_at, after.saved_at)
    if not same or before.id == work.submitted_version_id:
        return False
    screened = select(Screening.id).where(Screening.version_id == before.id).limit(1)
    return db.session.scalar(screened) is None


def restore_version(
    *, work: Work, version: WorkVersion, edit: int, actor: Actor, now: datetime
) -> Saved:
    """Take an older version as the newest; nothing between is lost.

    Raises:
        TooLate, RoundNotOpen, EditedElsewhere: as for a save.
    """
    essay = check_writable(work, now)
    _claim(work, edit)
    copy = written(work, essay, draft_of(version))
    copy.is_autosave = False
    keep_version(work, copy, actor=actor, now=now)
    return Saved(copy, work.edit, is_new=True)


def draft_of(version: WorkVersion) -> Draft:
    """What had been typed when a version was saved."""
    return Draft(
        title=version.title,
        blocks=read_html(main_html(version)),
        subject_name=version.subject_name,
        subject_unit=version.subject_unit,
        subject_reason=version.subject_reason,
        answers={**version.answers, **version.private_answers},
    )


def put_together_again(*, work: Work, essay: EssayRound, actor: Actor, now: datetime) -> None:
    """A new version where files that judges are shown came or went; the words stay as they are.

    The caller has asked whether the work may change.
    """
    before = work.version
    again = written(work, essay, Draft() if before is None else draft_of(before))
    if before is not None and before.body_html == again.body_html:
        return
    _claim(work, work.edit)
    again.is_autosave = False
    keep_version(work, again, actor=actor, now=now)
