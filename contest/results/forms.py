"""Forms of results: prize levels, ranking, deciding ties, publishing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.accounts.models import Person
from contest.core.forms import (
    BaseForm,
    DayField,
    LineField,
    LocalInstantField,
    PointsField,
    TextField,
    WholeNumberField,
    choices_of,
)
from contest.core.i18n import lazy_gettext as _l
from contest.results.actions import LevelValues
from contest.results.models import PLACES_SHOWN, PrizeCode, PrizeLevel, SignRole, TiePolicy
from contest.results.queries.signing import SignState
from contest.results.rules.allocation import Stop
from contest.results.rules.prize_terms import TieDecision, Withheld
from contest.results.rules.signing import ORDER, ROLE_NAMES
from contest.results.rules.totals import Missing
from contest.results.rules.words import POLICY_NAMES, PRIZE_NAMES

MOST_LEVELS: Final = 12
_SPARE_ROWS: Final = 2
_FEWEST_ROWS: Final = 4
MOST_QUOTA: Final = 10_000
_MOST_WEIGHT: Final = 10_000
_MOST_PLACES: Final = 1_000
MOST_MONEY: Final = 100_000_000_000

USUAL_WEEK: Final = (
    (PrizeCode.FIRST, 1, 4_000_000),
    (PrizeCode.SECOND, 2, 2_000_000),
    (PrizeCode.THIRD, 5, 1_500_000),
    (PrizeCode.CONSOLATION, 8, 1_000_000),
)
"""The prizes of a real week: 16 prizes, 23.5 million đồng."""


class LevelForm(Form):
    """A row of the editor; a row without a number of prizes is left out."""

    code = SelectField(_l("Prize level"), choices=choices_of(PRIZE_NAMES))
    name = LineField(_l("Name of its own"), [Length(max=120)])
    quota = WholeNumberField(
        _l("Number of prizes"), [Optional(), NumberRange(min=1, max=MOST_QUOTA)]
    )
    money = WholeNumberField(_l("đ each"), [Optional(), NumberRange(min=0, max=MOST_MONEY)])
    policy = SelectField(
        _l("Equal at the line"),
        choices=choices_of(POLICY_NAMES),
    )


class PrizesForm(BaseForm):
    """The prize levels of a round, from the highest."""

    levels = FieldList(FormField(LevelForm), max_entries=MOST_LEVELS)
    everywhere = BooleanField(_l("The same prizes in all rounds that are not decided yet"))

    def values(self) -> list[LevelValues]:
        """The rows that have a number of prizes."""
        return [
            LevelValues(
                code=PrizeCode(row.form.code.data),
                quota=row.form.quota.data,
                money=row.form.money.data or 0,
                policy=TiePolicy(row.form.policy.data),
                name=row.form.name.data or "",
            )
            for row in self.levels
            if row.form.quota.data is not None
        ]


def prize_rows(levels: Sequence[PrizeLevel], *, usual: bool) -> list[dict[str, Any]]:
    """The rows with which the editor opens.

    The levels there are (or a usual week) and a few empty ones, so that rows can be added
    without scripts.
    """
    rows: list[dict[str, Any]] = [
        {
            "code": level.code.value,
            "name": level.name,
            "quota": level.quota,
            "money": level.money,
            "policy": level.tie_policy.value,
        }
        for level in levels
    ]
    if usual:
        rows = [
            {"code": code.value, "quota": quota, "money": money, "policy": TiePolicy.STOP.value}
            for code, quota, money in USUAL_WEEK
        ]
    codes = [code.value for code in PrizeCode]
    wanted = max(_FEWEST_ROWS, len(rows) + _SPARE_ROWS) if rows else _FEWEST_ROWS
    while len(rows) < min(wanted, MOST_LEVELS):
        suggested = codes[min(len(rows) + 1, len(codes) - 1)]
        rows.append({"code": suggested, "policy": TiePolicy.STOP.value})
    return rows


class TermsForm(BaseForm):
    """Limits on prizes, and what is read of marks and places."""

    per_author = WholeNumberField(
        _l("Most prizes for one author"),
        [Optional(), NumberRange(min=1, max=MOST_QUOTA)],
        description=_l("Empty: no limit. Co-authors count as authors."),
    )
    per_unit = WholeNumberField(
        _l("Most prizes for one unit"),
        [Optional(), NumberRange(min=1, max=MOST_QUOTA)],
        description=_l("Empty: no limit. The unit just below the one that runs the contest."),
    )
    shows_criteria = BooleanField(
        _l("Authors may read the mean mark of each criterion beside their own place")
    )
    places_shown = WholeNumberField(
        _l("Places that everybody reads"),
        [Optional(), NumberRange(min=1, max=_MOST_PLACES)],
        default=PLACES_SHOWN,
        description=_l("So many of the first places of each division are published by name."),
    )


class UnsealForm(BaseForm):
    """Opening the codes."""

    reason = TextField(
        _l("Why the codes are opened now"),
        [InputRequired(_l("Write why the codes are opened now.")), Length(max=2_000)],
        description=_l("For example: the board has decided the prizes, minutes No. 12."),
    )
    understood = BooleanField(
        _l("I know that this cannot be taken back"),
        [InputRequired(_l("Confirm that you know this cannot be taken back."))],
    )


class AgreeForm(BaseForm):
    """The second person agrees that the codes are opened."""

    understood = BooleanField(
        _l("I know that this cannot be taken back"),
        [InputRequired(_l("Confirm that you know this cannot be taken back."))],
    )


class HonourForm(BaseForm):
    """Putting somebody on the list of honoured persons."""

    code = HiddenField(validators=[InputRequired()])
    citation = TextField(_l("Why this person is honoured"), [Length(max=2_000)])


class EditHonourForm(BaseForm):
    """A line of the list of honoured persons."""

    full_name = LineField(_l("Name as it is published"), [Length(max=120)])
    unit_name = LineField(_l("Unit as it is published"), [Length(max=200)])
    citation = TextField(_l("Why this person is honoured"), [Length(max=2_000)])
    agreed = BooleanField(_l("The person agrees to be named"))


class RankForm(BaseForm):
    """Making a rank run; the reason is asked for from the second on."""

    reason = TextField(_l("Why it is ranked again"), [Length(max=2_000)])


class DecideForm(BaseForm):
    """Deciding the prizes that were previewed."""

    run = HiddenField(validators=[InputRequired()])
    expected = HiddenField()
    reason = TextField(_l("Why it is decided again"), [Length(max=2_000)])


class PublishForm(BaseForm):
    """Publishing what was previewed."""

    decision_number = LineField(
        _l("Number of the decision"),
        [Length(max=80)],
        description=_l("As it stands on the document, for example 47-QĐ/BTC."),
    )
    decided_on = DayField(_l("Date of the decision"), [Optional()])
    reason = TextField(_l("What is corrected, and why"), [Length(max=2_000)])
    appears_at = LocalInstantField(
        _l("Appears at"),
        [Optional()],
        description=_l("For publishing later: until then nobody outside sees anything of it."),
    )
    expected = HiddenField()
    number = WholeNumberField(validators=[InputRequired()])


class WeightForm(Form):
    """How much a round counts."""

    weight = PointsField(_l("Weight"), [InputRequired(), NumberRange(min=0, max=_MOST_WEIGHT)])


class WeightsForm(BaseForm):
    """How much each round counts in the total."""

    rounds = FieldList(FormField(WeightForm), max_entries=100)


class TotalsForm(BaseForm):
    """Adding up the rounds."""

    missing = SelectField(
        _l("Who took no part in a round"),
        choices=choices_of(
            [
                (Missing.ZERO.value, _l("has 0 points there")),
                (Missing.UNPLACED.value, _l("gets no place in the total")),
            ]
        ),
    )
    reason = TextField(_l("Why it is added up again"), [Length(max=2_000)])


@dataclass(frozen=True, slots=True)
class TieAnswer:
    """What a person chose for a tie: everybody, nobody, or some of the entries."""

    how: str
    chosen: frozenset[str]
    reason: str


def tie_name(stop_division: int, level_position: int) -> str:
    """The name under which a tie's fields are sent; counts divisions and levels, not their ids."""
    return f"tie-{stop_division}-{level_position}"


