"""Forms of sources, shares, saved filters and changes of many questions."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length

from contest.core.forms import BaseForm, DayField, LineField, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField, Source
from question_bank.actions import SourceValues
from question_bank.forms.lists import difficulty_choices, state_choices
from question_bank.models import ShareRight
from question_bank.organising import RIGHT_LABELS
from question_bank.rules import split_tags

AS_IS = "as-is"


class SourceForm(BaseForm):
    """A document that questions cite."""

    citation = LineField(
        _l("How it is cited"),
        [
            InputRequired(_l("Write how questions cite it.")),
            Length(max=300, message=_l("This is too long.")),
        ],
    )
    title = TextField(_l("Full title"), [Length(max=2_000, message=_l("This is too long."))])
    valid_from = DayField(_l("Holds from"))
    valid_to = DayField(_l("Last day on which it holds"))
    note = TextField(_l("Note"), [Length(max=2_000, message=_l("This is too long."))])

    @property
    def values(self) -> SourceValues:
        """What was typed."""
        return SourceValues(
            citation=self.citation.data or "",
            title=self.title.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            note=self.note.data or "",
        )


class HandOverForm(BaseForm):
    """Why another person answers for a bank from now on."""

    reason = TextField(_l("Reason"), [Length(max=500, message=_l("This is too long."))])


class ShareForm(BaseForm):
    """To which unit or contest a bank is lent, with which right."""

    unit = PickerField(_l("Unit"))
    contest = LineField(_l("Or a contest: the last part of its address"))
    right = RadioField(
        _l("What they may do"),
        choices=[SelectChoice(right.value, label) for right, label in RIGHT_LABELS.items()],
        default=ShareRight.READ.value,
    )

    def for_units(self, units: Source) -> "ShareForm":
        """Offer these units."""
        self.unit.offer(units, empty=_("No unit"))
        return self

    @property
    def place(self) -> tuple[str, str]:
        """The place as addresses name it: kind and key."""
        if self.unit.data:
            return "unit", self.unit.data
        return "contest", (self.contest.data or "").rstrip("/").rpartition("/")[2]


class SaveFilterForm(BaseForm):
    """A name for the filter that is on."""

    name = LineField(
        _l("Name of the filter"),
        [
            InputRequired(_l("Give the filter a name.")),
            Length(max=80, message=_l("This name is too long.")),
        ],
    )
    is_shared = BooleanField(_l("Show it to everybody who sees this bank"))


class BulkForm(BaseForm):
    """What is to become of many questions; what stays "as it is" is not touched."""

    topic = SelectField(_l("Topic"), default=AS_IS)
    difficulty = SelectField(_l("Difficulty"), default=AS_IS)
    tags_add = LineField(_l("Add tags"), [Length(max=400, message=_l("There are too many tags."))])
    tags_remove = LineField(
        _l("Take tags away"), [Length(max=400, message=_l("There are too many tags."))]
    )
    source = SelectField(_l("Document cited"), default=AS_IS)
    state = SelectField(_l("State"), default=AS_IS)

    def for_bank(
        self,
        topics: Sequence[tuple[int, str]],
        sources: Sequence[tuple[int, str]],
        *,
        may_review: bool,
    ) -> "BulkForm":
        """Offer what this bank has; states only to who reviews."""
        as_is = [(AS_IS, _("– as it is –"))]
        self.topic.choices = [*as_is, ("0", _("– no topic –")), *_by_text(topics)]
        self.difficulty.choices = [*as_is, *difficulty_choices()]
        self.source.choices = [*as_is, ("0", _("– no document –")), *_by_text(sources)]
        self.state.choices = [*as_is, *state_choices()]
        if not may_review:
            del self.state
        return self

    @classmethod
    def showing(cls, wanted: Mapping[str, Any]) -> "BulkForm":
        """The form with a change that was chosen before, as `wanted` gives it."""
        tags = {name: ", ".join(wanted.get(name, ())) for name in ("tags_add", "tags_remove")}
        chosen = {name: str(value or 0) for name, value in wanted.items() if name not in tags}
        return cls(data={**chosen, **tags})

    @property
    def wanted(self) -> dict[str, Any]:
        """The change as it is kept."""
        found: dict[str, Any] = {}
        for choice in (self.topic, self.source):
            if choice.data != AS_IS:
                found[choice.short_name] = int(choice.data) or None
        for choice in (each for each in self if each.short_name in {"difficulty", "state"}):
            if choice.data != AS_IS:
                found[choice.short_name] = choice.data
        for line in (self.tags_add, self.tags_remove):
            if tags := split_tags(line.data or ""):
                found[line.short_name] = list(tags)
        return found


def _by_text(choices: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(key), label) for key, label in choices]
