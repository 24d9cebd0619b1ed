"""People in the registers: two records that become one, and a person who is forgotten."""

from datetime import date

from sqlalchemy import select

from contest.accounts.merging import followers
from contest.accounts.models import Person
from contest.accounts.personal_data import ERASED_NAME, keepers
from contest.awards.actions.commendations import CommendationValues, add_commendation
from contest.awards.actions.honours import open_profile, publish_profile
from contest.awards.models import AwardForm, Commendation, HonourProfile, Level, RecipientKind
from contest.core.db import db
from contest.core.transactions import unit_of_work
from tests.support.cast import actor_of


def commended(cast, now, person, number="125-QĐ/TU"):
    return add_commendation(
        register_unit=db.session.merge(cast.province),
        values=CommendationValues(
            level=Level.CITY,
            form=AwardForm.MERIT_CERTIFICATE,
            recipient_kind=RecipientKind.INDIVIDUAL,
            recipient_name=person.full_name,
            decision_number=number,
            decided_on=date(2026, 5, 19),
            person_id=person.id,
            reason="Dạy chữ miễn phí",
        ),
        actor=actor_of(cast.lan, now),
        now=now,
    )


def follower(code):
    return next(each for each in followers() if each.code == code)


def test_commendations_follow_a_person_and_stay_one_person(context, cast, now):
    with unit_of_work():
        commended(cast, now, cast.minh, "1-QĐ")
        commended(cast, now, cast.tu, "2-QĐ")
        moved = follower("commendation").move(cast.minh.id, cast.tu.id, now)
    with unit_of_work():
        keys = set(db.session.scalars(select(Commendation.recipient_key)))
    assert (moved, keys) == (1, {f"p{cast.minh.id}"})


def test_two_rows_of_one_decision_stand_in_the_way(context, cast, now):
    with unit_of_work():
        commended(cast, now, cast.minh)
        commended(cast, now, cast.tu)
        (words,) = follower("commendation").obstacles(cast.minh.id, cast.tu.id)
    assert "125-QĐ/TU" in str(words)


def test_a_forgotten_person_leaves_the_roll_and_stays_counted(context, cast, now):
    with unit_of_work():
        row = commended(cast, now, cast.minh)
        profile = open_profile(commendation=row, actor=actor_of(cast.lan, now), now=now)
        publish_profile(profile=profile, published=True, actor=actor_of(cast.lan, now), now=now)
    keeper = next(each for each in keepers() if each.code == "commendations")
    with unit_of_work():
        person = db.session.get(Person, cast.minh.id)
        (section, roll, _nominations) = keeper.copy(person)
        assert [len(section.records), len(roll.records)] == [1, 1]
        assert len(keeper.consequences(person)) == 1
        assert keeper.erase(person, now) == {"commendations": 1, "nominations": 0}
    with unit_of_work():
        row = db.session.scalars(select(Commendation)).one()
        profile = db.session.scalars(select(HonourProfile)).one()
        assert (row.recipient_name, row.reason, row.revoked_at) == (ERASED_NAME, "", None)
        assert (profile.full_name, profile.published_at) == (ERASED_NAME, None)
