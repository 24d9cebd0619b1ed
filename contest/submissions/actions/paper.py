"""Works on paper: a secretary types them in, with postmark and scan; the postmark decides."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from contest.contests.models import Registration, Round
from contest.core.access import Actor
from contest.core.db import db
from contest.core.errors import BadFile
from contest.core.files import store_file
from contest.core.vietnamese import nfc
from contest.submissions.actions.drafts import (
    Draft,
    draft_of,
    keep_version,
    put_together_again,
    written,
)
from contest.submissions.actions.files import keep_picture, next_position, record_file
from contest.submissions.actions.receipts import hand_over
from contest.submissions.actions.works import begin_work, record_event, settings_of
from contest.submissions.intake import PDF_TYPE, read_document, read_picture
from contest.submissions.models import EssayRound, Work, WorkFile, WorkFileKind
from contest.submissions.queries.works import files_of_field
from contest.submissions.rules.answers import SCAN
from contest.submissions.rules.late_doors import postmark_in_time
from contest.submissions.rules.limits import BEFORE_MARKING
from contest.submissions.rules.refusals import (
    NotRegistered,
    PostmarkLate,
    ScreeningOver,
    TooManyFiles,
)

MOST_SCANS: Final = 40
_PDF_START: Final = b"%PDF"


@dataclass(frozen=True, slots=True)
class Paper:
    """A work on paper as a secretary types it in.

    Attributes:
        draft: what stands on it; the text may be empty where a scan holds it.
        postmarked_on: day of the postmark, or on which it was handed over.
        kept_where: where the paper lies.
        pledged: the pledge is signed on it.
        late_reason: why it is let in with a late postmark; empty where it came in time.
    """

    draft: Draft
    postmarked_on: date
    kept_where: str = ""
    pledged: bool = False
    late_reason: str = ""


def enter_paper(
    *, contest_round: Round, registration: Registration, paper: Paper, actor: Actor, now: datetime
) -> Work:
    """Enter a work from paper for a person; it counts as handed in, with a receipt.

    Nothing has to be complete: what is missing, the screening says. Who entered it is on record.

    Raises:
        NotAnEssayRound: the round takes no works.
        ScreeningOver: marking has begun.
        NotRegistered: the registration was withdrawn.
        EnoughEssays: the rules allow no further work of this author.
        PostmarkInFuture, PostmarkLate: the day cannot be, or is after the deadline without reason.
        TextTooLong: no essay is as long.
    """
    essay = settings_of(contest_round)
    if contest_round.stage not in BEFORE_MARKING:
        raise ScreeningOver
    if registration.withdrawn_at is not None:
        raise NotRegistered
    in_time = postmark_in_time(contest_round, paper.postmarked_on, now)
    if not in_time and not paper.late_reason:
        raise PostmarkLate
    work = begin_work(contest_round=contest_round, registration=registration, actor=actor, now=now)
    work.entered_by_id, work.postmarked_on = actor.person_id, paper.postmarked_on
    work.kept_where = paper.kept_where[:200]
    work.came_late, work.late_reason = not in_time, "" if in_time else paper.late_reason
    _write(work, essay, paper, actor=actor, now=now)
    record_event(
        "paper_entered",
        work,
        actor=actor,
        now=now,
        postmarked_on=paper.postmarked_on.isoformat(),
        late=work.came_late,
    )
    return work


def correct_paper(*, work: Work, paper: Paper, actor: Actor, now: datetime) -> None:
    """Correct what was typed in from paper: a new version, handed in anew with a new receipt.

    Raises:
        ScreeningOver, PostmarkInFuture, PostmarkLate, TextTooLong: as when it was entered.
    """
    essay = _open(work)
    in_time = postmark_in_time(work.round, paper.postmarked_on, now)
    if not in_time and not paper.late_reason:
        raise PostmarkLate
    work.postmarked_on, work.kept_where = paper.postmarked_on, paper.kept_where[:200]
    work.came_late, work.late_reason = not in_time, "" if in_time else paper.late_reason
    _write(work, essay, paper, actor=actor, now=now)
    record_event("paper_corrected", work, actor=actor, now=now)


def _write(work: Work, essay: EssayRound, paper: Paper, *, actor: Actor, now: datetime) -> None:
    version = written(work, essay, paper.draft)
    version.is_autosave = False
    keep_version(work, version, actor=actor, now=now)
    work.edit += 1
    db.session.flush()
    hand_over(work=work, version=version, pledged=paper.pledged, now=now)


def add_scan(
    *, work: Work, content: bytes, name: str, shown: bool, actor: Actor, now: datetime
) -> WorkFile:
    """Add a page of a work on paper: a picture, or a PDF that the secretary alone opens.

    Args:
        work: entered from paper.
        content: the whole file.
        name: as it was called; kept for a PDF, never shown to judges.
        shown: judges read this page; it must carry no name. Of a PDF they see nothing.
        actor: a secretary.
        now: the instant of the request.

    Raises:
        ScreeningOver: marking has begun.
        TooManyFiles: forty pages are enough.
        BadFile: neither a picture nor a PDF that can be taken.
    """
    essay = _open(work)
    if len(files_of_field(work, SCAN)) >= MOST_SCANS:
        raise TooManyFiles
    if content.startswith(_PDF_START):
        added = _keep_pdf(work, content, nfc(name), actor=actor, now=now)
    else:
        picture = read_picture(content)
        added = keep_picture(work, picture, "", actor=actor, now=now, key=SCAN, shown=shown)
    record_file("scan_added", work, added, actor=actor, now=now)
    _after_scans(work, essay, actor=actor, now=now)
    return added


def show_scan(*, work: Work, file: WorkFile, shown: bool, actor: Actor, now: datetime) -> None:
    """Say whether judges read a page; a PDF never reaches them.

    Raises:
        ScreeningOver: marking has begun.
    """
    essay = _open(work)
    file.shown = shown and file.kind is WorkFileKind.PICTURE
    db.session.flush()
    record_file("scan_shown" if file.shown else "scan_hidden", work, file, actor=actor, now=now)
    _after_scans(work, essay, actor=actor, now=now)


def remove_scan(*, work: Work, file: WorkFile, actor: Actor, now: datetime) -> None:
    """Take a page away.

    Raises:
        ScreeningOver: marking has begun.
    """
    essay = _open(work)
    file.removed_at = now
    db.session.flush()
    record_file("file_removed", work, file, actor=actor, now=now)
    _after_scans(work, essay, actor=actor, now=now)


def _open(work: Work) -> EssayRound:
    if work.round.stage not in BEFORE_MARKING:
        raise ScreeningOver
    return settings_of(work.round)


def _after_scans(work: Work, essay: EssayRound, *, actor: Actor, now: datetime) -> None:
    """Judges read what is shown now, and the receipt vouches for the files as they are now."""
    put_together_again(work=work, essay=essay, actor=actor, now=now)
    assert work.version is not None  # noqa: S101  (it was entered with one)
    hand_over(work=work, version=work.version, pledged=work.pledged_at is not None, now=now)


def _keep_pdf(work: Work, content: bytes, name: str, *, actor: Actor, now: datetime) -> WorkFile:
    try:
        read_document(content, name, most_pictures=0)
    except BadFile as refused:
        if refused.code != "no_text":
            raise
    stored = store_file(content, name=name or "scan.pdf", media_type=PDF_TYPE, actor=actor, now=now)
    file = WorkFile(
        kind=WorkFileKind.DOCUMENT,
        position=next_position(work),
        field_key=SCAN,
        shown=False,
        text_html="",
        media_type=PDF_TYPE,
        original=stored,
        clean_id=None,
        caption="",
        alternative_text="",
        added_at=now,
    )
    work.files.append(file)
    db.session.flush()
    return file


def typed_in(work: Work) -> Draft:
    """What was typed in last."""
    return Draft() if work.version is None else draft_of(work.version)
