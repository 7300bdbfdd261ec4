"""The sample world under three replicas of each service, one frozen every minute; then it counts.

`python -m tests.chaos.soak [MINUTES]`: an hour, unless told otherwise. The models are this
checkout's champions, if `make up` made them, or else tiny ones.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from benchmarks.soak import counts, dead_letters
from benchmarks.tables import conditions, table
from tests.chaos.faults.processes import FreezeReplica
from tests.chaos.fleet import ROOT, Replica, eventually, ready
from tests.chaos.models import TASKS, register_first
from tests.chaos.readiness import Observer, false_seconds
from tests.chaos.report import PAGE, write_section
from tests.chaos.scenarios.stream import REPLICAS
from tests.chaos.subjects.applications import Applications
from tests.chaos.truth import Wrong
from tests.chaos.world import World, new_world
from textwire.results.redis import RedisResults
from textwire.settings import StreamSettings
from textwire.stream.kafka.connecting import create_topics
from textwire.wire.registry import TOPICS

EVERY_S = 60.0
READY_WITHIN_S = 300.0
SETTLES_WITHIN_S = 180.0
TITLE = "An hour with freezes"
CHAMPIONS = ROOT / ".textwire" / "models"
MISSING, DOUBLED = 3, 4
WITH_PUSHES = {"TEXTWIRE_RECOMMENDATIONS_PUSH": "true"}


def main(minutes: float, seed: int = 1) -> int:
    """Run it, and write its section of the page.

    Returns: 0 where as much came out as went in.
    """
    with new_world() as world, _addresses_of(world):
        create_topics(TOPICS.values(), world.kafka)
        models = _make_models(world.models)
        world.fleet.add(Applications().replicas(world, REPLICAS, WITH_PUSHES))
        observer = Observer(world.fleet, world.ledger)
        feeder = Replica(world.folder / "logs", "samples", 0, ("-m", "textwire", "feed", "samples"),
                         world.environment())  # fmt: skip
        with world.truth.wrong(Wrong("started", recovers_within_s=READY_WITHIN_S)):
            feeder.spawn()
            world.fleet.start()
        observer.start()
        eventually(lambda: ready(world.fleet), READY_WITHIN_S)
        _freeze_every_minute(world, minutes, Random(seed))
        feeder.stop()
        rows = _settled_counts(world)
        observer.stop()
        false = len(false_seconds(observer.observations, world.truth))
        parts = [
            f"{minutes:g} minutes of the sample world, {models}, three replicas of each service, "
            f"{world.struck['services frozen']} freezes past the session timeout. {conditions()}",
            table(["what", "in", "out", "missing", "doubled"], rows),
            table(["dead letters on", "records"], dead_letters()),
            f"{false} of {len(observer.observations)} seconds of readiness were false; "
            f"{world.fleet.ended_by_themselves.total()} replicas ended by themselves.",
        ]
    write_section(TITLE, "\n\n".join(parts))
    print("\n\n".join(parts), f"written to {PAGE}", sep="\n\n")
    return int(_open(rows) > 0)


def _freeze_every_minute(world: World, minutes: float, dice: Random) -> None:
    session_s = StreamSettings().session_timeout_ms / 1000
    ends_at = time.monotonic() + minutes * 60
    while (due := time.monotonic() + EVERY_S) <= ends_at:
        victim = dice.randrange(len(world.fleet))
        FreezeReplica(victim, session_s + dice.uniform(1.0, 4.0), kills=None).strike(world)
        time.sleep(max(0.0, due - time.monotonic()))


def _settled_counts(world: World) -> list[list[object]]:
    """What went in and came out, once it is the same or its time is over."""
    store = RedisResults(world.redis)
    eventually(lambda: _open(counts(store)) == 0, SETTLES_WITHIN_S, every_s=10.0)
    return counts(store)


def _open(rows: list[list[object]]) -> int:
    cells = [row[column] for row in rows for column in (MISSING, DOUBLED)]
    return sum(cell for cell in cells if isinstance(cell, int))


def _make_models(root: Path) -> str:
    if CHAMPIONS.is_dir():
        shutil.copytree(CHAMPIONS, root)
        return "the models of a first start"
    for task in TASKS:
        register_first(root, task)
    return "tiny models"


@contextmanager
def _addresses_of(world: World) -> Iterator[None]:
    """What counts reads the addresses from the environment, as every command does."""
    before = dict(os.environ)
    os.environ.update(world.environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
