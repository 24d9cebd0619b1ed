"""Forms of rounds."""

from datetime import datetime
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from contest.contests.kinds import MAX_RANK_KEYS, rank_keys_for
from contest.contests.models import ContestKind, Round
from contest.contests.rules import (
    BadHour,
    closing_parts,
    instant_of,
    opening_parts,
    read_hour,
)
from contest.core.forms import (
    BaseForm,
    DayField,
    LineField,
    LocalInstantField,
    TextField,
    choices_of,
)
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l


class HourField(LineField):
    """An hour of the day in words people use; its data is minutes after midnight in `minutes`."""

    minutes: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the hour."""
        del form
        self.minutes = None
        if not self.data:
            return
        try:
            self.minutes = read_hour(self.data)
        except BadHour:
            raise ValidationError(
                _("Write the hour as 10:00, 9h30 or 24 giờ (the end of the day).")
            ) from None


class NewRoundForm(BaseForm):
    """A round to be planned."""

    title = LineField(_l("Name of the round"), validators=[InputRequired(), Length(max=200)])
    kind = RadioField(
        _l("What is done in it"),
        choices=choices_of(
            [
                (ContestKind.QUIZ.value, _l("Answering questions")),
                (ContestKind.ESSAY.value, _l("Writing essays")),
            ]
        ),
        default=ContestKind.QUIZ.value,
    )
    is_practice = BooleanField(
        _l("A practice round"), description=_l("Never ranked; for trying things out.")
    )


class RoundForm(BaseForm):
    """Name, window, ranking keys and expected dates of a round.

    The page of an open round has no lists of keys; which keys are allowed, the action says.
    """

    title = LineField(_l("Name of the round"), validators=[InputRequired(), Length(max=200)])
    is_practice = BooleanField(
        _l("A practice round"), description=_l("Never ranked; for trying things out.")
    )
    opens_on = DayField(_l("Opens on"), validators=[Optional()])
    opens_hour = HourField(
        _l("Opening hour"), description=_l("This moment already belongs to the round.")
    )
    closes_on = DayField(_l("Closes on"), validators=[Optional()])
    closes_hour = HourField(
        _l("Closing hour"),
        description=_l("Nobody begins from this moment on. “24 giờ” is the end of the day."),
    )
    reason = TextField(
        _l("Why the round is extended"),
        validators=[Length(max=1000)],
        description=_l("Everybody who is registered reads it, by mail and on the contest's page."),
    )
    marked_by = LocalInstantField(_l("Marking done by"), validators=[Optional()])
    decided_by = LocalInstantField(_l("Decision expected by"), validators=[Optional()])
    published_by = LocalInstantField(_l("Results expected by"), validators=[Optional()])
    key_1 = SelectField(_l("First"), validate_choice=False)
    key_2 = SelectField(_l("Then, where equal"), validate_choice=False)
    key_3 = SelectField(_l("Then, third"), validate_choice=False)
    key_4 = SelectField(_l("Then, fourth"), validate_choice=False)
    key_5 = SelectField(_l("Then, fifth"), validate_choice=False)
    key_6 = SelectField(_l("Then, sixth"), validate_choice=False)

    def offer_keys(self, kind: ContestKind) -> None:
        """Fill the lists of ranking keys."""
        offered = [("", _("– no further key –"))]
        offered += [(key.code, str(key.label)) for key in rank_keys_for(kind)]
        for field in self.key_fields():
            field.choices = offered

    def key_fields(self) -> list[SelectField]:
        """The six lists, in order."""
        return [self[f"key_{place}"] for place in range(1, MAX_RANK_KEYS + 1)]

    def key_codes(self) -> list[str]:
        """The keys that were chosen, in order, without gaps."""
        return [field.data for field in self.key_fields() if field.data]

    def opens_at(self) -> datetime | None:
        """The opening, or None while a part of it is missing."""
        return _instant(self.opens_on, self.opens_hour)

    def closes_at(self) -> datetime | None:
        """The close, or None while a part of it is missing."""
        return _instant(self.closes_on, self.closes_hour)

    def show(self, round: Round) -> None:
        """Fill the form from a round."""
        if round.opens_at is not None:
            self.opens_on.data, self.opens_hour.data = opening_parts(round.opens_at)
        if round.closes_at is not None:
            self.closes_on.data, self.closes_hour.data = closing_parts(round.closes_at)
        for field, key in zip(self.key_fields(), round.rank_keys, strict=False):
            field.data = key.code

    def validate_opens_hour(self, field: HourField) -> None:
        """Day and hour go together."""
        _both(self.opens_on, field)

    def validate_closes_hour(self, field: HourField) -> None:
        """Day and hour go together, and the close comes after the opening."""
        _both(self.closes_on, field)
        opens_at, closes_at = self.opens_at(), self.closes_at()
        if opens_at and closes_at and closes_at <= opens_at:
            raise ValidationError(_("The round must close after it opens."))

    def validate_key_2(self, field: SelectField) -> None:
        """Each key stands once; said at the list where the second one is."""
        self._once(field, 2)

    def validate_key_3(self, field: SelectField) -> None:
        """See `validate_key_2`."""
        self._once(field, 3)

    def validate_key_4(self, field: SelectField) -> None:
        """See `validate_key_2`."""
        self._once(field, 4)

    def validate_key_5(self, field: SelectField) -> None:
        """See `validate_key_2`."""
        self._once(field, 5)

    def validate_key_6(self, field: SelectField) -> None:
        """See `validate_key_2`."""
        self._once(field, 6)

    def _once(self, field: SelectField, place: int) -> None:
        earlier = {each.data for each in self.key_fields()[: place - 1]}
        if field.data and field.data in earlier:
            raise ValidationError(_("This key stands above already."))


def _instant(day: DayField, hour: HourField) -> datetime | None:
    if day.data is None or hour.minutes is None:
        return None
    return instant_of(day.data, hour.minutes)


def _both(day: DayField, hour: HourField) -> None:
    if (day.data is None) != (not hour.data):
        raise ValidationError(_("Give both the day and the hour, or neither."))


class CloseForm(BaseForm):
    """Closing a round before its time."""

    reason = TextField(
        _l("Why it closes now"),
        validators=[Length(max=1000)],
        description=_l("It stays with the decision and can be asked for."),
    )
