"""What the save is compared with: bare Flask and the plain driver doing the same INSERT."""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, Response, request

_LINE = "(round_id, attempt_id, epoch, sequence, slot, answer, received_at)"
_PSYCOPG = f"INSERT INTO answer_ledger {_LINE} VALUES (%s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
_SQLITE = f"INSERT INTO answer_ledger {_LINE} VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


def serve() -> Flask:
    """The factory for the server; the database comes from BARE_DATABASE."""
    app = Flask("bare")
    target = os.environ["BARE_DATABASE"]
    is_sqlite = target.endswith(".sqlite3")
    statement = _SQLITE if is_sqlite else _PSYCOPG
    kept = threading.local()

    def connection() -> Any:
        if not hasattr(kept, "connection"):
            kept.connection = _connect(target, is_sqlite=is_sqlite)
        return kept.connection

    @app.post("/save")
    def save() -> Response:
        body = request.get_json()
        connection().execute(
            statement,
            (
                body["round"],
                body["attempt"],
                body["epoch"],
                body["sequence"],
                body["slot"],
                body["answer"],
                body["now"],
            ),
        )
        return Response(status=204)

    return app


def _connect(target: str, *, is_sqlite: bool) -> Any:
    if not is_sqlite:
        return psycopg.connect(target, autocommit=True, prepare_threshold=0)
    connection = sqlite3.connect(target, isolation_level=None, timeout=15, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
