"""Tables of the awards room, split by noun; imported here so that all of them are known."""

from contest.awards.models.certificates import (
    Certificate,
    CertificateBatch,
    CertificateDesign,
    CertificateKind,
    CertificateLayout,
)
from contest.awards.models.commendations import (
    AwardForm,
    Commendation,
    ImportState,
    Level,
    RecipientKind,
    RegisterImport,
)
from contest.awards.models.honours import HonourProfile
from contest.awards.models.nominations import (
    Nomination,
    NominationFile,
    NominationState,
    NominationStep,
    NominationVerdict,
)

__all__ = [
    "AwardForm",
    "Certificate",
    "CertificateBatch",
    "CertificateDesign",
    "CertificateKind",
    "CertificateLayout",
    "Commendation",
    "HonourProfile",
    "ImportState",
    "Level",
    "Nomination",
    "NominationFile",
    "NominationState",
    "NominationStep",
    "NominationVerdict",
    "RecipientKind",
    "RegisterImport",
]
