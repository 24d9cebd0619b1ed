"""The short way in for an answer: with what a save needs, and without what a page needs.

The statement of a save takes a quarter of a millisecond of the application; Flask's request, its
hooks, signals and headers take twice that. Here only what is *received* is answered. Whatever else
happens (refused, malformed, too late, signed out, the database away) goes on, untouched, to the
view `saves.save`, which runs the statement again and says why in words; a save carries its own key,
so that running it twice writes nothing twice.
"""

import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

import psycopg
from flask import Flask

from contest.accounts.rules import token_digest
from contest.core.clock import utc_now
from contest.quizzes.actions import receive_answer
from contest.quizzes.actions.meters import METER
from contest.quizzes.rules.answers import MalformedAnswer, Saved, read_saved
from contest.quizzes.views.saves import MOST_BYTES, SAVE_HEADERS, is_signed, received_body

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_ADDRESS: Final = re.compile(r"/attempts/([A-Za-z0-9_-]{1,64})/answers")
_DIGITS: Final = 9
_BROKEN: Final = (psycopg.Error, sqlite3.Error)


class SaveDoor:
    """WSGI middleware before everything else of the application."""

    def __init__(self, app: Flask, inner: Wsgi) -> None:
        self._app = app
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a save that is received; hand on everything else."""
        if environ["REQUEST_METHOD"] != "POST":
            return self._inner(environ, start)
        address = _ADDRESS.fullmatch(environ["PATH_INFO"])
        saved = None if address is None else _saved(environ)
        if address is None or saved is None:
            return self._inner(environ, start)
        with self._app.app_context():
            now = utc_now()
            if not self._is_received(address[1], saved, environ, now):
                return self._inner(environ, start)
            METER.count("received", now)
        body = received_body(now, now).encode()
        start("200 OK", [*SAVE_HEADERS, ("Content-Length", str(len(body)))])
        return [body]

    def _is_received(
        self, public_id: str, saved: Saved, environ: dict[str, Any], now: datetime
    ) -> bool:
        request = self._app.request_class(environ)
        session = self._app.session_interface.open_session(self._app, request)
        token = "" if session is None else str(session.get("_user_id", ""))
        if not is_signed(request, token):
            return False
        with suppress(*_BROKEN):
            return receive_answer(
                public_id=public_id, token_hash=token_digest(token), saved=saved, now=now
            )
        return False


def _saved(environ: dict[str, Any]) -> Saved | None:
    """The answer of a request, which can be read once more by whoever comes next."""
    length = environ.get("CONTENT_LENGTH", "")
    is_json = environ.get("CONTENT_TYPE", "").partition(";")[0].strip() == "application/json"
    if not is_json or not length.isdecimal() or len(length) > _DIGITS or int(length) > MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        return read_saved(json.loads(body))
    except (MalformedAnswer, ValueError, RecursionError):
        return None
