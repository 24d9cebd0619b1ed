"""What the room of judges is given: conflicts by persons and units, and works without authors."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import joinedload

from contest.accounts.models import Person
from contest.contests.models import Entry, Registration
from contest.contests.rules import ids_of_path
from contest.core.db import db
from contest.core.vietnamese import fold
from contest.submissions.models import (
    BlindCode,
    FieldSort,
    FormField,
    Screening,
    ScreeningOutcome,
    Subject,
    Unsealing,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkState,
    WorkSubject,
    WorkVersion,
)
from contest.submissions.rules.answers import NamedPerson, read_person
from contest.submissions.rules.entry_forms import CORE
from contest.submissions.rules.subjects import bare_name
from contest.submissions.rules.texts import read_html, write_html

_PART = 500


@dataclass(frozen=True, slots=True)
class MarkableWork:
    """A work as the rules of assignment see it: who must not mark it. Never shown to anybody.

    Attributes:
        work_id: key of the work.
        entry_id: what is ranked.
        division_id: of the registration.
        author_person_ids: accounts of all authors.
        author_unit_ids: units of all authors, each the nearest one.
        author_unit_path_ids: the same with every unit above.
        author_units_folded: units of co-authors without an account, as typed.
        author_names_folded: names of all authors.
        author_phones: telephone numbers of all authors, E.164.
        author_emails: mail addresses of authors with an account.
        subject_ids: the persons written about, where they are linked.
        subject_names_folded: their names, or as the author typed them.
        subject_unit_ids: their units, where these are known.
        subject_units_folded: their units as typed.
        subject_person_ids: their accounts, where somebody linked them.
        named: persons of the form's further fields, whether judges see these or not.

    A name stands in `…_names_folded` as typed and without the titles before it.
    """

    work_id: int
    entry_id: int
    division_id: int | None
    author_person_ids: frozenset[int]
    author_unit_ids: frozenset[int]
    author_unit_path_ids: frozenset[int]
    author_units_folded: frozenset[str]
    author_names_folded: frozenset[str]
    author_phones: frozenset[str]
    author_emails: frozenset[str]
    subject_ids: frozenset[int]
    subject_names_folded: frozenset[str]
    subject_unit_ids: frozenset[int]
    subject_units_folded: frozenset[str]
    subject_person_ids: frozenset[int]
    named: tuple[NamedPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class BlindFile:
    """A file that a judge may fetch, without its name. `caption` and `alt` are masked."""

    public_id: str
    kind: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class BlindWork:
    """A work as a judge reads it: no author, unit, file name, entry id, storage key or time.

    Attributes:
        code: blind code in the round.
        title: masked.
        subject_line: the person written about, and why; masked.
        body_html: clean HTML; pictures stand in it as figures with `/blind/…` addresses.
        body_text: the same as plain text, a line for each block without the figures; places of
            notes count in it.
        word_count: of the text as handed in.
        files: pictures, in order.
    """

    code: str
    title: str
    subject_line: str
    body_html: str
    body_text: str
    word_count: int
    files: list[BlindFile] = field(default_factory=list)


def is_passed() -> ColumnElement[bool]:
    """Handed in, and that version passed the screening: of `Work` joined to `Screening`."""
    return (
        (Work.state == WorkState.SUBMITTED)
        & Screening.is_current
        & (Screening.outcome == ScreeningOutcome.PASSED)
        & (Screening.version_id == Work.submitted_version_id)
    )


def works_for_marking(round_id: int, work_ids: Collection[int] | None = None) -> list[MarkableWork]:
    """Every work to be marked, with persons and units for conflicts, in a fixed number of SELECTs.

    For `judging.rules` alone, which hands back codes. With `work_ids`, only these (a page of
    them, not a season).
    """
    wanted = true() if work_ids is None else Work.id.in_(work_ids)
    works = db.session.execute(
        select(
            Work.id,
            Work.entry_id,
            Registration.division_id,
            Registration.unit_ids,
            WorkVersion.subject_name,
            WorkVersion.subject_unit,
        )
        .join(Screening, Screening.work_id == Work.id)
        .join(Entry, Entry.id == Work.entry_id)
        .join(Registration, Registration.id == Entry.registration_id)
        .join(WorkVersion, WorkVersion.id == Work.submitted_version_id)
        .where(Work.round_id == round_id, is_passed(), wanted)
        .order_by(Work.id)
    ).all()
    authors = _authors_of_round(round_id, wanted)
    subjects = _subjects_of_round(round_id, wanted)
    named = _named_in_round(round_id, wanted)
    return [_markable(work, authors[work.id], subjects[work.id], named[work.id]) for work in works]


def _authors_of_round(round_id: int, wanted: ColumnElement[bool]) -> defaultdict[int, list[Any]]:
    rows = db.session.execute(
        select(
            WorkAuthor.work_id,
            WorkAuthor.person_id,
            WorkAuthor.unit_id,
            WorkAuthor.name_folded,
            WorkAuthor.unit_name,
            WorkAuthor.phone,
            Person.phone.label("own_phone"),
            Person.email,
        )
        .join(Work, Work.id == WorkAuthor.work_id)
        .outerjoin(Person, Person.id == WorkAuthor.person_id)
        .where(Work.round_id == round_id, wanted)
    )
    return _by_work(rows)


def _subjects_of_round(round_id: int, wanted: ColumnElement[bool]) -> defaultdict[int, list[Any]]:
    rows = db.session.execute(
        select(
            WorkSubject.work_id,
            Subject.id,
            Subject.name_folded,
            Subject.unit_name,
            Subject.unit_id,
            Subject.person_id,
        )
        .join(Subject, Subject.id == WorkSubject.subject_id)
        .join(Work, Work.id == WorkSubject.work_id)
        .where(Work.round_id == round_id, wanted)
    )
    return _by_work(rows)


def _named_in_round(
    round_id: int, wanted: ColumnElement[bool]
) -> defaultdict[int, list[NamedPerson]]:
    """Persons typed into further fields; the answers are read by the database, not parsed here."""
    found: defaultdict[int, list[NamedPerson]] = defaultdict(list)
    fields = db.session.execute(
        select(FormField.key, FormField.label)
        .where(
            FormField.round_id == round_id,
            FormField.sort == FieldSort.PERSON,
            FormField.key.not_in(CORE),
        )
        .order_by(FormField.position)
    ).all()
    if not fields:
        return found
    typed = [
        func.coalesce(
            WorkVersion.answers[key].as_string(), WorkVersion.private_answers[key].as_string()
        )
        for key, _label in fields
    ]
    rows = db.session.execute(
        select(Work.id, *typed)
        .join(WorkVersion, WorkVersion.id == Work.submitted_version_id)
        .where(Work.round_id == round_id, wanted)
    )
    for work_id, *answers in rows:
        for (_key, label), answer in zip(fields, answers, strict=True):
            name, unit = read_person(answer or "")
            if name or unit:
                names = sorted(_with_bare({fold(name)} - {""}))
                found[work_id].append(NamedPerson(label, tuple(names), fold(unit)))
    return found


def _by_work(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.work_id].append(row)
    return found


def _markable(
    work: Any, authors: Sequence[Any], subjects: Sequence[Any], named: Sequence[NamedPerson]
) -> MarkableWork:
    names = {subject.name_folded for subject in subjects} | {fold(work.subject_name)}
    units = {fold(name) for name in (work.subject_unit, *(each.unit_name for each in subjects))}
    unit_ids = {author.unit_id for author in authors if author.unit_id is not None}
    return MarkableWork(
        work_id=work.id,
        entry_id=work.entry_id,
        division_id=work.division_id,
        author_person_ids=frozenset(
            author.person_id for author in authors if author.person_id is not None
        ),
        author_unit_ids=frozenset(unit_ids),
        author_unit_path_ids=frozenset(unit_ids) | set(ids_of_path(work.unit_ids)),
        author_units_folded=frozenset(
            {fold(author.unit_name) for author in authors if author.unit_id is None} - {""}
        ),
        author_names_folded=_with_bare(author.name_folded for author in authors),
        author_phones=frozenset(
            {phone for author in authors for phone in (author.phone, author.own_phone)} - {None, ""}
        ),
        author_emails=frozenset({author.email for author in authors} - {None, ""}),
        subject_ids=frozenset(subject.id for subject in subjects),
        subject_names_folded=_with_bare(names - {""}),
        subject_unit_ids=frozenset(
            subject.unit_id for subject in subjects if subject.unit_id is not None
        ),
        subject_units_folded=frozenset(units - {""}),
        subject_person_ids=frozenset(
            subject.person_id for subject in subjects if subject.person_id is not None
        ),
        named=tuple(named),
    )


def _with_bare(names: Iterable[str]) -> frozenset[str]:
    return frozenset(form for name in names for form in (name, bare_name(name)))


def codes(round_id: int, work_ids: Collection[int]) -> dict[int, str]:
    """Blind codes of works of a round. For judges' pages and `judging.rules`: never with authors.

    A person who is shown codes beside works reads the code table: see `actions.read_code_table`.
    """
    found: dict[int, str] = {}
    wanted = sorted(work_ids)
    for start in range(0, len(wanted), _PART):
        rows = db.session.execute(
            select(BlindCode.work_id, BlindCode.code).where(
                BlindCode.round_id == round_id,
                BlindCode.work_id.in_(wanted[start : start + _PART]),
            )
        )
        found.update(rows.all())
    return found


def work_id_of_code(round_id: int, code: str) -> int | None:
    """The work of a blind code."""
    return db.session.scalar(
        select(BlindCode.work_id).where(BlindCode.round_id == round_id, BlindCode.code == code)
    )


def blind_work(round_id: int, work_id: int) -> BlindWork | None:
    """A work as a judge reads it, in two SELECTs; None while it has no code."""
    row = db.session.execute(
        select(
            BlindCode.code,
            BlindCode.title,
            BlindCode.subject_line,
            BlindCode.body_html,
            BlindCode.body_text,
            BlindCode.word_count,
            BlindCode.captions,
        ).where(BlindCode.round_id == round_id, BlindCode.work_id == work_id)
    ).first()
    if row is None:
        return None
    files = [
        BlindFile(public_id, WorkFileKind.PICTURE.value, *row.captions[public_id])
        for public_id in _picture_ids(work_id)
        if public_id in row.captions
    ]
    return BlindWork(
        code=row.code,
        title=row.title,
        subject_line=row.subject_line,
        body_html=blind_html(row.body_html, row.captions),
        body_text=row.body_text,
        word_count=row.word_count,
        files=files,
    )


def _picture_ids(work_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(WorkFile.public_id)
            .where(
                WorkFile.work_id == work_id,
                WorkFile.kind == WorkFileKind.PICTURE,
                WorkFile.clean_id.is_not(None),
                WorkFile.shown,
            )
            .order_by(WorkFile.position, WorkFile.id)
        )
    )


def blind_html(body_html: str, captions: dict[str, list[str]], address: str = "/blind/") -> str:
    """A body with its pictures, at addresses that judges may fetch or under another.

    A picture that was added and put nowhere into the text stands below it.
    """
    placed: set[str] = set()

    def figure(file_id: str) -> str:
        if file_id not in captions:
            return ""
        placed.add(file_id)
        caption, alt = captions[file_id]
        return figure_html(f"{address}{file_id}", caption, alt)

    text = write_html(read_html(body_html), figure)
    return text + "".join(figure(key) for key in captions if key not in placed)


def figure_html(address: str, caption: str, alt: str) -> str:
    """A picture with its caption, every sign escaped."""
    words = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure><img src="{escape(address)}" alt="{escape(alt or caption)}" loading="lazy">'
        f"{words}</figure>"
    )


def blind_file(public_id: str) -> WorkFile | None:
    """A picture of a work that has a code, by its public id; who may fetch it, judging says."""
    return db.session.scalar(
        select(WorkFile)
        .join(BlindCode, BlindCode.work_id == WorkFile.work_id)
        .where(
            WorkFile.public_id == public_id,
            WorkFile.kind == WorkFileKind.PICTURE,
            WorkFile.clean_id.is_not(None),
            WorkFile.shown,
        )
        .options(joinedload(WorkFile.clean))
        .limit(1)
    )


def has_codes(round_id: int) -> bool:
    """Whether a round's code table was made."""
    return (
        db.session.scalar(select(BlindCode.work_id).where(BlindCode.round_id == round_id).limit(1))
        is not None
    )


def is_unsealed(round_id: int) -> bool:
    """Whether the code table was opened."""
    return db.session.get(Unsealing, round_id) is not None
