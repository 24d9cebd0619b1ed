"""Codes stay closed until marks are locked and prizes decided; until then nobody has a name."""

import io
import zipfile

import pytest
from flask import g
from sqlalchemy import select

from contest.accounts.models import ConsentPurpose
from contest.contests.rules import ReasonMissing
from contest.core.audit import AuditEvent
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Juror
from contest.results import queries
from contest.results.actions import ask_unsealing, consequences, unseal
from contest.results.rules.refusals import (
    AlreadyUnsealed,
    JudgeOpensNothing,
    MarkingOpen,
    NobodyAsked,
    NotDecidedYet,
    NothingSealed,
    StillSealed,
)
from contest.submissions.models import WorkAuthor
from tests.results.essay_stories import essays, marked
from tests.results.stories import closed_round

pytestmark = pytest.mark.usefixtures("context")
ROUND = "/organise/contests/guong-sang/rounds/1"
PAGES = (
    "/organise/contests/guong-sang/results",
    f"{ROUND}/ranking",
    f"{ROUND}/ranking?q=nhu",
    f"{ROUND}/ranking?status=no_prize",
    f"{ROUND}/ranking?run=1",
    f"{ROUND}/prizes",
    f"{ROUND}/prizes/trace",
    f"{ROUND}/honours",
    f"{ROUND}/honours?q=nam",
    f"{ROUND}/unsealing",
    f"{ROUND}/publication",
    "/organise/contests/guong-sang/prizes",
    "/contests/guong-sang",
)
NO_PRIZE = "không nhận giải"
FILES = (f"{ROUND}/ranking.csv", f"{ROUND}/ranking.xlsx")


def bytes_of(answer):
    """The body, unpacked where it is a workbook, with the headers."""
    raw = answer.data
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"\n".join(book.read(name) for name in book.namelist())
    return raw + str(answer.headers).encode()


def found_in(answer, telling):
    return sorted(each for each in telling if each.encode() in bytes_of(answer))


def test_while_marks_are_open_nothing_is_unsealed(app, cast, now):
    story = essays(app, cast, now)
    with pytest.raises(MarkingOpen) as refused:
        story.unseal()
    assert "Sơ khảo" in refused.value.words
    assert "12" in refused.value.words  # six works, two sheets each


def test_marks_locked_and_no_prizes_is_too_early(app, cast, now):
    story = marked(app, cast, now)
    with pytest.raises(NotDecidedYet):
        story.unseal()
    assert queries.is_sealed(story.round)


def test_codes_open_once_with_a_reason_and_for_good(app, cast, now):
    story = marked(app, cast, now)
    story.decide()
    with pytest.raises(ReasonMissing):
        story.unseal(reason=" ")
    story.unseal()
    assert not queries.is_sealed(story.round)
    with pytest.raises(AlreadyUnsealed):
        story.unseal()
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.kind == "results.unsealed")
    ).one()
    assert (event.data["works"], event.data["reason"]) == (6, "Ban tổ chức đã quyết định giải")


def test_a_judge_of_the_round_opens_nothing(app, cast, now):
    story = marked(app, cast, now)
    story.decide()
    lan = story.actor(cast.lan)
    with unit_of_work():
        db.session.add(
            Juror(round_id=story.round_id, person_id=cast.lan.id, state="accepted", invited_at=now)
        )
    end_read()
    with pytest.raises(JudgeOpensNothing), unit_of_work():
        ask_unsealing(round_=story.round, reason="vì", actor=lan, now=now)


def test_a_quiz_has_no_codes(now):
    story = closed_round(now)
    with pytest.raises(NothingSealed):
        ask_unsealing(round_=story.round, reason="vì", actor=story.organiser, now=now)


def test_what_it_will_do_is_told_in_numbers(app, cast, now):
    story = marked(app, cast, now)
    lan = story.actor(cast.lan)
    early = consequences(round=story.round, actor=lan)
    assert (early.works, early.prizes) == (6, 0)
    assert isinstance(early.problem, NotDecidedYet)
    story.decide()
    told = consequences(round=story.round, actor=lan)
    assert (told.works, told.authors, told.prizes, told.named, told.problem) == (6, 6, 3, 3, None)


def test_nothing_is_published_before_the_codes_are_open(app, cast, now):
    story = marked(app, cast, now)
    story.decide()
    with pytest.raises(StillSealed):
        story.publish()


