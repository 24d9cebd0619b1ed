"""What happens to essays when their author asks for a copy, withdraws consent or is erased."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from contest.accounts.actions import subject_requests as requests
from contest.accounts.actions.duplicates import merge_people, preview_merge
from contest.accounts.models import ConsentPurpose, Person, Unit
from contest.accounts.personal_data import ERASED_NAME, Line, Section
from contest.accounts.refusals import CannotErase
from contest.config import PROJECT_ROOT, RETENTION_DAYS
from contest.contests.models import Stage
from contest.core import jobs
from contest.core.db import db
from contest.core.files import StoredFile, read_file
from contest.core.retention import run_retention
from contest.core.transactions import unit_of_work
from contest.submissions import actions, keeping
from contest.submissions.actions.confirmations import (
    confirm_work,
    demand_confirmation,
    issue_letter,
)
from contest.submissions.actions.late_codes import issue_late_code
from contest.submissions.actions.subject_records import erase_subject
from contest.submissions.models import (
    ConfirmationOutcome,
    LateCode,
    Subject,
    UnitConfirmation,
    WorkFileKind,
    WorkState,
    WorkVersion,
)
from contest.submissions.queries import works_free_to_publish
from tests.submissions.conftest import WORDS, World, consent

PICTURE = (PROJECT_ROOT / "docs" / "pictures" / "receipt.png").read_bytes()
DOCUMENT = (
    PROJECT_ROOT / "tests" / "data" / "essays" / "gs_khuyen_binhlang_banchinh.docx"
).read_bytes()


def minh(world: World) -> Person:
    return db.session.get_one(Person, world.cast.minh.id, populate_existing=True)


def add_picture(world: World, public_id: str) -> None:
    actor = world.actor(world.cast.minh)
    with unit_of_work():
        actions.add_picture(
            work=world.work(public_id),
            content=PICTURE,
            caption="Sân trường",
            alternative_text="",
            actor=actor,
            now=world.now,
        )


def add_document(world: World, public_id: str) -> None:
    actor = world.actor(world.cast.minh)
    with unit_of_work():
        work = world.work(public_id)
        actions.add_document(
            work=work,
            content=DOCUMENT,
            name="Nguyễn Văn Minh - bài dự thi.docx",
            edit=work.edit,
            actor=actor,
            now=world.now,
        )


def erase(world: World) -> None:
    admin = world.actor(world.cast.admin)
    with unit_of_work():
        requests.erase_person(person=minh(world), actor=admin, now=world.now)


def stored_bytes(world: World) -> list[Path]:
    folder = world.app.extensions["settings"].instance / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def values(section: Section) -> dict[str, object]:
    [record] = section.records
    lines: list[Line] = list(record.lines)
    return {line.code: line.value for line in lines}


def test_the_copy_holds_the_text_and_the_files_as_handed_in(world: World) -> None:
    public_id = world.begin(world.cast.minh)
    add_document(world, public_id)
    world.save(world.cast.minh, public_id, world.draft())
    world.submit(world.cast.minh, public_id)
    essays, shared, *_others = keeping._copy(minh(world))
    said = values(essays)
    assert (said["submitted_text"], said["state"]) == (WORDS, "Đã nộp")
    files = {file.name: read_file(file.file_id) for file in essays.records[0].files}
    assert files["Nguyễn Văn Minh - bài dự thi.docx"] == DOCUMENT
    assert shared.records == []


def test_a_draft_goes_with_its_files(world: World) -> None:
    public_id = world.begin(world.cast.minh)
    add_picture(world, public_id)
    world.save(world.cast.minh, public_id, world.draft())
    db.session.rollback()
    erase(world)
    work = world.work(public_id)
    assert (work.version.body_text, work.version.title, work.files) == ("", "", [])
    assert [author.full_name for author in work.authors] == [ERASED_NAME]
    assert db.session.scalars(select(StoredFile)).all() == []
    db.session.rollback()
    assert stored_bytes(world) != []
    db.session.rollback()
    jobs.run_due_jobs()
    assert stored_bytes(world) == []


def test_an_essay_that_is_to_be_decided_stands_in_the_way(world: World) -> None:
    world.handed_in(world.cast.minh)
    db.session.rollback()
    with pytest.raises(CannotErase):
        erase(world)
    assert minh(world).full_name == "Nguyễn Văn Minh"


def test_what_was_marked_stays_without_author_and_original_files(world: World) -> None:
    public_id = world.begin(world.cast.minh)
    add_document(world, public_id)
    add_picture(world, public_id)
    world.save(world.cast.minh, public_id, world.draft(), now=world.now + timedelta(hours=1))
    world.submit(world.cast.minh, public_id)
    consent(world, world.cast.minh, ConsentPurpose.PUBLISH_ESSAY)
    world.set_round(stage=Stage.PUBLISHED)
    work_id = world.work(public_id).id
    assert works_free_to_publish([work_id], world.now.date()) == {work_id}
    db.session.rollback()
    erase(world)
    work = world.work(public_id)
    assert work.state is WorkState.SUBMITTED
    assert work.submitted_version.body_text == WORDS
    assert work.identity_hints == []
    [author] = work.authors
    assert (author.full_name, author.phone) == (ERASED_NAME, None)
    assert {file.kind for file in work.files} == {WorkFileKind.PICTURE}
    names = db.session.scalars(select(StoredFile.original_name)).all()
    assert not any("Minh" in name for name in names)
    others = db.session.scalars(
        select(WorkVersion).where(WorkVersion.id != work.submitted_version_id)
    ).all()
    assert others
    assert {version.body_text + version.search_folded for version in others} == {""}
    assert works_free_to_publish([work_id], world.now.date()) == set()


def test_withdrawing_says_what_happens_to_the_essay(world: World) -> None:
    scope_id = world.round.contest.scope_id

    def said(purpose: ConsentPurpose) -> list[str]:
        return [str(words) for words in keeping._withdrawal(minh(world), purpose, scope_id)]

    assert said(ConsentPurpose.PUBLISH_ESSAY) == []
    world.handed_in(world.cast.minh)
    assert said(ConsentPurpose.PUBLISH_ESSAY) == [
        "1 bài viết của bạn không còn hiện công khai; trang đã công bố sẽ đóng lại."
    ]
    assert said(ConsentPurpose.PUBLISH_NAME) == []


SIGNER = "Phó Chủ tịch Nguyễn Thị Lành"
REMARK = "Anh Minh ghi sai năm chị Nhạn về hưu"


def sections(person: Person) -> dict[str, list[dict[str, object]]]:
    return {
        section.code: [{line.code: line.value for line in each.lines} for each in section.records]
        for section in keeping._copy(person)
    }


def said_by_units(world: World) -> str:
    """Minh's essay: sent back by a letter, then confirmed by An, who has an account."""
    public_id = world.handed_in(world.cast.minh)
    lan, an = world.actor(world.cast.lan), world.actor(world.cast.an)
    with unit_of_work():
        demand_confirmation(
            contest_round=world.round,
            due_at=world.now + timedelta(days=2),
            actor=lan,
            now=world.now,
        )
        letter = issue_letter(
            contest_round=world.round,
            unit=db.session.get_one(Unit, world.cast.province.id),
            actor=lan,
            now=world.now,
        )
        confirm_work(
            work=world.work(public_id),
            outcome=ConfirmationOutcome.RETURNED,
            remark=REMARK,
            letter=letter,
            signed_as=SIGNER,
            now=world.now,
        )
        confirm_work(
            work=world.work(public_id),
            outcome=ConfirmationOutcome.CONFIRMED,
            remark="Đúng người, đúng việc",
            actor=an,
            now=world.now,
        )
    return public_id


