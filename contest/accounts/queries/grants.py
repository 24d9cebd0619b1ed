"""Roles as the pages show them, with the names of their scopes."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import Grant, Person, Scope, ScopeKind, Unit
from contest.accounts.queries.units import below
from contest.accounts.scope_names import ScopeName, scope_namer
from contest.core.access import Actor, Permission, Role
from contest.core.db import contains_folded, db
from contest.core.paging import Page, paginate
from contest.core.vietnamese import fold, one_line


@dataclass(frozen=True, slots=True)
class ShownGrant:
    """A role with the name of its scope."""

    grant: Grant
    scope: ScopeName


def names_of_scopes(scopes: Iterable[Scope]) -> dict[int, ScopeName]:
    """Names of scopes of any kind, one statement for each kind that occurs."""
    by_kind: dict[ScopeKind, set[int]] = {}
    for scope in scopes:
        by_kind.setdefault(scope.kind, set()).add(scope.id)
    found: dict[int, ScopeName] = {}
    for kind, ids in by_kind.items():
        if kind is ScopeKind.UNIT:
            rows = db.session.execute(
                select(Unit.scope_id, Unit.name, Unit.public_id).where(Unit.scope_id.in_(ids))
            )
            found.update((row.scope_id, ScopeName(row.name, row.public_id, "", ())) for row in rows)
        elif (namer := scope_namer(kind)) is not None:
            found.update(namer.names(ids))
    return found


def name_of_scope(scope: Scope | None) -> str:
    """The name of one scope; empty for the platform as a whole."""
    if scope is None:
        return ""
    names = names_of_scopes([scope])
    return names[scope.id].label if scope.id in names else ""


def scope_by_address(kind: str, key: str) -> Scope | None:
    """The scope that an address names, as ("unit", public id) or ("contest", slug)."""
    if kind == ScopeKind.SYSTEM:
        return db.session.scalar(select(Scope).where(Scope.kind == ScopeKind.SYSTEM))
    if kind == ScopeKind.UNIT:
        return db.session.scalar(
            select(Scope).join(Unit, Unit.scope_id == Scope.id).where(Unit.public_id == key)
        )
    namer = scope_namer(ScopeKind(kind)) if kind in set(ScopeKind) else None
    scope_id = None if namer is None else namer.find(key)
    return None if scope_id is None else db.session.get(Scope, scope_id)


def givable_scope(actor: Actor, kind: str, key: str) -> Scope | None:
    """A scope on which the asker gives roles, or None."""
    scope = scope_by_address(kind, key)
    if scope is None or not actor.may(Permission.GIVE_GRANTS, scope.path):
        return None
    return scope


def grants_page(
    actor: Actor,
    *,
    text: str = "",
    role: Role | None = None,
    scope: Scope | None = None,
    page: int = 1,
) -> Page[ShownGrant]:
    """Live roles on the asker's scopes, by words of the person's name, by role, on one scope."""
    statement = (
        select(Grant)
        .join(Scope, Scope.id == Grant.scope_id)
        .join(Person, Person.id == Grant.person_id)
        .where(
            Grant.ended_at.is_(None),
            below(Scope.path, actor.scopes_where(Permission.GIVE_GRANTS)),
        )
        .options(joinedload(Grant.person).joinedload(Person.unit))
    )
    if text:
        statement = statement.where(contains_folded(Person.name_folded, fold(one_line(text))))
    if role is not None:
        statement = statement.where(Grant.role == role)
    if scope is not None:
        statement = statement.where(Grant.scope_id == scope.id)
    found = paginate(statement.order_by(Person.sort_key, Grant.id), page=page)
    return Page(_shown(found.items), found.number, found.size, found.total)


def _shown(grants: Iterable[Grant]) -> list[ShownGrant]:
    rows = list(grants)
    names = names_of_scopes(grant.scope for grant in rows)
    return [ShownGrant(grant, names.get(grant.scope_id, ScopeName("", ""))) for grant in rows]


def roles_of(person_id: int) -> list[ShownGrant]:
    """The live roles of a person, with the names of their scopes."""
    return _shown(
        db.session.scalars(
            select(Grant)
            .where(Grant.person_id == person_id, Grant.ended_at.is_(None))
            .order_by(Grant.id)
        )
    )


def manageable_grant(actor: Actor, public_id: str) -> Grant | None:
    """A live role on one of the asker's scopes, or None."""
    return db.session.scalar(
        select(Grant)
        .join(Scope, Scope.id == Grant.scope_id)
        .where(
            Grant.public_id == public_id,
            Grant.ended_at.is_(None),
            below(Scope.path, actor.scopes_where(Permission.GIVE_GRANTS)),
        )
        .options(joinedload(Grant.person))
    )
