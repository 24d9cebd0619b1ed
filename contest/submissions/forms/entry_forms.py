"""Forms of entry forms: building a field, and filling in the fields of a round."""

from typing import Any, Final

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from contest.core.forms import BaseForm, LineField, TextField, WholeNumberField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.forms import WriteForm
from contest.submissions.models import FieldSort, WorkVersion
from contest.submissions.rules.answers import (
    MOST_LINE,
    MOST_NAME,
    MOST_TEXT,
    MOST_UNIT,
    person_answer,
    read_person,
    shown_answer,
)
from contest.submissions.rules.entry_forms import (
    ALWAYS,
    MOST_FILES,
    MOST_MEGABYTES,
    MOST_OPTIONS,
    NEVER_SHOWN,
    TITLE,
    WITH_FILES,
    WITH_WORDS,
    EntryForm,
    Field,
)

ANSWER: Final = "answer_"
UNIT: Final = "_unit"
_MOST_NUMBER: Final = 2_000_000_000
_MOST_WORDS: Final = 20_000
_LEAST_OPTIONS: Final = 2


class FieldForm(BaseForm):
    """A field of an entry form; the view takes out what its sort does not know."""

    label = LineField(_l("Name of the field"), validators=[InputRequired(), Length(max=120)])
    hint = TextField(
        _l("Explanation"),
        validators=[Optional(), Length(max=1_000)],
        description=_l("A line under the name: what to write, with an example."),
    )
    options = TextField(
        _l("Choices, one in each line"),
        validators=[Optional(), Length(max=8_000)],
    )
    least = WholeNumberField(_l("At least"), validators=[Optional()])
    most = WholeNumberField(_l("At most"), validators=[Optional()])
    most_megabytes = WholeNumberField(
        _l("Megabytes of one file at most"),
        validators=[Optional(), NumberRange(min=1, max=MOST_MEGABYTES)],
    )
    required = BooleanField(_l("Has to be filled in"))
    shown = BooleanField(
        _l("Judges see it"),
        description=_l("What they do not see reaches them in no way; the secretary sees it."),
    )

    def fit(self, field: Field, *, in_use: bool = False) -> None:
        """Leave what this field can have, with the words of its sort.

        Once people write, it is hidden from judges by a decision of its own, and never shown again.
        """
        key, sort = field.key, field.sort
        if sort is not FieldSort.CHOICE:
            del self.options
        if field.is_core or sort not in WITH_FILES:
            del self.most_megabytes
        if in_use or key in NEVER_SHOWN or key in ALWAYS:
            del self.shown
        if key == TITLE:
            del self.required
        bounds = bounds_words(field)
        if bounds is None:
            del self.least, self.most
        else:
            self.least.label.text, self.most.label.text = bounds
            if key == "pictures":
                del self.least

    def show(self, field: Field) -> None:
        """Fill the form from a field."""
        for name in Field.__dataclass_fields__:
            if name in self and name not in {"options", "key"}:
                self[name].data = getattr(field, name)
        if "options" in self:
            self.options.data = "\n".join(field.options)

    def validate_options(self, field: Any) -> None:
        """Two choices at least, none twice."""
        lines = _lines(field.data)
        if not _LEAST_OPTIONS <= len(lines) <= MOST_OPTIONS or len(set(lines)) < len(lines):
            raise ValidationError(_("Give 2 to 100 choices, one in each line, none twice."))

    def validate_most(self, field: Any) -> None:
        """Not under the lower bound."""
        least = self.least.data if "least" in self else None
        if field.data is not None and least is not None and field.data < least:
            raise ValidationError(_("The upper bound is below the lower one."))
        if field.data is not None and abs(field.data) > _MOST_NUMBER:
            raise ValidationError(_("This number is too large."))

    def field(self, before: Field) -> Field:
        """What was typed, over what this form does not ask."""
        values = {name: getattr(before, name) for name in Field.__dataclass_fields__}
        for name in values:
            if name in self and name not in {"options", "key"}:
                values[name] = self[name].data
        if "options" in self:
            values["options"] = tuple(_lines(self.options.data))
        return Field(**_bounded(values))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _bounded(values: dict[str, Any]) -> dict[str, Any]:
    """No bound beyond what the product holds."""
    if values["sort"] in WITH_FILES:
        values["most"] = min(values["most"] or 1, MOST_FILES)
        values["least"] = None if values["least"] is None else max(values["least"], 0)
    elif values["sort"] in WITH_WORDS and values["most"] is not None:
        values["most"] = min(max(values["most"], 1), _MOST_WORDS)
    return values