def typed_reason(sent: Any, name: str, most: int = 500) -> str:
    """The reason that was sent beside a choice, on one line; no sign that PostgreSQL refuses."""
    return " ".join(sent.get(f"{name}-reason", "").replace("\0", " ").split())[:most]


def read_tie(sent: Any, name: str) -> TieAnswer | None:
    """What was sent for a tie; None where nothing was chosen yet."""
    how = sent.get(f"{name}-how", "")
    if how not in {"all", "none", "some"}:
        return None
    return TieAnswer(
        how,
        frozenset(sent.getlist(f"{name}-entry")),
        typed_reason(sent, name),
    )


def empty_name(division: int, level_position: int) -> str:
    """The name under which the prizes left empty of a level are sent."""
    return f"empty-{division}-{level_position}"


def read_empty(sent: Any, name: str) -> Withheld | None:
    """How many prizes of a level are left empty, and why; None where none are."""
    count = sent.get(f"{name}-count", "").strip()
    if not count.isdecimal() or not 0 < int(count[:6]) <= MOST_QUOTA:
        return None
    return Withheld(int(count[:6]), typed_reason(sent, name))


def tie_decision(
    stop: Stop, answer: TieAnswer, public_ids: Mapping[str, int]
) -> TieDecision | None:
    """The decision that an answer means; None while "some" names nobody."""
    if answer.how == "all":
        return TieDecision(frozenset(stop.entries), answer.reason)
    if answer.how == "none":
        return TieDecision(frozenset(), answer.reason)
    chosen = frozenset(public_ids[one] for one in answer.chosen if one in public_ids)
    return TieDecision(chosen, answer.reason) if chosen else None


