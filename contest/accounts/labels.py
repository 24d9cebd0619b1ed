"""What roles, kinds and trees are called on the pages."""

from typing import Final

from contest.accounts.models import (
    ConsentPurpose,
    RequestKind,
    RequestState,
    UnitKind,
    UnitTree,
)
from contest.core.access import Role
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l

ROLE_NAMES: Final[dict[Role, Words]] = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.ORGANISER: _l("Organiser"),
    Role.SECRETARY: _l("Secretary"),
    Role.JUDGE: _l("Judge"),
    Role.QUESTION_AUTHOR: _l("Question author"),
    Role.QUESTION_REVIEWER: _l("Question reviewer"),
    Role.UNIT_COORDINATOR: _l("Unit coordinator"),
    Role.AUDITOR: _l("Auditor"),
}
ROLE_EXPLANATIONS: Final[dict[Role, Words]] = {
    Role.ADMINISTRATOR: _l("Looks after units, people, roles and everything below."),
    Role.ORGANISER: _l("Prepares and runs contests and their question banks."),
    Role.SECRETARY: _l("Keeps registrations and papers of contests."),
    Role.JUDGE: _l("Marks what is given to them, nothing else."),
    Role.QUESTION_AUTHOR: _l("Writes questions."),
    Role.QUESTION_REVIEWER: _l("Checks and approves questions."),
    Role.UNIT_COORDINATOR: _l("Sees the people of the branch and helps them to sign in."),
    Role.AUDITOR: _l("Checks published results, with names and every mark. Nothing before."),
}
UNIT_KIND_NAMES: Final[dict[UnitKind, Words]] = {
    UnitKind.ADMINISTRATIVE: _l("Administrative unit"),
    UnitKind.PARTY_COMMITTEE: _l("Party committee"),
    UnitKind.PARTY_CELL: _l("Party cell"),
    UnitKind.BLOC: _l("Bloc"),
    UnitKind.MASS_ORG: _l("Mass organisation"),
    UnitKind.AGENCY: _l("Agency or office"),
    UnitKind.SCHOOL: _l("School"),
    UnitKind.ENTERPRISE: _l("Enterprise"),
    UnitKind.OTHER: _l("Other unit"),
}
UNIT_TREE_NAMES: Final[dict[UnitTree, Words]] = {
    UnitTree.ADMINISTRATIVE: _l("Administrative tree"),
    UnitTree.PARTY: _l("Party tree"),
    UnitTree.YOUTH: _l("Youth union tree"),
    UnitTree.OTHER: _l("Other tree"),
}
CONSENT_NAMES: Final[dict[ConsentPurpose, Words]] = {
    ConsentPurpose.TAKE_PART: _l("Taking part"),
    ConsentPurpose.PUBLISH_NAME: _l("Publishing my name"),
    ConsentPurpose.PUBLISH_PHOTO: _l("Publishing my photograph"),
    ConsentPurpose.PUBLISH_ESSAY: _l("Publishing my essay"),
    ConsentPurpose.REUSE: _l("Reusing my work"),
    ConsentPurpose.CONTACT: _l("News of later contests"),
}
REQUEST_NAMES: Final[dict[RequestKind, Words]] = {
    RequestKind.COPY: _l("A copy of my data"),
    RequestKind.CORRECTION: _l("Correction of data"),
    RequestKind.OBJECTION: _l("Less use of data"),
    RequestKind.ERASURE: _l("Erasure of data"),
}
REQUEST_STATE_NAMES: Final[dict[RequestState, Words]] = {
    RequestState.RECEIVED: _l("Waiting to be read"),
    RequestState.CONFIRMED: _l("Being looked at"),
    RequestState.DONE: _l("Carried out"),
    RequestState.REFUSED: _l("Not granted"),
    RequestState.WITHDRAWN: _l("Taken back"),
}
