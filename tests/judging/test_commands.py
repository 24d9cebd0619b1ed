"""What the commands give: a dry run, and reliability of a published table of marks."""

import json

import pytest

from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.judging.models import Juror, JurorState
from contest.judging.tasks import assign_command, reliability_command

WORKED = "work,judge,mark\nP,J1,8\nP,J2,6\nQ,J2,5\nQ,J3,8\nR,J1,7\nR,J3,8\n"


def test_a_published_table_is_recomputed(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text(WORKED, encoding="utf-8")
    found, code = reliability_command(path)
    assert code == 0
    assert found["severity"] == pytest.approx({"J1": 1 / 3, "J2": -5 / 3, "J3": 4 / 3})
    assert found["corrected"]["P"] == pytest.approx(23 / 3)
    assert (found["icc_2_1"], found["icc_2_k"]) == (None, None)
    assert found["components"] == [["J1", "J2", "J3"]]


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("\ufeffwork;judge;mark\nP;J1;7,5\nP;J2;7,5\n", encoding="utf-8")
    assert reliability_command(path)[0]["components"] == [["J1", "J2"]]


def figures_of(tmp_path, data):
    path = tmp_path / "marks.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return reliability_command(path)


def test_the_keys_are_those_of_the_contract_and_null_where_undefined(context, tmp_path):
    empty, code = figures_of(tmp_path, "work,judge,mark\n")
    assert code == 0
    assert empty == {
        "krippendorff_alpha": None,
        "icc_2_1": None,
        "icc_2_k": None,
        "severity": None,
        "corrected": None,
        "order_corrected": None,
        "components": [],
    }
    apart, code = figures_of(tmp_path, WORKED + "S,J8,7\nS,J9,9\n")
    assert code == 0
    assert (apart["severity"], apart["corrected"], apart["order_corrected"]) == (None, None, None)
    assert apart["components"] == [["J1", "J2", "J3"], ["J8", "J9"]]
    assert apart["krippendorff_alpha"] is not None
    json.dumps(apart, allow_nan=False)


def test_icc_is_given_for_a_complete_table_alone(context, tmp_path):
    whole = "mark,Work,JUDGE,note\n8,P,J1,x\n6,P,J2,\n7,Q,J1\n7,Q,J2\n4,R,J1\n2,R,J2\n"
    found, _code = figures_of(tmp_path, whole)
    assert (found["icc_2_1"], found["icc_2_k"]) == pytest.approx((15 / 19, 15 / 17))
    found, _code = figures_of(tmp_path, whole + "5,S,J1,\n")
    assert (found["icc_2_1"], found["icc_2_k"]) == (None, None)


def test_quotes_blank_lines_and_names_in_pieces_are_read(context, tmp_path):
    text = '\nwork,judge,mark\r\n"P, một","Ho\u00e0","7,5"\r\n\r\n"P, một",Cu\u0301c,8\r\n,,\n'
    found, code = figures_of(tmp_path, text)
    assert code == 0
    assert found["components"] == [["Cúc", "Hoà"]]
    assert found["corrected"] == {"P, một": 7.75}
    assert figures_of(tmp_path, "work\tjudge\tmark\nP\tJ\t7\n".encode("utf-16"))[1] == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "work, judge"),
        ("a,b\n1,2\n", "work, judge"),
        ("work,judge,mark,mark\nP,J1,1,2\n", "work, judge"),
        ("work,judge,mark\nP,J1,x\n", "2"),
        ("work,judge,mark\nP,J1,\n", "2"),
        ("work,judge,mark\nP,J1,nan\n", "2"),
        ("work,judge,mark\nP,J1,1_0\n", "2"),
        ("work,judge,mark\n\nP,,8\n", "3"),
        ("work,judge,mark\nP,J1,7,5\n", "2"),
        ("work,judge,mark\nP,J1,1\nP,J1,2\n", "3"),
        ('work,judge,mark\nP,J1,"8\n', "2"),
        ("work,judge,mark\nP,Lê,8\n".encode("cp1258", "replace") + b"\xea", "UTF-8"),
        (b"PK\x03\x04\0\0", "UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_by_line(context, tmp_path, data, words):
    document, code = figures_of(tmp_path, data)
    assert code == 2
    assert list(document) == ["error"]
    assert words in document["error"]


def test_what_is_wrong_with_a_line_is_said(context, tmp_path):
    document, _code = figures_of(tmp_path, "work,judge,mark\nP,J1,8\nP,J2,1e308\n")
    assert "“1e308”" in document["error"]
    document, _code = figures_of(tmp_path, "work,judge,mark\nP,,8\n")
    assert document["error"] == "Dòng 2 thiếu bài hoặc giám khảo."


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("P;J1;-2", "Dòng 2: điểm -2 nhỏ hơn 0. Điểm không thể nhỏ hơn 0."),
        ("P;J1;-0,5", "Dòng 2: điểm -0,5 nhỏ hơn 0. Điểm không thể nhỏ hơn 0."),
        ("P;J1;−2", "Dòng 2: “−2” không phải là điểm. Điểm là một số, ví dụ 7.5."),
        (
            "P;J1;7,5\nP;J2;75",
            (
                "Dòng 3: điểm 75 cao hơn 10, điểm cao nhất của thang điểm. Có thể đã mất dấu phẩy "
                "thập phân."
            ),
        ),
        (
            "P;J1;7\nP;J2;",
            "Dòng 3 chưa có điểm. Giám khảo nào không chấm thì bạn bỏ cả dòng đó nhé.",
        ),
        ("P;J1;7\nP;J1;7", "Dòng 3 lặp lại điểm của cùng một bài và một giám khảo."),
    ],
)
def test_what_cannot_be_a_mark_is_refused_in_a_sentence(context, tmp_path, lines, sentence):
    path = tmp_path / "marks.csv"
    path.write_text(f"\ufeffwork;judge;mark\n{lines}\n", encoding="utf-8")
    assert reliability_command(path, scale=10) == ({"error": sentence}, 2)


