"""Ordering: things are put into their order; all or nothing, or the neighbours that are right."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from contest.core.i18n import lazy_gettext as _l
from contest.core.vietnamese import fold, one_line
from question_bank.kinds.base import (
    EVERYTHING,
    NO_ANSWER,
    NOTHING,
    Answer,
    BodyInvalid,
    BodyJson,
    BodyProblem,
    Presented,
    PresentedOption,
    Share,
    Way,
)
from question_bank.kinds.choice import Scoring, new_option_ids
from question_bank.kinds.rows import chosen_by_row, in_order, parse_rows
from question_bank.kinds.typed import typed_lines

MIN_ITEMS: Final = 3
MAX_ITEMS: Final = 10
_MAX_ITEM: Final = 500


@dataclass(frozen=True)
class OrderingBody:
    """A checked body: things (id, text) in their right order."""

    items: tuple[tuple[str, str], ...]
    scoring: Scoring = Scoring.ALL_OR_NOTHING

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        """All ``thing=place``, things by their words, which tells nothing of the order."""
        by_words = sorted(self.items, key=lambda item: (fold(item[1]), item[1]))
        places = range(1, len(self.items) + 1)
        return tuple(f"{item}={place}" for item, _text in by_words for place in places)

    @property
    def fixed_last(self) -> tuple[str, ...]:
        """Things are shuffled as they are."""
        return ()


@dataclass(frozen=True, slots=True)
class OrderingKind:
    """The behaviour of ordering questions."""

    code: str
    label: Any
    lines_hint: Any
    several: bool = True
    way: Way = Way.ORDER

    def parse(self, body: BodyJson) -> OrderingBody:
        """Check a body. Raises ``BodyInvalid``."""
        raw = body.get("items")
        given = [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []
        texts = [one_line(str(item.get("text", ""))) for item in given]
        message: Any = None
        if len(texts) < MIN_ITEMS:
            message = _l("An ordering question needs three things or more.")
        elif len(texts) > MAX_ITEMS:
            message = _l("There are too many things to order.")
        elif not all(texts) or max(map(len, texts)) > _MAX_ITEM:
            message = _l("A thing to order is empty or too long.")
        elif len({fold(text) for text in texts}) < len(texts):
            message = _l("Two things to order are the same.")
        if message is not None:
            raise BodyInvalid([BodyProblem("answers", message)])
        ids = [str(item.get("id", "")) for item in given]
        if len(set(ids)) < len(ids) or not all(each.isalnum() and each.isascii() for each in ids):
            ids = list(new_option_ids(len(ids)))
        partial = body.get("scoring") == Scoring.PARTIAL
        scoring = Scoring.PARTIAL if partial else Scoring.ALL_OR_NOTHING
        return OrderingBody(tuple(zip(ids, texts, strict=True)), scoring)

    def dump(self, body: OrderingBody) -> dict[str, Any]:
        """Return the JSON of a checked body."""
        return {
            "items": [{"id": item, "text": text} for item, text in body.items],
            "scoring": body.scoring.value,
        }

    def present(self, body: OrderingBody, order: Sequence[str] = ()) -> Presented:
        """The things in the paper's order, and the places that each may take."""
        texts = dict(body.items)
        places = [str(place) for place in range(1, len(body.items) + 1)]
        things = in_order(order or body.option_ids, 0)
        return Presented(
            self.code,
            several=True,
            options=tuple(PresentedOption(place, place, place) for place in places),
            way=self.way,
            rows=tuple(PresentedOption(item, "", texts[item]) for item in things),
        )

    def parse_answer(self, body: OrderingBody, raw: object) -> Answer:
        """Read ``thing=place`` of some things. Raises ``AnswerInvalid``."""
        return parse_rows(raw, body.option_ids, self.code)

    def mark(self, body: OrderingBody, answer: Answer) -> Share:
        """All or nothing, or the share of neighbours that follow each other as they should.

        Two things in one place, or one without a place, are in no order: nothing.
        """
        if answer == NO_ANSWER:
            return NOTHING
        chosen = chosen_by_row(answer)
        places = {place: item for item, place in chosen.items()}
        given = [places.get(str(place)) for place in range(1, len(body.items) + 1)]
        right = [item for item, _text in body.items]
        if given == right:
            return EVERYTHING
        if body.scoring is Scoring.ALL_OR_NOTHING or len(places) < len(right):
            return NOTHING
        wanted = set(pairwise(right))
        return Share(sum(pair in wanted for pair in pairwise(given)), len(right) - 1)

    def key_letters(self, body: OrderingBody, order: Sequence[str] = ()) -> tuple[str, ...]:
        """There are no letters."""
        del body, order
        return ()

    def key_texts(self, body: OrderingBody) -> tuple[str, ...]:
        """The things in their order, numbered."""
        return tuple(f"{n}. {text}" for n, (_item, text) in enumerate(body.items, start=1))

    def option_texts(self, body: OrderingBody) -> tuple[str, ...]:
        """The things, for the search."""
        return tuple(text for _item, text in body.items)

    def answer_texts(self, body: OrderingBody, answer: Answer) -> tuple[str, ...]:
        """The things with the places that they were given."""
        chosen, texts = chosen_by_row(answer), dict(body.items)
        placed = sorted((int(place), item) for item, place in chosen.items() if item in texts)
        return tuple(f"{place}. {texts[item]}" for place, item in placed)

    def lines(self, body: OrderingBody) -> tuple[str, ...]:
        """The things in their order."""
        return self.option_texts(body)

    def from_lines(self, text: str, more: BodyJson) -> dict[str, Any]:
        """Build a body from an author's lines."""
        return {
            "items": [{"id": "", "text": line} for line in typed_lines(text)],
            "scoring": more.get("scoring"),
        }


KIND = OrderingKind("ordering", _l("Ordering"), _l("One thing a line, in the right order."))
