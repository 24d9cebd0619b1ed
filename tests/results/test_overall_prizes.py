"""Prizes over the totals of a contest: given, signed and published as those of a round."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest.accounts.actions import withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose
from contest.accounts.personal_data import keepers
from contest.contests.actions import copy_contest, disqualify
from contest.contests.models import Contest, Entry, Round, Unawarded
from contest.contests.rules import ReasonMissing
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results import queries
from contest.results.actions import (
    LevelValues,
    decide_prizes,
    make_rank_run,
    preview_prizes,
    preview_publication,
    publish,
    set_prize_levels,
    set_prize_terms,
)
from contest.results.actions.scheduling import schedule_publication
from contest.results.actions.signing import set_signatories, sign_decision
from contest.results.models import PrizeCode, Publication, SignRole, TiePolicy
from contest.results.queries.carrying import carried_into, carries_onto
from contest.results.queries.scheduling import stopped_publication
from contest.results.queries.signing import sign_state
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.refusals import (
    DecisionDateWrong,
    DecisionMoved,
    DecisionOutdated,
    NotDecidedYet,
    NotSignedYet,
    PreviewOutdated,
    PrizesFixed,
    PublishedMeanwhile,
    TieUndecided,
    TotalsMoved,
    TotalsNotReady,
)
from contest.results.rules.snapshots import prize_changes
from contest.results.rules.total_snapshots import changed_total_parts
from contest.results.rules.trace import TraceCode, trace_line
from contest.results.tasks import publish_due
from tests.results.dossier_folders import (
    AGREES,
    lines_of,
    read,
    renew_manifest,
    unpacked,
    verify,
    write,
)
from tests.results.test_totals import add_up, finish, two_weeks
from tests.support.cast import actor_of

BROIH, DUC, VI, TRAN = "K'Brỏih", "Lê Văn Đức", "Phan Nguyễn Hoàng Tường Vi", "Trần Ngọc Bảo Trân"
LEVELS = (
    LevelValues(PrizeCode.SPECIAL, 1, 9_000_000, TiePolicy.STOP),
    LevelValues(PrizeCode.FIRST, 1, 5_000_000, TiePolicy.SHRINK),
    LevelValues(PrizeCode.SECOND, 1, 3_000_000, TiePolicy.EXPAND),
)
HOUR = timedelta(hours=1)


def added_up(now, levels=LEVELS, *, once=False):
    """Two published weeks of which K'Brỏih has 100 points, Đức 98, and two share place 3."""
    story, second = two_weeks(now)
    story.contest.one_prize_per_person = once
    finish(story, story.round, now)
    finish(story, second, now)
    add_up(story, now)
    set_prize_levels(over=story.contest, levels=levels, actor=story.organiser, now=now)
    return story, second


def decide(story, now, **more):
    return decide_prizes(over=story.contest, actor=story.organiser, now=now, **more)


def go_public(story, now, **more):
    said = {"decision_number": "12-QĐ/BTC", "decided_on": None} | more
    return publish(over=story.contest, actor=story.organiser, now=now, **said)


def out_of(round, story, now):
    """K'Brỏih, who was first, is disqualified in a round, and it is ranked again."""
    lan = story.organiser
    entry = db.session.get_one(Entry, story.entries[BROIH].id)
    disqualify(entry=entry, round=round, reason="Hai tài khoản", actor=lan, now=now)
    make_rank_run(round=round, reason="Loại", actor=lan, now=now)


def winners(allocation):
    return [
        (one.level.code.value, one.place, one.entry.registration.full_name, one.money)
        for one in queries.awards_of(allocation.id)
    ]


def codes(allocation):
    return [trace_line(line).code for line in allocation.trace]


