"""Reading publications: what the public sees, and nothing that was not published."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.queries import consents_of
from contest.contests.models import Contest, Division, Entry, Registration, Round
from contest.core.db import db
from contest.core.i18n import gettext as _
from contest.core.vietnamese import initials
from contest.results.models import Honour, Over, Publication
from contest.results.rules.extra_snapshots import people_of, with_people
from contest.results.rules.snapshots import HonourLine, Published, read_snapshot
from contest.results.rules.winners import Named, Winner
from contest.submissions.models import Work, WorkAuthor

_KEPT: Final = 64
_parsed: OrderedDict[tuple[int, str], Published] = OrderedDict()


@dataclass(frozen=True, slots=True)
class PublicationHead:
    """A publication without its content, for lists and for finding the page.

    `annulled_at` says that its round was annulled since: nobody's result of it counts any more.
    """

    id: int
    public_id: str
    round_id: int
    number: int
    digest: str
    reason: str
    decision_number: str
    decided_on: date | None
    published_at: datetime
    rank_run_id: int
    contest_id: int
    contest_slug: str
    contest_title: str
    contest_scope_id: int
    round_number: int
    round_title: str
    annulled_at: datetime | None


_HEAD: Final[Any] = (
    select(
        Publication.id,
        Publication.public_id,
        Publication.round_id,
        Publication.number,
        Publication.digest,
        Publication.reason,
        Publication.decision_number,
        Publication.decided_on,
        Publication.published_at,
        Publication.rank_run_id,
        Contest.id,
        Contest.slug,
        Contest.title,
        Contest.scope_id,
        Round.number,
        Round.title,
        Round.annulled_at,
    )
    .join(Round, Round.id == Publication.round_id)
    .join(Contest, Contest.id == Round.contest_id)
)


def publication_head(slug: str, number: int, version: int | None = None) -> PublicationHead | None:
    """The latest publication of a round, or the one of that number.

    Before the first one there is nothing to find, as for a contest that never was.
    """
    statement = _HEAD.where(
        Contest.slug == slug, Contest.announced_at.is_not(None), Round.number == number
    )
    if version is not None:
        statement = statement.where(Publication.number == version)
    row = db.session.execute(statement.order_by(Publication.number.desc()).limit(1)).first()
    return None if row is None else PublicationHead(*row)


def publication_heads(round_id: int) -> list[PublicationHead]:
    """All publications of a round, the latest first."""
    rows = db.session.execute(
        _HEAD.where(Publication.round_id == round_id).order_by(Publication.number.desc())
    )
    return [PublicationHead(*row) for row in rows]


def latest_publication(round_id: int) -> PublicationHead | None:
    """The publication of a round that is in force."""
    heads = publication_heads(round_id)
    return heads[0] if heads else None


def last_published(over: Over) -> Publication | None:
    """The publication in force of a round, or of the totals of a contest."""
    return db.session.scalar(
        select(Publication).where(Publication.of(over)).order_by(Publication.number.desc()).limit(1)
    )


def n_by_division(facts: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The N with which predictions of each division are compared; empty where one N is for all.

    Args:
        facts: of a rank run.
    """
    counted = {key: n for key, n in facts.get("n", {}).items() if key.isdecimal()}
    if not facts.get("n_per_division") or not counted:
        return []
    divisions = db.session.scalars(
        select(Division).where(Division.id.in_(map(int, counted))).order_by(Division.position)
    )
    return [(each.name, counted[str(each.id)]) for each in divisions]


def published_rounds(
    contest_ids: Sequence[int] | None = None, *, limit: int = 50
) -> list[PublicationHead]:
    """The publications in force of announced contests, the newest first.

    Args:
        contest_ids: of these contests only.
        limit: at most so many.
    """
    latest = (
        select(Publication.round_id, func.max(Publication.number).label("number"))
        .group_by(Publication.round_id)
        .subquery()
    )
    statement = (
        _HEAD.join(
            latest,
            (latest.c.round_id == Publication.round_id) & (latest.c.number == Publication.number),
        )
        .where(Contest.announced_at.is_not(None))
        .order_by(Publication.published_at.desc(), Publication.id.desc())
        .limit(limit)
    )
    if contest_ids is not None:
        statement = statement.where(Contest.id.in_(contest_ids))
    return [PublicationHead(*row) for row in db.session.execute(statement)]


def _content(head: PublicationHead) -> Published:
    """What a publication says. It never changes, so a process keeps the last ones parsed."""
    key = (head.id, head.digest)
    known = _parsed.get(key)
    if known is None:
        publication = db.session.scalar(
            select(Publication)
            .where(Publication.id == head.id)
            .options(undefer(Publication.snapshot))
        )
        if publication is None:  # pragma: no cover  (a publication is never deleted)
            raise LookupError(head.id)
        known = _parsed[key] = read_snapshot(publication.snapshot, head.digest)
        while len(_parsed) > _KEPT:
            _parsed.popitem(last=False)
    return known


