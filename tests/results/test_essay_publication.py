"""What everybody reads of an essay round: titles, honoured persons, and essays by consent."""

import io
import re
import zipfile
from datetime import date

import pytest
from flask import g

from contest.accounts.actions import create_person
from contest.accounts.models import ConsentPurpose
from contest.core import jobs
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.core.vietnamese import fold
from contest.judging.queries.rounds import criteria_of
from contest.results import queries
from contest.results.actions import (
    edit_honour,
    honour_subject,
    move_honour,
    remove_honour,
    set_prize_terms,
)
from contest.results.actions import files as files_module
from contest.results.rules.prize_terms import Withheld
from contest.results.rules.reading import reading_minutes
from contest.results.rules.refusals import (
    CitationMissing,
    EmptyReasonMissing,
    HonourKnown,
    HonoursMoved,
)
from contest.submissions.models import Work, WorkAuthor
from tests.results.essay_stories import marked
from tests.support.counting import count_queries

pytestmark = pytest.mark.usefixtures("context")
RESULTS = "/contests/guong-sang/results/1"
ROUND = "/organise/contests/guong-sang/rounds/1"
READ = (ConsentPurpose.PUBLISH_ESSAY, ConsentPurpose.PUBLISH_PHOTO)


def honour(story, number, citation="Mười chín năm giữ cổng", **kwargs):
    lan = story.actor(story.cast.lan)
    with unit_of_work():
        return honour_subject(
            round=story.round,
            work=story.work(number),
            citation=citation,
            actor=lan,
            now=story.now,
            **kwargs,
        ).id


def published(app, cast, now, readers=(0, 1)):
    story = marked(app, cast, now)
    for number in readers:
        story.agree(number, *READ)
    story.decide()
    story.unseal()
    story.publish()
    return story


def said_of():
    head = queries.publication_head("guong-sang", 1)
    assert head is not None
    return queries.publication(head)


def test_winners_stand_with_title_unit_and_prize(app, cast, now, client):
    story = published(app, cast, now)
    said = said_of()
    assert [(one.name, one.title, one.place) for one in said.winners] == [
        ("Tôn Nữ Quỳnh Như", "Những cuốn sổ bút chì 0", 1),
        ("K'Brỏih", "Những cuốn sổ bút chì 1", 2),
        ("Trần Ngọc Bảo Trân", "Những cuốn sổ bút chì 2", 3),
    ]
    assert said.seal.decided_before
    page = client.get(RESULTS, headers={"Accept-Language": "vi"}).get_data(as_text=True)
    assert "Những cuốn sổ bút chì 0" in page
    assert "Tác giả không đồng ý công bố bài viết." in page  # the third
    readable = queries.readable_works(
        queries.publication_head("guong-sang", 1), said, date(2026, 9, 2)
    )
    assert readable == {story.work(0).public_id, story.work(1).public_id}


def test_an_essay_is_read_with_its_neighbours(app, cast, now, client):
    story = published(app, cast, now)
    address = f"{RESULTS}/essays/{story.work(0).public_id}"
    answer = client.get(address)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Mười chín năm, chưa một lần cổng mở muộn." in page
    assert "Những cuốn sổ bút chì 1" in page  # the next one
    assert "Trần Ngọc Bảo Trân" not in page  # did not agree, so is no neighbour
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_it_is_gone_at_once_when_the_consent_is_withdrawn(app, cast, now, client):
    story = published(app, cast, now)
    address = f"{RESULTS}/essays/{story.work(0).public_id}"
    assert client.get(address).status_code == 200
    story.withdraw(0, ConsentPurpose.PUBLISH_ESSAY)
    gone = client.get(address, headers={"Accept-Language": "vi"})
    assert gone.status_code == 404
    assert "Bài viết này không được công bố" in gone.get_data(as_text=True)
    assert address not in client.get(RESULTS).get_data(as_text=True)
    assert "Tôn Nữ Quỳnh Như" in client.get(RESULTS).get_data(as_text=True)


def test_every_co_author_has_to_agree(app, cast, now, client):
    story = marked(app, cast, now)
    story.agree(0, *READ)
    with unit_of_work():
        friend = create_person(full_name="Đặng Văn Lượm", actor=None, now=now)
        db.session.add(
            WorkAuthor(
                work_id=story.work_ids[0],
                position=2,
                person_id=friend.id,
                full_name=friend.full_name,
                name_folded=fold(friend.full_name),
            )
        )
    story.decide()
    story.unseal()
    story.publish()
    said = said_of()
    assert said.winners[0].names == "Tôn Nữ Quỳnh Như, Đ.V.L."
    assert client.get(f"{RESULTS}/essays/{said.winners[0].work}").status_code == 404


