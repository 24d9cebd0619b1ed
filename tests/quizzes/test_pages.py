"""The pages of a contestant, by HTTP: start, attempt, saves, handing in, receipt, result."""

import json
from datetime import timedelta

import pytest

from contest.accounts.models import Consent, ConsentPurpose
from contest.contests.models import Round, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, LedgerLine, QuestionReport, QuizRound
from contest.quizzes.rules.answers import save_signature
from tests.quizzes.conftest import make_world
from tests.support.counting import count_queries

START = "/contests/tim-hieu/rounds/1/start"


@pytest.fixture
def now():
    """Requests take their time from the clock."""
    return utc_now()


@pytest.fixture
def running(app, cast, now):
    """An open round in which Minh, An and Cúc agreed to take part; no context stays open.

    A context that is open around a request lends it its `g`, and so the person signed in before.
    """
    with app.app_context():
        world = make_world(app, cast, now)
        world.open()
        world.agree(cast.minh, cast.an, cast.cuc)
    return world


@pytest.fixture
def stored(app):
    """Looks into the database: `stored(lambda session: session.query(…).count())`."""

    def look(question):
        with app.app_context():
            return question(db.session)

    return look


@pytest.fixture
def change(app):
    """Changes something in the database in a unit of its own."""

    def do(work):
        with app.app_context(), unit_of_work():
            work(db.session)

    return do


@pytest.fixture
def minh(running, signed_in):
    return signed_in(running.cast.minh)


def begin(client):
    """Press the button of the start page; returns the attempt's address."""
    answer = client.submit(START, action=START)
    assert answer.status_code in {302, 303}
    return answer.headers["Location"]


def token_of(client):
    with client.session_transaction() as session:
        return session["_user_id"]


def save(client, address, epoch, sequence, slot, answer, **others):
    headers = {"X-Save-Signature": save_signature(client.application.secret_key, token_of(client))}
    body = {"epoch": epoch, "sequence": sequence, "slot": slot, "answer": answer}
    return client.post(address + "/answers", json=body, headers=headers, csrf=False, **others)


def paper_of(client, address):
    public_id = address.rsplit("/", 1)[1]
    with client.application.app_context():
        return db.session.query(Attempt).filter_by(public_id=public_id).one().paper


def set_round(session, **values):
    for name, value in values.items():
        setattr(session.query(Round).one(), name, value)


def long_ago(session):
    attempt = session.query(Attempt).one()
    for name in ("started_at", "deadline_at", "grace_until"):
        setattr(attempt, name, getattr(attempt, name) - timedelta(hours=2))


def attempts(session):
    return session.query(Attempt).count()


def lines(session):
    found = session.query(LedgerLine).order_by(LedgerLine.sequence).all()
    return [(line.slot, json.loads(line.answer)) for line in found]


def test_from_the_start_to_the_receipt(running, minh):
    page = minh.page(START)
    assert "15" in " ".join(page.words("//h:form//h:button"))
    address = begin(minh)
    page = minh.page(address)
    assert len(page.all("//h:section[@data-slot]")) == 5
    option = paper_of(minh, address)[0]["o"][0]
    answer = save(minh, address, 1, 1, 0, [option])
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == {"received", "now"}
    assert save(minh, address, 1, 2, 4, 12).status_code == 200

    page = minh.page(address)
    assert [field.get("value") for field in page.all("//h:input[@checked]")] == [option]
    answer = minh.submit(address + "/check", action="/submit")
    receipt = answer.headers["Location"]
    assert receipt == address + "/receipt"
    page = minh.page(receipt)
    code = page.words("//h:b[@data-receipt-code]")[0]
    digest = page.words("//h:code[@data-receipt-digest]")[0]
    assert minh.get(address).headers["Location"] == receipt
    assert minh.post(address + "/submit").headers["Location"] == receipt
    assert minh.page(receipt).words("//h:b[@data-receipt-code]") == [code]

    public = minh.application.test_client()
    found = public.get("/receipts", query_string={"code": code.lower(), "digest": digest})
    assert found.status_code == 200
    assert 'class="banner leaf"' in found.text
    assert running.cast.minh.full_name not in found.text
    wrong = public.get("/receipts", query_string={"code": code, "digest": "0" * 64})
    assert 'class="banner warn"' in wrong.text


def test_a_double_click_gives_one_attempt_and_stays_writable(minh, stored):
    first = minh.post(START).headers["Location"]
    second = minh.post(START).headers["Location"]
    assert first == second
    assert minh.page(first).all("//h:form[@data-quiz]")
    assert stored(attempts) == 1


