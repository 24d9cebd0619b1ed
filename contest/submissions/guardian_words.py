"""What guardians agreed to: in copies of people's data, and in erasure."""

from sqlalchemy import and_, exists, select, update

from contest.accounts.personal_data import Line, Record, Section
from contest.contests.models import Contest, Round
from contest.core.db import db
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.models import GuardianConsent, Work, WorkAuthor

_AUTHOR = and_(
    WorkAuthor.work_id == GuardianConsent.work_id,
    WorkAuthor.position == GuardianConsent.position,
)


def guardian_section(person_id: int) -> Section:
    """Who agreed for the person that an essay is published, and to which words."""
    rows = db.session.execute(
        select(Contest.title, GuardianConsent)
        .join(Work, Work.id == GuardianConsent.work_id)
        .join(WorkAuthor, _AUTHOR)
        .join(Round, Round.id == Work.round_id)
        .join(Contest, Contest.id == Round.contest_id)
        .where(WorkAuthor.person_id == person_id)
        .order_by(GuardianConsent.id)
    )
    return Section(
        "guardians", _l("Consents of guardians"), [_record(title, row) for title, row in rows]
    )


def _record(title: str, row: GuardianConsent) -> Record:
    return Record(
        [
            Line("contest", _l("Contest"), title),
            Line("guardian", _l("Full name of the guardian"), row.guardian),
            Line("relation", _l("What the guardian is to the author"), row.relation),
            Line("wording", _l("Words"), row.wording),
            Line("given_on", _l("Day of the consent"), row.given_on),
            Line("kept_where", _l("Where the paper lies"), row.kept_where or None),
            Line("withdrawn_at", _l("Withdrawn on"), row.withdrawn_at),
        ]
    )


def forget_guardians(person_id: int) -> int:
    """Take away who agreed for a person that is erased; returns how many were named."""
    whose = exists().where(_AUTHOR, WorkAuthor.person_id == person_id)
    changed: int = db.session.execute(
        update(GuardianConsent)
        .where(whose, GuardianConsent.guardian != "")
        .values(guardian="", relation="", kept_where="")
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    return changed
