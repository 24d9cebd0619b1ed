"""Entry forms: templates, fields, what may still change, and what reaches judges of them."""

from decimal import Decimal
from typing import Any

import pytest

from contest.contests.models import Round, Stage
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.models import BlindCode, EssayRound, FieldSort, WorkFileKind
from contest.submissions.rules.answers import (
    clean_answer,
    fault_of,
    main_html,
    missing_in,
    read_number,
    shown_answer,
)
from contest.submissions.rules.entry_forms import Field, entry_form, takes_away
from contest.submissions.rules.refusals import (
    FieldNeeded,
    FormClosed,
    FormInUse,
    NotComplete,
    TooManyFiles,
)
from tests.submissions.conftest import WORDS, World
from tests.submissions.test_files import picture as draw_picture

PICTURE = draw_picture()
SHORT = Field("f1", FieldSort.TEXT, "Tên", most=3)


def test_a_round_without_fields_of_its_own_asks_for_an_essay():
    essay = EssayRound(
        min_words=0,
        max_words=1200,
        max_pictures=5,
        document_allowed=True,
        subject_required=True,
        coauthors_allowed=False,
    )
    form = entry_form(essay)
    assert [field.key for field in form.fields] == [
        "title", "body", "subject", "pictures", "document",
    ]  # fmt: skip
    assert (form["body"].most, form["subject"].required, form["document"].shown) == (
        1200,
        True,
        False,
    )
    assert not form.is_own


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.800", Decimal(1800)),
        ("1 800", Decimal(1800)),
        ("2,5", Decimal("2.5")),
        ("1.5", Decimal("1.5")),
        ("1.234.567,25", Decimal("1234567.25")),
        ("-3", Decimal(-3)),
        ("12 người", None),
        ("1e9", None),
        ("9" * 30, None),
    ],
)
def test_numbers_are_read_as_people_here_write_them(typed, number):
    assert read_number(typed) == number


def test_an_answer_is_kept_in_one_form_and_read_again_as_the_same():
    count = Field("f1", FieldSort.NUMBER, "Số hộ")
    for typed in ("1.800", "1,567", "0,5", "1234567"):
        kept = clean_answer(count, typed)
        assert read_number(kept) == read_number(typed)
    assert shown_answer(count, "1800") == "1.800"
    day = Field("f2", FieldSort.DATE, "Từ ngày")
    assert clean_answer(day, "3/2/2025") == "2025-02-03"
    assert shown_answer(day, "2025-02-03") == "03/02/2025"
    # What cannot be understood stays as typed, and is said at the field.
    assert clean_answer(day, "mùa xuân") == "mùa xuân"
    assert fault_of(day, "mùa xuân").code == "field_wrong"


@pytest.mark.parametrize(
    ("field", "answer", "code"),
    [
        (SHORT, "một hai ba", None),
        (SHORT, "một hai ba bốn", "field_wrong"),
        (Field("f", FieldSort.TEXT, "Tên", required=True), "", "field_empty"),
        (Field("f", FieldSort.NUMBER, "Số", least=1, most=10), "10", None),
        (Field("f", FieldSort.NUMBER, "Số", least=1, most=10), "11", "field_wrong"),
        (Field("f", FieldSort.NUMBER, "Số", least=1, most=10), "0", "field_wrong"),
        (Field("f", FieldSort.CHOICE, "Chọn", options=("A", "B")), "C", "field_wrong"),
    ],
)
def test_faults_of_a_field(field, answer, code):
    found = fault_of(field, answer)
    assert (found.code if found else None) == code


def test_what_takes_something_from_those_who_write():
    choice = Field("f", FieldSort.CHOICE, "Lĩnh vực", options=("A", "B"))

    def after(**values: object) -> bool:
        fields = {name: getattr(choice, name) for name in Field.__dataclass_fields__}
        return takes_away(choice, Field(**{**fields, **values}))

    assert not after(label="Ngành", hint="Chọn một", options=("A", "B", "C"))
    assert after(options=("A",))
    assert after(required=True)
    assert after(shown=False)
    assert takes_away(SHORT, Field("f1", FieldSort.TEXT, "Tên", most=2))
    assert not takes_away(SHORT, Field("f1", FieldSort.TEXT, "Tên", most=4))
    assert not takes_away(SHORT, Field("f1", FieldSort.TEXT, "Tên"))


def take(world: World, template: str) -> None:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        actions.take_template(
            contest_round=world.round, template=template, actor=actor, now=world.now
        )


def form_of(world: World):
    essay = queries.essay_round(world.round_id)
    assert essay is not None
    return entry_form(essay)