def test_a_second_device_asks_before_it_takes_over(running, minh, signed_in):
    address = begin(minh)
    option = paper_of(minh, address)[0]["o"][0]
    laptop = signed_in(running.cast.minh)
    page = laptop.page(address)
    assert not page.all("//h:section[@data-slot]")
    assert save(minh, address, 1, 1, 0, [option]).status_code == 200

    assert laptop.submit(address, action="/open").headers["Location"] == address
    page = laptop.page(address)
    assert page.all("//h:form")[0].get("data-epoch") == "2"
    refused = save(minh, address, 1, 2, 1, [])
    assert (refused.status_code, refused.json["error"]) == (409, "taken_over")
    assert save(laptop, address, 2, 1, 1, []).status_code == 200
    assert not minh.page(address).all("//h:section[@data-slot]")


def test_without_javascript_the_form_saves_and_moves(minh, stored):
    address = begin(minh)
    paper = paper_of(minh, address)
    first, second = paper[0]["o"][1], paper[1]["o"][2]
    answer = minh.submit(address, {"slot-0": first, "go": "2"}, action=address)
    assert answer.headers["Location"] == address + "?q=2"
    page = minh.page(address + "?q=2")
    visible = [s.get("data-slot") for s in page.all("//h:section[@data-slot][not(@hidden)]")]
    assert visible == ["1"]
    minh.submit(
        address + "?q=2", {"slot-1": second, "slot-4": "1.280", "go": "check"}, action=address
    )
    assert stored(lines) == [(0, [first]), (1, [second]), (4, ["1280"])]
    answer = minh.submit(address + "/check", action="/submit")
    page = minh.page(answer.headers["Location"])
    assert "1.280" in page.text or "1,280" in page.text


def test_a_form_of_an_older_epoch_changes_nothing(running, minh, signed_in, stored):
    address = begin(minh)
    option = paper_of(minh, address)[0]["o"][0]
    laptop = signed_in(running.cast.minh)
    laptop.post(address + "/open")
    answer = minh.post(address, data={"epoch": "1", "shown-0": "1", "slot-0": option, "go": "2"})
    assert answer.status_code in {302, 303}
    assert stored(lines) == []


NO_SAVES = [
    (b"{}", "application/json", 422),
    (b"[1, 2]", "application/json", 422),
    (b"not json", "application/json", 422),
    (b"[" * 3000, "application/json", 422),
    (b'{"epoch":1,"sequence":0,"slot":0,"answer":[]}', "application/json", 422),
    (b'{"epoch":1,"sequence":true,"slot":0,"answer":[]}', "application/json", 422),
    (b'{"epoch":1,"sequence":1,"slot":-1,"answer":[]}', "application/json", 422),
    (b'{"epoch":1,"sequence":1,"slot":0,"answer":{"a":1}}', "application/json", 422),
    (b'{"epoch":1,"sequence":1,"slot":0,"answer":[["a"]]}', "application/json", 422),
    (b'{"epoch":1,"sequence":1e3,"slot":0,"answer":[]}', "application/json", 422),
    (b'{"epoch":1,"sequence":99999999999999999999,"slot":0,"answer":[]}', "application/json", 422),
    (b'{"epoch":1,"sequence":1,"slot":0,"answer":["\\ud800"]}', "application/json", 422),
    (b'{"epoch":1,"sequence":1,"slot":0,"answer":["a\\u0000"]}', "application/json", 422),
    (b"\xff\xfe", "application/json", 422),
    (b"x" * 10_000_000, "application/json", 413),
    (b"epoch=1", "application/x-www-form-urlencoded", 415),
    (b"{}", "text/plain", 415),
]


def test_what_is_no_save_is_refused_with_a_sentence(minh, stored):
    address = begin(minh)
    signature = save_signature(minh.application.secret_key, token_of(minh))
    for body, content_type, status in NO_SAVES:
        answer = minh.post(
            address + "/answers",
            data=body,
            content_type=content_type,
            headers={"X-Save-Signature": signature},
            csrf=False,
        )
        assert answer.status_code == status, body[:80]
        assert answer.json["message"]
    assert stored(lines) == []


def test_a_save_without_the_signature_or_a_sign_in_is_refused(minh, client):
    address = begin(minh)
    body = {"epoch": 1, "sequence": 1, "slot": 0, "answer": []}
    assert minh.post(address + "/answers", json=body, csrf=False).status_code == 403
    assert client.post(address + "/answers", json=body, csrf=False).status_code == 401


def test_other_peoples_attempts_are_not_there(running, minh, signed_in):
    address = begin(minh)
    stranger = signed_in(running.cast.an)
    for path in ("", "/check", "/receipt", "/result", "/state", "/reports/1"):
        assert stranger.get(address + path).status_code == 404, path
    for path in ("", "/open", "/submit", "/reports/1"):
        assert stranger.post(address + path).status_code == 404, path
    assert save(stranger, address, 1, 1, 0, []).status_code == 404


def test_who_is_not_registered_is_led_to_registration(running, signed_in, stored):
    stranger = signed_in(running.cast.hoa)
    assert stranger.get(START).headers["Location"].endswith("/contests/tim-hieu/register")
    stranger.post(START)
    assert stored(attempts) == 0


