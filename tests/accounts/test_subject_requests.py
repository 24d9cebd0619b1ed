"""Requests about one's own data: filed, due, answered; copies and erasure."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from contest.accounts import queries
from contest.accounts.actions import create_person, record_consent
from contest.accounts.actions import subject_requests as actions
from contest.accounts.actions.duplicates import merge_people
from contest.accounts.actions.people import set_disabled
from contest.accounts.models import (
    ConsentPurpose,
    Grant,
    OneTimeCode,
    Person,
    RequestKind,
    RequestState,
    SignIn,
    SubjectRequest,
)
from contest.accounts.personal_data import ERASED_NAME
from contest.accounts.queries import subject_requests as request_queries
from contest.accounts.refusals import (
    AlreadyEnded,
    AskedAlready,
    CannotErase,
    EnoughCopies,
    RequestSettled,
)
from contest.accounts.rules.subject_requests import (
    confirm_due,
    finish_due,
    is_overdue,
    is_working_day,
    last_day,
)
from contest.contests.models import Entry, Registration, Stage
from contest.core import audit, jobs
from contest.core.clock import utc_now
from contest.core.db import Base, db
from contest.core.mail import Mail
from contest.core.transactions import unit_of_work
from contest.demo import seed as demo_seed
from contest.results.models import PrizeAward
from tests.support.cast import Cast, actor_of
from tests.support.pages import CheckingClient

SignedIn = Callable[[Person], CheckingClient]
QUEUE = "/subject-requests"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# ── when it is due ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("filed", "confirm", "finish"),
    [
        ("2026-11-23T09:00+07:00", date(2026, 11, 25), date(2026, 12, 8)),
        ("2026-11-26T09:00+07:00", date(2026, 11, 30), date(2026, 12, 11)),  # over a weekend
        ("2026-11-28T09:00+07:00", date(2026, 12, 1), date(2026, 12, 13)),  # on a Saturday
        ("2026-04-24T09:00+07:00", date(2026, 4, 29), date(2026, 5, 9)),  # Giỗ Tổ
        ("2026-04-29T09:00+07:00", date(2026, 5, 5), date(2026, 5, 14)),  # 30/4, 1/5, a weekend
        ("2026-02-13T09:00+07:00", date(2026, 2, 24), date(2026, 2, 28)),  # Tết
        ("2026-12-31T16:59:59.999+00:00", date(2027, 1, 5), date(2027, 1, 15)),  # still 31/12
        ("2026-12-31T17:00:00+00:00", date(2027, 1, 5), date(2027, 1, 16)),  # 1/1 in Việt Nam
    ],
)
def test_due_days(filed: str, confirm: date, finish: date) -> None:
    assert last_day(confirm_due(at(filed))) == confirm
    assert last_day(finish_due(at(filed))) == finish


def test_a_day_is_in_time_until_its_end_in_viet_nam() -> None:
    filed = at("2026-11-23T09:00+07:00")
    assert confirm_due(filed) == at("2026-11-26T00:00+07:00")
    due = {"confirm_due_at": confirm_due(filed), "finish_due_at": finish_due(filed)}
    just = timedelta(microseconds=1)
    late = [
        is_overdue(state, now=moment, **due)
        for state, moment in (
            (RequestState.RECEIVED, confirm_due(filed) - just),
            (RequestState.RECEIVED, confirm_due(filed)),
            (RequestState.CONFIRMED, finish_due(filed) - just),
            (RequestState.CONFIRMED, finish_due(filed)),
            (RequestState.DONE, finish_due(filed) + timedelta(days=9)),
        )
    ]
    assert late == [False, True, False, True, False]


def test_weekends_and_holidays_are_no_working_days() -> None:
    off = ["2026-11-22", "2026-01-01", "2026-04-30", "2026-05-01", "2026-09-02", "2027-02-08"]
    assert [is_working_day(date.fromisoformat(day)) for day in off] == [False] * len(off)
    assert is_working_day(date(2026, 11, 23))


# ── a request and its answer ───────────────────────────────────────────────────────────────


def test_minh_asks_and_lan_answers(
    app: Flask, cast: Cast, signed_in: SignedIn, new_client: Callable[[], CheckingClient]
) -> None:
    minh, lan = signed_in(cast.minh), signed_in(cast.lan)
    page = minh.get("/account/requests/correction")
    assert page.status_code == 200
    refused = minh.post("/account/requests/correction", data={"words": "  "})
    assert refused.status_code == 422
    minh.post("/account/requests/correction", data={"words": "Sai tên đơn vị trên kết quả."})
    assert "Sai tên đơn vị" in minh.get("/account/privacy").text
    again = minh.post(
        "/account/requests/correction", data={"words": "lần nữa"}, follow_redirects=True
    )
    assert "đang được xem xét" in again.text

    queue = lan.get(QUEUE)
    assert "Nguyễn Văn Minh" in queue.text
    with app.app_context():
        [asked] = db.session.scalars(select(SubjectRequest)).all()
        address = f"{QUEUE}/{asked.public_id}"
    shown = lan.get(address)
    assert "Sai tên đơn vị trên kết quả." in shown.text
    lan.post(f"{address}/confirm")
    assert lan.post(f"{address}/finish", data={"answer": ""}).status_code == 422
    lan.post(f"{address}/finish", data={"answer": "Đã sửa tên đơn vị."})
    assert "Đã sửa tên đơn vị." in minh.get("/account/privacy").text
    assert "Nguyễn Văn Minh" not in lan.get(QUEUE).text
    assert "Nguyễn Văn Minh" in lan.get(f"{QUEUE}?show=settled").text
    with app.app_context():
        letters = list(db.session.scalars(select(Mail).order_by(Mail.id)))
        assert [letter.recipient for letter in letters] == [cast.minh.email] * 3
        assert "Đã sửa tên đơn vị." in letters[-1].body
        kinds = db.session.scalars(
            select(audit.AuditEvent.kind)
            .where(audit.AuditEvent.subject_kind == "subject_request")
            .order_by(audit.AuditEvent.id)
        ).all()
        assert kinds == [
            "accounts.request_filed",
            "accounts.request_confirmed",
            "accounts.request_done",
        ]


def test_only_those_who_look_after_the_person_see_a_request(
    app: Flask, cast: Cast, signed_in: SignedIn
) -> None:
    signed_in(cast.minh).post("/account/requests/objection", data={"words": "Không nêu tên tôi."})
    with app.app_context():
        address = f"{QUEUE}/{db.session.scalars(select(SubjectRequest.public_id)).one()}"
    assert signed_in(cast.admin).get(address).status_code == 200
    bao = signed_in(cast.bao)
    assert bao.get(address).status_code == 404
    assert "Nguyễn Văn Minh" not in bao.get(QUEUE).text
    assert bao.post(f"{address}/refuse", data={"reason": "x"}).status_code == 404
    for person in (cast.cuc, cast.hoa, cast.an):
        client = signed_in(person)
        assert client.get(QUEUE).status_code in {403, 404}
        assert client.get(address).status_code in {403, 404}
        assert client.post(f"{address}/finish", data={"answer": "x"}).status_code in {403, 404}


def test_a_refusal_says_why(app: Flask, cast: Cast, signed_in: SignedIn) -> None:
    minh, lan = signed_in(cast.minh), signed_in(cast.lan)
    minh.post("/account/requests/objection", data={"words": "Không thống kê tôi."})
    with app.app_context():
        address = f"{QUEUE}/{db.session.scalars(select(SubjectRequest.public_id)).one()}"
    assert lan.post(f"{address}/refuse", data={"reason": ""}).status_code == 422
    lan.post(f"{address}/refuse", data={"reason": "Thống kê không nêu tên ai."})
    assert "Thống kê không nêu tên ai." in minh.get("/account/privacy").text
    assert lan.post(f"{address}/finish", data={"answer": "x"}).status_code == 409


def test_what_is_settled_stays_settled(context: object, cast: Cast, now: datetime) -> None:
    minh = queries.person_by_public_id(cast.minh.public_id)
    actor = actor_of(minh, now)
    asked = actions.file_request(
        person=minh, kind=RequestKind.OBJECTION, words="x", actor=actor, now=now
    )
    with pytest.raises(AskedAlready):
        actions.file_request(
            person=minh, kind=RequestKind.OBJECTION, words="y", actor=actor, now=now
        )
    actions.withdraw_request(request=asked, actor=actor, now=now)
    lan = actor_of(cast.lan, now)
    with pytest.raises(RequestSettled):
        actions.confirm_request(request=asked, actor=lan, now=now)
    with pytest.raises(RequestSettled):
        actions.refuse_request(request=asked, reason="z", actor=lan, now=now)
    assert asked.state is RequestState.WITHDRAWN
    again = actions.file_request(
        person=minh, kind=RequestKind.OBJECTION, words="y", actor=actor, now=now
    )
    assert again.id != asked.id


def test_the_queue_says_what_is_late(context: object, cast: Cast, now: datetime) -> None:
    minh = queries.person_by_public_id(cast.minh.public_id)
    asked = actions.file_request(
        person=minh, kind=RequestKind.OBJECTION, words="x", actor=actor_of(minh, now), now=now
    )
    lan, cuc = actor_of(cast.lan, now), actor_of(cast.cuc, now)
    assert request_queries.open_counts(lan, now) == request_queries.OpenCounts(1, 0)
    assert request_queries.open_counts(cuc, now) == request_queries.OpenCounts(0, 0)
    late = request_queries.open_counts(lan, asked.confirm_due_at)
    assert late == request_queries.OpenCounts(1, 1)


def test_withdrawing_a_consent_is_explained_first(
    app: Flask, cast: Cast, signed_in: SignedIn, now: datetime
) -> None:
    with app.app_context(), unit_of_work():
        given = record_consent(
            person=db.session.get_one(Person, cast.minh.id),
            purpose=ConsentPurpose.CONTACT,
            scope=None,
            channel="web",
            locale="vi",
            now=now,
        ).public_id
    minh = signed_in(cast.minh)
    before = minh.get(f"/account/consents/{given}/end")
    assert "không nhận tin về các cuộc thi sau này nữa" in before.text
    assert signed_in(cast.an).get(f"/account/consents/{given}/end").status_code == 404
    minh.post(f"/account/consents/{given}/withdraw")
    assert minh.get(f"/account/consents/{given}/end").status_code == 404


# ── a copy of one's data ───────────────────────────────────────────────────────────────────


@pytest.fixture
def played(app: Flask) -> Flask:
    """A contest with published results and another person's answers in it."""
    with app.app_context():
        demo_seed.seed(stage=Stage.PUBLISHED, whole_demo=False, now=utc_now())
    return app


