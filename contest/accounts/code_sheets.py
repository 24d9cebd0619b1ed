"""Sheets with codes as PDF: what stands on them, in the language of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contest.accounts.actions.codes import IssuedCode
from contest.core.documents import compile_pdf
from contest.core.i18n import format_date, format_instant, language, ngettext
from contest.core.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A slip to be cut out: a code, whose it is, and what else is said on it."""

    name: str
    issued: IssuedCode
    more: str = ""


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The slips of one unit; `parts` are its names from near to far."""

    parts: Sequence[str]
    slips: Sequence[PrintedSlip]


def code_sheets_pdf(
    sheets: Sequence[PrintedSheet],
    *,
    about: str,
    address: str,
    instance: Path,
    is_reset: bool = False,
) -> bytes:
    """One sheet for each unit, ten slips on a page with lines to cut along.

    Args:
        sheets: in the order of printing; none is empty.
        about: what the codes are for, under the name of the unit.
        address: where a code is typed.
        instance: the folder of this installation.
        is_reset: whether the codes are for another password, not for a new account.
    """
    how = (
        _("Open %(address)s, type this code and choose a new password.", address=address)
        if is_reset
        else _("Open %(address)s, type this code and choose a password.", address=address)
    )
    data = {
        "title": _("Codes to hand out"),
        "lang": language(),
        "about": about,
        "sheets": [_sheet(each, how) for each in sheets],
    }
    return compile_pdf("accounts/code-sheets", data, instance=instance)


def _sheet(sheet: PrintedSheet, how: str) -> dict[str, object]:
    expires_at = sheet.slips[0].issued.expires_at
    return {
        "unit": sheet.parts[0] if sheet.parts else _("No unit"),
        "above": " › ".join(sheet.parts[1:]),
        "count": ngettext("%(num)s person", "%(num)s people", len(sheet.slips)),
        "until": _("valid until %(day)s", day=format_date(expires_at)),
        "slips": [_slip(each, how) for each in sheet.slips],
    }


def _slip(slip: PrintedSlip, how: str) -> dict[str, object]:
    until = format_instant(slip.issued.expires_at, weekday=False)
    lines = [how, _("Works once, until %(time)s.", time=until), slip.more]
    return {
        "name": slip.name,
        "code": slip.issued.code,
        "lines": [line for line in lines if line],
    }
