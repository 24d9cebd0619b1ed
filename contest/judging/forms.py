"""Forms of the judging room: shape and types of what is typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from contest.core.forms import (
    BaseForm,
    LineField,
    LocalInstantField,
    PointsField,
    TextField,
    WholeNumberField,
    choices_of,
    clean_line,
    clean_text,
)
from contest.core.i18n import format_points
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.pickers import PickerField
from contest.judging.actions import CriterionValues, JudgingSettings
from contest.judging.models import Criterion, JudgedRound, ResolutionRule
from contest.judging.rules.sheets import Band, bands_of
from contest.judging.rules.wording import RULE_LABELS

MOST_CRITERIA: Final = 20
LIST_BYTES: Final = 2 * 1024 * 1024
_SPARE_ROWS: Final = 2
_FIRST_ROWS: Final = 4
_BAND: Final = re.compile(r"^\s*([\d.,]+)\s*[-–]\s*([\d.,]+)\s*:\s*(.+)$")
_HUNDRED: Final = Decimal(100)


def read_points(typed: str) -> Decimal | None:
    """Points with a decimal comma or point; None when they cannot be read."""
    try:
        value = Decimal("".join(typed.split()).replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite() or value != round(value, 4) or not 0 <= value <= 10_000:  # noqa: PLR2004
        return None
    return value


class RubricForm(BaseForm):
    """How many marks, by when, and the limits as percent of the scale."""

    marks_per_work = WholeNumberField(
        _l("Marks for each work"), [InputRequired(), NumberRange(1, 9)], default=2
    )
    resolution = RadioField(
        _l("How the marks of a work become one"),
        choices=choices_of([(rule.value, RULE_LABELS[rule]) for rule in ResolutionRule]),
        default=ResolutionRule.PROTOCOL.value,
    )
    due = LocalInstantField(_l("Marks are due by"), [Optional()])
    agree = PointsField(
        _l("The mean stands below a difference of (% of the scale)"),
        [InputRequired(), NumberRange(0, 100)],
        default=Decimal(10),
    )
    third = PointsField(
        _l("A third judge marks above a difference of (% of the scale)"),
        [InputRequired(), NumberRange(0, 100)],
        default=Decimal(15),
    )
    spread = PointsField(
        _l("The panel marks above a spread of three marks of (% of the scale)"),
        [InputRequired(), NumberRange(0, 100)],
        default=Decimal(25),
    )
    check = PointsField(
        _l("Marked once more, as a check (% of the works)"),
        [Optional(), NumberRange(0, 100)],
        default=Decimal(5),
        description=_l("At least five in a hundred is customary; 0 means that nothing is checked."),
    )
    check_top = WholeNumberField(
        _l("The best works that are always checked"), [Optional(), NumberRange(1, 1_000)], default=3
    )
    gives_comments = BooleanField(
        _l("Chosen remarks of judges may reach the authors, without the judge’s name")
    )

    by_criterion = BooleanField(
        _l("Two marks must also be near each other on each criterion"),
        description=_l("The same limits, as percent of the criterion’s points."),
    )

    with_final = BooleanField(
        _l("Two stages: a final marking (chung khảo) of the best"),
        description=_l(
            "Two stages find more of the best works for little more work: a shortlist goes to "
            "another jury, by a rubric of its own, under new codes."
        ),
    )
    final_title = LineField(
        _l("Name of the final marking"),
        [Optional(), Length(max=120)],
        default=lambda: _("Final marking"),
    )
    final_size = WholeNumberField(
        _l("Works on the shortlist"),
        [Optional(), NumberRange(1, 10_000)],
        default=120,
        description=_l(
            "About five times as many as there are prizes; works that share the last place are in."
        ),
    )

    def show(self, judged: JudgedRound) -> None:
        """Put what is stored into the fields."""
        self.marks_per_work.data = judged.marks_per_work
        self.resolution.data = judged.resolution.value
        self.due.data = judged.marks_due_at
        self.agree.data = judged.agree_limit * _HUNDRED
        self.third.data = judged.third_limit * _HUNDRED
        self.spread.data = judged.spread_limit * _HUNDRED
        self.check.data = judged.check_share * _HUNDRED
        self.check_top.data = judged.check_top
        self.gives_comments.data = judged.gives_comments
        self.by_criterion.data = judged.by_criterion

    def settings(self) -> JudgingSettings:
        """What was typed."""
        return JudgingSettings(
            marks_per_work=self.marks_per_work.data or 2,
            agree_limit=(self.agree.data or Decimal(0)) / _HUNDRED,
            third_limit=(self.third.data or Decimal(0)) / _HUNDRED,
            spread_limit=(self.spread.data or Decimal(0)) / _HUNDRED,
            marks_due_at=self.due.data,
            resolution=ResolutionRule(self.resolution.data),
            check_share=(self.check.data or Decimal(0)) / _HUNDRED,
            check_top=self.check_top.data or 3,
            gives_comments=self.gives_comments.data,
            by_criterion=self.by_criterion.data,
        )


@dataclass(slots=True)
class CriterionRow:
    """A row of the rubric's table as typed, with what is wrong in it."""

    name: str = ""
    max_points: str = ""
    step: str = "0,25"
    description: str = ""
    bands: str = ""
    is_main: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that makes a criterion."""
        return not (self.name or self.max_points or self.bands or self.description)


def shown_rows(criteria: Sequence[Criterion]) -> list[CriterionRow]:
    """The rubric as rows, with empty ones for more."""
    rows = [
        CriterionRow(
            each.name,
            format_points(each.max_points),
            format_points(each.step),
            each.description,
            "\n".join(
                f"{format_points(band.low)}–{format_points(band.high)}: {band.words}"
                for band in bands_of(each)
            ),
            each.is_main,
        )
        for each in criteria
    ]
    spare = max(_SPARE_ROWS, _FIRST_ROWS - len(rows))
    return [*rows, *(CriterionRow() for _ in range(spare))][:MOST_CRITERIA]


def typed_rows(typed: Mapping[str, str]) -> list[CriterionRow]:
    """The table as it was sent."""
    main = typed.get("main", "")
    return [
        CriterionRow(
            name=clean_line(typed.get(f"name-{at}"))[:200],
            max_points=clean_line(typed.get(f"max-{at}")),
            step=clean_line(typed.get(f"step-{at}")),
            description=clean_text(typed.get(f"description-{at}")),
            bands=clean_text(typed.get(f"bands-{at}")),
            is_main=main == str(at),
        )
        for at in range(MOST_CRITERIA)
        if f"name-{at}" in typed
    ]


def read_rows(rows: Sequence[CriterionRow]) -> list[CriterionValues] | None:
    """The rubric that rows mean; None puts what is wrong into them."""
    read = [_read_row(row) for row in rows if not row.is_empty]
    return None if any(row.errors for row in rows) else [each for each in read if each is not None]


def _read_row(row: CriterionRow) -> CriterionValues | None:
    most, step = read_points(row.max_points), read_points(row.step or "0,25")
    if not row.name:
        row.errors["name"] = _("Write the name of the criterion.")
    if most is None or most <= 0:
        row.errors["max_points"] = _("Write the most points, for example 4.")
    elif step is None or not 0 < step <= most:
        row.errors["step"] = _("Write a step that is not above the most points, for example 0,25.")
    bands = _read_bands(row, most or Decimal(0))
    if row.errors or most is None or step is None:
        return None
    return CriterionValues(row.name, most, step, row.description, row.is_main, bands)


def _read_bands(row: CriterionRow, most: Decimal) -> tuple[Band, ...]:
    bands = []
    for line in filter(None, (each.strip() for each in row.bands.split("\n"))):
        match = _BAND.match(line)
        low = read_points(match[1]) if match else None
        high = read_points(match[2]) if match else None
        if match is None or low is None or high is None or not low <= high <= most:
            row.errors["bands"] = _("Write a band on each line, as “3–4: concrete, lasting deeds”.")
            return ()
        bands.append(Band(low, high, match[3].strip()))
    return tuple(sorted(bands, key=lambda band: -band.high))


class InviteForm(BaseForm):
    """Who is invited: somebody who judges already, or anybody by telephone or e-mail."""

    person = SelectField(_l("Somebody who is a judge already"), validate_choice=False)
    contact = LineField(
        _l("Or a telephone number or e-mail address"),
        [Length(max=254)],
        description=_l("The person needs an account; the role is given when they accept."),
    )
    capacity = WholeNumberField(
        _l("The most works"),
        [Optional(), NumberRange(1, 100_000)],
        description=_l("Empty means an equal share."),
    )
    is_chief = BooleanField(_l("Chief judge"))


class JuryListForm(BaseForm):
    """A spreadsheet with judges."""

    file = FileField(
        _l("List of judges (Excel or CSV)"),
        description=_l(
            "Columns: full name, phone number or e-mail, unit, role (trưởng ban, giám khảo), and "
            "how many works at the most. Title rows above the table do no harm."
        ),
    )

    def validate_file(self, field: FileField) -> None:
        """A file was chosen."""
        if not field.data or not field.data.filename:
            raise ValidationError(_("Please choose a file."))


class SeatForm(BaseForm):
    """A judge's capacity, and whether they preside."""

    capacity = WholeNumberField(
        _l("The most works"),
        [Optional(), NumberRange(1, 100_000)],
        description=_l("Empty means an equal share."),
    )
    is_chief = BooleanField(_l("Chief judge"))


