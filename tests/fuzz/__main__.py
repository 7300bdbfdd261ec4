"""Fuzz everything, or the targets named: `python -m tests.fuzz [--inputs 1000000] [--seed 1]`.

With `--kept FILE --minutes 8` in pieces: the same again goes on where it stopped.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.tables import commit, table
from tests.chaos.report import PAGE, write_section
from tests.fuzz.pieces import by_target, read, try_pieces
from tests.fuzz.running import Tried, try_numbered
from tests.fuzz.targets import ALL

TITLE = "Fuzzing"


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all, print a line for each; a run over all targets goes into the page.

    Returns: 0 where every promise was kept.
    """
    asked = _parser().parse_args(arguments)
    if asked.kept:
        return _in_pieces(asked.kept, asked.inputs, asked.seed, asked.minutes)
    numbers = [n for n, target in enumerate(ALL) if not asked.only or target.name in asked.only]
    shares = sum(ALL[number].share for number in numbers)
    each = [math.ceil(asked.inputs * ALL[number].share / shares) for number in numbers]
    rows: list[list[object]] = []
    with ProcessPoolExecutor(os.cpu_count(), max_tasks_per_child=1) as pool:
        for tried in pool.map(try_numbered, numbers, each, [asked.seed] * len(numbers)):
            rows.append(_as_row(tried))
            print(" | ".join(map(str, rows[-1])), flush=True)
    if not asked.only:
        write_section(TITLE, _figures(rows, asked.seed))
        print(f"written to {PAGE}")
    return 1 if any(row[-1] for row in rows) else 0


def _in_pieces(kept: Path, inputs: int, seed: int, minutes: float) -> int:
    """The page has what is done so far, whether that is all or not."""
    is_done = try_pieces(kept, inputs, seed, minutes)
    rows = [_as_row(tried) for tried in by_target(read(kept))]
    write_section(TITLE, _figures(rows, seed))
    print(f"{sum(int(str(row[1])) for row in rows):,} inputs", "" if is_done else "so far")
    for row in rows:
        if row[-1]:
            print(f"{row[0]}: {row[-1]}")
    return 1 if any(row[-1] for row in rows) else 0


def _as_row(tried: Tried) -> list[object]:
    return [
        tried.name,
        tried.inputs,
        tried.counts[True],
        tried.counts[False],
        round(tried.took_s),
        tried.failure,
    ]


def _figures(rows: list[list[object]], seed: int) -> str:
    total = sum(int(str(row[1])) for row in rows)
    head = ["what reads", "inputs", "taken", "refused", "seconds", "broke its promise"]
    cells = [[*row[:-1], "yes" if row[-1] else "no"] for row in rows]
    told = f"{total:,} inputs in all, by hypothesis, seed {seed}, {commit()}."
    return f"{told}\n\n{table(head, cells)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    names = [target.name for target in ALL]
    parser.add_argument("--only", action="append", choices=names, help="a target; repeatable")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="in all, over the targets")
    parser.add_argument("--kept", type=Path, help="file of what is done, for pieces")
    parser.add_argument("--minutes", type=float, default=8.0, help="how long a piece may take")
    parser.add_argument("--seed", type=int, default=1, help="the same seed: the same inputs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
