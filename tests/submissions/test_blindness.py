"""Nothing that tells who wrote stands in any byte that a judge can fetch."""

import json
import unicodedata
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from contest.config import PROJECT_ROOT
from contest.core.access import Permission
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import fold
from contest.submissions import actions, blind_access, queries
from contest.submissions.models import BlindCode, WorkAuthor
from contest.submissions.rules.refusals import StillScreening
from contest.submissions.rules.texts import read_html

ESSAYS = PROJECT_ROOT / "tests" / "data" / "essays"
NAMES = (
    "Bai du thi Guong sang - Nguyen Thi Thanh Mo.docx",
    "gs_khuyen_binhlang_banchinh.docx",
    "BuiNgocAnh_HPN_ThachLuu_baiduthi.pdf",
)


def expected_of(name):
    return json.loads((ESSAYS / name).with_suffix(".expected.json").read_text(encoding="utf-8"))


def hand_in_file(world, name):
    """Minh, under the name and unit of the file's author, uploads it and hands it in."""
    minh, wanted = world.cast.minh, expected_of(name)
    actor = world.actor(minh)
    public_id = world.begin(minh)
    with unit_of_work():
        work = world.work(public_id)
        author: WorkAuthor = work.authors[0]
        author.full_name, author.unit_name = wanted["author"]["name"], wanted["author"]["unit"]
        read, _saved = actions.add_document(
            work=work,
            content=(ESSAYS / name).read_bytes(),
            name=name,
            edit=0,
            actor=actor,
            now=world.now,
        )
    present = world.work(public_id).version
    draft = world.draft(
        title=present.title,
        subject_name=wanted["subject"]["name"],
        subject_unit=wanted["subject"]["unit"],
    )
    with unit_of_work():
        work = world.work(public_id)
        actions.save_draft(
            work=work,
            draft=actions.Draft(
                title=present.title,
                blocks=read_html(present.body_html),
                subject_name=draft.subject_name,
                subject_unit=draft.subject_unit,
                subject_reason=draft.subject_reason,
            ),
            edit=work.edit,
            actor=actor,
            now=world.now,
        )
    world.submit(minh, public_id)
    world.screen(public_id)
    world.codes()
    return public_id, read


def everything(work):
    """All words of the object that a judge's page gets."""
    parts = [work.title, work.subject_line, work.body_html, work.body_text, work.code]
    for file in work.files:
        parts += [file.public_id, file.kind, file.caption, file.alt]
    return unicodedata.normalize("NFC", "\n".join(parts))


@pytest.mark.parametrize("name", NAMES)
def test_the_three_essays_tell_a_judge_nothing(world, name):
    wanted = expected_of(name)
    public_id, read = hand_in_file(world, name)
    stored = world.work(public_id)
    assert stored.submitted_version is not None
    assert stored.submitted_version.word_count == wanted["word_count_body"]
    assert read.document.title == wanted["title"]
    text = stored.submitted_version.body_text
    assert len(text.split("\n")) == wanted["body_paragraphs"]
    assert text.startswith(unicodedata.normalize("NFC", wanted["body_first_words"]))
    assert text.endswith(unicodedata.normalize("NFC", wanted["body_last_words"]))

    blind = queries.blind_work(world.round_id, stored.id)
    assert blind is not None
    assert len(blind.files) == 1
    said = everything(blind).casefold()
    telling = [
        *wanted["identity_strings_never_to_judge"],
        name,
        world.cast.minh.full_name,
        stored.public_id,
    ]
    assert [each for each in telling if unicodedata.normalize("NFC", each).casefold() in said] == []
    # The person written about stays.
    assert wanted["subject"]["name"] in blind.subject_line
    # What stands in the text itself is masked, or flagged for the secretary.
    row = db.session.get(BlindCode, (world.round_id, stored.id))
    assert row is not None
    for flag in wanted["flag_in_body"]:
        found = any(each["found"] in flag for each in row.masked)
        assert found or flag.casefold() not in said


@pytest.mark.parametrize("name", NAMES)
def test_the_pictures_of_the_essays_hold_nothing_but_colours(live, signed_in, name):
    world = live
    with world.app.app_context():
        public_id, _read = hand_in_file(world, name)
        stored = world.work(public_id)
        blind = queries.blind_work(world.round_id, stored.id)
        assert blind is not None
        file_id, work_id = blind.files[0].public_id, stored.id
        hints = [*expected_of(name)["identity_strings_never_to_judge"], "GPS", "Exif"]
    hoa = signed_in(world.cast.hoa)
    assert hoa.get(f"/blind/{file_id}").status_code == 404

    def hoa_may(*, actor, work_id):
        return actor.person_id == world.cast.hoa.id and work_id == wanted_id

    wanted_id = work_id
    blind_access.register_blind_reader("test", hoa_may)
    try:
        answer = hoa.get(f"/blind/{file_id}")
        assert answer.status_code == 200
        raw = answer.data + str(answer.headers).encode()
        for hint in hints:
            for form in ("utf-8", "utf-16-le", "utf-16-be"):
                assert hint.encode(form) not in raw, hint
        assert answer.data[:3] == b"\xff\xd8\xff"
        assert signed_in(world.cast.tu).get(f"/blind/{file_id}").status_code == 404
    finally:
        blind_access._readers.pop("test")
    # The author's address of the same file is no judge's.
    assert hoa.get(f"/essays/files/{file_id}").status_code == 404
    assert signed_in(world.cast.minh).get(f"/essays/files/{file_id}").status_code == 200


