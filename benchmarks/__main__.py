"""Measure everything, or the parts named: `python -m benchmarks [--quick] [part ...]`.

Each part replaces its own section of docs/results/speed.md. `--quick` shows in a few minutes that
all of it works; its figures mean nothing and are only printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks import asking, engine, fetching, filtering, news, recommendations, support, together
from benchmarks.pace import FULL, QUICK
from benchmarks.sections import split_sections, with_sections
from benchmarks.tables import conditions

PARTS = {
    "engine": ("The engine", engine),
    "support": ("From question to answer", support),
    "news": ("From article to sentiment and alert", news),
    "recommendations": ("From request to scores, from event to profile", recommendations),
    "filtering": ("Lists with filters and rules", filtering),
    "asking": ("Requests in words", asking),
    "fetching": ("How long a fetch is held", fetching),
    "together": ("All three at once", together),
}
RESULTS = Path(__file__).parents[1] / "docs" / "results" / "speed.md"
HEAD = """\
# Speed

Made by `python -m benchmarks`, on real servers: Kafka and Valkey as `textwire up` runs them, one
replica of each service. Each section says under what it was measured.

- *light* is a few messages a second; *half* is half of the most that the same program takes.
- Latencies run from when a message was due to be sent to when a `read_committed` consumer has its
  result. p50 and p99 are values that occurred; of fewer than 100 the p99 is the greatest.
- The *plain loop* is the same job written the plain way, in the same run: one kafka-python loop,
  the same weights in fp32, torch on one thread, offsets committed after each poll. `(2.0x)` says
  that the plain loop takes twice as long at the same rate.
- Driver, broker, Redis and what is measured share the machine."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write down part by part."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="tiny durations, nothing written")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    measured: dict[str, str] = {}
    for name in asked.parts or PARTS:
        title, part = PARTS[name]
        under = conditions()
        figures = part.measure(QUICK if asked.quick else FULL)
        measured[title] = f"{(part.__doc__ or '').strip()}\n\n{under}\n\n{figures}"
        print(f"## {title}\n\n{measured[title]}", end="\n\n", flush=True)
        if not asked.quick:
            write_down(measured, whole=set(measured) == {title for title, _ in PARTS.values()})


def write_down(measured: dict[str, str], *, whole: bool) -> None:
    """Replace the sections measured; all of the document once everything was."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    old_head, _ = split_sections(before)
    document = HEAD if whole or not old_head else before
    order = [title for title, _ in PARTS.values()]
    RESULTS.write_text(with_sections(document, measured, order), encoding="utf-8")


if __name__ == "__main__":
    main()
