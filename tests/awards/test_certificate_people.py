"""Certificates of a person: in the copy of their data, after a merger, after an erasure."""

from contest.accounts.merging import followers
from contest.accounts.models import Person
from contest.accounts.personal_data import ERASED_NAME, keepers
from contest.awards.models import Certificate
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from tests.awards.test_certificates import design, issue, published


def keeper():
    return next(each for each in keepers() if each.code == "certificates")


def winner(now):
    """Somebody with a certificate of their own."""
    with unit_of_work():
        story = published(now)
        design(story, now)
        issue(story, now)
        row = db.session.query(Certificate).order_by(Certificate.id).first()
        assert row is not None
        return db.session.get_one(Person, row.person_id), row


def test_the_copy_holds_what_is_printed_on_it(app, context, now):
    person, row = winner(now)
    (section,) = keeper().copy(person)
    (record,) = section.records
    assert {line.code: line.value for line in record.lines} == {
        "serial": row.serial,
        "contest": "Tìm hiểu tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        "words": row.words,
        "issued_on": row.issued_on,
        "code": row.code,
        "revoked_because": None,
    }


def test_an_erased_person_leaves_a_certificate_that_is_still_valid(app, context, now):
    person, row = winner(now)
    end_read()
    with unit_of_work():
        assert keeper().erase(person, now) == {"certificates": 1}
    row = db.session.get_one(Certificate, row.id)
    assert (row.full_name, row.unit_name, row.revoked_at) == (ERASED_NAME, "", None)


def test_a_certificate_follows_its_person(app, context, now):
    person, row = winner(now)
    end_read()
    with unit_of_work():
        other = db.session.query(Person).filter(Person.id != person.id).first()
        assert other is not None
        follower = next(each for each in followers() if each.code == "certificates")
        assert follower.move(other.id, person.id, now) == 1
    row = db.session.get_one(Certificate, row.id)
    assert row.person_id == other.id
