"""All three services at once on this machine, each at its light load, with broker and Redis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

from benchmarks import news, recommendations, support
from benchmarks.comparing import Candidate, Latency, latency_cells, warm_up
from benchmarks.driving import Load, drive
from benchmarks.memory import latest_report
from benchmarks.pace import Pace
from benchmarks.setting import Setting, champion, program, servers
from benchmarks.shop import shop_items
from benchmarks.tables import table


class Role(NamedTuple):
    """A service, and what is asked of it."""

    service: Candidate
    loads: list[Load]


def measure(pace: Pace) -> str:
    for task in (support.TASK, news.TASK, recommendations.TASK):
        champion(task)  # lest all be started for nothing
    world = news.new_world()
    shopping = recommendations.new_loads(pace.users)
    roles = [
        Role(support.SERVICE, [support.questions()]),
        Role(news.SERVICE, [news.articles(world)]),
        Role(recommendations.SERVICE, [shopping.requests, shopping.events]),
    ]
    with servers() as bare, ExitStack() as stack:
        support.supply(bare)
        setting = recommendations.supply(news.supply(bare), shop_items())
        for role in roles:
            module, environment = role.service.module, role.service.environment
            stack.enter_context(program(setting, module, "-m", module, **environment))
        recommendations.make_profiles(setting, shopping.events, pace.users)
        news.go_by(setting, world)
        for role in roles:
            warm_up(setting, role.loads, pace)
        latencies = drive_all(setting, roles, pace)
        memory = [[r.service.module, f"{memory_mb(setting, r):.0f}"] for r in roles]
    return "\n\n".join(
        [
            table(
                ["service", "from … to …", "load", "a second", "n", "p50 ms", "p99 ms"],
                [[name, *latency_cells(latency, None)] for name, latency in latencies],
            ),
            table(["service", "MB"], memory),
        ]
    )


def drive_all(setting: Setting, roles: list[Role], pace: Pace) -> list[tuple[str, Latency]]:
    """All loads at the same time."""
    pairs = [(role.service.module, load) for role in roles for load in role.loads]

    def go(load: Load) -> list[Latency]:
        count = max(1, round(load.light * pace.light_s * 2))
        waits = drive(setting, load, load.light, count)
        return [Latency(name, "light", load.light, some) for name, some in waits.items()]

    with ThreadPoolExecutor(len(pairs)) as threads:
        found = threads.map(go, [load for _, load in pairs])
        return [
            (module, latency)
            for (module, _), some in zip(pairs, found, strict=True)
            for latency in some
        ]


def memory_mb(setting: Setting, role: Role) -> float:
    """What a service reports."""
    service = role.service.service
    assert service is not None
    return latest_report(setting, service).memory_mb
