"""How our templates run: without two questions that Jinja asks at every import and every call."""

from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final

from flask import Flask
from jinja2 import FileSystemBytecodeCache, Template
from jinja2.runtime import Context
from jinja2.utils import internalcode

_PLAIN: Final = (FunctionType, MethodType, BuiltinFunctionType)


class SharedTemplate(Template):
    """A template that is imported as it is by all others.

    Jinja compares at each import the names that the importing page knows with those of the
    imported one, to make it anew where they differ. All ours are made by one environment.
    """

    @internalcode
    def _get_default_module(self, ctx: Context | None = None) -> Any:
        del ctx
        return super()._get_default_module()


class PlainContext(Context):
    """A context that calls an ordinary function at once.

    Jinja looks first whether what is called, or its class, wants to be given the context.
    """

    @internalcode
    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something with what the template gives it."""
        if type(called) in _PLAIN and not hasattr(called, "jinja_pass_arg"):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


def init_templates(app: Flask) -> None:
    """Have the application's templates run so."""
    app.jinja_env.template_class = SharedTemplate
    app.jinja_env.context_class = PlainContext
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def keep_compiled(app: Flask, folder: Path) -> None:
    """Keep compiled templates in a folder, each with the digest of what it was compiled from.

    The first page after a start would take 0.2 s longer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
