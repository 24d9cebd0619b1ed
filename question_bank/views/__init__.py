"""Pages of the question bank."""

from flask import Flask

from question_bank import scope_names
from question_bank.views import banks, imports, media, questions, review
from question_bank.views.base import blueprint

__all__ = ["banks", "blueprint", "imports", "media", "questions", "register", "review"]


def register(app: Flask) -> None:
    """Tell accounts how banks are called where roles are given."""
    del app
    scope_names.register()
