"""People: one, those of a branch, those who hold a role."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from contest.accounts.models import Grant, Person, Scope, Unit
from contest.accounts.queries.units import below
from contest.accounts.rules import Identifier, IdentifierKind, read_identifier
from contest.core.access import Actor, GrantLine, Permission, Role
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line

_MOST_CODES = 2_000
_PART_OF_FILE = 500


def person_by_public_id(public_id: str) -> Person | None:
    """A person by the id of a URL; whether it is the asker's business, the caller decides."""
    return db.session.scalar(select(Person).where(Person.public_id == public_id))


def person_by_id(person_id: int) -> Person | None:
    """A person by key."""
    return db.session.get(Person, person_id)


def is_demo_database() -> bool:
    """Whether a seed has put its people into this database."""
    return db.session.scalar(select(Person.id).where(Person.is_demo).limit(1)) is not None


def person_by_identifier(identifier: Identifier) -> Person | None:
    """The person with this phone number or e-mail address."""
    if identifier.kind is IdentifierKind.PHONE:
        return db.session.scalar(select(Person).where(Person.phone == identifier.value))
    if identifier.kind is IdentifierKind.EMAIL:
        return db.session.scalar(select(Person).where(Person.email == identifier.value))
    return None


def people_by_contact(
    phones: Collection[str] = (), emails: Collection[str] = ()
) -> dict[str, Person]:
    """People by any of many phone numbers (E.164) or e-mail addresses (small letters)."""
    found: dict[str, Person] = {}
    for column, values in ((Person.phone, phones), (Person.email, emails)):
        for part in _parts(values):
            for person in db.session.scalars(select(Person).where(column.in_(part))):
                found[str(getattr(person, column.key))] = person
    return found


def _parts(values: Collection[str], size: int = 500) -> Iterable[list[str]]:
    everything = sorted(values)
    return (everything[start : start + size] for start in range(0, len(everything), size))


def people_by_name(names: Collection[str]) -> dict[str, list[Person]]:
    """Living records by folded full name, for finding who a roster's row may be."""
    found: dict[str, list[Person]] = {}
    for part in _parts({fold(one_line(name)) for name in names}):
        for person in db.session.scalars(
            select(Person)
            .where(Person.name_folded.in_(part), Person.merged_into_id.is_(None))
            .order_by(Person.id)
        ):
            found.setdefault(person.name_folded, []).append(person)
    return found


def staff_person_ids(scope_path: str) -> set[int]:
    """Persons who hold a live role on a scope, above it (inherited) or below it.

    Unit coordinators do not count: they see people, not questions, works or marks.
    """
    ancestors = _ancestors(scope_path)
    return set(
        db.session.scalars(
            select(Grant.person_id)
            .join(Scope, Scope.id == Grant.scope_id)
            .where(
                Grant.ended_at.is_(None),
                Grant.role != Role.UNIT_COORDINATOR,
                or_(Scope.path.in_(ancestors), Scope.path.startswith(scope_path, autoescape=True)),
            )
        )
    )


def _ancestors(path: str) -> list[str]:
    """The paths of a scope and of everything above it: "/1/", "/1/5/" for "/1/5/"."""
    ids = path.strip("/").split("/")
    return ["/" + "/".join(ids[: place + 1]) + "/" for place in range(len(ids))]


def grant_lines(person_id: int) -> tuple[GrantLine, ...]:
    """The live roles of a person."""
    rows = db.session.execute(
        select(Grant.role, Scope.path)
        .join(Scope, Scope.id == Grant.scope_id)
        .where(Grant.person_id == person_id, Grant.ended_at.is_(None))
        .order_by(Grant.id)
    )
    return tuple(GrantLine(row.role, row.path) for row in rows)


def own_person(actor: Actor) -> Person:
    """The record of the person who asks."""
    return db.session.get_one(Person, actor.person_id)


def _visible(actor: Actor, permission: Permission) -> Select[Person]:
    """People whose unit lies in the asker's branches; people without a unit, for the platform."""
    paths = actor.scopes_where(permission)
    mine = below(Scope.path, paths)
    root = actor.scopes_where(Permission.MANAGE_PLATFORM)
    if root:
        mine = or_(mine, Person.unit_id.is_(None))
    return (
        select(Person)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .outerjoin(Scope, Scope.id == Unit.scope_id)
        .where(mine, Person.merged_into_id.is_(None))
    )


def person_in_branch(
    actor: Actor, public_id: str, permission: Permission = Permission.SEE_PEOPLE
) -> Person | None:
    """Somebody of the asker's own branches, or None."""
    return db.session.scalar(
        _visible(actor, permission)
        .where(Person.public_id == public_id)
        .options(contains_eager(Person.unit).contains_eager(Unit.scope))
    )


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list of people is narrowed to and how it is ordered."""

    text: str = ""
    unit: Unit | None = None
    only: str = ""
    sort: str = "name"
    descending: bool = False


_ORDERS = {"name": Person.sort_key, "unit": Unit.sort_key, "since": Person.created_at}


def people_page(actor: Actor, wanted: PeopleFilter, *, page: int = 1) -> Page[Person]:
    """People of the asker's branches: by words of the name, a phone number or an address."""
    return paginate(_wanted(actor, wanted), page=page)


