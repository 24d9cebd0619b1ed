"""Tables of people, units, scopes, grants, consents and sign-in."""

from contest.accounts.models.consents import Consent, ConsentPurpose, ConsentText
from contest.accounts.models.grants import Grant
from contest.accounts.models.people import BirthPrecision, NotDuplicate, Person, PersonMerge
from contest.accounts.models.scopes import Scope, ScopeKind
from contest.accounts.models.sign_ins import (
    CodePurpose,
    OneTimeCode,
    RecoveryCode,
    SignIn,
    SignInChallenge,
    SignInFailure,
)
from contest.accounts.models.subject_requests import RequestKind, RequestState, SubjectRequest
from contest.accounts.models.units import Unit, UnitHeadcount, UnitKind, UnitSuccession, UnitTree

__all__ = [
    "BirthPrecision",
    "CodePurpose",
    "Consent",
    "ConsentPurpose",
    "ConsentText",
    "Grant",
    "NotDuplicate",
    "OneTimeCode",
    "Person",
    "PersonMerge",
    "RecoveryCode",
    "RequestKind",
    "RequestState",
    "Scope",
    "ScopeKind",
    "SignIn",
    "SignInChallenge",
    "SignInFailure",
    "SubjectRequest",
    "Unit",
    "UnitHeadcount",
    "UnitKind",
    "UnitSuccession",
    "UnitTree",
]
