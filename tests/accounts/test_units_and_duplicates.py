"""Units through time, and two records that become one."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from contest.accounts import merging, queries
from contest.accounts.actions import (
    create_person,
    create_scope,
    create_unit,
    give_grant,
    record_consent,
)
from contest.accounts.actions.duplicates import merge_people, preview_merge, say_not_duplicate
from contest.accounts.actions.units import edit_unit, end_unit, merge_unit, record_headcount
from contest.accounts.merging import Follower, register_follower
from contest.accounts.models import (
    ConsentPurpose,
    Person,
    PersonMerge,
    Scope,
    ScopeKind,
    Unit,
    UnitHeadcount,
    UnitKind,
    UnitSuccession,
    UnitTree,
)
from contest.accounts.queries.duplicates import duplicate_pairs
from contest.accounts.queries.grants import names_of_scopes, scope_by_address
from contest.accounts.queries.unit_levels import MOST_BELOW, WHOLE
from contest.accounts.refusals import (
    AlreadyEnded,
    CannotMerge,
    CodeTaken,
    DatesCross,
    SameUnit,
    WouldCircle,
)
from contest.contests.models import Contest, ContestKind, Registration, RegistrationSource
from contest.core.access import Actor, Role
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import DatePrecision, PartialDate
from tests.support.cast import Cast, actor_of, committed_cast, make_cast, sign_in_as
from tests.support.pages import CheckingClient, Page

ON = date(2026, 9, 2)
MERGER = date(2026, 10, 1)


@pytest.fixture
def cast(context: object, now: datetime) -> Cast:
    """In the test's own transaction, so that its objects live."""
    return make_cast(now)


@pytest.fixture
def admin(cast: Cast, now: datetime) -> Actor:
    return actor_of(cast.admin, now)


def move(unit: Unit, parent: Unit | None, admin: Actor, now: datetime) -> None:
    edit_unit(
        unit=unit,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        tree=unit.tree,
        parent=parent,
        valid_from=unit.valid_from,
        actor=admin,
        now=now,
    )


def test_a_unit_moves_with_its_branch(cast: Cast, admin: Actor, now: datetime) -> None:
    move(cast.ward, cast.other_province, admin, now)
    assert queries.unit_path(cast.school).names.endswith("Phường Xuân Hương › Tỉnh Sông Trà")
    assert cast.school.scope.path.startswith(cast.other_province.scope.path)
    bao = actor_of(cast.bao, now)
    assert queries.person_in_branch(bao, cast.minh.public_id) is not None
    move(cast.ward, None, admin, now)
    assert queries.unit_path(cast.ward).names == "Phường Xuân Hương"


def test_a_unit_does_not_stand_below_itself(cast: Cast, admin: Actor, now: datetime) -> None:
    for parent in (cast.ward, cast.school):
        with pytest.raises(WouldCircle):
            move(cast.ward, parent, admin, now)


def test_codes_of_units_are_unique_and_dates_in_order(
    cast: Cast, admin: Actor, now: datetime
) -> None:
    def add(code: str, first: date | None, last: date | None) -> Unit:
        return create_unit(
            code=code,
            name="Xã Mới",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=cast.province,
            valid_from=first,
            valid_to=last,
            actor=admin,
            now=now,
        )

    with pytest.raises(CodeTaken):
        add("LS-XH", None, None)
    with pytest.raises(DatesCross):
        add("LS-M", MERGER, ON)
    assert add("LS-M", ON, ON).valid_to == ON


def test_an_ended_unit_is_no_longer_offered_but_keeps_its_people(
    cast: Cast, admin: Actor, now: datetime
) -> None:
    end_unit(unit=cast.school, last_day=ON, actor=admin, now=now)
    codes = [unit.code for unit in queries.unit_choices(cast.ward.id, on=ON)]
    assert codes == ["LS-XH", "LS-XH-NT"]
    after = [unit.code for unit in queries.unit_choices(cast.ward.id, on=date(2026, 9, 3))]
    assert after == ["LS-XH"]
    assert cast.minh.unit_id == cast.school.id
    with pytest.raises(AlreadyEnded):
        end_unit(unit=cast.school, last_day=ON, actor=admin, now=now)


