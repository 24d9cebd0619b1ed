"""The record of what was done, and its chain."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from contest.core import audit
from contest.core.audit import AuditEvent, AuditSeal
from contest.core.db import db
from contest.core.transactions import unit_of_work

pytestmark = pytest.mark.usefixtures("context")


def write_three(now):
    with unit_of_work():
        audit.record("story.begun", actor=None, now=now, subject=("story", 1), data={"a": 1})
        audit.record("story.told", actor=None, now=now, personal={"name": "Lê Thị Minh"})
        audit.record("story.ended", actor=None, now=now, scope_id=7)


def seal(now):
    with unit_of_work():
        return audit.seal_events(now=now)


def test_events_are_sealed_in_order_and_only_once(now):
    write_three(now)
    assert (seal(now), seal(now)) == (3, 0)
    rows = db.session.execute(
        select(AuditSeal.number, AuditEvent.kind)
        .join(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.number)
    )
    assert [tuple(row) for row in rows] == [
        (1, "story.begun"),
        (2, "story.told"),
        (3, "story.ended"),
    ]


def test_a_whole_chain_is_whole(now):
    write_three(now)
    seal(now)
    report = audit.verify_chain(now=now)
    assert (report.events, report.broken, report.gaps, report.unsealed) == (3, [], [], 0)
    assert report.head == audit.head() != audit.FIRST_DIGEST
    assert report.is_whole


def test_a_changed_event_breaks_its_link(now):
    write_three(now)
    seal(now)
    with unit_of_work():
        db.session.execute(
            update(AuditEvent).where(AuditEvent.kind == "story.told").values(actor_id=99)
        )
    report = audit.verify_chain(now=now)
    assert (report.broken, report.is_whole) == ([2], False)


def test_a_changed_name_is_found_too(now):
    write_three(now)
    seal(now)
    with unit_of_work():
        db.session.execute(
            update(AuditEvent)
            .where(AuditEvent.kind == "story.told")
            .values(personal={"name": "Ai khác"})
        )
    assert audit.verify_chain(now=now).broken == [2]


def test_erasing_the_personal_part_keeps_the_chain_whole(now):
    write_three(now)
    seal(now)
    with unit_of_work():
        db.session.execute(
            update(AuditEvent).where(AuditEvent.kind == "story.told").values(personal=None)
        )
    assert audit.verify_chain(now=now).is_whole


def test_a_seal_that_was_taken_away_leaves_a_gap(now):
    write_three(now)
    seal(now)
    with unit_of_work():
        db.session.execute(delete(AuditSeal).where(AuditSeal.number == 2))
    report = audit.verify_chain(now=now)
    assert (report.gaps, report.broken) == ([2], [3])


def test_events_left_unsealed_for_more_than_a_minute_are_reported(now):
    write_three(now)
    soon, late = now + timedelta(seconds=60), now + timedelta(seconds=61)
    assert audit.verify_chain(now=soon).unsealed == 0
    assert audit.verify_chain(now=late).unsealed == 3


def test_an_event_goes_with_its_transaction(now):
    with pytest.raises(RuntimeError, match="lost"), unit_of_work():
        audit.record("story.begun", actor=None, now=now)
        raise RuntimeError("lost")
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_equal_personal_parts_have_different_hashes(now):
    with unit_of_work():
        for _ in range(2):
            audit.record("story.told", actor=None, now=now, personal={"name": "Lê Thị Minh"})
    hashes = list(db.session.scalars(select(AuditEvent.personal_hash)))
    assert len(set(hashes)) == 2
