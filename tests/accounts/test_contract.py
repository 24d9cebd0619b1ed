"""What other rooms build on: units, people, roles, consents, in the database."""

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from contest.accounts import queries
from contest.accounts.actions import (
    NewPerson,
    create_people,
    create_person,
    end_grant,
    ensure_system_scope,
    give_grant,
    issue_codes,
    record_consent,
    withdraw_consent,
)
from contest.accounts.consent_texts import current_words
from contest.accounts.models import CodePurpose, Consent, ConsentPurpose, OneTimeCode, Person, Scope
from contest.accounts.refusals import (
    AlreadyEnded,
    ContactTaken,
    HasPassword,
    LastAdministrator,
    NotYoursToGive,
)
from contest.core.access import Permission, Role
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from tests.support.cast import Cast, actor_of, committed_cast
from tests.support.counting import count_queries

ON = date(2026, 9, 2)


@pytest.fixture
def cast(context: object, now: datetime) -> Cast:
    return committed_cast(now)


def test_scopes_stand_below_each_other(cast: Cast) -> None:
    root = ensure_system_scope()
    assert root.path == f"/{root.id}/"
    assert cast.school.scope.path == (
        f"/{root.id}/{cast.province.scope_id}/{cast.ward.scope_id}/{cast.school.scope_id}/"
    )
    assert db.session.scalar(select(func.count()).where(Scope.kind == "system")) == 1


def test_choices_come_in_the_order_of_the_tree(cast: Cast) -> None:
    with count_queries() as seen:
        choices = queries.unit_choices(on=ON)
    assert [(unit.code, unit.depth) for unit in choices] == [
        ("LS", 0),
        ("LS-BTG", 1),
        ("LS-XH", 1),
        ("LS-XH-NT", 2),
        ("ST", 0),
        ("ST-THPT", 1),
    ]
    assert seen.count == 1
    below = queries.unit_choices(cast.ward.id, on=ON)
    assert [unit.code for unit in below] == ["LS-XH", "LS-XH-NT"]
    assert queries.unit_choices(on=date(2025, 6, 30)) == []


def test_a_path_takes_one_statement(cast: Cast) -> None:
    with count_queries() as seen:
        paths = queries.unit_paths([cast.school.id, cast.other_province.id])
    assert (
        paths[cast.school.id].names == "Trường THCS Nguyễn Trãi › Phường Xuân Hương › Tỉnh Lâm Sơn"
    )
    assert paths[cast.school.id].ids == f"/{cast.school.id}/{cast.ward.id}/{cast.province.id}/"
    assert paths[cast.other_province.id].names == "Tỉnh Sông Trà"
    assert seen.count == 1


@pytest.mark.parametrize("typed", ["xuan huong", "Xuân Hương", "HUONG xuan", "ls-xh"])
def test_units_are_found_without_marks(cast: Cast, typed: str) -> None:
    assert [unit.code for unit in queries.search_units(typed)] == ["LS-XH"]


def test_names_keep_their_spelling_and_sort_by_given_name(cast: Cast, now: datetime) -> None:
    for name in ("Sương", "Y Moan Êban", "H'Hen Niê", "Nguyễn Văn Ánh", "Nguyễn An"):
        create_person(full_name=name, unit=cast.school, actor=None, now=now)
    names = db.session.scalars(
        select(Person.full_name).where(Person.phone.is_(None)).order_by(Person.sort_key)
    ).all()
    assert names == ["Nguyễn An", "Nguyễn Văn Ánh", "H'Hen Niê", "Y Moan Êban", "Sương"]


def test_a_partial_birth_date_keeps_its_precision(cast: Cast, now: datetime) -> None:
    birth = PartialDate(date(1960, 1, 1), DatePrecision.YEAR)
    person = create_person(full_name="Bà Sáu", birth=birth, actor=None, now=now)
    db.session.expire(person)
    assert (person.birth_date, person.birth_precision) == (date(1960, 1, 1), "year")


def test_one_phone_number_belongs_to_one_record(cast: Cast, now: datetime) -> None:
    with pytest.raises(ContactTaken):
        create_person(full_name="Khác", phone=cast.minh.phone, actor=None, now=now)


def test_a_thousand_people_are_made_in_order_each_with_a_code(cast: Cast, now: datetime) -> None:
    news = [NewPerson(f"Nguyễn Thị {n}", unit_id=cast.school.id) for n in range(1000)]
    with unit_of_work():
        people = create_people(people=news, actor=None, now=now)
        issued = issue_codes(
            people=people, purpose=CodePurpose.ACTIVATION, batch="LS-XH-NT", actor=None, now=now
        )
    assert [person.full_name for person in people] == [new.full_name for new in news]
    assert len({item.code for item in issued}) == 1000