class ReasonForm(BaseForm):
    """A decision with its reason."""

    reason = TextField(_l("Reason"), [InputRequired(), Length(max=2_000)])


class QuorumForm(BaseForm):
    """With how many marks a work is content, and why."""

    quorum = WholeNumberField(_l("Marks that are enough"), [InputRequired(), NumberRange(1, 9)])
    reason = TextField(_l("Reason"), [InputRequired(), Length(max=2_000)])


class ConflictForm(BaseForm):
    """What a judge declares."""

    unit = PickerField(_l("A unit whose works I must not mark"))
    person_name = LineField(
        _l("Or the full name of an author, or of a person written about"), [Length(max=120)]
    )
    reason = LineField(_l("Why (optional)"), [Length(max=500)])


class DecideForm(BaseForm):
    """The mark that people agreed on, with minutes."""

    points = PointsField(_l("Mark"), [InputRequired()])
    by_chief = BooleanField(_l("The two did not agree: the chief judge decided"))
    present = LineField(
        _l("Who was present"),
        [Optional(), Length(max=500)],
        description=_l("Names, with commas between them; they stand in the minutes."),
    )
    minutes = TextField(_l("Minutes"), [InputRequired(), Length(max=5_000)])

    def names(self) -> list[str]:
        """Who was present."""
        return [name for name in map(str.strip, (self.present.data or "").split(",")) if name]


class CalibrationForm(BaseForm):
    """An essay that every judge marks first; its reference marks stand beside the form."""

    title = LineField(_l("Title of the essay"), [InputRequired(), Length(max=300)])
    body = TextField(_l("Text without names"), [InputRequired(), Length(max=40_000)])
    words = TextField(
        _l("Why these marks (judges read it afterwards)"), [Optional(), Length(max=5_000)]
    )


class StageForm(BaseForm):
    """The final marking of a shortlist."""

    title = LineField(
        _l("Name of the final marking"),
        [InputRequired(), Length(max=120)],
        default=lambda: _("Final marking"),
    )
    size = WholeNumberField(
        _l("Works on the shortlist"),
        [InputRequired(), NumberRange(1, 10_000)],
        default=120,
        description=_l(
            "About five times as many as there are prizes; works that share the last place are in."
        ),
    )


class EmptyForm(BaseForm):
    """Only the token that every change carries."""

    send = SubmitField()
