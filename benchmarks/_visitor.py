"""A contestant's session as a browser would send it, to a server or into the application itself."""

import http.client
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final
from urllib.parse import urlencode, urlsplit

from benchmarks._quiz import PASSWORD, QUESTIONS, SLUG, Contestant

Answer = tuple[int, Sequence[tuple[str, str]], str]
Line = Callable[[str, str, str | None, dict[str, str]], Answer]
"""Sends method, path, body and headers; gives status, headers and text of the answer."""
_START: Final = f"/contests/{SLUG}/rounds/1/start"
_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SIGNATURE: Final = re.compile(r'data-signature="([^"]+)"')
_OPTION: Final = re.compile(r'name="slot-(\d+)" value="([^"]+)"')


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """One connection to a server of this machine."""
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:

        def send(method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read().decode()

        yield send


class Visitor:
    """A browser without pictures: one line, cookies, redirects followed by hand."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._cookies: dict[str, str] = {}
        self.requests = 0

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[int, str, str]:
        """Status, Location and text of an answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        status, got, text = self._line(method, path, body, sent)
        self.requests += 1
        target = ""
        for name, value in got:
            if name.lower() == "set-cookie":
                cookie, _equals, content = value.partition(";")[0].partition("=")
                self._cookies[cookie] = content
            elif name.lower() == "location":
                target = urlsplit(value).path
        return status, target, text

    def send(self, path: str, token: str, **values: str) -> str:
        """Post a form; returns where the answer leads."""
        body = urlencode({"csrf_token": token, **values})
        kind = "application/x-www-form-urlencoded"
        status, target, text = self.ask("POST", path, body, Content_Type=kind)
        assert status in {302, 303}, (path, status, text[:2000])
        return target


def play(line: Line, contestant: Contestant, saves: int) -> int:
    """Sign in, start, read 20 questions, save answers, hand in, look at the receipt and result.

    Returns:
        How many requests it took.
    """
    visitor = Visitor(line)
    _status, _target, page = visitor.ask("GET", "/sign-in")
    target = visitor.send(
        "/sign-in", _found(_TOKEN, page), identifier=contestant.phone, password=PASSWORD
    )
    assert target, "nobody is signed in"
    _status, _target, page = visitor.ask("GET", _START)
    attempt = visitor.send(_START, _found(_TOKEN, page))
    status, _target, page = visitor.ask("GET", attempt)
    assert status == 200, status
    signature, token = _found(_SIGNATURE, page), _found(_TOKEN, page)
    options = dict(_OPTION.findall(page))
    for sequence in range(1, saves + 1):
        slot = sequence % QUESTIONS
        body = json.dumps(
            {"epoch": 1, "sequence": sequence, "slot": slot, "answer": [options[str(slot)]]}
        )
        status, _target, text = visitor.ask(
            "POST",
            f"{attempt}/answers",
            body,
            Content_Type="application/json",
            X_Save_Signature=signature,
        )
        assert status == 200, text
    receipt = visitor.send(f"{attempt}/submit", token)
    for path in (receipt, f"{attempt}/result"):
        status, _target, _page = visitor.ask("GET", path)
        assert status == 200, (path, status)
    return visitor.requests


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    assert match is not None, page[:2000]
    return match.group(1)
