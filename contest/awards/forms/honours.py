"""Forms of the honour roll."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms.validators import Length, Optional

from contest.accounts.queries import UnitRange
from contest.core.forms import BaseForm, LineField, TextField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField


class RollUnitForm(BaseForm):
    """The unit that narrows the roll; sent by GET."""

    class Meta(BaseForm.Meta):
        """Changes nothing, so it carries no token into the address."""

        csrf = False

    unit = PickerField(_l("Unit"), [Optional()], default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Units that have ended too: honours stand where they were given.
        self.unit.offer(UnitRange(None, None), empty=_("All units"))


class ProfileForm(BaseForm):
    """What is told about somebody on the honour roll, and what they agreed to."""

    summary = LineField(
        _l("In one sentence"), [Length(max=300)], description=_l("Stands in the list.")
    )
    story = TextField(_l("The story"), [Length(max=20_000)])
    theme = LineField(_l("Theme"), [Length(max=120)])
    portrait = FileField(_l("Portrait (JPEG, PNG or WebP)"))
    portrait_text = LineField(
        _l("What the picture shows"),
        [Length(max=300)],
        description=_l("Read aloud to people who cannot see it."),
    )
    name_agreed = BooleanField(
        _l("The person agrees to be named, with the story"),
        description=_l("Without it initials stand on the roll, and no story."),
    )
    photo_agreed = BooleanField(_l("The person agrees to the portrait"))
    is_minor = BooleanField(_l("The person is under 18"))
    guardian_agreed = BooleanField(
        _l("The guardian agrees too"), description=_l("Needed for a person under 18.")
    )
