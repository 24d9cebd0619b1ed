"""Essays that won: what a publication says of them, and the page on which one is read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from contest.accounts.models import BirthPrecision, ConsentPurpose, Person
from contest.accounts.queries import consents_of
from contest.contests.models import ContestKind, Round
from contest.core.db import db
from contest.core.vietnamese import initials
from contest.results.queries.publications import PublicationHead
from contest.results.rules.privacy import may_show_name
from contest.results.rules.snapshots import Published
from contest.results.rules.winners import Winner
from contest.submissions.models import (
    BlindCode,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkState,
    WorkVersion,
)
from contest.submissions.queries import blind_html, works_free_to_publish
from contest.submissions.rules.blinding import handed_in_pictures


def published_works(
    round: Round, entry_ids: Collection[int], today: date
) -> dict[int, dict[str, Any]]:
    """Title, text and co-authors of winning essays, as a snapshot keeps them, by entry.

    The title is the masked one unless every author stands there by name.
    """
    if round.kind is not ContestKind.ESSAY:
        return {}
    rows = db.session.execute(
        select(Work, WorkVersion, BlindCode.title)
        .join(WorkVersion, WorkVersion.id == Work.submitted_version_id)
        .outerjoin(
            BlindCode, (BlindCode.work_id == Work.id) & (BlindCode.round_id == Work.round_id)
        )
        .where(Work.round_id == round.id, Work.entry_id.in_(entry_ids))
        .options(selectinload(Work.authors))
    ).all()
    ids = {author.person_id for work, _v, _t in rows for author in work.authors if author.person_id}
    consenting = consents_of(ids, ConsentPurpose.PUBLISH_NAME, round.contest.scope_id)
    births = _births(ids)
    found: dict[int, dict[str, Any]] = {}
    for work, version, blind_title in rows:
        named = [_may_name(author, consenting, births, today) for author in work.authors]
        found[work.entry_id] = {
            "title": version.title if all(named) else (blind_title or ""),
            "work": work.public_id,
            "text": version.digest,
            "words": version.word_count,
            "others": [
                {
                    "name": author.full_name if full else initials(author.full_name),
                    "is_full_name": full,
                }
                for author, full in list(zip(work.authors, named, strict=True))[1:]
            ],
        }
    return found


def _births(person_ids: Collection[int]) -> dict[int, tuple[date | None, BirthPrecision | None]]:
    rows = db.session.execute(
        select(Person.id, Person.birth_date, Person.birth_precision).where(
            Person.id.in_(person_ids)
        )
    )
    return {person_id: (birth, precision) for person_id, birth, precision in rows}


def _may_name(
    author: WorkAuthor,
    consenting: set[int],
    births: dict[int, tuple[date | None, BirthPrecision | None]],
    today: date,
) -> bool:
    birth, precision = births.get(author.person_id or 0, (None, None))
    return may_show_name(
        has_consent=author.person_id in consenting, birth=birth, precision=precision, on=today
    )


def readable_works(head: PublicationHead, said: Published, today: date) -> frozenset[str]:
    """Ids of the winning essays that everybody may read now.

    Every author agrees to it; of a child a guardian agrees as well.
    """
    works = [winner.work for winner in said.winners if winner.work]
    if not works:
        return frozenset()
    rows = db.session.execute(
        select(Work.id, Work.public_id).where(
            Work.round_id == head.round_id,
            Work.public_id.in_(works),
            Work.state == WorkState.SUBMITTED,
        )
    )
    names = {row.id: row.public_id for row in rows}
    return frozenset(names[work] for work in works_free_to_publish(set(names), today))


@dataclass(frozen=True, slots=True)
class EssayPage:
    """An essay as everybody reads it.

    Attributes:
        winner: as the publication names the authors.
        html: clean; with names of authors masked unless all of them stand there by name.
        words: of the text.
        subject: who it is about, as the author wrote it.
        before: the winner before, whose essay can be read too.
        after: the winner behind.
        position: from 1 among those that can be read.
        total: how many can be read.
        has_pictures: whether pictures stand in it or under it.
    """

    winner: Winner
    html: str
    words: int
    subject: str
    before: Winner | None
    after: Winner | None
    position: int
    total: int


def essay_page(
    head: PublicationHead, said: Published, work_id: str, today: date
) -> EssayPage | None:
    """The page of a winning essay, or None where nobody but its authors may read it."""
    readable = readable_works(head, said, today)
    shown = [winner for winner in said.winners if winner.work in readable]
    at = next((place for place, winner in enumerate(shown) if winner.work == work_id), None)
    if at is None:
        return None
    winner = shown[at]
    found = _text_of(winner, f"/contests/{head.contest_slug}/results/{head.round_number}/pictures/")
    if found is None:
        return None
    html, words, subject = found
    return EssayPage(
        winner,
        html,
        words,
        subject,
        shown[at - 1] if at else None,
        shown[at + 1] if at + 1 < len(shown) else None,
        at + 1,
        len(shown),
    )


def _work_of(public_id: str) -> Work | None:
    return db.session.scalar(
        select(Work)
        .where(Work.public_id == public_id)
        .options(
            joinedload(Work.submitted_version),
            joinedload(Work.round).joinedload(Round.contest),
            selectinload(Work.files),
            selectinload(Work.authors),
        )
    )


def _text_of(winner: Winner, address: str) -> tuple[str, int, str] | None:
    work = _work_of(winner.work)
    version = None if work is None else _version_of(work, winner.text)
    if work is None or version is None:
        return None
    shown = _shown_pictures(work)
    if winner.all_named:
        subject = ", ".join(part for part in (version.subject_name, version.subject_unit) if part)
        words = {one.public_id: [one.caption, one.alternative_text] for one in shown}
        return blind_html(version.body_html, words, address), version.word_count, subject
    blind = db.session.scalar(
        select(BlindCode).where(BlindCode.work_id == work.id, BlindCode.version_id == version.id)
    )
    if blind is None:
        return None
    ids = {one.public_id for one in shown}
    captions = {key: value for key, value in blind.captions.items() if key in ids}
    return blind_html(blind.body_html, captions, address), blind.word_count, blind.subject_line


def _version_of(work: Work, digest: str) -> WorkVersion | None:
    """The text that was published, also when another was handed in since."""
    return db.session.scalar(
        select(WorkVersion)
        .where(WorkVersion.work_id == work.id, WorkVersion.digest == digest)
        .order_by(WorkVersion.id.desc())
        .limit(1)
    )


def _shown_pictures(work: Work) -> Sequence[WorkFile]:
    """The pictures, where every author agrees that pictures are published."""
    authors = {author.person_id for author in work.authors}
    agree = consents_of(
        {one for one in authors if one is not None},
        ConsentPurpose.PUBLISH_PHOTO,
        work.round.contest.scope_id,
    )
    return handed_in_pictures(work) if authors <= agree else []


def essay_picture(
    head: PublicationHead, said: Published, file_id: str, today: date
) -> WorkFile | None:
    """A picture of an essay that everybody may read, without its metadata."""
    file = db.session.scalar(
        select(WorkFile)
        .where(
            WorkFile.public_id == file_id,
            WorkFile.kind == WorkFileKind.PICTURE,
            WorkFile.clean_id.is_not(None),
        )
        .options(joinedload(WorkFile.clean))
    )
    if file is None:
        return None
    work_id = db.session.scalar(select(Work.public_id).where(Work.id == file.work_id))
    if work_id not in readable_works(head, said, today):
        return None
    work = _work_of(work_id or "")
    if work is None or file.public_id not in {one.public_id for one in _shown_pictures(work)}:
        return None
    return file
