"""The honour roll: search and filters for everybody, profiles for those who keep it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select

from contest.accounts.models import Consent, ConsentPurpose, Scope, Unit
from contest.accounts.queries.units import below
from contest.awards.models import Commendation, HonourProfile
from contest.awards.rules.honours import public_name, shows_portrait
from contest.contests.models import Round, Stage
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.paging import Page
from contest.core.vietnamese import fold, one_line
from contest.results.queries import latest_publication, publication, readable_works
from contest.submissions.models import Work, WorkState, WorkSubject

ROLL_PAGE: Final = 24
_FEW: Final = 2_000


@dataclass(frozen=True, slots=True)
class RollFilter:
    """What narrows the roll; `unit_id` takes its branch as it was then."""

    text: str = ""
    level: str = ""
    year: int | None = None
    theme: str = ""
    unit_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return self == RollFilter()


@dataclass(frozen=True, slots=True)
class RollEntry:
    """A profile as the public reads it."""

    public_id: str
    name: str
    is_open: bool
    is_collective: bool
    unit_name: str
    level: str
    year: int | None
    theme: str
    summary: str
    has_portrait: bool
    portrait_text: str


def consenting(person_ids: Collection[int]) -> set[int]:
    """Of these people, those whose consent to be named stands, anywhere on the platform."""
    if not person_ids:
        return set()
    return set(
        db.session.scalars(
            select(Consent.person_id).where(
                Consent.person_id.in_(person_ids),
                Consent.purpose == ConsentPurpose.PUBLISH_NAME,
                Consent.withdrawn_at.is_(None),
            )
        )
    )


def _has_consent() -> ColumnElement[bool]:
    stands = (
        select(Consent.id)
        .where(
            Consent.person_id == HonourProfile.person_id,
            Consent.purpose == ConsentPurpose.PUBLISH_NAME,
            Consent.withdrawn_at.is_(None),
        )
        .exists()
    )
    return or_(HonourProfile.person_id.is_(None), stands)


def roll_page(wanted: RollFilter, *, page: int = 1, size: int = ROLL_PAGE) -> Page[RollEntry]:
    """A page of the published roll, the newest honours first.

    A search never finds somebody by a name that the public does not read.
    """
    row = HonourProfile
    ids, number, total = _slice(_found(wanted), page, size)
    by_id = {each.id: each for each in db.session.scalars(select(row).where(row.id.in_(ids)))}
    profiles = [by_id[each] for each in ids if each in by_id]
    agreed = consenting({each.person_id for each in profiles if each.person_id is not None})
    entries = [
        entry_of(each, has_consent=each.person_id is None or each.person_id in agreed)
        for each in profiles
    ]
    return Page(entries, number, size, total)


def _slice(found: Select[int], page: int, size: int) -> tuple[list[int], int, int]:
    """Ids of a page, the newest honours first; which page it is; and how many there are in all.

    What finds few people is read in one pass over the narrow index and ordered here. What finds
    more is counted, and the database keeps only the first rows in order: ordering tens of
    thousands to show a page of them would take longer than both.
    """
    row = HonourProfile
    few = db.session.execute(found.add_columns(row.year, row.sort_key).limit(_FEW + 1)).all()
    if len(few) <= _FEW:
        number = _last(page, len(few), size)
        ordered = sorted(few, key=lambda each: (-each[1], each[2], each[0]))
        return [each[0] for each in ordered[(number - 1) * size : number * size]], number, len(few)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = _last(page, total, size)
    newest = found.order_by(row.year.desc(), row.sort_key, row.id)
    ids = db.session.scalars(newest.limit(size).offset((number - 1) * size)).all()
    return list(ids), number, total


def _last(page: int, total: int, size: int) -> int:
    """The page asked for, or the last one there is."""
    return min(max(page, 1), max(1, -(-total // size)))


def _found(wanted: RollFilter) -> Select[int]:
    """Ids of what a search finds, in no order; nobody whose last commendation was revoked."""
    row = HonourProfile
    statement = select(row.id).where(row.published_at.is_not(None), row.year.is_not(None))
    if one_line(wanted.text):
        statement = statement.where(
            contains_folded(row.search_folded, fold(one_line(wanted.text))), _has_consent()
        )
    if wanted.level:
        statement = statement.where(row.level == wanted.level)
    if wanted.year is not None:
        statement = statement.where(row.year == wanted.year)
    if wanted.theme:
        statement = statement.where(row.theme_folded == fold(wanted.theme))
    if wanted.unit_id is not None:
        statement = statement.where(row.unit_ids.contains(f"/{wanted.unit_id}/", autoescape=True))
    return statement


def entry_of(profile: HonourProfile, *, has_consent: bool) -> RollEntry:
    """A profile as the public reads it.

    Args:
        profile: of the roll.
        has_consent: of a person with an account, whether their consent stands today.
    """
    name = public_name(profile, has_consent=has_consent)
    is_open = name == profile.full_name
    return RollEntry(
        public_id=profile.public_id,
        name=name,
        is_open=is_open,
        is_collective=profile.recipient_kind == "collective",
        unit_name=profile.unit_name,
        level=profile.level,
        year=profile.year,
        theme=profile.theme,
        summary=profile.summary if is_open else "",
        has_portrait=shows_portrait(profile, has_consent=has_consent),
        portrait_text=profile.portrait_text if is_open else "",
    )


def has_consent(profile: HonourProfile) -> bool:
    """Whether the consent of the person with an account stands; True where there is none."""
    return profile.person_id is None or bool(consenting([profile.person_id]))


def published_profile(public_id: str) -> HonourProfile | None:
    """A profile that the public may read, or None."""
    return db.session.scalar(
        select(HonourProfile).where(
            HonourProfile.public_id == public_id,
            HonourProfile.published_at.is_not(None),
            HonourProfile.year.is_not(None),
        )
    )


def kept_profile(actor: Actor, public_id: str) -> HonourProfile | None:
    """A profile of a register that this person keeps, or None."""
    return db.session.scalar(
        select(HonourProfile)
        .join(Unit, Unit.id == HonourProfile.register_unit_id)
        .join(Scope, Scope.id == Unit.scope_id)
        .where(
            HonourProfile.public_id == public_id,
            below(Scope.path, actor.scopes_where(Permission.MANAGE_REGISTERS)),
        )
    )


def honours_of(profile_id: int) -> Sequence[Commendation]:
    """The commendations of a profile that stand, the newest first."""
    return db.session.scalars(
        select(Commendation)
        .where(Commendation.profile_id == profile_id, Commendation.revoked_at.is_(None))
        .order_by(Commendation.decided_on.desc(), Commendation.id)
    ).all()


@dataclass(frozen=True, slots=True)
class EssayAbout:
    """A winning essay about somebody that everybody may read."""

    title: str
    work_id: str
    slug: str
    number: int


def essays_about(subject_id: int | None, today: date) -> list[EssayAbout]:
    """Winning essays about a person that everybody may read today.

    Args:
        subject_id: of the person written about; None for nobody.
        today: the local day, by which children among the authors are known.
    """
    if subject_id is None:
        return []
    rows = db.session.execute(
        select(Work.round_id, Work.public_id)
        .join(WorkSubject, WorkSubject.work_id == Work.id)
        .join(Round, Round.id == Work.round_id)
        .where(
            WorkSubject.subject_id == subject_id,
            Work.state == WorkState.SUBMITTED,
            Round.stage == Stage.PUBLISHED,
        )
    )
    works: dict[int, set[str]] = {}
    for round_id, work_id in rows:
        works.setdefault(round_id, set()).add(work_id)
    found: list[EssayAbout] = []
    for round_id, ids in works.items():
        head = latest_publication(round_id)
        if head is None:
            continue
        said = publication(head)
        readable = readable_works(head, said, today) & ids
        found += [
            EssayAbout(winner.title, winner.work, head.contest_slug, head.round_number)
            for winner in said.winners
            if winner.work in readable
        ]
    return sorted(found, key=lambda essay: essay.title)


def roll_choices() -> tuple[list[int], list[str]]:
    """Years and themes that stand on the roll, for its filters."""
    row = HonourProfile
    years = db.session.scalars(
        select(row.year)
        .where(row.published_at.is_not(None), row.year.is_not(None))
        .distinct()
        .order_by(row.year.desc())
    ).all()
    themes = db.session.scalars(
        select(func.min(row.theme))
        .where(row.published_at.is_not(None), row.theme != "")
        .group_by(row.theme_folded)
        .order_by(row.theme_folded)
        .limit(60)
    ).all()
    return [year for year in years if year is not None], [theme for theme in themes if theme]
