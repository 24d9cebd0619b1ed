"""Other keys after the close: another order, another pairing, other answers of gaps and parts."""

from typing import Any

import pytest

from contest.quizzes.models import RulingKind
from contest.quizzes.rules.rulings import Ruling, mark_under
from question_bank.kinds import cloze, group, kind_of
from question_bank.kinds.base import EVERYTHING, NOTHING, BodyInvalid, Share
from question_bank.kinds.other_keys import (
    arrangements,
    as_lines,
    shows_the_same,
    with_part_keys,
)
from question_bank.marking import ParsedRevision
from tests.question_bank.test_parts import answers, cloze_body, group_body

ORDERING, MATCHING = kind_of("ordering"), kind_of("matching")
CLOZE, GROUP = cloze.KIND, group.KIND
EVENTS = ["Ra đi tìm đường cứu nước", "Thành lập Đảng", "Đọc Tuyên ngôn Độc lập"]


def ordering(*texts: str) -> Any:
    return ORDERING.parse({"items": [{"id": "", "text": text} for text in texts]})


def in_places(body: Any, *texts: str) -> tuple[str, ...]:
    ids = {text: item for item, text in body.items}
    return tuple(f"{ids[text]}={place}" for place, text in enumerate(texts, start=1))


def matching() -> Any:
    pairs = [{"left": "1890", "right": "sinh"}, {"left": "1911", "right": "ra đi"}]
    return MATCHING.parse({"pairs": pairs, "extra": ["về nước"]})


def revision(kind: Any, body: Any) -> ParsedRevision:
    return ParsedRevision(
        id=1, question_id=1, number=1, kind=kind, stem="", body=body, explanation=""
    )


def ruled(kind: Any, body: Any, ruling: RulingKind, bodies: list[dict[str, Any]]) -> Any:
    found = Ruling(ruling, tuple(kind.parse(each) for each in bodies))
    return lambda answer: mark_under(revision(kind, body), answer, found)


def test_another_order_is_right_as_well() -> None:
    body = ordering(*EVENTS)
    turned = (EVENTS[1], EVENTS[0], EVENTS[2])
    bodies = arrangements(ORDERING, body, "\n".join(turned))
    assert shows_the_same(body, ORDERING.parse(bodies[0]))
    also = ruled(ORDERING, body, RulingKind.ALSO, bodies)
    assert also(in_places(body, *EVENTS)).right
    assert also(in_places(body, *turned)).right
    assert not also(in_places(body, EVENTS[2], EVENTS[1], EVENTS[0])).right
    instead = ruled(ORDERING, body, RulingKind.KEY, bodies)
    assert not instead(in_places(body, *EVENTS)).right


def test_several_orders_stand_apart_by_an_empty_line_and_are_read_back() -> None:
    body = ordering(*EVENTS)
    text = "\n".join(EVENTS) + "\n \n" + "\n".join(reversed(EVENTS)) + "\n"
    bodies: list[Any] = [ORDERING.parse(each) for each in arrangements(ORDERING, body, text)]
    assert [len(each.items) for each in bodies] == [3, 3]
    assert as_lines(ORDERING, bodies) == "\n".join(EVENTS) + "\n\n" + "\n".join(reversed(EVENTS))
    assert arrangements(ORDERING, body, " \n \n") == []


@pytest.mark.parametrize(
    "texts", [[*EVENTS[:2], "Cách mạng Tháng Tám"], [*EVENTS, "Cách mạng Tháng Tám"]]
)
def test_an_order_of_other_things_is_another_question(texts: list[str]) -> None:
    body = ordering(*EVENTS)
    new = ORDERING.parse(arrangements(ORDERING, body, "\n".join(texts))[0])
    assert not shows_the_same(body, new)


def test_another_pairing_keeps_the_sides_that_fit_nowhere() -> None:
    body = matching()
    bodies = arrangements(MATCHING, body, "1890 -> sinh\n1911 → về nước")
    new = MATCHING.parse(bodies[0])
    assert shows_the_same(body, new)
    rights = {text: right for right, text in body.rights}
    rows = {left: row for row, left, _right in body.rows}
    also = ruled(MATCHING, body, RulingKind.ALSO, bodies)
    given = (f"{rows['1890']}={rights['sinh']}", f"{rows['1911']}={rights['về nước']}")
    assert also(given).right
    assert also(given[:1]).units == 5_000


def test_each_gap_may_follow_any_of_its_keys() -> None:
    body = CLOZE.parse(cloze_body())
    number, word, choice = body.parts
    sen, tru = choice.body.option_ids
    bodies = with_part_keys(
        CLOZE,
        body,
        {choice.id: [sen, tru]},
        {number.id: "1890\n1891", word.id: "\n".join(word.kind.lines(word.body))},
    )
    assert len(bodies) == 2
    also = ruled(CLOZE, body, RulingKind.ALSO, bodies)
    for year, village in (("1890", sen), ("1891", sen), ("1891", tru), ("1890", tru)):
        assert also(tuple(answers(body, (0, year), (1, "Nghệ An"), (2, village)))).right
    wrong = also(tuple(answers(body, (0, "1892"), (1, "Nam Đàn"), (2, tru))))
    assert wrong.units == 5_000  # nothing, half of two, one: two of four


def test_several_right_options_of_a_part_are_one_key() -> None:
    body = GROUP.parse(group_body())
    several, word = body.parts
    first, second, third = several.body.option_ids
    bodies = with_part_keys(GROUP, body, {several.id: [first, second]}, {word.id: ""})
    assert len(bodies) == 1
    instead = ruled(GROUP, body, RulingKind.KEY, bodies)
    right = answers(body, (0, first), (0, second), (1, "Nguyễn Ái Quốc"))
    assert instead(tuple(right)).right
    assert instead(tuple(answers(body, (0, first), (0, third)))).units == 0
    assert with_part_keys(GROUP, body, {several.id: []}, {word.id: " "}) == []


def test_a_broken_answer_of_a_gap_is_refused() -> None:
    body = CLOZE.parse(cloze_body())
    bodies = with_part_keys(CLOZE, body, {}, {body.parts[0].id: "không phải số"})
    with pytest.raises(BodyInvalid):
        CLOZE.parse(bodies[0])


def test_without_an_answer_there_is_nothing_by_any_key() -> None:
    body = CLOZE.parse(cloze_body())
    assert CLOZE.mark_any((body, body), ()) == NOTHING
    whole = answers(body, (0, "1890"), (1, "nghe an"), (2, body.parts[2].body.option_ids[0]))
    assert CLOZE.mark_any((body,), tuple(whole)) == EVERYTHING
    assert CLOZE.mark(body, tuple(whole[:1])) == Share(1, 4)
