"""Text and numbers at the border: one normal form, errors in our words."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from wtforms.validators import InputRequired, Length

from contest.core.forms import (
    BaseForm,
    DayField,
    LineField,
    LocalInstantField,
    PointsField,
    TextField,
    WholeNumberField,
)

pytestmark = pytest.mark.sqlite_only


class EverythingForm(BaseForm):
    """One field of each kind."""

    name = LineField("Name", [InputRequired(), Length(max=10)])
    words = TextField("Words")
    opens_at = LocalInstantField("Opens")
    born = DayField("Born")
    people = WholeNumberField("People")
    weight = PointsField("Weight")


def filled(app: Flask, language: str = "vi", **values: str) -> EverythingForm:
    """The form as it reads what a browser sent."""
    app.config["WTF_CSRF_ENABLED"] = False
    headers = {"Accept-Language": language}
    with app.test_request_context("/", method="POST", data=values, headers=headers):
        form = EverythingForm()
        form.validate()
        for field in form:
            field.errors = [str(error) for error in field.errors]
        return form


def test_a_name_typed_on_a_mac_is_composed_and_trimmed(app):
    form = filled(app, name="  Đo\u0302\u0303   Mai ")
    assert form.name.data == "Đỗ Mai"
    assert form.name.errors == []


def test_lines_keep_their_breaks_but_not_their_trailing_spaces(app):
    assert filled(app, words="một  \r\n\r\nhai\r").words.data == "một\n\nhai"


@pytest.mark.parametrize(("language", "shown"), [("vi", "1000,25"), ("en", "1000.25")])
def test_a_number_that_is_kept_is_shown_as_it_is_read_again(app, language, shown):
    with app.test_request_context("/", headers={"Accept-Language": language}):
        form = EverythingForm(data={"weight": Decimal("1000.2500")})
        assert f'value="{shown}"' in form.weight()
    assert filled(app, language, weight=shown).weight.data == Decimal("1000.25")


def test_a_local_time_becomes_an_instant_in_utc(app):
    opens_at = filled(app, opens_at="2026-11-23T10:00").opens_at.data
    assert opens_at == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert filled(app, opens_at="23/11/2026 10:00").opens_at.data == opens_at


def test_a_time_before_all_time_is_refused_like_an_unreadable_one(app):
    field = filled(app, opens_at="0001-01-01T00:00").opens_at
    assert field.errors == filled(app, opens_at="mai").opens_at.errors != []
    assert field.data is None


def test_an_unreadable_time_says_how_to_write_one(app):
    assert filled(app, opens_at="mai").opens_at.errors == [
        "Hãy nhập ngày và giờ, ví dụ 23/11/2026 10:00."
    ]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1.800", 1800), ("1 800", 1800), ("1,800", 1800), ("12", 12), ("", None), ("-3", -3)],
)
def test_whole_numbers_as_people_write_them(app, typed, read):
    form = filled(app, people=typed)
    assert (form.people.data, form.people.errors) == (read, [])


@pytest.mark.parametrize("typed", ["1.8", "1,8000", "một", "1e3", "12.34.567", "٣"])
def test_what_is_no_whole_number_is_refused_in_words(app, typed):
    assert filled(app, people=typed).people.errors == ["Hãy nhập một số nguyên, ví dụ 1.800."]


@pytest.mark.parametrize(
    ("typed", "read"), [("0,25", Decimal("0.25")), ("0.25", Decimal("0.25")), ("2", Decimal(2))]
)
def test_points_take_a_comma_or_a_point(app, typed, read):
    assert filled(app, weight=typed).weight.data == read


@pytest.mark.parametrize("typed", ["NaN", "1/4", "0,12345", "Infinity", "1,000,5"])
def test_what_is_no_mark_is_refused(app, typed):
    form = filled(app, weight=typed)
    assert (form.weight.data, form.weight.errors) == (None, ["Hãy nhập một số, ví dụ 0,25."])


def test_days_are_read_with_the_day_first(app):
    assert filled(app, born="19/05/1990").born.data == filled(app, born="1990-05-19").born.data
    assert filled(app, born="05/19/1990").born.errors != []


def test_an_empty_required_field_speaks_the_readers_language(app):
    assert filled(app).name.errors == ["Bạn chưa điền mục này."]
    assert filled(app, language="en").name.errors == ["This field is required."]


def test_a_message_with_a_number_keeps_its_number(app):
    long = "Nguyễn Thị Minh"
    assert filled(app, name=long).name.errors == ["Mục này dài nhất 10 ký tự."]
    assert filled(app, language="en", name=long).name.errors == [
        "Field cannot be longer than 10 characters."
    ]
