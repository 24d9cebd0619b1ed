"""Pages of the question bank."""

from flask import Flask

from question_bank import scope_names
from question_bank.views import (
    banks,
    bulk,
    duplicates,
    imports,
    media,
    owners,
    questions,
    review,
    sharing,
    sources,
)
from question_bank.views.base import blueprint

__all__ = [
    "banks",
    "blueprint",
    "bulk",
    "duplicates",
    "imports",
    "media",
    "owners",
    "questions",
    "register",
    "review",
    "sharing",
    "sources",
]


def register(app: Flask) -> None:
    """Tell accounts how banks are called where roles are given."""
    del app
    scope_names.register()
