"""A child's essay is published when the child and a guardian agree, and closes when one does not."""

from datetime import date, timedelta

import pytest

from contest.accounts.models import BirthPrecision, ConsentPurpose, Person
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import queries
from contest.submissions.guardian_words import forget_guardians, guardian_section
from contest.submissions.models import GuardianConsent
from tests.submissions.conftest import consent


@pytest.fixture
def essay(live):
    """Minh is twelve, and agrees that the essay is published."""
    with live.app.app_context():
        with unit_of_work():
            minh = db.session.get(Person, live.cast.minh.id)
            minh.birth_date = live.now.date() - timedelta(days=12 * 365)
            minh.birth_precision = BirthPrecision.DAY
        public_id = live.handed_in(live.cast.minh)
        consent(live, live.cast.minh, ConsentPurpose.PUBLISH_ESSAY)
        live.screen(public_id)
    return public_id


def free(live, essay):
    with live.app.app_context():
        return bool(queries.works_free_to_publish([live.work(essay).id], live.now.date()))


def agreed(day, **values):
    return {
        "guardian": "Lê Văn Tám",
        "relation": "Cha",
        "given_on": f"{day:%Y-%m-%d}",
        "channel": "paper",
        **values,
    }


def test_a_guardian_opens_the_essay_of_a_child_and_closes_it(live, signed_in, essay):
    lan = signed_in(live.cast.lan)
    screen = f"/organise/contests/{live.slug}/rounds/1/screening/{essay}"
    assert not free(live, essay)
    page = lan.page(screen)
    (address,) = [each.get("href") for each in page.all("//h:a[contains(@href, '/guardians/')]")]
    assert "Người giám hộ chưa đồng ý" in page.text
    tomorrow = agreed(live.now.date() + timedelta(days=2))
    assert lan.submit(address, tomorrow, action=address).status_code == 422
    nobody = agreed(live.now.date(), guardian=" ")
    assert lan.submit(address, nobody, action=address).status_code == 422
    assert not free(live, essay)
    answer = lan.submit(address, agreed(live.now.date()), action=address)
    assert answer.headers["Location"] == address
    assert free(live, essay)
    assert "Người giám hộ đã đồng ý đăng bài" in lan.page(screen).text
    assert lan.submit(address, action="/withdraw").status_code == 302
    assert not free(live, essay)
    with live.app.app_context():
        kinds = db.session.query(AuditEvent.kind).order_by(AuditEvent.id).all()
        told = [kind for (kind,) in kinds if "guardian" in kind]
    assert told == ["submissions.guardian_agreed", "submissions.guardian_withdrew"]


def test_nobody_else_notes_it_and_nobody_needs_it_who_is_of_age(live, signed_in, essay):
    address = f"/organise/contests/{live.slug}/rounds/1/screening/{essay}/guardians/1"
    for person in (live.cast.minh, live.cast.hoa, live.cast.bao):
        assert signed_in(person).get(address).status_code in {403, 404}
    with live.app.app_context(), unit_of_work():
        db.session.get(Person, live.cast.minh.id).birth_date = date(1990, 5, 1)
    assert free(live, essay)
    assert signed_in(live.cast.lan).get(address).status_code == 404


def test_the_copy_tells_it_and_an_erasure_takes_the_guardians_name(live, signed_in, essay):
    lan = signed_in(live.cast.lan)
    address = f"/organise/contests/{live.slug}/rounds/1/screening/{essay}/guardians/1"
    lan.submit(address, agreed(live.now.date()), action=address)
    with live.app.app_context():
        (record,) = guardian_section(live.cast.minh.id).records
        assert {"Lê Văn Tám", "Cha"} <= {line.value for line in record.lines}
        with unit_of_work():
            assert forget_guardians(live.cast.minh.id) == 1
        row = db.session.query(GuardianConsent).one()
        assert (row.guardian, row.relation) == ("", "")
