"""Words of measures, qualifiers, fields and states."""

from typing import Final

from contest.contests.models import ContestKind
from contest.core.errors import Words
from contest.core.i18n import format_count
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.reports.models import (
    Measure,
    ProjectCategory,
    ProjectKind,
    ProjectState,
    Qualifier,
)
from contest.reports.rules.figures import Figure, Reported

MEASURE_NAMES: Final[dict[Measure, Words]] = {
    Measure.CONTESTS: _l("Contests held"),
    Measure.PERSONS: _l("People who took part (người)"),
    Measure.ATTEMPTS: _l("Quiz attempts (lượt thi)"),
    Measure.ENTRIES: _l("Entries (lượt thí sinh)"),
    Measure.ESSAYS: _l("Essays handed in"),
    Measure.PRIZES: _l("Prizes won"),
    Measure.SUBJECTS_HONOURED: _l("Honoured persons of essays"),
    Measure.COMMENDATIONS: _l("Recognitions on all levels (lượt)"),
    Measure.LEADERS: _l("Leaders commended (người)"),
    Measure.MODELS: _l("Models and projects"),
    Measure.PARTICIPATION_RATE: _l("Participation rate (tenths of a per cent)"),
}
QUALIFIER_NAMES: Final[dict[Qualifier, Words]] = {
    Qualifier.ABOUT: _l("about"),
    Qualifier.MORE_THAN: _l("more than"),
    Qualifier.ALMOST: _l("almost"),
}
CATEGORY_NAMES: Final[dict[ProjectCategory, Words]] = {
    ProjectCategory.PARTY_BUILDING: _l("Party building"),
    ProjectCategory.AGENCY_BUILDING: _l("Building of the agency"),
    ProjectCategory.RESOLUTION: _l("Carrying out a resolution"),
    ProjectCategory.BREAKTHROUGH: _l("Breakthrough programmes"),
    ProjectCategory.ADMINISTRATIVE_REFORM: _l("Administrative reform"),
    ProjectCategory.ECONOMY: _l("Economy"),
    ProjectCategory.CULTURE_SOCIETY: _l("Culture and society"),
    ProjectCategory.SECURITY: _l("Defence and security"),
    ProjectCategory.POLITICAL_SYSTEM: _l("Building of the political system"),
    ProjectCategory.OTHER: _l("Other fields"),
}
PROJECT_KIND_NAMES: Final[dict[ProjectKind, Words]] = {
    ProjectKind.PROJECT: _l("Emulation project"),
    ProjectKind.MODEL: _l("Model of skilful mass mobilisation"),
}
STATE_NAMES: Final[dict[ProjectState, Words]] = {
    ProjectState.REGISTERED: _l("Registered"),
    ProjectState.UNDER_WAY: _l("Under way"),
    ProjectState.DONE: _l("Finished"),
    ProjectState.DROPPED: _l("Given up"),
}
CONTEST_KIND_NAMES: Final[dict[ContestKind, Words]] = {
    ContestKind.QUIZ: _l("Online knowledge quiz"),
    ContestKind.ESSAY: _l("Essay contest"),
    ContestKind.STAGE: _l("Staged contest"),
    ContestKind.STORY: _l("Story-telling contest"),
}


def with_qualifier(value: int, qualifier: Qualifier | None) -> str:
    """A number as it is read: "1.800", "more than 1.800"."""
    number = format_count(value)
    return f"{QUALIFIER_NAMES[qualifier]} {number}" if qualifier else number


def figure_words(figure: Figure) -> str:
    """The number of a figure, with the word before it where it was typed in."""
    return with_qualifier(figure.value, figure.qualifier)


def reported_words(reported: Reported) -> str:
    """An older figure that stands beside, with where it was written."""
    number = with_qualifier(reported.value, reported.qualifier)
    source = reported.source or _("records of older contests")
    return _("%(number)s according to %(source)s", number=number, source=source)


def qualifier(text: str) -> Qualifier | None:
    """The qualifier that a column keeps as text; None for an empty one."""
    return Qualifier(text) if text else None
