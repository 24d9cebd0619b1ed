"""A field that judges were shown by mistake is hidden again, once people have written in it."""

import pytest

from contest.contests.models import Stage
from contest.core.db import db
from contest.core.jobs import JobRun
from contest.core.transactions import end_read, unit_of_work
from contest.judging.queries.rounds import round_codes
from contest.submissions import actions, queries
from contest.submissions.actions import hiding
from contest.submissions.models import BlindCode, FieldSort, FormField, Screening, WorkVersion
from contest.submissions.queries.hiding import rounds_with_copies, works_still_showing
from contest.submissions.rules.entry_forms import Field
from contest.submissions.rules.passages import moved_range
from contest.submissions.rules.refusals import FormInUse, HidingUnexplained, NotToHide
from contest.submissions.tasks import hide_field_job
from tests.submissions.conftest import WORDS, World
from tests.submissions.test_entry_forms import by_label, form_of, model_answers, take
from tests.submissions.test_verdicts import compare, decide, pair
from tests.support.cast import sign_in_as

WRONG = "Số người được hưởng lợi"
RESULT = "Kết quả"


def written(world: World, *people) -> list[str]:
    """Models handed in, screened and given their codes."""
    found = []
    for person in people:
        work = world.begin(person)
        draft = world.draft(
            "Mỗi tuần dọn đường.", subject_name="", subject_unit="", subject_reason="",
            answers=model_answers(world),
        )  # fmt: skip
        world.save(person, work, draft)
        world.submit(person, work)
        world.screen(work)
        found.append(work)
    world.codes()
    return found


def hide(world: World, label: str, reason: str = "Lỡ tay đánh dấu") -> int:
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        return actions.hide_field(
            contest_round=world.round,
            key=by_label(world, label).key,
            reason=reason,
            title="Ẩn mục",
            actor=actor,
            now=world.now,
        )


def read_by_judges(world: World, public_id: str) -> str:
    end_read()
    blind = queries.blind_work(world.round_id, world.work(public_id).id)
    assert blind is not None
    return f"{blind.title}|{blind.subject_line}|{blind.body_html}|{blind.body_text}"


@pytest.mark.parametrize(
    ("start", "end", "moved"),
    [(0, 3, (0, 3)), (13, 16, (4, 7)), (4, 9, (4, 5)), (2, 8, (2, 4)), (6, 15, (4, 6))],
)
def test_a_passage_keeps_its_place_when_a_part_before_it_goes(start, end, moved):
    before, after = "một [hai ba] bốn", "một bốn"
    assert before[13:16] == "bốn"
    assert moved_range(start, end, before, after) == moved


def test_judges_no_longer_read_it_in_what_was_handed_in(world: World):
    take(world, "model")
    (work,) = written(world, world.cast.minh)
    assert "1.800" in read_by_judges(world, work)
    receipt, before = world.work(work).receipt_digest, world.work(work).edit
    assert hide(world, RESULT) == 0
    assert hide(world, WRONG) == 0
    said = read_by_judges(world, work)
    assert "1.800" not in said
    assert "120 hộ" not in said
    assert "Mỗi tuần dọn đường." in said
    found = world.work(work)
    # Who wrote it and the secretary still have it; the receipt holds, an open page can be saved.
    private = found.submitted_version.private_answers
    assert private[by_label(world, RESULT).key].startswith("Đường làng sạch")
    assert (found.receipt_digest, found.edit) == (receipt, before)
    assert found.version_id == found.submitted_version_id
    # What was decided about the work holds, and its code stays.
    decided = db.session.query(Screening).filter_by(is_current=True).one()
    assert decided.version_id == found.submitted_version_id
    assert db.session.query(BlindCode).one().version_id == found.submitted_version_id
    assert db.session.query(WorkVersion).count() == 3


def test_it_is_a_decision_with_a_reason_and_no_way_back(world: World):
    take(world, "model")
    written(world, world.cast.minh)
    with pytest.raises(HidingUnexplained):
        hide(world, WRONG, " ")
    for label in ("Cách làm", "Người liên hệ về mô hình"):
        with pytest.raises(NotToHide):
            hide(world, label)
    hide(world, WRONG)
    with pytest.raises(NotToHide):
        hide(world, WRONG)
    row = db.session.query(FormField).filter_by(key=by_label(world, WRONG).key).one()
    assert (row.hidden_reason, row.hidden_by_id) == ("Lỡ tay đánh dấu", world.cast.lan.id)
    actor = world.actor(world.cast.lan)
    shown = Field(row.key, FieldSort.NUMBER, WRONG, required=True, least=1, most=100_000_000)
    with pytest.raises(FormInUse), unit_of_work():
        actions.edit_field(
            contest_round=world.round, key=row.key, field=shown, actor=actor, now=world.now
        )


