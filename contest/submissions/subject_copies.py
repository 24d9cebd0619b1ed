"""What is kept of a person written about, as a section of a copy of their data."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from contest.accounts.personal_data import CopiedFile, Line, Record, Section, Value
from contest.core.db import db
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.models import Subject, SubjectConsent, WorkSubject
from contest.submissions.queries.subjects import consents_of_subject, mentions_of


def written_about_section(subjects: Sequence[Subject]) -> Section:
    """The records with their consents, and where the person stands.

    The essays are their authors'; how many there are is told.
    """
    return Section(
        "written_about",
        _l("What is kept of you as a person written about"),
        [_record(each) for each in subjects],
    )


def _record(subject: Subject) -> Record:
    essays = db.session.scalar(select(func.count()).where(WorkSubject.subject_id == subject.id))
    lines = [
        Line("full_name", _l("Full name"), subject.full_name),
        Line("unit", _l("Unit"), subject.unit_name or None),
        Line("essays", _l("Essays about you"), essays or 0),
        Line("portrait", _l("What the portrait shows"), subject.portrait_text or None),
    ]
    for row in consents_of_subject(subject.id):
        lines += _consent(row)
    for mention in mentions_of(subject.id):
        lines.append(Line("stands", mention.label, mention.at))
    files = [] if subject.portrait_id is None else [CopiedFile("portrait", subject.portrait_id)]
    return Record(lines, files)


def _consent(row: SubjectConsent) -> list[Line]:
    code = row.purpose.value
    return [
        Line(f"{code}_wording", _l("Words of the consent"), row.wording),
        Line(f"{code}_given_on", _l("Given on"), row.given_on),
        Line(f"{code}_kept_where", _l("Where the paper lies"), row.kept_where or None),
        Line(f"{code}_guardian", _l("Guardian who agreed"), row.guardian or None),
        Line(f"{code}_withdrawn_at", _l("Withdrawn or refused on"), row.withdrawn_at),
    ]


def copy_of_subject(subject: Subject) -> dict[str, Any]:
    """The same as plain data with its labels, for a person without an account who asks."""
    record = _record(subject)
    return {
        "made_of": str(subject.public_id),
        "lines": [
            {"code": line.code, "label": str(line.label), "value": _plain(line.value)}
            for line in record.lines
        ],
        "portrait": bool(record.files),
    }


def _plain(value: Value) -> str | int | bool | None:
    return value if isinstance(value, str | int | bool | None) else str(value)
