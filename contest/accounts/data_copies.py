"""The archive a person gets: one page to read, the same as JSON, and their files."""

import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from flask import current_app

from contest.accounts.personal_data import Record, Section, Value
from contest.config import PROJECT_ROOT
from contest.core.files import read_file
from contest.core.i18n import format_date, format_instant, format_points, language
from contest.core.i18n import gettext as _
from contest.core.vietnamese import nfc

_STYLE: Final = PROJECT_ROOT / "static" / "css" / "data-copy.css"
_UNSAFE: Final = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_IN_MEMORY: Final = 4 * 1024 * 1024


def copy_archive(sections: Sequence[Section], *, full_name: str, made_at: datetime) -> bytes:
    """A zip in the language in use.

    Args:
        sections: what the rooms keep.
        full_name: whose data it is.
        made_at: stands on the page.
    """
    names = _file_names(sections)
    document = {
        "person": full_name,
        "made_at": made_at.isoformat(),
        "sections": {
            section.code: [_plain(record, names) for record in section.records]
            for section in sections
        },
    }
    page = current_app.jinja_env.get_template("accounts/data_copy.html").render(
        sections=[section for section in sections if section.records],
        full_name=full_name,
        made_at=made_at,
        shown=shown,
        names=names,
        lang=language(),
    )
    with SpooledTemporaryFile(_IN_MEMORY) as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(_("my-data.html"), page)
            packed.writestr("data.css", _STYLE.read_bytes())
            packed.writestr("data.json", json.dumps(document, ensure_ascii=False, indent=1))
            for file_id, name in names.items():
                packed.writestr(name, read_file(file_id))
        target.seek(0)
        return target.read()


def _file_names(sections: Iterable[Section]) -> dict[int, str]:
    """A name inside the archive for each file: numbered, and without signs that a disk refuses."""
    names: dict[int, str] = {}
    for section in sections:
        for record in section.records:
            for file in record.files:
                if file.file_id not in names:
                    name = _UNSAFE.sub("_", nfc(file.name)).strip(". ")[-80:] or "file"
                    names[file.file_id] = f"files/{len(names) + 1:03d}-{name}"
    return names


def _plain(record: Record, names: dict[int, str]) -> dict[str, Any]:
    values: dict[str, Any] = {line.code: _json(line.value) for line in record.lines}
    if record.files:
        values["files"] = [names[file.file_id] for file in record.files]
    return values


def _json(value: Value) -> Any:
    if isinstance(value, date):  # an instant too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def shown(value: Value) -> str:
    """A value as it stands on the page."""
    if isinstance(value, datetime):
        return format_instant(value, seconds=True)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return format_points(value)
    return "" if value is None else str(value)
