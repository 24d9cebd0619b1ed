"""Publishing: what stands in a snapshot, names, corrections, and two organisers at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest.accounts.actions import withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose, UnitHeadcount
from contest.contests.actions import DivisionPlan, disqualify
from contest.contests.models import Stage
from contest.contests.rules import ReasonMissing
from contest.core.db import db
from contest.results import queries
from contest.results.actions import (
    LevelValues,
    decide_prizes,
    make_rank_run,
    preview_publication,
    publish,
)
from contest.results.models import PrizeCode, Publication, TiePolicy
from contest.results.rules.refusals import (
    DecisionDateWrong,
    DecisionOutdated,
    NotDecidedYet,
    PreviewOutdated,
    PublishedMeanwhile,
)
from contest.results.rules.snapshots import changed_parts, digest_of, prize_changes
from tests.results.stories import TAKERS, closed_round

pytestmark = pytest.mark.usefixtures("context")


def decided(now, takers=TAKERS, **kwargs):
    story = closed_round(now, takers, **kwargs)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    decide_prizes(over=story.round, actor=story.organiser, now=now)
    return story


def go_public(story, now, **kwargs):
    values = {"decision_number": "47-QĐ/BTC", "decided_on": None} | kwargs
    return publish(over=story.round, actor=story.organiser, now=now, **values)


def page_of(story):
    head = queries.publication_head(story.contest.slug, story.round.number)
    assert head is not None
    return queries.publication(head)


def test_before_publication_there_is_nothing_to_find(now):
    story = decided(now)
    assert queries.publication_head(story.contest.slug, 1) is None
    assert queries.published_rounds() == []
    assert queries.latest_publication(story.round.id) is None


def test_a_publication_says_it_all(now):
    story = decided(now)
    go_public(story, now, decided_on=date(2026, 9, 2))
    said = page_of(story)
    assert [winner.name for winner in said.winners] == [
        "Phan Nguyễn Hoàng Tường Vi",
        "K'Brỏih",
        "T.N.B.T.",
        "T.N.Q.N.",
    ]
    assert (said.persons, said.attempts, said.ranked) == (6, 6, 6)
    assert said.facts["n"] == {"all": 3}
    assert said.money == 9_500_000
    assert [(line.path[0], line.persons) for line in said.branches] == [
        ("Phường Xuân Hương", 5),
        ("Trường THPT Sông Trà", 1),
    ]
    assert [line.answers for line in said.answers] == [("Ngày 19/5/1890",), ("Năm 1927",)]
    assert said.answers[0].explanation == "Giải thích 1"
    assert story.round.stage is Stage.PUBLISHED


def test_a_child_is_never_named_and_consent_is_needed(now):
    story = decided(now)
    go_public(story, now)
    named = {winner.name: winner.is_full_name for winner in page_of(story).winners}
    assert named["T.N.B.T."] is False  # gave no consent
    assert named["T.N.Q.N."] is False  # is sixteen


def test_the_digest_is_that_of_the_snapshot(now):
    story = decided(now)
    made = go_public(story, now)
    db.session.expire_all()
    kept = db.session.scalars(
        select(Publication).where(Publication.id == made.id).options(undefer(Publication.snapshot))
    ).one()
    assert digest_of(kept.snapshot) == kept.digest


def test_no_name_that_may_not_be_shown_is_in_the_snapshot(now):
    story = decided(now)
    made = go_public(story, now)
    text = str(made.snapshot)
    for hidden in ("Trần Ngọc Bảo Trân", "Tôn Nữ Quỳnh Như", "Lê Văn Đức", "H'Nhung Êban"):
        assert hidden not in text


def test_a_withdrawn_consent_leaves_initials_and_the_digest(now):
    story = decided(now)
    made = go_public(story, now)
    person = story.persons["Phan Nguyễn Hoàng Tường Vi"]
    consent = db.session.scalars(
        select(Consent).where(
            Consent.person_id == person.id, Consent.purpose == ConsentPurpose.PUBLISH_NAME
        )
    ).one()
    withdraw_consent(consent=consent, actor=story.organiser, now=now)
    said = page_of(story)
    assert said.winners[0].name == "P.N.H.T.V."
    assert said.digest == made.digest
    assert len(said.hidden) == 1
    assert said.winners[1].name == "K'Brỏih"


def test_a_head_count_gives_the_share(now):
    story = closed_round(now)
    ward = story.cast.ward
    db.session.add(UnitHeadcount(unit_id=ward.id, counted_on=date(2026, 1, 1), persons=8))
    db.session.add(UnitHeadcount(unit_id=ward.id, counted_on=date(2026, 8, 1), persons=10))
    db.session.add(UnitHeadcount(unit_id=ward.id, counted_on=date(2027, 1, 1), persons=999))
    db.session.flush()
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    decide_prizes(over=story.round, actor=story.organiser, now=now)
    go_public(story, now)
    line = page_of(story).branches[0]
    assert (line.headcount, line.counted_on, line.share) == (10, date(2026, 8, 1), 0.5)


def test_a_correction_says_why_and_the_first_stays(now):
    story = decided(now)
    first = go_public(story, now)
    disqualify(
        entry=story.entries["K'Brỏih"],
        round=story.round,
        reason="Thi hộ",
        actor=story.organiser,
        now=now,
    )
    make_rank_run(round=story.round, reason="Hủy", actor=story.organiser, now=now)
    assert story.round.stage is Stage.PUBLISHED
    with pytest.raises(DecisionOutdated):
        go_public(story, now, reason="Hủy một kết quả")
    decide_prizes(over=story.round, reason="Hủy", actor=story.organiser, now=now)
    with pytest.raises(ReasonMissing):
        go_public(story, now)
    second = go_public(story, now + timedelta(days=1), reason="Hủy một kết quả thi hộ")
    said = page_of(story)
    assert (said.number, said.reason, said.corrects) == (
        2,
        "Hủy một kết quả thi hộ",
        first.digest,
    )
    old_head = queries.publication_head(story.contest.slug, 1, 1)
    assert old_head is not None
    old = queries.publication(old_head)
    assert old.winners[1].name == "K'Brỏih"
    changes = {change.winner.name: change for change in prize_changes(old, said)}
    assert changes["K'Brỏih"].new is None
    assert changes["Lê Văn Đức"].old is None
    assert set(changed_parts(old, said)) == {"winners", "facts"}
    assert [head.number for head in queries.publication_heads(story.round.id)] == [2, 1]
    assert second.number == 2


def test_of_two_organisers_at_once_one_publishes(now):
    story = decided(now)
    seen = preview_publication(story.round, now=now)
    go_public(story, now, expected_body=seen.body, expected_number=seen.number)
    with pytest.raises(PublishedMeanwhile):
        go_public(story, now, expected_body=seen.body, expected_number=seen.number)


def test_what_was_previewed_is_what_is_published(now):
    story = decided(now)
    seen = preview_publication(story.round, now=now)
    person = story.persons["K'Brỏih"]
    consent = db.session.scalars(
        select(Consent).where(
            Consent.person_id == person.id, Consent.purpose == ConsentPurpose.PUBLISH_NAME
        )
    ).one()
    withdraw_consent(consent=consent, actor=story.organiser, now=now)
    with pytest.raises(PreviewOutdated):
        go_public(story, now, expected_body=seen.body, expected_number=seen.number)


def test_nothing_undecided_is_published(now):
    story = closed_round(now)
    with pytest.raises(NotDecidedYet):
        go_public(story, now)
    make_rank_run(round=story.round, actor=story.organiser, now=now)
    with pytest.raises(NotDecidedYet):
        go_public(story, now)


@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2026, 9, 3)])
def test_the_date_of_the_decision_lies_between_close_and_today(now, day):
    story = decided(now)
    with pytest.raises(DecisionDateWrong):
        go_public(story, now, decided_on=day)


def test_divisions_have_places_and_prizes_of_their_own(now):
    plans = [DivisionPlan("Bảng A", None, 17), DivisionPlan("Bảng B", 18, None)]
    one = [LevelValues(PrizeCode.FIRST, 1, 1_000_000, TiePolicy.STOP)]
    story = decided(now, divisions=plans, levels=one)
    go_public(story, now)
    said = page_of(story)
    assert [(winner.division, winner.place, winner.name) for winner in said.winners] == [
        ("Bảng A", 1, "T.N.Q.N."),
        ("Bảng B", 1, "Phan Nguyễn Hoàng Tường Vi"),
    ]


def test_my_place_beside_the_neighbours(now):
    story = decided(now)
    go_public(story, now)
    head = queries.publication_head(story.contest.slug, 1)
    assert head is not None
    own = queries.own_place(story.persons["K'Brỏih"].id, head.id)
    assert own is not None
    assert (own.place, own.ranked, own.equals) == (2, 6, 0)
    assert own.above is not None
    assert own.below is not None
    assert (own.above.place, own.below.place) == (1, 3)
    assert own.prize is not None
    assert own.prize.code is PrizeCode.SECOND
    assert queries.own_place(story.cast.an.id, head.id) is None
