"""Unit prizes and side prizes from the rules to the publication, and what is refused."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from contest.accounts.actions import withdraw_consent
from contest.accounts.models import Consent, ConsentPurpose
from contest.awards.models.certificates import CertificateKind
from contest.awards.queries.certificates import publication_of, recipients
from contest.contests.models import Entry, Round
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.i18n import format_money
from contest.core.spreadsheets import read_workbook
from contest.core.transactions import unit_of_work
from contest.results import queries
from contest.results.actions import (
    ExtraValues,
    decide_prizes,
    make_rank_run,
    preview_extras,
    preview_prizes,
    publish,
    set_extra_prizes,
)
from contest.results.dossier.extra_checks import check_extras
from contest.results.dossier.reading import Report, Row
from contest.results.dossier.standing_checks import Unit
from contest.results.models import Measure, TiePolicy
from contest.results.queries.extra_prizes import extra_prizes
from contest.results.queries.kept_answers import answers_in_force
from contest.results.result_documents import annex_rows
from contest.results.rules.extra_prizes import ExtraAnswers, Pick, kept_extras
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.refusals import (
    DecisionMoved,
    EmptyReasonMissing,
    ExtraPrizeWrong,
    PickedTooMany,
    PrizesFixed,
    TieUndecided,
)
from tests.results.dossier_folders import AGREES, lines_of, read, tampered, unpacked, verify
from tests.results.stories import TAKERS, closed_round
from tests.support.cast import sign_in_as

VI, BROIH, TRAN, NHU, DUC, NHUNG = (taker.name for taker in TAKERS)
PRIZES = (
    ExtraValues(Measure.PERSONS, "Giải Nhất tập thể", 1, 5_000_000),
    ExtraValues(Measure.PERSONS, "Giải Nhì tập thể", 1, 3_000_000, TiePolicy.EXPAND),
    ExtraValues(Measure.WINNERS, "Đơn vị nhiều giải nhất", 1, 2_000_000),
    ExtraValues(Measure.YOUNGEST, "Thí sinh nhỏ tuổi nhất", 1, 500_000),
    ExtraValues(Measure.EARLIEST_PERFECT, "Trả lời đúng hết sớm nhất", 1, 500_000),
    ExtraValues(Measure.BY_HAND, "Được yêu thích nhất", 1, 500_000, terms="Theo bình chọn"),
)


@pytest.fixture
def story(app):
    with app.app_context(), unit_of_work():
        takers = [replace(one, submitted=60 * n) for n, one in enumerate(TAKERS)]
        story = closed_round(utc_now(), takers)
        lan = story.organiser
        set_extra_prizes(over=story.round, prizes=PRIZES, actor=lan, now=utc_now())
        make_rank_run(round=story.round, actor=lan, now=utc_now())
        return story


def given(round, answers=None):
    run = queries.latest_run(round.id)
    found = preview_extras(round, run, preview_prizes(round, run), answers).outcome
    return [
        (one.prize.name, found.units[one.to][0] if one.prize.is_for_units else one.to, one.place)
        for one in found.given
    ]


def test_units_and_people_get_them_by_measure_and_nothing_else_moves(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        pick = Pick(story.entries[NHUNG].id, "412 lượt")
        answers = ExtraAnswers({}, {prize_id(round, 6): [pick]})
        assert given(round, answers) == [
            ("Giải Nhất tập thể", "Phường Xuân Hương", 1),
            ("Giải Nhì tập thể", "Trường THPT Sông Trà", 2),
            ("Đơn vị nhiều giải nhất", "Phường Xuân Hương", 1),
            ("Thí sinh nhỏ tuổi nhất", story.entries[NHU].id, 1),
            ("Trả lời đúng hết sớm nhất", story.entries[VI].id, 1),
            ("Được yêu thích nhất", story.entries[NHUNG].id, None),
        ]


def prize_id(round, position):
    return extra_prizes(round)[position - 1].id


def decide(round, story, **others):
    return decide_prizes(over=round, actor=story.organiser, now=utc_now(), **others)


def test_a_decision_keeps_them_with_terms_trace_and_names_in_its_digest(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        without = decide(round, story)
        kept = kept_extras(without.extras)
        assert [(one.name, len(one.awards)) for one in kept] == [
            (one.name, 0 if one.measure is Measure.BY_HAND else 1) for one in PRIZES
        ]
        assert kept[0].units[kept[0].awards[0]["to"]][0] == "Phường Xuân Hương"
        assert [line.code.value for line in kept[5].trace] == ["unpicked"]
        pick = {prize_id(round, 6): [Pick(story.entries[NHUNG].id, "412 lượt bình chọn")]}
        again = decide(round, story, answers=ExtraAnswers({}, pick), reason="Bổ sung giải phụ")
        assert again.digest != without.digest
        assert again.trace == without.trace
        assert kept_extras(again.extras)[5].awards[0]["reason"] == "412 lượt bình chọn"


def test_a_prize_of_a_measure_is_left_empty_with_a_reason_and_the_next_of_its_order_moves_up(
    app, story, tmp_path
):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        first, youngest = prize_id(round, 1), prize_id(round, 4)
        silent = ExtraAnswers(empty={youngest: Withheld(1, " ")})
        with pytest.raises(EmptyReasonMissing):
            decide(round, story, answers=silent)
        answers = ExtraAnswers(
            empty={
                first: Withheld(1, "Chưa đơn vị nào đạt nửa số người"),
                youngest: Withheld(1, "Chưa đủ tuổi dự thi"),
            }
        )
        allocation = decide(round, story, answers=answers)
        kept = kept_extras(allocation.extras)
        assert [len(one.awards) for one in kept] == [0, 1, 1, 0, 1, 0]
        assert kept[1].units[kept[1].awards[0]["to"]][0] == "Phường Xuân Hương"
        (step,) = kept[3].trace
        assert (step.code.value, step.reason) == ("withheld", "Chưa đủ tuổi dự thi")
        assert answers_in_force(round).extras.empty == answers.empty
        publish(
            over=round,
            decision_number="1",
            decided_on=None,
            actor=story.organiser,
            now=utc_now(),
        )
        folder = unpacked(story.contest, tmp_path)
    assert verify(folder, "--ignore-digests")[0] == 0


def test_two_of_an_age_wait_for_a_person_whatever_the_levels_say(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        twin = db.session.get_one(Entry, story.entries[DUC].id).registration
        twin.birth_date = date(2010, 1, 1)
        db.session.flush()
        with pytest.raises(TieUndecided):
            decide(round, story)
        youngest = prize_id(round, 4)
        lots = TieDecision(frozenset({story.entries[DUC].id}), "Bốc thăm")
        allocation = decide(round, story, answers=ExtraAnswers({youngest: lots}))
        award = kept_extras(allocation.extras)[3].awards[0]
        assert (award["to"], award["reason"]) == (story.entries[DUC].id, "Bốc thăm")


def test_what_was_not_looked_at_is_not_decided(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        with pytest.raises(DecisionMoved):
            decide(round, story, expected="0" * 64)
        entries = [story.entries[name].id for name in (VI, NHU)]
        picks = {prize_id(round, 6): [Pick(one, "như nhau") for one in entries]}
        with pytest.raises(PickedTooMany):
            decide(round, story, answers=ExtraAnswers({}, picks))
        assert queries.latest_allocation(round) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "Giải " + "a" * 116},
        {"quota": 0},
        {"money": -1},
        {"fewest": -1},
    ],
)
def test_prizes_that_cannot_be_are_refused_and_nothing_is_replaced(app, story, wrong):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        prizes = [*PRIZES, replace(PRIZES[0], **wrong)]
        with pytest.raises(ExtraPrizeWrong):
            set_extra_prizes(over=round, prizes=prizes, actor=story.organiser, now=utc_now())
        assert [one.name for one in extra_prizes(round)] == [one.name for one in PRIZES]


def test_decided_prizes_stay_as_they_are(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        decide(round, story)
        with pytest.raises(PrizesFixed):
            set_extra_prizes(over=round, prizes=(), actor=story.organiser, now=utc_now())


def test_a_name_of_120_signs_and_more_prizes_than_units_are_taken(app, story):
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        long = ExtraValues(Measure.RATIO, "Đ" * 120, 10_000, 0)
        many = ExtraValues(Measure.PERSONS, "Giải tập thể", 10_000, 1_000)
        set_extra_prizes(over=round, prizes=[long, many], actor=story.organiser, now=utc_now())
        kept = kept_extras(decide(round, story).extras)
        assert [len(one.awards) for one in kept] == [0, 2]  # no head-count is known
        assert kept[1].trace[-1].count == 9_998


PRIZE_PAGE = "/organise/contests/tim-hieu-2026/prizes"
DECIDE = "/organise/contests/tim-hieu-2026/rounds/1/prizes"
VIETNAMESE = {"Accept-Language": "vi"}


def row(number, **fields):
    return {f"extras-{number}-{name}": value for name, value in fields.items()}


def test_lan_sets_them_on_the_page_and_wrong_rows_are_told_at_the_field(app, client, story):
    sign_in_as(client, story.cast.lan)
    page = client.get(PRIZE_PAGE, headers=VIETNAMESE)
    assert all(one.name in page.text for one in PRIZES)
    right = row(
        0,
        measure="ratio",
        name="Giải phong trào",
        quota="2",
        money="1.000.000",
        policy="expand",
        fewest="50",
    )
    wrong = row(1, measure="persons", name="", quota="1", money="", policy="stop")
    refused = client.post(f"{PRIZE_PAGE}/beside", data=right | wrong, headers=VIETNAMESE)
    assert refused.status_code == 422
    assert "Hãy đặt tên cho giải này." in refused.text
    nonsense = right | row(0, money="nhiều tiền", quota="-3")
    assert client.post(f"{PRIZE_PAGE}/beside", data=nonsense).status_code == 422
    with app.app_context(), unit_of_work():
        assert len(extra_prizes(db.session.get_one(Round, story.round.id))) == len(PRIZES)
    assert client.post(f"{PRIZE_PAGE}/beside", data=right).status_code == 302
    with app.app_context(), unit_of_work():
        (kept,) = extra_prizes(db.session.get_one(Round, story.round.id))
        assert (kept.name, kept.quota, kept.money, kept.fewest) == (
            "Giải phong trào",
            2,
            1_000_000,
            50,
        )
    sign_in_as(client, story.cast.bao)
    assert client.post(f"{PRIZE_PAGE}/beside", data=right).status_code == 404


def test_lan_chooses_by_hand_sees_the_outcome_and_decides(app, client, story):
    with app.app_context(), unit_of_work():
        code = db.session.get_one(Entry, story.entries[NHUNG].id).registration.code
    sign_in_as(client, story.cast.lan)
    page = client.get(DECIDE, headers=VIETNAMESE)
    assert "Đơn vị nhiều giải nhất" in page.text
    choice = {"pick-6-codes": "KHONG\0-CO", "pick-6-reason": "412 lượt\0bình chọn"}
    found = re.search(r'name="expected"[^>]*value="([0-9a-f]{64})"', page.text)
    run = re.search(r'name="run"[^>]*value="([^"]+)"', page.text)
    sent = {"step": "decide", "expected": found.group(1), "run": run.group(1)}
    refused = client.post(DECIDE, data=choice | sent, headers=VIETNAMESE)
    assert refused.status_code == 422
    assert "KHONG, -CO" in refused.text  # a NUL is no sign of a code
    choice["pick-6-codes"] = code.lower()
    choice |= {"empty-extra-2-count": "1", "empty-extra-2-reason": "Chỉ trao một giải"}
    looked = client.post(DECIDE, data=choice | {"step": "look"}, headers=VIETNAMESE)
    assert "412 lượt bình chọn" in looked.text
    assert "Chỉ trao một giải" in looked.text
    found = re.search(r'name="expected"[^>]*value="([0-9a-f]{64})"', looked.text)
    sent["expected"] = found.group(1)
    assert client.post(DECIDE, data=choice | sent).status_code == 302
    trace = client.get(f"{DECIDE}/trace", headers=VIETNAMESE)
    assert "Được yêu thích nhất" in trace.text
    assert "412 lượt bình chọn" in trace.text
    assert "để trống 1 giải theo quyết định. Chỉ trao một giải" in trace.text
    assert "sinh ngày 01/01/2010" in trace.text


def published_story(app, story):
    """Decided with a choice of the council, and published."""
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        chosen = [Pick(story.entries[TRAN].id, "Bà Trân nhận nhiều phiếu")]
        decide(round, story, answers=ExtraAnswers({}, {prize_id(round, 6): chosen}))
        return publish(
            over=round,
            decision_number="47-QĐ/BTC",
            decided_on=None,
            actor=story.organiser,
            now=utc_now(),
        ).snapshot


def test_they_are_published_without_ages_and_without_the_councils_words(app, client, story):
    snapshot = published_story(app, story)
    told = {one["name"]: one for one in snapshot["extras"]}
    assert [unit["path"][0] for unit in told["Giải Nhất tập thể"]["units"]] == ["Phường Xuân Hương"]
    youngest, loved = told["Thí sinh nhỏ tuổi nhất"], told["Được yêu thích nhất"]
    assert youngest["winners"][0]["keys"] == []
    assert loved["winners"][0]["name"] == "T.N.B.T."  # Trân has not agreed to be named
    assert "Bà Trân" not in json.dumps(snapshot, ensure_ascii=False)
    page = client.get("/contests/tim-hieu-2026/results/1", headers=VIETNAMESE).text
    assert all(name in page for name in told)
    assert "5.000.000" in page
    assert "01/01/2010" not in page
    assert TRAN not in page


def test_who_withdraws_the_consent_is_named_by_initials_here_too(app, client, story):
    published_story(app, story)
    with app.app_context(), unit_of_work():
        given_before = db.session.query(Consent).filter_by(
            person_id=story.persons[VI].id, purpose=ConsentPurpose.PUBLISH_NAME
        )
        withdraw_consent(consent=given_before.one(), actor=None, now=utc_now())
    page = client.get("/contests/tim-hieu-2026/results/1", headers=VIETNAMESE).text
    assert "Trả lời đúng hết sớm nhất" in page
    assert VI not in page
    book = read_workbook(client.get("/contests/tim-hieu-2026/results/1.xlsx").data)
    cells = {
        cell.text
        for sheet in book.sheets
        for row in sheet.read_rows()
        for cell in row.cells.values()
    }
    assert VI not in cells


def test_the_file_of_the_results_has_them_on_a_sheet_of_their_own(app, client, story):
    published_story(app, story)
    file = client.get("/contests/tim-hieu-2026/results/1.xlsx", headers=VIETNAMESE).data
    sheet = next(one for one in read_workbook(file).sheets if "Giải tập thể" in one.name)
    _head, *rows = [[cell.text for cell in row.cells.values()] for row in sheet.read_rows()]
    found = {row[0]: row[1] for row in rows}
    assert found["Giải Nhất tập thể"] == "Phường Xuân Hương"
    assert found["Được yêu thích nhất"] == "T.N.B.T."


def test_every_sheet_stands_as_a_csv_file_in_the_zip_and_no_full_name_without_consent(
    app, client, story
):
    published_story(app, story)
    address = "/contests/tim-hieu-2026/results/1"
    book = read_workbook(client.get(f"{address}.xlsx", headers=VIETNAMESE).data)
    answer = client.get(f"{address}.zip", headers=VIETNAMESE)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert list(texts) == [f"{sheet.name}.csv" for sheet in book.sheets]
    assert [len(list(csv.reader(io.StringIO(text)))) for text in texts.values()] == [
        sum(1 for _row in sheet.read_rows()) for sheet in book.sheets
    ]
    assert "Giải Nhất tập thể,Phường Xuân Hương" in "".join(texts.values())
    assert TRAN not in "".join(texts.values())


def test_who_got_one_reads_it_beside_the_own_place_and_a_unit_prize_is_told_to_its_people(
    app, client, story
):
    published_story(app, story)
    with app.app_context():
        head = queries.latest_publication(story.round.id)
        loved = queries.own_place(story.persons[TRAN].id, head.id)
        other = queries.own_place(story.persons[DUC].id, head.id)
    assert loved.extras == ("Được yêu thích nhất",)
    assert [(name, path[0]) for name, path in loved.unit_extras] == [
        ("Giải Nhất tập thể", "Phường Xuân Hương"),
        ("Đơn vị nhiều giải nhất", "Phường Xuân Hương"),
    ]
    ((name, path),) = other.unit_extras
    assert (other.extras, name, path[0]) == ((), "Giải Nhì tập thể", "Trường THPT Sông Trà")
    sign_in_as(client, story.persons[TRAN])
    page = client.get("/contests/tim-hieu-2026/results/1/mine", headers=VIETNAMESE).text
    assert "Được yêu thích nhất" in page
    assert "Phường Xuân Hương được nhận giải “Giải Nhất tập thể”." in page


def test_documents_list_them_behind_the_levels_and_certificates_name_units(app, story):
    published_story(app, story)
    with app.app_context(), unit_of_work():
        round = db.session.get_one(Round, story.round.id)
        allocation = queries.latest_allocation(round)
        rows = annex_rows(allocation)
        assert [row[0] for row in rows] == [str(n) for n in range(1, 11)]
        assert rows[4][1] == "Phường Xuân Hương"
        assert rows[4][3:] == ["Giải Nhất tập thể", format_money(5_000_000)]
        assert rows[-1][1:4:2] == [TRAN, "Được yêu thích nhất"]
        found = list(recipients(publication_of(round), CertificateKind.PRIZE))
        assert [one.full_name for one in found][4:] == [
            "Phường Xuân Hương",
            "Trường THPT Sông Trà",
            "Phường Xuân Hương",
            NHU,
            VI,
            TRAN,
        ]
        assert len({one.key for one in found}) == len(found)
        assert found[4].facts["prize"] == "giải Nhất tập thể"


def test_the_dossier_holds_them_and_every_changed_cell_is_found(app, story, tmp_path):
    published_story(app, story)
    with app.app_context(), unit_of_work():
        folder = unpacked(db.session.get_one(Round, story.round.id).contest, tmp_path)
        assert verify(folder) == AGREES
        beside = [row for row in read(folder, "prizes.csv") if row[2].startswith("+")]
        assert len(beside) == 6
        assert beside[0][2:] == ["+1 Giải Nhất tập thể", "1", "Các đơn vị khác", "5000000"]
        told = (folder / "prizes.csv").read_text() + (folder / "rules.json").read_text()
        assert not any(name in told for name in (VI, NHU, TRAN))
        missed = [where for where in tampered(folder, "prizes.csv") if not lines_of(folder)]
        assert missed == []


@pytest.mark.parametrize(
    ("hidden", "expected"),
    [
        (
            {},
            [
                "prizes.csv:1: by the rules unit “A” at place 1 gets “+1 Giải”",
                "prizes.csv:1: by the rules unit “B” at place 1 does not get “+1 Giải”",
            ],
        ),
        ({"Khác": Unit(persons=8)}, ["prizes.csv:1: unit “A” stands above “B”, without prize"]),
    ],
)
def test_a_unit_that_stands_above_the_one_with_the_prize_is_found(hidden, expected):
    report = Report()
    prize = {
        "level": "+1 Giải",
        "measure": "persons",
        "keys": ["persons"],
        "units": True,
        "fewest": 0,
        "quota": 1,
        "money": 5,
        "ties": "stop",
        "given": [{"to": "B", "place": "1"}],
        "chosen": None,
        "empty": 0,
    }
    cells = {"division": "", "level": "+1 Giải", "place": "1", "entry": "B", "money": "5"}
    row = Row("prizes.csv", 2, cells.items())
    units = {"A": Unit(persons=4), "B": Unit(persons=3), "C": Unit(persons=2), "": Unit(persons=9)}
    each = {"extras": [prize], "standings": None, "rest": "Khác"}
    check_extras(each, [row], {}, units | hidden, report)
    assert report.lines == expected
