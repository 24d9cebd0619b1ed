"""Plans of the simulated round, and its refusal to write people where it must not."""

import pytest

from contest.demo.simulation.command import CannotSimulate, simulate
from contest.demo.simulation.cribs import crib_of
from contest.demo.simulation.plans import LAST_HOUR, Deed, plans
from question_bank.kinds import kind_of
from question_bank.kinds.choice import Scoring, new_choice_body


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


def test_a_prediction_stands_behind_the_questions_and_nobody_makes_one_unasked():
    def predicted(found):
        return [step.slot for each in found for step in each.steps if step.slot >= 10]

    assert predicted(planned()) == []
    assert set(predicted(planned(predicts=True))) == {10}


# ── what invented contestants know ──────────────────────────────────────────────────────────────
BODIES = {
    "single": new_choice_body(["Nghệ An", "Hà Tĩnh"], [0]),
    "multiple": new_choice_body(["Cần", "Kiệm", "Lười"], [0, 1], scoring=Scoring.PARTIAL),
    "true_false": new_choice_body(["Đúng", "Sai"], [1]),
    "short_answer": kind_of("short_answer").from_lines("Nguyễn Tất Thành\n50% Anh Ba", {}),
    "numeric": kind_of("numeric").from_lines("6,5 ± 0,1", {"unit": "km"}),
    "matching": kind_of("matching").from_lines("Ra đi -> 1911\nTuyên ngôn -> 1945\n-> 1954", {}),
    "ordering": kind_of("ordering").from_lines(
        "Bến Nhà Rồng\nQuảng Châu\nPác Bó", {"scoring": "partial"}
    ),
}
BODIES["cloze"] = {
    "parts": [
        {"id": f"p{place}", "kind": kind, "body": BODIES[kind], "weight": 1}
        for place, kind in enumerate(("short_answer", "single", "numeric"))
    ]
}


@pytest.mark.parametrize("code", BODIES)
def test_what_they_know_is_what_the_product_marks(code):
    kind = kind_of(code)
    parsed = kind.parse(BODIES[code])
    crib = crib_of(code, kind.dump(parsed))
    for answer, wanted in ((crib.right, True), (crib.wrong, False)):
        assert answer is not None
        share = kind.mark(parsed, kind.parse_answer(parsed, list(answer)))
        assert (share.numerator == share.denominator) == wanted
    if code != "multiple":  # one of its wrong ones takes away
        assert share.numerator == 0


def test_stars_and_half_marks_are_left_to_the_marking():
    starred = crib_of("short_answer", {"answers": [{"text": "Nguyễn*", "share": "1"}]})
    assert (starred.right, starred.wrong) == (None, None)
    half = {"answers": [{"text": "Anh Ba", "share": "1/2"}, {"text": "Văn Ba", "share": "1"}]}
    assert crib_of("short_answer", half).right is None
