"""What secretaries wrote about essays, when their author asks for a copy or is erased."""

from datetime import datetime, timedelta

from sqlalchemy import select

from contest.accounts.actions import subject_requests as requests
from contest.accounts.models import Person
from contest.config import RETENTION_DAYS
from contest.contests.models import Stage
from contest.core.db import db
from contest.core.retention import run_retention
from contest.core.transactions import unit_of_work
from contest.submissions import actions
from contest.submissions.actions.subject_records import erase_subject
from contest.submissions.models import (
    BlindCode,
    NearDuplicate,
    Screening,
    ScreeningOutcome,
    Subject,
)
from tests.submissions.conftest import WORDS, World
from tests.submissions.test_personal_data import erase, late_code_for, minh, sections

NOTE = "Anh Minh chép lại bài của chị Vân năm ngoái"
TOLD = f"{WORDS}. Tôi là Nguyễn Văn Minh, điện thoại 0912 345 678."


def remarked(world: World, text: str = WORDS) -> str:
    """Minh's essay sent back with a note, handed in again, passed; a pair with An's is judged."""
    public_id = world.handed_in(world.cast.minh, text)
    world.screen(public_id, ScreeningOutcome.RETURNED, NOTE)
    world.submit(world.cast.minh, public_id)
    world.screen(public_id)
    world.register(world.cast.an)
    other = world.handed_in(world.cast.an)
    world.screen(other, note="Bài của chị An")
    world.codes()
    with unit_of_work():
        db.session.add(
            NearDuplicate(
                round_id=world.round_id,
                work_a_id=world.work(public_id).id,
                work_b_id=world.work(other).id,
                version_a_id=world.work(public_id).submitted_version_id,
                version_b_id=world.work(other).submitted_version_id,
                share_a=9000,
                share_b=9000,
                spans=[],
                found_at=world.now,
                verdict="copied",
                verdict_note=NOTE,
            )
        )
    return public_id


def notes(world: World) -> list[str]:
    return [
        *db.session.scalars(select(Screening.note).order_by(Screening.id)),
        *db.session.scalars(select(NearDuplicate.verdict_note)),
    ]


def test_the_copy_holds_what_the_screening_told_the_author(world: World) -> None:
    remarked(world)
    first, second = sections(minh(world))["screening"]
    assert (first["outcome"], first["note"]) == ("Trả lại tác giả để sửa", NOTE)
    assert (second["outcome"], second["note"]) == ("Chuyển giám khảo chấm", None)
    assert world.cast.lan.full_name not in repr(first)
    assert NOTE not in repr(sections(db.session.get_one(Person, world.cast.an.id)))


def test_an_erasure_takes_remarks_about_the_essay_and_no_others(world: World) -> None:
    remarked(world)
    world.set_round(stage=Stage.PUBLISHED)
    erase(world)
    assert notes(world) == ["", "", "Bài của chị An", ""]
    [verdict] = db.session.scalars(select(NearDuplicate.verdict))
    assert verdict == "copied"


def test_what_was_marked_stays_as_judges_read_it(world: World) -> None:
    """The name that the author wrote into the text goes with the one in the list of authors."""
    public_id = remarked(world, TOLD)
    work = world.work(public_id)
    code = db.session.get_one(BlindCode, (world.round_id, work.id))
    read, found = code.body_text, [each["found"] for each in code.masked]
    assert "Nguyễn Văn Minh" in work.submitted_version.body_text
    assert any("Minh" in each for each in found)
    world.set_round(stage=Stage.PUBLISHED)
    erase(world)
    db.session.expire_all()
    version = world.work(public_id).submitted_version
    assert version.body_text == read
    assert "quét sân trường" in version.body_text
    code = db.session.get_one(BlindCode, (world.round_id, work.id))
    kept = [version.body_html, version.search_folded, *map(str, code.masked), str(version.answers)]
    assert not [each for each in kept if "Minh" in each or "0912" in each]


def test_a_co_authors_name_goes_from_the_list_of_what_was_hidden(world: World) -> None:
    public_id = world.begin(world.cast.minh)
    actor = world.actor(world.cast.minh)
    with unit_of_work():
        work = world.work(public_id)
        work.authors.append(
            type(work.authors[0])(
                position=2,
                person_id=world.cast.an.id,
                full_name=world.cast.an.full_name,
                name_folded=world.cast.an.name_folded,
            )
        )
        draft = world.draft(f"{WORDS}. {world.cast.an.full_name} và Nguyễn Văn Minh cùng viết.")
        actions.save_draft(work=work, draft=draft, edit=work.edit, actor=actor, now=world.now)
    world.submit(world.cast.minh, public_id)
    world.screen(public_id)
    world.codes()
    world.set_round(stage=Stage.PUBLISHED)
    admin = world.actor(world.cast.admin)
    with unit_of_work():
        an = db.session.get_one(Person, world.cast.an.id)
        requests.erase_person(person=an, actor=admin, now=world.now)
    masked = db.session.get_one(BlindCode, (world.round_id, world.work(public_id).id)).masked
    assert sorted(each["found"] for each in masked) == ["", "Nguyễn Văn Minh"]


def test_a_person_written_about_takes_the_remarks_on_their_essays_too(world: World) -> None:
    public_id = remarked(world)
    lan = world.actor(world.cast.lan)
    with unit_of_work():
        actions.link_subject(work=world.work(public_id), subject=None, actor=lan, now=world.now)
    with unit_of_work():
        subject = db.session.scalars(select(Subject)).one()
        erase_subject(subject=subject, actor=lan, now=world.now)
    assert notes(world) == ["", "", "Bài của chị An", ""]


def test_remarks_and_reasons_go_a_year_after_the_close(world: World) -> None:
    public_id = remarked(world)
    late_code_for(world, world.cast.minh)
    days = timedelta(days=RETENTION_DAYS["screening_remarks"])
    with unit_of_work():
        world.work(public_id).late_reason = "Nằm viện"
    world.set_round(stage=Stage.PUBLISHED, closed_at=world.now)

    def forgotten(at: datetime) -> dict[str, int]:
        db.session.rollback()
        lines = {each.code: each.found for each in run_retention(now=at, dry_run=False)}
        return {code: lines[code] for code in ("screening_remarks", "late_reasons")}

    before = world.now + days - timedelta(microseconds=1)
    assert forgotten(before) == {"screening_remarks": 0, "late_reasons": 0}
    assert forgotten(world.now + days) == {"screening_remarks": 2, "late_reasons": 1}
    assert notes(world) == ["", "", "", ""]
    assert world.work(public_id).late_reason == ""
    assert forgotten(world.now + days) == {"screening_remarks": 0, "late_reasons": 0}
