"""What few requests need and the start should not wait for: imported when first used.

NumPy, SciPy, Alembic and the reader of PDF take longer to import than all rooms together.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any


class Later:
    """Stands for something that is made when an attribute of it is first asked for.

    It may be made twice by two threads at once; a module never is (imports are locked).
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def later(module: str) -> Any:
    """Return a module that is imported when something of it is first used."""
    return Later(partial(import_module, module))
