"""Units of late codes, works on paper and letters are searched for where the tree is large."""

from datetime import timedelta

import pytest

from contest.contests.models import Contest
from contest.core import pickers
from contest.core.clock import LOCAL_ZONE
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions.actions.confirmations import demand_confirmation
from contest.submissions.models import ConfirmationLetter, LateCode
from tests.judging.test_pages import token_of
from tests.submissions.conftest import World
from tests.support.cast import sign_in_as


@pytest.fixture
def lan(live: World, new_client, monkeypatch):
    """Lan before a round that asks units; no list of units is sent with a page."""
    monkeypatch.setattr(pickers, "FEW", 0)
    with live.app.app_context():
        actor = live.actor(live.cast.lan)
        with unit_of_work():
            demand_confirmation(
                contest_round=live.round,
                due_at=live.now + timedelta(days=2),
                actor=actor,
                now=live.now,
            )
    client = new_client()
    sign_in_as(client, live.cast.lan)
    return client


def desk(live: World, page: str) -> str:
    return f"/organise/contests/{live.slug}/rounds/1/{page}"


def test_a_letter_goes_to_a_unit_that_was_searched_for(live: World, lan):
    address, letters = desk(live, "confirmations"), desk(live, "confirmations/letters")
    page = lan.page(address)
    assert page.all("//h:input[@type='radio' and @name='unit']/@value") == [""]
    found = lan.submit(address, {"unit-text": "xuan huong", "unit-find": "1"}, action=letters)
    assert (found.status_code, "Phường Xuân Hương" in found.text) == (200, True)
    with live.app.app_context():
        assert db.session.query(ConfirmationLetter).count() == 0
    chosen = {"unit": live.cast.ward.public_id}
    refused = lan.submit(address, {"unit-text": "xuan huong"}, action=letters)
    assert refused.status_code == 422
    assert lan.post(letters, data={"csrf_token": token_of(page.text), **chosen}).status_code == 302
    with live.app.app_context():
        assert db.session.query(ConfirmationLetter).one().unit_id == live.cast.ward.id


def test_a_unit_whose_people_may_not_take_part_gets_no_letter(live: World, lan):
    with live.app.app_context(), unit_of_work():
        contest = db.session.get_one(Contest, live.contest_id)
        contest.open_to_all_units = False
    letters = desk(live, "confirmations/letters")
    token = token_of(lan.page(desk(live, "confirmations")).text)
    data = {"csrf_token": token, "unit": live.cast.ward.public_id}
    assert lan.post(letters, data=data).status_code == 422


def test_a_late_code_for_a_unit_that_was_searched_for(live: World, lan):
    address = desk(live, "late-codes")
    until = (live.now + timedelta(days=9)).astimezone(LOCAL_ZONE)
    asked = {"reason": "Bão", "valid_until": f"{until:%Y-%m-%dT%H:%M}"}
    found = lan.submit(
        address, {**asked, "unit-text": "xuan huong", "unit-find": "1"}, action=address
    )
    assert (found.status_code, "Phường Xuân Hương" in found.text) == (200, True)
    assert "Bão" in found.text
    data = {"csrf_token": token_of(found.text), "unit": live.cast.ward.public_id, **asked}
    assert lan.post(address, data=data).status_code == 302
    with live.app.app_context():
        assert db.session.query(LateCode).one().unit_id == live.cast.ward.id


def test_the_unit_of_an_author_on_paper_is_searched_for(live: World, lan):
    address = desk(live, "paper")
    typed = {"full_name": "Lò Thị Ban", "unit-text": "xuan huong", "unit-find": "1"}
    found = lan.submit(address, typed, action=address)
    assert (found.status_code, "Phường Xuân Hương" in found.text) == (200, True)
    assert "Lò Thị Ban" in found.text
