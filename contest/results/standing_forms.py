"""Forms of the rules by which units are ranked, and of who is left out in a supposition."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from contest.core.forms import BaseForm, DayField, TextField, WholeNumberField, choices_of
from contest.core.i18n import gettext
from contest.core.i18n import lazy_gettext as _l
from contest.results.rules.unit_standings import MOST_LEVELS, StandingTerms, UnitKey
from contest.results.rules.unit_words import KEY_NAMES

_KEYS: Final = [(key.value, words) for key, words in KEY_NAMES.items()]
_MORE: Final = [("", _l("nothing more")), *_KEYS]
_MOST_PEOPLE: Final = 10_000_000


class UnitTermsForm(BaseForm):
    """Keys in their order, the level of the tree, and who gets no place."""

    first = SelectField(_l("First by"), choices=choices_of(_KEYS))
    second = SelectField(_l("Among equals by"), choices=choices_of(_MORE))
    third = SelectField(_l("Then by"), choices=choices_of(_MORE))
    fourth = SelectField(_l("And at last by"), choices=choices_of(_MORE))
    level = WholeNumberField(
        _l("Levels below the organising unit"),
        [InputRequired(), NumberRange(min=1, max=MOST_LEVELS)],
        description=_l("1 ranks the units directly below it, 2 those one level further down."),
    )
    fewest = WholeNumberField(
        _l("Fewest people for a place"),
        [Optional(), NumberRange(min=0, max=_MOST_PEOPLE)],
        description=_l("By the head-count where it is known, else by who took part."),
    )
    counted_on = DayField(
        _l("Head-counts as of"),
        [Optional()],
        description=_l("Empty means the day on which the round closed."),
    )
    with_staff = BooleanField(_l("Organisers and judges who take part count for their unit"))

    def terms(self) -> StandingTerms:
        """What was chosen."""
        chosen = (self.first.data, self.second.data, self.third.data, self.fourth.data)
        return StandingTerms(
            tuple(UnitKey(code) for code in chosen if code),
            self.level.data or 1,
            self.fewest.data or 0,
            bool(self.with_staff.data),
            self.counted_on.data,
        )

    @classmethod
    def of(cls, terms: StandingTerms) -> "UnitTermsForm":
        """The form as it opens."""
        codes = [key.value for key in terms.keys] + [""] * 4
        return cls(
            formdata=None,
            first=codes[0],
            second=codes[1],
            third=codes[2],
            fourth=codes[3],
            level=terms.level,
            fewest=terms.fewest or None,
            counted_on=terms.counted_on,
            with_staff=terms.with_staff,
        )


class WhatIfForm(BaseForm):
    """Who is left out of a ranking that is only supposed, and whose mark is another."""

    codes = TextField(
        _l("Codes of the contestants who would be disqualified"),
        [Length(max=2_000)],
        description=_l("One on a line, or with spaces or commas between them."),
    )
    marks = TextField(
        _l("Other marks"),
        [Length(max=2_000)],
        description=_l("One on a line: the code, a space, and the mark, for example 8,5."),
    )

    def ask_for_right_answers(self) -> None:
        """Of a quiz that is ranked by right answers first, these are supposed, not a mark."""
        self.marks.label.text = gettext("Other numbers of right answers")
        self.marks.description = gettext(
            "One on a line: the code, a space, and the number, for example 18. Each right answer "
            "takes its even share of the points with it; everything else stays."
        )

    def validate_codes(self, field: TextField) -> None:
        """Something must be supposed."""
        if not (field.data or "").strip() and not (self.marks.data or "").strip():
            raise ValidationError(gettext("Write at least one code."))

    def validate_marks(self, field: TextField) -> None:
        """Each line has a code and a mark that can be read."""
        for line in (field.data or "").splitlines():
            if line.strip() and _mark_in(line) is None:
                words = gettext("“%(line)s” is no code with a mark.", line=line.strip()[:40])
                raise ValidationError(words)

    def left_out(self) -> list[str]:
        """The codes of who would be disqualified."""
        return [code for code in re.split(r"[\s,;]+", self.codes.data or "") if code]

    def other_marks(self) -> dict[str, Decimal]:
        """Marks by code."""
        lines = (self.marks.data or "").splitlines()
        return dict(found for line in lines if (found := _mark_in(line)) is not None)


def _mark_in(line: str) -> tuple[str, Decimal] | None:
    """A code and a mark with at most four decimals, or None."""
    code, _space, typed = line.strip().rpartition(" ")
    try:
        value = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return None
    if not code.strip() or not value.is_finite() or abs(value) > _MOST_PEOPLE:
        return None
    return None if value != round(value, 4) else (code.strip().lower(), value)
