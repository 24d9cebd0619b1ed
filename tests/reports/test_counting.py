"""Who took part in a round of essays: authors and co-authors, each once."""

from datetime import date

from contest.contests.models import ContestKind
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.core.vietnamese import fold
from contest.reports.queries.counting import Counted, authors
from contest.submissions.models import Work, WorkAuthor
from tests.judging.conftest import make_jury


def wrote_too(work, position, person_id, name, unit_id=None):
    db.session.add(
        WorkAuthor(
            work_id=work.id,
            position=position,
            person_id=person_id,
            full_name=name,
            name_folded=fold(name),
            unit_id=unit_id,
        )
    )


def test_a_co_author_is_one_person_more_and_no_essay_more(app, cast):
    with app.app_context():
        jury = make_jury(app, cast, utc_now(), works=3)
        counted = Counted(
            contest_id=jury.contest.id,
            round_id=jury.round_id,
            unit_id=jury.contest.unit_id,
            kind=ContestKind.ESSAY,
            held_on=date(2026, 8, 1),
            is_final=False,
        )
        alone = list(authors(counted))
        with unit_of_work():
            first, second, third = db.session.query(Work).order_by(Work.id).all()
            for work in (first, second):  # Minh wrote two of them with somebody, and none alone
                wrote_too(work, 2, cast.minh.id, cast.minh.full_name, cast.school.id)
            wrote_too(first, 3, third.person_id, "Tác giả bài ba")
            wrote_too(first, 4, None, "Người không có tài khoản")
        found = list(authors(counted))
        (minh,) = [each for each in found if each.person_id == cast.minh.id]
    assert (minh.unit_id, minh.things, minh.entries) == (cast.school.id, 0, 0)
    assert sorted(each.person_id for each in found) == sorted(
        [cast.minh.id, *(each.person_id for each in alone)]
    )
    assert (len(alone), sum(each.things for each in found)) == (3, 3)
