"""Tables of the submissions room; imported here so that all of them are known."""

from contest.submissions.models.confirmations import (
    ConfirmationDemand,
    ConfirmationLetter,
    ConfirmationOutcome,
    UnitConfirmation,
)
from contest.submissions.models.entry_forms import FieldSort, FormField
from contest.submissions.models.guardians import GuardianConsent
from contest.submissions.models.late_codes import LateCode
from contest.submissions.models.subjects import (
    ConsentChannel,
    Subject,
    SubjectChange,
    SubjectChangeKind,
    SubjectConsent,
    SubjectPurpose,
    WorkSubject,
)
from contest.submissions.models.works import (
    BlindCode,
    EssayRound,
    NearDuplicate,
    Screening,
    ScreeningOutcome,
    Unsealing,
    UnsealingRequest,
    Work,
    WorkAuthor,
    WorkFile,
    WorkFileKind,
    WorkState,
    WorkVersion,
)

__all__ = [
    "BlindCode",
    "ConfirmationDemand",
    "ConfirmationLetter",
    "ConfirmationOutcome",
    "ConsentChannel",
    "EssayRound",
    "FieldSort",
    "FormField",
    "GuardianConsent",
    "LateCode",
    "NearDuplicate",
    "Screening",
    "ScreeningOutcome",
    "Subject",
    "SubjectChange",
    "SubjectChangeKind",
    "SubjectConsent",
    "SubjectPurpose",
    "UnitConfirmation",
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