def people_to_export(actor: Actor, wanted: PeopleFilter) -> Iterator[Sequence[Person]]:
    """The same people, all of them, in parts that are read one after the other."""
    found = db.session.scalars(_wanted(actor, wanted).execution_options(yield_per=_PART_OF_FILE))
    yield from found.partitions()


def count_people_to_export(actor: Actor, wanted: PeopleFilter) -> int:
    """How many they are."""
    people = _wanted(actor, wanted).order_by(None).with_only_columns(Person.id).subquery()
    return db.session.scalar(select(func.count()).select_from(people)) or 0


def range_of_export(actor: Actor, unit: Unit | None) -> list[str]:
    """The branches that a list of people covers; "" stands for people without a unit."""
    mine = actor.scopes_where(Permission.SEE_PEOPLE)
    if unit is not None:
        wanted = unit.scope.path
        if any(wanted.startswith(path) for path in mine):
            return [wanted]
        return [path for path in mine if path.startswith(wanted)]
    return [*mine, ""] if actor.scopes_where(Permission.MANAGE_PLATFORM) else list(mine)


def covers_export(actor: Actor, paths: Iterable[str]) -> bool:
    """Whether somebody still sees everything of such a range."""
    mine = actor.scopes_where(Permission.SEE_PEOPLE)
    for path in paths:
        if not path and not actor.scopes_where(Permission.MANAGE_PLATFORM):
            return False
        if path and not any(path.startswith(one) for one in mine):
            return False
    return True


def actor_now(person_id: int) -> Actor | None:
    """Somebody with the roles held now, for a job that they asked for; None without an account."""
    person = db.session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        return None
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        full_name=person.full_name,
        locale=person.locale,
        sign_in_id=0,
        second_factor=False,
        grants=grant_lines(person.id),
    )


def _wanted(actor: Actor, wanted: PeopleFilter) -> Select[Person]:
    statement = _visible(actor, Permission.SEE_PEOPLE).options(
        contains_eager(Person.unit).contains_eager(Unit.scope)
    )
    if wanted.text:
        statement = statement.where(_typed(wanted.text))
    if wanted.unit is not None:
        statement = statement.where(Scope.path.startswith(wanted.unit.scope.path, autoescape=True))
    if wanted.only == "waiting":
        statement = statement.where(Person.password_hash.is_(None), Person.disabled_at.is_(None))
    elif wanted.only == "disabled":
        statement = statement.where(Person.disabled_at.is_not(None))
    column = _ORDERS.get(wanted.sort, Person.sort_key)
    order = column.desc() if wanted.descending else column.asc()
    return statement.order_by(order, Person.sort_key, Person.id)


def waiting_people(actor: Actor, unit: Unit | None) -> list[Person]:
    """People of the own branches without a password, who hold no role, for a sheet of codes."""
    statement = _visible(actor, Permission.SEE_PEOPLE).where(
        Person.password_hash.is_(None),
        Person.disabled_at.is_(None),
        ~exists().where(Grant.person_id == Person.id, Grant.ended_at.is_(None)),
    )
    if unit is not None:
        statement = statement.where(Scope.path.startswith(unit.scope.path, autoescape=True))
    return list(
        db.session.scalars(
            statement.options(contains_eager(Person.unit).contains_eager(Unit.scope))
            .order_by(Unit.sort_key, Person.sort_key, Person.id)
            .limit(_MOST_CODES)
        )
    )


def person_scope_path(person: Person) -> str:
    """The scope that says whose branch a person belongs to; without a unit, the platform's."""
    if person.unit is not None:
        return person.unit.scope.path
    root = db.session.scalar(select(Scope.path).where(Scope.parent_id.is_(None)))
    return root or "/"


def _typed(text: str) -> ColumnElement[bool]:
    identifier = read_identifier(text)
    if identifier.kind is IdentifierKind.PHONE:
        return Person.phone == identifier.value
    if identifier.kind is IdentifierKind.EMAIL:
        return Person.email == identifier.value
    return contains_folded(Person.name_folded, fold(one_line(text)))


def find_for_grant(actor: Actor, text: str, *, limit: int = 20) -> list[Person]:
    """Whom a role may be given to.

    Somebody of the own branches by name; anybody by exact phone number or e-mail address (a
    judge from another organisation).
    """
    identifier = read_identifier(text)
    if identifier.kind is not IdentifierKind.UNKNOWN:
        person = person_by_identifier(identifier)
        usable = person is not None and person.merged_into_id is None
        return [person] if person is not None and usable else []
    return list(
        db.session.scalars(
            _visible(actor, Permission.SEE_PEOPLE)
            .where(contains_folded(Person.name_folded, fold(one_line(text))))
            .options(joinedload(Person.unit))
            .order_by(Person.sort_key)
            .limit(limit)
        )
    )
