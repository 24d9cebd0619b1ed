"""The save: what is received, what is refused and why, and what survives."""

from datetime import timedelta

import pytest

from contest.accounts.models import ConsentPurpose
from contest.accounts.queries.consents import live_consent
from contest.contests.rules import ConsentMissing
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.quizzes import actions, queries
from contest.quizzes.actions import SaveCode
from contest.quizzes.actions.closing import claim_open, finish_attempts
from contest.quizzes.models import Attempt, ClosedBy, LateEvidence, LedgerLine


def lines():
    return db.session.query(LedgerLine).order_by(LedgerLine.epoch, LedgerLine.sequence).all()


def test_an_answer_is_received_and_folded(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    first, second = opened.right(attempt, 0), opened.wrong(attempt, 0)

    assert opened.save(minh, attempt, 1, 0, [second]).code is SaveCode.RECEIVED
    assert opened.save(minh, attempt, 2, 0, [first]).code is SaveCode.RECEIVED
    assert opened.save(minh, attempt, 3, 1, [opened.wrong(attempt, 1)]).code is SaveCode.RECEIVED
    assert opened.save(minh, attempt, 4, 2, [opened.right(attempt, 2)]).code is SaveCode.RECEIVED
    assert opened.save(minh, attempt, 5, 2, []).code is SaveCode.RECEIVED
    assert opened.save(minh, attempt, 6, 4, 1280).code is SaveCode.RECEIVED
    assert opened.submit(minh, attempt) is True

    ended = opened.attempt(attempt)
    assert ended.answers == {"0": [first], "1": [opened.wrong(attempt, 1)]}
    assert (ended.correct_count, ended.question_count, ended.prediction) == (1, 4, 1280)
    assert (ended.points, ended.max_points) == (1, 4)
    assert ended.working_ms == 5 * 60 * 1000
    assert ended.submitted_at == opened.now + timedelta(minutes=5)


def test_the_same_save_again_is_acknowledged_with_its_first_time(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    answer = [opened.right(attempt, 0)]
    first = opened.save(minh, attempt, 1, 0, answer)
    again = opened.save(minh, attempt, 1, 0, answer, at=opened.now + timedelta(minutes=3))
    assert again == first
    assert len(lines()) == 1


def test_a_sequence_is_never_written_over(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    opened.save(minh, attempt, 1, 0, [opened.right(attempt, 0)])
    outcome = opened.save(minh, attempt, 1, 0, [opened.wrong(attempt, 0)])
    assert outcome.code is SaveCode.SEQUENCE_USED
    assert len(lines()) == 1


@pytest.mark.parametrize(
    ("slot", "answer"),
    [
        (5, ["x"]),
        (400, []),
        (0, ["no-such-option"]),
        (4, ["many"]),
        (4, ["-3"]),
        (4, ["999999999"]),
    ],
)
def test_what_the_paper_does_not_have_is_refused(opened, slot, answer):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    assert opened.save(minh, attempt, 1, slot, answer).code is SaveCode.REFUSED
    assert lines() == []


def test_two_options_of_a_single_choice_are_refused(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    both = [opened.right(attempt, 0), opened.wrong(attempt, 0)]
    assert opened.save(minh, attempt, 1, 0, both).code is SaveCode.REFUSED


def test_somebody_elses_attempt_is_not_found(opened):
    attempt = opened.start(opened.cast.minh)
    answer = [opened.right(attempt, 0)]
    assert opened.save(opened.cast.an, attempt, 1, 0, answer).code is SaveCode.NOT_FOUND
    assert lines() == []


def test_without_a_live_sign_in_nothing_is_kept(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    answer = [opened.right(attempt, 0)]
    far = opened.now + timedelta(days=2000)
    assert opened.save(minh, attempt, 1, 0, answer, at=far).code is SaveCode.SIGNED_OUT


def test_the_grace_belongs_to_the_time_to_its_last_microsecond(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    end = opened.attempt(attempt).grace_until
    assert end == opened.now + timedelta(minutes=16)
    answer = [opened.right(attempt, 0)]
    after = end + timedelta(microseconds=1)
    assert opened.save(minh, attempt, 1, 0, answer, at=end).code is SaveCode.RECEIVED
    assert opened.save(minh, attempt, 2, 1, [], at=after).code is SaveCode.TOO_LATE
    assert [(line.sequence, line.slot) for line in lines()] == [(1, 0)]
    late = db.session.query(LateEvidence).all()
    assert [(line.sequence, line.slot, line.received_at) for line in late] == [(2, 1, after)]


def test_late_evidence_is_kept_once(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    opened.submit(minh, attempt)
    for _turn in range(2):
        outcome = opened.save(minh, attempt, 1, 0, [opened.right(attempt, 0)])
        assert outcome.code is SaveCode.CLOSED
    assert db.session.query(LateEvidence).count() == 1
    assert lines() == []


def test_the_older_device_is_told_that_it_was_taken_over(opened):
    minh = opened.cast.minh
    phone = opened.start(minh)
    answer = [opened.right(phone, 0)]
    opened.save(minh, phone, 1, 0, answer)
    laptop = opened.start(minh, at=opened.now + timedelta(minutes=1))
    assert (laptop.attempt_id, laptop.epoch) == (phone.attempt_id, 2)

    assert opened.save(minh, phone, 2, 1, []).code is SaveCode.TAKEN_OVER
    assert opened.save(minh, phone, 1, 0, answer).code is SaveCode.RECEIVED  # was received before
    assert opened.save(minh, laptop, 1, 0, [opened.wrong(phone, 0)]).code is SaveCode.RECEIVED
    assert opened.save(minh, laptop, 1, 0, [], epoch=3).code is SaveCode.REFUSED

    opened.submit(minh, laptop)
    assert opened.attempt(phone).answers == {"0": [opened.wrong(phone, 0)]}


def test_replayed_and_reordered_saves_end_in_the_order_of_their_numbers(opened):
    minh = opened.cast.minh
    attempt = opened.start(minh)
    right, wrong = opened.right(attempt, 0), opened.wrong(attempt, 0)
    opened.save(minh, attempt, 3, 0, [right])
    opened.save(minh, attempt, 1, 0, [wrong])
    opened.save(minh, attempt, 2, 0, [wrong])
    opened.save(minh, attempt, 3, 0, [right])
    opened.submit(minh, attempt)
    assert opened.attempt(attempt).answers == {"0": [right]}


def test_a_receipt_code_that_is_taken_is_drawn_again(opened):
    minh, an = opened.cast.minh, opened.cast.an
    first, second = opened.start(minh), opened.start(an)
    opened.submit(minh, first)
    taken = opened.attempt(first).receipt_code
    drawn = iter([taken, taken, "T1-ABCD-EFGH"])
    actor, own = opened.actor(an), queries.own_attempt(an.id, second.public_id)
    end_read()
    with unit_of_work():
        assert actions.submit_attempt(
            attempt=own, actor=actor, now=opened.now, codes=lambda _number: next(drawn)
        )
    ended = opened.attempt(second)
    assert (ended.receipt_code, ended.correct_count) == ("T1-ABCD-EFGH", 0)
    assert opened.attempt(first).receipt_code == taken


def test_many_attempts_closed_at_once_never_share_a_receipt_code(opened):
    people = (opened.cast.minh, opened.cast.an, opened.cast.cuc)
    attempts = [opened.start(person) for person in people]
    drawn = iter(["T1-AAAA-AAAA"] * 4 + ["T1-BBBB-BBBB", "T1-CCCC-CCCC"])
    end_read()
    with unit_of_work():
        finish_attempts(
            claimed=db.session.execute(claim_open(Attempt.__table__.c.deadline_at)).all(),
            closed_by=ClosedBy.SERVER,
            numbers={opened.round_id: 1},
            codes=lambda _number: next(drawn),
        )
    assert sorted(opened.attempt(each).receipt_code for each in attempts) == [
        "T1-AAAA-AAAA",
        "T1-BBBB-BBBB",
        "T1-CCCC-CCCC",
    ]


def test_nobody_starts_without_having_agreed_to_take_part(opened):
    minh = opened.cast.minh
    with pytest.raises(ConsentMissing):
        opened.start(minh, agreed_in=None)
    assert db.session.query(Attempt).count() == 0
    first = opened.start(minh, agreed_in="en")
    consent, words = live_consent(minh.id, ConsentPurpose.TAKE_PART, opened.contest.scope_id)
    assert (consent.channel, words.locale) == ("start", "en")
    again = opened.start(minh, agreed_in=None)
    assert (again.attempt_id, again.is_new) == (first.attempt_id, False)
