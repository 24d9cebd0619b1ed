"""Works as their authors see them."""

from collections.abc import Collection

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import Person
from contest.contests.models import Contest, Entry, Registration, Round
from contest.core.db import db
from contest.submissions.models import (
    EssayRound,
    Screening,
    ScreeningOutcome,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkState,
    WorkVersion,
)

_MOST_KEYS = 100


def _whole(statement: Select[Work]) -> Select[Work]:
    """With what every page of a work looks at, in a fixed number of statements."""
    return statement.options(
        joinedload(Work.round).joinedload(Round.contest).joinedload(Contest.unit),
        joinedload(Work.version),
        joinedload(Work.submitted_version),
        joinedload(Work.entry).joinedload(Entry.registration).joinedload(Registration.division),
        selectinload(Work.authors),
        selectinload(Work.files).joinedload(WorkFile.original),
    )


def own_work(person_id: int, public_id: str) -> Work | None:
    """A work that a person wrote, alone or with others."""
    return db.session.scalar(
        _whole(
            select(Work)
            .join(WorkAuthor, WorkAuthor.work_id == Work.id)
            .where(
                Work.public_id == public_id,
                WorkAuthor.person_id == person_id,
                Work.advanced_from_id.is_(None),
            )
        )
    )


def work_in_round(round_id: int, public_id: str) -> Work | None:
    """A work of a round that was loaded for somebody."""
    return db.session.scalar(
        _whole(select(Work).where(Work.round_id == round_id, Work.public_id == public_id))
    )


def work_by_id(work_id: int) -> Work | None:
    """A work by its key without asking who wants it: for jobs and rooms above only."""
    return db.session.scalar(_whole(select(Work).where(Work.id == work_id)))


def works_of(person_id: int, round_id: int | None = None) -> list[Work]:
    """The works of a person, in one round or everywhere, in the order they were begun.

    The same text in a later round is no work of its own to its author.
    """
    statement = (
        select(Work)
        .join(WorkAuthor, WorkAuthor.work_id == Work.id)
        .where(WorkAuthor.person_id == person_id, Work.advanced_from_id.is_(None))
        .order_by(Work.created_at, Work.id)
    )
    if round_id is not None:
        statement = statement.where(Work.round_id == round_id)
    return list(db.session.scalars(_whole(statement)).unique())


def live_work_count(round_id: int, registration_id: int) -> tuple[int, int]:
    """How many works of a registration in a round are not withdrawn, and the last ordinal used."""
    row = db.session.execute(
        select(
            func.count().filter(Work.state != WorkState.WITHDRAWN),
            func.coalesce(func.max(Entry.ordinal), 0),
        )
        .select_from(Work)
        .join(Work.entry)
        .where(Work.round_id == round_id, Entry.registration_id == registration_id)
    ).one()
    return int(row[0]), int(row[1])


def versions_of(work_id: int) -> list[WorkVersion]:
    """Every version that was kept, the newest first."""
    return list(
        db.session.scalars(
            select(WorkVersion)
            .where(WorkVersion.work_id == work_id)
            .order_by(WorkVersion.number.desc())
        )
    )


def save_keys(work_id: int) -> list[str]:
    """Names of the newest saves that the server has, by which a page knows its own texts."""
    return list(
        db.session.scalars(
            select(WorkVersion.save_key)
            .where(WorkVersion.work_id == work_id, WorkVersion.save_key != "")
            .order_by(WorkVersion.number.desc())
            .limit(_MOST_KEYS)
        )
    )


def version_of(work_id: int, number: int) -> WorkVersion | None:
    """A version by its number."""
    return db.session.scalar(
        select(WorkVersion).where(WorkVersion.work_id == work_id, WorkVersion.number == number)
    )


def screening_of(work_id: int) -> Screening | None:
    """The decision of the screening that counts."""
    return db.session.scalar(
        select(Screening).where(Screening.work_id == work_id, Screening.is_current)
    )


def screenings_of(work_ids: Collection[int]) -> dict[int, Screening]:
    """The decisions that count, for several works in one SELECT."""
    rows = db.session.scalars(
        select(Screening).where(Screening.work_id.in_(work_ids), Screening.is_current)
    )
    return {found.work_id: found for found in rows}