def test_a_draft_that_was_saved_before_is_handed_in_without_it(world: World):
    take(world, "model")
    work = world.begin(world.cast.minh)
    draft = world.draft("Mỗi tuần dọn đường.", answers=model_answers(world), subject_name="")
    world.save(world.cast.minh, work, draft)
    hide(world, WRONG)
    world.submit(world.cast.minh, work)
    world.screen(work)
    world.codes()
    assert "1.800" not in read_by_judges(world, work)


def test_the_person_written_about_can_be_hidden_in_an_essay(world: World):
    work = world.handed_in(world.cast.minh)
    world.screen(work)
    world.codes()
    assert "Lê Thị Nhạn" in read_by_judges(world, work)
    label = next(each.label for each in form_of(world).fields if each.key == "subject")
    hide(world, label)
    assert "Lê Thị Nhạn" not in read_by_judges(world, work)
    assert world.work(work).submitted_version.subject_name == "Lê Thị Nhạn"


def test_many_works_are_changed_by_a_job(world: World, monkeypatch):
    take(world, "model")
    world.register(world.cast.an)
    first, second = written(world, world.cast.minh, world.cast.an)
    monkeypatch.setattr(hiding, "AT_ONCE", 1)
    assert hide(world, WRONG) == 2
    assert "1.800" in read_by_judges(world, first)
    end_read()
    payload = {"round_id": world.round_id, "actor_id": world.cast.lan.id}
    hide_field_job(JobRun(0, payload, None, world.now))
    for each in (first, second):
        assert "1.800" not in read_by_judges(world, each)
    assert works_still_showing(rounds_with_copies(world.round)) == []
    end_read()
    assert hide_field_job(JobRun(0, payload, None, world.now))["lines"] == ["Đã cập nhật 0 bài"]


def test_the_page_says_what_comes_of_it_and_asks_why(live, new_client):
    with live.app.app_context():
        take(live, "model")
        written(live, live.cast.minh)
        field = by_label(live, WRONG)
        live.set_round(stage=Stage.MARKING)
        code = next(iter(round_codes(live.round_id).values()))
    lan = new_client()
    sign_in_as(lan, live.cast.lan)
    base = f"/organise/contests/{live.slug}/rounds/1/form"
    page = lan.page(f"{base}/fields/{field.key}")
    assert page.all("//h:input[@name='shown']") == []
    assert page.all(f"//h:a[@href='{base}/fields/{field.key}/hide']")
    address = f"{base}/fields/{field.key}/hide"
    page = lan.page(address)
    assert "1 bài có nội dung ở mục này" in page.text
    assert "Giám khảo có thể đã đọc" in page.text
    assert code not in page.text
    assert lan.submit(address, {"reason": ""}, action=address).status_code == 422
    assert lan.submit(address, {"reason": "Lỡ tay"}, action=address).status_code == 302
    assert "Lỡ tay" in lan.page(base).text
    assert lan.get(address).status_code == 404
    hoa = new_client()
    sign_in_as(hoa, live.cast.hoa)
    assert hoa.get(address).status_code == 403


def compared_and_judged(world: World, *answers: dict[str, str]) -> list[str]:
    """Models of Minh and An that share passages; Lan judges that both quote."""
    world.register(world.cast.an)
    works = []
    for person, each in zip((world.cast.minh, world.cast.an), answers, strict=True):
        work = world.begin(person)
        text = f"{person.full_name} kể: {WORDS}"
        draft = world.draft(text, answers=model_answers(world, **each), subject_name="")
        world.save(person, work, draft)
        world.submit(person, work)
        works.append(work)
    compare(world)
    decide(world, "quoted")
    return works


def test_a_verdict_on_shared_passages_stays_when_another_field_is_hidden(world: World):
    take(world, "model")
    compared_and_judged(world, {}, {})
    before = len(pair().spans)
    hide(world, WRONG)
    compare(world)
    assert (pair().verdict, pair().decided_by_id) == ("quoted", world.cast.lan.id)
    assert len(pair().spans) == before
    for version, at in ((pair().version_a, 0), (pair().version_b, 2)):
        assert "1.800" not in version.body_text
        assert version.body_text[pair().spans[0][at] : pair().spans[0][at + 1]].strip()


def test_a_verdict_waits_again_where_the_passage_stood_in_the_hidden_field(world: World):
    take(world, "model")
    alike = (
        "Cả xóm cùng nhau đổ bê tông hơn hai cây số đường, ai có công góp công, ai có của góp của"
    )
    people = ("Mười hai hộ dân đầu làng", "Ba trăm cụ già neo đơn của toàn phường Lâm Sơn")
    answers = [{RESULT: f"{who}. {alike}."} for who in people]
    compared_and_judged(world, *answers)
    assert len(pair().spans) > 1
    hide(world, RESULT)
    compare(world)
    assert (pair().verdict, pair().verdict_note) == ("", "Cùng trích lời Bác")
