"""Records that may be one person twice."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from contest.accounts.models import Grant, NotDuplicate, Person, Scope, Unit
from contest.accounts.queries.units import below
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.core.paging import Page, paginate


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records that look alike.

    Attributes:
        first: the older record.
        second: the newer record.
        is_certain: name, birth date and unit are all the same.
    """

    first: Person
    second: Person
    is_certain: bool


def _pairs(actor: Actor) -> Select[Person, Person, bool]:
    """Same name without marks, and birth date and unit the same, or one of them not known.

    Both records must lie in the branches where the asker looks after people.
    """
    low, high = aliased(Person), aliased(Person)
    low_unit, high_unit = aliased(Unit), aliased(Unit)
    low_scope, high_scope = aliased(Scope), aliased(Scope)
    paths = actor.scopes_where(Permission.MANAGE_PEOPLE)
    whole = bool(actor.scopes_where(Permission.MANAGE_PLATFORM))
    same_birth = low.birth_date == high.birth_date
    same_unit = low.unit_id == high.unit_id
    open_birth = or_(low.birth_date.is_(None), high.birth_date.is_(None))
    certain = and_(same_birth, same_unit)
    return (
        select(low, high, case((certain, True), else_=False))
        .join(high, and_(high.name_folded == low.name_folded, high.id > low.id))
        .outerjoin(low_unit, low_unit.id == low.unit_id)
        .outerjoin(low_scope, low_scope.id == low_unit.scope_id)
        .outerjoin(high_unit, high_unit.id == high.unit_id)
        .outerjoin(high_scope, high_scope.id == high_unit.scope_id)
        .where(
            low.merged_into_id.is_(None),
            high.merged_into_id.is_(None),
            or_(same_birth, and_(open_birth, same_unit)),
            _mine(low_scope.path, low.unit_id, paths, whole=whole),
            _mine(high_scope.path, high.unit_id, paths, whole=whole),
            ~exists().where(NotDuplicate.low_id == low.id, NotDuplicate.high_id == high.id),
        )
        .order_by(certain.desc(), low.sort_key, low.id, high.id)
        .options(joinedload(low.unit), joinedload(high.unit))
    )


def _mine(
    path: InstrumentedAttribute[str],
    unit_id: InstrumentedAttribute[int | None],
    paths: tuple[str, ...],
    *,
    whole: bool,
) -> ColumnElement[bool]:
    return or_(below(path, paths), unit_id.is_(None)) if whole else below(path, paths)


def duplicate_pairs(actor: Actor, *, page: int = 1, size: int = 20) -> Page[DuplicatePair]:
    """Pairs to look at, certain ones first."""
    found = paginate(_pairs(actor), page=page, size=size)
    pairs = [DuplicatePair(low, high, bool(certain)) for low, high, certain in found.items]
    return Page(pairs, found.number, found.size, found.total)


def managed_person(actor: Actor, public_id: str) -> Person | None:
    """Somebody whose record the asker may change, or None."""
    whole = bool(actor.scopes_where(Permission.MANAGE_PLATFORM))
    paths = actor.scopes_where(Permission.MANAGE_PEOPLE)
    return db.session.scalar(
        select(Person)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Scope, Scope.id == Unit.scope_id)
        .where(
            Person.public_id == public_id,
            Person.merged_into_id.is_(None),
            _mine(Scope.path, Person.unit_id, paths, whole=whole),
        )
    )


def grants_of(person_id: int) -> list[Grant]:
    """The live roles of a person."""
    return list(
        db.session.scalars(
            select(Grant)
            .where(Grant.person_id == person_id, Grant.ended_at.is_(None))
            .order_by(Grant.id)
        )
    )
