"""Forms of series and of decisions about rounds."""

from datetime import date, datetime

from wtforms import SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from contest.contests.forms.rounds import HourField
from contest.contests.models import Contest
from contest.contests.rules.series import MOST_WEEKS
from contest.core.forms import BaseForm, DayField, LineField, TextField, WholeNumberField
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l


class SeriesForm(BaseForm):
    """Weekly rounds: from when, how many, at which hours, and which weeks are left out."""

    template = SelectField(
        _l("With the settings of"),
        validate_choice=False,
        description=_l("Paper, limits, ranking keys and weight are copied from this round."),
    )
    first_day = DayField(
        _l("From this day on"),
        validators=[InputRequired()],
        description=_l("The first round opens on the first Monday on or after it."),
    )
    weeks = WholeNumberField(
        _l("How many weeks"),
        validators=[InputRequired(), NumberRange(min=1, max=MOST_WEEKS)],
    )
    opens_hour = HourField(_l("Opens on Monday at"), validators=[InputRequired()], default="10:00")
    closes_hour = HourField(
        _l("Closes on the next Monday at"), validators=[InputRequired()], default="9:00"
    )
    without = LineField(
        _l("Without the weeks of these days"),
        validators=[Optional(), Length(max=200)],
        description=_l("For example 17/2/2027, 24/2/2027; the series goes on after them."),
    )

    def offer_rounds(self, contest: Contest) -> None:
        """Fill the list of templates; the last ranked round is the first choice."""
        rounds = [each for each in contest.rounds if not each.is_practice]
        self.template.choices = [
            *((str(each.number), each.title) for each in reversed(rounds)),
            ("", _("– none: plain rounds –")),
        ]

    def left_out(self) -> list[date]:
        """The days whose weeks are left out."""
        typed = (self.without.data or "").replace(";", ",").split(",")
        return [
            datetime.strptime(part.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  (a local day)
            for part in typed
            if part.strip()
        ]

    def validate_without(self, field: LineField) -> None:
        """Each part is a day."""
        del field
        try:
            self.left_out()
        except ValueError:
            raise ValidationError(_("Write each day as 17/2/2027, with commas between.")) from None


class BestRoundsForm(BaseForm):
    """How many rounds of a person count in the total."""

    best = WholeNumberField(
        _l("The best so many rounds of each person count"),
        validators=[Optional(), NumberRange(min=1, max=MOST_WEEKS)],
        description=_l("Leave it empty when all rounds count."),
    )


class AnnulForm(BaseForm):
    """Annulling a round."""

    reason = TextField(
        _l("Why the round is annulled"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("Everybody who is registered reads it, by mail and on the contest's page."),
    )