def test_a_merger_moves_people_and_units_below(cast: Cast, admin: Actor, now: datetime) -> None:
    effect = merge_unit(
        unit=cast.ward,
        into=cast.board,
        on=MERGER,
        decision="15/QĐ-UBND",
        actor=admin,
        now=now,
    )
    assert (effect.persons, effect.children) == (1, 1)
    db.session.expire_all()
    assert cast.cuc.unit_id == cast.board.id
    assert cast.ward.valid_to == date(2026, 9, 30)
    assert queries.unit_path(cast.school).names == (
        "Trường THCS Nguyễn Trãi › Ban Tuyên giáo và Dân vận › Tỉnh Lâm Sơn"
    )
    [succession] = db.session.scalars(select(UnitSuccession)).all()
    assert (succession.happened_on, succession.decision) == (MERGER, "15/QĐ-UBND")
    # The coordinator's role stays on the old unit, whose branch is empty now.
    cuc = actor_of(cast.cuc, now)
    assert queries.person_in_branch(cuc, cast.minh.public_id) is None


def test_mergers_that_make_no_sense(cast: Cast, admin: Actor, now: datetime) -> None:
    for into, refusal in ((cast.ward, SameUnit), (cast.school, WouldCircle)):
        with pytest.raises(refusal):
            merge_unit(unit=cast.ward, into=into, on=MERGER, decision="", actor=admin, now=now)
    with pytest.raises(DatesCross):
        merge_unit(
            unit=cast.ward, into=cast.board, on=date(2025, 7, 1), decision="", actor=admin, now=now
        )


def test_the_same_day_again_corrects_a_head_count(cast: Cast, admin: Actor, now: datetime) -> None:
    for persons in (60, 64):
        record_headcount(unit=cast.school, counted_on=ON, persons=persons, actor=admin, now=now)
    assert db.session.scalars(select(UnitHeadcount.persons)).all() == [64]


def twin_of(person: Person, now: datetime, name: str | None = None, *, born: bool = True) -> Person:
    birth = PartialDate(person.birth_date, DatePrecision.DAY) if person.birth_date else None
    return create_person(
        full_name=name or person.full_name,
        birth=birth if born else None,
        unit=person.unit,
        phone="+84912345678",
        actor=None,
        now=now,
    )


def pairs(actor: Actor) -> list[tuple[int, int, bool]]:
    page = duplicate_pairs(actor)
    return [(pair.first.id, pair.second.id, pair.is_certain) for pair in page.items]


@pytest.mark.parametrize("name", ["Nguyễn Văn Minh", "nguyễn văn minh", "Nguyen Van Minh"])
def test_the_same_name_birth_date_and_unit_are_proposed(
    cast: Cast, now: datetime, name: str
) -> None:
    twin = twin_of(cast.minh, now, name)
    assert pairs(actor_of(cast.lan, now)) == [(cast.minh.id, twin.id, True)]
    assert pairs(actor_of(cast.bao, now)) == []


def test_a_missing_birth_date_is_a_weaker_sign(cast: Cast, now: datetime) -> None:
    twin = twin_of(cast.minh, now, born=False)
    assert pairs(actor_of(cast.lan, now)) == [(cast.minh.id, twin.id, False)]


def test_two_people_are_not_proposed_again(cast: Cast, now: datetime) -> None:
    twin = twin_of(cast.minh, now)
    lan = actor_of(cast.lan, now)
    say_not_duplicate(one=twin, other=cast.minh, actor=lan, now=now)
    say_not_duplicate(one=cast.minh, other=twin, actor=lan, now=now)
    assert pairs(lan) == []


