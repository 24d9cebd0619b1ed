"""A load client that costs little: one thread, keep-alive sockets, ready-made bytes."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_CHUNK = 65536


@dataclass(slots=True)
class Load:
    """What a stretch of load did: answers by status, seconds, and each answer's waiting time."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """How many answers came."""
        return self.statuses.total()

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    def percentile(self, share: float) -> float:
        """Waiting time in milliseconds below which this share of the answers came."""
        ordered = sorted(self.waits)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody sends one after the other on a line of their own, from an instant on.

    Attributes:
        at: seconds after the beginning.
        requests: each goes out when the answer to the one before has come.
    """

    at: float
    requests: tuple[bytes, ...]


@dataclass(slots=True)
class Errands(Load):
    """What became of errands; `failures` are lines that broke before the answer."""

    failures: int = 0


@dataclass(slots=True)
class _Walk:
    errand: Errand
    socket: socket.socket
    sent_at: float
    step: int = 0
    buffer: bytes = b""


def run_errands(port: int, errands: Sequence[Errand]) -> Errands:
    """Run errands, each at its time however long others take: an open loop.

    A wait counts from the instant at which the request was to go out, so that a server which
    keeps people waiting does not hide it.
    """
    waiting = sorted(errands, key=lambda each: each.at, reverse=True)
    selector = selectors.DefaultSelector()
    load = Errands()
    begun = time.perf_counter()
    while waiting or selector.get_map():
        now = time.perf_counter() - begun
        while waiting and waiting[-1].at <= now:
            errand = waiting.pop()
            line = socket.create_connection(("127.0.0.1", port))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            walk = _Walk(errand, line, begun + errand.at)
            selector.register(line, selectors.EVENT_READ, walk)
            line.sendall(errand.requests[0])
        pause = max(0.0, waiting[-1].at - now) if waiting else 5.0
        for key, _events in selector.select(pause):
            if _walked(key.data, load):
                selector.unregister(key.fileobj)
                key.data.socket.close()
    load.seconds = time.perf_counter() - begun
    return load


def _walked(walk: _Walk, load: Errands) -> bool:
    """Take what has come in; whether the errand has ended."""
    try:
        status = _receive(walk)
    except (OSError, RuntimeError):
        load.failures += 1
        return True
    if status is None:
        return False
    now = time.perf_counter()
    load.statuses[status] += 1
    load.waits.append(now - walk.sent_at)
    walk.step += 1
    if walk.step == len(walk.errand.requests):
        return True
    walk.sent_at = now
    walk.socket.sendall(walk.errand.requests[walk.step])
    return False


@dataclass(slots=True)
class _Connection:
    number: int
    socket: socket.socket
    sent_at: float = 0.0
    buffer: bytes = b""


def drive(port: int, connections: int, seconds: float, request: Callable[[int], bytes]) -> Load:
    """Keep connections busy for a time: each sends its next request when the answer has come.

    Args:
        port: of 127.0.0.1.
        connections: how many at once.
        seconds: how long.
        request: makes the bytes of the next request of a connection, given by its number.
    """
    selector = selectors.DefaultSelector()
    load = Load()
    begun = time.perf_counter()
    end = begun + seconds
    for number in range(connections):
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(number, line)
        selector.register(line, selectors.EVENT_READ, connection)
        _send(connection, request)
    open_lines = connections
    while open_lines:
        for key, _events in selector.select(5):
            connection = key.data
            status = _receive(connection)
            if status is None:
                continue
            now = time.perf_counter()
            load.statuses[status] += 1
            load.waits.append(now - connection.sent_at)
            if now < end:
                _send(connection, request)
            else:
                selector.unregister(connection.socket)
                connection.socket.close()
                open_lines -= 1
    load.seconds = time.perf_counter() - begun
    return load


def _send(connection: _Connection, request: Callable[[int], bytes]) -> None:
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(request(connection.number))


def _receive(connection: _Connection | _Walk) -> int | None:
    """The status once the whole answer is there."""
    piece = connection.socket.recv(_CHUNK)
    if not piece:
        raise RuntimeError("the server closed a connection")
    connection.buffer += piece
    head, found, body = connection.buffer.partition(b"\r\n\r\n")
    if not found:
        return None
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    if len(body) < length:
        return None
    connection.buffer = b""
    return int(head[9:12])
