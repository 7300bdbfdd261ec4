"""Brokers that die and freeze."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from tests.chaos.cluster import start_together
from tests.chaos.truth import Wrong
from tests.chaos.world import World

# Clients wait up to 5 s to connect and 10 s for an answer before they know.
SHOWS_WITHIN_S = 20.0


@dataclass(frozen=True)
class KillBroker:
    """SIGKILL of one of three, which leaves two to take its place."""

    victim: int
    down_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Kill, wait, start, wait."""
        node = world.cluster.nodes[self.victim]
        with world.truth.wrong(Wrong("one broker killed")):
            node.kill()
            world.struck["brokers killed"] += 1
            time.sleep(self.down_s)
            node.start()
        time.sleep(self.then_s)


@dataclass(frozen=True)
class KillAllBrokers:
    """SIGKILL of all three: nothing can be read or written, and that must show."""

    down_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Kill, wait, start, wait."""
        with world.truth.wrong(Wrong("all brokers killed", shows_within_s=SHOWS_WITHIN_S)):
            for node in world.cluster.nodes:
                node.kill()
                world.struck["brokers killed"] += 1
            time.sleep(self.down_s)
            start_together(world.cluster.nodes)
        time.sleep(self.then_s)


@dataclass(frozen=True)
class FreezeBroker:
    """SIGSTOP of one of three: connections to it stay up, and nobody answers."""

    victim: int
    frozen_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Freeze, wait, wake, wait."""
        pid = world.cluster.nodes[self.victim].pid
        if pid is None:
            return
        with world.truth.wrong(Wrong("one broker frozen")):
            os.killpg(pid, signal.SIGSTOP)
            world.struck["brokers frozen"] += 1
            time.sleep(self.frozen_s)
            os.killpg(pid, signal.SIGCONT)
        time.sleep(self.then_s)
