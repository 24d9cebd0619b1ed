"""Reading contests and rounds, each time for somebody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import selectinload

from contest.accounts.models import Scope, Unit
from contest.contests.kinds import ReadinessItem, kind_of
from contest.contests.models import Contest, ContestUnit, RankKey, Round, Stage
from contest.contests.rules import contest_stage, room_readiness
from contest.core.access import Actor, Permission
from contest.core.db import contains_folded, db
from contest.core.vietnamese import fold


def _whole(statement: Select[Contest]) -> Select[Contest]:
    """With everything that its pages and checks look at, in a fixed number of statements."""
    return statement.options(
        selectinload(Contest.rounds).selectinload(Round.rank_keys),
        selectinload(Contest.divisions),
        selectinload(Contest.eligible_units).joinedload(ContestUnit.unit),
        selectinload(Contest.unit),
    )


def covered(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The same scopes that `actor.may(permission, …)` covers, as a condition on Scope.path."""
    paths = actor.scopes_where(permission)
    return or_(false(), *(Scope.path.startswith(path, autoescape=True) for path in paths))


def public_contest(slug: str) -> Contest | None:
    """An announced contest, for everybody."""
    return db.session.scalar(
        _whole(select(Contest).where(Contest.slug == slug, Contest.announced_at.is_not(None)))
    )


def managed_contest(
    actor: Actor, slug: str, permission: Permission = Permission.MANAGE_CONTEST
) -> Contest | None:
    """A contest, draft or not, on whose scope the actor holds a permission; else None."""
    return db.session.scalar(
        _whole(
            select(Contest)
            .join(Contest.scope)
            .where(Contest.slug == slug, covered(actor, permission))
        )
    )


def managed_contests(
    actor: Actor, permission: Permission = Permission.SEE_CONTEST
) -> list[Contest]:
    """The contests, drafts too, on whose scopes the actor holds a permission; newest first."""
    return list(
        db.session.scalars(
            _whole(
                select(Contest)
                .join(Contest.scope)
                .where(covered(actor, permission))
                .order_by(Contest.created_at.desc(), Contest.id.desc())
            )
        ).unique()
    )


def public_contests(text: str = "", *, limit: int = 200) -> list[Contest]:
    """Announced contests whose title holds every word of `text`, marks not needed; newest first."""
    return list(
        db.session.scalars(
            _whole(
                select(Contest)
                .where(Contest.announced_at.is_not(None))
                .where(contains_folded(Contest.title_folded, fold(text)))
                .order_by(Contest.announced_at.desc(), Contest.id.desc())
                .limit(limit)
            )
        ).unique()
    )


def all_contests() -> list[Contest]:
    """Every contest, for commands."""
    return list(db.session.scalars(_whole(select(Contest).order_by(Contest.id))).unique())


def contest_by_slug(slug: str) -> Contest | None:
    """A contest by its slug without asking who wants it: for commands and jobs only."""
    return db.session.scalar(_whole(select(Contest).where(Contest.slug == slug)))


def contest_by_id(contest_id: int) -> Contest | None:
    """A contest by its key without asking who wants it: for jobs only."""
    return db.session.scalar(_whole(select(Contest).where(Contest.id == contest_id)))


def taken_slugs(stem: str) -> set[str]:
    """Slugs that begin with `stem`."""
    return set(
        db.session.scalars(
            select(Contest.slug).where(Contest.slug.startswith(stem, autoescape=True))
        )
    )


def round_by_number(contest: Contest, number: int) -> Round | None:
    """A round of a contest that was loaded for somebody."""
    return next((each for each in contest.rounds if each.number == number), None)


def round_by_id(round_id: int) -> Round | None:
    """A round by its key without asking who wants it: for jobs and seeds only."""
    return db.session.scalar(
        select(Round)
        .where(Round.id == round_id)
        .options(selectinload(Round.rank_keys), selectinload(Round.contest))
    )


def rank_key_codes(round: Round) -> tuple[str, ...]:
    """Codes of a round's ranking keys, in order."""
    return tuple(
        db.session.scalars(
            select(RankKey.code).where(RankKey.round_id == round.id).order_by(RankKey.position)
        )
    )


def readiness(round: Round, now: datetime) -> list[ReadinessItem]:
    """Everything that must be right before a round opens: this room's checks, then its kind's."""
    return [*room_readiness(round, now), *kind_of(round).readiness(round, now)]


def is_ready(items: Sequence[ReadinessItem]) -> bool:
    """Whether nothing on a readiness list is missing."""
    return all(item.ok for item in items)


def rounds_due_to_open(now: datetime) -> list[int]:
    """Ids of planned rounds of announced contests whose opening has come and close has not."""
    return list(
        db.session.scalars(
            select(Round.id)
            .join(Round.contest)
            .where(
                Round.stage == Stage.PLANNED,
                Contest.announced_at.is_not(None),
                Round.opens_at <= now,
                Round.closes_at > now,
            )
            .order_by(Round.opens_at, Round.id)
        )
    )


def rounds_due_to_close(now: datetime) -> list[int]:
    """Ids of open rounds whose close has come."""
    return list(
        db.session.scalars(
            select(Round.id)
            .where(Round.stage == Stage.OPEN, Round.closes_at <= now)
            .order_by(Round.closes_at, Round.id)
        )
    )


def owning_units(actor: Actor) -> list[Unit]:
    """Units on whose scopes the actor may run contests, in the order of their names."""
    return list(
        db.session.scalars(
            select(Unit)
            .join(Unit.scope)
            .where(covered(actor, Permission.MANAGE_CONTEST))
            .order_by(Unit.sort_key)
        )
    )


def contest_rows(now: datetime) -> list[dict[str, str]]:
    """Every contest with slug, title and stage, for the command that lists them."""
    return [
        {
            "slug": contest.slug,
            "title": contest.title,
            "stage": contest_stage(contest.rounds, now).value,
        }
        for contest in all_contests()
    ]