@pytest.fixture
def follower() -> Iterator[dict[int, int]]:
    """An upper room that keeps something about people: key of the person → how many."""
    kept: dict[int, int] = {}

    def move_over(to: int, gone: int, at: datetime) -> int:
        del at
        moved = kept.pop(gone, 0)
        kept[to] = kept.get(to, 0) + moved
        return moved

    def obstacles(to: int, gone: int) -> list[str]:
        return ["Both are registered."] if kept.get(to) and kept.get(gone) else []

    register_follower(
        Follower(
            "registrations", "Registrations", lambda who: kept.get(who, 0), move_over, obstacles
        )
    )
    yield kept
    del merging._followers["registrations"]


def test_a_merger_hands_everything_over(
    cast: Cast, now: datetime, follower: dict[int, int]
) -> None:
    twin = twin_of(cast.minh, now)
    follower[twin.id] = 3
    record_consent(
        person=twin,
        purpose=ConsentPurpose.CONTACT,
        scope=None,
        channel="web",
        locale="vi",
        now=now,
    )
    lan = actor_of(cast.lan, now)
    preview = preview_merge(kept=twin, merged=cast.minh, actor=lan)
    assert (preview.takes_phone, preview.takes_email, preview.takes_password) == (False, True, True)
    preview = preview_merge(kept=cast.minh, merged=twin, actor=lan)
    assert {line.count for line in preview.lines} == {3, 1}
    merge_people(kept=cast.minh, merged=twin, actor=lan, now=now)
    assert follower == {cast.minh.id: 3}
    assert queries.has_consent(cast.minh.id, ConsentPurpose.CONTACT, None)
    assert (twin.merged_into_id, twin.phone, twin.disabled_at) == (cast.minh.id, None, now)
    [merger] = db.session.scalars(select(PersonMerge)).all()
    assert merger.moved["registrations"] == 3
    assert pairs(lan) == []
    with pytest.raises(CannotMerge):
        merge_people(kept=cast.minh, merged=twin, actor=lan, now=now)


def test_what_only_the_dissolved_record_knows_is_kept(cast: Cast, now: datetime) -> None:
    bare = create_person(full_name="Nguyễn Văn Minh", unit=cast.school, actor=None, now=now)
    phone, email, password = cast.minh.phone, cast.minh.email, cast.minh.password_hash
    lan = actor_of(cast.lan, now)
    merge_people(kept=bare, merged=cast.minh, actor=lan, now=now)
    assert (bare.phone, bare.email, bare.password_hash) == (phone, email, password)
    assert bare.birth_date == date(1990, 5, 19)


def test_an_upper_room_can_stand_in_the_way(
    cast: Cast, now: datetime, follower: dict[int, int]
) -> None:
    twin = twin_of(cast.minh, now)
    follower.update({twin.id: 1, cast.minh.id: 1})
    with pytest.raises(CannotMerge) as refusal:
        merge_people(kept=cast.minh, merged=twin, actor=actor_of(cast.lan, now), now=now)
    assert refusal.value.words == "Both are registered."
    assert twin.merged_into_id is None


def test_a_role_does_not_slip_through_a_merger(cast: Cast, now: datetime) -> None:
    """Whoever may not give a role cannot move it to another record either."""
    twin = twin_of(cast.minh, now)
    give_grant(
        person=twin, role=Role.ORGANISER, scope=cast.other_province.scope, actor=None, now=now
    )
    with pytest.raises(CannotMerge):
        merge_people(kept=cast.minh, merged=twin, actor=actor_of(cast.lan, now), now=now)
    merge_people(kept=cast.minh, merged=twin, actor=actor_of(cast.admin, now), now=now)
    assert [line.role for line in queries.grant_lines(cast.minh.id)] == [Role.ORGANISER]
    assert queries.grant_lines(twin.id) == ()


@pytest.fixture
def browser(app: Flask, now: datetime, new_client: Callable[[], CheckingClient]) -> CheckingClient:
    """The administrator's browser, in English, on a committed cast."""
    with app.app_context():
        cast = committed_cast(now)
    client = new_client()
    client.set_cookie("language", "en")
    sign_in_as(client, cast.admin)
    return client


