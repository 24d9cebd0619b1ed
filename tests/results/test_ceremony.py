"""The big screen: from the lowest level up, and nothing of what comes later."""

from contest.core.transactions import unit_of_work
from contest.results.actions import (
    ExtraValues,
    decide_prizes,
    make_rank_run,
    preview_publication,
    set_extra_prizes,
)
from contest.results.models import Measure
from contest.results.rules.ceremony import revealed
from tests.results.stories import closed_round
from tests.results.test_signing import decided


def test_levels_are_revealed_from_the_lowest_and_nothing_else_is_in_the_page(app, now, signed_in):
    with app.app_context(), unit_of_work():
        story = decided(now)
        lan, bao = story.cast.lan, story.cast.bao
        said = preview_publication(story.round, now=now).page
        assert [revealed(said, step).winners[0].level for step in (1, 2, 3)] == [2, 1, 0]
        assert revealed(said, 0).winners == ()
        assert revealed(said, 9) == revealed(said, 3)
    page = "/organise/contests/tim-hieu-2026/rounds/1/ceremony"
    client = signed_in(lan)
    names = [winner.name for winner in said.winners]
    for step, shown in ((0, set()), (1, {names[3]}), (2, set(names[1:3])), (3, {names[0]})):
        text = client.get(f"{page}?step={step}").text.replace("&#39;", "'")
        assert {name for name in names if name in text} == shown
    assert signed_in(bao).get(page).status_code == 404


def test_side_prizes_and_unit_prizes_are_revealed_before_the_levels(app, now, signed_in):
    prizes = [
        ExtraValues(Measure.PERSONS, "Tập thể đông nhất", 1, 2_000_000),
        ExtraValues(Measure.YOUNGEST, "Thí sinh nhỏ tuổi nhất", 1, 500_000),
        ExtraValues(Measure.BY_HAND, "Được yêu thích nhất", 1, 500_000),
    ]
    with app.app_context(), unit_of_work():
        story = closed_round(now)
        lan = story.organiser
        set_extra_prizes(over=story.round, prizes=prizes, actor=lan, now=now)
        make_rank_run(round=story.round, actor=lan, now=now)
        decide_prizes(over=story.round, actor=lan, now=now)
    page = "/organise/contests/tim-hieu-2026/rounds/1/ceremony"
    client = signed_in(story.cast.lan)
    seen = [client.page(f"{page}?step={step}") for step in range(6)]
    first, *heads = [words for one in seen for words in one.words("//h:section/h:h1")]
    assert heads[:2] == ["Thí sinh nhỏ tuổi nhất", "Tập thể đông nhất"]  # nobody was chosen by hand
    assert heads[2:] == ["Giải Ba", "Giải Nhì", "Giải Nhất"]
    assert "5 hạng mục giải" in seen[0].text
    shown = [one.words("//h:ul/h:li/h:b") for one in seen]
    assert shown[:3] == [[], ["T.N.Q.N."], ["Phường Xuân Hương"]]  # she is not of age
    assert "T.N.Q.N." not in seen[0].text
    assert "Phường Xuân Hương" not in seen[1].words("//h:ul/h:li/h:b")
    assert first == "Kết quả tuần 1"
