"""Refusals: exceptions that carry the words for the person.

A rule that is broken raises; one handler turns it into a page. Nothing is half done, because the
request's transaction is rolled back.
"""

from typing import ClassVar, TypeAlias

from flask_babel import LazyString

Words: TypeAlias = str | LazyString


class RuleBroken(Exception):
    """What was asked for is not allowed now. Subclasses set `message`; status 409."""

    status: ClassVar[int] = 409
    message: Words = ""

    def __init__(self, message: Words = "") -> None:
        if message:
            self.message = message
        super().__init__(str(type(self).__name__))

    @property
    def words(self) -> str:
        """The sentence in the person's language."""
        return str(self.message)


class InvalidInput(RuleBroken):
    """What was sent cannot be read or used; status 422."""

    status = 422


class BadFile(InvalidInput):
    """A file that cannot be taken; `code` names the reason."""

    def __init__(self, code: str, message: Words) -> None:
        super().__init__(message)
        self.code = code


class NotFound(RuleBroken):
    """There is no such thing, or it is not theirs: the two are never told apart; status 404."""

    status = 404


class TooManyRequests(RuleBroken):
    """Somebody, or a script, sends more than a person can; status 429. No words of its own."""

    status = 429


class Forbidden(RuleBroken):
    """The person may not do this kind of thing at all; status 403."""

    status = 403
