"""Run every scenario, or some: `python -m tests.chaos [--only NAME] [--seed N] [--quick]`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.report import line_of, write_report
from tests.chaos.running import run
from tests.chaos.scenarios import ALL
from tests.chaos.scenarios.selection import SELECTION

EVIDENCE = Path(".textwire") / "chaos"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print a line for each, and write its row of the page.

    Returns: 0 where everything held.
    """
    asked = _parser().parse_args(arguments)
    # So that what runs is stopped and what is mounted is taken away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    named = [one for one in (*ALL, *SELECTION) if one.name in asked.only]
    chosen = named if asked.only else ALL
    outcomes = []
    for scenario in chosen:
        print(f"{scenario.name}: {scenario.about}", flush=True)
        outcome = run(scenario, asked.seed, quick=asked.quick, evidence=EVIDENCE)
        outcomes.append(outcome)
        print(f"  {line_of(outcome)}", flush=True)
        if not asked.quick and scenario in ALL:
            write_report([outcome])
    return 0 if all(outcome.ok for outcome in outcomes) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    names = [scenario.name for scenario in (*ALL, *SELECTION)]
    parser.add_argument(
        "--only", action="append", default=[], choices=names, help="a scenario; repeatable"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed: the same schedule")
    parser.add_argument("--quick", action="store_true", help="a few faults each, nothing written")
    return parser


if __name__ == "__main__":
    sys.exit(main())
