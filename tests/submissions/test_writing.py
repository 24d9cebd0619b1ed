"""Drafts, two tabs, two persons, deadlines at their borders, receipts."""

from datetime import timedelta

import pytest

from contest.accounts.models import ConsentPurpose, Person
from contest.accounts.queries import has_consent
from contest.contests.models import Contest, Registration, Stage
from contest.core.db import db
from contest.core.transactions import unit_of_work
from contest.submissions import actions, queries
from contest.submissions.actions import Coauthor
from contest.submissions.models import ScreeningOutcome, Work, WorkState
from contest.submissions.rules.refusals import (
    EditedElsewhere,
    EnoughEssays,
    HandedInAlready,
    NotComplete,
    NotRegistered,
    OnlyFirstAuthor,
    PledgeMissing,
    RoundFrozen,
    TooLate,
)
from tests.submissions.conftest import WORDS


def test_a_save_makes_a_version_and_the_same_words_none(world):
    minh = world.cast.minh
    work = world.begin(minh)
    first = world.save(minh, work, world.draft())
    again = world.save(minh, work, world.draft())
    assert (first.is_new, again.is_new) == (True, False)
    assert first.version.word_count == 20
    changed = world.save(minh, work, world.draft(WORDS + "."))
    assert [version.number for version in queries.versions_of(world.work(work).id)] == [2, 1]
    assert (first.edit, changed.edit) == (1, 2)


def test_autosaves_of_the_same_minutes_take_the_place_of_each_other(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft("Một"))
    for second in range(1, 4):
        later = world.now + timedelta(seconds=second)
        world.save(minh, work, world.draft(f"Một {second}"), is_autosave=True, now=later)
    later = world.now + timedelta(minutes=6)
    world.save(minh, work, world.draft("Một 4"), is_autosave=True, now=later)
    kept = [version.body_text for version in queries.versions_of(world.work(work).id)]
    assert kept == ["Một 4", "Một 3", "Một"]


def test_the_second_of_two_tabs_is_told_and_nothing_is_overwritten(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft("Tab một"), edit=0)
    with pytest.raises(EditedElsewhere):
        world.save(minh, work, world.draft("Tab hai"), edit=0)
    assert world.work(work).version.body_text == "Tab một"
    world.save(minh, work, world.draft("Tab một"), edit=0)  # a lost answer, sent again
    world.save(minh, work, world.draft("Tab hai"), edit=1)
    assert world.work(work).version.body_text == "Tab hai"


def test_a_page_knows_its_own_save_whose_answer_was_lost(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft("Một"), edit=0, key="a", is_autosave=True)
    again = world.save(minh, work, world.draft("Một"), edit=0, key="a", is_autosave=True)
    assert (again.is_new, again.edit) == (False, 1)
    on = world.save(minh, work, world.draft("Một hai"), edit=0, key="b", own_keys=["a", "b"])
    assert (on.is_new, on.edit) == (True, 2)
    # Somebody else came in between: then it is not the page's own text any more.
    world.save(minh, work, world.draft("Người khác"), edit=2)
    with pytest.raises(EditedElsewhere):
        world.save(minh, work, world.draft("Một hai ba"), edit=0, key="c", own_keys=["a", "b", "c"])
    assert queries.save_keys(world.work(work).id) == ["b", "a"]


