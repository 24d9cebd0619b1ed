"""The big screen: from the lowest level up, and nothing of what comes later."""

from contest.core.transactions import unit_of_work
from contest.results.actions import preview_publication
from contest.results.rules.ceremony import revealed
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
