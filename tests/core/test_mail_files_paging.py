"""Letters, files and pages of long lists."""

import socketserver
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from contest.core import files, jobs
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.mail import Mail, blank_letters, latest_mail, send_mail
from contest.core.paging import Page, page_number, paginate
from contest.core.transactions import unit_of_work


class PostOffice(socketserver.ThreadingTCPServer):
    """Takes letters over SMTP, or refuses them."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[str] = []
        self.refuses = False


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a sender."""

    server: PostOffice

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 here")
        for raw in self.rfile:
            word = raw.split()[0].upper() if raw.split() else b""
            if word == b"DATA":
                self.say("354 go on")
                lines = []
                for line in self.rfile:
                    if line == b".\r\n":
                        break
                    lines.append(line.decode())
                self.server.letters.append("".join(lines))
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            elif word == b"RCPT" and self.server.refuses:
                self.say("451 later")
            else:
                self.say("250 yes")


@pytest.fixture
def post_office():
    with PostOffice() as office:
        threading.Thread(target=office.serve_forever, daemon=True).start()
        yield office
        office.shutdown()


@pytest.fixture
def app_options(post_office):
    return {"SMTP_URL": f"smtp://127.0.0.1:{post_office.server_address[1]}"}


def write(**options):
    with unit_of_work():
        send_mail(
            to="minh@vidu.example",
            subject="Mã đặt lại\nmật khẩu",
            body="Chào bạn",
            now=utc_now(),
            **options,
        )


def deliver():
    with unit_of_work():
        jobs.enqueue("core.send_mail", payload={}, actor=None, now=utc_now())
    jobs.run_due_jobs()


def bodies():
    with unit_of_work():
        return [letter.body for letter in latest_mail()]


def test_a_letter_with_a_secret_is_blanked_once_it_has_left(context, post_office):
    write(secret_until=utc_now() + timedelta(hours=1))
    write()
    deliver()
    assert len(post_office.letters) == 2
    assert bodies() == ["Chào bạn", ""]
    deliver()
    assert len(post_office.letters) == 2


def test_a_secret_that_ran_out_is_blanked_and_no_longer_sent(context, post_office):
    now = utc_now()
    write(secret_until=now)
    write(secret_until=now + timedelta(hours=1))
    blank_letters(jobs.JobRun(0, {}, None, now))
    assert bodies() == ["Chào bạn", ""]
    deliver()
    assert len(post_office.letters) == 1


def test_a_letter_is_delivered_once(context, post_office):
    write()
    deliver()
    deliver()
    assert len(post_office.letters) == 1
    assert "To: minh@vidu.example" in post_office.letters[0]
    assert latest_mail()[0].subject == "Mã đặt lại mật khẩu", "no second header line slips in"
    assert latest_mail()[0].sent_at is not None


def test_one_key_is_one_letter(context):
    write(key="reset-1")
    write(key="reset-1")
    write(key="reset-2")
    assert len(latest_mail()) == 2


def test_a_letter_that_is_refused_waits_and_is_kept(context, post_office):
    post_office.refuses = True
    write()
    deliver()
    letter = db.session.scalars(select(Mail)).one()
    assert (post_office.letters, letter.sent_at, letter.tries) == ([], None, 1)
    assert letter.due_at > utc_now()


def test_a_file_comes_back_as_it_was(context):
    content = bytes(range(256)) * 100
    with unit_of_work():
        stored = files.store_file(
            content, name="Đề thi.xlsx", media_type="application/zip", actor=None, now=utc_now()
        )
        file_id, key = stored.id, stored.storage_key
    assert files.read_file(file_id) == content
    assert "thi" not in key
    assert stored.byte_size == 25_600


def test_a_download_cannot_run_in_a_browser(app):
    with app.test_request_context("/"):
        answer = files.download(b"<script>", name="đề.html", media_type="text/html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pages_of_a_list(context):
    for number in range(5):
        write(key=str(number))
    statement = select(Mail.key).order_by(Mail.key)
    page = paginate(statement, page=2, size=2)
    assert page == Page(["2", "3"], 2, 2, 5)
    assert (page.first, page.last, page.pages, page.has_previous, page.has_next) == (
        3,
        4,
        3,
        True,
        True,
    )
    assert paginate(statement, page=99, size=2) == Page(["4"], 3, 2, 5)
    assert paginate(statement, page=-1, size=2) == Page(["0", "1"], 1, 2, 5)


def test_an_empty_list_has_one_empty_page(context):
    page = paginate(select(Mail).where(Mail.id < 0))
    assert (page.items, page.first, page.last, page.pages) == ([], 0, 0, 1)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("2", 2), ("0", 1), ("-1", 1), ("", 1), (None, 1), ("x", 1), ("9" * 30, 1), ("²", 1)],
)
def test_an_unusable_page_number_is_the_first(typed, number):
    assert page_number(typed) == number