def test_codes_are_unique_stay_and_wait_for_the_screening(world):
    minh = world.cast.minh
    world.configure(entries_per_author=40)
    works = [world.handed_in(minh, f"Bài thứ {number}.") for number in range(4)]
    with pytest.raises(StillScreening):
        world.codes()
    for work in works:
        world.screen(work)
    assert world.codes() == 4
    ids = [world.work(work).id for work in works]
    codes = queries.codes(world.round_id, ids)
    assert len(set(codes.values())) == 4
    assert not set("".join(codes.values())) & set("ILO01")
    assert world.codes() == 0
    world.save(minh, works[0], world.draft("Bản mới của Nguyễn Văn Minh"))
    world.submit(minh, works[0])
    world.screen(works[0])
    assert world.codes() == 1
    assert queries.codes(world.round_id, ids) == codes
    blind = queries.blind_work(world.round_id, ids[0])
    assert blind is not None
    assert blind.body_text == "Bản mới của [tên đã ẩn]"


def test_a_secretary_chooses_what_is_masked(world):
    minh = world.cast.minh
    work = world.handed_in(minh, "Minh bạch là điều chị luôn giữ. Thầy Minh ơi!")
    world.screen(work)
    world.codes()
    actor = world.actor(world.cast.lan)
    found = world.work(work)
    row = db.session.get(BlindCode, (world.round_id, found.id))
    assert row is not None
    assert [(each["found"], each["done"]) for each in row.masked] == [
        ("Minh", False),
        ("Minh", True),
    ]
    with unit_of_work():
        row = queries.blind_row(world.round_id, found.id)
        assert row is not None
        actions.set_masked(work=world.work(work), row=row, places=[0], actor=actor, now=world.now)
    blind = queries.blind_work(world.round_id, found.id)
    assert blind is not None
    assert blind.body_text == "[tên đã ẩn] bạch là điều chị luôn giữ. Thầy Minh ơi!"


def test_works_for_marking_hold_persons_and_units_for_conflicts(world):
    minh = world.cast.minh
    work = world.handed_in(minh)
    assert queries.works_for_marking(world.round_id) == []
    world.screen(work)
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        subject = actions.link_subject(
            work=world.work(work), subject=None, actor=actor, now=world.now
        )
        subject_id = subject.id
    (found,) = queries.works_for_marking(world.round_id)
    assert found.author_person_ids == {minh.id}
    assert found.author_unit_ids == {world.cast.school.id}
    assert world.cast.ward.id in found.author_unit_path_ids
    assert found.author_names_folded == {"nguyen van minh"}
    assert found.author_phones == {"+84900000003"}
    assert found.subject_ids == {subject_id}
    assert found.subject_names_folded == {"le thi nhan"}
    assert found.subject_units_folded == {"to dan pho 4"}


def test_coauthors_bring_their_unit_as_typed_and_the_contact_of_their_account(world):
    minh, tu = world.cast.minh, world.cast.tu
    public_id = world.handed_in(minh)
    world.screen(public_id)
    with unit_of_work():
        work = world.work(public_id)
        for position, name, person_id, unit_name in (
            (2, "Phạm Văn Tú", tu.id, ""),
            (3, "Lò Thị Ún", None, "Trường Tiểu học Võ Thị Sáu"),
        ):
            work.authors.append(
                WorkAuthor(
                    position=position,
                    person_id=person_id,
                    full_name=name,
                    name_folded=fold(name),
                    unit_name=unit_name,
                )
            )
    (found,) = queries.works_for_marking(world.round_id)
    assert found.author_units_folded == {"truong tieu hoc vo thi sau"}
    assert found.author_phones == {minh.phone, tu.phone} - {None}
    assert found.author_emails == {minh.email, tu.email} - {None}


def test_a_title_typed_before_a_name_hides_no_conflict(world):
    an = world.cast.an
    world.register(an)
    work = world.handed_in(an, subject_name="Đồng chí Vũ Minh Tú", subject_unit="Tổ 4")
    world.screen(work)
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        subject = actions.link_subject(
            work=world.work(work), subject=None, actor=actor, now=world.now
        )
        subject.person_id = world.cast.tu.id
    (found,) = queries.works_for_marking(world.round_id)
    assert found.subject_names_folded == {"dong chi vu minh tu", "vu minh tu"}
    assert found.subject_person_ids == {world.cast.tu.id}


def test_a_picture_taken_away_after_handing_in_stays_with_what_is_judged(world):
    minh, actor = world.cast.minh, world.actor(world.cast.minh)
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    with unit_of_work():
        picture = actions.add_picture(
            work=world.work(work),
            content=small_picture(),
            caption="Ảnh: Nguyễn Văn Minh",
            alternative_text="",
            actor=actor,
            now=world.now,
        )
        file_id = picture.public_id
    world.submit(minh, work, now=world.now + timedelta(minutes=1))
    with unit_of_work():
        found = world.work(work)
        actions.remove_file(
            work=found, file=found.files[0], actor=actor, now=world.now + timedelta(minutes=2)
        )
    world.screen(work)
    world.codes()
    blind = queries.blind_work(world.round_id, world.work(work).id)
    assert blind is not None
    assert [(file.public_id, file.caption) for file in blind.files] == [
        (file_id, "Ảnh: [tên đã ẩn]")
    ]
    # It was put nowhere into the text: judges see it below.
    assert blind.body_html.endswith(
        f'<figure><img src="/blind/{file_id}" alt="Ảnh: [tên đã ẩn]" loading="lazy">'
        "<figcaption>Ảnh: [tên đã ẩn]</figcaption></figure>"
    )


def small_picture():
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    return file.getvalue()


def test_only_a_marker_reaches_blind_files_at_all(app):
    rule = app.view_functions["submissions.blind_file"]
    assert rule.__access_mark__.permission is Permission.MARK
