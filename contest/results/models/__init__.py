"""Tables of results: prizes, decisions, publications, totals, units, signatures, appeals."""

from contest.results.models.appeals import Appeal, AppealMark, AppealState, AppealTerms
from contest.results.models.prizes import (
    Allocation,
    Honour,
    PrizeAward,
    PrizeCode,
    PrizeLevel,
    PrizeTerms,
    TiePolicy,
)
from contest.results.models.publications import Publication, ScheduledPublication, ScheduleState
from contest.results.models.signing import Signatory, Signature, SignRole
from contest.results.models.totals import TotalPublication, TotalRun, TotalScore
from contest.results.models.units import UnitSum, UnitTerms

__all__ = [
    "Allocation",
    "Appeal",
    "AppealMark",
    "AppealState",
    "AppealTerms",
    "Honour",
    "PrizeAward",
    "PrizeCode",
    "PrizeLevel",
    "PrizeTerms",
    "Publication",
    "ScheduleState",
    "ScheduledPublication",
    "SignRole",
    "Signatory",
    "Signature",
    "TiePolicy",
    "TotalPublication",
    "TotalRun",
    "TotalScore",
    "UnitSum",
    "UnitTerms",
]
