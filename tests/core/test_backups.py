"""A backup taken on one database comes back on another with every row and every file."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from click.testing import Result
from flask import Flask
from moto.server import ThreadedMotoServer
from sqlalchemy import MetaData, Table, delete, select, text

from contest.accounts.models import Person
from contest.app import create_app
from contest.contests.models import Entry, Round, Stage
from contest.core import audit, jobs
from contest.core.backups import take_backup
from contest.core.db import Base, db
from contest.core.files import StoredFile, read_file, store_file
from contest.core.full_text import is_of_word_index
from contest.core.mail import Mail
from contest.core.transactions import unit_of_work
from contest.demo import seed as demo_seed
from contest.submissions.models import Work, WorkVersion
from tests.conftest import NOW, make_settings
from tests.support.databases import KINDS, POSTGRESQL, SQLITE, Databases

PICTURE = bytes(range(256)) * 9_000  # more than two pieces of a stream
HOLDS_VERSION = "alembic_version"


@pytest.fixture(scope="module", params=KINDS)
def full(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A database with a published contest, files of people and a sealed record; only read here."""
    folder = tmp_path_factory.mktemp("full")
    with databases.fresh(request.param) as database:
        app = create_app(make_settings(database.url, folder))
        with app.app_context():
            fill(NOW)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def fill(now: datetime) -> None:
    demo_seed.seed(stage=Stage.PUBLISHED, whole_demo=False, now=now)
    with unit_of_work():
        store_file(PICTURE, name="chân dung.png", media_type="image/png", actor=None, now=now)
        store_file(b"", name="trống.txt", media_type="text/plain", actor=None, now=now)
        audit.record("tests.done", actor=None, now=now, data={"số": 1}, personal={"tên": "An"})
        write_circles(now)
    while _sealed(now):
        pass


def write_circles(now: datetime) -> None:
    """Rows that point to rows which come after them: an essay to its version, a person to a person."""
    first, second = db.session.scalars(select(Person).order_by(Person.id).limit(2)).all()
    first.merged_into_id = second.id
    round = db.session.scalars(select(Round).order_by(Round.id).limit(1)).one()
    entry = db.session.scalars(
        select(Entry).where(Entry.contest_id == round.contest_id).order_by(Entry.id).limit(1)
    ).one()
    work = Work(round_id=round.id, entry_id=entry.id, person_id=second.id, created_at=now)
    db.session.add(work)
    db.session.flush()
    version = WorkVersion(work_id=work.id, number=1, title="Bác", digest="0" * 64, saved_at=now)
    db.session.add(version)
    db.session.flush()
    work.version_id = work.submitted_version_id = version.id


