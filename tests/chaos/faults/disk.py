"""Disks that are full."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.chaos.disks import clear, fill
from tests.chaos.faults.stores import SHOWS_WITHIN_S
from tests.chaos.truth import Wrong
from tests.chaos.world import World


@dataclass(frozen=True)
class FillRedisDisk:
    """Redis cannot append to its file and ends, since it promised what it wrote; with room it is
    started again, with all that it had."""

    seconds: float
    then_s: float

    def strike(self, world: World) -> None:
        """Fill, wait, make room, start, wait."""
        with world.truth.wrong(Wrong("disk of Redis full", shows_within_s=SHOWS_WITHIN_S)):
            fill(world.valkey.home)
            world.struck["disks full"] += 1
            time.sleep(self.seconds)
            clear(world.valkey.home)
            world.valkey.start()
            world.let_us_in()
        time.sleep(self.then_s)


@dataclass(frozen=True)
class FillBrokerDisk:
    """A broker cannot append to its log and ends; two are left. With room it is started again."""

    victim: int
    seconds: float
    then_s: float

    def strike(self, world: World) -> None:
        """Fill, wait, make room, start, wait."""
        node = world.cluster.nodes[self.victim]
        with world.truth.wrong(Wrong("disk of one broker full")):
            fill(node.home)
            world.struck["disks full"] += 1
            time.sleep(self.seconds)
            clear(node.home)
            node.kill()
            node.start()
        time.sleep(self.then_s)
