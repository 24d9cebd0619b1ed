"""What the registers keep about a person: commendations, the honour roll, nominations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from contest.accounts.merging import Follower, register_follower
from contest.accounts.models import Person
from contest.accounts.personal_data import (
    ERASED_NAME,
    CopiedFile,
    Keeper,
    Line,
    Record,
    Section,
    register_keeper,
)
from contest.awards.models import Commendation, HonourProfile, Nomination, NominationFile
from contest.awards.rules.words import FORM_NAMES, LEVEL_NAMES
from contest.core.db import db
from contest.core.errors import Words
from contest.core.files import discard_files
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.core.i18n import ngettext
from contest.core.vietnamese import fold, name_sort_key

_TABLES: Final[tuple[type[Any], ...]] = (Commendation, HonourProfile, Nomination)


def _copy(person: Person) -> Sequence[Section]:
    rows = db.session.scalars(
        select(Commendation).where(Commendation.person_id == person.id).order_by(Commendation.id)
    )
    commendations = [
        Record(
            [
                Line("decision", _l("Decision"), row.decision_number),
                Line("decided_on", _l("Decision date"), row.decided_on),
                Line("level", _l("Level"), str(LEVEL_NAMES[row.level])),
                Line("form", _l("Form of award"), str(FORM_NAMES[row.form])),
                Line("reason", _l("What for"), row.reason or None),
                Line("revoked_because", _l("Revoked because"), row.revoked_reason or None),
            ]
        )
        for row in rows
    ]
    profiles = [
        Record(
            [
                Line("story", _l("The story"), row.story or None),
                Line("published_at", _l("Published on"), row.published_at),
            ],
            [CopiedFile("portrait", row.portrait_id)] if row.portrait_id else [],
        )
        for row in db.session.scalars(
            select(HonourProfile).where(HonourProfile.person_id == person.id)
        )
    ]
    nominations = [
        Record(
            [
                Line("achievement", _l("For what"), row.achievement),
                Line("account", _l("The achievements told"), row.account or None),
                Line("state", _l("State"), row.state.value),
            ],
            [CopiedFile(each.file.original_name, each.file_id) for each in row.files],
        )
        for row in db.session.scalars(
            select(Nomination).where(Nomination.person_id == person.id).order_by(Nomination.id)
        )
    ]
    return [
        Section("commendations", _l("Commendations"), commendations),
        Section("honour_roll", _l("Honour roll"), profiles),
        Section("nominations", _l("Nominations"), nominations),
    ]


def _count(table: type[Any], person_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(table).where(table.person_id == person_id)
        )
        or 0
    )


def _consequences(person: Person) -> Sequence[Words]:
    count = _count(Commendation, person.id)
    if not count:
        return ()
    return [
        ngettext(
            "In %(num)s commendation of the archived register “hidden on request” stands instead "
            "of the name; portrait and story leave the honour roll.",
            "In %(num)s commendations of the archived register “hidden on request” stands instead "
            "of the name; portrait and story leave the honour roll.",
            count,
        )
    ]


def _erase(person: Person, now: datetime) -> Mapping[str, int]:
    """Names become words, stories and files go; the recognition itself stays counted."""
    hidden = {"name_folded": fold(ERASED_NAME), "sort_key": name_sort_key(ERASED_NAME)}
    rows: int = db.session.execute(
        update(Commendation)
        .where(Commendation.person_id == person.id)
        .values(recipient_name=ERASED_NAME, position="", reason="", **hidden)
    ).rowcount  # type: ignore[attr-defined]
    files = list(
        db.session.scalars(
            select(HonourProfile.portrait_id).where(
                HonourProfile.person_id == person.id, HonourProfile.portrait_id.is_not(None)
            )
        )
    )
    db.session.execute(
        update(HonourProfile)
        .where(HonourProfile.person_id == person.id)
        .values(
            full_name=ERASED_NAME,
            sort_key=hidden["sort_key"],
            search_folded="",
            summary="",
            story="",
            portrait_id=None,
            portrait_text="",
            published_at=None,
        )
    )
    mine = select(Nomination.id).where(Nomination.person_id == person.id)
    files += db.session.scalars(
        select(NominationFile.file_id).where(NominationFile.nomination_id.in_(mine))
    ).all()
    db.session.execute(delete(NominationFile).where(NominationFile.nomination_id.in_(mine)))
    nominations: int = db.session.execute(
        update(Nomination)
        .where(Nomination.person_id == person.id)
        .values(recipient_name=ERASED_NAME, account="", position="")
    ).rowcount  # type: ignore[attr-defined]
    discard_files([each for each in files if each is not None], now=now)
    return {"commendations": rows, "nominations": nominations}


def _obstacles(kept_id: int, merged_id: int) -> Sequence[Words]:
    """Both records in one decision: one of the rows has to be revoked first."""
    mine, theirs = aliased(Commendation), aliased(Commendation)
    numbers = db.session.scalars(
        select(mine.decision_number)
        .join(
            theirs,
            (theirs.decision_key == mine.decision_key) & (theirs.decided_on == mine.decided_on),
        )
        .where(
            mine.person_id == kept_id,
            theirs.person_id == merged_id,
            mine.revoked_at.is_(None),
            theirs.revoked_at.is_(None),
        )
    )
    return [
        _("Both records are commended by decision %(number)s.", number=each) for each in numbers
    ]


def _follower(code: str, label: Words, table: type[Any]) -> Follower:
    def count(person_id: int) -> int:
        return _count(table, person_id)

    def move(kept_id: int, merged_id: int, now: datetime) -> int:
        del now
        values: dict[str, Any] = {"person_id": kept_id}
        if hasattr(table, "recipient_key"):
            values["recipient_key"] = f"p{kept_id}"
        moved: int = db.session.execute(
            update(table).where(table.person_id == merged_id).values(**values)
        ).rowcount  # type: ignore[attr-defined]
        return moved

    if table is Commendation:
        return Follower(code, label, count, move, obstacles=_obstacles)
    return Follower(code, label, count, move)


def register() -> None:
    """Tell accounts what the registers keep, and what follows a person."""
    register_keeper(Keeper("commendations", _copy, _consequences, erase=_erase))
    labels = (_l("Commendations"), _l("Honour roll"), _l("Nominations"))
    for table, label in zip(_TABLES, labels, strict=True):
        register_follower(_follower(table.__tablename__, label, table))
