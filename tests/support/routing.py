"""What the applications of one test process share of their routes.

Werkzeug takes each route's address apart, and writes and compiles two functions for it, which
depend on nothing but the route's own words. With two hundred routes that is the better part of
making an application, and every test makes one.
"""

from collections.abc import Callable
from typing import Any, Final

from werkzeug.routing import Rule

_read: Final[Callable[[Rule], None]] = Rule.compile
_compile: Final[Callable[[Rule, bool], Any]] = Rule._compile_builder
_parts: Final[dict[tuple[object, ...], tuple[Any, ...]]] = {}
_compiled: Final[dict[tuple[object, ...], Any]] = {}


def share_compiled_routes() -> None:
    """Let a route be compiled once in a process, however many applications have it."""
    Rule.compile = _read_once  # type: ignore[method-assign, assignment]
    Rule._compile_builder = _compile_once  # type: ignore[method-assign, assignment]


def _read_once(rule: Rule) -> None:
    """Take an address apart, or do as for the same one before; the parts are never written to."""
    key = (rule.rule, rule.host, rule.subdomain, rule.map.host_matching, rule.merge_slashes)
    if key not in _parts:
        _read(rule)
        _parts[key] = (rule._parts, rule._trace, rule._converters)
        return
    rule._parts, rule._trace, rule._converters = _parts[key]
    rule.arguments.update(rule._converters)
    rule._build = rule._compile_builder(False).__get__(rule, None)
    rule._build_unknown = rule._compile_builder(True).__get__(rule, None)


def _compile_once(rule: Rule, append_unknown: bool = True) -> Any:
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (tuple(rule._trace), defaults, tuple(rule._converters), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]
