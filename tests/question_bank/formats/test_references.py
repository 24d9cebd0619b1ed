"""Options that speak of others are found whatever lines stand around them."""

from question_bank.formats.references import fixed_options


def test_lines_of_signs_alone_cost_no_more_than_other_lines():
    # A look that begins anew at each line and runs to the end would take minutes for these.
    assert fixed_options(["-\n" * 100_000 + "x", "Nhà sàn"]) == frozenset()
    assert fixed_options(["Nhà sàn", "Nhà dài", "Cả A và B"]) == frozenset({2})
