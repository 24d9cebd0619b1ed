"""Dates, numbers and lengths of time as a Vietnamese reader expects them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from contest.core import i18n

pytestmark = pytest.mark.sqlite_only
OPENING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(params=["vi", "en"])
def spoken(app, request):
    with app.test_request_context("/", headers={"Accept-Language": request.param}):
        yield request.param


def test_an_instant_is_local_and_names_its_weekday(spoken):
    assert (
        i18n.format_instant(OPENING)
        == {
            "vi": "Thứ Hai, 23/11/2026, 10:00",
            "en": "Mon, 23 Nov 2026, 10:00",
        }[spoken]
    )


def test_midnight_in_vietnam_is_the_next_day(spoken):
    late = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
    assert i18n.format_date(late) == {"vi": "30/11/2026", "en": "30 Nov 2026"}[spoken]


def test_a_number_in_a_sentence_has_its_thousands_apart(spoken):
    told = i18n.ngettext("%(num)s row", "%(num)s rows", 1_812)
    assert told == {"vi": "1.812 dòng", "en": "1,812 rows"}[spoken]
    label = i18n.lazy_gettext("Choose one of the lines found.")
    assert (
        str(label)
        == {
            "vi": "Hãy chọn một trong các dòng tìm được.",
            "en": "Choose one of the lines found.",
        }[spoken]
    )


def test_nothing_is_written_for_no_instant(spoken):
    assert (i18n.format_instant(None), i18n.format_date(None), i18n.format_time(None)) == (
        "",
        "",
        "",
    )


def test_numbers(spoken):
    written = (
        i18n.format_count(1_800),
        i18n.format_percent(Decimal("0.988")),
        i18n.format_percent(None),
        i18n.format_points(Decimal("7.25")),
        i18n.format_money(4_000_000),
        i18n.format_number(Decimal("-0.25")),
        i18n.format_count(-1_800),
    )
    # Below nought with the sign of subtraction, not with a hyphen.
    assert (
        written
        == {
            "vi": ("1.800", "98,8\u00a0%", "–", "7,25", "4.000.000\u00a0đ", "−0,25", "−1.800"),
            "en": ("1,800", "98.8\u00a0%", "–", "7.25", "4,000,000\u00a0đ", "−0.25", "−1,800"),
        }[spoken]
    )


def test_a_length_of_time_has_two_units_at_most(spoken):
    written = [
        i18n.format_duration(s) for s in (0, 59, 60, 900, 3_661, 3 * 86_400 + 18 * 3_600 + 59)
    ]
    expected = {
        "vi": ["0 giây", "59 giây", "1 phút", "15 phút", "1 giờ 1 phút", "3 ngày 18 giờ"],
        "en": [
            "0 seconds",
            "59 seconds",
            "1 minute",
            "15 minutes",
            "1 hour 1 minute",
            "3 days 18 hours",
        ],
    }[spoken]
    assert [words.replace("\u00a0", " ") for words in written] == expected


def test_a_working_time_goes_to_the_millisecond(spoken):
    written = [i18n.format_duration_ms(ms) for ms in (478_204, 59, 3_600_000 * 2 + 5_007, None)]
    mark = {"vi": ",", "en": "."}[spoken]
    assert written == [f"7:58{mark}204", f"0:00{mark}059", f"2:00:05{mark}007", "–"]


@pytest.mark.parametrize(
    ("wanted", "cookie", "spoken"),
    [
        ("vi", None, "vi"),
        ("en-GB,en;q=0.9", None, "en"),
        ("fr", None, "vi"),
        ("", None, "vi"),
        ("en", "vi", "vi"),
        ("vi", "en", "en"),
        ("vi", "xx", "vi"),
    ],
)
def test_the_persons_choice_goes_before_the_browsers(app, wanted, cookie, spoken):
    headers = {"Accept-Language": wanted}
    if cookie:
        headers["Cookie"] = f"language={cookie}"
    with app.test_request_context("/", headers=headers):
        assert i18n.language() == spoken


def test_the_months_of_days_before_1900_are_written(app):
    with app.test_request_context("/", headers={"Accept-Language": "vi"}):
        assert i18n.format_date(date(1890, 5, 19), weekday=True) == "Thứ Hai, 19/05/1890"


def write_catalogue(folder: Path, name: str, message: str, words: str) -> None:
    (folder / "vi").mkdir(exist_ok=True)
    (folder / "vi" / name).write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        f'msgid "{message}"\nmsgstr "{words}"\n',
        encoding="utf-8",
    )


def test_rooms_catalogues_become_one(tmp_path):
    write_catalogue(tmp_path, "core.po", "Yes", "Có")
    write_catalogue(tmp_path, "quizzes.po", "No", "Không")
    assert i18n.compile_catalogues(tmp_path) == 2
    assert [path.name for path in (tmp_path / "vi" / "LC_MESSAGES").iterdir()] == ["messages.mo"]


def test_one_message_with_two_translations_is_refused(tmp_path):
    write_catalogue(tmp_path, "core.po", "Round", "Vòng")
    write_catalogue(tmp_path, "quizzes.po", "Round", "Tuần")
    with pytest.raises(ValueError, match="'Round' is translated in two ways"):
        i18n.compile_catalogues(tmp_path)
