"""Words for what the room keeps as codes."""

from contest.core.i18n import gettext as _
from contest.submissions.models import FieldSort
from contest.submissions.rules.entry_forms import CORE, ESSAY, MODEL, PROJECT, core_label


def sort_words(sort: FieldSort) -> str:
    """What is entered in a field, in words."""
    words = {
        FieldSort.TEXT: _("Short text"),
        FieldSort.LONG_TEXT: _("Long text"),
        FieldSort.CHOICE: _("Choice of one"),
        FieldSort.NUMBER: _("A number"),
        FieldSort.DATE: _("Day"),
        FieldSort.FILE: _("File (.docx, .pdf)"),
        FieldSort.PICTURE: _("Picture"),
        FieldSort.PERSON: _("Person"),
    }
    return words[sort]


def form_words() -> dict[str, dict[str, str]]:
    """Words that pages of the builder look up: sorts, fields every form may have, templates."""
    return {
        "sort_names": {sort.value: sort_words(sort) for sort in FieldSort},
        "core_names": {key: core_label(key) for key in CORE},
        "template_names": {
            ESSAY: _("Essay about a person"),
            PROJECT: _("Project dossier"),
            MODEL: _("Model"),
        },
    }
