"""What happens to essays when their author asks for a copy, withdraws consent or is erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from contest.accounts.actions import subject_requests as requests
from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.personal_data import ERASED_NAME, Line, Section
from contest.accounts.refusals import CannotErase
from contest.config import PROJECT_ROOT
from contest.contests.models import Stage
from contest.core import jobs
from contest.core.db import db
from contest.core.files import StoredFile, read_file
from contest.core.transactions import unit_of_work
from contest.submissions import actions, keeping
from contest.submissions.models import WorkFileKind, WorkState, WorkVersion
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
    essays, shared, _about = keeping._copy(minh(world))
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
    assert works_free_to_publish([work_id]) == {work_id}
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
    assert works_free_to_publish([work_id]) == set()


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
