"""The season report of a country: prepared counts rebuilt as the job does it, and read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import insert, text

from benchmarks import Figure, benchmark, measured
from benchmarks._quiz import Place, database_cpu, in_each_database
from contest.accounts.actions import create_unit
from contest.accounts.models import Unit, UnitHeadcount, UnitKind, UnitTree
from contest.awards.models import Commendation
from contest.awards.queries.commendations import unit_book
from contest.awards.rules.unit_book import UnitBook
from contest.contests.actions import create_contest
from contest.contests.models import ContestKind
from contest.core.db import db, new_public_id
from contest.core.transactions import end_read, unit_of_work
from contest.reports.models import Measure
from contest.reports.queries.season import Asked, season_report
from contest.reports.rules.periods import Period
from contest.reports.tasks import rebuild_counts

PROVINCES: Final = 34
COMMUNES: Final = 3_321
PERSONS: Final = 2_000_000
COMMENDATIONS: Final = 50_000
NOW: Final = datetime(2026, 9, 2, tzinfo=UTC)
YEAR: Final = Period(date(2026, 1, 1), date(2026, 12, 31))
_COUNTER: Final = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
_BYTES: Final = {"sqlite": "x'00'", "postgresql": r"'\x00'::bytea"}
_STATEMENTS: Final = (
    (
        "INSERT INTO person (id, public_id, full_name, name_folded, sort_key, form_of_address,"
        " locale, is_demo, created_at)"
        " SELECT i, 'p' || i, 'N', 'n', {nothing}, '', 'vi', {no}, 0 FROM n"
    ),
    (
        "INSERT INTO registration (id, public_id, contest_id, person_id, code, full_name,"
        " name_folded, sort_key, unit_id, unit_path, unit_folded, unit_ids, source, registered_at)"
        " SELECT i, 'r' || i, :contest, i, 'c' || i, 'N', 'n', {nothing}, place.unit_id, '',"
        " '', place.path, 'roster', 0 FROM n JOIN place ON place.ordinal = i % :units"
    ),
    (
        "INSERT INTO entry (id, public_id, contest_id, registration_id, ordinal, created_at)"
        " SELECT i, 'e' || i, :contest, i, 1, 0 FROM n"
    ),
)
_TABLES: Final = "('person', 'registration', 'entry')"
_UNIQUE: Final = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"  # noqa: S608  (names of ours)
    f" WHERE contype = 'u' AND conrelid::regclass::text IN {_TABLES}"
)
_PLAIN: Final = (
    "SELECT i.relname, pg_get_indexdef(i.oid) FROM pg_index x"  # noqa: S608  (as above)
    " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid"
    f" WHERE t.relname IN {_TABLES} AND NOT x.indisprimary"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid)"
)
_FALSE: Final = {"sqlite": "0", "postgresql": "false"}


@benchmark("season_report")
def season_report_of_a_country() -> Iterator[Figure]:
    """3,321 communes, 2,000,000 persons, 50,000 commendations: rebuilt as a job, and read."""
    for place in in_each_database():
        yield from _figures(place)


def _figures(place: Place) -> Iterator[Figure]:
    with unit_of_work():
        root, communes = _units()
    book = unit_book()
    end_read()
    _people(place, root, communes, book)
    with unit_of_work():
        _commendations(root, communes, book)
    with _spent(place) as build:
        rebuild_counts(now=NOW)
    unit = db.session.get_one(Unit, root)
    with _spent(place) as first:
        found = season_report(Asked(unit, YEAR))
    assert found.figures[Measure.PERSONS].value == PERSONS
    assert found.recognitions == COMMENDATIONS
    with _spent(place) as again:
        season_report(Asked(unit, YEAR))
    end_read()
    kind = place.kind
    yield Figure("counts of all rebuilt as a job", build[1], "s", at_most=60.0, database=kind)
    yield Figure("CPU of rebuilding", build[0], "s CPU", database=kind)
    yield Figure("the report from prepared counts", first[1], "s", at_most=1.0, database=kind)
    yield Figure("the same again", again[1], "s", at_most=1.0, database=kind)
    yield Figure("CPU of the report", again[0], "s CPU", database=kind)


@contextmanager
def _spent(place: Place) -> Iterator[list[float]]:
    """CPU seconds of this process and the database's, then seconds of the clock."""
    seconds: list[float] = []
    theirs = database_cpu(place)
    with measured() as span:
        yield seconds
    seconds += [span.cpu + database_cpu(place) - theirs, span.wall]


