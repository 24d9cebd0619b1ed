"""Works that come onto a shortlist: the same text in the next round, under another code."""

from collections.abc import Sequence
from datetime import datetime

from contest.contests.models import Round
from contest.core.access import Actor
from contest.core.db import db, new_public_id
from contest.submissions.actions.blind_codes import write_blinded
from contest.submissions.actions.records import record
from contest.submissions.models import (
    BlindCode,
    Screening,
    ScreeningOutcome,
    Work,
    WorkAuthor,
    WorkFile,
    WorkState,
    WorkSubject,
    WorkVersion,
)
from contest.submissions.queries.screening import blind_row, subjects_of_work, taken_codes
from contest.submissions.queries.works import work_by_id
from contest.submissions.rules.blinding import blind, handed_in_pictures
from contest.submissions.rules.codes import new_blind_code, version_digest


def advance_works(
    *, source: Round, target: Round, work_ids: Sequence[int], actor: Actor, now: datetime
) -> list[Work]:
    """Give works of one round to a later one: as handed in, with new codes and what was masked.

    Args:
        source: where they were marked.
        target: takes no works from contestants.
        work_ids: works of `source` with a version handed in.
        actor: who sends them on.
        now: the instant of the request.
    """
    taken = taken_codes(target.id)
    made = []
    # By a fixed order that tells nothing about places: new keys follow the old ones.
    for work_id in sorted(work_ids):
        work = work_by_id(work_id)
        assert work is not None  # noqa: S101  (the caller read it in the same unit)
        made.append(_advanced(work, target, taken, actor=actor, now=now))
    db.session.flush()
    record(
        "works_advanced",
        ("round", target.id),
        target.contest.scope_id,
        actor=actor,
        now=now,
        source=source.number,
        works=len(made),
    )
    return made


def _advanced(work: Work, target: Round, taken: set[str], *, actor: Actor, now: datetime) -> Work:
    before = work.submitted_version
    assert before is not None  # noqa: S101  (it was marked)
    copy = Work(
        round=target,
        entry=work.entry,
        person_id=work.person_id,
        person=work.person,
        state=WorkState.SUBMITTED,
        edit=0,
        identity_hints=list(work.identity_hints),
        submitted_at=work.submitted_at,
        pledged_at=work.pledged_at,
        created_at=now,
        advanced_from_id=work.id,
    )
    copy.authors.extend(_author(each) for each in work.authors)
    names = _copy_pictures(work, copy)
    db.session.add(copy)
    db.session.flush()
    version = _copy_version(before, copy, names, now)
    copy.version = copy.submitted_version = version
    db.session.add(
        Screening(
            work_id=copy.id,
            version_id=version.id,
            outcome=ScreeningOutcome.PASSED,
            decided_by_id=actor.person_id,
            decided_at=now,
        )
    )
    for subject in subjects_of_work(work.id):
        db.session.add(WorkSubject(work_id=copy.id, subject_id=subject.id))
    db.session.flush()
    earlier = blind_row(work.round_id, work.id)
    code = new_blind_code(taken)
    taken.add(code)
    row = BlindCode(round_id=target.id, work_id=copy.id, code=code)
    # The places of what was masked are those of the text, which is the same.
    masked = None if earlier is None else [dict(each) for each in earlier.masked]
    made = blind(copy, version, handed_in_pictures(copy), masked)
    write_blinded(row, made, version_id=version.id, now=now)
    db.session.add(row)
    return copy


def _author(author: WorkAuthor) -> WorkAuthor:
    return WorkAuthor(
        position=author.position,
        person_id=author.person_id,
        full_name=author.full_name,
        name_folded=author.name_folded,
        phone=author.phone,
        unit_id=author.unit_id,
        unit_name=author.unit_name,
    )


def _copy_pictures(work: Work, copy: Work) -> dict[str, str]:
    """The pictures as rows of their own over the same files; new public id by old one."""
    names: dict[str, str] = {}
    for file in handed_in_pictures(work):
        names[file.public_id] = new_public_id()
        copy.files.append(
            WorkFile(
                public_id=names[file.public_id],
                kind=file.kind,
                position=file.position,
                field_key=file.field_key,
                shown=file.shown,
                media_type=file.media_type,
                original_id=file.original_id,
                clean_id=file.clean_id,
                caption=file.caption,
                alternative_text=file.alternative_text,
                added_at=file.added_at,
            )
        )
    return names


def _copy_version(
    before: WorkVersion, copy: Work, names: dict[str, str], now: datetime
) -> WorkVersion:
    def renamed(text: str) -> str:
        for old, new in names.items():
            text = text.replace(f"file:{old}", f"file:{new}")
        return text

    body_html = renamed(before.body_html)
    version = WorkVersion(
        work_id=copy.id,
        number=1,
        title=before.title,
        body_html=body_html,
        body_text=before.body_text,
        word_count=before.word_count,
        answers={key: renamed(answer) for key, answer in before.answers.items()},
        private_answers=dict(before.private_answers),
        subject_shown=before.subject_shown,
        subject_name=before.subject_name,
        subject_unit=before.subject_unit,
        subject_reason=before.subject_reason,
        digest=version_digest(
            title=before.title,
            body_html=body_html,
            subject_name=before.subject_name,
            subject_unit=before.subject_unit,
            subject_reason=before.subject_reason,
            answers={**before.answers, **before.private_answers},
        ),
        saved_at=now,
    )
    db.session.add(version)
    db.session.flush()
    return version
