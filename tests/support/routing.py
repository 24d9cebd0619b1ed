"""What the applications of one test process share of their routes.

Werkzeug writes and compiles two functions for each route, which depend on nothing but the route's
own words. With two hundred routes that is the better part of making an application, and every
test makes one.
"""

from collections.abc import Callable
from typing import Any, Final

from werkzeug.routing import Rule

_compile: Final[Callable[[Rule, bool], Any]] = Rule._compile_builder
_compiled: Final[dict[tuple[object, ...], Any]] = {}


def share_compiled_routes() -> None:
    """Let a route be compiled once in a process, however many applications have it."""
    Rule._compile_builder = _compile_once  # type: ignore[method-assign, assignment]


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (tuple(rule._trace), defaults, tuple(rule._converters), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]
