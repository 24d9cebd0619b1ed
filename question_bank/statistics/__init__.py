"""Item statistics: exact sums over millions of attempts, and what they say about each question."""

from question_bank.statistics.drawn import (
    NO_ANSWER,
    DrawnFigures,
    DrawnItem,
    DrawnTally,
    MarkedItem,
    MarkedPart,
    OptionCount,
    PartFigures,
    pooled,
    thirds_of,
)
from question_bank.statistics.figures import (
    ItemFigures,
    PaperFigures,
    Tally,
    discrimination_index,
    item_figures,
    paper_figures,
)
from question_bank.statistics.joint import Joint, Sums
from question_bank.statistics.verdicts import Level, NamedOption, Verdict, verdicts

__all__ = [
    "NO_ANSWER",
    "DrawnFigures",
    "DrawnItem",
    "DrawnTally",
    "ItemFigures",
    "Joint",
    "Level",
    "MarkedItem",
    "MarkedPart",
    "NamedOption",
    "OptionCount",
    "PaperFigures",
    "PartFigures",
    "Sums",
    "Tally",
    "Verdict",
    "discrimination_index",
    "item_figures",
    "paper_figures",
    "pooled",
    "thirds_of",
    "verdicts",
]