def bounds_words(field: Field) -> tuple[str, str] | None:
    """How the two bounds of a field are called; None where it has none."""
    if field.key == "title" or field.sort in {FieldSort.CHOICE, FieldSort.DATE, FieldSort.PERSON}:
        return None
    if field.key == "document":
        return None
    if field.sort in WITH_WORDS:
        return _("Words at least"), _("Words at most")
    if field.sort in WITH_FILES:
        return _("Files at least"), _("Files at most")
    return _("Smallest number"), _("Largest number")


class FieldFileForm(BaseForm):
    """A file for a field of the form."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file first."))])
    caption = LineField(_l("Words under the picture"), validators=[Optional(), Length(max=300)])
    alternative_text = LineField(
        _l("What is to be seen, for people who cannot see it"),
        validators=[Optional(), Length(max=300)],
    )


class HideForm(BaseForm):
    """Why judges no longer see a field."""

    reason = TextField(
        _l("Reason"),
        validators=[
            InputRequired(_l("Please say why judges no longer see it.")),
            Length(max=2_000),
        ],
    )


class MoveForm(BaseForm):
    """A field goes up or down."""

    by = HiddenField()


def write_form(form: EntryForm, *parts: type, **values: Any) -> WriteForm:
    """The editor's form with the further fields of a round, and with what `parts` ask."""
    further = {f"{ANSWER}{field.key}": _input(field) for field in form.further}
    further |= {
        f"{ANSWER}{field.key}{UNIT}": _unit_input()
        for field in form.further
        if field.sort is FieldSort.PERSON
    }
    made: WriteForm = type("EntryWriteForm", (WriteForm, *parts), further)(**values)
    return made


def _input(field: Field) -> Any:
    about: dict[str, Any] = {"description": field.hint}
    if field.sort is FieldSort.LONG_TEXT:
        return TextField(field.label, validators=[Optional(), Length(max=MOST_TEXT)], **about)
    if field.sort is FieldSort.PERSON:
        return LineField(_("Full name"), validators=[Optional(), Length(max=MOST_NAME)])
    if field.sort is FieldSort.CHOICE:
        choices = [("", _("– choose –")), *((each, each) for each in field.options)]
        return SelectField(field.label, choices=choices_of(choices), validate_choice=False, **about)
    return LineField(field.label, validators=[Optional(), Length(max=MOST_LINE)], **about)


def _unit_input() -> Any:
    return LineField(_("Unit or place"), validators=[Optional(), Length(max=MOST_UNIT)])


def show_answers(written: WriteForm, form: EntryForm, version: WorkVersion | None) -> None:
    """Fill in the further fields from a version."""
    if version is None:
        return
    answers = {**version.answers, **version.private_answers}
    for field in form.further:
        name, answer = f"{ANSWER}{field.key}", answers.get(field.key, "")
        if field.sort is FieldSort.PERSON:
            written[name].data, written[name + UNIT].data = read_person(answer)
        else:
            written[name].data = shown_answer(field, answer)


def answers_in(written: WriteForm, form: EntryForm) -> dict[str, str]:
    """The further fields as typed."""
    return {field.key: _typed(written, field) for field in form.further}


def _typed(written: WriteForm, field: Field) -> str:
    name = f"{ANSWER}{field.key}"
    typed: str = written[name].data or ""
    if field.sort is FieldSort.PERSON:
        return person_answer(typed, written[name + UNIT].data or "")
    return typed