def by_label(world: World, label: str) -> Field:
    return next(field for field in form_of(world).fields if field.label == label)


MODEL = {
    "Lĩnh vực": "Kinh tế",
    "Thực hiện từ ngày": "15/3/2022",
    "Số người được hưởng lợi": "1.800",
    "Kết quả": "Đường làng sạch, 120 hộ thoát nghèo.",
    "Người liên hệ về mô hình": "Nguyễn Văn Khuất, 0912 345 678",
}


def model_answers(world: World, **others: str) -> dict[str, str]:
    form = form_of(world)
    said = {**MODEL, **others}
    return {field.key: said[field.label] for field in form.further if field.label in said}


def test_a_model_with_every_field_reaches_the_judges_without_what_is_private(world: World):
    take(world, "model")
    minh = world.cast.minh
    work = world.begin(minh)
    draft = world.draft(
        "Mỗi tuần dọn đường. Hỏi ông Nguyễn Văn Khuất để biết thêm.",
        title="Tuyến đường tự quản",
        subject_name="",
        subject_unit="",
        subject_reason="",
        answers=model_answers(world),
    )
    world.save(minh, work, draft)
    world.submit(minh, work)
    version = world.work(work).submitted_version
    assert version.body_text.split("\n") == [
        "Lĩnh vực: Kinh tế",
        "Thực hiện từ ngày: 15/03/2022",
        "Số người được hưởng lợi: 1.800",
        "Cách làm",
        "Mỗi tuần dọn đường. Hỏi ông Nguyễn Văn Khuất để biết thêm.",
        "Kết quả",
        "Đường làng sạch, 120 hộ thoát nghèo.",
    ]
    assert main_html(version).startswith("<p>Mỗi tuần")
    assert list(version.private_answers.values()) == [MODEL["Người liên hệ về mô hình"]]
    world.screen(work)
    world.codes()
    row = db.session.query(BlindCode).one()
    blind = queries.blind_work(world.round_id, row.work_id)
    seen = f"{blind.title} {blind.subject_line} {blind.body_html} {blind.body_text}"
    assert "Đường làng sạch" in seen
    assert "0912" not in seen
    # The private field names a person: the text that repeats the name is masked.
    assert "Khuất" not in seen


def test_what_is_missing_is_said_field_by_field(world: World):
    take(world, "project")
    work = world.begin(world.cast.minh)
    world.save(world.cast.minh, work, world.draft(answers={}))
    found = world.work(work)
    essay = queries.essay_round(world.round_id)
    missing = missing_in(essay, entry_form(essay), found, found.version)
    assert {each.words for each in missing} == {
        "Chưa điền “Nhóm công trình”.",
        "Chưa điền “Mục tiêu”.",
        "Chưa điền “Lộ trình”.",
        "Chưa điền “Tiêu chí”.",
        "Chưa điền “Hoàn thành trước ngày”.",
    }
    with pytest.raises(NotComplete):
        world.submit(world.cast.minh, work)


def test_a_form_in_use_keeps_what_was_announced(world: World):
    take(world, "model")
    world.begin(world.cast.minh)
    actor = world.actor(world.cast.lan)
    area = by_label(world, "Lĩnh vực")
    common: dict[str, Any] = {"actor": actor, "now": world.now}

    def refused(act, kind=FormInUse, **values: object) -> None:
        with pytest.raises(kind), unit_of_work():
            act(contest_round=world.round, **common, **values)

    refused(actions.take_template, template="essay")
    refused(actions.remove_field, key=area.key)
    refused(actions.remove_field, FieldNeeded, key="title")
    hidden = Field(area.key, area.sort, area.label, shown=False, options=area.options)
    refused(actions.edit_field, key=area.key, field=hidden)
    needed = Field("", FieldSort.TEXT, "Thêm", required=True)
    refused(actions.add_field, field=needed)
    with unit_of_work():
        more = (*area.options, "Khác")
        actions.edit_field(
            key=area.key,
            field=Field(area.key, area.sort, "Ngành", required=True, options=more),
            contest_round=world.round,
            **common,
        )
        actions.add_field(
            contest_round=world.round, field=Field("", FieldSort.TEXT, "Thêm"), **common
        )
        actions.move_field(contest_round=world.round, key="title", by=1, **common)
    assert by_label(world, "Ngành").options[-1] == "Khác"
    assert [field.label for field in form_of(world).fields][:2] == ["Ngành", "Tên mô hình"]
    world.set_round(stage=Stage.CLOSED)
    refused(actions.move_field, FormClosed, key="title", by=1)