def winner() -> Person:
    """Somebody who won a prize in the published round, is no staff and has a unique name."""
    won = db.session.scalars(
        select(Person)
        .join(Registration, Registration.person_id == Person.id)
        .join(Entry, Entry.registration_id == Registration.id)
        .join(PrizeAward, PrizeAward.entry_id == Entry.id)
        .where(~select(Grant.id).where(Grant.person_id == Person.id).exists())
        .order_by(Person.id)
    ).all()
    names = db.session.scalars(select(Person.full_name)).all()
    return next(person for person in won if names.count(person.full_name) == 1)


def fetch(client: CheckingClient, app: Flask) -> zipfile.ZipFile:
    asked = client.post("/account/data-copies")
    assert asked.status_code == 303
    with app.app_context():
        jobs.run_due_jobs()
    page = client.get("/account/privacy").text
    start = page.index("/account/data-copies/")
    address = page[start : page.index('"', start)]
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_a_copy_is_complete_and_holds_nobody_else(played: Flask, signed_in: SignedIn) -> None:
    with played.app_context():
        person = winner()
        others = set(db.session.scalars(select(Person.full_name)).all()) - {person.full_name}
        phones = {phone for phone in db.session.scalars(select(Person.phone)) if phone} - {
            person.phone
        }
    packed = fetch(signed_in(person), played)
    assert sorted(packed.namelist())[:3] == ["data.css", "data.json", "du-lieu-cua-toi.html"]
    document = json.loads(packed.read("data.json"))
    assert document["person"] == person.full_name
    sections = document["sections"]
    assert sections["account"][0]["full_name"] == person.full_name
    assert len(sections["registrations"]) == 1
    published = [each for each in sections["attempts"] if "points" in each]
    assert published
    assert any(name.startswith("answer_") for name in published[0])
    assert sections["results"][0]["prize"]
    everything = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert [name for name in others if name in everything] == []
    assert [phone for phone in phones if phone in everything] == []


