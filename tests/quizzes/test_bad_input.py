"""Everything that is no answer, sent by everybody: the right status, a sentence, nothing changed.

One table of bad saves against one table of people; every pair is really sent. Then the doors
beside the save: opening, sections, handing in, reports, checks of receipts.
"""

import json
from datetime import timedelta
from urllib.parse import quote_from_bytes as quote

import pytest

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.quizzes.models import Attempt, LateEvidence, LedgerLine
from contest.quizzes.rules.answers import save_signature
from tests.quizzes.test_pages import begin, minh, now, paper_of, running, save, token_of

__all__ = ["minh", "now", "running"]

JSON = "application/json"
DEEP = b"[" * 5_000 + b"]" * 5_000
HUGE = "9" * 5_000


def body(**changes):
    """A save that would be right but for the changes."""
    whole = {"epoch": 1, "sequence": 2, "slot": 1, "answer": []} | changes
    return json.dumps(whole).encode()


def without(name):
    whole = json.loads(body())
    del whole[name]
    return json.dumps(whole).encode()


# What is sent, as what, and the answer to the person whose attempt it is.
SAVES = {
    "nothing": (b"", JSON, 422),
    "no JSON": (b"{epoch", JSON, 422),
    "not UTF-8": (b'{"epoch": "\xff\xfe"}', JSON, 422),
    "a list": (b"[]", JSON, 422),
    "null": (b"null", JSON, 422),
    "NaN": (b'{"epoch":NaN,"sequence":1,"slot":0,"answer":[]}', JSON, 422),
    "infinity": (b'{"epoch":1,"sequence":Infinity,"slot":0,"answer":[]}', JSON, 422),
    "a huge number": (
        f'{{"epoch":1,"sequence":{HUGE},"slot":0,"answer":[]}}'.encode(),
        JSON,
        422,
    ),
    "deep nesting": (b'{"epoch":1,"sequence":1,"slot":0,"answer":' + DEEP + b"}", JSON, 422),
    "nested answer": (body(answer=[["a"]]), JSON, 422),
    "an object": (body(answer={"a": 1}), JSON, 422),
    "too many parts": (body(answer=[str(part) for part in range(33)]), JSON, 422),
    "a NUL byte": (body(answer=["a\x00b"]), JSON, 422),
    "a NUL byte in a long text": (body(answer=["a\x00b" + "x" * 300]), JSON, 422),
    "half a surrogate": (body(answer=["\ud800"]), JSON, 422),
    "an option of nobody": (body(answer=["no-such-option"]), JSON, 422),
    "an option of another slot": (body(answer="@other"), JSON, 422),
    "a true slot": (body(slot=True), JSON, 422),
    "a broken slot": (body(slot=1.5), JSON, 422),
    "a slot in words": (body(slot="1"), JSON, 422),
    "a slot below": (body(slot=-1), JSON, 422),
    "a slot above": (body(slot=1_001), JSON, 422),
    "a slot that the paper lacks": (body(slot=77), JSON, 422),
    "sequence nought": (body(sequence=0), JSON, 422),
    "sequence above": (body(sequence=1_000_001), JSON, 422),
    "a sequence of 64 bits": (body(sequence=2**63), JSON, 422),
    "an epoch to come": (body(epoch=2), JSON, 422),
    "epoch nought": (body(epoch=0), JSON, 422),
    "no epoch": (without("epoch"), JSON, 422),
    "no sequence": (without("sequence"), JSON, 422),
    "no slot": (without("slot"), JSON, 422),
    "away in words": (body(away="often"), JSON, 422),
    "a prediction in words": (body(slot=4, answer=["many"]), JSON, 422),
    "a prediction below nought": (body(slot=4, answer=-3), JSON, 422),
    "a prediction too large": (body(slot=4, answer=100_000_000), JSON, 422),
    "a sequence that holds another answer": (body(sequence=1), JSON, 409),
    "ten megabytes": (b" " * 10_000_000, JSON, 413),
    "just too large": (b" " * 16_385, JSON, 413),
    "a form": (b"epoch=1&sequence=2&slot=1", "application/x-www-form-urlencoded", 415),
    "a file": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    "plain text": (body(), "text/plain", 415),
    "no type": (body(), "", 415),
}

# What the others are told about the same save, unless its envelope is refused before.
ENVELOPE = {413, 415}
PEOPLE = {"minh": None, "an": 404, "signed out": 401, "forged": 403, "other's signature": 403}


def everything(app):
    """What must not change: the attempts, what was received, what came late."""
    with app.app_context():
        attempts = [
            (each.id, each.writer, each.submitted_at, each.deadline_at, each.answers)
            for each in db.session.query(Attempt).order_by(Attempt.id)
        ]
        lines = [
            (line.epoch, line.sequence, line.slot, line.answer)
            for line in db.session.query(LedgerLine).order_by(LedgerLine.sequence)
        ]
        return attempts, lines, db.session.query(LateEvidence).count()