def outcome_of(work: Work) -> ScreeningOutcome | None:
    """What was decided about the version handed in last; None while it waits."""
    found = screening_of(work.id)
    if found is None or found.version_id != work.submitted_version_id:
        return None
    return found.outcome


def live_files(work: Work) -> list[WorkFile]:
    """The files of a work that were not taken away."""
    return [file for file in work.files if file.removed_at is None]


def pictures_of(work: Work) -> list[WorkFile]:
    """The pictures of the text of a work, in order."""
    return [file for file in files_of_field(work) if file.kind is WorkFileKind.PICTURE]


def pictures_shown(work: Work) -> list[WorkFile]:
    """Every picture that judges would see, those of fields too, in order."""
    return [file for file in live_files(work) if file.kind is WorkFileKind.PICTURE and file.shown]


def documents_of(work: Work) -> list[WorkFile]:
    """The documents that were read into the text of a work, in order."""
    return [file for file in files_of_field(work) if file.kind is WorkFileKind.DOCUMENT]


def files_of_field(work: Work, key: str = "") -> list[WorkFile]:
    """The files of a field of the form, in order; without a key those of the text."""
    return [file for file in live_files(work) if file.field_key == key]


def files_of_receipt(work: Work) -> list[WorkFile]:
    """The files that a receipt vouches for: pictures of the text, and every file of a field.

    The document read into the text is not among them: its words are in the version.
    """
    return pictures_of(work) + [file for file in live_files(work) if file.field_key]


def own_file(person_id: int, public_id: str) -> WorkFile | None:
    """A file of a work that this person wrote."""
    return db.session.scalar(
        select(WorkFile)
        .join(WorkAuthor, WorkAuthor.work_id == WorkFile.work_id)
        .where(WorkFile.public_id == public_id, WorkAuthor.person_id == person_id)
        .options(joinedload(WorkFile.original), joinedload(WorkFile.clean))
    )


def file_in_round(round_id: int, public_id: str) -> WorkFile | None:
    """A file of a work in a round that was loaded for somebody."""
    return db.session.scalar(
        select(WorkFile)
        .join(Work, Work.id == WorkFile.work_id)
        .where(WorkFile.public_id == public_id, Work.round_id == round_id)
        .options(joinedload(WorkFile.original), joinedload(WorkFile.clean))
    )


def work_by_receipt(code: str) -> Work | None:
    """The work of a receipt."""
    return db.session.scalar(_whole(select(Work).where(Work.receipt_code == code)))


def registration_by_code(contest_id: int, code: str) -> Registration | None:
    """A live registration of a contest by its code."""
    return db.session.scalar(
        select(Registration).where(
            Registration.contest_id == contest_id,
            Registration.code == code,
            Registration.withdrawn_at.is_(None),
        )
    )


def authors_with_accounts(work: Work) -> list[Person]:
    """The authors of a work who can sign in, in their order."""
    return list(
        db.session.scalars(
            select(Person)
            .join(WorkAuthor, WorkAuthor.person_id == Person.id)
            .where(WorkAuthor.work_id == work.id)
            .order_by(WorkAuthor.position)
        )
    )


def own_essay_rounds(person_id: int) -> list[tuple[Round, EssayRound]]:
    """Essay rounds of the contests in which a person is registered, the latest close first."""
    rows = db.session.execute(
        select(Round, EssayRound)
        .join(EssayRound, EssayRound.round_id == Round.id)
        .join(Registration, Registration.contest_id == Round.contest_id)
        .join(Round.contest)
        .where(
            Registration.person_id == person_id,
            Registration.withdrawn_at.is_(None),
            Contest.announced_at.is_not(None),
            EssayRound.takes_works,
        )
        .options(joinedload(Round.contest))
        .order_by(Round.closes_at.desc(), Round.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def stands_elsewhere(work: Work, version: WorkVersion) -> bool:
    """Whether the author handed in the text of this version as another work of the round.

    What others handed in is compared for people to judge, never here.
    """
    if not version.body_text:
        return False
    other = (
        exists()
        .where(
            Work.round_id == work.round_id,
            Work.person_id == work.person_id,
            Work.id != work.id,
            Work.state == WorkState.SUBMITTED,
        )
        .where(
            WorkVersion.id == Work.submitted_version_id,
            WorkVersion.body_text == version.body_text,
        )
    )
    return bool(db.session.scalar(select(other)))
