"""Forms of files of questions."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    SelectField,
)

from contest.core.forms import BaseForm
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from question_bank.formats import AUTO, FORMATS


class UploadForm(BaseForm):
    """A file of questions."""

    file = FileField(_l("File of questions"))
    format = SelectField(_l("Format"), default=AUTO)
    whole = BooleanField(_l("All or nothing: take it only when every row is good"))

    def for_formats(self) -> "UploadForm":
        """Offer the formats that can be read, finding it out first."""
        known = [(code, found.label) for code, found in FORMATS.items()]
        self.format.choices = [(AUTO, _("Find out from the content")), *known]
        return self

    def content(self, files: "MultiDict[str, Any]") -> tuple[str, bytes] | None:
        """Return (name, bytes) of the uploaded file, or None with an error at the field."""
        uploaded = files.get("file")
        if uploaded is None or not uploaded.filename:
            self.file.errors = [_("Choose a file first.")]
            return None
        content = uploaded.read()
        if not content:
            self.file.errors = [_("This file is empty.")]
            return None
        return uploaded.filename, content
