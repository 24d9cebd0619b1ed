"""Forms of the contests room: the shape of what people type."""

from contest.contests.forms.registrations import (
    DisqualifyForm,
    ReasonForm,
    RegisterForm,
    RosterForm,
    RosterRowForm,
)
from contest.contests.forms.rounds import CloseForm, NewRoundForm, RoundForm
from contest.contests.forms.series import AnnulForm, BestRoundsForm, SeriesForm
from contest.contests.forms.units import unit_questions_form
from contest.contests.forms.wizard import (
    AudienceForm,
    BasicsForm,
    CopyForm,
    DivisionsForm,
    RulesForm,
)

__all__ = [
    "AnnulForm",
    "AudienceForm",
    "BasicsForm",
    "BestRoundsForm",
    "CloseForm",
    "CopyForm",
    "DisqualifyForm",
    "DivisionsForm",
    "NewRoundForm",
    "ReasonForm",
    "RegisterForm",
    "RosterForm",
    "RosterRowForm",
    "RoundForm",
    "RulesForm",
    "SeriesForm",
    "unit_questions_form",
]
