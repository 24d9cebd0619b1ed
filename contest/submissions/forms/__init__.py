"""Forms of essays: settings, the editor, pictures, handing in, screening."""

import re

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from contest.core.forms import BaseForm, LineField, TextField, WholeNumberField, choices_of
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.actions import Coauthor, EssaySettings
from contest.submissions.models import EssayRound, ScreeningOutcome, Work, WorkVersion
from contest.submissions.rules.limits import MOST_COAUTHORS
from contest.submissions.rules.screening import REASONS

_MINUTE = 60
_MOST_TEXT = 20_000
_SAVE_KEY = re.compile(r"[0-9a-f]{32}")
_MOST_KEYS = 50


class SettingsForm(BaseForm):
    """How an essay round is held."""

    call_text = TextField(
        _l("Call for essays"),
        validators=[Optional(), Length(max=_MOST_TEXT)],
        description=_l("What is asked for, in your own words. Contestants read it first."),
    )
    min_words = WholeNumberField(
        _l("Words at least"), validators=[Optional(), NumberRange(min=0, max=100_000)]
    )
    max_words = WholeNumberField(
        _l("Words at most"), validators=[InputRequired(), NumberRange(min=1, max=100_000)]
    )
    max_pictures = WholeNumberField(
        _l("Pictures at most"), validators=[Optional(), NumberRange(min=0, max=200)]
    )
    entries_per_author = WholeNumberField(
        _l("Essays for each author"), validators=[InputRequired(), NumberRange(min=1, max=100)]
    )
    document_allowed = BooleanField(_l("A document (.docx or .pdf) may be uploaded"))
    subject_required = BooleanField(_l("Ask whom the essay is about"))
    coauthors_allowed = BooleanField(_l("Several authors may write together"))
    pledge_text = TextField(
        _l("Pledge"),
        validators=[InputRequired(), Length(max=2_000)],
        description=_l("What every author confirms before handing in."),
    )
    grace_minutes = WholeNumberField(
        _l("Grace after the deadline, in minutes"),
        validators=[Optional(), NumberRange(min=0, max=1440)],
        description=_l("Essays on a weak line still arrive this long after the close."),
    )

    def show(self, essay: EssayRound) -> None:
        """Fill the form from what is stored."""
        for name in EssaySettings.__dataclass_fields__:
            if name != "grace_seconds":
                self[name].data = getattr(essay, name)
        self.grace_minutes.data = essay.grace_seconds // _MINUTE

    def settings(self) -> EssaySettings:
        """What was typed."""
        return EssaySettings(
            call_text=self.call_text.data,
            pledge_text=self.pledge_text.data,
            min_words=self.min_words.data or 0,
            max_words=self.max_words.data or 1,
            max_pictures=self.max_pictures.data or 0,
            document_allowed=self.document_allowed.data,
            subject_required=self.subject_required.data,
            coauthors_allowed=self.coauthors_allowed.data,
            entries_per_author=self.entries_per_author.data or 1,
            grace_seconds=(self.grace_minutes.data or 0) * _MINUTE,
        )


class WriteForm(BaseForm):
    """The editor. `body_html` is the editor's, `body` the textarea's without JavaScript.

    `key` and `own_keys` are the script's names of this save and of those it heard nothing of.
    """

    edit = HiddenField()
    key = HiddenField(validators=[Optional(), Regexp(_SAVE_KEY)])
    own_keys = HiddenField(validators=[Optional(), Length(max=_MOST_KEYS * 33)])
    body_html = HiddenField()
    title = LineField(_l("Title of the essay"), validators=[Optional(), Length(max=300)])
    body = StringField(_l("Your essay"))
    subject_name = LineField(
        _l("Full name of the person"), validators=[Optional(), Length(max=120)]
    )
    subject_unit = LineField(
        _l("Where they work or live"), validators=[Optional(), Length(max=200)]
    )
    subject_reason = TextField(
        _l("Why they are an example"), validators=[Optional(), Length(max=2_000)]
    )

    def show(self, work: Work, version: WorkVersion | None) -> None:
        """Fill the form from the present version."""
        self.edit.data = str(work.edit)
        if version is not None:
            self.title.data = version.title
            self.subject_name.data = version.subject_name
            self.subject_unit.data = version.subject_unit
            self.subject_reason.data = version.subject_reason


