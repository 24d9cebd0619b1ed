"""Tables of the reports room."""

from contest.reports.models.counts import Measure, ParticipationCount, Qualifier
from contest.reports.models.figures import ReportedFigure, Target
from contest.reports.models.records import (
    ContestRecord,
    Project,
    ProjectCategory,
    ProjectKind,
    ProjectState,
)

__all__ = [
    "ContestRecord",
    "Measure",
    "ParticipationCount",
    "Project",
    "ProjectCategory",
    "ProjectKind",
    "ProjectState",
    "Qualifier",
    "ReportedFigure",
    "Target",
]