def publication(head: PublicationHead) -> Published:
    """A publication as it may be shown now.

    Who has withdrawn the consent to be named since appears with initials and is listed in
    `hidden`; whose data were erased appears without any name. The digest stays that of what was
    said.
    """
    said = _content(head)
    people = (*said.winners, *people_of(said.extras))
    hidden, erased = withdrawn_winners(head.contest_scope_id, people)
    shown = _honours_as_now(said)
    authors = _withdrawn_authors(head, people)
    if not hidden and shown is said.honours and not authors:
        return said

    def as_now(winner: Winner) -> Winner:
        return without_names(
            winner,
            authors.get(winner.work, frozenset()),
            first=winner.entry in hidden,
            erased=winner.entry in erased,
        )

    marks = {winner.entry for winner in people if winner.work in authors}
    marks |= {now.id for then, now in zip(said.honours, shown, strict=True) if then != now}
    return replace(
        said,
        winners=tuple(as_now(winner) for winner in said.winners),
        extras=with_people(said.extras, as_now),
        honours=shown,
        hidden=hidden | marks,
    )


def without_names(winner: Winner, others: frozenset[int], *, first: bool, erased: bool) -> Winner:
    """A winner by initials, or without any name where the data were erased.

    Args:
        winner: as published.
        others: positions of the co-authors whose names go.
        first: whether the name of the winner goes.
        erased: whether their data were erased.
    """
    if not others and not first:
        return winner
    gone = [winner.name] if first else []
    gone += [other.name for position, other in enumerate(winner.others) if position in others]
    title = winner.title
    for name in gone:
        title = title.replace(name, initials(name))
    return replace(
        winner,
        name=_("hidden on request") if erased else initials(winner.name) if first else winner.name,
        is_full_name=winner.is_full_name and not first,
        others=tuple(
            Named(initials(other.name), is_full_name=False) if position in others else other
            for position, other in enumerate(winner.others)
        ),
        title=title,
    )


def _honours_as_now(said: Published) -> tuple[HonourLine, ...]:
    """The honoured persons, by initials where the agreement is gone since."""
    named = [line.id for line in said.honours if line.is_full_name]
    if not named:
        return said.honours
    agreeing = set(
        db.session.scalars(
            select(Honour.public_id).where(
                Honour.public_id.in_(named), Honour.agreed_at.is_not(None)
            )
        )
    )
    if agreeing.issuperset(named):
        return said.honours
    return tuple(
        line
        if not line.is_full_name or line.id in agreeing
        else replace(line, name=initials(line.name), is_full_name=False, unit="", citation="")
        for line in said.honours
    )


def _withdrawn_authors(
    head: PublicationHead, people: Sequence[Winner]
) -> dict[str, frozenset[int]]:
    """Positions of co-authors, by essay, who were named and agree no longer."""
    works = [winner.work for winner in people if any(other.is_full_name for other in winner.others)]
    if not works:
        return {}
    rows = db.session.execute(
        select(Work.public_id, WorkAuthor.position, WorkAuthor.person_id)
        .join(WorkAuthor, WorkAuthor.work_id == Work.id)
        .where(Work.public_id.in_(works))
        .order_by(Work.public_id, WorkAuthor.position)
    ).all()
    persons = {row.person_id for row in rows if row.person_id is not None}
    agreeing = consents_of(persons, ConsentPurpose.PUBLISH_NAME, head.contest_scope_id)
    found: dict[str, frozenset[int]] = {}
    for winner in people:
        mine = [row for row in rows if row.public_id == winner.work][1:]
        gone = frozenset(
            place
            for place, (other, row) in enumerate(zip(winner.others, mine, strict=False))
            if other.is_full_name and row.person_id not in agreeing
        )
        if gone:
            found[winner.work] = gone
    return found


def withdrawn_winners(
    scope_id: int, winners: Sequence[Winner]
) -> tuple[frozenset[str], frozenset[str]]:
    """Entries whose name may no longer stand there, and those of them whose data were erased.

    Args:
        scope_id: of the contest, for which the consents were given.
        winners: as they were published.
    """
    if not winners:
        return frozenset(), frozenset()
    rows = db.session.execute(
        select(Entry.public_id, Registration.person_id, Person.erased_at)
        .join(Registration, Registration.id == Entry.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(Entry.public_id.in_([winner.entry for winner in winners]))
    ).all()
    persons = {row.public_id: row.person_id for row in rows}
    erased = frozenset(row.public_id for row in rows if row.erased_at is not None)
    named = [winner.entry for winner in winners if winner.is_full_name]
    consenting = consents_of(
        {persons[entry] for entry in named if entry in persons},
        ConsentPurpose.PUBLISH_NAME,
        scope_id,
    )
    withdrawn = frozenset(entry for entry in named if persons.get(entry) not in consenting)
    return withdrawn | erased, erased
