"""How soon a replica is ready, and how much memory it takes."""

from __future__ import annotations

import time

import psutil

from benchmarks.latency import PLAIN, SERVICE, ask
from benchmarks.setting import program, sample_questions, servers
from benchmarks.tables import table

STARTS = 3


def measure() -> str:
    """Start to ready, and resident memory when ready and after 400 questions."""
    rows = []
    with servers() as setting:
        for name, command in (("Textwire", SERVICE), ("plain loop", PLAIN)):
            ready_s, ready_mb, used_mb = [], 0.0, 0.0
            for start in range(STARTS):
                began = time.monotonic()
                with program(setting, "service", *command) as process:
                    ready_s.append(time.monotonic() - began)
                    memory = psutil.Process(process.pid)
                    ready_mb = resident_mb(memory)
                    if start == STARTS - 1:
                        ask(setting, sample_questions()[:400], rate=40)
                        used_mb = resident_mb(memory)
            rows.append(
                [
                    name,
                    f"{ready_s[0]:.1f}",
                    f"{min(ready_s[1:]):.1f}",
                    f"{ready_mb:.0f}",
                    f"{used_mb:.0f}",
                ]
            )
    return table(
        ["service", "ready s, first", "ready s, again", "MB when ready", "MB after 400 questions"],
        rows,
    )


def resident_mb(process: psutil.Process) -> float:
    """Resident memory of a process and what it started."""
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 2**20