def sent_by(client, address, sent, kind, signature):
    headers = {} if signature is None else {"X-Save-Signature": signature}
    return client.post(
        address + "/answers", data=sent, content_type=kind, headers=headers, csrf=False
    )


def test_every_bad_save_of_everybody(app, running, minh, signed_in, client):
    address = begin(minh)
    paper = paper_of(minh, address)
    assert save(minh, address, 1, 1, 0, [paper[0]["o"][0]]).status_code == 200
    before = everything(app)
    an = signed_in(running.cast.an)
    key = app.secret_key
    own, others = save_signature(key, token_of(minh)), save_signature(key, token_of(an))
    doors = {
        "minh": (minh, own),
        "an": (an, others),
        "signed out": (client, ""),
        "forged": (minh, "0" * 64),
        "other's signature": (minh, others),
    }
    wrong = []
    for name, (typed, kind, status) in SAVES.items():
        other = next(one for one in paper[2]["o"] if one not in paper[1]["o"])
        sent = typed.replace(b'"@other"', json.dumps([other]).encode())
        for who, (door, signature) in doors.items():
            answer = sent_by(door, address, sent, kind, signature)
            expected = status
            if PEOPLE[who] is not None and status not in ENVELOPE:
                # Only a stranger's save is read far enough to be refused for what it says.
                malformed = who == "an" and answer.status_code == 422
                expected = 422 if malformed else PEOPLE[who]
            told = answer.get_json(silent=True) or {}
            if answer.status_code != expected or not told.get("message"):
                wrong.append((name, who, answer.status_code, expected, told))
    assert wrong == []
    assert everything(app) == before


@pytest.mark.parametrize(
    "public_id", ["x", "0" * 16, "../../x", "%00", "' OR 1=1 --", "a" * 5_000, "ﾊ\u0301"]
)
def test_forged_ids_are_not_there(app, minh, public_id):
    address = begin(minh)
    before = everything(app)
    for way, method in (
        ("", "get"),
        ("/state", "get"),
        ("/check", "get"),
        ("/receipt", "get"),
        ("/result", "get"),
        ("/open", "post"),
        ("/submit", "post"),
        ("/sections", "post"),
        ("/reports/1", "get"),
    ):
        answer = getattr(minh, method)(f"/attempts/{public_id}{way}")
        assert answer.status_code in {404, 405, 308}, (way, answer.status_code)
    answer = save(minh, f"/attempts/{public_id}", 1, 1, 0, [])
    assert answer.status_code in {404, 405}
    assert everything(app) == before
    assert minh.get(address).status_code == 200


def test_other_peoples_attempts_are_not_there_by_any_door(app, running, minh, signed_in):
    address = begin(minh)
    before = everything(app)
    an = signed_in(running.cast.an)
    for way in ("", "/state", "/check", "/receipt", "/result", "/reports/1"):
        assert an.get(address + way).status_code == 404
    for way in ("", "/open", "/submit", "/sections", "/reports/1"):
        assert an.post(address + way, data={"go": "1", "section": "2"}).status_code == 404
    assert everything(app) == before


def test_a_key_that_stands_twice_is_the_last_one_as_json_has_it(app, minh):
    address = begin(minh)
    option = paper_of(minh, address)[1]["o"][2]
    signature = save_signature(app.secret_key, token_of(minh))
    sent = f'{{"epoch":1,"sequence":1,"slot":0,"slot":1,"answer":["no"],"answer":["{option}"]}}'
    assert sent_by(minh, address, sent.encode(), JSON, signature).status_code == 200
    assert everything(app)[1] == [(1, 1, 1, f'["{option}"]')]


def test_replayed_and_reordered_saves_end_in_the_order_of_their_numbers(app, minh):
    address = begin(minh)
    first, second, third = paper_of(minh, address)[0]["o"][:3]
    answers = {3: [third], 1: [first], 2: [second]}
    for sequence, answer in answers.items():
        assert save(minh, address, 1, sequence, 0, answer).status_code == 200
    times = [save(minh, address, 1, 1, 0, [first]).json["received"] for _again in range(3)]
    assert len(set(times)) == 1  # the first time stands, however often it is sent
    assert len(everything(app)[1]) == 3
    minh.submit(address + "/check", action="/submit")
    assert everything(app)[0][0][-1] == {"0": [third]}


