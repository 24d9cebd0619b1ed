"""Certificates over the totals of a contest: the prizes there, beside those of the rounds."""

import pytest

from contest.awards.actions.certificates import issue_certificates
from contest.awards.models import CertificateKind
from contest.awards.queries.certificates import batches, certificates_of_batch, in_force
from contest.awards.refusals import CertificatesNotReady, NobodyToCertify
from contest.core.db import db
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
