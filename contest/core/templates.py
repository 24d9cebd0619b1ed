"""How our templates run: without two questions that Jinja asks at every import and every call."""

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache, Template
from jinja2.bccache import Bucket
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


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates in a folder; where it cannot be read or written, they are made anew."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept, if it can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, if there is room and leave to write."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def keep_compiled(app: Flask, folder: Path) -> None:
    """Keep compiled templates in a folder, each with the digest of what it was compiled from.

    The first page after a start would take 0.2 s longer. What lies there is run as code: nobody
    else may write into the folder. Another Jinja, or one with other options, has one of its own.
    """
    own = folder / _compiler(app.jinja_env)
    try:
        for each in (folder, own):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
            each.chmod(0o700)
    except OSError:
        return
    app.jinja_env.bytecode_cache = CompiledTemplates(str(own))


def _compiler(environment: Environment) -> str:
    """What compiles: the version of Jinja, and the digest of the options that change its code."""
    options = (
        environment.trim_blocks,
        environment.lstrip_blocks,
        environment.keep_trailing_newline,
        environment.optimized,
        environment.is_async,
        sorted(environment.extensions),
    )
    digest = hashlib.sha256(repr(options).encode()).hexdigest()
    return f"jinja-{version('jinja2')}-{digest[:16]}"
