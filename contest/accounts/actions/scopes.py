"""Scopes, and the roles that people hold on them."""

from datetime import datetime

from sqlalchemy import func, select, update

from contest.accounts.models import Grant, Person, Scope, ScopeKind
from contest.accounts.refusals import AlreadyEnded, LastAdministrator, NotYoursToGive, OwnAuditor
from contest.accounts.rules import may_give
from contest.core import audit
from contest.core.access import Actor, Role
from contest.core.db import db


def create_scope(*, kind: ScopeKind, parent: Scope | None) -> Scope:
    """Create a scope below another and set its path.

    Args:
        kind: what it belongs to.
        parent: None puts it below the system scope (which itself has no parent).
    """
    above = None if kind is ScopeKind.SYSTEM else parent or ensure_system_scope()
    scope = Scope(kind=kind, parent_id=None if above is None else above.id, path="")
    db.session.add(scope)
    db.session.flush()
    scope.path = f"{'/' if above is None else above.path}{scope.id}/"
    db.session.flush()
    return scope


def ensure_system_scope() -> Scope:
    """The scope above all others, made when it does not exist yet."""
    known = db.session.scalar(select(Scope).where(Scope.kind == ScopeKind.SYSTEM))
    return known or create_scope(kind=ScopeKind.SYSTEM, parent=None)


def give_grant(
    *, person: Person, role: Role, scope: Scope, actor: Actor | None, now: datetime
) -> Grant:
    """Let a person hold a role on a scope and on all below it.

    Args:
        person: who gets it.
        role: what they become.
        scope: where.
        actor: who gives it; None for the server itself (set-up, demo).
        now: the instant of the request.

    Returns:
        The grant; the one in force when there is one already.

    Raises:
        NotYoursToGive: the actor may not give this role there.
        OwnAuditor: the actor would be their own auditor.
    """
    if actor is not None and not may_give(actor, role, scope.path):
        raise NotYoursToGive
    if actor is not None and role is Role.AUDITOR and actor.person_id == person.id:
        raise OwnAuditor
    known = db.session.scalar(
        select(Grant).where(
            Grant.person_id == person.id,
            Grant.role == role,
            Grant.scope_id == scope.id,
            Grant.ended_at.is_(None),
        )
    )
    if known is not None:
        return known
    grant = Grant(
        person_id=person.id,
        role=role,
        scope_id=scope.id,
        granted_by_id=None if actor is None else actor.person_id,
        granted_at=now,
    )
    db.session.add(grant)
    db.session.flush()
    audit.record(
        "accounts.grant_given",
        actor=actor,
        now=now,
        subject=("person", person.id),
        scope_id=scope.id,
        data={"role": role.value, "grant": grant.id},
    )
    return grant


def end_grant(*, grant: Grant, actor: Actor | None, now: datetime) -> None:
    """End a role.

    Raises:
        NotYoursToGive: the actor may not end this role there.
        LastAdministrator: nobody could give roles on the whole platform afterwards.
        AlreadyEnded: somebody else was faster.
    """
    if actor is not None and not may_give(actor, grant.role, grant.scope.path):
        raise NotYoursToGive
    if grant.role is Role.ADMINISTRATOR and grant.scope.kind is ScopeKind.SYSTEM:
        others = db.session.scalar(
            select(func.count())
            .select_from(Grant)
            .join(Person, Person.id == Grant.person_id)
            .where(
                Grant.role == Role.ADMINISTRATOR,
                Grant.scope_id == grant.scope_id,
                Grant.ended_at.is_(None),
                Grant.person_id != grant.person_id,
                Person.disabled_at.is_(None),
            )
        )
        if not others:
            raise LastAdministrator
    ended = db.session.execute(
        update(Grant).where(Grant.id == grant.id, Grant.ended_at.is_(None)).values(ended_at=now)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise AlreadyEnded
    audit.record(
        "accounts.grant_ended",
        actor=actor,
        now=now,
        subject=("person", grant.person_id),
        scope_id=grant.scope_id,
        data={"role": grant.role.value, "grant": grant.id},
    )