def test_a_second_sheet_of_codes_replaces_the_first(cast: Cast, now: datetime) -> None:
    [person] = create_people(people=[NewPerson("An")], actor=None, now=now)
    for _ in range(2):
        issue_codes(people=[person], purpose=CodePurpose.ACTIVATION, batch="", actor=None, now=now)
    live = select(func.count()).where(
        OneTimeCode.person_id == person.id, OneTimeCode.withdrawn_at.is_(None)
    )
    assert db.session.scalar(live) == 1
    with pytest.raises(HasPassword):
        issue_codes(
            people=[cast.minh], purpose=CodePurpose.ACTIVATION, batch="", actor=None, now=now
        )


def test_a_grant_reaches_everything_below_and_nothing_beside(cast: Cast, now: datetime) -> None:
    lan, bao = actor_of(cast.lan, now), actor_of(cast.bao, now)
    assert lan.may(Permission.MANAGE_CONTEST, cast.school.scope.path)
    assert not lan.may(Permission.MANAGE_CONTEST, cast.other_school.scope.path)
    assert not bao.may(Permission.MANAGE_CONTEST, cast.school.scope.path)
    assert actor_of(cast.minh, now).grants == ()


def test_giving_a_role_twice_keeps_one(cast: Cast, now: datetime) -> None:
    lan = actor_of(cast.lan, now)
    first = give_grant(person=cast.an, role=Role.JUDGE, scope=cast.ward.scope, actor=lan, now=now)
    again = give_grant(person=cast.an, role=Role.JUDGE, scope=cast.ward.scope, actor=lan, now=now)
    assert first.id == again.id
    end_grant(grant=first, actor=lan, now=now)
    with pytest.raises(AlreadyEnded):
        end_grant(grant=first, actor=lan, now=now)
    kinds = db.session.scalars(
        select(AuditEvent.kind).where(
            AuditEvent.actor_id == cast.lan.id, AuditEvent.kind.like("accounts.grant%")
        )
    ).all()
    assert kinds == ["accounts.grant_given", "accounts.grant_ended"]


def test_nobody_gives_more_than_they_may(cast: Cast, now: datetime) -> None:
    lan, bao, cuc = (actor_of(person, now) for person in (cast.lan, cast.bao, cast.cuc))
    refused = [
        (lan, Role.ADMINISTRATOR, cast.province.scope),
        (lan, Role.JUDGE, cast.other_province.scope),
        (bao, Role.JUDGE, cast.province.scope),
        (cuc, Role.UNIT_COORDINATOR, cast.school.scope),
    ]
    for asker, role, scope in refused:
        with pytest.raises(NotYoursToGive):
            give_grant(person=cast.an, role=role, scope=scope, actor=asker, now=now)


def test_the_last_administrator_stays(cast: Cast, now: datetime) -> None:
    admin = actor_of(cast.admin, now)
    root = ensure_system_scope()
    own = give_grant(person=cast.admin, role=Role.ADMINISTRATOR, scope=root, actor=admin, now=now)
    with pytest.raises(LastAdministrator):
        end_grant(grant=own, actor=admin, now=now)
    give_grant(person=cast.lan, role=Role.ADMINISTRATOR, scope=root, actor=admin, now=now)
    end_grant(grant=own, actor=admin, now=now)
    assert queries.grant_lines(cast.admin.id) == ()


def test_staff_of_a_place_are_those_on_it_above_it_and_below_it(cast: Cast) -> None:
    on_ward = queries.staff_person_ids(cast.ward.scope.path)
    assert on_ward == {cast.admin.id, cast.lan.id, cast.hoa.id, cast.tu.id}
    assert queries.staff_person_ids(cast.other_school.scope.path) == {cast.admin.id, cast.bao.id}


def test_a_consent_is_specific_and_provable(cast: Cast, now: datetime) -> None:
    def give(scope: Scope | None) -> Consent:
        return record_consent(
            person=cast.minh,
            purpose=ConsentPurpose.PUBLISH_NAME,
            scope=scope,
            channel="web",
            locale="en",
            now=now,
        )

    consent = give(cast.ward.scope)
    assert give(cast.ward.scope).id == consent.id
    name = ConsentPurpose.PUBLISH_NAME
    assert queries.has_consent(cast.minh.id, name, cast.ward.scope_id)
    assert not queries.has_consent(cast.minh.id, name, None)
    assert not queries.has_consent(cast.minh.id, ConsentPurpose.REUSE, cast.ward.scope_id)
    [shown] = queries.own_consents(cast.minh.id)
    assert shown.text.body == current_words(name).body("en")
    assert shown.text.digest == current_words(name).digest("en")
    assert (shown.text.version, shown.consent.given_at, shown.consent.channel) == (1, now, "web")
    minh = actor_of(cast.minh, now)
    withdraw_consent(consent=consent, actor=minh, now=now)
    assert queries.consents_of([cast.minh.id], name, cast.ward.scope_id) == set()
    with pytest.raises(AlreadyEnded):
        withdraw_consent(consent=consent, actor=minh, now=now)
