"""Thousands of people with an open attempt each, made at once; and what they send."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, update

from benchmarks._quiz import QUESTIONS, SECRET
from contest.accounts.models import Person, SignIn
from contest.accounts.rules import token_digest
from contest.contests.models import Entry, Registration, RegistrationSource, Round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt
from contest.quizzes.rules.answers import save_signature

_FIRST = 1_000_001
_CSRF = "c" * 40


@dataclass(frozen=True)
class Sitter:
    """Somebody with an open attempt.

    Attributes:
        attempt_id: of the row.
        public_id: of the attempt's address.
        token: of the sign-in.
        cookie: the session, with the CSRF value that `csrf` belongs to.
        csrf: what the page would have put into its forms.
        options: by slot, the ids of the options.
    """

    attempt_id: int
    public_id: str
    token: str
    cookie: str
    csrf: str
    options: tuple[tuple[str, ...], ...]

    def save(self, sequence: int, slot: int, answer: str) -> bytes:
        """The request that saves an answer."""
        content = {"epoch": 1, "sequence": sequence, "slot": slot, "answer": [answer]}
        return self._post(
            "answers", json.dumps(content), f"X-Save-Signature: {self._signature}\r\n"
        )

    def submit(self) -> bytes:
        """The request that hands the attempt in."""
        return self._post("submit", "{}", f"X-CSRFToken: {self.csrf}\r\n")

    @cached_property
    def _signature(self) -> str:
        return save_signature(SECRET, self.token)

    def _post(self, page: str, body: str, more: str) -> bytes:
        return (
            f"POST /attempts/{self.public_id}/{page} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: {self.cookie}\r\n{more}Accept: application/json\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def seat_crowd(app: Flask, model: Attempt, count: int) -> list[Sitter]:
    """So many people who are signed in and have an open attempt with the paper of `model`.

    `model` itself is answered and handed in, so that only theirs are open.
    """
    now, ids = utc_now(), range(_FIRST, _FIRST + count)
    name = {"full_name": "Nguyễn Văn Đo", "name_folded": "nguyen van do", "sort_key": b"n"}
    with app.app_context(), unit_of_work():
        contest_id = db.session.get_one(Round, model.round_id).contest_id
        db.session.execute(update(Attempt).where(Attempt.id == model.id).values(submitted_at=now))
        db.session.execute(
            insert(Person), [{"id": each, "created_at": now, **name} for each in ids]
        )
        known = {"contest_id": contest_id, "source": RegistrationSource.SELF, "registered_at": now}
        db.session.execute(
            insert(Registration),
            [{"id": each, "person_id": each, "code": f"D{each}", **known, **name} for each in ids],
        )
        entry = {"contest_id": contest_id, "ordinal": 1, "created_at": now}
        db.session.execute(
            insert(Entry), [{"id": each, "registration_id": each, **entry} for each in ids]
        )
        names = ("round_id", "ordinal", "paper", "writer", "question_count", "started_at")
        copied = {each: getattr(model, each) for each in (*names, "deadline_at", "grace_until")}
        db.session.execute(
            insert(Attempt),
            [
                {"id": each, "public_id": f"crowd{each}", "entry_id": each, "person_id": each}
                | copied
                for each in ids
            ],
        )
        signed = {"created_at": now, "seen_at": now, "expires_at": now + timedelta(days=1)}
        db.session.execute(
            insert(SignIn),
            [
                {"token_hash": token_digest(f"token-{each}"), "person_id": each, **signed}
                for each in ids
            ],
        )
    options = tuple(tuple(slot["o"]) for slot in model.paper[:QUESTIONS])
    return [_sitter(app, each, options) for each in ids]


def _sitter(app: Flask, number: int, options: tuple[tuple[str, ...], ...]) -> Sitter:
    token = f"token-{number}"
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    session = {"_user_id": token, "_fresh": True, "csrf_token": _CSRF}
    form = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token")
    return Sitter(
        number,
        f"crowd{number}",
        token,
        f"gs={signer.dumps(session)}",
        str(form.dumps(_CSRF)),
        options,
    )
