"""Nothing that tells who wrote stands in any byte that a judge can fetch before the unsealing."""

import re

import pytest
from PIL import Image
from sqlalchemy import select

from contest.contests.models import Entry, Registration
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.files import StoredFile, store_file
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Juror, MarkSheet
from contest.judging.queries.rounds import round_codes
from contest.submissions.models import (
    BlindCode,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkVersion,
)
from tests.judging.conftest import AUTHORS, make_jury
from tests.judging.test_marking import judges_of
from tests.judging.test_pages import BASE, mark_fields, token_of
from tests.judging.test_queue_pages import preside

UNITS = ("Trường THCS Nguyễn Trãi", "Phường Xuân Hương", "Trường THPT Sông Trà")


def picture_with_names(tmp_path):
    """A JPEG whose metadata names its author."""
    path = tmp_path / "anh-cua-ton-nu-quynh-nhu.jpg"
    exif = Image.Exif()
    exif[0x013B] = "Ton Nu Quynh Nhu"
    Image.new("RGB", (40, 30), "green").save(path, exif=exif)
    return path.read_bytes()


@pytest.fixture
def with_picture(live, tmp_path):
    """Every work has a picture, kept under names and times that would tell."""
    clean = tmp_path / "clean.jpg"
    Image.new("RGB", (40, 30), "green").save(clean)
    with unit_of_work():
        for work_id in live.work_ids:
            original = store_file(
                picture_with_names(tmp_path),
                name=f"anh-cua-tac-gia-{work_id}.jpg",
                media_type="image/jpeg",
                actor=None,
                now=live.now,
            )
            kept = store_file(
                clean.read_bytes(),
                name=f"anh-cua-tac-gia-{work_id}.jpg",
                media_type="image/jpeg",
                actor=None,
                now=live.now,
            )
            file = WorkFile(
                work_id=work_id,
                kind=WorkFileKind.PICTURE,
                position=1,
                media_type="image/jpeg",
                original_id=original.id,
                clean_id=kept.id,
                caption="Cổng cơ quan buổi sớm",
                added_at=live.now,
            )
            db.session.add(file)
            db.session.flush()
            row = db.session.get_one(BlindCode, (live.round_id, work_id))
            row.captions = {file.public_id: ["Cổng cơ quan buổi sớm", ""]}
            row.body_html += f'<figure><img src="file:{file.public_id}" alt=""></figure>'
    return live


def secrets_of(jury):
    """Whatever would identify an author, as it stands in the database."""
    end_read()
    told = {name for name, _unit in AUTHORS} | set(UNITS) | {"tacgia", "anh-cua-tac-gia"}
    for author in db.session.scalars(select(WorkAuthor)):
        told |= {author.full_name, author.phone}
    for work in db.session.scalars(select(Work)):
        told |= {work.public_id, work.receipt_code, work.submitted_at.isoformat()[:19]}
        told |= {work.person.public_id, work.person.email, work.person.phone}
    for version in db.session.scalars(select(WorkVersion)):
        told |= {version.public_id, version.digest}
    for entry in db.session.scalars(select(Entry)):
        told |= {entry.public_id} if hasattr(entry, "public_id") else set()
    for registration in db.session.scalars(select(Registration)):
        told |= {registration.public_id, registration.code, registration.unit_path}
    for stored in db.session.scalars(select(StoredFile)):
        told |= {stored.public_id, stored.storage_key, stored.original_name, stored.sha256}
    return {each for each in told if each and each != "–"}


