"""Replicas that die, freeze, leave and come.

The others may suffer too: who takes over waits for the transaction that was left open.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.chaos.fleet import eventually, ready
from tests.chaos.truth import RECOVERS_WITHIN_S, Wrong
from tests.chaos.world import World


@dataclass(frozen=True)
class KillReplica:
    """SIGKILL; it is started again after a while.

    at_work  whether it is waited for to be ready before; or else it may die while it starts.
    """

    victim: int
    down_s: float
    then_s: float
    at_work: bool = False

    def strike(self, world: World) -> None:
        """Kill, wait, start, wait."""
        replica = world.fleet[self.victim]
        if self.at_work:
            eventually(lambda: ready([replica]), RECOVERS_WITHIN_S)
        with world.truth.wrong(Wrong(f"{replica.name} killed")):
            replica.kill()
            world.struck["services killed"] += 1
            time.sleep(self.down_s)
            replica.spawn()
        time.sleep(self.then_s)


@dataclass(frozen=True)
class FreezeReplica:
    """SIGSTOP for longer than the session timeout, so that others own what it believes its own.

    kills  the replica that is killed in the moment in which the frozen one wakes, if any.
    """

    victim: int
    frozen_s: float
    kills: int | None

    def strike(self, world: World) -> None:
        """Freeze, wait, wake and kill, wait until all are ready again."""
        replica = world.fleet[self.victim]
        with world.truth.wrong(Wrong(f"{replica.name} frozen")):
            replica.freeze()
            world.struck["services frozen"] += 1
            time.sleep(self.frozen_s)
            replica.thaw()
        if self.kills is not None:
            KillReplica(self.kills, down_s=0.2, then_s=0.0).strike(world)
        eventually(lambda: ready(world.fleet), RECOVERS_WITHIN_S)


@dataclass(frozen=True)
class LeaveAndJoin:
    """SIGTERM, and a start soon after: the group rebalances twice."""

    victim: int
    away_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Stop, wait, start, wait."""
        replica = world.fleet[self.victim]
        with world.truth.wrong(Wrong("stopped", of=replica.name)):
            replica.stop()
            world.struck["replicas left and joined"] += 1
            time.sleep(self.away_s)
            replica.spawn()
        time.sleep(self.then_s)


@dataclass(frozen=True)
class Quiet:
    """Nothing goes wrong for a while, and readiness must say so."""

    seconds: float

    def strike(self, world: World) -> None:
        """Wait."""
        time.sleep(self.seconds)
