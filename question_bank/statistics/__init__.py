"""Item statistics: exact sums over millions of attempts, and what they say about each question."""

from question_bank.statistics.figures import (
    ItemFigures,
    PaperFigures,
    Tally,
    discrimination_index,
    item_figures,
    paper_figures,
)
from question_bank.statistics.joint import Joint, Sums

__all__ = [
    "ItemFigures",
    "Joint",
    "PaperFigures",
    "Sums",
    "Tally",
    "discrimination_index",
    "item_figures",
    "paper_figures",
]
