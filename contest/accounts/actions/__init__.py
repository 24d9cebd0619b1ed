"""Every change of the room; other rooms use the names below."""

from contest.accounts.actions.codes import IssuedCode, issue_codes
from contest.accounts.actions.consents import record_consent, withdraw_consent
from contest.accounts.actions.people import NewPerson, create_people, create_person
from contest.accounts.actions.scopes import (
    create_scope,
    end_grant,
    ensure_system_scope,
    give_grant,
)
from contest.accounts.actions.signing_in import SignedIn, open_sign_in, sign_in
from contest.accounts.actions.units import create_unit, record_headcount

__all__ = [
    "IssuedCode",
    "NewPerson",
    "SignedIn",
    "create_people",
    "create_person",
    "create_scope",
    "create_unit",
    "end_grant",
    "ensure_system_scope",
    "give_grant",
    "issue_codes",
    "open_sign_in",
    "record_consent",
    "record_headcount",
    "sign_in",
    "withdraw_consent",
]
