"""Figures as Markdown, and what they were measured under."""

from __future__ import annotations

import platform
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

REPOSITORY = Path(__file__).parents[1]


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def p50_p99(waits_ms: Sequence[float]) -> tuple[float, float]:
    """Median and 99th percentile, each a value that occurred; of few values the greatest."""
    p50, p99 = np.percentile(waits_ms, [50, 99], method="higher")
    return float(p50), float(p99)


def times_better(value: float, plain: float | None) -> str:
    """How a value of which less is better compares with the plain loop's: ` (1.5x)`."""
    return f" ({plain / value:.1f}x)" if plain and value else ""


def conditions() -> str:
    """What this is measured on, and how much else is going on there."""
    return f"Measured at {commit()} on {machine()}; load average before it {_load_average()}."


def machine() -> str:
    """The machine, without its name."""
    memory_gb = psutil.virtual_memory().total / 2**30
    return (
        f"{processor()}, {psutil.cpu_count()} cores, {memory_gb:.0f} GB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )


def processor() -> str:
    """The processor's name."""
    info = Path("/proc/cpuinfo")
    names = info.read_text().splitlines() if info.exists() else []
    return next(
        (line.split(":")[1].strip() for line in names if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )


def commit() -> str:
    """What is measured, as git calls it."""
    name = _git("describe", "--always")
    if name is None:
        return "an unknown commit"
    # The results that the parts before this one wrote change nothing of what is measured.
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/results")
    return f"commit {name}{'-dirty' if changed else ''}"


def _git(*arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    told = subprocess.run(
        [git, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() if told.returncode == 0 else None


def _load_average() -> str:
    return f"{psutil.getloadavg()[0]:.1f}"
