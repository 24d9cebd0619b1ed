"""Tables of quiz rounds, their frozen pool, attempts, the ledger of answers, and what follows."""

from contest.quizzes.models.attempts import (
    Attempt,
    ClosedBy,
    ExtraTime,
    LateEvidence,
    LedgerLine,
    QuestionReport,
    ReportOutcome,
)
from contest.quizzes.models.decisions import LateRuling, MovedWindow, Pause
from contest.quizzes.models.essays import EssayAnswer, EssayMark
from contest.quizzes.models.fairness import (
    FairnessFinding,
    FairnessNote,
    FairnessReport,
    FairnessSign,
    Verification,
    VerificationOutcome,
)
from contest.quizzes.models.live import (
    BoardShown,
    PublicBoard,
    RoundPulse,
    SaveMeter,
    UnitPulse,
    WaitingPlace,
)
from contest.quizzes.models.papers import PrintedPaper
from contest.quizzes.models.regrades import (
    Regrade,
    RegradeMark,
    RegradeMove,
    RegradeState,
    RulingKind,
)
from contest.quizzes.models.rounds import (
    BlueprintCell,
    CountingRule,
    LateStart,
    PoolQuestion,
    QuestionUse,
    QuizRound,
    ResultShown,
)
from contest.quizzes.models.statistics import ItemStatistic, RoundStatistic

__all__ = [
    "Attempt",
    "BlueprintCell",
    "BoardShown",
    "ClosedBy",
    "CountingRule",
    "EssayAnswer",
    "EssayMark",
    "ExtraTime",
    "FairnessFinding",
    "FairnessNote",
    "FairnessReport",
    "FairnessSign",
    "ItemStatistic",
    "LateEvidence",
    "LateRuling",
    "LateStart",
    "LedgerLine",
    "MovedWindow",
    "Pause",
    "PoolQuestion",
    "PrintedPaper",
    "PublicBoard",
    "QuestionReport",
    "QuestionUse",
    "QuizRound",
    "Regrade",
    "RegradeMark",
    "RegradeMove",
    "RegradeState",
    "ReportOutcome",
    "ResultShown",
    "RoundPulse",
    "RoundStatistic",
    "RulingKind",
    "SaveMeter",
    "UnitPulse",
    "Verification",
    "VerificationOutcome",
    "WaitingPlace",
]
