"""Tables of the submissions room; imported here so that all of them are known."""

from contest.submissions.models.works import (
    BlindCode,
    EssayRound,
    NearDuplicate,
    Screening,
    ScreeningOutcome,
    Subject,
    Unsealing,
    UnsealingRequest,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkState,
    WorkSubject,
    WorkVersion,
)

__all__ = [
    "BlindCode",
    "EssayRound",
    "NearDuplicate",
    "Screening",
    "ScreeningOutcome",
    "Subject",
    "Unsealing",
    "UnsealingRequest",
    "Work",
    "WorkAuthor",
    "WorkFile",
    "WorkFileKind",
    "WorkState",
    "WorkSubject",
    "WorkVersion",
]
