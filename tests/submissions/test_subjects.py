"""Persons written about: who may be whom, who decides, what they agreed to, what is forgotten."""

import io
import json
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from contest.accounts.models import ConsentPurpose
from contest.accounts.personal_data import ERASED_NAME
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.results.models import Honour
from contest.submissions import actions, queries
from contest.submissions.actions import subject_records as records
from contest.submissions.actions import subjects as decisions
from contest.submissions.forgetting import _unneeded
from contest.submissions.models import (
    ConsentChannel,
    Subject,
    SubjectChange,
    SubjectConsent,
    SubjectPurpose,
    WorkSubject,
)
from contest.submissions.queries import subjects as reading
from contest.submissions.queries.subjects import SubjectFilter
from contest.submissions.rules.refusals import (
    AlreadyUndone,
    CannotMerge,
    ConsentInTheFuture,
    NothingToSplit,
    SubjectMoved,
)
from contest.submissions.rules.subjects import Known, Likeness, Pair, likely_pairs, likeness
from tests.submissions.conftest import World, consent
from tests.submissions.test_blindness import small_picture


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (
            Known(1, "le thi nhan", unit="to dan pho 4"),
            Known(2, "le thi nhan", unit="to dan pho 4, phuong 2"),
            Likeness.NAME_AND_UNIT,
        ),
        (Known(1, "le thi nhan", 7), Known(2, "co le thi nhan", 7), Likeness.NAME_AND_UNIT),
        (Known(1, "dong chi le thi nhan"), Known(2, "le thi nhan"), Likeness.NAME),
        (Known(1, "le thi nhan", unit="to 4"), Known(2, "le thi nhan", unit="to 5"), Likeness.NAME),
        (Known(1, "le thi nhan", 7), Known(2, "le thi nham", 7), Likeness.NEAR_NAME_AND_UNIT),
        (
            Known(1, "nguyen thi le nhan", 7),
            Known(2, "nguyen le nhan", 7),
            Likeness.NEAR_NAME_AND_UNIT,
        ),
        (Known(1, "le thi nhan", 7), Known(2, "le thi nham", 8), None),
        (Known(1, "le thi nhan", 7), Known(2, "tran van duc", 7), None),
        (Known(1, "y moan"), Known(2, "y moan"), Likeness.NAME),
        (Known(1, ""), Known(2, ""), None),
    ],
)
def test_who_looks_like_whom(one, other, wanted):
    assert likeness(one, other) == wanted
    assert likeness(other, one) == wanted


def test_pairs_come_once_the_most_alike_first_without_those_told_apart():
    known = [
        Known(1, "le thi nhan", 7, "to 4"),
        Known(2, "le thi nhan", 7, "to 4"),
        Known(3, "le thi nhan", 9, "truong 2"),
        Known(4, "le thi nham", 7, "to 4"),
    ]
    assert likely_pairs(known, {(2, 4)}) == [
        Pair(1, 2, Likeness.NAME_AND_UNIT),
        Pair(1, 4, Likeness.NEAR_NAME_AND_UNIT),
        Pair(1, 3, Likeness.NAME),
        Pair(2, 3, Likeness.NAME),
    ]


def record(key: int) -> Subject:
    """A record of a person written about, as it stands now."""
    return db.session.get_one(Subject, key, populate_existing=True)


def linked(world: World, public_id: str) -> int:
    """The essay gets a new record; its key."""
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        return actions.link_subject(
            work=world.work(public_id), subject=None, actor=actor, now=world.now
        ).id


@pytest.fixture
def two(world: World) -> tuple[World, int, int, str, str]:
    """Minh and An wrote about one Lê Thị Nhạn; the secretary made two records of her."""
    world.register(world.cast.an)
    first = world.handed_in(world.cast.minh)
    second = world.handed_in(world.cast.an, subject_name="Cô Lê Thị Nhạn", subject_unit="Tổ 4")
    for each in (first, second):
        world.screen(each)
    return world, linked(world, first), linked(world, second), first, second


def holders(world: World, *public_ids: str) -> list[set[int]]:
    return [
        set(
            db.session.scalars(
                select(WorkSubject.subject_id).where(WorkSubject.work_id == world.work(each).id)
            )
        )
        for each in public_ids
    ]


