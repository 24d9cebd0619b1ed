"""Forms of unit prizes and side prizes: their terms, and what people decide about them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wtforms import FieldList, Form, FormField, SelectField
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from contest.contests.models import ContestKind
from contest.core.forms import BaseForm, LineField, WholeNumberField, choices_of
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.results.actions import ExtraValues
from contest.results.forms import MOST_MONEY, MOST_QUOTA, typed_reason
from contest.results.models import ExtraPrize, Measure, TiePolicy
from contest.results.rules.extra_prizes import ExtraTerms, Pick, measures_for
from contest.results.rules.extra_words import MEASURE_NAMES
from contest.results.rules.words import POLICY_NAMES

MOST_EXTRAS: Final = 20
_SPARE_ROWS: Final = 2
_MOST_PEOPLE: Final = 10_000_000
_MOST_WORDS: Final = 2_000
_MOST_CODES: Final = 500


class ExtraForm(Form):
    """A row of the editor; a row without a name is left out if nothing else stands in it."""

    measure = SelectField(_l("Given by"))
    name = LineField(_l("Name of the prize"), [Length(max=120)])
    quota = WholeNumberField(
        _l("Number of prizes"), [Optional(), NumberRange(min=1, max=MOST_QUOTA)]
    )
    money = WholeNumberField(_l("đ each"), [Optional(), NumberRange(min=0, max=MOST_MONEY)])
    policy = SelectField(_l("Equal at the line"), choices=choices_of(POLICY_NAMES))
    fewest = WholeNumberField(
        _l("Units from so many people on"), [Optional(), NumberRange(min=0, max=_MOST_PEOPLE)]
    )
    terms = LineField(_l("What it is given for"), [Length(max=500)])

    def validate_name(self, field: LineField) -> None:
        """Numbers without a name would be lost unseen."""
        if not field.data and (self.quota.data is not None or self.money.data is not None):
            raise ValidationError(_("Give this prize a name."))

    def validate_quota(self, field: WholeNumberField) -> None:
        """A prize of which there is none would be lost unseen."""
        if self.name.data and field.data is None:
            raise ValidationError(_("Say how many of this prize there are."))


class ExtraPrizesForm(BaseForm):
    """The unit prizes and side prizes of a round, or over the totals."""

    extras = FieldList(FormField(ExtraForm), max_entries=MOST_EXTRAS)

    @classmethod
    def of(
        cls, kind: ContestKind | None, prizes: Sequence[ExtraPrize] | None = None
    ) -> "ExtraPrizesForm":
        """The form with what can be given there; with `prizes` as it opens, else as it was sent.

        Args:
            kind: of the round; None for totals.
            prizes: those there are.
        """
        form = cls() if prizes is None else cls(formdata=None, data={"extras": _rows(prizes)})
        choices = choices_of([(one.value, MEASURE_NAMES[one]) for one in measures_for(kind)])
        for row in form.extras:
            row.form.measure.choices = choices
        return form

    def values(self) -> list[ExtraValues]:
        """The rows that have a name."""
        return [
            ExtraValues(
                Measure(row.form.measure.data),
                row.form.name.data,
                row.form.quota.data or 0,
                row.form.money.data or 0,
                TiePolicy(row.form.policy.data),
                row.form.fewest.data,
                row.form.terms.data or "",
            )
            for row in self.extras
            if row.form.name.data
        ]


def _rows(prizes: Sequence[ExtraPrize]) -> list[dict[str, Any]]:
    """What there is, and empty rows, so that prizes can be added without scripts."""
    rows: list[dict[str, Any]] = [
        {
            "measure": one.measure.value,
            "name": one.name,
            "quota": one.quota,
            "money": one.money,
            "policy": one.tie_policy.value,
            "fewest": one.fewest,
            "terms": one.terms,
        }
        for one in prizes
    ]
    empty = min(_SPARE_ROWS, MOST_EXTRAS - len(rows))
    return rows + [{"policy": TiePolicy.STOP.value} for _row in range(empty)]


def extra_tie_name(position: int) -> str:
    """The name under which the fields of a tie at a prize are sent; counts prizes, not ids."""
    return f"tie-extra-{position}"


def extra_empty_name(position: int) -> str:
    """The name under which those of a prize that stay empty are sent."""
    return f"empty-extra-{position}"


def pick_name(position: int) -> str:
    """The name under which the council's choice for a prize is sent."""
    return f"pick-{position}"


@dataclass(frozen=True, slots=True)
class PickAnswer:
    """What was typed for a prize that the council gives by hand.

    Attributes:
        codes: as typed.
        reason: why they were chosen.
        picks: whom it means.
        unknown: codes that belong to nobody who may take it.
    """

    codes: str
    reason: str
    picks: tuple[Pick, ...] = ()
    unknown: tuple[str, ...] = ()


def typed_codes(sent: Any, name: str) -> list[str]:
    """The codes that were typed for a prize."""
    return [
        one for one in re.split(r"[\s,;\0]+", sent.get(f"{name}-codes", "")[:_MOST_CODES]) if one
    ]


def read_pick(sent: Any, name: str, known: Mapping[str, int]) -> PickAnswer:
    """What was sent for a prize that the council gives by hand.

    Args:
        sent: the form as sent.
        name: see `pick_name`.
        known: entries by their codes in capitals.
    """
    codes = typed_codes(sent, name)
    reason = typed_reason(sent, name, _MOST_WORDS)
    picks = [Pick(known[code.upper()], reason) for code in codes if code.upper() in known]
    unknown = [code for code in codes if code.upper() not in known]
    return PickAnswer(", ".join(codes), reason, tuple(picks), tuple(unknown))


def problem_of(prize: ExtraTerms, answer: PickAnswer) -> str:
    """What is wrong with a choice, for the field; empty when nothing is."""
    if answer.unknown:
        return str(
            _(
                "Nobody who is ranked here and may take a prize has the code %(code)s.",
                code=", ".join(answer.unknown[:5]),
            )
        )
    people = {pick.entry_id for pick in answer.picks}
    if len(answer.picks) > prize.quota or len(people) < len(answer.picks):
        return str(_("More people are chosen than there are prizes, or somebody is chosen twice."))
    if answer.picks and not answer.reason:
        return str(_("Write why the council chose them."))
    return ""