def test_without_the_name_the_text_is_the_masked_one(app, cast, now, client):
    story = marked(app, cast, now)
    story.agree(0, *READ)
    story.withdraw(0, ConsentPurpose.PUBLISH_NAME)
    story.decide()
    story.unseal()
    story.publish()
    page = client.get(f"{RESULTS}/essays/{story.work(0).public_id}").get_data(as_text=True)
    assert "Tôn Nữ Quỳnh Như" not in page
    assert "T.N.Q.N." in page
    assert "tên đã ẩn" in page


def test_unpublished_essays_and_losers_are_nowhere(app, cast, now, client):
    story = marked(app, cast, now)
    story.agree(0, *READ)
    story.agree(5, *READ)
    assert client.get(f"{RESULTS}/essays/{story.work(0).public_id}").status_code == 404
    story.decide()
    story.unseal()
    story.publish()
    assert client.get(f"{RESULTS}/essays/{story.work(5).public_id}").status_code == 404
    assert client.get(f"{RESULTS}/pictures/khong-co").status_code == 404


def test_reading_takes_its_time():
    assert [reading_minutes(words) for words in (0, 220, 221, 1_200)] == [1, 1, 2, 6]


def test_subjects_are_chosen_with_a_reason_and_belong_to_the_decision(app, cast, now):
    story = marked(app, cast, now)
    first = honour(story, 0)
    honour(story, 2, "Người thứ hai")
    with pytest.raises(CitationMissing):
        honour(story, 1, " ")
    with pytest.raises(HonourKnown):
        honour(story, 0)
    story.decide()
    lan = story.actor(cast.lan)
    with unit_of_work():
        line = queries.honours(story.round_id)[0]
        assert line.id == first
        move_honour(round=story.round, honour=line, up=False, actor=lan, now=now)
    assert [line.citation for line in queries.honours(story.round_id)] == [
        "Người thứ hai",
        "Mười chín năm giữ cổng",
    ]
    story.unseal()
    with pytest.raises(HonoursMoved):
        story.publish()
    story.decide(reason="Thứ tự đã đổi")
    story.publish()
    assert [(line.name, line.citation) for line in said_of().honours] == [("L.M.T.N.", "")] * 2


def test_who_agrees_is_named_until_they_take_it_back(app, cast, now, client):
    story = marked(app, cast, now)
    honour(story, 0)
    lan = story.actor(cast.lan)
    values = {"citation": "Mười chín năm giữ cổng", "actor": lan, "now": now}

    def agree(agreed):
        with unit_of_work():
            (line,) = queries.honours(story.round_id)
            edit_honour(round=story.round, honour=line, agreed=agreed, **values)

    agree(agreed=True)
    story.decide()
    story.unseal()
    story.publish()
    page = client.get(RESULTS).get_data(as_text=True)
    assert "Lơ Mu Thị Năm 0" in page
    assert "Nhà máy Nước Lâm Sơn" in page
    digest = said_of().digest
    agree(agreed=False)
    page = client.get(RESULTS).get_data(as_text=True)
    assert "Lơ Mu Thị Năm 0" not in page
    assert "Mười chín năm giữ cổng" not in page
    assert said_of().digest == digest


def test_lan_searches_people_and_honours_one_under_codes(app, cast, now, signed_in):
    story = marked(app, cast, now)
    code = story.code(0)
    end_read()
    lan = signed_in(cast.lan)
    found = lan.page(f"{ROUND}/honours?q={code.lower()}")
    assert len(found.all("//h:ul[@class='people-list']/h:li")) == 1
    assert "Lơ Mu Thị Năm 0" in lan.get(f"{ROUND}/honours?q=nam").get_data(as_text=True)
    assert lan.post(f"{ROUND}/honours", data={"code": code, "citation": ""}).status_code == 422
    assert lan.post(f"{ROUND}/honours", data={"code": "KHONGCO"}).status_code == 404
    done = lan.post(f"{ROUND}/honours", data={"code": code, "citation": "Giữ cổng"})
    assert done.status_code == 302
    (line,) = queries.honours(story.round_id)
    place = f"{ROUND}/honours/{line.public_id}/place"
    assert lan.post(place, data={"step": "remove"}).status_code == 302
    assert queries.honours(story.round_id) == []