def send(client: CheckingClient, path: str, values: dict[str, str]) -> TestResponse:
    """Fill in the form of a page that also has the menu's own forms."""
    return client.submit(path, values, action=path.partition("?")[0])


def address_of(page: Page, words: str) -> str:
    [link] = [a for a in page.all("//h:a") if "".join(a.itertext()).strip() == words]
    return str(link.get("href"))


def test_a_large_tree_opens_level_by_level(browser: CheckingClient, app: Flask) -> None:
    """5,000 units do not all go over the wire: levels open where somebody asks for them."""
    with app.app_context(), unit_of_work():
        ward = db.session.scalars(select(Unit).where(Unit.code == "LS-XH")).one()
        for number in range(WHOLE + 30):
            unit = create_unit(
                code=f"TO-X-{number}",
                name=f"Tổ {number}",
                kind=UnitKind.ADMINISTRATIVE,
                tree=UnitTree.ADMINISTRATIVE,
                parent=ward,
                actor=None,
                now=utc_now(),
            )
        deep = create_unit(
            code="TO-X-DEEP",
            name="Nhóm trong cùng",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=unit,
            actor=None,
            now=utc_now(),
        )
        ward_id, unit_id, deep_name = ward.public_id, unit.public_id, deep.name
    first = browser.page("/units")
    assert "Phường Xuân Hương" in first.words("//h:a")
    assert not [words for words in first.words("//h:a") if words.startswith("Tổ ")]
    second = browser.page(f"/units?open={ward_id}")
    shown = [words for words in second.words("//h:a") if words.startswith("Tổ ")]
    assert 0 < len(shown) <= MOST_BELOW
    assert "search for the others" in second.text
    assert deep_name in browser.page(f"/units?open={unit_id}").words("//h:a")
    assert deep_name in browser.page("/units?q=nhom+trong").words("//h:a")


def test_a_merger_on_the_pages_shows_first_what_happens(browser: CheckingClient) -> None:
    ward = address_of(browser.page("/units"), "Phường Xuân Hương")
    board = address_of(browser.page("/units"), "Ban Tuyên giáo và Dân vận")
    form = {"into": board.rsplit("/", 1)[1], "on": "2099-10-01", "decision": "15/QĐ"}
    preview = send(browser, f"{ward}/merge", form)
    assert preview.status_code == 200
    effects = Page(preview.text).words("//h:ul[@class='effects']/h:li")
    assert effects[1:3] == [
        "1 person moves to the successor.",
        "1 unit below moves along, with its people.",
    ]
    done = browser.post(f"{ward}/merge", data=form | {"confirmed": "1"})
    assert (done.status_code, done.location) == (303, board)
    page = browser.page(board)
    assert "Phường Xuân Hương went over into this unit" in " ".join(page.words("//h:b"))
    shown = browser.page("/units").words("//h:details//h:a")
    assert "Phường Xuân Hương" in shown  # until its last day
    again = browser.post(f"{ward}/merge", data=form | {"confirmed": "1"})
    assert again.status_code == 409


def test_units_are_added_and_changed_on_the_pages(browser: CheckingClient) -> None:
    page = browser.page("/units/new")
    [parent] = [o.get("value") for o in page.all("//h:option") if "Tỉnh Lâm Sơn" in (o.text or "")]
    bad = send(browser, "/units/new", {"name": "Xã Mới", "code": "two words", "parent": parent})
    assert bad.status_code == 422
    taken = send(browser, "/units/new", {"name": "Xã Mới", "code": "LS-XH", "parent": parent})
    assert taken.status_code == 422
    added = send(browser, "/units/new", {"name": "Xã Mới", "code": "LS-M", "parent": parent})
    assert added.status_code == 303
    changed = send(browser, f"{added.location}/edit", {"name": "Xã Đức Trọng"})
    assert changed.status_code == 303
    assert browser.page("/units?q=duc trong").words("//h:ul//h:a[@class='strong']") == [
        "Xã Đức Trọng"
    ]
    counted = browser.submit(added.location, {"persons": "1.800"}, action="/headcounts")
    assert counted.status_code == 303
    assert "1,800 people" in browser.page(added.location).words("//h:ul[@class='rows']//h:b")
    ended = send(browser, f"{added.location}/end", {"last_day": "2030-01-01"})
    assert ended.status_code == 303


