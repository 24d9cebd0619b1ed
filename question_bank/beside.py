"""Pages about a bank that rooms above have: the bank's page links to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contest.core.access import Permission
from contest.core.errors import Words


@dataclass(frozen=True, slots=True)
class BankPage:
    """A page of another room about one bank.

    Attributes:
        code: key of the registration.
        label: words of the link.
        endpoint: its view, which takes the bank's slug.
        permission: who is shown the link.
        waiting: key of a bank → how many things wait there, shown beside the link when any do.
    """

    code: str
    label: Words
    endpoint: str
    permission: Permission
    waiting: Callable[[int], int]


_pages: Final[dict[str, BankPage]] = {}


def register_bank_page(page: BankPage) -> None:
    """Add a page; the same code again replaces it."""
    _pages[page.code] = page


def bank_pages() -> list[BankPage]:
    """Every page, in the order of registration."""
    return list(_pages.values())
