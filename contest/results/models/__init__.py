"""Tables of results: prizes, decisions, publications, totals, units, signatures, appeals."""

from contest.results.models.appeals import Appeal, AppealMark, AppealState, AppealTerms
from contest.results.models.extra_prizes import UNIT_MEASURES, ExtraPrize, Measure
from contest.results.models.over import Over, Ranking, contest_of, number_of, over_ids
from contest.results.models.prizes import (
    PLACES_SHOWN,
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
from contest.results.models.totals import TotalRun, TotalScore
from contest.results.models.units import UnitSum, UnitTerms

__all__ = [
    "PLACES_SHOWN",
    "UNIT_MEASURES",
    "Allocation",
    "Appeal",
    "AppealMark",
    "AppealState",
    "AppealTerms",
    "ExtraPrize",
    "Honour",
    "Measure",
    "Over",
    "PrizeAward",
    "PrizeCode",
    "PrizeLevel",
    "PrizeTerms",
    "Publication",
    "Ranking",
    "ScheduleState",
    "ScheduledPublication",
    "SignRole",
    "Signatory",
    "Signature",
    "TiePolicy",
    "TotalRun",
    "TotalScore",
    "UnitSum",
    "UnitTerms",
    "contest_of",
    "number_of",
    "over_ids",
]