def test_nothing_of_the_key_is_sent_before_the_publication(running, minh, change):
    address = begin(minh)
    seen = []
    seen.append(minh.get(address).text)
    save(minh, address, 1, 1, 0, [paper_of(minh, address)[0]["o"][0]])
    seen.append(minh.get(address + "/check").text)
    minh.post(address + "/submit")
    seen += [minh.get(address + part).text for part in ("/receipt", "/result")]
    seen.append(minh.get(START).text)
    for text in seen:
        assert "Lời giải thích bí mật" not in text
        assert '"key"' not in text
    change(lambda session: set_round(session, stage=Stage.PUBLISHED))
    assert "Lời giải thích bí mật" in minh.get(address + "/result").text


def test_a_practice_round_shows_everything_at_once(running, minh, change):
    change(lambda session: set_round(session, is_practice=True))
    address = begin(minh)
    minh.post(address + "/submit")
    assert "Lời giải thích bí mật" in minh.get(address + "/result").text


def test_a_question_is_reported_once(minh, stored):
    address = begin(minh)
    answer = minh.submit(address + "/reports/2", {"body": "Hai phương án giống nhau."})
    assert answer.headers["Location"].endswith("?q=2")
    assert stored(lambda session: session.query(QuestionReport).one().slot) == 1
    again = minh.submit(address + "/reports/2", {"body": "Hai phương án giống nhau."})
    assert again.status_code == 409


def test_an_attempt_whose_time_is_over_is_closed_at_its_deadline(running, minh, stored, change):
    address = begin(minh)
    save(minh, address, 1, 1, 0, [paper_of(minh, address)[0]["o"][0]])
    change(long_ago)
    late = save(minh, address, 1, 2, 1, [])
    assert (late.status_code, late.json["error"]) == (409, "too_late")
    assert minh.get(address).headers["Location"] == address + "/check"
    minh.submit(address + "/check", action="/submit")
    ended = stored(lambda session: session.query(Attempt).one())
    assert ended.submitted_at == ended.deadline_at
    assert len(ended.answers) == 1


def test_who_came_by_a_roster_agrees_before_the_first_start(running, signed_in, stored):
    with running.app.app_context():
        running.register(running.cast.tu, running.cast.school, "TU000001")
    tu = signed_in(running.cast.tu)
    page = tu.page(START)
    (box,) = page.all("//h:input[@type='checkbox'][@name='take_part']")
    assert box.get("checked") is None

    refused = tu.post(START)
    assert refused.headers["Location"] == START
    assert stored(attempts) == 0
    answer = tu.submit(START, {"take_part": "y"}, action=START)
    assert "/attempts/" in answer.headers["Location"]
    consent = stored(
        lambda session: session.query(Consent).filter_by(person_id=running.cast.tu.id).one()
    )
    assert (consent.purpose, consent.channel) == (ConsentPurpose.TAKE_PART, "start")
    assert not tu.page(START).all("//h:input[@name='take_part']")


def test_on_one_page_every_question_is_open(running, minh, change, stored):
    change(lambda session: setattr(session.query(QuizRound).one(), "one_page", True))
    address = begin(minh)
    paper = paper_of(minh, address)
    page = minh.page(address)
    assert len(page.all("//h:section[@data-slot][not(@hidden)]")) == 5
    chosen = {f"slot-{slot}": paper[slot]["o"][slot] for slot in range(4)}
    answer = minh.submit(address, {**chosen, "slot-4": "7", "go": "check"}, action=address)
    assert answer.headers["Location"] == address + "/check"
    assert stored(lines) == [(slot, [paper[slot]["o"][slot]]) for slot in range(4)] + [(4, ["7"])]
    page = minh.page(address)
    assert len(page.all("//h:input[@checked]")) == 4
    minh.submit(address + "/check", action="/submit")
    ended = stored(lambda session: session.query(Attempt).one())
    assert (len(ended.answers), ended.prediction) == (4, 7)


def test_the_way_of_an_attempt_in_statements(running, minh, app):
    """Who signs in counts as one; what an opened round froze stays in memory."""
    address = begin(minh)
    minh.get(address)
    counted = {}
    for name, ask in {
        "start": lambda: minh.get(START),
        "attempt": lambda: minh.get(address),
        "save": lambda: save(minh, address, 1, 1, 0, []),
        "submit": lambda: minh.post(address + "/submit"),
        "receipt": lambda: minh.get(address + "/receipt"),
        "result": lambda: minh.get(address + "/result"),
        "begin": lambda: minh.post(START),
    }.items():
        with app.app_context(), count_queries() as queries:
            answer = ask()
        assert answer.status_code in {200, 302}, name
        counted[name] = queries.count
    assert counted == {
        "start": 2,
        "attempt": 3,
        "save": 0,
        "submit": 6,
        "receipt": 2,
        "result": 2,
        "begin": 5,
    }
