"""The same job done by a service and by a plain loop: latency, saturation, start, memory.

Each is alone on the machine with the broker, Redis and the driver. Each is started twice: once for
the light load and the most it takes, once for half of that, so that what a stage took in the last
minute was under one load.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.driving import Load, drive
from benchmarks.memory import latest_report, resident_mb
from benchmarks.pace import Pace
from benchmarks.saturation import saturate
from benchmarks.setting import Setting, program
from benchmarks.tables import p50_p99, table, times_better
from textwire.observing.reports import ServiceReport
from textwire.stack.process import Process

WARM_UP_RATE = 20.0
STAGES = ("queue", "decode", "process", "store", "publish", "total")

Supply = Callable[[Setting], None]
"""Brings about what a load needs, such as profiles, by way of the program that runs."""


@dataclass(frozen=True)
class Candidate:
    """A program that does the job.

    service  under which name it reports itself; None: it does not, being the plain loop.
    """

    name: str
    module: str
    service: str | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether the others are compared with it."""
        return self.service is None


class Latency(NamedTuple):
    """What one load led to."""

    name: str
    level: str
    rate: float
    waits_ms: list[float]


@dataclass
class Figures:
    """All of one candidate."""

    candidate: Candidate
    ready_s: list[float] = field(default_factory=list)
    ready_mb: float = 0.0
    used_mb: float = 0.0
    most: dict[str, float] = field(default_factory=dict)  # a second, by the load's `what`
    latencies: list[Latency] = field(default_factory=list)
    reports: dict[str, ServiceReport] = field(default_factory=dict)  # by level


def nothing(_: Setting) -> None:
    """Nothing has to be there before."""


def measure_candidate(
    setting: Setting,
    candidate: Candidate,
    loads: Sequence[Load],
    pace: Pace,
    supply: Supply = nothing,
) -> Figures:
    """Light load, the most that is taken, and half of it."""
    figures = Figures(candidate)
    with running(setting, candidate, figures) as process:
        figures.ready_mb = resident_mb(process)
        supply(setting)
        warm_up(setting, loads, pace)
        for load in loads:
            seconds = pace.light_s * load.longer
            put_under(setting, load, load.light, seconds, "light", figures)
        tell(setting, candidate, "light", figures)
        for load in loads:
            figures.most[load.what] = most = saturate(setting, load, pace.saturated_s)
            progress(f"{candidate.name}: {most:.0f} {load.what} a second")
        figures.used_mb = used_mb(setting, candidate, process)
    with running(setting, candidate, figures):
        warm_up(setting, loads, pace)
        for load in loads:
            half = figures.most[load.what] / 2
            put_under(setting, load, half, pace.half_s, "half", figures)
        tell(setting, candidate, "half", figures)
    return figures


@contextmanager
def running(setting: Setting, candidate: Candidate, figures: Figures) -> Iterator[Process]:
    """The candidate, ready."""
    began = time.monotonic()
    with program(setting, "candidate", "-m", candidate.module, **candidate.environment) as process:
        figures.ready_s.append(time.monotonic() - began)
        progress(f"{candidate.name}: ready after {figures.ready_s[-1]:.1f} s")
        yield process


def progress(line: str) -> None:
    """Say where it stands to who waits."""
    print(line, file=sys.stderr, flush=True)


def warm_up(setting: Setting, loads: Sequence[Load], pace: Pace) -> None:
    """The first of everything takes longer, and is not what a day is made of."""
    for load in loads:
        drive(setting, load, WARM_UP_RATE, pace.warm_up)


def put_under(
    setting: Setting, load: Load, rate: float, seconds: float, level: str, figures: Figures
) -> None:
    """Drive, and note what came of it."""
    progress(f"{figures.candidate.name}: {level}, {rate:.3g} {load.what} a second")
    waits = drive(setting, load, rate, max(1, round(rate * seconds)))
    figures.latencies += [Latency(name, level, rate, some) for name, some in waits.items()]


def tell(setting: Setting, candidate: Candidate, level: str, figures: Figures) -> None:
    """Note what a service says of itself."""
    if candidate.service is not None:
        figures.reports[level] = latest_report(setting, candidate.service)


def used_mb(setting: Setting, candidate: Candidate, process: Process) -> float:
    """Memory after the work: as a service reports it, and measured of the plain loop."""
    if candidate.service is None:
        return resident_mb(process)
    return latest_report(setting, candidate.service).memory_mb


def written(all_figures: Sequence[Figures]) -> str:
    """The tables of one comparison."""
    return "\n\n".join(
        [
            latency_table(all_figures),
            cost_table(all_figures),
            "By stage, p50 / p99 ms:",
            stage_table(all_figures),
        ]
    )


def latency_table(all_figures: Sequence[Figures]) -> str:
    """A row for each latency; those at the same rate have how many times less they are."""
    plain = {
        (one.name, one.rate): p50_p99(one.waits_ms)
        for figures in all_figures
        if figures.candidate.is_plain
        for one in figures.latencies
        if one.waits_ms
    }
    rows = [
        [
            figures.candidate.name,
            *latency_cells(
                one, None if figures.candidate.is_plain else plain.get((one.name, one.rate))
            ),
        ]
        for figures in all_figures
        for one in figures.latencies
    ]
    return table(["service", "from … to …", "load", "a second", "n", "p50 ms", "p99 ms"], rows)


def latency_cells(latency: Latency, plain: tuple[float, float] | None) -> list[str]:
    """A row, with ratios to the plain loop's where there is one to compare with."""
    cells = [latency.name, latency.level, f"{latency.rate:.3g}", str(len(latency.waits_ms))]
    if not latency.waits_ms:
        return [*cells, "none", "none"]
    figures = p50_p99(latency.waits_ms)
    beside = plain or (None, None)
    return cells + [
        f"{value:.1f}{times_better(value, other)}"
        for value, other in zip(figures, beside, strict=True)
    ]


def cost_table(all_figures: Sequence[Figures]) -> str:
    """The most a second, the start, the memory."""
    whats = list(all_figures[0].most)
    rows = [
        [
            figures.candidate.name,
            *(f"{figures.most[what]:.0f}" for what in whats),
            *(f"{ready_s:.1f}" for ready_s in figures.ready_s),
            f"{figures.ready_mb:.0f}",
            f"{figures.used_mb:.0f}",
        ]
        for figures in all_figures
    ]
    header = [
        "service",
        *(f"{what} a second at most" for what in whats),
        "ready s, first",
        "ready s, again",
        "MB when ready",
        "MB after the most",
    ]
    return table(header, rows)


def stage_table(all_figures: Sequence[Figures]) -> str:
    """What services reported of their last minute, which holds the warm-up too."""
    names = list(
        dict.fromkeys(
            stage.stage
            for figures in all_figures
            for report in figures.reports.values()
            for stage in report.stages
        )
    )
    names = [*(n for n in STAGES if n in names), *(n for n in names if n not in STAGES)]
    rows = []
    for figures in all_figures:
        for level, report in figures.reports.items():
            times = {one.stage: f"{one.p50_ms:.1f} / {one.p99_ms:.1f}" for one in report.stages}
            rows.append([figures.candidate.name, level, *(times.get(name, "") for name in names)])
    return table(["service", "load", *names], rows)