@pytest.mark.parametrize("people", [3, 9])
def test_the_page_of_honours_asks_as_much_for_few_as_for_many(app, cast, now, signed_in, people):
    story = marked(app, cast, now, marks=[f"{9 - place / 2}" for place in range(people)])
    honour(story, 0)
    lan = signed_in(cast.lan)
    found = {}
    for words in ("", "?q=nam", "?winners=1"):
        for name in list(g):
            g.pop(name)
        end_read()
        db.session.remove()
        with count_queries() as counted:
            assert lan.get(f"{ROUND}/honours{words}").status_code == 200
        found[words] = counted.count
    assert found == {"": 17, "?q=nam": 19, "?winners=1": 18}


def test_people_written_about_come_by_their_best_place_in_pages(app, cast, now):
    story = marked(app, cast, now)
    honour(story, 0)
    end_read()
    everybody = queries.people_written_about(story.round)
    assert [each.place for each in everybody.page.items] == sorted(
        each.place for each in everybody.page.items
    )
    assert everybody.total == everybody.page.total == len(everybody.page.items)
    last = queries.people_written_about(story.round, page=99, size=2)
    assert last.page.number == -(-everybody.total // 2)
    assert last.page.items == everybody.page.items[-len(last.page.items) :]
    code = everybody.page.items[1].codes[0]
    one = queries.people_written_about(story.round, code)
    assert [each.codes for each in one.page.items] == [(code,)]
    assert (one.page.total, one.total) == (1, everybody.total)


def test_removing_a_person_leaves_the_record(app, cast, now):
    story = marked(app, cast, now)
    honour(story, 0)
    lan = story.actor(cast.lan)
    with unit_of_work():
        (line,) = queries.honours(story.round_id)
        remove_honour(round=story.round, honour=line, actor=lan, now=now)
    assert queries.honours(story.round_id) == []


def test_an_empty_first_prize_needs_a_reason_and_moves_everybody_down(app, cast, now):
    story = marked(app, cast, now)
    first = queries.prize_levels(story.round)[0].id
    with pytest.raises(EmptyReasonMissing):
        story.decide(empty={(None, first): Withheld(1, " ")})
    story.decide(empty={(None, first): Withheld(1, "Không bài nào đạt 9,5 điểm")})
    allocation = queries.latest_allocation(story.round)
    assert allocation is not None
    assert [line["code"] for line in allocation.trace] == [
        "withheld",
        "given",
        "given",
        "next",
    ]
    assert [award.level.position for award in queries.awards_of(allocation.id)] == [2, 3]


def test_authors_read_their_criteria_only_where_allowed(app, cast, now, signed_in):
    story = published(app, cast, now)
    person = story.work(0).person
    name = criteria_of(story.round_id)[1].name
    end_read()
    why = signed_in(person).get(f"{RESULTS}/mine").get_data(as_text=True)
    assert "Những cuốn sổ bút chì 0" in why
    assert name not in why
    with unit_of_work():
        set_prize_terms(
            over=story.round,
            per_author=None,
            per_unit=None,
            shows_criteria=True,
            actor=None,
            now=now,
        )
    why = signed_in(person).get(f"{RESULTS}/mine").get_data(as_text=True)
    assert name in why
    means = queries.criterion_means(story.round_id, story.work(0).entry_id)
    assert [str(one.mean) for one in means] == ["2.00", "4.00", "2.00", "1.25"]


def test_the_public_file_has_titles_and_honoured_persons(app, cast, now, client):
    story = marked(app, cast, now)
    honour(story, 0)
    story.decide()
    story.unseal()
    story.publish()
    with zipfile.ZipFile(io.BytesIO(client.get(f"{RESULTS}.xlsx").data)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if "xml" in name)
    assert "Những cuốn sổ bút chì 0" in text
    assert re.search(r'sheet name="(Honoured persons|Người được tuyên dương)"', text)
    assert story.work(0).person.phone not in text
    assert db.session.get(Work, story.work_ids[0]) is not None


def test_a_long_ranking_is_made_by_a_job(app, cast, now, signed_in, monkeypatch):
    story = marked(app, cast, now)
    telling = story.telling()
    monkeypatch.setattr("contest.results.views.ranking.MOST_AT_ONCE", 3)
    assert files_module.MOST_AT_ONCE == 5_000
    lan = signed_in(cast.lan)
    assert lan.get(f"{ROUND}/ranking.csv").status_code == 302
    asked = lan.post(f"{ROUND}/ranking-files", data={"kind": "csv"})
    job_id = asked.headers["Location"].rsplit("/", 1)[1]
    file = f"{ROUND}/ranking-files/{job_id}"
    assert lan.get(file).status_code == 404
    jobs.run_due_jobs()
    answer = lan.get(file)
    text = answer.get_data(as_text=True)
    assert text.count("\r\n") == 7
    assert story.code(0) in text
    assert [each for each in telling if each in text] == []
    assert file in lan.get(asked.headers["Location"]).get_data(as_text=True)