def late_code_for(world: World, person: Person) -> int:
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        return issue_late_code(
            contest_round=world.round,
            person=db.session.get_one(Person, person.id),
            unit=None,
            reason="Nằm viện",
            valid_until=world.now + timedelta(days=9),
            actor=lan,
            now=world.now,
        ).id


def words_kept() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(UnitConfirmation).order_by(UnitConfirmation.id))
    return [(each.outcome.value, each.remark, each.signed_as) for each in rows]


def test_the_copy_holds_what_units_said_and_codes_of_the_late_door_and_no_others(
    world: World,
) -> None:
    said_by_units(world)
    late_code_for(world, world.cast.minh)
    copied = sections(minh(world))
    assert [row["remark"] for row in copied["unit_confirmations"]] == [
        REMARK,
        "Đúng người, đúng việc",
    ]
    assert copied["confirmations_given"] == []
    [code] = copied["late_codes"]
    assert (code["reason"], code["used_at"]) == ("Nằm viện", None)
    assert SIGNER not in repr(copied)
    assert world.cast.an.full_name not in repr(copied)
    spoke = sections(db.session.get_one(Person, world.cast.an.id))
    assert [row["remark"] for row in spoke["confirmations_given"]] == ["Đúng người, đúng việc"]
    assert (spoke["unit_confirmations"], spoke["late_codes"]) == ([], [])
    assert "Minh" not in repr(spoke)