@pytest.mark.parametrize("who", ["lan", "hoa", "minh", "nobody"])
def test_no_byte_tells_who_wrote(app, cast, now, signed_in, client, who):
    story = marked(app, cast, now)
    story.rank(reason="Kiểm tra lại")
    story.decide()
    telling = story.telling()
    visitor = client if who == "nobody" else signed_in(getattr(cast, who))
    for address in (*PAGES, *FILES):
        answer = visitor.get(address)
        if who == "lan":
            assert answer.status_code == 200, address
        assert found_in(answer, telling) == [], address
    if who == "lan":
        assert story.code(0).encode() in visitor.get(f"{ROUND}/ranking").data


def test_the_record_tells_no_author(app, cast, now):
    story = marked(app, cast, now)
    story.decide()
    telling = story.telling()
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind.like("results.%")))
    said = "\n".join(f"{each.data} {each.personal}" for each in events)
    assert [each for each in telling if each in said] == []


def test_afterwards_the_pages_name_the_authors(app, cast, now, signed_in):
    story = marked(app, cast, now)
    story.decide()
    story.unseal()
    page = signed_in(cast.lan).get(f"{ROUND}/ranking").get_data(as_text=True)
    assert "Tôn Nữ Quỳnh Như" in page
    assert "Những cuốn sổ bút chì 0" in page


def test_lan_asks_and_another_person_opens_the_codes_in_the_browser(app, cast, now, signed_in):
    story = marked(app, cast, now)
    story.decide()

    def post(person, page, **data):
        for name in list(g):  # the stories hold a context of their own, which keeps who asked
            g.pop(name)
        end_read()
        return signed_in(person).post(f"{ROUND}/unsealing{page}", data=data).status_code

    assert post(cast.admin, "", understood="y") == 409
    assert post(cast.lan, "/request", reason="Đã quyết định") == 422
    assert post(cast.lan, "/request", reason="Đã quyết định", understood="y") == 302
    assert post(cast.lan, "", understood="y") == 409
    assert queries.is_sealed(story.round)
    assert post(cast.admin, "") == 422
    assert post(cast.admin, "", understood="y") == 302
    end_read()
    assert not queries.is_sealed(story.round)
    page = signed_in(cast.lan).get(f"{ROUND}/unsealing").get_data(as_text=True)
    assert cast.lan.full_name in page
    assert cast.admin.full_name in page


def test_a_request_over_another_decision_no_longer_counts(app, cast, now):
    story = marked(app, cast, now)
    story.decide()
    lan, admin = story.actor(cast.lan), story.actor(cast.admin)
    with unit_of_work():
        ask_unsealing(round_=story.round, reason="vì", actor=lan, now=now).digest = "0" * 64
    with pytest.raises(NobodyAsked), unit_of_work():
        unseal(round_=story.round, actor=admin, now=now)


@pytest.mark.parametrize(("who", "status"), [("bao", 404), ("hoa", 403), ("minh", 403)])
def test_nobody_else_comes_near_the_codes(app, cast, now, signed_in, who, status):
    essays(app, cast, now)
    visitor = signed_in(getattr(cast, who))
    for page in ("unsealing", "honours"):
        assert visitor.get(f"{ROUND}/{page}").status_code == status
        assert visitor.post(f"{ROUND}/{page}", data={"reason": "x"}).status_code == status


def test_caps_and_exclusions_work_under_codes_and_tell_nobody(app, cast, now, signed_in):
    story = essays(app, cast, now)
    story.give_marks()
    story.lock()
    with unit_of_work():  # the second best was written together with Hoa, who judges
        db.session.add(
            WorkAuthor(
                work_id=story.work_ids[1],
                position=2,
                person_id=cast.hoa.id,
                full_name=cast.hoa.full_name,
                name_folded=cast.hoa.name_folded,
                unit_name="",
            )
        )
    story.rank()
    story.limit(per_unit=1)
    lan = signed_in(cast.lan)
    page = lan.get(f"{ROUND}/prizes").get_data(as_text=True)
    assert f"{story.code(1)} ở hạng 2 bị bỏ qua theo một quy định" in page
    assert NO_PRIZE not in page
    ranking = lan.get(f"{ROUND}/ranking").get_data(as_text=True)
    assert NO_PRIZE not in ranking
    story.decide()
    story.unseal()
    trace = lan.get(f"{ROUND}/prizes/trace").get_data(as_text=True)
    assert f"K&#39;Brỏih, {cast.hoa.full_name}, hạng 2, làm việc cho cuộc thi" in trace
    assert NO_PRIZE in trace


def test_consent_to_the_name_decides_how_many_are_named(app, cast, now):
    story = marked(app, cast, now)
    story.withdraw(0, ConsentPurpose.PUBLISH_NAME)
    story.decide()
    lan = story.actor(cast.lan)
    assert consequences(round=story.round, actor=lan).named == 2
