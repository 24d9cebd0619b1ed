"""Plans of the simulated round, and its refusal to write people where it must not."""

import pytest

from contest.demo.simulation.command import CannotSimulate, simulate
from contest.demo.simulation.plans import LAST_HOUR, Deed, plans


def planned(**other):
    asked = {"people": 200, "questions": 10, "seconds": 60.0, "last_hour_share": 0.2, "seed": 7}
    return plans(**asked | other)


def test_the_same_seed_gives_the_same_people():
    assert planned() == planned()
    assert planned() != planned(seed=8)


@pytest.mark.parametrize(("share", "late"), [(0.0, 0), (0.2, 40), (1.0, 200)])
def test_the_share_of_the_last_hour_begins_in_its_compressed_sixth(share, late):
    turn = 60 * (1 - LAST_HOUR)
    assert sum(each.begins >= turn for each in planned(last_hour_share=share)) == late


def test_people_lose_lines_reload_press_twice_and_vanish():
    deeds = {step.deed for each in planned() for step in each.steps}
    assert deeds == set(Deed)
    assert any(each.starts_twice for each in planned())
    assert all(
        each.steps[-1].deed in {Deed.HAND_IN, Deed.HAND_IN_TWICE, Deed.VANISH} for each in planned()
    )


@pytest.mark.parametrize("wrong", [{"people": 0}, {"last_hour_share": 1.1}])
def test_what_is_no_share_is_refused(wrong):
    with pytest.raises(ValueError, match="share"):
        planned(**wrong)


def asked(**other):
    values = {"people": 3, "last_hour_share": 0.2, "seconds": 1.0, "clients": 2, "seed": 1}
    return values | {"slug": "khong-co", "address": "http://127.0.0.1:1"} | other


def test_a_real_house_gets_no_invented_people(app):
    with app.app_context():
        settings = app.extensions["settings"]
        assert settings.demo is False
        with pytest.raises(CannotSimulate, match="anyway"):
            simulate(app, **asked())


def test_told_so_it_still_needs_an_open_quiz(app):
    with app.app_context(), pytest.raises(CannotSimulate, match="khong-co"):
        simulate(app, anyway=True, **asked())