def test_a_role_is_given_and_taken_back_on_the_pages(browser: CheckingClient) -> None:
    (ward,) = browser.page("/grants/new").all("//h:option[contains(., 'Phường Xuân Hương')]")
    where = browser.get(f"/grants/new?unit={ward.get('value')}").location
    page = browser.page(f"{where}&q=do an")
    assert page.words("//h:label[@class='choice']") == ["Đỗ An – Trường THPT Sông Trà"]
    [person] = [box.get("value") for box in page.all("//h:input[@name='person']")]
    nothing = send(browser, f"{where}&q=do an", {"person": person})
    assert nothing.status_code == 422  # no role is chosen beforehand
    given = send(browser, f"{where}&q=do an", {"person": person, "role": "judge"})
    assert given.status_code == 303
    listed = browser.page(given.location)
    assert (
        listed.words("//h:td[@class='main']/h:b") == ["H'Cúc Niê", "Đỗ An"]
        or "Đỗ An" in listed.text
    )
    end = browser.page("/grants?q=do an")
    link = address_of(end, "Take back")
    assert send(browser, link, {}).status_code == 303
    assert "Đỗ An" not in browser.page("/grants?q=do an").text


def test_upper_rooms_hand_over_what_they_keep(app: Flask) -> None:
    codes = [follower.code for follower in merging.followers()]
    assert {"grants", "consents", "registrations", "attempts"} <= set(codes)


def test_a_contest_moves_along_and_two_registrations_in_one_stand_in_the_way(
    cast: Cast, now: datetime
) -> None:
    contest = Contest(
        slug="tim-hieu",
        title="Cuộc thi tìm hiểu",
        title_folded="cuoc thi tim hieu",
        kind=ContestKind.QUIZ,
        unit_id=cast.province.id,
        scope_id=create_scope(kind=ScopeKind.CONTEST, parent=cast.province.scope).id,
        created_at=now,
    )
    db.session.add(contest)
    db.session.flush()
    twin = twin_of(cast.minh, now)

    def enter(person: Person, code: str) -> Registration:
        registration = Registration(
            contest_id=contest.id,
            person_id=person.id,
            code=code,
            full_name=person.full_name,
            name_folded=person.name_folded,
            sort_key=person.sort_key,
            source=RegistrationSource.SELF,
            registered_at=now,
        )
        db.session.add(registration)
        db.session.flush()
        return registration

    theirs = enter(twin, "A1")
    lan = actor_of(cast.lan, now)
    mine = enter(cast.minh, "A2")
    with pytest.raises(CannotMerge) as refusal:
        merge_people(kept=cast.minh, merged=twin, actor=lan, now=now)
    assert "Cuộc thi tìm hiểu" in refusal.value.words
    db.session.delete(mine)
    db.session.flush()
    merge_people(kept=cast.minh, merged=twin, actor=lan, now=now)
    db.session.refresh(theirs)
    assert theirs.person_id == cast.minh.id
    grant = give_grant(
        person=cast.an, role=Role.JUDGE, scope=contest_scope(contest), actor=lan, now=now
    )
    assert names_of_scopes([grant.scope])[grant.scope_id].label == "Cuộc thi tìm hiểu"
    found = scope_by_address("contest", "tim-hieu")
    assert found is not None
    assert found.id == contest.scope_id
    assert scope_by_address("contest", "another") is None
    assert scope_by_address("nonsense", "x") is None


def contest_scope(contest: Contest) -> Scope:
    return db.session.get_one(Scope, contest.scope_id)
