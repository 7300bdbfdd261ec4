"""The network between one replica and the brokers: cut, stalled, swallowing, slow."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import Enum

from tests.chaos.proxy import TcpProxy
from tests.chaos.truth import Wrong
from tests.chaos.world import World

# Connections that are up and dead are noticed when a request has no answer: after 10 to 30 s.
SHOWS_WITHIN_S = 40.0
# Whoever takes over what a replica had in a transaction waits until Kafka has ended that.
TRANSACTION_OPEN = "assignment: Kafka does not say yet where the group goes on"


class Trouble(Enum):
    """What befalls the connections."""

    CUT = "cut"
    STALLED = "stalled"
    SWALLOWING = "half open"
    SLOW = "slow"


@dataclass(frozen=True)
class TroubleNetwork:
    """Between the replica behind the proxy and so many of the brokers."""

    what: Trouble
    brokers: tuple[int, ...]
    seconds: float
    then_s: float

    def strike(self, world: World) -> None:
        """Make trouble, wait, mend it, wait."""
        nodes = [world.cluster.nodes[number] for number in self.brokers]
        cut_off = len(nodes) == len(world.cluster.nodes) and self.what is not Trouble.SLOW
        wrong = Wrong(
            f"network {self.what.value}",
            of=world.fleet[0].name,
            shows_within_s=SHOWS_WITHIN_S if cut_off else None,
            touches_others=TRANSACTION_OPEN,
        )
        with world.truth.wrong(wrong):
            for node in nodes:
                self._trouble(node.proxy)
            world.struck[f"network {self.what.value}"] += 1
            time.sleep(self.seconds)
            for node in nodes:
                node.proxy.open()
        time.sleep(self.then_s)

    def _trouble(self, proxy: TcpProxy) -> None:
        match self.what:
            case Trouble.CUT:
                proxy.cut()
            case Trouble.STALLED:
                proxy.stall()
            case Trouble.SWALLOWING:
                proxy.swallow()
            case Trouble.SLOW:
                proxy.delay(0.3)
