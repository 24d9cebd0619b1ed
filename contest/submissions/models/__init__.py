"""Tables of the submissions room, split by noun; imported here so that all of them are known."""

from contest.submissions.models.entry_forms import (
    EntryField,
    FieldKind,
    LateDoor,
    UnitConfirmation,
    UnitVerdict,
)
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
    "EntryField",
    "EssayRound",
    "FieldKind",
    "LateDoor",
    "NearDuplicate",
    "Screening",
    "ScreeningOutcome",
    "Subject",
    "UnitConfirmation",
    "UnitVerdict",
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