@pytest.mark.usefixtures("context")
def test_prizes_follow_the_places_of_the_total(now):
    story, _second = added_up(now)
    made = decide(story, now)
    assert (
        winners(made)
        == [
            ("special", 1, BROIH, 9_000_000),
            ("first", 2, DUC, 5_000_000),
            ("second", 3, VI, 3_000_000),  # equal at the line: both get it
            ("second", 3, TRAN, 3_000_000),
        ]
        or {line[2] for line in winners(made)[2:]} == {VI, TRAN}
    )
    assert codes(made)[:3] == [TraceCode.GIVEN, TraceCode.GIVEN, TraceCode.EXPANDED]
    assert codes(made)[-1] is TraceCode.NEXT
    levels = queries.prize_levels(story.contest)
    assert (
        queries.budget(levels).money
        == 17_000_000
        < preview_prizes(story.contest, made.ranking).money
    )
    with pytest.raises(PrizesFixed):
        set_prize_levels(over=story.contest, levels=[], actor=story.organiser, now=now)


@pytest.mark.usefixtures("context")
def test_a_tie_at_the_line_waits_for_a_person(now):
    tie = LevelValues(PrizeCode.FIRST, 3, 1_000_000, TiePolicy.STOP)
    story, _second = added_up(now, [tie])
    (level,) = queries.prize_levels(story.contest)
    with pytest.raises(TieUndecided):
        decide(story, now)
    lots = TieDecision(frozenset({story.entries[TRAN].id}), "Bốc thăm, biên bản số 12")
    made = decide(story, now, decisions={(None, level.id): lots})
    assert {line[2] for line in winners(made)} == {BROIH, DUC, TRAN}
    assert TraceCode.CHOSEN in codes(made)


@pytest.mark.usefixtures("context")
def test_who_has_a_prize_of_a_round_gets_none_over_the_total(now):
    story, _second = added_up(
        now, [LevelValues(PrizeCode.FIRST, 9, 0, TiePolicy.EXPAND)], once=True
    )
    before = {
        line[2]
        for each in story.contest.rounds
        for line in winners(queries.latest_allocation(each))
    }
    made = decide(story, now)
    got = {line[2] for line in winners(made)}
    assert BROIH in before
    assert got
    assert not got & before
    assert TraceCode.WON_BEFORE in codes(made)
    # And the other way round: who has one over the total gets none in a round decided again.
    again = decide_prizes(over=story.round, reason="Xét lại", actor=story.organiser, now=now)
    assert not {line[2] for line in winners(again)} & got


@pytest.mark.usefixtures("context")
def test_a_unit_gets_no_more_than_its_cap_and_staff_get_none(now):
    story, _second = added_up(now, [LevelValues(PrizeCode.FIRST, 6, 0, TiePolicy.EXPAND)])
    set_prize_terms(over=story.contest, per_author=None, per_unit=1, actor=story.organiser, now=now)
    made = decide(story, now)
    assert len(winners(made)) < 6
    assert {TraceCode.UNIT_FULL, TraceCode.DRAWN_OUT} & set(codes(made))


@pytest.mark.usefixtures("context")
def test_prizes_left_empty_and_decided_again_have_their_reasons(now):
    story, _second = added_up(now)
    top = queries.prize_levels(story.contest)[0]
    empty = {(None, top.id): Withheld(1, "Chưa đủ mức giải đặc biệt")}
    made = decide(story, now, empty=empty)
    assert winners(made)[0][:3] == ("first", 1, BROIH)
    with pytest.raises(ReasonMissing):
        decide(story, now)
    with pytest.raises(DecisionMoved):
        decide(story, now, reason="Xét lại", expected=made.digest)
    assert decide(story, now, reason="Xét lại").number == 2


@pytest.mark.usefixtures("context")
def test_nothing_is_decided_over_totals_that_are_old_or_not_there(now):
    story, second = two_weeks(now)
    with pytest.raises(TotalsNotReady):
        decide(story, now)
    finish(story, story.round, now)
    finish(story, second, now)
    add_up(story, now)
    decide(story, now)  # without prizes: the places as they stand
    out_of(second, story, now)
    with pytest.raises(TotalsMoved):
        decide(story, now, reason="Xét lại")
    with pytest.raises(TotalsMoved):
        go_public(story, now)


