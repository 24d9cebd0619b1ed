"""Public pages kept as bytes for a moment, in front of everything that costs time.

A view opts in with the header `KEPT`; the page must be the same for every stranger with the same
language and theme. It is kept for a second, and forgotten at once when this process commits
anything: whoever withdraws a consent sees the page change with the next look; other processes
follow within that second. People with a session are never served from here.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from typing import Any, Final

from flask import Response
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from contest.core.i18n import LANGUAGE_COOKIE

KEPT: Final = "X-Kept-For-Strangers"
_SESSION_COOKIE: Final = "gs"
_SECONDS: Final = 1.0
_MOST: Final = 256
_MOST_BYTES: Final = 1_000_000
_OK: Final = "200 OK"

Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


_turns: Final = [0]
_WROTE: Final = "page_cache_wrote"


def _turn() -> int:
    """Rises with every commit of this process that wrote something."""
    return _turns[0]


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, context: object) -> None:
    del context
    session.info[_WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[_WROTE] = True


@event.listens_for(Session, "after_commit")
def _note_commit(session: Session) -> None:
    """Reading ends by a commit too; that forgets nothing."""
    if session.info.pop(_WROTE, False):
        _turns[0] += 1


def keep_for_strangers(response: Response) -> Response:
    """Let an answer be given again to strangers for a moment."""
    response.headers[KEPT] = "1"
    return response


@dataclass(frozen=True, slots=True)
class _Page:
    turn: int
    until: float
    tag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class PageCache:
    """WSGI middleware that answers from memory what a view allowed to be kept."""

    def __init__(self, inner: Wsgi, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._clock = clock
        self._pages: OrderedDict[tuple[str, ...], _Page] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer from memory, or ask the application and remember what it allows."""
        key = _key(environ)
        if key is None:
            return self._asked(environ, start, None)
        page = self._pages.get(key)
        if page is None or page.turn != _turn() or page.until < self._clock():
            return self._asked(environ, start, key)
        if page.tag and page.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start("304 NOT MODIFIED", [each for each in page.headers if each[0] in _OF_304])
            return [b""]
        start(_OK, list(page.headers))
        return [page.body]

    def _asked(
        self, environ: dict[str, Any], start: Start, key: tuple[str, ...] | None
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def hear(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            kept = any(name == KEPT for name, _value in headers)
            shown = [each for each in headers if each[0] != KEPT]
            said[:] = [status, shown, kept and not error]
            return start(status, shown, *error)

        turn = _turn()
        answer = self._inner(environ, hear)
        if key is None or not said or not said[2] or said[0] != _OK:
            return answer
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        headers = said[1]
        if len(body) <= _MOST_BYTES and not any(name == "Set-Cookie" for name, _v in headers):
            tag = next((value for name, value in headers if name == "ETag"), "")
            page = _Page(turn, self._clock() + _SECONDS, tag, tuple(headers), body)
            with self._lock:
                self._pages[key] = page
                while len(self._pages) > _MOST:
                    self._pages.popitem(last=False)
        return [body]


_OF_304: Final = frozenset({"ETag", "Cache-Control", "Vary"})


def _key(environ: dict[str, Any]) -> tuple[str, ...] | None:
    """By what a page may differ for strangers; None for whoever has a session."""
    if environ["REQUEST_METHOD"] != "GET":
        return None
    cookie = environ.get("HTTP_COOKIE", "")
    chosen = ("", "")
    if cookie:
        try:
            known = SimpleCookie(cookie)
        except CookieError:
            return None
        if _SESSION_COOKIE in known:
            return None
        chosen = tuple(  # type: ignore[assignment]
            known[name].value if name in known else "" for name in (LANGUAGE_COOKIE, "theme")
        )
    return (
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_X_FORWARDED_HOST", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        environ.get("HTTP_ACCEPT_ENCODING", ""),
        *chosen,
    )
