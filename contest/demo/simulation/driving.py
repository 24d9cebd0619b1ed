"""A contestant's browser: carries out a plan against a running server and keeps its own books."""

import http.client
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

from contest.demo.simulation.cribs import Crib, as_kept
from contest.demo.simulation.plans import Deed, Plan, Step

_TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SIGNATURE: Final = re.compile(r'data-signature="([^"]+)"')
_EPOCH: Final = re.compile(r'data-epoch="(\d+)"')
_SHOWN: Final = re.compile(r'data-(slots|current|first|last|onto)="(\d+)"')
_SECTION: Final = re.compile(r'<section class="q"[^>]* data-slot="(\d+)"')
_VALUE: Final = re.compile(r'value="([^"]+)"')
_FORM: Final = "application/x-www-form-urlencoded"
_OK: Final = 200
_TAKEN: Final = 409
_PATIENCE: Final = 30
_LOOKS: Final = 150
_BETWEEN_LOOKS: Final = 0.2
_KNOWS: Final = 0.8  # so many of a thousand questions are answered rightly

CribReader = Callable[[str], list[Crib]]
"""What there is to know about an attempt's paper, by its public id."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that must stand in the ledger: epoch, sequence, slot, answer."""

    epoch: int
    sequence: int
    slot: int
    answer: str


@dataclass(slots=True)
class Books:
    """What a contestant knows: the independent record against which the database is held.

    `lines` were acknowledged; `ended` says that the receipt was seen; `oddities` are answers of
    the server that a contestant should never get.
    """

    person_id: int
    attempt: str = ""
    lines: list[Line] = field(default_factory=list)
    ended: bool = False
    deeds: Counter[str] = field(default_factory=Counter)
    oddities: list[str] = field(default_factory=list)


class Browser:
    """One device with its cookies; it can lose its line."""

    def __init__(self, address: str, cookie: str) -> None:
        found = urlsplit(address)
        secure = found.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._line = kind(found.hostname or "127.0.0.1", found.port, timeout=_PATIENCE)
        self._cookies = dict([cookie.split("=", 1)])

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
        """Status, place to go on and text."""
        answer = self._send(method, path, body, headers)
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = line.split(";", 1)[0].partition("=")
            self._cookies[name] = value
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, text

    def send_and_lose(self, path: str, body: str, **headers: str) -> None:
        """Send, and cut the line before the answer is read."""
        self._line.request("POST", path, body, self._headers(headers))
        self._line.close()

    def _send(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        try:
            self._line.request(method, path, body or None, self._headers(headers))
            return self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, http.client.CannotSendRequest):
            self._line.close()  # a kept line that the server had closed
            self._line.request(method, path, body or None, self._headers(headers))
            return self._line.getresponse()

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"Cookie": cookies} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }

    def close(self) -> None:
        """Hang up."""
        self._line.close()