def merge(world: World, kept: int, merged: int) -> int:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        return decisions.merge_subjects(
            kept=record(kept),
            merged=record(merged),
            reason="Cùng số nhà",
            actor=actor,
            now=world.now,
        ).id


def undo(world: World, change: int) -> None:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        decisions.undo_change(
            change=db.session.get_one(SubjectChange, change), actor=actor, now=world.now
        )


def honour(world: World, public_id: str) -> int:
    """Honoured beside the prizes; the id of the line."""
    from_work = world.work(public_id)
    subject = queries.subjects_of_work(from_work.id)[0]
    end_read()
    with unit_of_work():
        line = Honour(
            round_id=world.round_id,
            subject_id=subject.id,
            position=subject.id,
            full_name=subject.full_name,
            unit_name=subject.unit_name,
            citation="Mười bảy năm giữ sân trường sạch",
            agreed_at=world.now,
            added_at=world.now,
        )
        db.session.add(line)
        db.session.flush()
        return line.id


def test_a_merger_carries_essays_consents_and_honours_and_can_be_taken_back(two):
    world, first, second, one, other = two
    line = honour(world, other)
    agree(world, second, SubjectPurpose.NAME)
    change = merge(world, first, second)
    assert holders(world, one, other) == [{first}, {first}]
    assert db.session.get_one(Honour, line, populate_existing=True).subject_id == first
    assert (record(first).consented_at, record(second).consented_at) == (world.now, None)
    assert record(second).merged_into_id == first
    lan = world.actor(world.cast.lan)
    assert [row.subject.id for row in reading.subject_page(lan, SubjectFilter()).items] == [first]
    end_read()
    undo(world, change)
    assert holders(world, one, other) == [{first}, {second}]
    assert db.session.get_one(Honour, line, populate_existing=True).subject_id == second
    assert (record(first).consented_at, record(second).consented_at) == (None, world.now)
    with pytest.raises(AlreadyUndone):
        undo(world, change)


def test_two_who_are_honoured_in_one_round_cannot_be_made_one(two):
    world, first, second, one, other = two
    honour(world, one)
    honour(world, other)
    with pytest.raises(CannotMerge) as refused:
        merge(world, first, second)
    assert "Vòng viết bài" in refused.value.words
    assert record(second).merged_into_id is None


def test_what_was_merged_further_has_to_be_undone_from_the_end(two):
    world, first, second, one, _other = two
    third = linked(world, one)
    change = merge(world, second, first)
    assert record(first).merged_into_id == second
    merge(world, third, second)
    with pytest.raises(SubjectMoved):
        undo(world, change)
    with pytest.raises(SubjectMoved):
        merge(world, third, second)


def test_an_essay_about_somebody_else_gets_a_record_of_its_own(two):
    world, first, second, one, other = two
    merge(world, first, second)
    actor = world.actor(world.cast.lan)
    values = {
        "full_name": "Lê Thị Nhàn",
        "unit_name": "Trường 2",
        "reason": "Hai đơn vị khác nhau",
        "actor": actor,
        "now": world.now,
    }
    with pytest.raises(NothingToSplit), unit_of_work():
        decisions.split_subject(subject=record(first), work_ids=[], **values)
    both = [world.work(one).id, world.work(other).id]
    end_read()
    with pytest.raises(NothingToSplit), unit_of_work():
        decisions.split_subject(subject=record(first), work_ids=both, **values)
    with unit_of_work():
        made = decisions.split_subject(subject=record(first), work_ids=both[1:], **values).id
    assert holders(world, one, other) == [{first}, {made}]
    change = reading.trail_of(made)[0].id
    end_read()
    undo(world, change)
    assert holders(world, one, other) == [{first}, {first}]
    assert record(made).merged_into_id == first


