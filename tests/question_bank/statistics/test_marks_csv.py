"""Files of marks as people bring them: what is read, and what is refused with its place."""

import json
from pathlib import Path

import pytest
from flask import Flask

from question_bank.statistics.document import item_statistics_command
from question_bank.statistics.marks_csv import MarksUnreadable, read_marks

GOOD = "bài,Câu 1,Câu 2\nmax,1,2\nMinh,1,2\nLan,0,0.5\n"


def read(tmp_path: Path, text: str | bytes) -> tuple[list[str], list[float | None], int]:
    path = tmp_path / "marks.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = read_marks(path)
    return list(report.names), [item.facility for item in report.items], report.paper.attempts


READ = (["Câu 1", "Câu 2"], [0.5, 0.625], 2)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";").replace("0.5", "0,5"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("0.5", '"0,5"'),
        GOOD.replace("bài,", ""),
        GOOD.replace("bài", ""),
        GOOD.replace("Minh,", "").replace("Lan,", ""),
        GOOD.replace("max", "MAX"),
        GOOD.replace("max", '"max"'),
        GOOD + "\n,,\n",
        GOOD.replace("0.5", "5e-1"),
        GOOD.replace("Minh,1,2", "Minh,1,2,,"),
    ],
)
def test_ways_to_write_the_same_marks(tmp_path: Path, text: str | bytes) -> None:
    """Labels or none, comma or semicolon, UTF-8 or UTF-16: the same figures."""
    assert read(tmp_path, text) == READ


def test_a_name_may_hold_a_line_break(tmp_path: Path) -> None:
    """A question's stem as its name; rows are still counted by the lines of the file."""
    assert read(tmp_path, GOOD.replace("Câu 1", '"Câu 1:\nBác Hồ"'))[0][0] == "Câu 1:\nBác Hồ"
    with pytest.raises(MarksUnreadable) as refused:
        read(tmp_path, GOOD.replace("Câu 1", '"Câu\n1"').replace("0.5", "x"))
    assert refused.value.words.startswith("Row 5, column 3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "two rows"),
        ("a,b\n", "two rows"),
        (GOOD.replace("max", "maximum"), "must begin with “max”"),
        (GOOD.replace("max,1,2", "max,1"), "no maximum for “Câu 2”"),
        (GOOD.replace("max,1,2", "max,1,2,3,4"), "names"),
        (GOOD.replace("max,1,2", "max,1,-2"), "Row 2, column 3 (“Câu 2”)"),
        (GOOD.replace("0.5", "x"), "Row 4, column 3 (“Câu 2”): “x” is not a number"),
        ("Câu 1,Câu 2\nmax,1,2\n1,x\n", "Row 3, column 2 (“Câu 2”)"),
        (GOOD.replace("0.5", "nan"), "“nan” is not a number"),
        (GOOD.replace("0.5", ""), "Row 4, column 3 (“Câu 2”): the mark is missing"),
        (GOOD.replace("0.5", '"1,500"'), "decimal or thousands"),
        (GOOD.replace(",", ";").replace("0.5", "1.500"), "decimal or thousands"),
        (GOOD.replace("0.5", "3"), "the mark 3 lies outside the maximum 2"),
        (GOOD.replace("0.5", "1e99"), "lies outside"),
        (GOOD.replace("Lan,0,0.5", "Lan,0"), "Row 4 has 1 marks"),
        (GOOD.replace("Lan,0,0.5", "Lan,0,1,1"), "Row 4 has 3 marks"),
        (GOOD.replace("Lan,0", 'Lan,"0'), "quotation marks"),
        (GOOD.replace("max,1,2", "max,1e50,2"), "too large"),
    ],
)
def test_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    """One clear sentence; nothing is guessed."""
    with pytest.raises(MarksUnreadable) as refused:
        read(tmp_path, text)
    assert words in refused.value.words


def test_quotation_marks_that_do_not_match_are_told_in_one_language(tmp_path: Path) -> None:
    """The sentence names the last row that was read, and holds no words of the library."""
    text = GOOD.replace("Lan,0", 'Lan,"0')
    with pytest.raises(MarksUnreadable) as refused:
        read(tmp_path, text)
    assert refused.value.words == (
        "The quotation marks do not match in the record after line 3. "
        "Write a quotation mark inside a quoted cell twice."
    )


@pytest.mark.parametrize("typed", ["9" * 5000, "1." + "500." * 1000 + "500", "x" * 5000])
def test_a_long_cell_is_not_said_back_whole(tmp_path: Path, typed: str) -> None:
    """Nor is a long name of a question."""
    text = GOOD.replace("Câu 2", "Câu " * 1000).replace("0.5", typed)
    with pytest.raises(MarksUnreadable) as refused:
        read(tmp_path, text)
    assert f"{typed[:40]}…" in refused.value.words
    assert len(refused.value.words) < 250


def test_another_encoding_is_named(tmp_path: Path) -> None:
    """As by every other reader: the byte and its place."""
    path = tmp_path / "marks.csv"
    path.write_bytes(GOOD.encode("utf-8").replace("bài".encode(), b"b\xe0i"))
    found = item_statistics_command(path)
    assert found.exit_code == 2
    assert "0xE0 at position 1" in found.document["error"]


@pytest.mark.sqlite_only
def test_the_command_says_one_document_on_one_line(app: Flask, tmp_path: Path) -> None:
    """The keys that the contract names, null where undefined."""
    path = tmp_path / "marks.csv"
    path.write_text(GOOD, "utf-8")
    result = app.test_cli_runner().invoke(args=["item-statistics", str(path), "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert list(document) == [
        "items",
        "mean",
        "median",
        "sd",
        "skewness",
        "kurtosis",
        "cic",
        "error_ratio",
        "standard_error",
    ]
    assert list(document["items"][0]) == [
        "facility",
        "sd_percent",
        "effective_weight",
        "discrimination_index",
        "discriminative_efficiency",
    ]
    assert (document["mean"], document["skewness"]) == (1.75, None)
    gone = app.test_cli_runner().invoke(args=["item-statistics", "nowhere.csv", "--json"])
    assert gone.exit_code == 2
    assert "Không mở được tệp" in json.loads(gone.stdout)["error"]
    for_people = app.test_cli_runner().invoke(args=["item-statistics", str(path)])
    assert "Câu 2\t0.625000" in for_people.stdout