def test_erasure_takes_remarks_of_units_and_the_name_under_them(world: World) -> None:
    said_by_units(world)
    code = late_code_for(world, world.cast.minh)
    world.set_round(stage=Stage.PUBLISHED)
    erase(world)
    assert words_kept() == [("returned", "", ""), ("confirmed", "", "")]
    assert db.session.get_one(LateCode, code).reason == ""


def test_a_person_written_about_takes_what_their_unit_remarked_of_them_too(world: World) -> None:
    public_id = said_by_units(world)
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        actions.link_subject(work=world.work(public_id), subject=None, actor=lan, now=world.now)
    assert words_kept()[0] == ("returned", REMARK, SIGNER)
    db.session.rollback()
    with unit_of_work():
        subject = db.session.scalars(select(Subject)).one()
        erase_subject(subject=subject, actor=lan, now=world.now)
    assert words_kept() == [("returned", "", ""), ("confirmed", "", "")]


def test_remarks_of_units_go_a_year_after_the_close(world: World) -> None:
    said_by_units(world)
    days = timedelta(days=RETENTION_DAYS["unit_confirmations"])
    world.set_round(stage=Stage.PUBLISHED, closed_at=world.now)

    def forgotten(at: datetime) -> int:
        db.session.rollback()
        lines = run_retention(now=at, dry_run=False)
        return {line.code: line.found for line in lines}["unit_confirmations"]

    assert forgotten(world.now + days - timedelta(microseconds=1)) == 0
    assert words_kept()[0] == ("returned", REMARK, SIGNER)
    assert forgotten(world.now + days) == 2
    assert words_kept() == [("returned", "", ""), ("confirmed", "", "")]
    assert forgotten(world.now + days) == 0


def test_what_was_said_for_a_unit_follows_who_said_it_but_never_onto_an_own_essay(
    world: World,
) -> None:
    said_by_units(world)
    admin, bao, an = world.actor(world.cast.admin), world.cast.bao.id, world.cast.an.id
    code = late_code_for(world, world.cast.an)
    with unit_of_work():
        kept, merged = (db.session.get_one(Person, each) for each in (bao, an))
        preview = preview_merge(kept=kept, merged=merged, actor=admin)
        assert ("Bài đã xác nhận cho đơn vị", 1) in [
            (str(line.label), line.count) for line in preview.lines
        ]
        assert preview.warnings == []
        merge_people(kept=kept, merged=merged, actor=admin, now=world.now)
    rows = db.session.scalars(select(UnitConfirmation).order_by(UnitConfirmation.id)).all()
    assert [(row.decided_by_id, row.is_current) for row in rows] == [(None, False), (bao, True)]
    assert db.session.get_one(LateCode, code).person_id == bao
    db.session.rollback()
    with unit_of_work():
        kept, merged = (db.session.get_one(Person, each) for each in (world.cast.minh.id, bao))
        preview = preview_merge(kept=kept, merged=merged, actor=admin)
        assert [str(words) for words in preview.warnings] == [
            "Người này sẽ là người xác nhận 1 bài của chính mình. Bài trở lại chờ đơn vị xác nhận."
        ]
        merge_people(kept=kept, merged=merged, actor=admin, now=world.now)
    assert not any(db.session.scalars(select(UnitConfirmation.is_current)))