def test_a_copy_is_the_askers_alone_and_only_for_a_week(
    app: Flask, cast: Cast, signed_in: SignedIn
) -> None:
    minh = signed_in(cast.minh)
    fetch(minh, app)
    with app.app_context():
        asked = db.session.scalars(select(SubjectRequest)).one()
        address = f"/account/data-copies/{asked.public_id}"
        until = asked.file_until
        own = request_queries.own_copy(cast.minh.id, asked.public_id, until)
        just_before = until - timedelta(microseconds=1)
        still = request_queries.own_copy(cast.minh.id, asked.public_id, just_before)
        assert (own, still.id) == (None, asked.id)
    assert minh.get(address).status_code == 200
    for person in (cast.an, cast.lan, cast.admin):
        assert signed_in(person).get(address).status_code == 404
    assert "Nguyễn Văn Minh" not in signed_in(cast.lan).get(QUEUE).text


def test_copies_have_an_end(context: object, cast: Cast, now: datetime) -> None:
    minh = queries.person_by_public_id(cast.minh.public_id)
    actor = actor_of(minh, now)
    actions.ask_copy(person=minh, locale="vi", actor=actor, now=now)
    with pytest.raises(AskedAlready):
        actions.ask_copy(person=minh, locale="vi", actor=actor, now=now)
    for _time in range(2):
        [made] = [copy.request for copy in request_queries.own_copies(minh.id, now)][:1]
        made.state = RequestState.DONE
        actions.ask_copy(person=minh, locale="vi", actor=actor, now=now)
    with pytest.raises(EnoughCopies):
        actions.ask_copy(person=minh, locale="vi", actor=actor, now=now)


