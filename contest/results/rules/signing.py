"""Who signs a decision, in which order, and when it is final."""

from collections.abc import Collection, Sequence
from typing import Final

from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.results.models import SignRole

ORDER: Final = (SignRole.SECRETARY, SignRole.CHIEF_JUDGE, SignRole.CHAIR)
ROLE_NAMES: Final[dict[SignRole, Words]] = {
    SignRole.SECRETARY: _l("Secretary"),
    SignRole.CHIEF_JUDGE: _l("Chief judge"),
    SignRole.CHAIR: _l("Chair of the organising committee"),
}


def next_role(needed: Collection[SignRole], signed: Collection[SignRole]) -> SignRole | None:
    """Whose turn it is; None when everybody has signed."""
    waiting = [role for role in ORDER if role in needed and role not in signed]
    return waiting[0] if waiting else None


def is_final(needed: Collection[SignRole], signed: Collection[SignRole]) -> bool:
    """Whether every signature stands; a round that asks for none is final when it is decided."""
    return next_role(needed, signed) is None


def may_be_signatories(people: Sequence[tuple[SignRole, int]]) -> bool:
    """Whether these can sign: nobody twice, and a chair when there is anybody."""
    persons = [person for _role, person in people]
    roles = [role for role, _person in people]
    return len(set(persons)) == len(persons) and (not people or SignRole.CHAIR in roles)
