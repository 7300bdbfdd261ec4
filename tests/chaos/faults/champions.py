"""Champions that are moved, to good versions and to bad ones."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tests.chaos.faults.processes import KillReplica
from tests.chaos.models import Bad, champion, promote_bad, register_champion
from tests.chaos.truth import Wrong
from tests.chaos.world import World

# The alias is looked at once a second; loading and trying a model takes a few on a busy machine.
SHOWS_WITHIN_S = 10.0


@dataclass(frozen=True)
class GoodChampion:
    """A new version is champion: it is served soon, and nothing is wrong meanwhile."""

    task: str
    version: str
    then_s: float

    def strike(self, world: World) -> None:
        """Register, promote, wait."""
        register_champion(world.models, self.task, self.version)
        world.struck["good champions"] += 1
        time.sleep(self.then_s)


@dataclass(frozen=True)
class BadChampion:
    """A version that cannot be used is champion: the old one is served on, and that is told.

    restarts  the replica that is killed meanwhile; it must come back with the last good version.
    """

    task: str
    version: str
    how: Bad
    restarts: int
    seconds: float

    def strike(self, world: World) -> None:
        """Promote, kill one, wait, promote what was good."""
        good = champion(world.models, self.task)
        concerned = [one for one in world.fleet if one.task == self.task]
        wrongs = [
            world.truth.began(Wrong("bad champion", one.name, SHOWS_WITHIN_S, tells=self.version))
            for one in concerned
        ]
        promote_bad(world.models, self.task, self.version, self.how)
        world.struck["bad champions"] += 1
        KillReplica(self.restarts, down_s=0.5, then_s=self.seconds).strike(world)
        register_champion(world.models, self.task, f"{good}.again.{self.version}")
        for wrong in wrongs:
            wrong.ended = time.monotonic()
        time.sleep(SHOWS_WITHIN_S)
