"""Tables of banks, topics, questions, their immutable revisions, and staged imports."""

from question_bank.models.banks import Bank, Topic
from question_bank.models.bulk import BulkChange, BulkChangeRow, BulkState
from question_bank.models.duplicates import DuplicatePair, DuplicateState
from question_bank.models.filters import SavedFilter
from question_bank.models.imports import ImportState, QuestionImport, QuestionImportRow
from question_bank.models.media import QuestionMedium
from question_bank.models.questions import (
    QUESTION_WORDS,
    Difficulty,
    Question,
    QuestionComment,
    QuestionRevision,
    QuestionState,
    QuestionTag,
)
from question_bank.models.sharing import BankShare, ShareRight
from question_bank.models.sources import QuestionSource

__all__ = [
    "QUESTION_WORDS",
    "Bank",
    "BankShare",
    "BulkChange",
    "BulkChangeRow",
    "BulkState",
    "Difficulty",
    "DuplicatePair",
    "DuplicateState",
    "ImportState",
    "Question",
    "QuestionComment",
    "QuestionImport",
    "QuestionImportRow",
    "QuestionMedium",
    "QuestionRevision",
    "QuestionSource",
    "QuestionState",
    "QuestionTag",
    "SavedFilter",
    "ShareRight",
    "Topic",
]
