"""Reports read a follower of the database; what decides, and whoever has just written, does not."""

import pytest
from sqlalchemy import make_url, select, text, update

from contest.accounts.models import Unit
from contest.core.db import FOLLOWER, db
from contest.core.replica import from_follower
from contest.core.transactions import unit_of_work
from tests.support.databases import WITH_CAST

pytestmark = pytest.mark.postgresql_only
PLACE = "Tỉnh Lâm Đồng theo bản sao"


@pytest.fixture
def follower(databases, database_kind):
    """A second database of the same people, in which the province has another name."""
    with databases.fresh(database_kind, WITH_CAST) as second:
        yield second


@pytest.fixture
def app_options(follower):
    return {"READ_DATABASE_URL": follower.url}


@pytest.fixture
def apart(app, cast):
    """The application, once the follower can be told from the primary."""
    with app.app_context():
        with db.engines[FOLLOWER].begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(update(Unit).where(Unit.id == cast.province.id).values(name=PLACE))
        yield app
        db.session.remove()
        db.engines[FOLLOWER].dispose()


def name_of(unit):
    return db.session.scalar(select(Unit.name).where(Unit.id == unit.id))


def test_reads_inside_come_from_the_follower_and_changes_go_to_the_primary(apart, cast):
    with unit_of_work():
        with from_follower():
            assert name_of(cast.province) == PLACE
            db.session.get_one(Unit, cast.ward.id).name = "Phường mới"
            db.session.flush()
            db.session.execute(update(Unit).where(Unit.id == cast.school.id).values(name="Mới"))
        assert name_of(cast.province) == cast.province.name
        assert (name_of(cast.school), name_of(cast.ward)) == ("Mới", "Phường mới")
    with from_follower():
        assert name_of(cast.school) == cast.school.name


def test_the_follower_takes_no_change_by_mistake(apart):
    with db.engines[FOLLOWER].connect() as connection:
        assert connection.scalar(text("SHOW transaction_read_only")) == "on"


def test_the_season_report_is_read_there_but_not_right_after_a_change(apart, cast, signed_in):
    lan = signed_in(cast.lan)
    assert PLACE in lan.page("/organise/reports").text
    with lan.session_transaction() as session:
        session["_flashes"] = [("message", "Đã lưu")]
    assert PLACE not in lan.page("/organise/reports").text
    assert PLACE in lan.page("/organise/reports").text


def test_without_the_follower_reports_read_the_primary(apart, cast, signed_in, databases, follower):
    lan = signed_in(cast.lan)
    assert PLACE in lan.page("/organise/reports").text
    with databases.cluster().connect() as admin:
        name = make_url(follower.url).database
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
    assert PLACE not in lan.page("/organise/reports").text