def test_the_highest_mark_itself_is_a_mark_and_without_a_scale_every_one_is(context, tmp_path):
    assert figures_of(tmp_path, "work,judge,mark\nP,J1,0\nP,J2,75\n")[1] == 0
    assert reliability_command(tmp_path / "marks.csv", scale=75)[1] == 0


def test_one_judge_and_missing_cells_leave_null_and_no_nonsense(context, tmp_path):
    alone, code = figures_of(tmp_path, "\ufeffwork;judge;mark\nP;J1;7,5\nQ;J1;8\n")
    assert code == 0
    assert (alone["krippendorff_alpha"], alone["icc_2_1"], alone["icc_2_k"]) == (None, None, None)
    assert (alone["severity"], alone["components"]) == ({"J1": 0}, [["J1"]])
    assert alone["corrected"] == {"P": 7.5, "Q": 8}
    sparse, code = figures_of(tmp_path, WORKED + "S,J1,9\n")
    assert (code, sparse["icc_2_1"], sparse["corrected"]["S"]) == (
        0,
        None,
        pytest.approx(8.7142857),
    )


def test_more_judges_than_a_matrix_holds_are_grouped_or_refused_in_words(context, tmp_path):
    apart = "work,judge,mark\n" + "".join(f"w{at // 2},j{at},{at % 10}\n" for at in range(80_000))
    found, code = figures_of(tmp_path, apart)
    assert (code, len(found["components"]), found["severity"]) == (0, 40_000, None)
    chain = "work,judge,mark\n" + "".join(
        f"w{at // 2},j{(at + 1) // 2},{at % 10}\n" for at in range(8_000)
    )
    found, code = figures_of(tmp_path, chain)
    assert (code, list(found)) == (2, ["error"])
    assert "hai cột work và judge bị đổi chỗ" in found["error"]


def test_a_file_that_is_not_there_is_said(context, tmp_path):
    document, code = reliability_command(tmp_path / "none.csv")
    assert (code, document) == (2, {"error": "Không có tệp nào ở đường dẫn này."})


def test_a_dry_run_writes_nothing(jury):
    found, code = assign_command("guong-sang", 1, seed="s")
    assert (code, found["possible"], found["afresh"]) == (0, True, False)
    assert found["conflicts"] == 0
    assert found["components"] == 1
    assert found["efficiency"] >= 0.95
    assert found["seconds"] >= 0
    assert sum(found["loads"].values()) == 12
    again, _code = assign_command("guong-sang", 1, seed="s")
    assert again["result_digest"] == found["result_digest"]
    assert jury.sheets(jury.cast.hoa) == []


def test_a_round_that_has_its_judges_is_drawn_anew_for_a_look(marking):
    before = [each.id for each in marking.sheets(marking.cast.hoa)]
    found, code = assign_command("guong-sang", 1, seed="s")
    assert (code, found["afresh"], sum(found["loads"].values())) == (0, True, 12)
    assert [each.id for each in marking.sheets(marking.cast.hoa)] == before


def test_a_dry_run_says_why_there_is_none(jury):
    document, code = assign_command("khong-co", 1)
    assert (code, list(document)) == (2, ["error"])
    for person in (jury.cast.tu, jury.cast.cuc):
        with unit_of_work():
            juror = db.session.query(Juror).filter_by(person_id=person.id).one()
            juror.state = JurorState.DECLINED
    document, code = assign_command("guong-sang", 1)
    assert code == 1
    assert document["possible"] is False
    assert document["sentence"]
    assert (document["loads"], document["efficiency"]) == (None, None)


def test_the_sentence_names_a_judge_with_room_who_has_each_work_already(jury):
    """Hoa may mark all six, once each; Cúc alone could give the second marks, and has two places."""
    with unit_of_work():
        tu = db.session.query(Juror).filter_by(person_id=jury.cast.tu.id).one()
        tu.state = JurorState.DECLINED
        db.session.query(Juror).filter_by(person_id=jury.cast.cuc.id).one().capacity = 2
    document, code = assign_command("guong-sang", 1)
    assert (code, document["possible"]) == (1, False)
    hoa, cuc = jury.cast.hoa.full_name, jury.cast.cuc.full_name
    before, after = document["sentence"].split(";")
    assert f"ngoài {hoa}" in before
    assert f"chỉ còn {cuc}" in after
    assert "thiếu 4 lượt chấm" in after
