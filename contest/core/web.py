"""What every request passes: access guard, CSRF, security headers, static files, error pages."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from contest.config import Settings
from contest.core import limits, navigation
from contest.core.access import (
    Actor,
    MarkKind,
    PersonLoader,
    access_mark,
    current_actor_or_none,
)
from contest.core.clock import request_now
from contest.core.compression import pack_response
from contest.core.errors import RuleBroken
from contest.core.i18n import LANGUAGES, language
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.page_cache import PageCache
from contest.core.sessions import RememberingSessions
from contest.core.templates import init_templates
from contest.core.transactions import roll_back

csrf: Final = CSRFProtect()
_A_YEAR: Final = 31_536_000
_UNSAID: Final = Markup('aria-hidden="true"')
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_ERROR_WORDS: Final = {
    400: _l("The request could not be understood. Please go back and try again."),
    403: _l("Your account has no role that opens this page."),
    404: _l("There is no such page, or it is not yours to see."),
    405: _l("This address cannot be used in this way."),
    409: _l("This cannot be done now."),
    413: _l("The file or text is too large."),
    415: _l("This kind of content is not accepted here."),
    422: _l("Some of what was sent cannot be used."),
    429: _l("Too many tries in a short time. Please wait a moment."),
    500: _l("Something went wrong on our side. Nothing was saved; please try again."),
}


def init_web(app: Flask, settings: Settings, static_dir: Path) -> None:
    """Put the guard, headers, CSRF and static files in place."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="gs",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        # The sign-in has its own end in the database; signing the cookie anew each time is waste.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.session_interface = RememberingSessions()
    # No view is a coroutine; Flask would look at every function of every request to see that.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    csrf.init_app(app)
    _init_sign_in(app)
    limits.init_limits(app, settings)
    _init_guard(app, settings)
    _init_headers(app, settings)
    _init_errors(app)
    _init_static(app, static_dir)
    init_templates(app)
    app.jinja_env.globals.update(
        csrf_field=csrf_field,
        language=language,
        languages=LANGUAGES,
        nav_links=navigation.links,
        side_bar=navigation.side_bar,
    )

    @app.context_processor
    def page_values() -> dict[str, Any]:
        return {"current_actor": current_actor_or_none(), "now": request_now()}

    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def is_demo(settings: Settings) -> bool:
    """Whether this is a demo: asked for, and on a database that a seed has made."""
    made_by_seed: Callable[[], bool] = current_app.extensions["is_demo_database"]
    return settings.demo and made_by_seed()


def csrf_field() -> Markup:
    """The hidden field that every form without a WTForms object carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def _init_sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> Actor | None:
        loader: PersonLoader = app.extensions["person_loader"]
        return loader(token, request_now())

    @manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def ask_to_sign_in() -> ResponseReturnValue:
        if wants_json():
            return jsonify(error="signed_out", message=_("Please sign in again.")), 401
        wanted = request.full_path if request.method == "GET" else ""
        return redirect(url_for("accounts.sign_in", next=wanted.rstrip("?") or None))


def _init_guard(app: Flask, settings: Settings) -> None:
    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        mark = access_mark(app.view_functions[request.endpoint])
        if mark is None or mark.kind is MarkKind.STATEMENT:
            return None
        if b"%00" in request.query_string:  # no text has it, and PostgreSQL takes none
            return error_page(400)
        if request.method not in limits.SAFE:
            app.extensions["limits"].check(current_actor_or_none())
        if mark.kind is MarkKind.DEMO and not is_demo(settings):
            raise NotFound
        if mark.kind in {MarkKind.PUBLIC, MarkKind.DEMO}:
            return None
        actor = current_actor_or_none()
        if actor is None:
            return app.login_manager.unauthorized()  # type: ignore[attr-defined, no-any-return]
        if mark.permission is not None and not actor.may_somewhere(mark.permission):
            return error_page(403)
        return _second_factor_missing(actor, mark.kind, settings)


def _second_factor_missing(
    actor: Actor, kind: MarkKind, settings: Settings
) -> ResponseReturnValue | None:
    """Where the second factor is required, staff reach only their account until they have one."""
    needed = settings.staff_second_factor == "required" and actor.is_staff
    own = kind is MarkKind.SIGNED_IN and request.blueprint in {"accounts", "core"}
    if needed and not actor.second_factor and not own:
        return redirect(url_for("accounts.second_factor"))
    return None


def _init_headers(app: Flask, settings: Settings) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
        if "Cache-Control" not in response.headers:
            # A page of a signed-in person must not stay in the cache of a shared phone.
            known = g.get("_login_user")
            private = known is not None and known.is_authenticated
            private = private or "Set-Cookie" in response.headers
            response.headers["Cache-Control"] = "private, no-store" if private else "no-cache"
        pack_response(response)
        return response


def wants_json() -> bool:
    """Whether the page's script asks, rather than a person."""
    best = request.accept_mimetypes.best_match(("text/html", "application/json"))
    return best == "application/json"


