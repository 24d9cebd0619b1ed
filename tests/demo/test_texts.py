"""The essays of a season: long enough, whole sentences, and no two alike but where it is meant."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from contest.core.access import Actor
from contest.core.copies import find_copies, shingles, words_of
from contest.demo.season import essays, writing
from contest.demo.season.crowd import Member
from contest.demo.season.heroes import season_units, subjects
from contest.demo.season.sizes import SEASON, SMALL, SeasonSize

OPENED = datetime(2026, 7, 6, 3, 0, tzinfo=UTC)
CLOSES = OPENED + timedelta(days=42)
MOST_SHARED = 0.20


def members(count: int) -> list[Member]:
    return [
        Member(number, number, number, f"e{number}", f"Trần Thị Số {number}", actor(number))
        for number in range(1, count + 1)
    ]


def actor(number: int) -> Actor:
    return Actor(number, f"p{number}", "Trần Thị", "vi", 0, second_factor=False)


def plans_of(size: SeasonSize, seed: int = 2026) -> list[essays.Plan]:
    return essays.plan(
        members(size.authors), size, opened=OPENED, closes=CLOSES, until=CLOSES, seed=seed
    )


def body(plan: essays.Plan) -> str:
    return "\n".join(plan.text.paragraphs)


def share(one: str, other: str) -> float:
    a, b = shingles(words_of(one)), shingles(words_of(other))
    return len(a & b) / min(len(a), len(b))


def test_there_are_more_than_two_hundred_patterns_and_each_can_be_said():
    book = writing.book()
    assert book.patterns >= 200
    subject = subjects(1, 1)[0]
    known = set(subject.facts) | set(book.pools) | {"ca"}
    for part in (book.frame, book.work, book.tales, book.lines):
        for rows in part.values():
            for pattern in rows:
                words = "".join("".join(options) for options in pattern)
                slots = re.findall(r"\{(\w+)(:\d+-\d+)?\}", words)
                assert all(bounds or name in known for name, bounds in slots), words
                assert "(" not in words, words
                assert ")" not in words, words
                for options in pattern:
                    assert len(set(options)) == len(options), options


def test_each_calling_has_its_own_work():
    assert {each.calling for each in subjects(60, 1)} == set(writing.book().work)


def test_essays_are_as_long_as_the_call_asks_and_the_same_for_the_same_number():
    first, again, other = plans_of(SMALL), plans_of(SMALL), plans_of(SMALL, seed=7)
    assert [each.text for each in first] == [each.text for each in again]
    assert [each.text for each in first] != [each.text for each in other]
    assert len(first) == SMALL.essays
    for each in first:
        assert 600 <= each.text.words <= 1_200
        assert all(line[0].isupper() or line[0] == "“" for line in each.text.paragraphs)
        assert each.subject.full_name not in {"", each.author.full_name}


def test_a_sample_of_a_season_shares_little_and_the_rooms_measure_finds_what_was_planted():
    chosen = plans_of(SEASON)[:420]
    found = find_copies([body(each) for each in chosen])
    planted = {(each.copied_from, each.number) for each in chosen if each.copied_from is not None}
    pairs = {(each.first, each.second): each for each in found}
    much = {key for key, each in pairs.items() if max(each.share_first, each.share_second) > 0.2}
    assert much == planted
    sample = [each for each in chosen if each.copied_from is None][:60]
    assert max(share(body(a), body(b)) for a, b in combinations(sample, 2)) <= MOST_SHARED


@pytest.mark.deep
def test_no_two_essays_of_a_whole_season_share_a_fifth_but_for_planted_copies():
    plans = plans_of(SEASON)
    assert len(plans) == SEASON.essays
    assert len({each.author.person_id for each in plans}) == SEASON.authors
    assert len({each.about for each in plans}) == SEASON.subjects
    planted = {(each.copied_from, each.number) for each in plans if each.copied_from is not None}
    assert len(planted) == SEASON.copies
    found = find_copies([body(each) for each in plans])
    much = {
        (each.first, each.second)
        for each in found
        if max(each.share_first, each.share_second) > MOST_SHARED
    }
    assert much == planted


def test_units_stand_below_the_province_in_threes():
    units = season_units(42)
    assert len({unit.code for unit in units}) == 42
    assert len({unit.name for unit in units}) == 42
    codes = {unit.code for unit in units} | {"LS"}
    assert all(unit.parent in codes for unit in units)