def test_files_of_fields_have_limits_and_a_receipt(world: World):
    take(world, "model")
    minh, field = world.cast.minh, by_label(world, "Hình ảnh của mô hình")
    work = world.begin(minh)
    answers = model_answers(world)
    world.save(minh, work, world.draft(answers=answers))
    actor = world.actor(minh)

    def add(key: str) -> None:
        with unit_of_work():
            actions.add_field_file(
                work=world.work(work),
                key=key,
                content=PICTURE,
                name="Minh.jpg",
                caption="Đường mới",
                alternative_text="",
                actor=actor,
                now=world.now,
            )

    for _each in range(8):
        add(field.key)
    with pytest.raises(TooManyFiles):
        add(field.key)
    db.session.rollback()
    found = world.work(work)
    assert [file.kind for file in found.files] == [WorkFileKind.PICTURE] * 8
    assert found.version.body_html.count("<figure>") == 8
    world.submit(minh, work)
    before = world.work(work).receipt_digest
    with unit_of_work():
        live = world.work(work)
        actions.remove_file(work=live, file=live.files[0], actor=actor, now=world.now)
    assert world.work(work).version.body_html.count("<figure>") == 7
    world.submit(minh, work)
    assert world.work(work).receipt_digest != before


def test_a_hidden_picture_is_fetched_by_no_judge(world: World):
    take(world, "essay")
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        form = actions.add_field(
            contest_round=world.round,
            field=Field("", FieldSort.PICTURE, "Ảnh thẻ", shown=False, most=1),
            actor=actor,
            now=world.now,
        )
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    with unit_of_work():
        file = actions.add_field_file(
            work=world.work(work),
            key=form.fields[-1].key,
            content=PICTURE,
            name="the.jpg",
            caption="Nguyễn Văn Minh",
            alternative_text="",
            actor=world.actor(minh),
            now=world.now,
        )
        file_id = file.public_id
    assert world.work(work).version.body_text == WORDS
    world.submit(minh, work)
    world.screen(work)
    world.codes()
    row = db.session.query(BlindCode).one()
    assert queries.blind_file(file_id) is None
    assert file_id not in row.body_html + str(row.captions)


def test_a_copied_round_takes_its_form_along(world: World):
    take(world, "project")
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        from_round = world.round
        target = Round(
            contest_id=from_round.contest_id,
            number=2,
            title="Vòng hai",
            kind=from_round.kind,
            stage=Stage.PLANNED,
        )
        db.session.add(target)
        db.session.flush()
        actions.copy_settings(source=from_round, target=target, actor=lan, now=world.now)
        target_id = target.id
    copied = entry_form(queries.essay_round(target_id))
    assert copied.fields == form_of(world).fields


def test_an_older_version_comes_back_with_all_its_fields(world: World):
    take(world, "model")
    minh = world.cast.minh
    work = world.begin(minh)
    first = world.draft(answers=model_answers(world))
    world.save(minh, work, first)
    world.save(
        minh, work, world.draft("Khác", answers=model_answers(world, **{"Kết quả": "Khác hẳn"}))
    )
    actor = world.actor(minh)
    with unit_of_work():
        live = world.work(work)
        actions.restore_version(
            work=live,
            version=queries.version_of(live.id, 1),
            edit=live.edit,
            actor=actor,
            now=world.now,
        )
    numbered = {version.number: version for version in queries.versions_of(world.work(work).id)}
    one, three = numbered[1], numbered[3]
    assert (three.digest, three.answers, three.body_html) == (
        one.digest,
        one.answers,
        one.body_html,
    )


@pytest.mark.parametrize(
    ("template", "begin", "untitled", "own"),
    [
        ("essay", "Viết bài dự thi", "Bài dự thi mới", "Bài dự thi của tôi"),
        ("project", "Lập hồ sơ dự thi", "Hồ sơ mới", "Hồ sơ của tôi"),
        ("model", "Lập hồ sơ dự thi", "Hồ sơ mới", "Hồ sơ của tôi"),
    ],
)
def test_pages_call_a_work_what_its_form_makes_of_it(
    live: World, signed_in, template, begin, untitled, own
):
    with live.app.app_context():
        take(live, template)
    minh = signed_in(live.cast.minh)
    home = f"/contests/{live.slug}/rounds/1/essays"
    page = minh.page(home)
    assert own in page.text
    assert begin in page.text
    begun = minh.submit(home, {}, action=home)
    written = minh.page(begun.location)
    assert untitled in written.text
    assert own in written.text
    assert ("bài viết" in written.text.lower()) <= (template == "essay")
