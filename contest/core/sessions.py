"""The session cookie, checked once: what was verified is remembered for a few minutes.

The save of an answer asks for nothing of the session but the sign-in token; checking the cookie's
signature anew at each save would cost a tenth of it. What is remembered is the content of a
cookie whose signature was right; whether the sign-in still lives, each request asks the database.
"""

import copy
from collections import OrderedDict
from threading import Lock
from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from contest.core.clock import monotonic

_MOST: Final = 4096
_SECONDS: Final = 300.0
_PLAIN: Final = (str, int, bool, type(None))


class RememberingSessions(SecureCookieSessionInterface):
    """Flask's signed cookie sessions with a bounded memory of verified cookies."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, dict[str, Any]]] = OrderedDict()
        self._lock = Lock()
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs cookies; made once, since key and ways never change while the server runs."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie:
            return self.session_class()
        known = self._known.get(cookie)
        now = monotonic()
        if known is not None and known[0] > now:
            return self.session_class(_own(known[1]))
        session = super().open_session(app, request)
        if session:
            self._remember(cookie, now + _SECONDS, _own(session))
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie when it changed."""
        if session.modified:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")

    def _remember(self, cookie: str, until: float, content: dict[str, Any]) -> None:
        with self._lock:
            self._known[cookie] = (until, content)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)


def _own(content: dict[str, Any]) -> dict[str, Any]:
    """A copy that a request may change."""
    return {
        key: value if isinstance(value, _PLAIN) else copy.deepcopy(value)
        for key, value in content.items()
    }
