"""Pages cost the same number of statements with few works as with many."""

import pytest
from flask import g

from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging.models import Juror
from tests.judging.conftest import make_jury
from tests.support.cast import sign_in_as
from tests.support.counting import count_queries

BASE = "/organise/contests/guong-sang/rounds/1"


def counted(client, address):
    for name in list(g):
        g.pop(name)
    end_read()
    db.session.remove()
    with count_queries() as queries:
        assert client.get(address).status_code == 200
    return queries.count


@pytest.mark.parametrize("works", [3, 9])
def test_statements_of_each_page(context, app, cast, new_client, works):
    jury = make_jury(app, cast, utc_now(), works=works)
    for person in (cast.hoa, cast.tu, cast.cuc, cast.bao):
        jury.seat(person)
    jury.assign()
    seats = [
        each.public_id
        for person in (cast.tu, cast.bao)
        for each in db.session.query(Juror).filter_by(person_id=person.id)
    ]
    with unit_of_work():
        db.session.query(Juror).filter_by(person_id=cast.hoa.id).one().is_chief = True
    hoa, lan = new_client(), new_client()
    sign_in_as(hoa, cast.hoa)
    sign_in_as(lan, cast.lan)
    sheet = jury.sheets(cast.hoa)[0].public_id
    round_id = jury.round.public_id
    found = {
        "rounds": counted(hoa, "/judge"),
        "works": counted(hoa, f"/judge/{round_id}"),
        "sheet": counted(hoa, f"/judge/sheets/{sheet}"),
        "jury": counted(lan, f"{BASE}/jury"),
        "assignment": counted(lan, f"{BASE}/assignment"),
        "marking": counted(lan, f"{BASE}/marking"),
        "open": counted(lan, f"{BASE}/marking/open"),
        "move": counted(lan, f"{BASE}/marking/move?from={seats[0]}&to={seats[1]}&count=1"),
        "chief": counted(hoa, f"/judge/{round_id}/chief"),
        "fairness": counted(lan, f"{BASE}/marking/fairness"),
    }
    assert found == {
        "rounds": 4,
        "works": 9,
        "sheet": 17,
        "jury": 12,
        "assignment": 19,
        "marking": 27,
        "open": 16,
        "move": 24,
        "chief": 23,
        "fairness": 15,
    }
