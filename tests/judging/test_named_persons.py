"""Somebody named in a field of the entry form beside the person written about: a judge may be it."""

import pytest

from contest.accounts.models import Person
from contest.core.db import db
from contest.core.transactions import end_read, unit_of_work
from contest.judging import actions
from contest.judging.queries.rounds import work_facts
from contest.judging.queries.would_conflict import would_conflict
from contest.judging.rules.conflicts import (
    ConflictKind,
    Finding,
    JudgeFacts,
    WorkFacts,
    finding_of,
)
from contest.submissions.models import FieldSort, FormField, Work
from contest.submissions.rules.answers import NamedPerson

BASE = "/organise/contests/guong-sang/rounds/1"
WITNESS, GUIDE = "Người chứng kiến", "Người giới thiệu"


@pytest.fixture
def named(jury, cast):
    """Hoa saw what the first essay tells; somebody of her unit brought the second author to it."""
    with unit_of_work():
        for position, (key, label, shown) in enumerate(
            (("witness", WITNESS, True), ("guide", GUIDE, False)), start=7
        ):
            db.session.add(
                FormField(
                    round_id=jury.round_id,
                    key=key,
                    position=position,
                    sort=FieldSort.PERSON,
                    label=label,
                    shown=shown,
                )
            )
        first, second = (db.session.get_one(Work, each).version for each in jury.work_ids[:2])
        first.answers = {"witness": f"Đồng chí {cast.hoa.full_name.upper()}\nTổ dân phố 4"}
        first.private_answers = {"guide": "Vi Văn Pản"}
        second.answers = {"witness": ""}
        second.private_answers = {"guide": f"Vi Văn Pản\n{cast.other_school.name}"}
        db.session.get_one(Person, cast.hoa.id).unit_id = cast.other_school.id
    jury.seat(cast.bao)
    db.session.expire_all()
    return jury


def test_a_judge_named_in_the_form_and_one_of_the_same_unit_are_found(named, cast):
    found = dict(would_conflict(named.round, db.session.get_one(Person, cast.hoa.id)).by_reason)
    assert found == {
        Finding(ConflictKind.AUTHOR_UNIT): 2,
        Finding(ConflictKind.NAMED, WITNESS): 1,
        Finding(ConflictKind.NAMED_UNIT, GUIDE): 1,
    }


def test_an_author_or_the_person_written_about_weighs_more_than_a_name_in_the_form():
    hoa = JudgeFacts(1, 1001, "nguyen thi hoa", unit_id=7, unit_folded="truong lam son")
    here = (
        NamedPerson(GUIDE, ("vi van pan",), "truong lam son"),
        NamedPerson(WITNESS, ("nguyen thi hoa",)),
    )
    assert finding_of(hoa, WorkFacts(1, frozenset({5}), named=here)) == ("named", WITNESS)
    assert finding_of(hoa, WorkFacts(1, frozenset({5}), named=here[:1])) == ("named_unit", GUIDE)
    own = WorkFacts(1, frozenset({1001}), named=here)
    assert finding_of(hoa, own) == (ConflictKind.OWN_WORK, "")
    stranger = JudgeFacts(2, 1002, "do an", declared_names=frozenset({"vi van pan"}))
    assert finding_of(stranger, WorkFacts(1, frozenset({5}), named=here)) == ("declared", "")
    nobody = JudgeFacts(3, 1003, "le cuc")
    assert finding_of(nobody, WorkFacts(1, frozenset({5}), named=(NamedPerson(GUIDE, ()),))) is None


def test_lan_reads_which_field_it_was_before_she_invites_and_before_she_draws(
    named, cast, signed_in
):
    lan = signed_in(cast.lan)
    page = lan.get(f"{BASE}/jury/dry-run?contact={cast.hoa.email}").get_data(as_text=True)
    assert "có tên ở mục “Người chứng kiến”: 1" in page
    assert "cùng đơn vị với người nêu ở mục “Người giới thiệu”: 1" in page
    page = lan.get(f"{BASE}/assignment?seed=hat").get_data(as_text=True)
    assert "có tên ở mục “Người chứng kiến” 1" in page


def test_neither_work_goes_to_her_and_no_page_of_hers_tells_why(named, cast, signed_in):
    named.assign()
    hers = {sheet.work_id for sheet in named.sheets(cast.hoa)}
    assert hers
    assert not hers & set(named.work_ids[:2])
    hoa, round_id = signed_in(cast.hoa), named.round.public_id
    pages = ["/judge", f"/judge/{round_id}", f"/judge/{round_id}/conflicts"]
    pages += [f"/judge/sheets/{sheet.public_id}" for sheet in named.sheets(cast.hoa)]
    for address in pages:
        said = hoa.get(address).get_data(as_text=True)
        for secret in (WITNESS, GUIDE, "Vi Văn Pản", "Tổ dân phố 4"):
            assert secret not in said


def test_a_work_without_such_persons_keeps_the_digest_that_was_printed(jury, cast):
    end_read()
    problem, _result = actions.preview_assignment(contest_round=jury.round, seed="hạt")
    before = problem.digest()
    with unit_of_work():
        db.session.add(
            FormField(
                round_id=jury.round_id,
                key="witness",
                position=7,
                sort=FieldSort.PERSON,
                label=WITNESS,
            )
        )
    end_read()
    problem, _result = actions.preview_assignment(contest_round=jury.round, seed="hạt")
    assert problem.digest() == before
    assert {facts.named for facts in work_facts(jury.round_id)} == {()}
