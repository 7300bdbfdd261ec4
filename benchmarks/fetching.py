"""Questions at a light load, by how long the broker may hold a fetch that finds nothing.

kafka-python's next fetch leaves out partitions whose records it has not handed over yet, so what
comes there meanwhile waits until that fetch returns. A shorter hold shortens the wait, and costs
work while nothing comes: the processor time of the idle service, of one core. Settings take turns,
round by round.
"""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import AbstractContextManager
from statistics import mean

import psutil

from benchmarks.comparing import progress, warm_up
from benchmarks.driving import drive
from benchmarks.pace import Pace
from benchmarks.setting import Setting, champion, program, servers
from benchmarks.support import SERVICE, TASK, questions, supply
from benchmarks.tables import p50_p99, table
from textwire.stack.process import Process

HOLDS_MS = (5, 20, 100)
ROUNDS = 3
IDLE_S = 5.0
LATE_MS = 100.0


def measure(pace: Pace) -> str:
    champion(TASK)  # lest all be started for nothing
    waits_ms: dict[int, list[float]] = defaultdict(list)
    idle: dict[int, list[float]] = defaultdict(list)
    load = questions()
    with servers() as setting:
        supply(setting)
        for hold_ms in HOLDS_MS * ROUNDS:
            progress(f"a fetch is held for {hold_ms} ms at most")
            with held_for(setting, hold_ms) as process:
                warm_up(setting, [load], pace)
                idle[hold_ms].append(processor_share(process))
                count = round(load.light * pace.light_s / 2)
                for some in drive(setting, load, load.light, count).values():
                    waits_ms[hold_ms] += some
    header = ["held, ms", "n", "p50 ms", "p99 ms", "over 100 ms", "idle service, of a core"]
    return table(header, [row(held, waits_ms[held], idle[held]) for held in HOLDS_MS])


def row(hold_ms: int, waits_ms: list[float], idle: list[float]) -> list[str]:
    """Latencies, the late ones, and the cost of looking."""
    p50, p99 = p50_p99(waits_ms)
    late = mean(wait > LATE_MS for wait in waits_ms)
    latencies = [f"{p50:.1f}", f"{p99:.1f}", f"{late:.1%}"]
    return [str(hold_ms), str(len(waits_ms)), *latencies, f"{mean(idle):.1%}"]


def held_for(setting: Setting, hold_ms: int) -> AbstractContextManager[Process]:
    """The service, with that setting."""
    environment = {**SERVICE.environment, "TEXTWIRE_STREAM_FETCH_MAX_WAIT_MS": str(hold_ms)}
    return program(setting, "candidate", "-m", SERVICE.module, **environment)


def processor_share(process: Process) -> float:
    """Of one core, while nothing comes."""
    watched = psutil.Process(process.pid)
    before, began = sum(watched.cpu_times()[:2]), time.monotonic()
    time.sleep(IDLE_S)
    return (sum(watched.cpu_times()[:2]) - before) / (time.monotonic() - began)
