"""Scenarios of registers: commendations (S0, S1, S2, S4), projects (S0) and models (S2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

from contest.accounts.models import Unit
from contest.awards.actions.commendations import CommendationValues, commendation_row
from contest.awards.models import AwardForm, Commendation, Level, RecipientKind
from contest.core.db import db, new_public_id
from contest.core.vietnamese import fold
from contest.demo.fiction import person_name
from contest.demo.scenarios.ground import Ground, lay
from contest.reports.models import Project, ProjectCategory, ProjectKind

_DECISIONS_OF: Final = 60
_ONE, _MANY = RecipientKind.INDIVIDUAL, RecipientKind.COLLECTIVE


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody invented."""

    name: str
    unit: Unit
    birth_year: int | None = None


def _people(ground: Ground, count: int) -> list[Recipient]:
    """So many persons, of whom no two have name, unit and year of birth in common."""
    people: dict[tuple[str, int, int], Recipient] = {}
    while len(people) < count:
        number = len(people)
        unit, year = ground.bases[number % len(ground.bases)], 1955 + number % 45
        name = person_name(ground.chance)
        people.setdefault((fold(name), unit.id, year), Recipient(name, unit, year))
    return list(people.values())


def _groups(ground: Ground, count: int) -> list[Recipient]:
    return [
        Recipient(f"Chi bộ {n // len(ground.bases) + 1}", ground.bases[n % len(ground.bases)])
        for n in range(count)
    ]


@dataclass(frozen=True, slots=True)
class Batch:
    """Decisions of a level for recipients of a kind, spread over some days."""

    level: Level
    form: AwardForm
    kind: RecipientKind
    recipients: Sequence[Recipient]
    days: tuple[date, date]
    mark: str
    leaders: int = 0


def _enter(ground: Ground, batches: Sequence[Batch]) -> None:
    rows = [row for batch in batches for row in _rows(ground, batch)]
    db.session.execute(insert(Commendation), rows)