# ── erasure ────────────────────────────────────────────────────────────────────────────────


def places_of(words: str) -> set[str]:
    """Tables in which some row holds these words in any column."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            if words in json.dumps([str(value) for value in row], ensure_ascii=False):
                found.add(table.name)
    return found


def test_an_erasure_leaves_the_results_and_takes_the_person(
    played: Flask, signed_in: SignedIn, new_client: Callable[[], CheckingClient]
) -> None:
    app = played
    with app.app_context():
        person = winner()
        registration = db.session.scalars(
            select(Registration).where(Registration.person_id == person.id)
        ).one()
        results = f"/contests/{registration.contest.slug}/results/1"
        with unit_of_work():
            admin = db.session.scalars(
                select(Person)
                .join(Grant, Grant.person_id == Person.id)
                .where(Grant.role == "administrator")
            ).first()
        name, phone, email = person.full_name, person.phone, person.email
        assert places_of(name) >= {"person", "registration", "publication"}
    before = new_client().get(results).text
    client = signed_in(person)
    page = client.get("/account/requests/erasure")
    assert "họ tên được thay bằng “đã ẩn theo yêu cầu”" in page.text
    assert client.post("/account/requests/erasure", data={"words": ""}).status_code == 422
    client.post("/account/requests/erasure", data={"words": "Xin xóa.", "understood": "y"})
    staff = signed_in(admin)
    with app.app_context():
        address = f"{QUEUE}/{db.session.scalars(select(SubjectRequest.public_id)).one()}"
    assert staff.get(address).status_code == 200
    assert staff.post(f"{address}/finish", data={"answer": "Đã xóa."}).status_code == 422
    done = staff.post(f"{address}/finish", data={"answer": "Đã xóa.", "understood": "y"})
    assert done.status_code == 303
    assert client.get("/account").status_code == 302
    after = new_client().get(results).text
    assert "đã ẩn theo yêu cầu" in after
    assert name not in after
    with app.app_context():
        # The archived decision keeps the name; no page shows it.
        assert places_of(name) <= {"publication"}
        assert places_of(email) == {"mail"} if email else True
        assert places_of(phone) == set() if phone else True
        gone = db.session.get_one(Person, person.id)
        assert (gone.full_name, gone.phone, gone.email, gone.birth_date, gone.unit_id) == (
            ERASED_NAME,
            None,
            None,
            None,
            None,
        )
        for table in (SignIn, OneTimeCode):
            left = select(table).where(table.person_id == person.id)
            assert db.session.scalars(left).all() == []
        letters = db.session.scalars(select(Mail).where(Mail.recipient == email)).all()
        assert [letter.body.count("Đã xóa.") for letter in letters] == ([1] if email else [])
        with unit_of_work():
            while audit.seal_events(now=utc_now()):
                pass
        assert audit.verify_chain(now=utc_now()).is_whole
    assert before.count("<tr") == after.count("<tr")
    settled = staff.get(address).text
    assert "Xin xóa." not in settled


def test_who_holds_a_role_is_not_erased(context: object, cast: Cast, now: datetime) -> None:
    hoa = queries.person_by_public_id(cast.hoa.public_id)
    admin = actor_of(cast.admin, now)
    asked = actions.file_request(
        person=hoa, kind=RequestKind.ERASURE, words="", actor=actor_of(hoa, now), now=now
    )
    with pytest.raises(CannotErase):
        actions.finish_request(request=asked, answer="x", actor=admin, now=now)
    assert hoa.full_name == "Lê Thị Hoa"


def test_records_merged_into_the_person_lose_their_names_too(
    context: object, cast: Cast, now: datetime
) -> None:
    twin = create_person(
        full_name="Nguyễn Văn Minh (cũ)",
        phone=None,
        email=None,
        birth=None,
        unit=cast.school,
        password_hash=None,
        actor=None,
        now=now,
    )
    minh = queries.person_by_public_id(cast.minh.public_id)
    admin = actor_of(cast.admin, now)
    merge_people(kept=minh, merged=twin, actor=admin, now=now)
    actions.erase_person(person=minh, actor=admin, now=now)
    assert twin.full_name == ERASED_NAME
    assert places_of("Nguyễn Văn Minh") == set()
    with pytest.raises(AlreadyEnded):
        set_disabled(person=minh, disabled=False, reason="", actor=admin, now=now)


def test_requests_follow_when_two_records_become_one(
    context: object, cast: Cast, now: datetime
) -> None:
    twin = create_person(
        full_name="Nguyễn Văn Minh",
        phone=None,
        email=None,
        birth=None,
        unit=cast.school,
        password_hash=None,
        actor=None,
        now=now,
    )
    minh = queries.person_by_public_id(cast.minh.public_id)
    admin = actor_of(cast.admin, now)
    filed = [
        actions.file_request(person=person, kind=kind, words="", actor=admin, now=now)
        for person, kind in (
            (minh, RequestKind.OBJECTION),
            (twin, RequestKind.OBJECTION),
            (twin, RequestKind.CORRECTION),
        )
    ]
    merge_people(kept=minh, merged=twin, actor=admin, now=now)
    for request in filed:
        db.session.refresh(request)
    assert {request.person_id for request in filed} == {minh.id}
    assert [request.state for request in filed] == [
        RequestState.RECEIVED,
        RequestState.WITHDRAWN,
        RequestState.RECEIVED,
    ]
