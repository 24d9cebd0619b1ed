"""Forms of the question bank: shape and types of what is typed."""

from question_bank.forms.banks import BankForm, TopicForm
from question_bank.forms.imports import UploadForm
from question_bank.forms.lists import FilterForm
from question_bank.forms.organising import (
    BulkForm,
    HandOverForm,
    SaveFilterForm,
    ShareForm,
    SourceForm,
)
from question_bank.forms.questions import QuestionForm
from question_bank.forms.review import StepForm, WaitingForm

__all__ = [
    "BankForm",
    "BulkForm",
    "FilterForm",
    "HandOverForm",
    "QuestionForm",
    "SaveFilterForm",
    "ShareForm",
    "SourceForm",
    "StepForm",
    "TopicForm",
    "UploadForm",
    "WaitingForm",
]
