"""Certificates over the totals of a contest: the prizes there, beside those of the rounds."""

from html import unescape

import pytest

from contest.awards.actions.annulled_rounds import TotalsCertificatesTakenBack
from contest.awards.actions.certificates import issue_certificates
from contest.awards.models import CertificateKind
from contest.awards.queries.certificates import (
    batches,
    certificates_of_batch,
    in_force,
    publication_of,
)
from contest.awards.refusals import CertificatesNotReady, NobodyToCertify
from contest.core.db import db
from contest.results.models import TotalRun
from tests.awards.test_certificates import design
from tests.results.test_overall_prizes import BROIH, added_up, decide, go_public

pytestmark = pytest.mark.usefixtures("context")
PRIZE = CertificateKind.PRIZE


def issue(over, story, now):
    return issue_certificates(
        over=over,
        kind=PRIZE,
        title="Giấy chứng nhận",
        address=lambda batch: f"/{batch}",
        actor=story.organiser,
        now=now,
    )


def test_winners_of_the_total_get_theirs_beside_those_of_rounds(now):
    story, _second = added_up(now)
    design(story, now)
    decide(story, now)
    with pytest.raises(CertificatesNotReady):
        issue(story.contest, story, now)
    go_public(story, now)
    of_round = issue(story.round, story, now)
    batch = issue(story.contest, story, now)
    assert batch.over is story.contest
    words = {one.full_name: one.words for one in certificates_of_batch(batch.id)}
    assert words[BROIH].startswith("Đã đạt giải Đặc biệt chung cuộc, cuộc thi “Tìm hiểu")
    assert len(words) == 4
    with pytest.raises(NobodyToCertify):
        issue(story.contest, story, now)
    # Neither takes the place of the other: both stand, and both are listed.
    assert len(in_force(story.round, PRIZE)) == of_round.count
    assert len(in_force(story.contest, PRIZE)) == 4
    assert {each.id for each in batches(story.contest.id)} == {of_round.id, batch.id}


def test_pages_print_them(now, app, signed_in):
    story, _second = added_up(now)
    design(story, now)
    decide(story, now)
    go_public(story, now)
    db.session.commit()
    lan = signed_in(story.cast.lan)
    page = lan.get(f"/organise/contests/{story.contest.slug}/certificates").text
    assert f"/organise/contests/{story.contest.slug}/totals/certificates" in page


def issued_over_both(now):
    story, second = added_up(now)
    design(story, now)
    decide(story, now)
    go_public(story, now)
    issue(story.round, story, now)
    batch = issue(story.contest, story, now)
    codes = [one.code for one in certificates_of_batch(batch.id)]
    db.session.commit()
    return story, second, codes


@pytest.mark.parametrize("revokes", [True, False])
def test_whoever_annuls_a_round_reads_which_certificates_counted_it_and_may_revoke_them(
    now, signed_in, new_client, revokes
):
    story, second, codes = issued_over_both(now)
    lan = signed_in(story.cast.lan)
    page = f"/organise/contests/{story.contest.slug}/rounds/{second.number}/annul"
    shown = unescape(lan.get(page).text)
    told = "Thu hồi cả 4 giấy chứng nhận chung cuộc đang có giá trị, vì kết quả chung cuộc"
    assert told in shown
    typed = {"reason": "Lộ đề tuần hai"}
    also = {"also-certificates-of-totals": "1"} if revokes else {}
    done = lan.submit(page, typed | also, action="/annul")
    assert ("Đã thu hồi 4 giấy chứng nhận." in unescape(lan.get(done.location).text)) == revokes
    db.session.expire_all()
    assert len(in_force(story.contest, PRIZE)) == (0 if revokes else 4)
    assert len(in_force(story.round, PRIZE)) > 0
    verified = unescape(new_client().get(f"/verify/{codes[0]}").text)
    assert ("Giấy này đã bị thu hồi" in verified) == revokes
    assert ("Lộ đề tuần hai" in verified) == revokes


def test_totals_that_did_not_count_the_round_keep_theirs_without_a_question(now):
    story, second, _codes = issued_over_both(now)
    batch = batches(story.contest.id)[0]
    assert batch.over is story.contest
    run = db.session.get_one(TotalRun, publication_of(story.contest).total_run_id)
    kept = [one for one in run.terms["rounds"] if one["number"] != second.number]
    run.terms = run.terms | {"rounds": kept}
    db.session.flush()
    assert TotalsCertificatesTakenBack().asks(second) is None
    assert TotalsCertificatesTakenBack().asks(story.round) is not None