class Contestant:
    """Carries out one plan."""

    def __init__(
        self, address: str, cookie: str, start: str, books: Books, *, cribs: CribReader
    ) -> None:
        self._browser = Browser(address, cookie)
        self._start, self.books, self._read_cribs = start, books, cribs
        self._cribs: list[Crib] = []
        self._epoch = self._sequence = 0
        self._signature = self._token = ""
        self._values: dict[int, set[str]] = {}  # what the page offers, by slot
        self._shown: dict[str, int] = {}  # what the page says of slots, section and place
        self._one_way = False
        self._waiting: list[Line] = []

    def take_part(self, plan: Plan) -> Books:
        """Begin, do every step, end; what goes wrong is written into the books."""
        try:
            self._begin(plan)
            for step in plan.steps:
                time.sleep(step.pause)
                self._do(step)
        except (OSError, http.client.HTTPException, LookupError) as problem:
            self.books.oddities.append(f"{type(problem).__name__}: {problem}")
        finally:
            self._browser.close()
        return self.books

    def _begin(self, plan: Plan) -> None:
        _status, _place, page = self._browser.ask("GET", self._start)
        form = urlencode({"csrf_token": _found(_TOKEN, page), "take_part": "y"})
        places = set()
        for _press in range(1 + plan.starts_twice):
            self.books.deeds["starts"] += 1
            status, place, _text = self._browser.ask("POST", self._start, form, Content_Type=_FORM)
            self._expect(status, {302, 303}, "start")
            if place.endswith("/waiting"):
                place = self._wait(place, form)
            places.add(place)
        if len(places) > 1:
            self.books.oddities.append("two presses began two attempts")
        self.books.attempt = place.rsplit("/", 1)[-1]
        self._cribs = self._read_cribs(self.books.attempt)
        self._read()

    def _wait(self, room: str, form: str) -> str:
        """Look at the waiting room until it is one's turn, then press again."""
        self.books.deeds["waits"] += 1
        for _look in range(_LOOKS):
            status, _place, page = self._browser.ask("GET", room)
            if status != _OK or f'action="{self._start}"' in page:
                _status, place, _text = self._browser.ask(
                    "POST", self._start, form, Content_Type=_FORM
                )
                if place != room:
                    return place
            time.sleep(_BETWEEN_LOOKS)
        raise LookupError("the waiting room let nobody in")

    def _read(self) -> None:
        status, place, page = self._browser.ask("GET", self._path())
        self._expect(status, {_OK}, f"page {place}")
        self._signature, self._token = _found(_SIGNATURE, page), _found(_TOKEN, page)
        epoch = int(_found(_EPOCH, page))
        if epoch != self._epoch:
            self._epoch, self._sequence = epoch, 0
        self._shown = {name: int(value) for name, value in _SHOWN.findall(page)}
        self._one_way = " data-one-way" in page
        self._values = {
            int(slot): set(_VALUE.findall(part))
            for slot, part in pairwise_parts(_SECTION.split(page))
        }

    def _do(self, step: Step) -> None:
        self.books.deeds[step.deed.value] += 1
        if step.deed in {Deed.ANSWER, Deed.LOST, Deed.LATER}:
            self._answer(step)
        elif step.deed is Deed.RELOAD:
            self._flush()
            self._read()
        elif step.deed is Deed.TAKE_OVER:
            self._take_over()
        elif step.deed is not Deed.VANISH:
            self._hand_in(times=2 if step.deed is Deed.HAND_IN_TWICE else 1)

    def _answer(self, step: Step) -> None:
        self._go_to(step.slot)
        shown = step.slot in self._values
        if not shown or (self._one_way and step.slot < self._shown["current"]):
            return  # no way back
        answer = self._think(step)
        if answer is None:
            return  # a kind without such an answer
        line = self._keep(step.slot, answer)
        if step.deed is Deed.LOST:
            self._waiting.pop()
            self._flush()  # in order: what waited goes before what is lost on the way
            self._waiting.append(line)
            self._browser.send_and_lose(self._path("/answers"), _body(line), **self._save_headers())
        if step.deed is not Deed.LATER:
            self._flush()

    def _think(self, step: Step) -> Sequence[str] | None:
        """The answer to a question, most often the right one; or the prediction."""
        if step.slot >= len(self._cribs):
            return [str(int(step.choice * _KNOWS * 1000))]
        crib = self._cribs[step.slot]
        answer = crib.right if step.choice < _KNOWS else crib.wrong
        if crib.is_chosen and answer and not self._values[step.slot].issuperset(answer):
            self.books.oddities.append(f"the page lacks options of question {step.slot + 1}")
        return answer

    def _keep(self, slot: int, answer: Sequence[str]) -> Line:
        self._sequence += 1
        text = json.dumps(as_kept(answer), separators=(",", ":"), ensure_ascii=False)
        line = Line(self._epoch, self._sequence, slot, text)
        self._waiting.append(line)
        return line

    def _go_to(self, slot: int) -> None:
        """Leave sections that lie before a slot; where there is no way back, go step by step."""
        while self._shown.get("onto") and slot > self._shown["last"]:
            self._next_section()
        if self._one_way:
            for onward in range(self._shown["current"] + 1, slot + 1):
                self._keep(onward, [])
                self._shown["current"] = onward

    def _next_section(self) -> None:
        self.books.deeds["sections_left"] += 1
        self._flush()
        form = urlencode({"csrf_token": self._token, "section": self._shown["onto"]})
        status, _place, _text = self._browser.ask(
            "POST", self._path("/sections"), form, Content_Type=_FORM
        )
        self._expect(status, {302, 303}, "next section")
        before = self._shown
        self._read()
        if self._shown.get("first") == before.get("first"):
            raise LookupError("going on left the section where it was")

    def _flush(self) -> None:
        """Send what waits, in order, as the page's queue does."""
        while self._waiting:
            line = self._waiting[0]
            status, _place, text = self._browser.ask(
                "POST", self._path("/answers"), _body(line), **self._save_headers()
            )
            self._expect(status, {_OK}, f"save: {text[:200]}")
            if status == _OK:
                self.books.lines.append(line)
            self._waiting.pop(0)

    def _take_over(self) -> None:
        """The same account opens the attempt anew; what the old device sends is refused."""
        self._flush()
        form = urlencode({"csrf_token": self._token})
        status, _place, _text = self._browser.ask(
            "POST", self._path("/open"), form, Content_Type=_FORM
        )
        self._expect(status, {302, 303}, "take over")
        slot = min(self._values, default=0)
        old_answer = self._cribs[slot].right if slot < len(self._cribs) else None
        if old_answer:
            old = Line(self._epoch, self._sequence + 1, slot, json.dumps(old_answer))
            status, _place, _text = self._browser.ask(
                "POST", self._path("/answers"), _body(old), **self._save_headers()
            )
            self._expect(status, {_TAKEN}, "save of the old device")
        self._read()

    def _hand_in(self, *, times: int) -> None:
        while self._shown.get("onto"):
            self._next_section()
        self._flush()
        form = urlencode({"csrf_token": self._token})
        receipts = set()
        for _press in range(times):
            status, place, _text = self._browser.ask(
                "POST", self._path("/submit"), form, Content_Type=_FORM
            )
            self._expect(status, {302, 303}, "hand in")
            receipts.add(place)
        status, _place, _text = self._browser.ask("GET", receipts.pop())
        self._expect(status, {_OK}, "receipt")
        self.books.ended = status == _OK

    def _path(self, rest: str = "") -> str:
        return f"/attempts/{self.books.attempt}{rest}"

    def _save_headers(self) -> dict[str, str]:
        return {"Content_Type": "application/json", "X_Save_Signature": self._signature}

    def _expect(self, status: int, wanted: set[int], what: str) -> None:
        if status not in wanted:
            self.books.oddities.append(f"{what}: {status}")


def _body(line: Line) -> str:
    answer = json.loads(line.answer)
    return json.dumps(
        {"epoch": line.epoch, "sequence": line.sequence, "slot": line.slot, "answer": answer}
    )


def pairwise_parts(pieces: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Slots and what stands between one and the next, as `re.split` gives them."""
    return zip(pieces[1::2], pieces[2::2], strict=True)


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise LookupError(f"the page lacks {pattern.pattern}")
    return match.group(1)
