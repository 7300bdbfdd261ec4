"""Measure everything, or the parts named: `python -m benchmarks [engine] [startup] [latency]`."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import engine, latency, startup
from benchmarks.tables import machine

PARTS = {
    "engine": ("The engine", engine),
    "startup": ("A replica's start", startup),
    "latency": ("From question to answer", latency),
}
RESULTS = Path(__file__).parents[1] / "docs" / "results" / "speed.md"


def main(names: list[str]) -> None:
    """Print each part; write them down when all were measured."""
    chosen = names or list(PARTS)
    sections = [f"# Speed\n\nMeasured by `make bench` on: {machine()}."]
    for name in chosen:
        title, part = PARTS[name]
        sections.append(f"## {title}\n\n{part.__doc__}\n\n{part.measure()}")
        print(sections[-1], end="\n\n", flush=True)
    if set(chosen) == set(PARTS):
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text("\n\n".join(sections) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