def test_proposals_stay_within_the_organisation_and_leave_out_whom_somebody_told_apart(two):
    world, first, second, _one, _other = two
    lan, bao = world.actor(world.cast.lan), world.actor(world.cast.bao)
    assert [each.subject.id for each in reading.similar_subjects(lan, record(first))] == [second]
    assert reading.proposed_pairs(lan).total == 1
    assert reading.proposed_pairs(bao).total == 0
    unit = world.round.contest.unit_id
    assert [each.id for each in queries.subjects_like("LE THI NHAN", "Tổ 4", unit)] == [
        first,
        second,
    ]
    assert queries.subjects_like("LE THI NHAN", "Tổ 4", world.cast.other_province.id) == []
    end_read()
    with unit_of_work():
        decisions.mark_distinct(one=record(second), other=record(first), actor=lan, now=world.now)
    assert reading.similar_subjects(lan, record(first)) == []
    assert reading.proposed_pairs(lan).total == 0


def agree(world: World, subject: int, *purposes: SubjectPurpose, on: int | None = 0) -> None:
    actor = world.actor(world.cast.lan)
    day = world.now.date()
    with unit_of_work():
        records.record_subject_consent(
            subject=record(subject),
            purposes=purposes,
            given_on=None if on is None else day + timedelta(days=on),
            channel=ConsentChannel.PAPER,
            guardian="",
            kept_where="Tủ 3",
            actor=actor,
            now=world.now,
            today=day,
        )


def test_what_follows_when_a_person_written_about_agrees_no_longer(two):
    world, first, _second, one, _other = two
    consent(world, world.cast.minh, ConsentPurpose.PUBLISH_ESSAY)
    work_id = world.work(one).id
    line = honour(world, one)
    agree(world, first, SubjectPurpose.NAME, SubjectPurpose.PORTRAIT)
    assert queries.works_free_to_publish([work_id], world.now.date()) == {work_id}
    given = next(
        each.id
        for each in reading.consents_of_subject(first)
        if each.purpose is SubjectPurpose.NAME
    )
    lan = world.actor(world.cast.lan)
    end_read()
    with unit_of_work():
        records.withdraw_subject_consent(
            consent=db.session.get_one(SubjectConsent, given),
            subject=record(first),
            actor=lan,
            now=world.now,
        )
    assert queries.works_free_to_publish([work_id], world.now.date()) == set()
    assert db.session.get_one(Honour, line, populate_existing=True).agreed_at is None
    now = record(first)
    assert (now.consented_at, now.portrait_agreed_at) == (None, world.now)
    assert now.withheld_at == world.now
    end_read()
    agree(world, first, SubjectPurpose.NAME)
    assert queries.works_free_to_publish([work_id], world.now.date()) == {work_id}


def test_a_refusal_closes_the_essays_and_a_day_to_come_is_no_consent(two):
    world, first, _second, one, _other = two
    consent(world, world.cast.minh, ConsentPurpose.PUBLISH_ESSAY)
    with pytest.raises(ConsentInTheFuture):
        agree(world, first, SubjectPurpose.NAME, on=2)
    agree(world, first, SubjectPurpose.ESSAY, on=None)
    assert queries.works_free_to_publish([world.work(one).id], world.now.date()) == set()


def test_a_person_written_about_can_be_forgotten(two):
    world, first, second, one, _other = two
    line = honour(world, one)
    agree(world, first, SubjectPurpose.NAME)
    merge(world, first, second)
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        assert records.erase_subject(subject=record(first), actor=lan, now=world.now) == 2
    told = db.session.get_one(Honour, line, populate_existing=True)
    assert (told.full_name, told.unit_name, told.citation) == (ERASED_NAME, "", "")
    for each in (record(first), record(second)):
        assert (each.full_name, each.unit_name, each.unit_id) == (ERASED_NAME, "", None)
    assert [each.kept_where for each in reading.consents_of_subject(first)] == [""]
    assert [each.reason for each in reading.trail_of(first)] == [""]
    assert reading.subject_page(lan, SubjectFilter()).total == 0


def test_records_that_nothing_needs_are_found_after_a_year(two):
    world, first, second, _one, _other = two
    merge(world, first, second)
    later = world.now + timedelta(days=1)
    assert list(db.session.scalars(_unneeded(later))) == [second]
    assert list(db.session.scalars(_unneeded(world.now - timedelta(days=1)))) == []


