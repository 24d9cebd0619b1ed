"""A verdict on two essays that share passages is about the texts that somebody read, no others."""

import pytest

from contest.core.copies import find_copies
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import actions
from contest.submissions.actions.screening import keep_copies, texts_to_compare
from contest.submissions.models import NearDuplicate
from tests.submissions.conftest import WORDS

SHARED = WORDS
OTHER = "Đêm nào bác cũng đi dọc bờ kênh nhặt từng bao rác rồi mới về nhà ngủ một giấc cho ấm"


def compare(world):
    """As the job does."""
    own, earlier = texts_to_compare(world.round)
    found = find_copies([each.text for each in own], against=[each.text for each in earlier])
    with unit_of_work():
        keep_copies(contest_round=world.round, works=own, found=found, now=world.now)


def pair():
    db.session.expire_all()
    return db.session.query(NearDuplicate).one()


def lengths():
    return [end - start for start, end, *_rest in pair().spans]


def hand_in(world, work, text, **others):
    minh = world.cast.minh
    world.save(minh, work, world.draft(text, **others))
    world.submit(minh, work)


@pytest.fixture
def judged(world):
    """Two essays of Minh's that share a passage, judged to quote the same source."""
    world.configure(entries_per_author=3)
    works = [world.handed_in(world.cast.minh, SHARED + end) for end in (".", " vậy.")]
    compare(world)
    decide(world, "quoted")
    return works


def decide(world, verdict, seen=None):
    actor = world.actor(world.cast.lan)
    with unit_of_work():
        found = pair()
        actions.judge_copy(
            pair=found,
            contest_round=world.round,
            verdict=verdict,
            note="Cùng trích lời Bác",
            seen=found.compared if seen is None else seen,
            actor=actor,
            now=world.now,
        )


def test_other_words_of_the_same_length_make_the_pair_wait_again(world, judged):
    before = lengths()
    for work, end in zip(judged, (".", " vậy."), strict=True):
        # As long as the old passage to the letter, and about somebody else.
        hand_in(world, work, OTHER[: len(SHARED)].ljust(len(SHARED), "a") + end)
    compare(world)
    assert lengths() == before
    assert (pair().verdict, pair().verdict_note) == ("", "Cùng trích lời Bác")
    assert (pair().decided_by_id, pair().decided_at) == (None, None)


def test_the_same_passage_beside_other_words_waits_again(world, judged):
    """Whether a passage is quoted or copied is said by what stands around it."""
    before = lengths()
    hand_in(world, judged[0], SHARED + ".\n\nKhông ghi nguồn.")
    compare(world)
    assert lengths() == before
    assert pair().verdict == ""


def test_a_version_with_the_same_text_keeps_the_verdict(world, judged):
    hand_in(world, judged[0], SHARED + ".", subject_reason="Mười tám năm giữ sân trường sạch")
    compare(world)
    assert pair().verdict == "quoted"


def test_a_verdict_from_a_page_of_older_texts_is_not_kept(live, signed_in):
    desk = f"/organise/contests/{live.slug}/rounds/1"
    with live.app.app_context():
        live.configure(entries_per_author=3)
        works = [live.handed_in(live.cast.minh, SHARED + end) for end in (".", " vậy.")]
        compare(live)
    lan = signed_in(live.cast.lan)
    (link,) = [each.get("href") for each in lan.page(desk + "/copies").all("//h:tbody//h:a")]
    page = lan.page(link)
    (seen,) = [each.get("value") for each in page.all("//h:input[@name='seen']")]
    with live.app.app_context():
        hand_in(live, works[0], SHARED + ".\n\nKhông ghi nguồn.")
        compare(live)
    typed = {"verdict": "harmless", "note": "Đã xem kỹ", "seen": seen}
    answer = lan.post(link, data=typed)
    assert answer.status_code == 409
    assert "vừa được so sánh lại" in answer.text
    assert "Đã xem kỹ" in answer.text
    with live.app.app_context():
        assert pair().verdict == ""
    assert lan.submit(link, {"verdict": "harmless"}, action=link).status_code == 302
    with live.app.app_context():
        assert pair().verdict == "harmless"
