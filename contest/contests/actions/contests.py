"""Creating, copying, editing and announcing contests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from contest.accounts.actions import create_scope
from contest.accounts.models import ScopeKind, Unit
from contest.accounts.rules import birth_of
from contest.contests.models import (
    Contest,
    ContestKind,
    ContestUnit,
    Division,
    Registration,
    Unawarded,
)
from contest.contests.queries import taken_slugs
from contest.contests.rules import (
    ForeignUnit,
    NothingToAnnounce,
    RoundFrozen,
    division_for,
    first_day,
    free_slug,
    has_begun,
    slug_of,
)
from contest.contests.steps import wizard_steps
from contest.core import audit
from contest.core.access import Actor, Permission
from contest.core.db import db
from contest.core.vietnamese import fold


@dataclass(frozen=True, slots=True)
class DivisionPlan:
    """A division as the wizard asks for it; ages are counted on the contest's first day."""

    name: str
    min_age: int | None = None
    max_age: int | None = None


def _record(
    what: str, contest: Contest, *, actor: Actor | None, now: datetime, data: dict[str, Any]
) -> None:
    audit.record(
        f"contests.{what}",
        actor=actor,
        now=now,
        subject=("contest", contest.id),
        scope_id=contest.scope_id,
        data=data,
    )


def create_contest(
    *,
    title: str,
    unit: Unit,
    actor: Actor | None,
    now: datetime,
    kind: ContestKind = ContestKind.QUIZ,
    slug: str = "",
    summary: str = "",
    subject_matter: str = "",
    contact: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Contest:
    """Begin a contest: a draft that only organisers see until it is announced.

    Args:
        title: as it will be printed.
        unit: that runs it; the actor must be allowed to run contests there.
        actor: the organiser; None for seeds and commands.
        now: the instant of the request.
        kind: what is done in it.
        slug: address wished for; made from the title when empty, numbered when taken.
        summary: two or three sentences for the public page.
        subject_matter: what it is about.
        contact: whom to ask.
        starts_on: first day; ages are counted on it.
        ends_on: last day.

    Raises:
        ForeignUnit: the actor runs no contests of that unit.
    """
    _check_unit(actor, unit)
    scope = create_scope(kind=ScopeKind.CONTEST, parent=unit.scope)
    wanted = slug_of(slug or title)
    contest = Contest(
        slug=free_slug(wanted, taken_slugs(wanted)),
        title=title,
        title_folded=fold(title),
        kind=kind,
        unit=unit,
        scope=scope,
        summary=summary,
        subject_matter=subject_matter,
        contact=contact,
        audience="",
        rules_text="",
        starts_on=starts_on,
        ends_on=ends_on,
        open_to_all_units=True,
        self_registration=True,
        exclude_staff=True,
        one_prize_per_person=True,
        wizard_step="basics",
        created_by_id=None if actor is None else actor.person_id,
        created_at=now,
        rounds=[],
        divisions=[],
        eligible_units=[],
    )
    db.session.add(contest)
    db.session.flush()
    _record("contest_created", contest, actor=actor, now=now, data={"slug": contest.slug})
    return contest


def _check_unit(actor: Actor | None, unit: Unit) -> None:
    if actor is not None and not actor.may(Permission.MANAGE_CONTEST, unit.scope.path):
        raise ForeignUnit


def edit_basics(
    *,
    contest: Contest,
    title: str,
    summary: str,
    subject_matter: str,
    contact: str,
    starts_on: date | None,
    ends_on: date | None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Change what a contest is called and about. The address stays what it was.

    Raises:
        RoundFrozen: the first day, on which ages are counted, would change after a round opened.
    """
    if has_begun(contest) and starts_on != contest.starts_on:
        raise RoundFrozen
    contest.title, contest.title_folded = title, fold(title)
    contest.summary, contest.subject_matter, contest.contact = summary, subject_matter, contact
    moved = starts_on != contest.starts_on
    contest.starts_on, contest.ends_on = starts_on, ends_on
    db.session.flush()
    if moved:
        assign_divisions(contest=contest)
    _record("basics_edited", contest, actor=actor, now=now, data={"title": title})


def edit_audience(
    *,
    contest: Contest,
    min_age: int | None,
    max_age: int | None,
    units: Sequence[Unit] | None,
    self_registration: bool,
    exclude_staff: bool,
    one_prize_per_person: bool,
    audience: str,
    unawarded: Unawarded = Unawarded.LAPSE,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Say who may take part and who is left out of prizes.

    Args:
        contest: the contest.
        min_age: whole years on the first day, or None.
        max_age: the same.
        units: roots of the branches that may take part; None = everybody.
        self_registration: people may register themselves; otherwise they come by roster.
        exclude_staff: organisers, secretaries, judges and question authors win nothing.
        one_prize_per_person: at most one prize in the whole contest.
        audience: the same in words, for the public page.
        unawarded: what becomes of prizes that nobody gets in a round.
        actor: the organiser.
        now: the instant of the request.

    Raises:
        RoundFrozen: ages would change after a round opened.
    """
    if has_begun(contest) and (min_age, max_age) != (contest.min_age, contest.max_age):
        raise RoundFrozen
    contest.min_age, contest.max_age = min_age, max_age
    contest.open_to_all_units = units is None
    wanted = {unit.id: unit for unit in units or ()}
    for branch in list(contest.eligible_units):
        if branch.unit_id in wanted:
            del wanted[branch.unit_id]
        else:
            contest.eligible_units.remove(branch)
    contest.eligible_units.extend(
        ContestUnit(contest_id=contest.id, unit_id=unit.id, unit=unit) for unit in wanted.values()
    )
    contest.self_registration, contest.exclude_staff = self_registration, exclude_staff
    contest.one_prize_per_person, contest.audience = one_prize_per_person, audience
    contest.unawarded = unawarded
    db.session.flush()
    data = {
        "ages": [min_age, max_age],
        "units": sorted(b.unit_id for b in contest.eligible_units),
        "one_prize": one_prize_per_person,
        "unawarded": unawarded.value,
    }
    _record("audience_edited", contest, actor=actor, now=now, data=data)


def edit_divisions(
    *, contest: Contest, divisions: Sequence[DivisionPlan], actor: Actor | None, now: datetime
) -> None:
    """Set the divisions in their order; people registered already are sorted again.

    Raises:
        RoundFrozen: a ranked round has opened.
    """
    if has_begun(contest):
        raise RoundFrozen
    kept = list(contest.divisions)
    for place, plan in enumerate(divisions, start=1):
        if place <= len(kept):
            kept[place - 1].name = plan.name
            kept[place - 1].min_age, kept[place - 1].max_age = plan.min_age, plan.max_age
        else:
            contest.divisions.append(
                Division(
                    contest_id=contest.id,
                    position=place,
                    name=plan.name,
                    min_age=plan.min_age,
                    max_age=plan.max_age,
                )
            )
    for surplus in kept[len(divisions) :]:
        db.session.execute(
            update(Registration)
            .where(Registration.division_id == surplus.id)
            .values(division_id=None)
        )
        contest.divisions.remove(surplus)
    db.session.flush()
    assign_divisions(contest=contest)
    data = {"divisions": [[plan.name, plan.min_age, plan.max_age] for plan in divisions]}
    _record("divisions_edited", contest, actor=actor, now=now, data=data)


def assign_divisions(*, contest: Contest) -> int:
    """Sort everybody registered into the divisions as they are now; returns how many moved."""
    on = first_day(contest)
    moved = 0
    registrations = db.session.scalars(
        select(Registration).where(Registration.contest_id == contest.id)
    )
    for registration in registrations:
        birth = birth_of(registration.birth_date, registration.birth_precision)
        division = division_for(contest.divisions, birth, on).division
        wanted = None if division is None else division.id
        if registration.division_id != wanted:
            registration.division = division
            moved += 1
    db.session.flush()
    return moved


def edit_rules_text(
    *, contest: Contest, rules_text: str, actor: Actor | None, now: datetime
) -> None:
    """Write the rules (thể lệ). The audit keeps the digest of each version."""
    contest.rules_text = rules_text
    db.session.flush()
    digest = audit.sha256_hex(rules_text.encode())
    _record("rules_written", contest, actor=actor, now=now, data={"sha256": digest})


def leave_wizard_at(*, contest: Contest, step: str) -> None:
    """Remember where the wizard was left, so that it is resumed there."""
    if contest.wizard_step != step:
        contest.wizard_step = step
        db.session.flush()


def announce(*, contest: Contest, actor: Actor | None, now: datetime) -> bool:
    """Put the public page up. From then on everybody can read and, if allowed, register.

    Returns:
        True when this call announced it, False when it was announced before.

    Raises:
        NothingToAnnounce: a step that is not optional is not done.
    """
    if contest.announced_at is not None:
        return False
    undone = [
        step.code
        for step in wizard_steps()
        if not step.optional and step.code != "announce" and not step.is_done(contest)
    ]
    if undone:
        raise NothingToAnnounce
    claimed = db.session.execute(
        update(Contest)
        .where(Contest.id == contest.id, Contest.announced_at.is_(None))
        .values(announced_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(contest, ["announced_at"])
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    _record("contest_announced", contest, actor=actor, now=now, data={"slug": contest.slug})
    return True
