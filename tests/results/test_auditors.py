"""Auditors by right: they alone take the fuller dossier, after publication, and it is on record."""

import io
import zipfile

import pytest

from contest.accounts.actions import give_grant
from contest.accounts.models import Unit
from contest.accounts.refusals import OwnAuditor
from contest.core import jobs
from contest.core.access import Permission, Role
from contest.core.clock import utc_now
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.results.actions import decide_prizes, make_rank_run, publish
from contest.results.queries.custody import dossier_custody
from tests.results.stories import closed_round
from tests.support.cast import actor_of

PAGE = "/audits/tim-hieu-2026"
REASON = "Kiểm tra theo kế hoạch số 5"


def story_of(app, *, public):
    """A closed round, published or not, of a contest that Cúc audits and nothing else."""
    with app.app_context(), unit_of_work():
        now = utc_now()
        story = closed_round(now)
        give_grant(
            person=story.cast.cuc,
            role=Role.AUDITOR,
            scope=story.contest.scope,
            actor=None,
            now=now,
        )
        if public:
            round, actor = story.round, story.organiser
            make_rank_run(round=round, actor=actor, now=now)
            decide_prizes(over=round, actor=actor, now=now)
            publish(over=round, decision_number="", decided_on=None, actor=actor, now=now)
        return story


def asked(app, client, page=PAGE):
    response = client.post(f"{page}/dossiers", data={"reason": REASON})
    assert response.status_code == 302
    with app.app_context():
        jobs.run_due_jobs()
    return response.headers["Location"].rsplit("/", 1)[1]


@pytest.fixture
def auditor(app):
    return story_of(app, public=True)


def test_an_auditor_takes_the_fuller_dossier_and_it_is_on_record(app, auditor, signed_in):
    client = signed_in(auditor.cast.cuc)
    assert "Tìm hiểu" in client.get("/audits").text
    assert client.post(f"{PAGE}/dossiers", data={"reason": " "}).status_code == 422
    job_id = asked(app, client)
    response = client.get(f"{PAGE}/dossiers/{job_id}")
    names = zipfile.ZipFile(io.BytesIO(response.data)).namelist()
    assert "entries.csv" in names
    with app.app_context():
        lines = dossier_custody(auditor.contest)
        assert [(line.kind, line.who, line.reason) for line in lines] == [
            ("results.dossier_taken", auditor.cast.cuc.full_name, ""),
            ("results.dossier_asked_for", auditor.cast.cuc.full_name, REASON),
        ]
        assert len(lines[0].digest) == 64
    assert REASON in client.get(PAGE).text


@pytest.mark.parametrize("name", ["admin", "lan", "hoa", "tu", "bao", "minh"])
def test_nobody_else_comes_near_the_fuller_dossier(app, name, auditor, signed_in):
    job_id = asked(app, signed_in(auditor.cast.cuc))
    client = signed_in(getattr(auditor.cast, name))
    assert client.get("/audits").status_code == 403
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}/dossiers", data={"reason": REASON}).status_code == 403
    assert client.get(f"{PAGE}/dossiers/{job_id}").status_code == 403
    address = f"/organise/contests/tim-hieu-2026/dossiers/{job_id}"
    assert client.get(address).status_code in {403, 404}


def test_an_auditor_of_another_place_finds_nothing(app, auditor, signed_in):
    job_id = asked(app, signed_in(auditor.cast.cuc))
    with app.app_context(), unit_of_work():
        other = db.session.get_one(Unit, auditor.cast.other_province.id)
        give_grant(
            person=auditor.cast.an, role=Role.AUDITOR, scope=other.scope, actor=None, now=utc_now()
        )
    client = signed_in(auditor.cast.an)
    assert "Tìm hiểu" not in client.get("/audits").text
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}/dossiers/{job_id}").status_code == 404


def test_before_publication_an_auditor_sees_that_there_is_nothing(app, signed_in):
    story = story_of(app, public=False)
    client = signed_in(story.cast.cuc)
    said = client.get(PAGE).text
    assert f"{PAGE}/dossiers" not in said
    job_id = asked(app, client)
    assert client.get(f"{PAGE}/dossiers/{job_id}").status_code == 404
    for page in ("dossier", "rounds/1/ranking", "rounds/1/prizes"):
        assert client.get(f"/organise/contests/tim-hieu-2026/{page}").status_code == 403


@pytest.mark.usefixtures("context")
def test_the_right_of_an_auditor_is_this_one_alone_and_nobody_gives_it_to_themselves(cast, now):
    lan = actor_of(cast.lan, now)
    with pytest.raises(OwnAuditor):
        give_grant(
            person=cast.lan, role=Role.AUDITOR, scope=cast.province.scope, actor=lan, now=now
        )
    give_grant(person=cast.cuc, role=Role.AUDITOR, scope=cast.board.scope, actor=lan, now=now)
    cuc, path = actor_of(cast.cuc, now), cast.board.scope.path
    assert [one for one in Permission if cuc.may(one, path)] == [Permission.AUDIT]
    admin = actor_of(cast.admin, now)
    assert not admin.may_somewhere(Permission.AUDIT)
