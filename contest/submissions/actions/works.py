"""Writing: beginning an essay, saving drafts, handing in, withdrawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from contest.accounts.actions import record_consent
from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.queries import has_consent
from contest.contests.actions import entry_for
from contest.contests.models import Registration, Round
from contest.contests.rules import read_registration_code
from contest.core import audit
from contest.core.access import Actor
from contest.core.db import db
from contest.core.vietnamese import count_words, fold
from contest.submissions.models import (
    EssayRound,
    Screening,
    Work,
    WorkAuthor,
    WorkState,
    WorkVersion,
)
from contest.submissions.queries.rounds import essay_round
from contest.submissions.queries.works import (
    live_work_count,
    outcome_of,
    pictures_of,
    registration_by_code,
)
from contest.submissions.rules.codes import new_receipt_code, receipt_digest, version_digest
from contest.submissions.rules.limits import (
    MOST_COAUTHORS,
    WritingPhase,
    may_hand_in,
    missing_parts,
    same_slot,
    writing_phase,
)
from contest.submissions.rules.refusals import (
    CoauthorsNotAllowed,
    EditedElsewhere,
    EnoughEssays,
    NotAnEssayRound,
    NotComplete,
    NothingHandedIn,
    NotRegistered,
    OnlyFirstAuthor,
    PledgeMissing,
    RoundNotOpen,
    TextTooLong,
    TooLate,
    UnknownCoauthor,
)
from contest.submissions.rules.texts import MOST_SIGNS, Block, write_html, write_text


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has typed: the text as blocks, the person written about as typed."""

    title: str = ""
    blocks: Sequence[Block] = ()
    subject_name: str = ""
    subject_unit: str = ""
    subject_reason: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save: the version in force, and the number the next save must name."""

    version: WorkVersion
    edit: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Coauthor:
    """A co-author as typed; `code` is their registration code, if they have one."""

    full_name: str
    unit_name: str = ""
    code: str = ""


def settings_of(contest_round: Round) -> EssayRound:
    """The settings of a round that takes essays.

    Raises:
        NotAnEssayRound: it has none.
    """
    essay = essay_round(contest_round.id)
    if essay is None:
        raise NotAnEssayRound
    return essay


def check_writable(work: Work, now: datetime) -> EssayRound:
    """Refuse where a work can no longer be changed.

    Raises:
        TooLate: after the deadline and its grace.
        RoundNotOpen: before the opening.
    """
    essay = settings_of(work.round)
    if writing_phase(essay, work.round, now) is WritingPhase.BEFORE:
        raise RoundNotOpen
    if not may_hand_in(essay, work.round, outcome_of(work), now):
        raise TooLate
    return essay


def _record(what: str, work: Work, *, actor: Actor | None, now: datetime, **data: object) -> None:
    audit.record(
        f"submissions.{what}",
        actor=actor,
        now=now,
        subject=("work", work.id),
        scope_id=work.round.contest.scope_id,
        data=data,
    )


def create_work(
    *,
    contest_round: Round,
    registration: Registration | None,
    actor: Actor,
    now: datetime,
) -> Work:
    """Begin an essay; its entry is the registration's first, or a further one.

    Raises:
        NotRegistered: who asks does not take part, or has not agreed to.
        RoundNotOpen, TooLate: outside the window.
        EnoughEssays: the rules allow no further one.
    """
    essay = settings_of(contest_round)
    if registration is None or registration.withdrawn_at is not None:
        raise NotRegistered
    if not has_consent(
        registration.person_id, ConsentPurpose.TAKE_PART, contest_round.contest.scope_id
    ):
        raise NotRegistered
    phase = writing_phase(essay, contest_round, now)
    if phase is WritingPhase.BEFORE:
        raise RoundNotOpen
    if phase is WritingPhase.OVER:
        raise TooLate
    live, last_ordinal = live_work_count(contest_round.id, registration.id)
    if live >= essay.entries_per_author:
        raise EnoughEssays
    entry = entry_for(registration=registration, ordinal=last_ordinal + 1, now=now)
    work = Work(
        round=contest_round,
        entry=entry,
        person_id=registration.person_id,
        person=registration.person,
        state=WorkState.DRAFT,
        edit=0,
        identity_hints=[],
        created_at=now,
    )
    unit = registration.unit_path.split(" › ")[0]
    work.authors.append(
        WorkAuthor(
            position=1,
            person_id=registration.person_id,
            full_name=registration.full_name,
            name_folded=registration.name_folded,
            phone=registration.person.phone,
            unit_id=registration.unit_id,
            unit_name=unit,
        )
    )
    db.session.add(work)
    db.session.flush()
    _record("work_begun", work, actor=actor, now=now, ordinal=entry.ordinal)
    return work


def save_draft(
    *,
    work: Work,
    draft: Draft,
    edit: int,
    actor: Actor,
    now: datetime,
    is_autosave: bool = False,
) -> Saved:
    """Keep what was typed as a new version, unless it says the same as the present one.

    The claim is a conditional UPDATE of `edit`: a tab or person that began from an older state is
    refused, and their page keeps what they typed. Autosaves within five minutes take the place
    of each other.

    Args:
        work: with its present version.
        draft: what was typed.
        edit: the number the page was given.
        actor: an author of the work.
        now: the instant of the request.
        is_autosave: by the page's script rather than by a press.

    Raises:
        TooLate, RoundNotOpen: outside the window.
        EditedElsewhere: the work was saved in between.
        TextTooLong: no essay is as long.
    """
    check_writable(work, now)
    body_html, body_text = write_html(draft.blocks), write_text(draft.blocks)
    if len(body_html) > MOST_SIGNS:
        raise TextTooLong
    digest = version_digest(
        title=draft.title,
        body_html=body_html,
        subject_name=draft.subject_name,
        subject_unit=draft.subject_unit,
        subject_reason=draft.subject_reason,
    )
    before = work.version
    if before is not None and before.digest == digest:
        if not is_autosave and before.is_autosave:
            before.is_autosave = False
        return Saved(before, work.edit, is_new=False)
    _claim(work, edit)
    version = WorkVersion(
        work_id=work.id,
        number=_next_number(work),
        title=draft.title[:300],
        body_html=body_html,
        body_text=body_text,
        word_count=count_words(body_text),
        subject_name=draft.subject_name[:120],
        subject_unit=draft.subject_unit[:200],
        subject_reason=draft.subject_reason,
        digest=digest,
        is_autosave=is_autosave,
        saved_by_id=actor.person_id,
        saved_at=now,
    )
    db.session.add(version)
    db.session.flush()
    work.version = version
    db.session.flush()
    if before is not None and _replaceable(work, before, version):
        db.session.delete(before)
        db.session.flush()
    return Saved(version, work.edit, is_new=True)


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


def _next_number(work: Work) -> int:
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


def set_coauthors(
    *, work: Work, coauthors: Sequence[Coauthor], actor: Actor, now: datetime
) -> None:
    """Say who wrote together with the first author.

    Raises:
        CoauthorsNotAllowed: the rules know single authors only, or there are too many.
        UnknownCoauthor: a code that nobody has.
        TooLate, RoundNotOpen: outside the window.
    """
    essay = check_writable(work, now)
    named = [each for each in coauthors if each.full_name]
    if named and (not essay.coauthors_allowed or len(named) > MOST_COAUTHORS):
        raise CoauthorsNotAllowed
    wanted = [_author(work, place, each) for place, each in enumerate(named, start=2)]
    present = [author for author in work.authors if author.position > 1]
    if [_author_key(author) for author in present] == [_author_key(each) for each in wanted]:
        return
    for author in present:
        work.authors.remove(author)
    db.session.flush()
    work.authors.extend(wanted)
    db.session.flush()
    _record("coauthors_named", work, actor=actor, now=now, count=len(wanted))


def _author_key(author: WorkAuthor) -> tuple[object, ...]:
    return (author.full_name, author.unit_name, author.person_id)


def _author(work: Work, position: int, named: Coauthor) -> WorkAuthor:
    registration = None
    if named.code:
        code = read_registration_code(named.code)
        registration = registration_by_code(work.round.contest_id, code) if code else None
        if registration is None:
            raise UnknownCoauthor
    unit_name = named.unit_name
    if registration is not None and not unit_name:
        unit_name = registration.unit_path.split(" › ")[0]
    person_id = None if registration is None else registration.person_id
    unit_id = None if registration is None else registration.unit_id
    if registration is None:  # named before by a code, which is not asked for again
        known = next((one for one in work.authors[1:] if one.full_name == named.full_name), None)
        if known is not None:
            person_id, unit_id = known.person_id, known.unit_id
    return WorkAuthor(
        work_id=work.id,
        position=position,
        person_id=person_id,
        full_name=named.full_name[:120],
        name_folded=fold(named.full_name)[:120],
        unit_id=unit_id,
        unit_name=unit_name[:200],
    )


def submit_work(
    *,
    work: Work,
    edit: int,
    pledge: bool,
    consents: Sequence[ConsentPurpose],
    locale: str,
    actor: Actor,
    now: datetime,
) -> Work:
    """Hand in the present version, the one that was previewed; again and again until the deadline.

    Args:
        work: with version, authors and files.
        edit: the number the preview was given: what is handed in is what was looked at.
        pledge: the author vouches for the essay.
        consents: given apart, each free.
        locale: language in which pledge and consents were shown.
        actor: an author of the work.
        now: the server's clock decides.

    Raises:
        TooLate, RoundNotOpen: outside the window; the draft stays.
        PledgeMissing, NotComplete: what the rules ask for is not there.
        EditedElsewhere: the work was saved after the preview.
        OnlyFirstAuthor: a co-author asks.
    """
    if actor.person_id != work.person_id:
        raise OnlyFirstAuthor
    essay = check_writable(work, now)
    version = work.version
    if version is None or _missing(essay, work, version):
        raise NotComplete
    if not pledge:
        raise PledgeMissing
    digest = receipt_digest(
        public_id=work.public_id,
        version_digest=version.digest,
        files=[(file.original.sha256, file.caption) for file in pictures_of(work)],
        authors=[author.full_name for author in work.authors],
        submitted_at=now,
    )
    claimed = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.edit == edit, Work.version_id == version.id)
        .values(
            state=WorkState.SUBMITTED,
            submitted_version_id=version.id,
            submitted_at=now,
            withdrawn_at=None,
            pledged_at=now,
            receipt_code=new_receipt_code(),
            receipt_digest=digest,
        )
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        db.session.refresh(work)
        raise EditedElsewhere
    db.session.refresh(work)
    keep_consents(work=work, person=work.person, purposes=consents, locale=locale, now=now)
    _record(
        "work_submitted",
        work,
        actor=actor,
        now=now,
        version=version.number,
        words=version.word_count,
        digest=digest,
    )
    return work


def keep_consents(
    *, work: Work, person: Person, purposes: Sequence[ConsentPurpose], locale: str, now: datetime
) -> None:
    """Keep what an author agrees to for the contest of their essay, each purpose apart.

    Every author speaks for themselves: the first when handing in, co-authors on their own page.
    """
    for purpose in purposes:
        record_consent(
            person=person,
            purpose=purpose,
            scope=work.round.contest.scope,
            channel="submission",
            locale=locale,
            now=now,
        )


def _missing(essay: EssayRound, work: Work, version: WorkVersion) -> bool:
    return bool(
        missing_parts(
            essay,
            title=version.title,
            word_count=version.word_count,
            subject_name=version.subject_name,
            subject_unit=version.subject_unit,
            subject_reason=version.subject_reason,
            pictures=len(pictures_of(work)),
        )
    )


def withdraw_work(*, work: Work, actor: Actor, now: datetime) -> None:
    """Take an essay back; its text stays with the author, who may hand it in again in time.

    Raises:
        NothingHandedIn: it was not handed in.
        TooLate: marking is near; the secretary can be asked.
        OnlyFirstAuthor: a co-author asks.
    """
    if actor.person_id != work.person_id:
        raise OnlyFirstAuthor
    check_writable(work, now)
    claimed = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.state == WorkState.SUBMITTED)
        .values(state=WorkState.WITHDRAWN, withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(work)
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise NothingHandedIn
    _record("work_withdrawn", work, actor=actor, now=now)


def restore_version(
    *, work: Work, version: WorkVersion, edit: int, actor: Actor, now: datetime
) -> Saved:
    """Take an older version as the newest; nothing between is lost.

    Raises:
        TooLate, RoundNotOpen, EditedElsewhere: as for a save.
    """
    check_writable(work, now)
    _claim(work, edit)
    copy = WorkVersion(
        work_id=work.id,
        number=_next_number(work),
        title=version.title,
        body_html=version.body_html,
        body_text=version.body_text,
        word_count=version.word_count,
        subject_name=version.subject_name,
        subject_unit=version.subject_unit,
        subject_reason=version.subject_reason,
        digest=version.digest,
        is_autosave=False,
        saved_by_id=actor.person_id,
        saved_at=now,
    )
    db.session.add(copy)
    db.session.flush()
    work.version = copy
    db.session.flush()
    return Saved(copy, work.edit, is_new=True)
