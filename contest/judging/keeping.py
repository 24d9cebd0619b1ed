"""What this room keeps about a person: seats in juries, and the conflicts they declared."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from contest.accounts.models import Person
from contest.accounts.personal_data import Keeper, Line, Record, Section, register_keeper
from contest.core.db import db
from contest.core.errors import Words
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.judging.models import Conflict, Juror, MarkSheet, SheetState


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
                        Line("reason", _l("Reason"), row.reason or None),
                    ]
                )
                for row in conflicts
            ],
        ),
    ]


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
    del now
    seats = select(Juror.id).where(Juror.person_id == person.id)
    reasons: int = db.session.execute(
        update(Conflict).where(Conflict.juror_id.in_(seats)).values(reason="")
    ).rowcount  # type: ignore[attr-defined]
    return {"conflicts": reasons}


def register() -> None:
    """Tell accounts what this room keeps."""
    register_keeper(Keeper("judging", _copy, _consequences, erase=_erase))
