"""What the commands share: JSON on one line, or lines for a person."""

import json
from pathlib import Path
from typing import Any, Final

import click

_PLACE: Final = ("sheet", "row", "line", "question", "column")
FILE: Final = click.Path(exists=False, dir_okay=False, path_type=Path)
OUTPUT: Final = click.Path(dir_okay=False, path_type=Path)


def say(document: Any) -> None:
    """Write a document as JSON on one line."""
    click.echo(json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str))


def say_lines(document: dict[str, Any], *, as_json: bool) -> None:
    """Write a document as JSON, or one value on a line; an `error` goes to standard error."""
    if as_json:
        say(document)
        return
    for name, value in document.items():
        click.echo(f"{name}: {value}", err=name == "error")


def report(document: dict[str, Any], *, as_json: bool) -> None:
    """A report of an import: as JSON, or in lines for a person."""
    if as_json:
        say(document)
        return
    for name in ("format", "accepted", "rejected", "skipped"):
        click.echo(f"{name}: {document.get(name)}")
    for said in (*document.get("errors", []), *document.get("flags", [])):
        place = " ".join(str(said[part]) for part in _PLACE if said.get(part))
        words = ": ".join(part for part in (place, said.get("level"), said["message"]) if part)
        click.echo(words, err=True)


def tell(line: str) -> None:
    """Write a line to standard error."""
    click.echo(line, err=True)
