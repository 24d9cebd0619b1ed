"""What the commands give: a dry run, and reliability of a published table of marks."""

import pytest

from contest.core.errors import InvalidInput, NotFound
from contest.judging.tasks import assign_command, reliability_command

WORKED = "work,judge,mark\nP,J1,8\nP,J2,6\nQ,J2,5\nQ,J3,8\nR,J1,7\nR,J3,8\n"


def test_a_published_table_is_recomputed(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text(WORKED, encoding="utf-8")
    found = reliability_command(path)
    assert found["severity"] == pytest.approx({"J1": 1 / 3, "J2": -5 / 3, "J3": 4 / 3})
    assert found["corrected"]["P"] == pytest.approx(23 / 3)
    assert (found["icc_2_1"], found["icc_2_k"]) == (None, None)
    assert found["components"] == [["J1", "J2", "J3"]]


def test_semicolons_and_decimal_commas_are_read(tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("\ufeffwork;judge;mark\nP;J1;7,5\nP;J2;7,5\n", encoding="utf-8")
    assert reliability_command(path)["components"] == [["J1", "J2"]]


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "work,judge,mark\nP,J1,x\n", "work,judge,mark\nP,J1,1\nP,J1,2\n"]
)
def test_a_table_that_cannot_be_read_is_refused_by_line(context, tmp_path, text):
    path = tmp_path / "marks.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput):
        reliability_command(path)


def test_a_dry_run_writes_nothing(jury):
    found = assign_command("guong-sang", 1, seed="s")
    assert found["possible"]
    assert found["conflicts"] == 0
    assert sum(found["loads"].values()) == 12
    assert assign_command("guong-sang", 1, seed="s")["result_digest"] == found["result_digest"]
    assert jury.sheets(jury.cast.hoa) == []
    with pytest.raises(NotFound):
        assign_command("khong-co", 1)
