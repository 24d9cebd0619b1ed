"""A longer list costs no more statements."""

import pytest

from contest.accounts.models import Person, Unit
from contest.contests.actions import add_round, create_contest, register
from contest.contests.models import RegistrationSource, Stage
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from tests.portal.conftest import DAY
from tests.support.cast import actor_of
from tests.support.counting import count_queries

pytestmark = pytest.mark.sqlite_only


def more_contests(app, cast, names: tuple[str, ...]) -> None:
    now = utc_now()
    with app.app_context(), unit_of_work():
        lan = actor_of(db.session.get_one(Person, cast.lan.id), now)
        for name in names:
            contest = create_contest(
                title=name, unit=db.session.get_one(Unit, cast.province.id), actor=lan, now=now
            )
            contest.announced_at = now
            round = add_round(
                contest=contest,
                title="Tuần 1",
                actor=None,
                now=now,
                opens_at=now - DAY,
                closes_at=now + 6 * DAY,
            )
            round.stage = Stage.OPEN
            register(
                contest=contest,
                person=db.session.get_one(Person, cast.minh.id),
                now=now,
                source=RegistrationSource.ROSTER,
            )


def statements(app, client, path: str) -> int:
    assert client.get(path).status_code == 200  # what a process reads once is read now
    with app.app_context(), count_queries() as seen:
        assert client.get(path).status_code == 200
    return seen.count


@pytest.mark.parametrize(
    ("path", "who", "expected"),
    [("/", None, 8), ("/contests", None, 7), ("/", "minh", 13), ("/organise", "lan", 11)],
)
def test_lists_cost_the_same_at_one_and_at_three_rows(
    app, cast, client, signed_in, path, who, expected
):
    more_contests(app, cast, ("Một",))
    reader = signed_in(getattr(cast, who)) if who else client
    first = statements(app, reader, path)
    more_contests(app, cast, ("Hai", "Ba"))
    assert [first, statements(app, reader, path)] == [expected, expected]
