"""Who asks, what they may do, and the mark that every route carries.

Every view function carries exactly one access mark; `check_access_marks` refuses to start the
application otherwise. A mark says who may reach the route at all; whether an object is theirs is
decided by the query that loads it (404 when not).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from flask import Flask, current_app
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])
_MARK: Final = "__access_mark__"


class Role(StrEnum):
    """What a person may be on a scope."""

    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    SECRETARY = "secretary"
    JUDGE = "judge"
    QUESTION_AUTHOR = "question_author"
    QUESTION_REVIEWER = "question_reviewer"
    UNIT_COORDINATOR = "unit_coordinator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a role allows on its scope and below."""

    MANAGE_PLATFORM = "manage_platform"
    MANAGE_UNITS = "manage_units"
    MANAGE_PEOPLE = "manage_people"
    SEE_PEOPLE = "see_people"
    GIVE_GRANTS = "give_grants"
    MANAGE_CONTEST = "manage_contest"
    SEE_CONTEST = "see_contest"
    MANAGE_REGISTRATIONS = "manage_registrations"
    MANAGE_BANK = "manage_bank"
    WRITE_QUESTIONS = "write_questions"
    REVIEW_QUESTIONS = "review_questions"
    SEE_BANK = "see_bank"
    MARK = "mark"
    SEE_REPORTS = "see_reports"
    NOMINATE = "nominate"
    MANAGE_REGISTERS = "manage_registers"
    AUDIT = "audit"


_P: Final = Permission
ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.ADMINISTRATOR: frozenset(Permission) - {_P.MARK, _P.AUDIT},
    Role.ORGANISER: frozenset(
        {
            _P.MANAGE_CONTEST,
            _P.SEE_CONTEST,
            _P.MANAGE_REGISTRATIONS,
            _P.MANAGE_BANK,
            _P.WRITE_QUESTIONS,
            _P.REVIEW_QUESTIONS,
            _P.SEE_BANK,
            _P.SEE_PEOPLE,
            _P.MANAGE_PEOPLE,
            _P.GIVE_GRANTS,
            _P.SEE_REPORTS,
            _P.NOMINATE,
            _P.MANAGE_REGISTERS,
        }
    ),
    Role.SECRETARY: frozenset(
        {
            _P.SEE_CONTEST,
            _P.MANAGE_REGISTRATIONS,
            _P.SEE_PEOPLE,
            _P.SEE_REPORTS,
            _P.MANAGE_REGISTERS,
        }
    ),
    Role.JUDGE: frozenset({_P.MARK}),
    Role.QUESTION_AUTHOR: frozenset({_P.WRITE_QUESTIONS, _P.SEE_BANK}),
    Role.QUESTION_REVIEWER: frozenset({_P.REVIEW_QUESTIONS, _P.SEE_BANK}),
    Role.UNIT_COORDINATOR: frozenset({_P.SEE_PEOPLE, _P.SEE_REPORTS, _P.NOMINATE}),
    Role.AUDITOR: frozenset({_P.AUDIT}),
}


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A role on a scope; `scope_path` as in the scope table, "/1/5/"."""

    role: Role
    scope_path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who asks: a small frozen object made from one SELECT by the sign-in token."""

    person_id: int
    public_id: str
    full_name: str
    locale: str
    sign_in_id: int
    second_factor: bool
    grants: tuple[GrantLine, ...] = ()
    token: str = ""

    # Flask-Login asks for these four.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session cookie keeps: the sign-in token, never the person's id."""
        return self.token

    def may(self, permission: Permission, scope_path: str) -> bool:
        """Whether a role of this person allows something on a scope."""
        return any(
            permission in ROLE_PERMISSIONS[grant.role] and scope_path.startswith(grant.scope_path)
            for grant in self.grants
        )

    def may_somewhere(self, permission: Permission) -> bool:
        """Whether a role allows something on at least one scope."""
        return any(permission in ROLE_PERMISSIONS[grant.role] for grant in self.grants)

    def scopes_where(self, permission: Permission) -> tuple[str, ...]:
        """Paths of the scopes on which (and below which) something is allowed."""
        paths = {
            grant.scope_path for grant in self.grants if permission in ROLE_PERMISSIONS[grant.role]
        }
        return tuple(
            sorted(
                path
                for path in paths
                if not any(path != other and path.startswith(other) for other in paths)
            )
        )

    @property
    def is_staff(self) -> bool:
        """Whether any role is held: contestants hold none."""
        return bool(self.grants)


class PersonLoader(Protocol):
    """Implemented by accounts: turns a sign-in token into an actor."""

    def __call__(self, token: str, now: datetime) -> Actor | None:
        """The actor of a sign-in that is live at `now`, or None."""


class MarkKind(StrEnum):
    """Kinds of access marks."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    REQUIRES = "requires"
    STATEMENT = "statement"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class AccessMark:
    """Who may reach a route: everybody, the signed-in, or holders of a permission somewhere."""

    kind: MarkKind
    permission: Permission | None = None


def _marked(view: View, mark: AccessMark) -> View:
    if hasattr(view, _MARK):
        words = f"{view.__module__}.{view.__name__} carries two access marks"
        raise TypeError(words)
    setattr(view, _MARK, mark)
    return view


def public(view: View) -> View:
    """Everybody may reach the route."""
    return _marked(view, AccessMark(MarkKind.PUBLIC))


def signed_in(view: View) -> View:
    """Any signed-in person may reach the route."""
    return _marked(view, AccessMark(MarkKind.SIGNED_IN))


def requires(permission: Permission) -> Callable[[View], View]:
    """Holders of a permission on some scope may reach the route.

    Whether they hold it on the object, the query that loads the object decides.
    """

    def mark(view: View) -> View:
        return _marked(view, AccessMark(MarkKind.REQUIRES, permission))

    return mark


def checked_by_statement(view: View) -> View:
    """The view's own single statement joins the live sign-in: it is the authentication."""
    return _marked(view, AccessMark(MarkKind.STATEMENT))


def demo_only(view: View) -> View:
    """The route exists only in a demo installation; elsewhere it is 404."""
    return _marked(view, AccessMark(MarkKind.DEMO))


def access_mark(view: Callable[..., Any]) -> AccessMark | None:
    """The mark of a view function, or None."""
    mark: AccessMark | None = getattr(view, _MARK, None)
    return mark


def check_access_marks(app: Flask) -> None:
    """Refuse to start when a route carries no access mark.

    Raises:
        RuntimeError: names the endpoints.
    """
    bare = sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and access_mark(view) is None
    )
    if bare:
        words = "routes without an access mark: " + ", ".join(bare)
        raise RuntimeError(words)


def current_actor_or_none() -> Actor | None:
    """The signed-in person, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


def current_actor() -> Actor:
    """The signed-in person; for routes whose mark asks for one."""
    actor = current_actor_or_none()
    if actor is None:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined, no-any-return]
    return actor
