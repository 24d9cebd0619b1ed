"""Who may give which role, and who may help whom with a code."""

from collections.abc import Iterable
from typing import Final

from contest.core.access import Actor, GrantLine, Permission, Role

_GIVABLE: Final[dict[Role, frozenset[Role]]] = {
    Role.ADMINISTRATOR: frozenset(Role),
    Role.ORGANISER: frozenset(Role) - {Role.ADMINISTRATOR},
}
_HELPERS: Final = frozenset({Role.ADMINISTRATOR, Role.ORGANISER, Role.UNIT_COORDINATOR})


def givable_roles(actor: Actor, scope_path: str) -> frozenset[Role]:
    """The roles that a person may give and end on a scope."""
    if not actor.may(Permission.GIVE_GRANTS, scope_path):
        return frozenset()
    found: frozenset[Role] = frozenset()
    for grant in actor.grants:
        if scope_path.startswith(grant.scope_path):
            found |= _GIVABLE.get(grant.role, frozenset())
    return found


def may_give(actor: Actor, role: Role, scope_path: str) -> bool:
    """Whether a person may give or end a role on a scope."""
    return role in givable_roles(actor, scope_path)


def may_issue_code(
    actor: Actor, *, person_scope_path: str, grants: Iterable[GrantLine], has_password: bool
) -> bool:
    """Whether a person may hand somebody a one-time code.

    Only in their own branch. Never a code that changes the password of staff: whoever could
    issue it would take over the role. A staff member who has never signed in gets the first
    code from an administrator.
    """
    if not any(
        grant.role in _HELPERS and person_scope_path.startswith(grant.scope_path)
        for grant in actor.grants
    ):
        return False
    lines = tuple(grants)
    if not lines:
        return True
    return not has_password and all(
        actor.may(Permission.MANAGE_PLATFORM, line.scope_path) for line in lines
    )
