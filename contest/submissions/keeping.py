"""What this room keeps about a person: essays, authorship, and what is written about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select, update

from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.personal_data import (
    ERASED_NAME,
    CopiedFile,
    Keeper,
    Line,
    Record,
    Section,
    register_keeper,
)
from contest.contests.models import Contest, Round, Stage
from contest.core.db import db
from contest.core.errors import Words
from contest.core.files import discard_files
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.core.vietnamese import fold
from contest.submissions.actions.subject_records import erase_subject
from contest.submissions.decision_words import (
    forget_about_works,
    forget_found_names,
    screening_section,
)
from contest.submissions.guardian_words import forget_guardians, guardian_section
from contest.submissions.models import (
    LateCode,
    Subject,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkState,
    WorkVersion,
)
from contest.submissions.queries.screening import blind_row
from contest.submissions.rules.blinding import blind, handed_in_pictures, identity_of
from contest.submissions.rules.identity import mask_all
from contest.submissions.subject_copies import written_about_section
from contest.submissions.unit_words import forget_about_works as forget_words_of_units
from contest.submissions.unit_words import late_door_section, unit_sections

_FINISHED: Final = (Stage.PUBLISHED,)


def _works(person_id: int) -> Sequence[Work]:
    return db.session.scalars(
        select(Work).where(Work.person_id == person_id).order_by(Work.id)
    ).all()


def _copy(person: Person) -> Sequence[Section]:
    return [
        Section("essays", _l("Essays"), [_essay(work) for work in _works(person.id)]),
        _shared(person),
        written_about_section(_records(person.id)),
        screening_section(person.id),
        *unit_sections(person.id),
        late_door_section(person.id),
        guardian_section(person.id),
    ]


def _records(person_id: int) -> Sequence[Subject]:
    return db.session.scalars(
        select(Subject).where(Subject.person_id == person_id).order_by(Subject.id)
    ).all()


def _essay(work: Work) -> Record:
    newest, sent = work.version, work.submitted_version
    lines = [
        Line("contest", _l("Contest"), work.round.contest.title),
        Line("round", _l("Round"), work.round.title),
        Line("state", _l("State"), _state(work)),
        Line("begun_at", _l("Begun on"), work.created_at),
        Line("submitted_at", _l("Handed in on"), work.submitted_at),
        Line("withdrawn_at", _l("Withdrawn on"), work.withdrawn_at),
        Line("late_reason", _l("Reason for handing in late"), work.late_reason or None),
        Line("postmarked_on", _l("Day of the postmark"), work.postmarked_on),
        Line("kept_where", _l("Where the paper lies"), work.kept_where or None),
        Line("pledged_at", _l("Pledge given on"), work.pledged_at),
        Line("receipt", _l("Receipt code"), work.receipt_code),
        Line("digest", _l("Digest of the essay"), work.receipt_digest),
        Line("authors", _l("Number of authors"), len(work.authors)),
    ]
    for version in dict.fromkeys([sent, newest]):
        if version is not None:
            lines += _version(version, is_sent=version is sent)
    files = [
        CopiedFile(file.original.original_name, file.original_id)
        for file in work.files
        if file.removed_at is None
    ]
    return Record(lines, files)


def _version(version: WorkVersion, *, is_sent: bool) -> list[Line]:
    prefix = "submitted" if is_sent else "draft"
    label = _("Essay as handed in") if is_sent else _("Essay as last saved")
    return [
        Line(f"{prefix}_saved_at", _l("Saved on"), version.saved_at),
        Line(f"{prefix}_title", _l("Title"), version.title),
        Line(f"{prefix}_subject", _l("Person written about"), version.subject_name),
        Line(
            f"{prefix}_subject_unit", _l("Unit of the person written about"), version.subject_unit
        ),
        Line(f"{prefix}_subject_reason", _l("Why this person"), version.subject_reason),
        Line(f"{prefix}_words", _l("Words"), version.word_count),
        Line(f"{prefix}_text", label, version.body_text),
        *(
            Line(f"{prefix}_{key}", _l("Further field, not shown to judges"), answer)
            for key, answer in version.private_answers.items()
            if answer
        ),
    ]


def _state(work: Work) -> str:
    names = {
        WorkState.DRAFT: _("Draft"),
        WorkState.SUBMITTED: _("Handed in"),
        WorkState.WITHDRAWN: _("Withdrawn"),
    }
    return names[work.state]


def _shared(person: Person) -> Section:
    """Essays of others in which the person is a co-author: that it is so, and what is written."""
    rows = db.session.execute(
        select(WorkAuthor, Contest.title)
        .join(Work, Work.id == WorkAuthor.work_id)
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(WorkAuthor.person_id == person.id, Work.person_id != person.id)
        .order_by(WorkAuthor.work_id)
    )
    return Section(
        "co_authorship",
        _l("Essays in which you are named as a co-author"),
        [
            Record(
                [
                    Line("contest", _l("Contest"), title),
                    Line("full_name", _l("Full name"), author.full_name),
                    Line("phone", _l("Phone number"), author.phone),
                    Line("unit", _l("Unit"), author.unit_name or None),
                ]
            )
            for author, title in rows
        ],
    )


def _consequences(person: Person) -> Sequence[Words]:
    works = _works(person.id)
    kept = sum(work.state is WorkState.SUBMITTED for work in works)
    gone = len(works) - kept
    said: list[Words] = []
    if gone:
        said.append(
            ngettext(
                "The text and files of %(num)s essay that was not handed in are deleted.",
                "The texts and files of %(num)s essays that were not handed in are deleted.",
                gone,
            )
        )
    if kept:
        said.append(
            ngettext(
                "%(num)s essay that was handed in stays in the record of its marking, without "
                "author and original file; it is no longer shown to the public.",
                "%(num)s essays that were handed in stay in the record of their marking, without "
                "author and original files; they are no longer shown to the public.",
                kept,
            )
        )
    if _records(person.id):
        said.append(
            _(
                "The record of you as a person written about loses name, unit, portrait and "
                "papers; essays about you are closed to the public."
            )
        )
    return said


def _obstacles(person: Person) -> Sequence[Words]:
    titles = db.session.scalars(
        select(Contest.title)
        .join(Round, Round.contest_id == Contest.id)
        .join(Work, Work.round_id == Round.id)
        .where(
            Work.person_id == person.id,
            Work.state == WorkState.SUBMITTED,
            Round.stage.not_in(_FINISHED),
        )
        .distinct()
    ).all()
    return [
        _(
            "An essay in “%(contest)s” is handed in and the results are not published. It must be "
            "withdrawn, or the results published, first.",
            contest=title,
        )
        for title in titles
    ]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    works = _works(person.id)
    files = [file_id for work in works for file_id in let_files_go(work)]
    for work in works:
        blank_essay(work)
        work.late_reason = ""  # why somebody was late is often an illness
    db.session.execute(
        update(LateCode)
        .where(or_(LateCode.person_id == person.id, LateCode.used_by_id == person.id))
        .values(reason="")
    )
    ids = [work.id for work in works]
    said, remarks = forget_words_of_units(ids), forget_about_works(ids)
    forget_found_names(person.id, person.full_name)
    authors: int = db.session.execute(
        update(WorkAuthor)
        .where(WorkAuthor.person_id == person.id)
        .values(full_name=ERASED_NAME, name_folded=fold(ERASED_NAME), phone=None)
    ).rowcount  # type: ignore[attr-defined]
    db.session.flush()
    return {
        "essays": len(works),
        "authors": authors,
        "unit_confirmations": said,
        "guardians": forget_guardians(person.id),
        "remarks": remarks,
        "written_about": sum(
            erase_subject(subject=each, actor=None, now=now) for each in _records(person.id)
        ),
        "files": discard_files(files, now=now),
    }


def let_files_go(work: Work) -> list[int]:
    """Take away files that nothing needs any more; returns which stored files are free now.

    Pictures of what was marked stay, as judges saw them. A document as sent goes: it names its
    author in many places, and its text stands in the version.
    """
    gone: list[int] = []
    for file in list(work.files):
        stays = (
            work.state is WorkState.SUBMITTED
            and file.kind is WorkFileKind.PICTURE
            and file.removed_at is None
            and file.shown
        )
        ids = {file.original_id, file.clean_id or file.original_id}
        if stays:
            kept = file.clean_id or file.original_id
            gone += ids - {kept}
            file.original_id = kept
        else:
            gone += ids
            db.session.delete(file)
    db.session.flush()
    db.session.expire(work, ["files"])
    return sorted(set(gone) - _still_used(gone))


def _still_used(file_ids: Sequence[int]) -> set[int]:
    used = db.session.execute(
        select(WorkFile.original_id, WorkFile.clean_id).where(
            WorkFile.original_id.in_(file_ids) | WorkFile.clean_id.in_(file_ids)
        )
    )
    return {file_id for row in used for file_id in row if file_id is not None}


def blank_essay(work: Work) -> None:
    """Take the words out of every version but the one that was marked; that hides its author."""
    kept = work.submitted_version_id if work.state is WorkState.SUBMITTED else None
    statement = update(WorkVersion).where(WorkVersion.work_id == work.id)
    if kept is not None:
        statement = statement.where(WorkVersion.id != kept)
    db.session.execute(
        statement.values(
            title="",
            body_html="",
            body_text="",
            subject_name="",
            subject_unit="",
            subject_reason="",
            search_folded="",
            answers={},
            private_answers={},
        )
    )
    if kept is not None:
        _keep_as_judged(work)
    work.identity_hints = []


def _keep_as_judged(work: Work) -> None:
    """Leave of the text that was marked what judges were shown, with names hidden.

    What they were not shown is no part of the record of the marking.
    """
    version = work.submitted_version
    assert version is not None  # noqa: S101  (a work handed in has one)
    row = blind_row(work.round_id, work.id)
    pictures = handed_in_pictures(work)
    made = blind(work, version, pictures, None if row is None else list(row.masked))
    identity = identity_of(work, version)
    version.title, version.body_html, version.body_text = (
        made.title,
        made.body_html,
        made.body_text,
    )
    version.subject_reason = mask_all(version.subject_reason, identity)
    version.answers, version.private_answers = {}, {}
    for file in pictures:
        file.caption, file.alternative_text = made.captions[file.public_id]
    db.session.flush()


def _withdrawal(person: Person, purpose: ConsentPurpose, scope_id: int | None) -> Sequence[Words]:
    if purpose not in {ConsentPurpose.PUBLISH_ESSAY, ConsentPurpose.REUSE}:
        return ()
    count = db.session.scalar(
        select(func.count(func.distinct(Work.id)))
        .join(WorkAuthor, WorkAuthor.work_id == Work.id)
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(
            WorkAuthor.person_id == person.id,
            Work.state == WorkState.SUBMITTED,
            Contest.scope_id == scope_id,
        )
    )
    if not count:
        return ()
    if purpose is ConsentPurpose.REUSE:
        return [_l("The organisers no longer use your essay in new publications.")]
    return [
        ngettext(
            "Your essay is no longer shown to the public; if its page was published, it closes.",
            "Your %(num)s essays are no longer shown to the public; pages that were published "
            "close.",
            count,
        )
    ]


def register() -> None:
    """Tell accounts what this room keeps."""
    register_keeper(Keeper("submissions", _copy, _consequences, _obstacles, _erase, _withdrawal))