def test_a_wrong_clock_of_the_phone_changes_nothing(app, minh):
    """Nothing that a page sends is taken for a time; headers and fields of one are not read."""
    address = begin(minh)
    option = paper_of(minh, address)[0]["o"][0]
    headers = {
        "X-Save-Signature": save_signature(app.secret_key, token_of(minh)),
        "Date": "Mon, 01 Jan 2001 00:00:00 GMT",
    }
    sent = {"epoch": 1, "sequence": 1, "slot": 0, "answer": [option]}
    sent |= {"received_at": 1, "now": 1, "at": "2001-01-01", "deadline": 4_102_444_800_000}
    answer = minh.post(address + "/answers", json=sent, headers=headers, csrf=False)
    assert answer.status_code == 200
    with app.app_context():
        attempt = db.session.query(Attempt).one()
        line = db.session.query(LedgerLine).one()
        assert attempt.started_at <= line.received_at <= attempt.started_at + timedelta(minutes=5)
        assert answer.json["received"] == int(line.received_at.timestamp() * 1000)


def earlier(app, by):
    with app.app_context(), unit_of_work():
        attempt = db.session.query(Attempt).one()
        for name in ("started_at", "deadline_at", "grace_until"):
            setattr(attempt, name, getattr(attempt, name) - by)


def test_after_the_end_answers_are_evidence_and_the_receipt_stands(app, minh):
    address = begin(minh)
    option, other = paper_of(minh, address)[0]["o"][:2]
    save(minh, address, 1, 1, 0, [option])
    earlier(app, timedelta(minutes=17))  # fifteen, and a grace of one
    late = save(minh, address, 1, 2, 0, [other])
    assert (late.status_code, late.json["error"]) == (409, "too_late")
    assert "hết giờ" in late.json["message"]
    receipts = {minh.post(address + "/submit").headers["Location"] for _press in range(3)}
    assert receipts == {address + "/receipt"}
    closed = save(minh, address, 1, 3, 0, [other])
    assert (closed.status_code, closed.json["error"]) == (409, "closed")
    attempts, lines, evidence = everything(app)
    assert attempts[0][-1] == {"0": [option]}
    assert len(lines) == 1
    assert evidence == 2
    with app.app_context():
        kept = db.session.query(Attempt).one()
        assert kept.submitted_at == kept.deadline_at


@pytest.mark.parametrize(
    "fields",
    [
        {"go": "9" * 40, "epoch": "1"},
        {"go": "-1", "epoch": "1"},
        {"go": "٣", "epoch": "١"},
        {"go": "1", "epoch": "x", "shown-0": "1", "slot-0": "no-such-option"},
        {"go": "1", "epoch": "1", "shown-0": "1", "slot-0": "a\x00b"},
        {"go": "1", "epoch": "1", "shown-99": "1", "slot-99": "x"},
        {"go": "1", "epoch": "9" * 30, "shown-0": "1", "slot-0": ""},
        {},
    ],
)
def test_a_form_without_javascript_takes_no_nonsense(app, minh, fields):
    address = begin(minh)
    before = everything(app)
    answer = minh.post(address, data=fields)
    assert answer.status_code in {302, 303}
    assert minh.get(address).status_code == 200
    assert everything(app) == before


@pytest.mark.parametrize("number", ["0", "6", "999999999999999999999", "-1", "x"])
def test_reports_of_questions_that_are_not_there(app, minh, number):
    address = begin(minh)
    answer = minh.post(f"{address}/reports/{number}", data={"body": "Câu này sai."})
    assert answer.status_code in {404, 422}
    assert everything(app)[0][0][2] is None


@pytest.mark.parametrize("number", [0, 99, 2**31, 2**70])
def test_rounds_that_are_not_there(app, minh, number):
    address = begin(minh)
    before = everything(app)
    at = f"/contests/tim-hieu/rounds/{number}/start"
    assert minh.get(at).status_code == 404
    # The form of another page sends its token; without one the browser is led back.
    assert minh.post(at).status_code in {302, 404, 405}
    assert everything(app) == before
    assert minh.get(address).status_code == 200


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\udcff", "9" * 400, "%' --"])
def test_nonsense_behind_the_question_mark(client, running, text):
    for at, name in (("/contests", "q"), ("/receipts", "code"), ("/", "lang")):
        sent = text.encode("utf-8", "surrogateescape")
        answer = client.get(f"{at}?{name}={quote(sent)}")
        assert answer.status_code in {200, 302, 400, 422}, at


@pytest.mark.parametrize(
    ("code", "digest"),
    [("T1-AAAA-AAAA", "0" * 64), ("\x00", "\x00"), ("x" * 5_000, "y" * 5_000), ("", "")],
)
def test_receipts_of_nobody(client, running, code, digest):
    answer = client.get("/receipts", query_string={"code": code, "digest": digest})
    assert answer.status_code in {200, 400, 404, 422}
    assert "Nguyễn Văn Minh" not in answer.text
