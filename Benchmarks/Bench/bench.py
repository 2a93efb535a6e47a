#!/usr/bin/env python3
"""Runs the benchmarks and writes Benchmarks/RESULTS.md of each part's last run.

See ../README.md.
"""

import argparse
import os
import sys

import earlier
import record
import results
from parts import PARTS, Context

KEPT = ".build/bench-results"
RESULTS = "Benchmarks/RESULTS.md"


def main() -> None:
    """Exits with 1 if a part that was run broke or missed a target."""
    options = arguments()
    folder = f"{KEPT}/quick" if options.quick else KEPT
    os.makedirs(folder, exist_ok=True)
    context = Context(folder, options.quick)
    chosen = [] if options.compose else [part for part in PARTS if part in options.parts]
    for part in chosen:
        record.run(context, part)
    records = {part: record.read(context, part) for part in PARTS}
    path = f"{folder}/RESULTS.md" if options.quick else RESULTS
    text = results.document(records, earlier.read(path), options.quick)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"\n== {path} ==")
    missed = False
    for part in chosen:
        for verdict in results.verdicts(records[part]):
            print(f"{part}: {verdict.sentence}")
            missed |= not verdict.met
    sys.exit(1 if missed else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    names = list(PARTS)
    parser.add_argument("--parts", nargs="+", choices=names, default=names, help="what to run; the others' last figures stay")
    parser.add_argument("--quick", action="store_true", help=f"for trying: some minutes; writes {KEPT}/quick/RESULTS.md instead")
    parser.add_argument("--compose", action="store_true", help="run nothing, only write the results again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
