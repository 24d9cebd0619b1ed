"""Run benchmarks and print a table, or with `--json` one document on one line."""

import argparse
import json
import pkgutil
import sys
from importlib import import_module
from typing import Any

import benchmarks
from benchmarks import BENCHMARKS, Figure


def main() -> int:
    """Exit 0 when every figure keeps its limits, 1 when one does not, 2 for an unknown name."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("name", nargs="?")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if not module.name.startswith("_"):
            import_module(f"benchmarks.{module.name}")
    if options.name is not None and options.name not in BENCHMARKS:
        print("known: " + ", ".join(sorted(BENCHMARKS)), file=sys.stderr)
        return 2
    results: dict[str, list[dict[str, Any]]] = {}
    holds = True
    for name in [options.name] if options.name else sorted(BENCHMARKS):
        print(f"· {name}: {BENCHMARKS[name].words}", file=sys.stderr, flush=True)
        results[name] = []
        for figure in BENCHMARKS[name].run():
            holds = holds and figure.holds
            results[name].append(as_document(figure))
            if not options.json:
                print(as_line(name, figure), flush=True)
    if options.json:
        print(json.dumps(results, ensure_ascii=False, separators=(",", ":")))
    return 0 if holds else 1


def as_document(figure: Figure) -> dict[str, Any]:
    """A figure for a program."""
    return {
        "name": figure.name,
        "value": round(figure.value, 4),
        "unit": figure.unit,
        "at_least": figure.at_least,
        "at_most": figure.at_most,
        "holds": figure.holds,
    }


def as_line(name: str, figure: Figure) -> str:
    """A figure for a person."""
    limits = [
        f"{sign} {limit:g}"
        for sign, limit in (("≥", figure.at_least), ("≤", figure.at_most))
        if limit is not None
    ]
    verdict = "" if not limits else ("  holds " if figure.holds else "  FAILS ") + ", ".join(limits)
    return f"{name:<10} {figure.name:<44} {figure.value:>12,.3f} {figure.unit:<10}{verdict}"


if __name__ == "__main__":
    sys.exit(main())
