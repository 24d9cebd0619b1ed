"""Who may not mark what: found from facts, or declared by the judge."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from contest.core.errors import Words
from contest.core.i18n import gettext as _
from contest.core.i18n import lazy_gettext as _l
from contest.submissions.rules.answers import NamedPerson


class ConflictKind(StrEnum):
    """Why a judge may not mark a work."""

    OWN_WORK = "own_work"
    SAME_CONTACT = "same_contact"
    SUBJECT = "subject"
    AUTHOR_UNIT = "author_unit"
    SUBJECT_UNIT = "subject_unit"
    NAMED = "named"
    NAMED_UNIT = "named_unit"
    EARLIER_ROUND = "earlier_round"
    DECLARED = "declared"


CONFLICT_LABELS: Final[dict[ConflictKind, Words]] = {
    ConflictKind.OWN_WORK: _l("author or co-author"),
    ConflictKind.SAME_CONTACT: _l("same telephone number or mail address as an author"),
    ConflictKind.SUBJECT: _l("the person written about"),
    ConflictKind.AUTHOR_UNIT: _l("same unit as an author"),
    ConflictKind.SUBJECT_UNIT: _l("same unit as the person written about"),
    ConflictKind.EARLIER_ROUND: _l("marked it in an earlier round"),
    ConflictKind.DECLARED: _l("declared by the judge"),
}


class Finding(NamedTuple):
    """Why a judge may not mark a work: `field` is that of the form, for persons named in it."""

    kind: ConflictKind
    field: str = ""

    @property
    def key(self) -> str:
        """One string for documents: the kind, and after a colon the field."""
        return f"{self.kind}: {self.field}" if self.field else self.kind.value

    @classmethod
    def of(cls, key: str) -> "Finding":
        """The finding of such a string."""
        kind, _colon, field = key.partition(": ")
        return cls(ConflictKind(kind), field)

    @property
    def words(self) -> str:
        """The reason in words, with the field; for organisers alone, never for judges."""
        if self.kind is ConflictKind.NAMED:
            return _("named under “%(field)s”", field=self.field)
        if self.kind is ConflictKind.NAMED_UNIT:
            return _("same unit as the person named under “%(field)s”", field=self.field)
        return str(CONFLICT_LABELS[self.kind])


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """What is known about a judge, for finding conflicts.

    Attributes:
        juror_id: key of the seat on the jury.
        person_id: who it is.
        name_folded: the judge's name without marks.
        unit_id: the judge's own unit, with its name without marks in `unit_folded`.
        unit_folded: see above.
        phone: the judge's telephone number.
        email: the judge's mail address.
        capacity: the most works; None for an equal share.
        declared_units: units that the judge declared, with every unit below them.
        declared_names: folded names that the judge declared.
        marked_before: works that the judge marked in an earlier round of the contest.
    """

    juror_id: int
    person_id: int
    name_folded: str
    unit_id: int | None = None
    unit_folded: str = ""
    phone: str = ""
    email: str = ""
    capacity: int | None = None
    declared_units: frozenset[int] = frozenset()
    declared_names: frozenset[str] = frozenset()
    marked_before: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What is known about a work, for finding conflicts; it never reaches a judge's page.

    Attributes:
        work_id: key of the work.
        person_ids: author and co-authors with an account.
        names_folded: names of author and co-authors.
        unit_ids: units of author and co-authors.
        branch_ids: those units and everything above them.
        phones: telephone numbers of author and co-authors.
        emails: their mail addresses.
        subject_names_folded: the persons written about.
        subject_unit_ids: their units.
        subject_units_folded: their units as typed.
        subject_person_ids: their accounts, where somebody linked them.
        units_folded: units of co-authors without an account, as typed.
        named: persons of further fields of the form.
    """

    work_id: int
    person_ids: frozenset[int]
    names_folded: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    branch_ids: frozenset[int] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    subject_names_folded: frozenset[str] = frozenset()
    subject_unit_ids: frozenset[int] = frozenset()
    subject_units_folded: frozenset[str] = frozenset()
    subject_person_ids: frozenset[int] = frozenset()
    units_folded: frozenset[str] = frozenset()
    named: tuple[NamedPerson, ...] = ()


def finding_of(judge: JudgeFacts, work: WorkFacts) -> Finding | None:
    """Why this judge may not mark this work, with the field; None when nothing forbids it."""
    kind = _weightiest(judge, work)
    if kind is not None:
        return Finding(kind)
    for one in work.named:
        if judge.name_folded in one.names_folded:
            return Finding(ConflictKind.NAMED, one.field)
    for one in work.named:
        if judge.unit_folded and judge.unit_folded == one.unit_folded:
            return Finding(ConflictKind.NAMED_UNIT, one.field)
    if work.work_id in judge.marked_before:
        return Finding(ConflictKind.EARLIER_ROUND)
    return Finding(ConflictKind.DECLARED) if _is_declared(judge, work) else None


def conflict_of(judge: JudgeFacts, work: WorkFacts) -> ConflictKind | None:
    """The kind of the same."""
    found = finding_of(judge, work)
    return None if found is None else found.kind


def _weightiest(judge: JudgeFacts, work: WorkFacts) -> ConflictKind | None:
    """Authors and the person written about.

    A co-author without an account is known by name alone: a namesake counts as a conflict, since
    another judge can always be found.
    """
    if judge.person_id in work.person_ids or judge.name_folded in work.names_folded:
        return ConflictKind.OWN_WORK
    if judge.phone and judge.phone in work.phones:
        return ConflictKind.SAME_CONTACT
    if judge.email and judge.email in work.emails:
        return ConflictKind.SAME_CONTACT
    if judge.person_id in work.subject_person_ids or judge.name_folded in work.subject_names_folded:
        return ConflictKind.SUBJECT
    if judge.unit_id is not None and (
        judge.unit_id in work.unit_ids or judge.unit_folded in work.units_folded
    ):
        return ConflictKind.AUTHOR_UNIT
    if judge.unit_id is not None and (
        judge.unit_id in work.subject_unit_ids or judge.unit_folded in work.subject_units_folded
    ):
        return ConflictKind.SUBJECT_UNIT
    return None


def _is_declared(judge: JudgeFacts, work: WorkFacts) -> bool:
    if not judge.declared_units and not judge.declared_names:
        return False
    branches = work.unit_ids | work.branch_ids | work.subject_unit_ids
    names = work.names_folded | work.subject_names_folded
    names |= {name for one in work.named for name in one.names_folded}
    return bool(judge.declared_units & branches or judge.declared_names & names)


def conflicts(
    judges: Sequence[JudgeFacts], works: Sequence[WorkFacts]
) -> dict[tuple[int, int], Finding]:
    """All conflicts, by (juror, work)."""
    found: dict[tuple[int, int], Finding] = {}
    for work in works:
        for judge in judges:
            why = finding_of(judge, work)
            if why is not None:
                found[judge.juror_id, work.work_id] = why
    return found