@pytest.mark.usefixtures("context")
def test_they_are_signed_before_they_are_public(now):
    story, _second = added_up(now)
    with pytest.raises(NotDecidedYet):
        go_public(story, now)
    decide(story, now)
    people = {SignRole.SECRETARY: story.cast.hoa, SignRole.CHAIR: story.cast.tu}
    set_signatories(over=story.contest, people=people, actor=story.organiser, now=now)
    for person in (story.cast.hoa, story.cast.tu):
        with pytest.raises(NotSignedYet):
            go_public(story, now)
        sign_decision(
            over=story.contest,
            expected=sign_state(story.contest).allocation.digest,
            actor=actor_of(person, now, second_factor=True),
            now=now,
        )
    assert sign_state(story.contest).is_final
    assert sign_state(story.round).lines == ()  # the rounds are signed apart
    assert go_public(story, now).number == 1
    decide(story, now, reason="Xét lại")
    with pytest.raises(NotSignedYet):
        go_public(story, now, reason="Xét lại")


@pytest.mark.usefixtures("context")
def test_what_is_published_names_winners_by_consent_and_tells_what_changed(now):
    story, second = added_up(now)
    decide(story, now)
    seen = preview_publication(story.contest, now=now)
    with pytest.raises(PreviewOutdated):
        go_public(story, now, expected_body="another")
    with pytest.raises(PublishedMeanwhile):
        go_public(story, now, expected_number=2)
    with pytest.raises(DecisionDateWrong):
        go_public(story, now, decided_on=(now - timedelta(days=3)).date())
    go_public(story, now, expected_body=seen.body, expected_number=seen.number)
    (head,) = queries.public_total_heads("tim-hieu-2026")
    said = queries.published_totals(head)
    assert [(one.name, said.level_of(one).code) for one in said.winners[:2]] == [
        (BROIH, "special"),
        (DUC, "first"),
    ]
    assert {one.name for one in said.winners[2:]} == {VI, "T.N.B.T."}
    with pytest.raises(ReasonMissing):
        go_public(story, now)

    out_of(second, story, now)
    decide_prizes(over=second, reason="Loại", actor=story.organiser, now=now)
    publish(
        over=second,
        decision_number="13",
        decided_on=None,
        reason="Loại",
        actor=story.organiser,
        now=now,
    )
    with pytest.raises(TotalsMoved):
        go_public(story, now, reason="Loại")
    add_up(story, now, reason="Loại")
    with pytest.raises(DecisionOutdated):
        go_public(story, now, reason="Loại")
    decide(story, now, reason="Loại")
    after = preview_publication(story.contest, now=now).page
    moves = {
        change.winner.name: (change.old and change.old.code, change.new and change.new.code)
        for change in prize_changes(said, after)
    }
    assert moves[DUC] == ("first", "special")
    assert set(changed_total_parts(said, after)) >= {"winners", "totals"}
    assert go_public(story, now, reason="Loại").number == 2

    consent = db.session.scalars(
        select(Consent).where(
            Consent.person_id == story.persons[DUC].id,
            Consent.purpose == ConsentPurpose.PUBLISH_NAME,
        )
    ).one()
    withdraw_consent(consent=consent, actor=None, now=now)
    heads = queries.public_total_heads("tim-hieu-2026")
    for each in heads:
        shown = queries.published_totals(each)
        assert DUC not in [one.name for one in shown.winners]
        assert DUC not in [one.name for one in shown.lines]
        assert shown.digest == each.digest


@pytest.mark.usefixtures("context")
def test_what_rounds_leave_is_given_over_the_total(now):
    story, second = two_weeks(now)
    story.contest.unawarded = Unawarded.OVERALL
    plenty = [LevelValues(PrizeCode.FIRST, 3, 0, TiePolicy.STOP)]
    set_prize_levels(over=second, levels=plenty, actor=story.organiser, now=now)
    assert carries_onto(second) is None  # nothing gives prizes over the total yet
    set_prize_levels(over=story.contest, levels=LEVELS, actor=story.organiser, now=now)
    assert carries_onto(second) is story.contest
    finish(story, story.round, now)
    finish(story, second, now)
    assert carried_into(second) == []
    left = [(one.count, one.title) for one in carried_into(story.contest)]
    assert left == [(2, "Tuần 2")]  # one of the two there has a prize of the first week
    add_up(story, now)
    made = decide(story, now)
    lines = [trace_line(line) for line in made.trace]
    assert TraceCode.CARRIED_IN in [line.code for line in lines]
    firsts = [line for line in winners(made) if line[0] == "first"]
    assert len(firsts) > 1 or TraceCode.LEFT_OVER in codes(made)


