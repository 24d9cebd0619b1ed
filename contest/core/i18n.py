"""Languages: choosing one, and writing dates, numbers, points and money in it.

Vietnamese is the first language. Message ids are English; `translations/vi/*.po` (one file per
room) hold the Vietnamese and are merged into one catalogue at set-up.
"""

import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from babel import numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from flask import Flask, Request, g, has_app_context, has_request_context, request
from flask_babel import Babel, LazyString, get_locale, get_translations, lazy_ngettext
from markupsafe import Markup

from contest.core.clock import LOCAL_ZONE

__all__ = [
    "LANGUAGES",
    "compile_catalogues",
    "format_count",
    "format_date",
    "format_duration",
    "format_duration_ms",
    "format_instant",
    "format_money",
    "format_number",
    "format_percent",
    "format_points",
    "format_time",
    "gettext",
    "init_languages",
    "language",
    "lazy_gettext",
    "lazy_ngettext",
    "ngettext",
]

LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
LANGUAGE_COOKIE: Final = "language"
_WEEKDAYS_VI: Final = (
    "Thứ Hai",
    "Thứ Ba",
    "Thứ Tư",
    "Thứ Năm",
    "Thứ Sáu",
    "Thứ Bảy",
    "Chủ Nhật",
)
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NO_BREAK: Final = "\u00a0"
_NO_WORDS: Final = NullTranslations()


def gettext(message: str, **variables: Any) -> str:
    """A message in the language in use, with its placeholders filled."""
    words: str = _catalogue().ugettext(message)
    return words % variables if variables else words


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """A message that depends on a number, which fills `%(num)s` with thousands apart."""
    words: str = _catalogue().ungettext(singular, plural, num)
    return words % {"num": format_count(num), **variables}


def lazy_gettext(message: str, **variables: Any) -> LazyString:
    """A message that is put into a language where it is shown."""
    return LazyString(gettext, message, **variables)


def choose_language(wanted: Request) -> str:
    """The language of a request: the person's own choice by cookie, else the browser's.

    A browser that names neither language gets Vietnamese.
    """
    chosen = wanted.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return wanted.accept_languages.best_match(list(LANGUAGES)) or "vi"


def _select_locale() -> str:
    return choose_language(request) if has_request_context() else "vi"


def init_languages(app: Flask, translations: Path) -> None:
    """Bind Flask-Babel to the application."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations)
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_DEFAULT_TIMEZONE"] = LOCAL_ZONE.key
    Babel(app, locale_selector=_select_locale)
    for function in (
        format_count,
        format_date,
        format_duration,
        format_duration_ms,
        format_instant,
        format_money,
        format_number,
        format_percent,
        format_points,
        format_time,
    ):
        app.add_template_filter(function)
    app.jinja_env.globals.update(
        _=_template_gettext, gettext=_template_gettext, ngettext=_template_ngettext
    )


@lru_cache(maxsize=8192)
def _safe_words(words: str) -> Markup:
    """Words of a catalogue as templates take them; kept, because making them costs more."""
    return Markup(words)  # noqa: S704  (words of our own templates and catalogues)


def _catalogue() -> Any:
    """The messages of the language in use, kept beside the language as long as it is this one.

    Flask-Babel's own way asks for context, language and catalogue at each message. Outside an
    application nothing is translated.
    """
    if not has_app_context():
        return _NO_WORDS
    held = getattr(g._get_current_object(), "_flask_babel", None)  # noqa: SLF001
    locale = getattr(held, "babel_locale", None)
    known = getattr(held, "catalogue", None)
    if known is not None and known[0] is locale:
        return known[1]
    found = get_translations()
    held = getattr(g, "_flask_babel", None)
    if held is not None:
        held.catalogue = (getattr(held, "babel_locale", None), found)
    return found


def _template_gettext(message: str, /, **variables: object) -> Markup:
    """`gettext` in templates: what fills the placeholders is escaped.

    In place of Jinja's own, which asks for the context and formats the words even where nothing
    is to be filled in: a page has fifty of them.
    """
    words = _safe_words(_catalogue().ugettext(message))
    return words % variables if variables or "%" in words else words


def _template_ngettext(singular: str, plural: str, num: int, /, **variables: object) -> Markup:
    """`ngettext` in templates."""
    words = _safe_words(_catalogue().ungettext(singular, plural, num))
    return words % {"num": format_count(num), **variables}


def language() -> str:
    """The code of the language in use, `vi` or `en`."""
    locale = get_locale()
    return "vi" if locale is None else str(locale.language)


def format_instant(instant: datetime | None, *, weekday: bool = True, seconds: bool = False) -> str:
    """An instant as local words: "Thứ Hai, 23/11/2026, 10:00"; empty when there is none."""
    if instant is None:
        return ""
    local = instant.astimezone(LOCAL_ZONE)
    clock = local.strftime("%H:%M:%S") if seconds else f"{local.hour}:{local.minute:02d}"
    return f"{format_date(local.date(), weekday=weekday)}, {clock}"


def format_time(instant: datetime | None, *, seconds: bool = True) -> str:
    """The local time of day, "10:02:31" or "10:02"."""
    if instant is None:
        return ""
    return instant.astimezone(LOCAL_ZONE).strftime("%H:%M:%S" if seconds else "%H:%M")


def format_date(day: date | None, *, weekday: bool = False) -> str:
    """A day as "23/11/2026", with its name before it on request (English: "Mon, 23 Nov 2026")."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(LOCAL_ZONE).date()
    if language() == "vi":
        words = f"{day.day:02d}/{day.month:02d}/{day.year}"
        return f"{_WEEKDAYS_VI[day.weekday()]}, {words}" if weekday else words
    words = f"{day.day} {day.strftime('%b')} {day.year}"
    return f"{_WEEKDAYS_EN[day.weekday()]}, {words}" if weekday else words


