"""The three ways to commit."""

import pytest
from flask import abort
from sqlalchemy import bindparam, func, insert, select

from contest.core.access import public
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.errors import InvalidInput
from contest.core.mail import Channel, Mail, send_mail
from contest.core.transactions import (
    SingleStatement,
    drop_driver_connection,
    only_reads,
    record_apart,
    unit_of_work,
)
from contest.core.web import csrf

INSERT = insert(Mail).values(
    public_id=bindparam("public_id"),
    recipient=bindparam("recipient"),
    subject="-",
    body="-",
    created_at=bindparam("now"),
    due_at=bindparam("now"),
    tries=0,
    channel=Channel.MAIL,
)

SAVE = SingleStatement(lambda _dialect: INSERT)


def letters(app):
    with app.app_context():
        count = db.session.scalar(select(func.count()).select_from(Mail))
        db.session.commit()
        return count


def write():
    send_mail(to="minh@vidu.example", subject="-", body="-", now=utc_now())


def write_apart(connection):
    values = {"public_id": "apart", "recipient": "a@vidu.example", "now": utc_now()}
    connection.execute(INSERT, values)


@pytest.fixture
def routes(app):
    """Routes that write and then end in different ways."""

    @app.route("/tests/write/<ending>", methods=["GET", "POST"])
    @csrf.exempt
    @public
    def ending(ending):
        write()
        db.session.flush()
        if ending == "apart":
            record_apart(write_apart)
            raise InvalidInput("không được")
        if ending == "abort":
            abort(404)
        if ending == "refused":
            raise InvalidInput("không được")
        if ending == "invalid":
            return {"form": "again"}, 422
        if ending == "crash":
            raise ZeroDivisionError
        return {"done": True}

    app.testing = False
    return app


@pytest.mark.parametrize(
    ("ending", "status", "kept"),
    [
        ("done", 200, 1),
        ("abort", 404, 0),
        ("refused", 422, 0),
        ("invalid", 422, 0),
        ("crash", 500, 0),
        ("apart", 422, 1),
    ],
)
def test_a_request_is_kept_whole_or_not_at_all(routes, ending, status, kept):
    response = routes.test_client().post(
        f"/tests/write/{ending}", headers={"Accept": "application/json"}
    )
    assert (response.status_code, letters(routes)) == (status, kept)


@pytest.fixture
def page(app):
    """A page that promised only to read; with `write` in its address it breaks the promise."""

    @app.route("/tests/page/<what>", methods=["GET", "POST"])
    @only_reads
    @csrf.exempt
    @public
    def page(what):
        if what == "write":
            write()
        if what == "apart":
            record_apart(write_apart)
        if what == "state":
            return {"autocommit": db.session.connection().connection.driver_connection.autocommit}
        return {"letters": db.session.scalar(select(func.count()).select_from(Mail))}

    app.testing = False
    return app.test_client()


@pytest.mark.postgresql_only
def test_a_page_that_only_reads_has_no_transaction_and_a_change_has_its_own_again(page):
    def states():
        return page.get("/tests/page/state").json["autocommit"]

    assert (states(), page.post("/tests/page/state").json["autocommit"], states()) == (
        True,
        False,
        True,
    )


def test_a_page_that_promised_only_to_read_writes_nothing(app, page):
    assert page.get("/tests/page/write").status_code == 500
    assert letters(app) == 0
    assert page.post("/tests/page/write").json == {"letters": 1}
    assert letters(app) == 1


def test_a_page_that_only_reads_may_be_recorded_apart(app, page):
    assert page.get("/tests/page/apart").json == {"letters": 0}
    assert letters(app) == 1


def test_a_unit_of_work_that_fails_leaves_nothing(app):
    with app.app_context():
        with pytest.raises(RuntimeError, match="no"), unit_of_work():
            write()
            raise RuntimeError("no")
        with unit_of_work():
            write()
    assert letters(app) == 1


def test_what_is_recorded_apart_stays_when_a_unit_outside_of_requests_fails(app):
    def note(connection):
        connection.execute(
            insert(Mail).values(
                public_id="apart",
                recipient="lan@vidu.example",
                subject="apart",
                body="x",
                created_at=utc_now(),
                due_at=utc_now(),
                tries=0,
            )
        )

    with app.app_context():
        with pytest.raises(RuntimeError, match="no"), unit_of_work():
            write()
            record_apart(note)
            raise RuntimeError("no")
        with unit_of_work():
            assert db.session.scalars(select(Mail.subject)).all() == ["apart"]
        with unit_of_work():
            pass
    assert letters(app) == 1


def test_a_single_statement_is_durable_at_once(app):
    with app.app_context():
        values = {"public_id": "one", "recipient": "minh@vidu.example", "now": utc_now()}
        assert SAVE.write(values) == 1
        drop_driver_connection()
    assert letters(app) == 1


@pytest.mark.postgresql_only
def test_a_single_statement_finds_a_new_connection_when_the_server_hung_up(app):
    with app.app_context():
        values = {"recipient": "minh@vidu.example", "now": utc_now()}
        SAVE.write(values | {"public_id": "one"})
        with db.engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        assert SAVE.write(values | {"public_id": "two"}) == 1
        drop_driver_connection()
    assert letters(app) == 2


@pytest.mark.sqlite_only
def test_sqlite_is_durable_and_checks_foreign_keys(app):
    with app.app_context(), db.engine.connect() as connection:
        answers = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert answers == ["wal", 2, 1, 15000]