def bytes_of(answer):
    """Everything that left the server: head and body."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers)
    return head + "\n" + answer.get_data().decode("utf-8", "replace")


def addresses(jury, person):
    """Every page of a judge that is read."""
    round_id = jury.round.public_id
    sheets = [f"/judge/sheets/{each.public_id}" for each in jury.sheets(person)]
    return [
        "/judge",
        *(f"/judge/{round_id}?show={show}" for show in ("todo", "done", "abstained")),
        *sheets,
        *(f"{each}/abstain" for each in sheets),
    ]


def leaked(said, told):
    return sorted(each for each in told if each in said)


def test_no_page_picture_or_answer_of_a_judge_names_an_author(with_picture, signed_in):
    jury = with_picture
    told = secrets_of(jury)
    hoa = signed_in(jury.cast.hoa)
    pictures = set()
    for address in addresses(jury, jury.cast.hoa):
        answer = hoa.get(address)
        assert answer.status_code == 200, address
        said = bytes_of(answer)
        assert leaked(said, told) == [], address
        pictures |= set(re.findall(r'src="(/blind/[^"]+)"', said))
    assert len(pictures) == len(jury.sheets(jury.cast.hoa))
    for address in pictures:
        answer = hoa.get(address)
        assert answer.status_code == 200
        assert leaked(bytes_of(answer), told) == []
        assert "Last-Modified" not in answer.headers


def test_no_answer_to_a_change_names_an_author(with_picture, signed_in):
    jury = with_picture
    told = secrets_of(jury)
    hoa = signed_in(jury.cast.hoa)
    first, second = (f"/judge/sheets/{each.public_id}" for each in jury.sheets(jury.cast.hoa)[:2])
    page = hoa.get(first).get_data(as_text=True)
    fields = mark_fields(page)
    data = {"csrf_token": token_of(page), "edit": "0", "comment": "Ấm", "go": "stay"}
    answers = [
        hoa.post(first, data=data | {fields[0]: "1"}, headers={"Accept": "application/json"}),
        hoa.post(first, data=data | {fields[0]: "2"}, headers={"Accept": "application/json"}),
        hoa.post(first, data=data | {fields[0]: "2"}),
        hoa.post(first, data=data | {fields[0]: "99", "edit": "1"}),
        hoa.post(f"{first}/notes", data=data | {"passage": "0-4", "body": "Hay", "criterion": ""}),
        hoa.post(f"{second}/abstain", data=data | {"reason": "Quen tác giả"}),
        hoa.get(first),
        hoa.get(second),
    ]
    assert [each.status_code for each in answers] == [200, 409, 409, 422, 302, 302, 200, 404]
    for answer in answers:
        assert leaked(bytes_of(answer), told) == []


def test_the_chief_judges_pages_name_no_author(with_picture, signed_in):
    jury = with_picture
    told = secrets_of(jury)
    address = preside(jury, jury.cast.hoa)
    for person, total in zip(judges_of(jury, jury.work_ids[3]), ("7", "8"), strict=True):
        jury.finish(person, jury.work_ids[3], total)
    end_read()
    code = round_codes(jury.round_id)[jury.work_ids[3]]
    open_code = round_codes(jury.round_id)[jury.work_ids[2]]
    seats = {each.person_id: each.public_id for each in db.session.query(Juror)}
    hoa = signed_in(jury.cast.hoa)
    for page in (
        "",
        "/open",
        f"/works/{code}",
        f"/works/{open_code}/fewer-marks",
        f"/move?from={seats[jury.cast.tu.id]}&to={seats[jury.cast.cuc.id]}&count=9",
    ):
        answer = hoa.get(address + page)
        assert answer.status_code == 200, page
        assert leaked(bytes_of(answer), told) == [], page


def test_the_page_of_conflicts_is_the_same_whoever_wrote(with_picture, signed_in):
    """It lists all units to choose from; nothing on it comes from the works."""
    jury = with_picture
    hoa = signed_in(jury.cast.hoa)
    address = f"/judge/{jury.round.public_id}/conflicts"
    said = bytes_of(hoa.get(address))
    told = {each for each in secrets_of(jury) if " › " not in each} - set(UNITS)
    assert leaked(said, told) == []


def test_pages_of_organisers_are_closed_to_judges(with_picture, signed_in):
    hoa = signed_in(with_picture.cast.hoa)
    for page in ("marking", "marking/open", "marking/move", "jury", "jury/lists", "assignment"):
        assert hoa.get(f"{BASE}/{page}").status_code == 403


def test_the_order_of_works_tells_nothing(context, app, cast):
    """Each judge has an order of their own that is neither that of entries nor that of codes."""
    made = make_jury(app, cast, utc_now(), works=12)
    for person in (cast.hoa, cast.tu, cast.cuc):
        made.seat(person)
    made.assign()
    orders = {}
    for person in (cast.hoa, cast.tu, cast.cuc):
        orders[person.id] = [each.work_id for each in made.sheets(person)]
    end_read()
    codes = round_codes(made.round_id)
    for order in orders.values():
        assert order != sorted(order)
        assert order != sorted(order, reverse=True)
        assert order != sorted(order, key=lambda work: codes[work])
    both = [
        [work for work in orders[one] if work in orders[other]]
        == [work for work in orders[other] if work in orders[one]]
        for one in orders
        for other in orders
        if one < other
    ]
    assert not all(both)
    # Codes do not follow the works either: sorted by key they are in no order.
    by_key = [codes[work] for work in sorted(codes)]
    assert by_key not in (sorted(by_key), sorted(by_key, reverse=True))
    assert db.session.query(MarkSheet).count() == 24