class CoauthorsForm(BaseForm):
    """Up to four people who wrote together with the first author."""

    name_1 = LineField(_l("Full name"), validators=[Optional(), Length(max=120)])
    unit_1 = LineField(_l("Unit"), validators=[Optional(), Length(max=200)])
    code_1 = LineField(_l("Entry code, if registered"), validators=[Optional(), Length(max=20)])
    name_2 = LineField(_l("Full name"), validators=[Optional(), Length(max=120)])
    unit_2 = LineField(_l("Unit"), validators=[Optional(), Length(max=200)])
    code_2 = LineField(_l("Entry code, if registered"), validators=[Optional(), Length(max=20)])
    name_3 = LineField(_l("Full name"), validators=[Optional(), Length(max=120)])
    unit_3 = LineField(_l("Unit"), validators=[Optional(), Length(max=200)])
    code_3 = LineField(_l("Entry code, if registered"), validators=[Optional(), Length(max=20)])
    name_4 = LineField(_l("Full name"), validators=[Optional(), Length(max=120)])
    unit_4 = LineField(_l("Unit"), validators=[Optional(), Length(max=200)])
    code_4 = LineField(_l("Entry code, if registered"), validators=[Optional(), Length(max=20)])

    def show(self, work: Work) -> None:
        """Fill the form from the authors named so far."""
        for place, author in enumerate(work.authors[1 : MOST_COAUTHORS + 1], start=1):
            self[f"name_{place}"].data = author.full_name
            self[f"unit_{place}"].data = author.unit_name

    def coauthors(self) -> list[Coauthor]:
        """What was typed."""
        return [
            Coauthor(
                full_name=self[f"name_{place}"].data,
                unit_name=self[f"unit_{place}"].data,
                code=self[f"code_{place}"].data,
            )
            for place in range(1, MOST_COAUTHORS + 1)
        ]


class PictureForm(BaseForm):
    """A picture with the words under it."""

    picture = FileField(
        _l("Picture"),
        validators=[FileRequired(_l("Choose a file first."))],
        description=_l("JPEG, PNG or WebP. Place and time of the photograph are taken out."),
    )
    caption = LineField(_l("Words under the picture"), validators=[Optional(), Length(max=300)])
    alternative_text = LineField(
        _l("What is to be seen, for people who cannot see it"),
        validators=[Optional(), Length(max=300)],
    )


class CaptionForm(BaseForm):
    """The words of a picture."""

    caption = LineField(_l("Words under the picture"), validators=[Optional(), Length(max=300)])
    alternative_text = LineField(
        _l("What is to be seen, for people who cannot see it"),
        validators=[Optional(), Length(max=300)],
    )


class DocumentForm(BaseForm):
    """An essay written elsewhere."""

    edit = HiddenField()
    document = FileField(
        _l("Document"),
        validators=[FileRequired(_l("Choose a file first."))],
        description=_l("A .docx or .pdf of at most 15 MB. Its text comes into the editor."),
    )


class ConsentsForm(BaseForm):
    """Consents of an author, each apart, never ticked beforehand."""

    publish_name = BooleanField()
    publish_photo = BooleanField()
    publish_essay = BooleanField()
    reuse = BooleanField()


class SubmitForm(ConsentsForm):
    """Handing in: the pledge beside the consents."""

    edit = HiddenField()
    pledge = BooleanField(_l("I confirm the pledge"))


class PlainForm(BaseForm):
    """A button alone."""

    edit = HiddenField()


class CheckboxesField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ScreeningForm(BaseForm):
    """The decision about a work."""

    outcome = RadioField(
        _l("Decision"),
        choices=choices_of(
            [
                (ScreeningOutcome.PASSED.value, _l("Goes on to the judges")),
                (ScreeningOutcome.RETURNED.value, _l("Back to the author, to be mended")),
                (ScreeningOutcome.INELIGIBLE.value, _l("Breaks the rules, is not marked")),
            ]
        ),
        validators=[InputRequired(_l("Choose one of the three."))],
    )
    reasons = CheckboxesField(_l("Reasons"), choices=choices_of(REASONS))
    note = TextField(_l("Note for the author"), validators=[Optional(), Length(max=2_000)])
    subject = RadioField(_l("The person written about"), validate_choice=False)


class VerdictForm(BaseForm):
    """What a pair of essays is."""

    verdict = RadioField(
        _l("What is it?"),
        choices=choices_of(
            [
                ("copied", _l("One is copied from the other")),
                ("quoted", _l("Both quote the same source")),
                ("harmless", _l("Nothing to object to")),
            ]
        ),
        validators=[InputRequired(_l("Choose one of the three."))],
    )
    note = TextField(_l("Note"), validators=[Optional(), Length(max=2_000)])
    seen = HiddenField(validators=[Optional(), Length(max=60)])
