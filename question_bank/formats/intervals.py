"""Right numbers as GIFT writes them: a value, one with its tolerance, or a range."""

from decimal import Decimal
from typing import NamedTuple

from question_bank.formats.shares import plain_number, read_number


class Interval(NamedTuple):
    """A right number with its tolerance; `comma` when a decimal comma was read as a point."""

    value: Decimal
    tolerance: Decimal
    comma: bool

    def as_written(self) -> str:
        """Return the number, with its tolerance where there is one: 3.14, 42 ± 0.5."""
        value = plain_number(self.value)
        return f"{value} ± {plain_number(self.tolerance)}" if self.tolerance else value


def read_interval(text: str) -> Interval | None:
    """Read 3.14:0.01, 1..5 or 42; None when it is nothing of the kind."""
    low, dots, high = text.partition("..")
    first = read_number(low if dots else text.partition(":")[0])
    _value, colon, width = text.partition(":")
    second = read_number(high if dots else width) if dots or colon else None
    if first is None or (second is None and (dots or colon)):
        return None
    if second is None:
        return Interval(first.value, Decimal(0), first.comma)
    comma = first.comma or second.comma
    if dots:
        if second.value < first.value:
            return None
        middle = (first.value + second.value) / 2
        return Interval(middle, second.value - middle, comma)
    return None if second.value < 0 else Interval(first.value, second.value, comma)
