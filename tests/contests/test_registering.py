"""Registering, withdrawing, being left out of prizes, being disqualified."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from contest.accounts.actions import end_grant, give_grant
from contest.accounts.models import BirthPrecision, ConsentPurpose, Grant, Person, Unit
from contest.accounts.queries import has_consent
from contest.contests import actions, queries, rules
from contest.contests.models import Entry, Registration, RegistrationSource
from contest.core.access import Role
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work

YES = actions.Agreement(take_part=True, publish_name=False, locale="vi")


def person(world, name) -> Person:
    return db.session.get_one(Person, getattr(world.cast, name).id)


def register(world, name, **options):
    actor = world.actor(name)
    end_read()
    with unit_of_work():
        values = {"agreement": YES} | options
        return actions.register(
            contest=world.contest, person=person(world, name), actor=actor, now=world.now, **values
        )


def test_minh_registers_with_his_unit_as_it_is_and_gets_a_code_and_an_entry(world):
    world.announced()
    mine = register(world, "minh")
    known = queries.registration_of(world.contest.id, world.cast.minh.id)
    assert known.code == mine.code
    assert known.unit_path == "Trường THCS Nguyễn Trãi › Phường Xuân Hương › Tỉnh Lâm Sơn"
    assert (
        known.unit_ids == f"/{world.cast.school.id}/{world.cast.ward.id}/{world.cast.province.id}/"
    )
    assert (known.birth_date, known.birth_precision) == (date(1990, 5, 19), BirthPrecision.DAY)
    assert queries.entry_of(known.id).ordinal == 1
    scope_id = world.contest.scope_id
    assert has_consent(world.cast.minh.id, ConsentPurpose.TAKE_PART, scope_id)
    assert not has_consent(world.cast.minh.id, ConsentPurpose.PUBLISH_NAME, scope_id)


def test_registering_again_is_the_same_registration(world):
    world.announced()
    first = register(world, "minh")
    again = register(
        world, "minh", agreement=actions.Agreement(take_part=True, publish_name=True, locale="vi")
    )
    assert (again.id, again.code) == (first.id, first.code)
    assert has_consent(world.cast.minh.id, ConsentPurpose.PUBLISH_NAME, world.contest.scope_id)
    assert db.session.scalar(select(func.count(Entry.id))) == 1


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda world: world.tell(announced_at=None), rules.NotAnnounced),
        (lambda world: world.tell(self_registration=False), rules.RosterOnly),
        (lambda world: world.tell(min_age=40), rules.TooYoung),
        (lambda world: world.tell(max_age=30), rules.TooOld),
        (lambda world: world.tell(open_to_all_units=False), rules.OtherUnit),
        (
            lambda world: world.tell_round(
                opens_at=world.now - timedelta(days=2), closes_at=world.now
            ),
            rules.RegistrationClosed,
        ),
    ],
)
def test_who_may_not_register_is_told_why(world, spoil, refusal):
    world.announced()
    spoil(world)
    with pytest.raises(refusal):
        register(world, "minh")
    assert db.session.scalar(select(func.count(Registration.id))) == 0


def test_without_consent_nobody_takes_part(world):
    world.announced()
    for agreement in (None, actions.Agreement(take_part=False, publish_name=True, locale="vi")):
        with pytest.raises(rules.ConsentMissing):
            register(world, "minh", agreement=agreement)


def test_what_the_account_lacks_is_asked_and_then_kept_there(world):
    world.announced()
    world.tell(min_age=18)
    end_read()
    with unit_of_work():
        minh = person(world, "minh")
        minh.birth_date = minh.birth_precision = minh.unit_id = None
    with pytest.raises(rules.BirthDateMissing):
        register(world, "minh")
    school = db.session.get_one(Unit, world.cast.school.id)
    register(
        world, "minh", unit=school, birth_date=date(1991, 1, 1), birth_precision=BirthPrecision.YEAR
    )
    assert person(world, "minh").birth_precision is BirthPrecision.YEAR
    assert person(world, "minh").unit_id == world.cast.school.id


def test_divisions_are_found_at_registration_and_again_when_they_change(world):
    world.announced()
    plans = [actions.DivisionPlan("Bảng A", None, 30), actions.DivisionPlan("Bảng B", 31, None)]
    end_read()
    with unit_of_work():
        actions.edit_divisions(contest=world.contest, divisions=plans, actor=None, now=world.now)
    register(world, "minh")
    end_read()
    assert queries.registration_of(world.contest.id, world.cast.minh.id).division.name == "Bảng B"
    end_read()
    with unit_of_work():
        actions.edit_divisions(
            contest=world.contest,
            divisions=[actions.DivisionPlan("Mọi người")],
            actor=None,
            now=world.now,
        )
    assert (
        queries.registration_of(world.contest.id, world.cast.minh.id).division.name == "Mọi người"
    )
    assert [each.name for each in world.contest.divisions] == ["Mọi người"]


def test_withdrawn_people_can_come_back_under_the_same_code(world):
    world.announced()
    first = register(world, "minh")
    end_read()
    with unit_of_work():
        known = queries.registration_of(world.contest.id, world.cast.minh.id)
        actions.withdraw(registration=known, actor=None, now=world.now)
        with pytest.raises(rules.AlreadyWithdrawn):
            actions.withdraw(registration=known, actor=None, now=world.now)
    assert queries.own_registrations(world.cast.minh.id) == []
    assert register(world, "minh").code == first.code
    assert len(queries.own_registrations(world.cast.minh.id)) == 1


def test_staff_are_ranked_and_win_nothing_even_when_their_role_ended_meanwhile(world):
    world.announced()
    for name in ("lan", "hoa", "minh", "cuc", "an"):
        register(world, name)
    entries = {
        name: queries.entry_of(
            queries.registration_of(world.contest.id, getattr(world.cast, name).id).id
        ).id
        for name in ("lan", "hoa", "minh", "cuc", "an")
    }
    assert queries.excluded_from_prizes(world.contest) == {entries["lan"], entries["hoa"]}
    world.story.knows = {world.cast.an.id}
    assert entries["an"] in queries.excluded_from_prizes(world.contest)
    admin = world.actor("admin")
    end_read()
    with unit_of_work():
        role = db.session.scalars(select(Grant).where(Grant.person_id == world.cast.hoa.id)).one()
        end_grant(grant=role, actor=admin, now=world.now + timedelta(days=1))
    assert entries["hoa"] in queries.excluded_from_prizes(world.contest)
    world.tell(exclude_staff=False)
    assert queries.excluded_from_prizes(world.contest) == set()


def test_a_question_author_of_the_contest_itself_wins_nothing(world):
    world.announced()
    register(world, "minh")
    end_read()
    with unit_of_work():
        give_grant(
            person=person(world, "minh"),
            role=Role.QUESTION_AUTHOR,
            scope=world.contest.scope,
            actor=None,
            now=world.now,
        )
    assert len(queries.excluded_from_prizes(world.contest)) == 1


def test_disqualified_in_one_round_or_in_all_and_lifted_again(world):
    world.announced()
    mine = register(world, "minh")
    lan = world.actor("lan")
    end_read()
    with unit_of_work():
        actions.add_round(contest=world.contest, title="Tuần 2", actor=None, now=world.now)
    with unit_of_work():
        entry = queries.entry_of(mine.id)
        first = actions.disqualify(
            entry=entry, round=world.round(1), reason="Nhờ người thi hộ", actor=lan, now=world.now
        )
        with pytest.raises(rules.AlreadyDisqualified):
            actions.disqualify(
                entry=entry, round=world.round(1), reason="Lần nữa", actor=lan, now=world.now
            )
        with pytest.raises(rules.ReasonMissing):
            actions.disqualify(entry=entry, round=None, reason="  ", actor=lan, now=world.now)
        first_id = first.public_id
    assert queries.disqualified(world.round(1)) == {entry.id}
    assert queries.disqualified(world.round(2)) == set()
    with unit_of_work():
        actions.disqualify(
            entry=queries.entry_of(mine.id),
            round=None,
            reason="Cả cuộc thi",
            actor=lan,
            now=world.now,
        )
    assert queries.disqualified(world.round(2)) == {entry.id}
    end_read()
    with unit_of_work():
        decision = queries.disqualification_in(world.contest, first_id)
        actions.lift_disqualification(
            disqualification=decision, reason="Xác minh lại", actor=lan, now=world.now
        )
        with pytest.raises(rules.AlreadyLifted):
            actions.lift_disqualification(
                disqualification=decision, reason="Xác minh", actor=lan, now=world.now
            )
    assert queries.disqualified(world.round(1)) == {entry.id}
    assert [each.lifted_at is not None for each in queries.disqualifications_of(mine)].count(
        True
    ) == 1


def test_the_list_is_searched_without_marks_by_name_unit_and_code(world):
    world.announced()
    for name in ("minh", "cuc", "an", "tu"):
        register(world, name)
    end_read()

    def names(**wanted):
        page = queries.registrations_page(world.contest, queries.RegistrationFilter(**wanted))
        return [row.registration.full_name for row in page.items]

    assert names() == ["Đỗ An", "H'Cúc Niê", "Nguyễn Văn Minh", "Phạm Anh Tú"]
    assert names(descending=True)[0] == "Phạm Anh Tú"
    assert names(text="nguyen minh") == ["Nguyễn Văn Minh"]
    assert names(text="xuan huong") == ["H'Cúc Niê", "Nguyễn Văn Minh", "Phạm Anh Tú"]
    code = queries.registration_of(world.contest.id, world.cast.an.id).code
    assert names(text=code.lower().replace("-", "")) == ["Đỗ An"]
    ward = db.session.merge(world.cast.ward)
    assert names(unit=ward) == ["H'Cúc Niê", "Nguyễn Văn Minh", "Phạm Anh Tú"]
    assert names(state="withdrawn") == []
    assert names(state="disqualified") == []
    assert queries.registration_counts(world.contest).live == 4
    assert [row[2] for row in queries.units_with_registrations(world.contest)] == [1, 2, 1]


def test_a_roster_registers_before_announcing_and_without_consent(world):
    register(world, "minh", agreement=None, source=RegistrationSource.ROSTER)
    known = queries.registration_of(world.contest.id, world.cast.minh.id)
    assert known.source is RegistrationSource.ROSTER
    end_read()
    with pytest.raises(rules.ConsentMissing), unit_of_work():
        actions.agree(
            registration=known,
            agreement=actions.Agreement(take_part=False, publish_name=True, locale="vi"),
            now=world.now,
        )
    with unit_of_work():
        actions.agree(
            registration=queries.registration_of(world.contest.id, world.cast.minh.id),
            agreement=YES,
            now=world.now,
        )
    assert has_consent(world.cast.minh.id, ConsentPurpose.TAKE_PART, world.contest.scope_id)
