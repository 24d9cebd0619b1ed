"""Routes: addresses that are worked out when first asked for, and what may stand in them."""

from collections.abc import Callable
from typing import Any, Final

from werkzeug.routing import IntegerConverter, Map, Rule, UnicodeConverter, ValidationError

MOST_NUMBER: Final = 2**31 - 1
"""The largest whole number of a database's column."""


class NumberInAddress(IntegerConverter):
    """`<int:…>`: what no column of a database could hold is no address, and so 404."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:  # noqa: A002  (Werkzeug's name)
        super().__init__(map, fixed_digits, max=MOST_NUMBER)


class NameInAddress(UnicodeConverter):
    """`<name>`: a sign that no text has (PostgreSQL takes no NUL) is no address, and so 404."""

    def to_python(self, value: str) -> str:
        """The name.

        Raises:
            ValidationError: it holds such a sign.
        """
        if not value.isprintable():
            raise ValidationError
        return value


class LateRule(Rule):
    """A route that compiles its two address builders at the first `url_for`.

    Werkzeug writes and compiles them for every route at the start, which was a tenth of it; a page
    asks for a few dozen of several hundred.
    """

    def _compile_builder(
        self,
        append_unknown: bool = True,  # noqa: FBT001, FBT002  (Werkzeug's signature)
    ) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, **values)

        return build