def format_count(value: int) -> str:
    """A whole number with thousands apart: 1.800 in Vietnamese, 1,800 in English."""
    return _formatted(value, "#,##0", language())


def format_number(value: Decimal | float, places: int = 2) -> str:
    """A number with at most `places` decimals and the language's signs: 98,8."""
    pattern = "#,##0" + ("." + "#" * places if places else "")
    return _formatted(value, pattern, language())


@lru_cache(maxsize=4_096)
def _formatted(value: Decimal | float, pattern: str, language_code: str) -> str:
    # Long tables hold the same numbers again and again, and Babel reads the pattern each time.
    shown = numbers.format_decimal(value, format=pattern, locale=language_code)
    return shown.replace("-", "−", 1)  # a minus as wide as the digits, and never a line's end


def format_percent(share: Decimal | float | None, places: int = 1) -> str:
    """A share of one as "98,8 %"; "–" where there is none."""
    if share is None:
        return "–"
    return f"{format_number(Decimal(str(share)) * 100, places)}{_NO_BREAK}%"


def format_points(points: Decimal | None) -> str:
    """Points with as many decimals as they have, at most four; "–" where there are none."""
    return "–" if points is None else format_number(points, 4)


def format_money(dong: int) -> str:
    """An amount in đồng: "4.000.000 đ"."""
    return f"{format_count(dong)}{_NO_BREAK}đ"


def format_duration(seconds: float) -> str:
    """A length of time in words, by its two largest units: "3 ngày 18 giờ", "15 phút"."""
    rest = int(seconds)
    days, rest = divmod(rest, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    parts = [
        ngettext("%(num)s day", "%(num)s days", days) if days else "",
        ngettext("%(num)s hour", "%(num)s hours", hours) if hours else "",
        ngettext("%(num)s minute", "%(num)s minutes", minutes) if minutes else "",
        ngettext("%(num)s second", "%(num)s seconds", rest) if rest else "",
    ]
    words = [part.replace(" ", _NO_BREAK) for part in parts if part][:2]
    return " ".join(words) or ngettext("%(num)s second", "%(num)s seconds", 0)


def format_duration_ms(milliseconds: int | None) -> str:
    """A working time to the millisecond, "7:58,204" ("7:58.204" in English)."""
    if milliseconds is None:
        return "–"
    span = timedelta(milliseconds=milliseconds)
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    mark = "," if language() == "vi" else "."
    head = f"{hours}:{minutes:02d}" if hours else str(minutes)
    return f"{head}:{seconds:02d}{mark}{milliseconds % 1000:03d}"


def merge_catalogues(sources: Iterable[Path], locale: str) -> Catalog:
    """One catalogue from many files.

    Raises:
        ValueError: a message has two different translations.
    """
    merged = Catalog(locale=locale, fuzzy=False)
    for source in sources:
        with source.open("rb") as file:
            for message in read_po(file, locale=locale):
                if not message.id or not message.string:
                    continue
                known = merged.get(message.id, message.context)
                if known is not None and known.string != message.string:
                    words = f"{source.name}: {message.id!r} is translated in two ways"
                    raise ValueError(words)
                merged.add(message.id, message.string, flags=message.flags, context=message.context)
    return merged


def compile_catalogues(translations: Path) -> int:
    """Merge `translations/vi/*.po` into the binary catalogue; returns the number of messages."""
    merged = merge_catalogues(sorted((translations / "vi").glob("*.po")), "vi")
    target = translations / "vi" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}")
    with partial.open("wb") as file:
        write_mo(file, merged)
    partial.replace(target)
    return len(merged)
