"""A small Flask application that renders the shared templates with invented content.

It serves the real templates and static files, so that a test (or a person with a browser) can
look at the parts without a database. It is no part of the product.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from flask import Flask, render_template, url_for
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)

from contest.core.i18n import compile_catalogues, init_languages, language
from contest.core.web import icon_maker

ROOT: Final = Path(__file__).resolve().parents[3]
HERE: Final = Path(__file__).resolve().parent
UNITS: Final[list[Any]] = [
    ("", "Chọn đơn vị"),
    ("1", "Phường Xuân Hương - Đà Lạt", {"data-path": "Tỉnh Lâm Sơn"}),
    ("2", "Trường THPT Trần Phú", {"data-path": "Phường Xuân Hương - Đà Lạt › Tỉnh Lâm Sơn"}),
    ("3", "Công đoàn Công ty Chè Cầu Đất", {"data-path": "Phường Xuân Trường - Đà Lạt"}),
    ("4", "Xã Đắk Mil", {"data-path": "Tỉnh Lâm Sơn"}),
    ("5", "Đặc khu Phú Quý", {"data-path": "Tỉnh Lâm Sơn"}),
]


class GalleryForm(Form):
    """One field of each type, some of them wrong."""

    title = StringField("Tên cuộc thi", [validators.InputRequired("Viết tên cuộc thi.")])
    summary = TextAreaField("Giới thiệu ngắn", description="Một hai câu, hiện dưới tên cuộc thi.")
    starts = DateField("Ngày bắt đầu")
    unit = SelectField("Đơn vị của bạn", choices=UNITS)
    kind = RadioField(
        "Cách tính lượt",
        choices=[("best", "Lượt tốt nhất"), ("last", "Lượt cuối")],
    )
    file = FileField("Tệp câu hỏi", description="Bảng tính .xlsx hoặc .csv, tối đa 10 MB.")
    password = PasswordField("Mật khẩu", description="Từ 10 ký tự.")
    consent = BooleanField(
        "Tôi đồng ý công bố họ tên và đơn vị nếu đoạt giải",
        description="Không đồng ý vẫn dự thi được; khi đó kết quả chỉ ghi chữ cái đầu.",
    )

    def hidden_tag(self) -> Markup:
        """No hidden fields here."""
        return Markup()


def _chart_data() -> dict[str, Any]:
    units = [
        ("Phường Xuân Hương - Đà Lạt", 0.919, "91,9 %", "1.204 / 1.310"),
        ("Đặc khu Phú Quý", 0.89, "89,0 %", "268 / 301"),
        ("Phường 1 Bảo Lộc", 0.832, "83,2 %", "842 / 1.012"),
        ("Xã Đức Trọng", 0.783, "78,3 %", "911 / 1.164"),
        ("Xã Đắk Mil", 0.199, "19,9 %", "97 / 488"),
    ]
    week = [9842, 6310, 7905, 5814, None, None, None]
    before = [8120, 5940, 6100, 5480, 4905, 7730, 12450]
    names = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]
    return {
        "units": [
            {"label": name, "share": share, "value": value, "detail": detail}
            for name, share, value, detail in units
        ],
        "days": [
            {
                "label": names[day],
                "sub": f"{23 + day}/11",
                "value": week[day],
                "previous": before[day],
                "unfinished": day == 3,
            }
            for day in range(7)
        ],
        "bins": [{"label": str(mark), "value": (mark * 37) % 91 * mark} for mark in range(21)],
    }


def create_gallery() -> Flask:
    """The application with three pages: `/public`, `/workroom`, `/focus`."""
    compile_catalogues(ROOT / "translations")
    app = Flask(
        "gallery", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(str(ROOT / "templates")), FileSystemLoader(str(HERE))]
    )
    app.secret_key = "gallery"
    init_languages(app, ROOT / "translations")
    lan = SimpleNamespace(full_name="Trần Thị Ngọc Lan", is_staff=True)
    links = [
        ("Tổng quan", "home"),
        ("Câu hỏi và đề", "book"),
        ("Người dự thi", "users"),
        ("Kết quả, giải", "award"),
        ("Thống kê", "chart"),
        ("Cài đặt", "gear"),
    ]
    public_links = [("Cuộc thi", "book"), ("Kết quả", "award"), ("Kiểm tra biên nhận", "receipt")]

    def nav_links(*_: object) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(label=label, url="#", icon=sign, is_current=position == 0)
            for position, (label, sign) in enumerate(public_links)
        ]

    def side_bar(_actor: object) -> dict[str, object]:
        shown = [
            SimpleNamespace(label=label, url="#", icon=sign, is_current=position == 0)
            for position, (label, sign) in enumerate(links)
        ]
        return {"links": shown, "title": "Ban Tuyên giáo và Dân vận", "is_contest": True}

    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        static_url=lambda name: url_for("static", filename=name),
        language=language,
        csrf_field=lambda: Markup('<input type="hidden" name="csrf_token" value="-">'),
        nav_links=nav_links,
        side_bar=side_bar,
        svg_icon=icon_maker("/static/icons.svg"),
    )

    def page(template: str, actor: SimpleNamespace | None) -> str:
        form = GalleryForm(formdata=None, kind="best")
        form.title.errors = ["Viết tên cuộc thi."]
        return render_template(template, current_actor=actor, form=form, **_chart_data())

    app.add_url_rule("/language/<code>", "core.choose_language", lambda code: code)
    app.add_url_rule("/public", "public", lambda: page("gallery.html", None))
    app.add_url_rule("/workroom", "workroom", lambda: page("gallery_workroom.html", lan))
    app.add_url_rule("/focus", "focus", lambda: page("gallery_focus.html", None))
    return app