def test_two_persons_write_one_essay_and_the_first_hands_it_in(world):
    minh, tu = world.cast.minh, world.cast.tu
    world.register(tu)
    work = world.begin(minh)
    code = (
        db.session.query(Registration)
        .filter_by(person_id=tu.id, contest_id=world.contest_id)
        .one()
        .code
    )
    actor = world.actor(minh)
    with unit_of_work():
        actions.set_coauthors(
            work=world.work(work),
            coauthors=[Coauthor("Phạm Anh Tú", code=code), Coauthor("Lê Bốn", "Thôn 3")],
            actor=actor,
            now=world.now,
        )
    with unit_of_work():  # the code is not asked for again
        actions.set_coauthors(
            work=world.work(work),
            coauthors=[Coauthor("Phạm Anh Tú"), Coauthor("Lê Bốn", "Thôn 4")],
            actor=actor,
            now=world.now,
        )
    assert [author.person_id for author in world.work(work).authors] == [minh.id, tu.id, None]
    assert queries.own_work(tu.id, work) is not None
    assert queries.own_work(world.cast.an.id, work) is None
    world.save(minh, work, world.draft("Minh viết"), edit=0)
    with pytest.raises(EditedElsewhere):
        world.save(tu, work, world.draft("Tú viết"), edit=0)
    world.save(tu, work, world.draft("Tú viết"), edit=1)
    with pytest.raises(OnlyFirstAuthor):
        world.submit(tu, work)
    world.submit(minh, work)
    assert world.work(work).state is WorkState.SUBMITTED


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (timedelta(microseconds=-1), True),
        (timedelta(0), True),  # the grace begins with the close
        (timedelta(seconds=300, microseconds=-1), True),
        (timedelta(seconds=300), False),
    ],
)
@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.CLOSED])
def test_the_deadline_is_close_and_grace_by_the_servers_clock(world, after, allowed, stage):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    closes_at = world.round.closes_at
    assert closes_at is not None
    world.set_round(stage=stage)
    if allowed:
        world.submit(minh, work, now=closes_at + after)
        assert world.work(work).submitted_at == closes_at + after
    else:
        with pytest.raises(TooLate):
            world.submit(minh, work, now=closes_at + after)
        with pytest.raises(TooLate):
            world.save(minh, work, world.draft("mới"), now=closes_at + after)
        assert world.work(work).version.body_text == WORDS


