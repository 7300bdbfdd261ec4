"""What the three services must bear, with tiny models."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.chaos.faults import Fault
from tests.chaos.faults.brokers import KillBroker
from tests.chaos.faults.champions import BadChampion, GoodChampion
from tests.chaos.faults.processes import KillReplica
from tests.chaos.faults.stores import KillRedis
from tests.chaos.models import TASKS, Bad
from tests.chaos.scenario import Scenario
from tests.chaos.scenarios.stream import BROKERS, REPLICAS, freeze, only_the_backlog
from tests.chaos.subjects.applications import Applications

BACKLOG = 100_000
# Topics on which records of one task are sent: of recommendations, requests and events.
INPUTS = {"support-qa": 1, "sentiment": 1, "recommendations": 2}
SMALL_BUFFER = {"TEXTWIRE_STREAM_MAX_BUFFERED_RECORDS": "64"}


def replicas_of(service: int) -> Sequence[int]:
    """Their places in a fleet of all services."""
    return range(service * REPLICAS, (service + 1) * REPLICAS)


def everything(dice: Random) -> list[Fault]:
    """Freezes and kills of replicas, a broker and Redis, each of the services in its turn."""
    faults: list[Fault] = []
    for service in range(len(TASKS)):
        own = replicas_of(service)
        faults += [freeze(dice, own) for _ in range(4)]
        faults += [KillReplica(dice.choice(own), 0.2, dice.uniform(0.5, 2.0)) for _ in range(4)]
        faults += [KillBroker(dice.randrange(BROKERS), 2.0, 3.0), KillRedis(2.0, 3.0)]
    dice.shuffle(faults)
    return faults


def champions(dice: Random) -> list[Fault]:
    """Good ones, and one of each bad kind, for each task."""
    faults: list[Fault] = []
    for service, task in enumerate(TASKS):
        faults.append(GoodChampion(task, "v2", 6.0))
        faults += [
            BadChampion(task, f"bad-{how.name.lower()}", how, dice.choice(replicas_of(service)), 15)
            for how in Bad
        ]
        faults.append(GoodChampion(task, "v3", 6.0))
    return faults


def backlog(task: str, buffer: str, settings: dict[str, str]) -> Scenario:
    """So much on each input topic of a service before it starts."""
    return Scenario(
        f"backlog-{task}{'-small-buffer' if settings else ''}",
        f"{BACKLOG:,} records wait on each input topic of {task}; {buffer}.",
        only_the_backlog,
        subject=Applications(task),
        per_s=20.0,
        backlog=BACKLOG * INPUTS[task],
        settings=settings,
        numbered=False,
        answered_within_s=1200.0,
    )


APPLICATIONS = (
    Scenario(
        "applications",
        "Three replicas of each service; replicas freeze, and all kinds of processes are killed.",
        everything,
        subject=Applications(),
        per_s=40.0,
        numbered=False,
    ),
    Scenario(
        "champions",
        "Champions are moved to good versions and to bad ones of every kind.",
        champions,
        subject=Applications(),
        per_s=20.0,
        numbered=False,
    ),
    *(
        backlog(task, buffer, settings)
        for buffer, settings in (("the default settings", {}), ("buffers of 64", SMALL_BUFFER))
        for task in TASKS
    ),
)
