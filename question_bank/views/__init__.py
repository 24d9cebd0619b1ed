"""Pages of the question bank."""

from question_bank.views import banks, imports, questions
from question_bank.views.base import blueprint

__all__ = ["banks", "blueprint", "imports", "questions"]