def error_page(status: int, message: str = "") -> ResponseReturnValue:
    """An answer in words: a page, or JSON for scripts."""
    words = message or str(_ERROR_WORDS.get(status, _ERROR_WORDS[500 if status >= 500 else 400]))  # noqa: PLR2004
    if wants_json():
        return jsonify(error=str(status), message=words), status
    known = status if status in _ERROR_WORDS else 400
    return render_template(f"errors/{known}.html", message=words, status=status), status


def _init_errors(app: Flask) -> None:
    @app.errorhandler(RuleBroken)
    def refused(error: RuleBroken) -> ResponseReturnValue:
        roll_back()
        return error_page(error.status, error.words)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> ResponseReturnValue:
        del error
        roll_back()
        if _broke_off():
            return error_page(
                400, _("What you sent broke off on the way; nothing was changed. Send it again.")
            )
        return error_page(
            400, _("This page was open too long or came from elsewhere. Load it again, please.")
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:  # noqa: PLR2004  (a redirect)
            return error
        roll_back()
        page = error_page(error.code)
        if error.code == 405 and error.get_response().headers.get("Allow"):  # noqa: PLR2004
            response = app.make_response(page)
            response.headers["Allow"] = error.get_response().headers["Allow"]
            return response
        return page

    @app.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        roll_back()
        if app.testing:
            raise error
        app.logger.error("request failed: %s %s", request.method, request.endpoint, exc_info=error)
        return error_page(500)


def _broke_off() -> bool:
    """Whether a form with a file came without its end: nothing of it can be read then."""
    is_form = request.mimetype == "multipart/form-data"
    return is_form and bool(request.content_length) and not (request.form or request.files)


def static_version(static_dir: Path) -> str:
    """Digest over the static files: it stands in their addresses, which may be cached for ever."""
    digest = hashlib.sha256()
    for path in sorted(static_dir.rglob("*")):
        if path.is_file() and path.suffix not in {".gz", ".br"}:
            digest.update(path.relative_to(static_dir).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _init_static(app: Flask, static_dir: Path) -> None:
    version = static_version(static_dir)
    prefix = f"/static/{version}/"
    files = WhiteNoise(
        PageCache(app.wsgi_app),
        max_age=_A_YEAR,
        immutable_file_test=lambda _path, url: url.startswith(prefix),
        allow_all_origins=False,
        charset="utf-8",
    )
    files.add_files(str(static_dir), prefix=prefix)
    app.wsgi_app = files  # type: ignore[method-assign]

    def static_url(path: str) -> str:
        return prefix + path

    svg_icon = icon_maker(static_url("icons.svg"))
    app.jinja_env.globals.update(static_url=static_url, svg_icon=svg_icon)


def icon_maker(sprite: str) -> Callable[..., Markup]:
    """The templates' `svg_icon(name, label=None, cls="")`, which remembers what it has drawn.

    Args:
        sprite: address of the file with all symbols.
    """

    @lru_cache(maxsize=1024)
    def svg_icon(name: str, label: str | None = None, cls: str = "") -> Markup:
        """A symbol of the sprite; with a label it is named for screen readers."""
        said = Markup('role="img" aria-label="{}"').format(label) if label else _UNSAID
        return Markup('<svg class="{}" {}><use href="{}#{}"/></svg>').format(
            f"icon {cls}".rstrip(), said, sprite, name
        )

    return svg_icon