def _units() -> tuple[int, list[int]]:
    def unit(code: str, parent: Unit | None) -> Unit:
        return create_unit(
            code=code,
            name=f"Đơn vị {code}",
            kind=UnitKind.ADMINISTRATIVE,
            tree=UnitTree.ADMINISTRATIVE,
            parent=parent,
            actor=None,
            now=NOW,
        )

    root = unit("VN", None)
    provinces = [unit(f"T{number}", root) for number in range(PROVINCES)]
    communes = [unit(f"X{n}", provinces[n % PROVINCES]).id for n in range(COMMUNES)]
    db.session.execute(
        insert(UnitHeadcount),
        [{"unit_id": each, "counted_on": date(2026, 1, 1), "persons": 900} for each in communes],
    )
    return root.id, communes


def _people(place: Place, root: int, communes: list[int], book: UnitBook) -> None:
    """One contest in which everybody takes part: registrations and entries by the database."""
    with unit_of_work():
        contest = create_contest(
            title="Hội thi toàn quốc",
            unit=db.session.get_one(Unit, root),
            actor=None,
            now=NOW,
            kind=ContestKind.STAGE,
            slug="toan-quoc",
            starts_on=date(2026, 5, 19),
        )
        contest.announced_at = NOW
        contest_id = contest.id
    nothing, no = _BYTES[place.kind], _FALSE[place.kind]
    values = {"contest": contest_id, "units": COMMUNES}
    with unit_of_work():
        db.session.execute(
            text("CREATE TEMPORARY TABLE place (ordinal INTEGER PRIMARY KEY, unit_id INTEGER,"
                 " path TEXT)")
        )  # fmt: skip
        db.session.execute(
            text("INSERT INTO place VALUES (:ordinal, :unit_id, :path)"),
            [
                {"ordinal": ordinal, "unit_id": unit_id, "path": book.path(unit_id)}
                for ordinal, unit_id in enumerate(communes)
            ],
        )
        with _indexes_afterwards(place):
            for statement in _STATEMENTS:
                given = {key: value for key, value in values.items() if f":{key}" in statement}
                db.session.execute(
                    text(_COUNTER + statement.format(nothing=nothing, no=no)),
                    given | {"rows": PERSONS},
                )
    if place.kind == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))


@contextmanager
def _indexes_afterwards(place: Place) -> Iterator[None]:
    """On PostgreSQL indexes are made once the rows are there, and no row asks for its parents.

    Two million rows pay for each tree and each foreign key one by one otherwise: the filling did
    not end in five minutes. SQLite's trees are cheap as the keys come in order.
    """
    if place.kind != "postgresql":
        yield
        return
    run = db.session.execute
    run(text("SET LOCAL session_replication_role = replica"))
    run(text("SET LOCAL maintenance_work_mem = '256MB'"))
    unique = run(text(_UNIQUE)).all()
    plain = run(text(_PLAIN)).all()
    for table, name, _definition in unique:
        run(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
    for name, _definition in plain:
        run(text(f'DROP INDEX "{name}"'))
    yield
    for table, name, definition in unique:
        run(text(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'))
    for _name, definition in plain:
        run(text(definition))


def _commendations(root: int, communes: list[int], book: UnitBook) -> None:
    rows = [
        {
            "public_id": new_public_id(),
            "register_unit_id": root,
            "level": ("base", "city", "ministry")[n % 3],
            "form": "commendation_paper",
            "recipient_kind": ("individual", "collective")[n % 4 == 0],
            "unit_id": communes[n % COMMUNES],
            "unit_ids": book.path(communes[n % COMMUNES]),
            "recipient_name": f"Nguyễn Văn {n // 3}",
            "name_folded": f"nguyen van {n // 3}",
            "sort_key": b"n",
            "recipient_key": f"n:nguyễn văn {n // 3}|{n % COMMUNES}",
            "decision_number": f"{n}-QĐ",
            "decision_key": f"{n}-qd",
            "decided_on": date(2026, 1 + n % 12, 1 + n % 28),
            "is_leader": n % 50 == 0,
            "created_at": NOW,
        }
        for n in range(COMMENDATIONS)
    ]
    db.session.execute(insert(Commendation), rows)