def test_marking_ends_the_grace(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    world.set_round(stage=Stage.MARKING)
    with pytest.raises(TooLate):
        world.submit(minh, work)


def test_what_is_handed_in_is_what_was_previewed(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    world.save(minh, work, world.draft(WORDS + " nữa"))
    with pytest.raises(EditedElsewhere):
        world.submit(minh, work, edit=1)
    assert world.work(work).state is WorkState.DRAFT


def test_pledge_parts_and_limits_are_asked_for(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    with pytest.raises(PledgeMissing):
        world.submit(minh, work, pledge=False)
    world.save(minh, work, world.draft(subject_reason=""))
    with pytest.raises(NotComplete):
        world.submit(minh, work)
    world.save(minh, work, world.draft("chữ " * 1201))
    with pytest.raises(NotComplete):
        world.submit(minh, work)
    world.save(minh, work, world.draft("chữ " * 1200))
    world.submit(minh, work)


def test_handing_in_again_gives_a_new_receipt_and_withdrawing_ends_it(world):
    minh = world.cast.minh
    work = world.handed_in(minh)
    first = world.work(work)
    receipt, digest = first.receipt_code, first.receipt_digest
    world.save(minh, work, world.draft(WORDS + " nữa"))
    kept = world.work(work)
    assert kept.submitted_version is not None
    assert kept.submitted_version.body_text == WORDS
    world.submit(minh, work)
    second = world.work(work)
    assert second.receipt_code != receipt
    assert second.receipt_digest != digest
    actor = world.actor(minh)
    with unit_of_work():
        actions.withdraw_work(work=world.work(work), actor=actor, now=world.now)
    assert queries.submitted_count(world.round_id) == 0
    world.submit(minh, work)
    assert queries.submitted_count(world.round_id) == 1


def test_consents_are_kept_apart(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft())
    world.submit(minh, work, consents=[ConsentPurpose.REUSE])
    contest = db.session.get(Contest, world.contest_id)
    assert contest is not None
    given = {
        purpose for purpose in ConsentPurpose if has_consent(minh.id, purpose, contest.scope_id)
    }
    assert given == {ConsentPurpose.TAKE_PART, ConsentPurpose.REUSE}


def agree_to_publish(world, person, work):
    with unit_of_work():
        actions.keep_consents(
            work=world.work(work),
            person=db.session.get(Person, person.id),
            purposes=[ConsentPurpose.PUBLISH_ESSAY],
            locale="vi",
            now=world.now,
        )


def test_an_essay_is_published_only_when_every_author_agrees(world):
    minh, tu = world.cast.minh, world.cast.tu
    world.register(tu)
    world.configure(entries_per_author=3)
    alone, with_tu, with_a_name = (
        world.handed_in(minh, f"{WORDS} Bài {number}.") for number in range(3)
    )
    code = db.session.query(Registration).filter_by(person_id=tu.id).one().code
    actor = world.actor(minh)
    for work, named in (
        (with_tu, Coauthor("Phạm Anh Tú", code=code)),
        (with_a_name, Coauthor("Lê Bốn", "Thôn 3")),
    ):
        with unit_of_work():
            actions.set_coauthors(
                work=world.work(work), coauthors=[named], actor=actor, now=world.now
            )
    ids = {name: world.work(name).id for name in (alone, with_tu, with_a_name)}
    assert queries.works_free_to_publish(ids.values(), world.now.date()) == set()
    agree_to_publish(world, minh, alone)
    assert queries.works_free_to_publish(ids.values(), world.now.date()) == {ids[alone]}
    agree_to_publish(world, tu, with_tu)
    assert queries.works_free_to_publish(ids.values(), world.now.date()) == {
        ids[alone],
        ids[with_tu],
    }


def test_several_essays_have_an_entry_each(world):
    minh = world.cast.minh
    first = world.begin(minh)
    with pytest.raises(EnoughEssays):
        world.begin(minh)
    world.configure(entries_per_author=2)
    second = world.begin(minh)
    ordinals = [world.work(work).entry.ordinal for work in (first, second)]
    assert ordinals == [1, 2]
    with pytest.raises(EnoughEssays):
        world.begin(minh)


def test_the_same_text_is_not_handed_in_twice_by_one_author(world):
    minh = world.cast.minh
    world.configure(entries_per_author=3)
    first = world.handed_in(minh)
    with pytest.raises(HandedInAlready):
        world.handed_in(minh)
    second = next(each for each in db.session.query(Work) if each.public_id != first)
    assert (second.state, second.version.body_text) == (
        WorkState.DRAFT,
        world.work(first).version.body_text,
    )
    other = world.handed_in(minh, "Một bài khác hẳn. " + WORDS)
    assert world.work(other).state is WorkState.SUBMITTED


def test_who_is_not_registered_writes_nothing(world):
    with pytest.raises(NotRegistered):
        world.begin(world.cast.an)


def test_a_returned_essay_is_mended_after_the_deadline_until_marking(world):
    minh = world.cast.minh
    work = world.handed_in(minh)
    world.screen(work, ScreeningOutcome.RETURNED, note="Thiếu ảnh")
    late = world.round.closes_at + timedelta(days=1)
    world.set_round(stage=Stage.CLOSED)
    world.save(minh, work, world.draft(WORDS + " nữa"), now=late)
    world.submit(minh, work, now=late)
    assert queries.outcome_of(world.work(work)) is None  # it waits again
    with pytest.raises(TooLate):
        world.save(minh, work, world.draft("thêm"), now=late)


def test_limits_of_an_open_round_only_grow(world):
    actor = world.actor(world.cast.lan)
    wider = actions.EssaySettings(pledge_text="x", max_words=1500, entries_per_author=2)
    narrower = actions.EssaySettings(pledge_text="x", max_words=1000)
    with unit_of_work():
        actions.save_settings(contest_round=world.round, settings=wider, actor=actor, now=world.now)
    with pytest.raises(RoundFrozen), unit_of_work():
        actions.save_settings(
            contest_round=world.round, settings=narrower, actor=actor, now=world.now
        )


def test_an_older_version_becomes_the_newest(world):
    minh = world.cast.minh
    work = world.begin(minh)
    world.save(minh, work, world.draft("Bản một"))
    world.save(minh, work, world.draft("Bản hai"))
    actor = world.actor(minh)
    with unit_of_work():
        found = world.work(work)
        version = queries.version_of(found.id, 1)
        assert version is not None
        actions.restore_version(
            work=found, version=version, edit=found.edit, actor=actor, now=world.now
        )
    texts = [version.body_text for version in queries.versions_of(world.work(work).id)]
    assert texts == ["Bản một", "Bản hai", "Bản một"]
