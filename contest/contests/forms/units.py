"""Which unit each unknown spelling of a roster means: one field for each, made for the page."""

from collections.abc import Mapping, Sequence
from typing import Final

from contest.core.forms import BaseForm
from contest.core.i18n import gettext as _
from contest.core.pickers import Choice, ListedOnce, PickerField, Source

NEW: Final = "new"


def unit_questions_form(
    questions: Sequence[str], units: Source, *, known: Mapping[str, str], sent: bool
) -> BaseForm:
    """A form with a picker for each question.

    Args:
        questions: the names of the fields.
        units: what a spelling may mean.
        known: what was chosen before, by field.
        sent: whether to read what was typed; else the form shows what is known.
    """
    fields = {name: PickerField(_("Unit")) for name in questions}
    kind: type[BaseForm] = type("UnitQuestionsForm", (BaseForm,), fields)
    form = kind(data=known) if sent else kind(formdata=None, data=known)
    source = ListedOnce(units, fields=len(fields))
    for name in questions:
        form[name].offer(
            source,
            empty=_("– not decided: these rows stay behind –"),
            fixed=[Choice(NEW, _("A new unit with this name"))],
        )
    return form
