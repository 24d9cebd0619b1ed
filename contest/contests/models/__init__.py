"""Tables of contests, rounds, registrations, scores, and decisions about rounds."""

from contest.contests.models.contests import (
    Contest,
    ContestKind,
    ContestUnit,
    Disqualification,
    Division,
    Entry,
    RankKey,
    Registration,
    RegistrationSource,
    Round,
    Stage,
    Unawarded,
)
from contest.contests.models.decisions import RoundDecision, RoundDecisionKind
from contest.contests.models.rankings import RankRun, RoundScore, ScoreStatus
from contest.contests.models.rosters import RosterImport, RosterImportRow, RosterState, RowFate

__all__ = [
    "Contest",
    "ContestKind",
    "ContestUnit",
    "Disqualification",
    "Division",
    "Entry",
    "RankKey",
    "RankRun",
    "Registration",
    "RegistrationSource",
    "RosterImport",
    "RosterImportRow",
    "RosterState",
    "Round",
    "RoundDecision",
    "RoundDecisionKind",
    "RoundScore",
    "RowFate",
    "ScoreStatus",
    "Stage",
    "Unawarded",
]