# ── with the database committed ─────────────────────────────────────────────────────────────────
ORGANISE = "/organise/contests/tim-hieu-2026/totals"
PUBLIC = "/contests/tim-hieu-2026/results/totals"


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        now = utc_now()
        made, _second = added_up(now)
        decide(made, now)
        return made


def contest_of(story):
    return db.session.get_one(Contest, story.contest.id)


def plan(story, now):
    contest = contest_of(story)
    seen = preview_publication(contest, now=now)
    return schedule_publication(
        over=contest,
        due_at=now + HOUR,
        decision_number="12-QĐ/BTC",
        decided_on=None,
        expected_body=seen.body,
        expected_number=seen.number,
        actor=story.organiser,
        now=now,
    ).id


def test_they_appear_at_their_instant_or_say_why_not(app, client, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        planned = plan(story, now)
    for address in (PUBLIC, f"{PUBLIC}.csv", f"{PUBLIC}.xlsx"):
        assert client.get(address).status_code == 404
    with app.app_context():
        assert publish_due(planned, address="", now=now + HOUR)
        assert not publish_due(planned, address="", now=now + HOUR)
        made = db.session.scalars(
            select(Publication).where(Publication.contest_id == story.contest.id)
        ).one()
        assert (made.number, made.published_at) == (1, now + HOUR)
        shown = len(made.snapshot["lines"])
    assert client.get(PUBLIC).status_code == 200
    places = client.get(f"{PUBLIC}.csv", headers={"Accept-Language": "vi"}).text.splitlines()
    assert places[0].removeprefix("\ufeff").startswith("Hạng,Họ và tên,Đơn vị,Bảng,")
    assert len(places) == 1 + shown
    assert client.get(f"{PUBLIC}.xlsx").status_code == 200


def test_a_list_that_moved_does_not_appear(app, client, story):
    now = utc_now()
    with app.app_context(), unit_of_work():
        planned = plan(story, now)
        second = db.session.scalars(
            select(Round).where(Round.contest_id == story.contest.id, Round.number == 2)
        ).one()
        out_of(second, story, now)
    with app.app_context():
        assert not publish_due(planned, address="", now=now + HOUR)
        assert "tổng" in stopped_publication(contest_of(story)).problem
    assert client.get(PUBLIC).status_code == 404


def test_nobody_else_reads_anything_of_unpublished_prizes(story, signed_in, new_client):
    """Winners of the decision stand on no page, and in no file, of others."""
    for client in (new_client(), signed_in(story.cast.minh), signed_in(story.cast.bao)):
        for path in ("", "/prizes", "/prizes/trace", "/sign-off", "/publication/preview"):
            assert client.get(f"{ORGANISE}{path}").status_code in {302, 403, 404}
        for path in (
            PUBLIC,
            "/contests/tim-hieu-2026/results/1",
            "/contests/tim-hieu-2026/results/2",
            "/contests",
            "/",
        ):
            page = client.get(path).text
            assert "9.000.000" not in page
            assert "9,000,000" not in page
        # What can be won is told to all, who has won it to nobody.
        told = client.get("/contests/tim-hieu-2026").text
        assert "9.000.000" in told or "9,000,000" in told
        assert not [name for name in (BROIH, DUC, VI) if name.replace("'", "&#39;") in told]


def test_organisers_set_decide_sign_and_publish_them_on_the_pages(story, signed_in, new_client):
    lan = signed_in(story.cast.lan)
    for path in ("", "?view=now", "/prizes", "/prizes/trace", "/sign-off", "/publication"):
        page = lan.get(f"{ORGANISE}{path}", headers={"Accept-Language": "en"})
        assert page.status_code == 200, path
    shown = lan.get(f"{ORGANISE}/prizes/trace", headers={"Accept-Language": "en"}).text
    assert BROIH.replace("'", "&#39;") in shown
    assert "points" in shown
    levels = lan.get("/organise/contests/tim-hieu-2026/prizes?round=total").text
    assert "9.000.000" in levels
    preview = lan.get(f"{ORGANISE}/publication/preview")
    assert "9.000.000" in preview.text
    assert lan.get(f"{ORGANISE}/prize-list.csv").text.count("000.000") >= 4
    for paper in ("decision", "minutes"):
        assert lan.get(f"{ORGANISE}/documents/{paper}.pdf").data.startswith(b"%PDF")
    assert lan.get(f"{ORGANISE}/ceremony?step=1").status_code == 200
    assert new_client().get(PUBLIC).status_code == 404


@pytest.mark.usefixtures("context")
def test_the_dossier_gives_them_again_and_finds_every_change(now, tmp_path):
    story, _second = added_up(now)
    decide(story, now)
    go_public(story, now)
    folder = unpacked(story.contest, tmp_path)
    assert verify(folder) == AGREES
    rows = read(folder, "prizes.csv")
    places = [place for place, row in enumerate(rows) if row[0] == "total"]
    assert len(places) == 4
    for place in places:
        for column, other in ((2, "9 first"), (3, "7"), (4, "ABCDEFGHIJKL"), (5, "1")):
            changed = [list(row) for row in rows]
            changed[place][column] = other
            write(folder, "prizes.csv", changed)
            renew_manifest(folder)
            assert lines_of(folder), (place, column)
    write(folder, "prizes.csv", [row for place, row in enumerate(rows) if place != places[0]])
    assert lines_of(folder)
    write(folder, "prizes.csv", rows)
    renew_manifest(folder)
    assert lines_of(folder) == []


@pytest.mark.usefixtures("context")
def test_an_entry_of_somebody_is_not_another_prize(now):
    """A second entry of one person makes no second person of the total."""
    story, _second = added_up(now)
    person = story.entries[BROIH]
    db.session.add(
        Entry(
            contest_id=story.contest.id,
            registration_id=person.registration_id,
            ordinal=2,
            created_at=now,
        )
    )
    db.session.flush()
    made = decide(story, now)
    assert [line[2] for line in winners(made)].count(BROIH) == 1


def test_places_without_prizes_are_signed_and_told_as_they_stand(app, signed_in):
    with app.app_context(), unit_of_work():
        now = utc_now()
        story, _second = added_up(now, ())
        decide(story, now)
        people = {SignRole.CHAIR: story.cast.tu}
        set_signatories(over=story.contest, people=people, actor=story.organiser, now=now)
        for person in (story.cast.lan, story.cast.tu, story.cast.minh):
            db.session.refresh(person)
    lan, tu = signed_in(story.cast.lan), signed_in(story.cast.tu)
    assert lan.get(f"{ORGANISE}/prize-list.csv").status_code == 409  # not final yet
    shown = tu.get("/signing/totals/tim-hieu-2026", headers={"Accept-Language": "en"}).text
    assert DUC in shown
    assert "98" in shown
    assert signed_in(story.cast.minh).get("/signing/totals/tim-hieu-2026").status_code == 404


@pytest.mark.usefixtures("context")
def test_a_copied_contest_gives_the_same_prizes_over_its_total(now):
    story, _second = added_up(now)
    copy = copy_contest(
        source=story.contest, title="Năm sau", starts_on=None, actor=story.organiser, now=now
    )
    told = [(level.code, level.quota, level.money) for level in queries.prize_levels(copy)]
    assert told == [(level.code, level.quota, level.money) for level in LEVELS]


def test_the_copy_of_somebodys_data_holds_their_published_place(app, context, now):
    story, _second = added_up(now)
    decide(story, now)
    keeper = next(each for each in keepers() if each.code == "results")

    def told():
        (results, _appeals) = keeper.copy(story.persons[DUC])
        return [{line.code: line.value for line in record.lines} for record in results.records]

    def of_totals():
        return [(line["place"], line["prize"]) for line in told() if "points" in line]

    assert of_totals() == []
    go_public(story, now)
    assert of_totals() == [(2, "Giải Nhất")]
