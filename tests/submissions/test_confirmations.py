"""Units confirm that person and deeds are real: by right, by letter, in time, seen by no judge."""

from datetime import timedelta

import pytest

from contest.accounts.actions import give_grant
from contest.accounts.models import Person, Unit
from contest.contests.models import Stage
from contest.core.access import Role
from contest.core.db import db
from contest.core.jobs import run_due_jobs
from contest.core.mail import latest_mail
from contest.core.transactions import unit_of_work
from contest.submissions import queries
from contest.submissions.actions.confirmations import (
    confirm_work,
    demand_confirmation,
    issue_letter,
)
from contest.submissions.models import ConfirmationLetter, ConfirmationOutcome, UnitConfirmation
from contest.submissions.queries.confirmations import confirmation_counts, said_about
from contest.submissions.rules.refusals import (
    ConfirmationOver,
    OwnWork,
    ReasonsMissing,
    SignatureMissing,
)
from tests.submissions.conftest import World

MICRO = timedelta(microseconds=1)


def demand(world: World, hours: int = 48) -> None:
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        demand_confirmation(
            contest_round=world.round,
            due_at=world.now + timedelta(hours=hours),
            actor=lan,
            now=world.now,
        )


def say(world: World, work: str, outcome=ConfirmationOutcome.CONFIRMED, **others) -> None:
    values = {"remark": "", "signed_as": "Phó Chủ tịch Nguyễn Thị Lành", "now": world.now}
    with unit_of_work():
        confirm_work(work=world.work(work), outcome=outcome, **{**values, **others})


def test_a_word_of_the_unit_has_its_borders(world: World):
    work = world.handed_in(world.cast.minh)
    with pytest.raises(ConfirmationOver):
        say(world, work)
    demand(world)
    end = world.now + timedelta(hours=48)
    with pytest.raises(ConfirmationOver):
        say(world, work, now=end)
    with pytest.raises(OwnWork):
        say(world, work, actor=world.actor(world.cast.minh))
    with pytest.raises(ReasonsMissing):
        say(world, work, ConfirmationOutcome.RETURNED)
    with pytest.raises(SignatureMissing):
        say(world, work, signed_as="")
    say(world, work, ConfirmationOutcome.RETURNED, remark="Sai năm công tác", now=end - MICRO)
    say(world, work, now=end - MICRO)
    assert said_about(world.work(work)).outcome is ConfirmationOutcome.CONFIRMED
    assert db.session.query(UnitConfirmation).count() == 2
    assert confirmation_counts(world.round_id) == {"confirmed": 1}
    # A new version waits again.
    world.save(world.cast.minh, work, world.draft("Bản khác"))
    world.submit(world.cast.minh, work)
    assert said_about(world.work(work)) is None
    world.set_round(stage=Stage.MARKING)
    with pytest.raises(ConfirmationOver):
        say(world, work)


def test_judges_see_nothing_of_it(world: World):
    work = world.handed_in(world.cast.minh)
    demand(world)
    say(world, work, remark="Đơn vị Hòa Bình xác nhận")
    world.screen(work)
    world.codes()
    assert "Hòa Bình" not in repr(queries.blind_work(world.round_id, world.work(work).id))


def test_a_coordinator_and_a_letter_reach_their_own_units_only(live: World, signed_in):
    with live.app.app_context():
        work = live.handed_in(live.cast.minh)
        demand(live)
        lan = live.actor(live.cast.lan)
        with unit_of_work():
            known = db.session.get(Person, live.cast.an.id)
            unit = db.session.get(Unit, live.cast.province.id)
            letter = issue_letter(contest_round=live.round, unit=unit, actor=lan, now=live.now)
            code = letter.code
            give_grant(
                person=known,
                role=Role.UNIT_COORDINATOR,
                scope=unit.scope,
                actor=lan,
                now=live.now,
            )
    an, bao, lan_client = (signed_in(each) for each in (live.cast.an, live.cast.bao, live.cast.lan))
    page = an.page("/confirmations")
    assert "Tiếng chổi đầu ngày" in page.text
    assert "Tiếng chổi đầu ngày" not in bao.get("/confirmations").text
    assert bao.get(f"/confirmations/{work}").status_code in {403, 404}
    address = f"/confirmations/{work}"
    refused = an.submit(address, {"outcome": "returned"}, action=address)
    assert refused.status_code == 422
    values = {"outcome": "returned", "remark": "Ghi rõ năm"}
    assert an.submit(address, values, action=address).status_code == 302
    assert an.get(f"/confirm/{'x' * 24}").status_code == 404
    by_letter = f"/confirm/{code}/{work}"
    an.page(f"/confirm/{code}")
    signed = {"outcome": "confirmed", "signed_as": "Chủ tịch xã"}
    assert an.submit(by_letter, signed, action=by_letter).status_code == 302
    desk = f"/organise/contests/{live.slug}/rounds/1"
    lan_client.page(f"{desk}/confirmations")
    page = lan_client.page(f"{desk}/screening/{work}")
    assert "Chủ tịch xã" in page.text
    with live.app.app_context(), unit_of_work():
        db.session.query(ConfirmationLetter).one().withdrawn_at = live.now
    assert an.get(f"/confirm/{code}").status_code == 404


def test_coordinators_are_reminded_once(live: World):
    with live.app.app_context():
        live.handed_in(live.cast.minh)
        lan = live.actor(live.cast.lan)
        with unit_of_work():
            known = db.session.get(Person, live.cast.an.id)
            unit = db.session.get(Unit, live.cast.province.id)
            give_grant(
                person=known, role=Role.UNIT_COORDINATOR, scope=unit.scope, actor=lan, now=live.now
            )
        demand(live)
        for _turn in range(2):
            run_due_jobs(recurring=True)
        letters = [mail.recipient for mail in latest_mail()]
        assert letters.count(live.cast.an.email) == 1