class FullDossierForm(BaseForm):
    """Why somebody needs names, units and judges beside the marks."""

    reason = TextField(
        _l("What it is for"), [InputRequired(_l("Write the reason.")), Length(max=2_000)]
    )


class SignForm(BaseForm):
    """A signature over what was shown."""

    expected = HiddenField()


class SignatoriesForm(BaseForm):
    """Who must sign the decision; nobody chosen means that no signature is needed."""

    secretary = SelectField(ROLE_NAMES[SignRole.SECRETARY])
    chief_judge = SelectField(ROLE_NAMES[SignRole.CHIEF_JUDGE])
    chair = SelectField(ROLE_NAMES[SignRole.CHAIR])

    @classmethod
    def of(cls, people: Sequence[Person]) -> "SignatoriesForm":
        """The form with the people who may be chosen."""
        form = cls()
        choices = [("", _l("nobody")), *((one.public_id, one.full_name) for one in people)]
        for role in ORDER:
            form[role.value].choices = choices
        return form

    def fill(self, state: SignState) -> None:
        """Show who is chosen now."""
        for line in state.lines:
            self[line.role.value].data = line.signatory.person.public_id

    def people(self, people: Sequence[Person]) -> dict[SignRole, Person]:
        """The chosen people by role."""
        known = {one.public_id: one for one in people}
        chosen = {role: known.get(self[role.value].data) for role in ORDER}
        return {role: person for role, person in chosen.items() if person is not None}


class PaperForm(BaseForm):
    """What stands at the head of a document; read from the address."""

    class Meta(BaseForm.Meta):
        """Changes nothing, so that it needs no token."""

        csrf = False

    style = SelectField(
        _l("Head of the document"),
        choices=choices_of(
            [
                ("state", _l("In the style of the State")),
                ("party", _l("In the style of the Party")),
            ]
        ),
        default="state",
    )
    number = LineField(_l("Number of the document"), [Length(max=80)])
    place = LineField(_l("Place of issue"), [Length(max=80)])
    day = DayField(_l("Date of the document"), [Optional()])