@pytest.fixture
def told(live: World) -> World:
    with live.app.app_context():
        live.register(live.cast.an)
        for person, name in ((live.cast.minh, "Lê Thị Nhạn"), (live.cast.an, "Cô Lê Thị Nhạn")):
            public_id = live.handed_in(person, subject_name=name)
            live.screen(public_id)
            linked(live, public_id)
    return live


def test_from_the_list_to_one_record_and_back(told, signed_in):
    lan = signed_in(told.cast.lan)
    page = lan.page("/organise/subjects?q=nhan")
    assert page.text.count("Lê Thị Nhạn") == 2
    assert lan.page("/organise/subjects?q=khongco").words("//h:table") == []
    first = page.all("//h:table//h:a[text()='Lê Thị Nhạn']/@href")[0]
    pairs = lan.page("/organise/subjects/pairs")
    merging = pairs.all("//h:section//h:a[contains(@href, '/merge/')]/@href")[0]
    assert lan.submit(merging, {"reason": ""}, action=merging).status_code == 422
    answer = lan.submit(merging, {"reason": "Cùng số nhà"}, action=merging)
    merged = lan.page(answer.headers["Location"])
    assert len(merged.all("(//h:ul[@class='subject-essays'])[1]/h:li")) == 2
    back = lan.page(first)
    undo_at = back.all("//h:form[contains(@action, '/undo')]/@action")[0]
    assert lan.submit(first, action=undo_at).status_code in {302, 303}
    assert lan.page("/organise/subjects?q=nhan").text.count("Lê Thị Nhạn") == 2


def test_other_organisations_find_nobody(told, signed_in):
    lan = signed_in(told.cast.lan)
    mine = lan.page("/organise/subjects").all(
        "//h:table//h:a[contains(@href, '/subjects/')]/@href"
    )[0]
    bao = signed_in(told.cast.bao)
    assert "Nhạn" not in bao.page("/organise/subjects").text
    for path in (mine, f"{mine}/edit", f"{mine}/copy.json", f"{mine}/erase"):
        assert bao.get(path).status_code == 404
    assert "Nhạn" not in bao.get("/organise/subjects.csv").get_data(as_text=True)


def located_picture() -> bytes:
    """A JPEG whose EXIF tells the camera and the place."""
    picture = Image.open(io.BytesIO(small_picture()))
    exif = Image.Exif()
    exif[0x010F] = "MAYANHCUALAN"
    exif[0x8825] = {1: "N", 2: (11.0, 56.0, 30.0)}
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", exif=exif)
    assert b"MAYANHCUALAN" in out.getvalue()
    return out.getvalue()


def test_portrait_consent_copy_and_forgetting_on_the_page(told, signed_in):
    lan = signed_in(told.cast.lan)
    mine = lan.page("/organise/subjects").all(
        "//h:table//h:a[contains(@href, '/subjects/')]/@href"
    )[0]
    values = {
        "full_name": "Lê Thị Nhạn",
        "portrait": (io.BytesIO(located_picture()), "Le Thi Nhan.jpg"),
        "portrait_text": "Chị Nhạn bên cổng trường",
    }
    assert lan.submit(f"{mine}/edit", values, action=f"{mine}/edit").status_code in {302, 303}
    portrait = lan.get(f"{mine}/portrait")
    assert (portrait.status_code, b"MAYANHCUALAN" in portrait.data) == (200, False)
    assert "Nhan" not in portrait.headers["Content-Disposition"]
    answer = {"purposes": ["name"], "answer": "agreed", "channel": "paper", "kept_where": "Tủ 3"}
    assert lan.submit(mine, answer, action=f"{mine}/consents").status_code == 422
    today = told.now.date().isoformat()
    done = lan.submit(mine, {**answer, "given_on": today}, action=f"{mine}/consents")
    assert done.status_code in {302, 303}
    copied = json.loads(lan.get(f"{mine}/copy.json").data)
    assert "Tủ 3" in {line["value"] for line in copied["lines"]}
    assert lan.submit(f"{mine}/erase", action=f"{mine}/erase").status_code == 422
    assert lan.submit(f"{mine}/erase", {"sure": "y"}, action=f"{mine}/erase").status_code == 302
    assert lan.page(mine).words("//h:h1") == [ERASED_NAME]
    assert lan.get(f"{mine}/portrait").status_code == 404
