"""What this room keeps about a person: seats in juries, conflicts declared, works given back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from contest.accounts.models import Person
from contest.accounts.personal_data import (
    ERASED_NAME,
    Keeper,
    Line,
    Record,
    Section,
    register_keeper,
)
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.core.vietnamese import fold
from contest.judging.models import (
    Conflict,
    Juror,
    JuryList,
    MarkSheet,
    Resolution,
    SheetState,
)
from contest.submissions.following import written_by
from contest.submissions.models import Work


def _seats(person_id: int) -> Sequence[tuple[Juror, int]]:
    rows = db.session.execute(
        select(Juror, func.count(MarkSheet.id))
        .outerjoin(
            MarkSheet, (MarkSheet.juror_id == Juror.id) & (MarkSheet.state == SheetState.DONE)
        )
        .where(Juror.person_id == person_id)
        .group_by(Juror.id)
        .order_by(Juror.id)
    )
    return [(row[0], row[1]) for row in rows]


def _copy(person: Person) -> Sequence[Section]:
    """Seats, and how many sheets were filled; which works they were for is not the judge's data."""
    seats = _seats(person.id)
    conflicts = db.session.scalars(
        select(Conflict)
        .join(Juror, Juror.id == Conflict.juror_id)
        .where(Juror.person_id == person.id)
        .order_by(Conflict.id)
    )
    return [
        Section(
            "juries",
            _l("Juries"),
            [
                Record(
                    [
                        Line("invited_at", _l("Invited on"), juror.invited_at),
                        Line("answered_at", _l("Answered on"), juror.answered_at),
                        Line("state", _l("State"), juror.state.value),
                        Line("sheets", _l("Mark sheets filled"), sheets),
                        Line("left_reason", _l("Why you left"), juror.left_reason or None),
                    ]
                )
                for juror, sheets in seats
            ],
        ),
        Section(
            "conflicts",
            _l("Conflicts of interest you declared"),
            [
                Record(
                    [
                        Line("declared_at", _l("Declared on"), row.declared_at),
                        Line("unit", _l("Unit"), None if row.unit is None else row.unit.name),
                        Line("person_name", _l("Person"), row.person_name or None),
                        Line("reason", _l("Reason"), row.reason or None),
                    ]
                )
                for row in conflicts
            ],
        ),
        _given_back(person.id),
    ]


def _given_back(person_id: int) -> Section:
    """Why the judge gave works back; which works is not the judge's data."""
    reasons = db.session.scalars(
        select(MarkSheet.reason)
        .join(Juror, Juror.id == MarkSheet.juror_id)
        .where(Juror.person_id == person_id, MarkSheet.state == SheetState.ABSTAINED)
        .order_by(MarkSheet.id)
    )
    return Section(
        "works_given_back",
        _l("Works you gave back as a judge"),
        [Record([Line("reason", _l("Reason"), reason or None)]) for reason in reasons],
    )


def _consequences(person: Person) -> Sequence[Words]:
    sheets = sum(count for _juror, count in _seats(person.id))
    if not sheets:
        return ()
    return [
        ngettext(
            "%(num)s mark sheet stays in the record of marking, without name.",
            "%(num)s mark sheets stay in the record of marking, without name.",
            sheets,
        )
    ]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    """Blank what the person wrote as a judge about others and themselves, and their name.

    Why somebody left, or gave a work back, is often an illness or a kinship; of an author's works,
    what judges said of their kinship goes as well.
    """
    del now
    seats = select(Juror.id).where(Juror.person_id == person.id)
    conflicts: int = db.session.execute(
        update(Conflict).where(Conflict.juror_id.in_(seats)).values(reason="")
    ).rowcount  # type: ignore[attr-defined]
    db.session.execute(
        update(Conflict)
        .where(Conflict.juror_id.in_(seats), Conflict.person_name != "")
        .values(person_name=ERASED_NAME, name_folded=fold(ERASED_NAME))
    )
    db.session.execute(update(Juror).where(Juror.person_id == person.id).values(left_reason=""))
    works = select(Work.id).where(written_by([person.id]))
    db.session.execute(
        update(MarkSheet)
        .where(or_(MarkSheet.juror_id.in_(seats), MarkSheet.work_id.in_(works)))
        .where(MarkSheet.reason != "")
        .values(reason="")
        .execution_options(synchronize_session="fetch")
    )
    return {
        "conflicts": conflicts,
        "minutes": _leave_minutes(person),
        "jury_rows": _leave_lists(person),
    }


def _leave_minutes(person: Person) -> int:
    """Take the name out of who was present when a mark was agreed; the minutes stay."""
    rounds = select(Juror.round_id).where(Juror.person_id == person.id)
    touched = 0
    for row in db.session.scalars(select(Resolution).where(Resolution.round_id.in_(rounds))):
        present = row.detail.get("present", [])
        kept = [ERASED_NAME if fold(name) == person.name_folded else name for name in present]
        if kept != present:
            row.detail = {**row.detail, "present": kept}
            touched += 1
    db.session.flush()
    return touched


def _leave_lists(person: Person) -> int:
    """Rows of lists of judges with this person's telephone number or address."""
    rounds = select(Juror.round_id).where(Juror.person_id == person.id)
    touched = 0
    for each in db.session.scalars(select(JuryList).where(JuryList.round_id.in_(rounds))):
        rows = [row for row in each.rows if not _is_of(person, row)]
        touched += len(each.rows) - len(rows)
        each.rows = rows
    db.session.flush()
    return touched


def _is_of(person: Person, row: Mapping[str, Any]) -> bool:
    if row.get("person_id") == person.id:
        return True
    phone, email = row.get("phone"), row.get("email")
    return bool((phone and phone == person.phone) or (email and email == person.email))


def register() -> None:
    """Tell accounts what this room keeps."""
    register_keeper(Keeper("judging", _copy, _consequences, erase=_erase))
