"""Words for what the room keeps as codes."""

from contest.core.i18n import gettext as _
from contest.submissions.models import FieldSort
from contest.submissions.rules.entry_forms import (
    CORE,
    ESSAY,
    MODEL,
    PROJECT,
    EntryForm,
    core_label,
)


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
        FieldSort.PERSON: _("Person (name, unit)"),
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


def work_words(form: EntryForm) -> dict[str, str]:
    """What the author's pages call a work and what is done with it.

    A form that asks about no person, as of a project or a model, is filled in as a dossier.
    """
    if form.is_essay:
        return {
            "own": _("My essays"),
            "each": _("Essays for each author"),
            "begin": _("Write an essay"),
            "begin_another": _("Write another essay"),
            "untitled": _("A new essay"),
            "hand_in": _("Hand in the essay"),
            "withdraw": _("Withdraw the essay"),
            "received": _("Your essay is received"),
            "name": _("Essay"),
            "check_sum": _("Check sum of your essay"),
            "back": _("To the essay"),
            "back_to_own": _("To my essays"),
        }
    return {
        "own": _("My dossiers"),
        "each": _("Dossiers for each author"),
        "begin": _("Begin a dossier"),
        "begin_another": _("Begin another dossier"),
        "untitled": _("A new dossier"),
        "hand_in": _("Hand in the dossier"),
        "withdraw": _("Withdraw the dossier"),
        "received": _("Your dossier is received"),
        "name": _("Entry dossier"),
        "check_sum": _("Check sum of your dossier"),
        "back": _("To the dossier"),
        "back_to_own": _("To my dossiers"),
    }
