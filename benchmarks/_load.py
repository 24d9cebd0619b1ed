"""A load client that costs little: one thread, keep-alive sockets, ready-made bytes."""

import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable
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


def _receive(connection: _Connection) -> int | None:
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
