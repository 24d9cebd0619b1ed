"""The blueprint, and what its views share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, request, session
from flask_login import login_user

from contest.accounts import keeping, queries
from contest.accounts.labels import ROLE_NAMES, UNIT_KIND_NAMES, UNIT_TREE_NAMES
from contest.accounts.refusals import TooManyTries
from contest.accounts.rules.devices import device_name
from contest.accounts.rules.people import SIGN_IN_LASTS
from contest.config import Settings
from contest.core import navigation
from contest.core.access import Actor, Permission
from contest.core.i18n import LANGUAGE_COOKIE, LANGUAGES, format_duration
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l

blueprint = Blueprint("accounts", __name__)
_A_YEAR = timedelta(days=365)
_ENTRIES: Final = (
    (
        _l("People"),
        "accounts.people",
        "users",
        60,
        Permission.SEE_PEOPLE,
        ("person", "new_person", "edit_person", "issue_code", "code_sheet"),
    ),
    (
        _l("Duplicates"),
        "accounts.duplicates",
        "copy",
        61,
        Permission.MANAGE_PEOPLE,
        ("merge_records",),
    ),
    (
        _l("Requests about data"),
        "accounts.subject_requests",
        "lock",
        64,
        Permission.MANAGE_PEOPLE,
        ("subject_request",),
    ),
    (
        _l("Units"),
        "accounts.units",
        "building",
        62,
        Permission.MANAGE_UNITS,
        ("unit", "new_unit", "edit_unit", "end_unit", "merge_unit"),
    ),
    (
        _l("Roles"),
        "accounts.grants",
        "shield",
        63,
        Permission.GIVE_GRANTS,
        ("give_grant", "end_grant"),
    ),
)


def _load(token: str, now: datetime) -> Actor | None:
    return queries.load_actor(token, now)


def register(app: Flask) -> None:
    """Tell core how a token becomes a person, and put the room's pages into the menus."""
    keeping.register()
    app.extensions["person_loader"] = _load
    app.extensions["is_demo_database"] = queries.is_demo_database
    app.permanent_session_lifetime = SIGN_IN_LASTS
    app.jinja_env.globals.update(
        role_names=ROLE_NAMES, unit_kind_names=UNIT_KIND_NAMES, unit_tree_names=UNIT_TREE_NAMES
    )
    for label, endpoint, icon, order, permission, active in _ENTRIES:
        navigation.register(
            navigation.NavItem(
                area="desk",
                label=label,
                endpoint=endpoint,
                icon=icon,
                order=order,
                visible=_holds(permission),
                active=tuple(f"accounts.{name}" for name in active),
            )
        )


def _holds(permission: Permission) -> Callable[[Actor | None, object], bool]:
    def visible(actor: Actor | None, context: object) -> bool:
        del context
        return actor is not None and actor.may_somewhere(permission)

    return visible


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["settings"]
    return found


def address() -> str:
    """The network address of the device that asks."""
    return request.remote_addr or ""


def device() -> str:
    """What the browser says it is."""
    return device_name(request.user_agent.string)


def enter_session(*, token: str, now: datetime, remember: bool) -> None:
    """Put a new sign-in into the cookie; nothing of the session before it survives."""
    session.clear()
    session.permanent = remember
    login_user(queries.load_actor(token, now))


def go(target: str, *, locale: str | None = None) -> Response:
    """Redirect after a change; a locale becomes the browser's language unless one was chosen."""
    response = make_response(redirect(target, 303))
    if locale is not None and request.cookies.get(LANGUAGE_COOKIE) not in LANGUAGES:
        keep_language(response, locale)
    return response


def keep_language(response: Response, locale: str) -> None:
    """Keep a language in the browser."""
    response.set_cookie(LANGUAGE_COOKIE, locale, max_age=_A_YEAR, samesite="Lax", httponly=True)


def say_wait(error: TooManyTries) -> str:
    """How long to wait, in words."""
    time = format_duration(error.seconds)
    return str(_("Too many failed tries. Please wait %(time)s and try again.", time=time))
