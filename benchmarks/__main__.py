"""Run benchmarks and print a table, or with `--json` one object on a line for each figure."""

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
    known = [each.name for each in pkgutil.iter_modules(benchmarks.__path__)]
    wanted = [options.name] if options.name in known else known
    for module in wanted:
        if not module.startswith("_"):
            import_module(f"benchmarks.{module}")
    if options.name is not None and options.name not in BENCHMARKS:
        print("known: " + ", ".join(sorted(BENCHMARKS)), file=sys.stderr)
        return 2
    holds = True
    for name in [options.name] if options.name else sorted(BENCHMARKS):
        print(f"· {name}: {BENCHMARKS[name].words}", file=sys.stderr, flush=True)
        for figure in BENCHMARKS[name].run():
            holds = holds and figure.holds
            if options.json:
                words = json.dumps(as_document(name, figure), ensure_ascii=False)
                print(words, flush=True)
            else:
                print(as_line(name, figure), flush=True)
    return 0 if holds else 1


def as_document(name: str, figure: Figure) -> dict[str, Any]:
    """A figure for a program: what ours is, what stands against it, and the first by the second.

    A figure without a baseline has null there and as its ratio.
    """
    return {
        "name": f"{name}: {figure.name}",
        "database": figure.database,
        "ours": round(figure.value, 4),
        "baseline": None if figure.baseline is None else round(figure.baseline, 4),
        "ratio": None if figure.ratio is None else round(figure.ratio, 4),
        "unit": figure.unit,
    }


def as_line(name: str, figure: Figure) -> str:
    """A figure for a person."""
    limits = [
        f"{sign} {limit:g}"
        for sign, limit in (("≥", figure.at_least), ("≤", figure.at_most))
        if limit is not None
    ]
    verdict = "" if not limits else ("  holds " if figure.holds else "  FAILS ") + ", ".join(limits)
    words = f"{figure.database}, {figure.name}" if figure.database else figure.name
    against = "" if figure.ratio is None else f"  {figure.baseline:,.3f}: {figure.ratio:.2f} x"
    return f"{name:<10} {words:<54} {figure.value:>12,.3f} {figure.unit:<10}{against}{verdict}"


if __name__ == "__main__":
    sys.exit(main())