@pytest.fixture(scope="module")
def archive_of(full: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole archive."""
    archive = tmp_path_factory.mktemp("archive") / "sao-luu.zip"
    assert run(full, "backup", str(archive)).exit_code == 0
    return archive


@pytest.fixture
def archive(archive_of: Path, tmp_path: Path) -> Path:
    """A copy of the archive, to be spoilt."""
    copy = tmp_path / "sao-luu.zip"
    copy.write_bytes(archive_of.read_bytes())
    return copy


def _sealed(now: datetime) -> int:
    with unit_of_work():
        return audit.seal_events(now=now)


@contextmanager
def empty_place(databases: Databases, kind: str, folder: Path, **options: str) -> Iterator[Flask]:
    """An installation whose database has no table and whose storage has no file."""
    folder.mkdir()
    with databases.empty(kind) as database:
        app = create_app(make_settings(database.url, folder, **options))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def kind_of(app: Flask) -> str:
    return POSTGRESQL if "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"] else SQLITE


def contents(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables as the models read them, in the order of their keys."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }


def files(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = db.session.execute(select(StoredFile.id, StoredFile.storage_key)).all()
        return {key: hashlib.sha256(read_file(number)).hexdigest() for number, key in rows}


def names_in_database(app: Flask) -> set[str]:
    with app.app_context(), db.engine.connect() as connection:
        there = MetaData()
        there.reflect(connection)
        # An index of words is made anew from its table, so no backup holds it.
        return {name for name in there.tables if not is_of_word_index(name)} - {HOLDS_VERSION}


@pytest.mark.parametrize("target_kind", KINDS)
def test_everything_comes_back(
    full: Flask, databases: Databases, target_kind: str, tmp_path: Path
) -> None:
    archive = tmp_path / "sao-luu.zip"
    taken = run(full, "backup", str(archive), "--json")
    assert taken.exit_code == 0, taken.output
    told = json.loads(taken.stdout)
    assert (told["files"], told["missing"]) == (2 + _demo_files(full), [])
    assert archive.stat().st_mode & 0o777 == 0o600
    before, before_files = contents(full), files(full)
    assert set(before) == names_in_database(full)
    filled = [name for name, rows in before.items() if rows]
    assert {"attempt", "answer_ledger", "publication", "audit_seal", "work"} <= set(filled)
    with empty_place(databases, target_kind, tmp_path / "other") as place:
        restored = run(place, "restore", str(archive), "--json")
        assert restored.exit_code == 0, restored.output
        assert json.loads(restored.stdout)["rows"] == sum(map(len, before.values()))
        assert contents(place) == before
        assert files(place) == before_files
        checked = run(place, "verify-audit", "--json")
        assert checked.exit_code == 0, checked.output
        goes_on(place)


def _demo_files(app: Flask) -> int:
    return len(files(app)) - 2


def goes_on(app: Flask) -> None:
    """New rows get keys of their own: the numbering goes on where it stood."""
    with app.app_context():
        now = datetime.fromisoformat("2026-12-01T00:00:00+00:00")
        with unit_of_work():
            audit.record("tests.after", actor=None, now=now)
            db.session.add(
                Mail(recipient="a@b.vn", subject="x", body="y", created_at=now, due_at=now)
            )
            jobs.enqueue("tests.none", payload={}, actor=None, now=now)


def test_the_schema_may_be_there_already_when_it_is_empty(
    full: Flask, archive: Path, databases: Databases, tmp_path: Path
) -> None:
    with empty_place(databases, kind_of(full), tmp_path / "other") as place:
        assert run(place, "db", "upgrade").exit_code == 0
        assert run(place, "restore", str(archive)).exit_code == 0
        assert contents(place)["person"] == contents(full)["person"]
        again = run(place, "restore", str(archive))
        assert (again.exit_code, "not empty" in again.output) == (2, True)
        assert contents(place)["person"] == contents(full)["person"]


def test_a_row_written_during_the_backup_is_in_it_wholly_or_not_at_all(
    full: Flask, tmp_path: Path
) -> None:
    """While the tables are read one after the other, somebody gets a letter and a job."""
    written: list[int] = []

    def meanwhile(line: str) -> None:
        if not written:
            now = NOW
            written.append(1)
            with unit_of_work():
                db.session.add(
                    Mail(recipient="a@b.vn", subject=line, body="", created_at=now, due_at=now)
                )
                jobs.enqueue("tests.none", payload={}, actor=None, now=now, key="meanwhile")

    archive = tmp_path / "sao-luu.zip"
    with full.app_context():
        before = {name: len(rows) for name, rows in contents(full).items()}
        take_backup(archive, now=NOW, progress=meanwhile)
    with zipfile.ZipFile(archive) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    assert written
    assert {table["name"]: table["rows"] for table in manifest["tables"]} == before
    with full.app_context(), unit_of_work():  # the tests beside this one compare with it
        db.session.execute(delete(Mail).where(Mail.recipient == "a@b.vn"))
        db.session.execute(delete(jobs.Job).where(jobs.Job.key == "meanwhile"))


def spoil_cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def spoil_byte(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    place = content.index(PICTURE[:64]) + 1_000_000
    content[place] ^= 0xFF
    archive.write_bytes(bytes(content))


def rewritten(change: Callable[[dict[str, bytes]], object]) -> Callable[[Path], None]:
    def spoil(archive: Path) -> None:
        with zipfile.ZipFile(archive) as packed:
            members = {name: packed.read(name) for name in packed.namelist()}
        change(members)
        with zipfile.ZipFile(archive, "w") as packed:
            for name, content in members.items():
                packed.writestr(name, content)

    return spoil


def changed_manifest(**others: Any) -> Callable[[Path], None]:
    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, **others}).encode()

    return rewritten(change)


def spoil_name(members: dict[str, bytes]) -> None:
    members["tables/person.jsonl"] = members["tables/person.jsonl"].replace(b"Nguy", b"Ngux", 1)


def spoil_member(members: dict[str, bytes]) -> None:
    del members["tables/person.jsonl"]


def spoil_path(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    evil = "files/../../evil"
    members[evil] = b"x"
    manifest["members"][evil] = {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}
    members["manifest.json"] = json.dumps(manifest).encode()


def spoil_reference(members: dict[str, bytes]) -> None:
    """Every digest is right, but rows point to people who are not there."""
    manifest = json.loads(members["manifest.json"])
    for table in manifest["tables"]:
        if table["name"] == "registration":
            table["rows"] = 0
    members["tables/registration.jsonl"] = b""
    manifest["members"]["tables/registration.jsonl"] = {
        "sha256": hashlib.sha256(b"").hexdigest(),
        "bytes": 0,
    }
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_cut, "damaged or was cut off"),
        (spoil_byte, "damaged"),
        (rewritten(spoil_name), "not what was written"),
        (rewritten(spoil_member), "damaged"),
        (rewritten(spoil_path), "no backup gives"),
        (rewritten(lambda members: members.pop("manifest.json")), "holds no manifest"),
        (rewritten(spoil_reference), "refused rows of entry"),
        (changed_manifest(format="other"), "no archive"),
        (changed_manifest(version=2), "format version 2"),
        (changed_manifest(revision="0123456789ab"), "does not know"),
        (lambda archive: archive.write_bytes(b"not a zip"), "damaged"),
        (lambda archive: archive.unlink(), "cannot be read"),
    ],
)
def test_an_archive_that_cannot_be_trusted_changes_nothing(
    full: Flask,
    archive: Path,
    databases: Databases,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    words: str,
) -> None:
    spoil(archive)
    with empty_place(databases, kind_of(full), tmp_path / "other") as place:
        refused = run(place, "restore", str(archive), "--json")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert words in refused.stderr
        stored = [path for path in (tmp_path / "other" / "files").rglob("*") if path.is_file()]
        assert stored == []
        rows = names_in_database(place)
        with place.app_context(), db.engine.connect() as connection:
            for name in rows:
                assert (
                    connection.execute(
                        select(text("1")).select_from(Table(name, MetaData()))
                    ).first()
                    is None
                )


def test_a_backup_is_never_overwritten(full: Flask, tmp_path: Path) -> None:
    archive = tmp_path / "sao-luu.zip"
    archive.write_bytes(b"the one of yesterday")
    refused = run(full, "backup", str(archive))
    assert (refused.exit_code, "never overwritten" in refused.stderr) == (2, True)
    assert archive.read_bytes() == b"the one of yesterday"
    nowhere = run(full, "backup", str(tmp_path / "none" / "x.zip"))
    assert (nowhere.exit_code, "could not be written" in nowhere.stderr) == (2, True)


def test_a_file_missing_in_the_storage_is_told(full: Flask, tmp_path: Path) -> None:
    [gone, *_] = sorted(files(full))
    file = full.extensions["settings"].instance / "files" / gone
    content = file.read_bytes()
    file.unlink()
    archive = tmp_path / "sao-luu.zip"
    taken = run(full, "backup", str(archive), "--json")
    file.write_bytes(content)
    assert (taken.exit_code, json.loads(taken.stdout)["missing"]) == (1, [gone])
    assert archive.exists()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """S3-compatible storage with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    with urlopen(Request(f"http://{host}:{port}/sao-luu", method="PUT")):
        pass
    yield "s3://sao-luu/tep"
    server.stop()


def test_files_go_from_a_folder_to_s3_and_back(
    full: Flask, archive: Path, databases: Databases, tmp_path: Path, bucket: str
) -> None:
    with empty_place(databases, SQLITE, tmp_path / "cloud", STORAGE_URL=bucket) as cloud:
        restored = run(cloud, "restore", str(archive))
        assert restored.exit_code == 0, restored.output
        assert files(cloud) == files(full)
        back = tmp_path / "from-s3.zip"
        assert run(cloud, "backup", str(back)).exit_code == 0
    with empty_place(databases, SQLITE, tmp_path / "home") as home:
        assert run(home, "restore", str(back)).exit_code == 0
        assert files(home) == files(full)
        assert contents(home) == contents(full)
