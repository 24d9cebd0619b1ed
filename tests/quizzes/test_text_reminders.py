"""Reminders to phones: a signed post to a real server, again until it is taken."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from contest.core import jobs
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.mail import Channel, Mail
from contest.core.text_hook import signature
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes.tasks import remind_job
from tests.quizzes.test_reminders import DAY, agree

SECRET = "a-secret-that-two-sides-know-32-signs"


class Gateway(HTTPServer):
    """What an organisation puts between the product and its provider."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.answers = [503, 302, 200]
        self.came: list[tuple[dict[str, str], bytes]] = []


class Taking(BaseHTTPRequestHandler):
    """One message."""

    server: Gateway

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        del args


@pytest.fixture
def gateway():
    with Gateway() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def app_options(gateway):
    address = f"http://127.0.0.1:{gateway.server_address[1]}/zalo?to=1"
    return {"TEXT_HOOK_URL": address, "TEXT_HOOK_SECRET": SECRET}


def remind(world):
    end_read()
    remind_job(jobs.JobRun(1, {}, None, world.round.closes_at - DAY))
    end_read()
    rows = db.session.query(Mail).filter(Mail.key.like("reminder-%")).order_by(Mail.id).all()
    return {mail.recipient: mail.channel for mail in rows}


def deliver():
    end_read()
    with unit_of_work():
        db.session.query(Mail).update({"due_at": utc_now() - timedelta(seconds=1)})
        jobs.enqueue("core.send_mail", payload={}, actor=None, now=utc_now())
    jobs.run_due_jobs()
    end_read()


def test_who_has_a_phone_gets_a_message_and_who_has_none_a_letter(opened):
    cast = opened.cast
    agree(opened, cast.minh, cast.an)
    with unit_of_work():
        db.session.merge(cast.an).phone = None
    assert remind(opened) == {cast.minh.phone: Channel.TEXT, cast.an.email: Channel.MAIL}


def test_nobody_gets_a_message_without_consent(opened):
    assert remind(opened) == {}


def test_a_message_comes_signed_and_again_until_it_is_taken(opened, gateway):
    minh = opened.cast.minh
    agree(opened, minh)
    remind(opened)
    for _turn in range(5):
        deliver()
    assert len(gateway.came) == 3  # 503, a redirect that is not followed, taken; then no more
    for headers, body in gateway.came:
        assert headers["X-Signature"] == signature(SECRET, headers["X-Timestamp"], body)
        said = json.loads(body)
        assert (said["to"], headers["Idempotency-Key"]) == (minh.phone, said["id"])
        assert "Tuần 1" in said["text"]
    assert len({headers["Idempotency-Key"] for headers, _body in gateway.came}) == 1
    letter = db.session.query(Mail).filter(Mail.channel == Channel.TEXT).one()
    assert letter.tries == 3
    assert letter.sent_at is not None


def test_another_body_or_another_time_has_another_signature():
    signed = signature(SECRET, "1795305600", b'{"to": "0900000003"}')
    assert signed.startswith("sha256=")
    assert signed != signature(SECRET, "1795305601", b'{"to": "0900000003"}')
    assert signed != signature(SECRET, "1795305600", b'{"to": "0900000004"}')
    assert signed != signature(SECRET[::-1], "1795305600", b'{"to": "0900000003"}')