def _rows(ground: Ground, batch: Batch) -> Iterator[dict[str, Any]]:
    decisions = -(-len(batch.recipients) // _DECISIONS_OF)
    first, last = batch.days
    step = (last - first) / max(decisions, 1)
    for place, each in enumerate(batch.recipients):
        number = place // _DECISIONS_OF
        values = CommendationValues(
            level=batch.level,
            form=batch.form,
            recipient_kind=batch.kind,
            recipient_name=each.name,
            decision_number=f"{number + 1:02d}-{batch.mark}",
            decided_on=first + number * step,
            unit_id=each.unit.id,
            birth_year=each.birth_year,
            reason="Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
            theme="Học tập và làm theo Bác",
            is_leader=place < batch.leaders,
        )
        yield commendation_row(
            values,
            book=ground.book,
            register_unit_id=ground.root.id,
            actor=None,
            now=ground.now,
        )


def s0_commendations(now: datetime) -> None:
    """S0: bloc 338 + 433, city 25 + 33, base 835 + 2,626; some on all three levels."""
    ground = lay("s0-commendations", "Đảng ủy Khối các cơ quan", bases=48, now=now)
    people, groups = _people(ground, 2_626), _groups(ground, 835)
    days = (date(2016, 5, 15), date(2019, 9, 15))
    paper, merit = AwardForm.COMMENDATION_PAPER, AwardForm.MERIT_CERTIFICATE
    _enter(
        ground,
        [
            Batch(Level.BASE, paper, _MANY, groups, days, "QĐ/ĐU-TT"),
            Batch(Level.BASE, paper, _ONE, people, days, "QĐ/ĐU-CN"),
            Batch(Level.BLOC, paper, _MANY, groups[:338], days, "QĐ/ĐUK-TT"),
            Batch(Level.BLOC, paper, _ONE, people[:433], days, "QĐ/ĐUK-CN"),
            Batch(Level.CITY, merit, _MANY, groups[:25], days, "QĐ/TU-TT"),
            Batch(Level.CITY, merit, _ONE, people[:33], days, "QĐ/TU-CN"),
        ],
    )


def s1_commendations(now: datetime) -> None:
    """S1: base 117 + 1,130, district 114 + 150; 43 of the persons are leaders."""
    ground = lay("s1-commendations", "Huyện ủy Đạ Tông", bases=18, now=now)
    people, groups = _people(ground, 1_280), _groups(ground, 231)
    days = (date(2016, 8, 15), date(2020, 6, 15))
    paper = AwardForm.COMMENDATION_PAPER
    _enter(
        ground,
        [
            Batch(Level.BASE, paper, _MANY, groups[:117], days, "QĐ/ĐU-TT"),
            Batch(Level.BASE, paper, _ONE, people[:1_130], days, "QĐ/ĐU-CN", leaders=28),
            Batch(Level.DISTRICT, paper, _MANY, groups[117:], days, "QĐ/HU-TT"),
            Batch(Level.DISTRICT, paper, _ONE, people[1_130:], days, "QĐ/HU-CN", leaders=15),
        ],
    )


def s2_awards(now: datetime) -> None:
    """S2: 2 collectives and 1 person for 2016–2021, decided in 2022."""
    ground = lay("s2-awards", "Huyện ủy Krông Bút", bases=6, now=now)
    honoured = [
        *((_MANY, each) for each in _groups(ground, 2)),
        *((_ONE, each) for each in _people(ground, 1)),
    ]
    early = (date(2016, 5, 15), date(2021, 5, 15))
    rows = [_award(ground, kind, each, period=early) for kind, each in honoured]
    db.session.execute(insert(Commendation), rows)


def _award(
    ground: Ground,
    kind: RecipientKind,
    each: Recipient,
    *,
    period: tuple[date, date],
) -> dict[str, Any]:
    values = CommendationValues(
        level=Level.CITY,
        form=AwardForm.MERIT_CERTIFICATE,
        recipient_kind=kind,
        recipient_name=each.name,
        decision_number="1180-QĐ/TU",
        decided_on=date(2022, 5, 12),
        unit_id=each.unit.id,
        birth_year=each.birth_year,
        issuer="Tỉnh ủy",
        period_from=period[0],
        period_to=period[1],
        reason="Thành tích xuất sắc năm năm thực hiện Chỉ thị 05-CT/TW",
    )
    return commendation_row(
        values, book=ground.book, register_unit_id=ground.root.id, actor=None, now=ground.now
    )


def s4_models(now: datetime) -> None:
    """S4: 103 collectives and 175 persons until 5/2024, and one award to the unit itself."""
    ground = lay("s4-models", "Huyện ủy Lạc Sơn Hạ", bases=20, now=now)
    people, groups = _people(ground, 175), _groups(ground, 103)
    days = (date(2021, 5, 20), date(2024, 4, 20))
    paper = AwardForm.COMMENDATION
    _enter(
        ground,
        [
            Batch(Level.DISTRICT, paper, _MANY, groups, days, "QĐ/HU-TT"),
            Batch(Level.DISTRICT, paper, _ONE, people, days, "QĐ/HU-CN"),
        ],
    )
    values = CommendationValues(
        level=Level.CITY,
        form=AwardForm.MERIT_CERTIFICATE,
        recipient_kind=_MANY,
        recipient_name=ground.root.name,
        decision_number="2045-QĐ/TU",
        decided_on=date(2024, 5, 14),
        unit_id=ground.root.id,
        is_unit=True,
        issuer="Tỉnh ủy",
        reason="Tổ chức học tập và làm theo Bác",
    )
    row = commendation_row(
        values, book=ground.book, register_unit_id=ground.root.id, actor=None, now=now
    )
    db.session.execute(insert(Commendation), [row])


_PROJECTS: Final = (
    (ProjectCategory.PARTY_BUILDING, 15, "Công trình xây dựng Đảng"),
    (ProjectCategory.AGENCY_BUILDING, 28, "Công trình xây dựng cơ quan"),
    (ProjectCategory.RESOLUTION, 15, "Công trình thực hiện Nghị quyết 54"),
    (ProjectCategory.BREAKTHROUGH, 17, "Chương trình đột phá"),
    (ProjectCategory.ADMINISTRATIVE_REFORM, 18, "Cải cách hành chính"),
)


def s0_projects(now: datetime) -> None:
    """S0: 93 projects, 15 + 28 + 15 + 17 + 18 by field."""
    ground = lay("s0-projects", "Đảng ủy Khối các cơ quan", bases=48, now=now)
    rows = [
        _project(ground, category, f"{title} số {n + 1}", n)
        | {"kind": ProjectKind.PROJECT, "registered_on": date(2018, 3, 2) + timedelta(days=n)}
        for category, count, title in _PROJECTS
        for n in range(count)
    ]
    db.session.execute(insert(Project), rows)


def s2_models(now: datetime) -> None:
    """S2: 110 models of skilful mass mobilisation by 71 units."""
    ground = lay("s2-models", "Huyện ủy Krông Bút", bases=71, now=now)
    fields = (
        ProjectCategory.ECONOMY,
        ProjectCategory.CULTURE_SOCIETY,
        ProjectCategory.SECURITY,
        ProjectCategory.POLITICAL_SYSTEM,
    )
    rows = [
        _project(ground, fields[n % len(fields)], f"Mô hình “Dân vận khéo” số {n + 1}", n)
        | {"kind": ProjectKind.MODEL, "registered_on": date(2021, 4, 1) + timedelta(days=n)}
        for n in range(110)
    ]
    db.session.execute(insert(Project), rows)


def _project(ground: Ground, category: ProjectCategory, title: str, n: int) -> dict[str, Any]:
    unit = ground.bases[n % len(ground.bases)]
    return {
        "public_id": new_public_id(),
        "unit_id": unit.id,
        "unit_ids": ground.book.path(unit.id),
        "category": category,
        "title": title,
        "title_folded": fold(title),
        "created_at": ground.now,
    }
