"""Tables of banks, topics, questions, their immutable revisions, and staged imports."""

from question_bank.models.banks import Bank, Topic
from question_bank.models.imports import ImportState, QuestionImport, QuestionImportRow
from question_bank.models.questions import (
    Difficulty,
    Question,
    QuestionComment,
    QuestionRevision,
    QuestionState,
    QuestionTag,
)

__all__ = [
    "Bank",
    "Difficulty",
    "ImportState",
    "Question",
    "QuestionComment",
    "QuestionImport",
    "QuestionImportRow",
    "QuestionRevision",
    "QuestionState",
    "QuestionTag",
    "Topic",
]
