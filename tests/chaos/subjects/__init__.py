"""What is put to the test: a service, what is sent to it, and how it is seen what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Protocol

from tests.chaos.arrivals import Reads
from tests.chaos.bad_records import Mixture
from tests.chaos.fleet import Replica
from tests.chaos.load import Sending
from tests.chaos.verdict import Verdict
from tests.chaos.world import World
from textwire.wire.topic import Topic


class Subject(Protocol):
    """One service, or several."""

    @property
    def topics(self) -> Sequence[Topic]:
        """All that are needed."""
        ...

    @property
    def reads(self) -> Reads:
        """How its answers are read."""
        ...

    def prepare(self, world: World) -> None:
        """Make what it needs besides the topics."""
        ...

    def replicas(self, world: World, count: int, settings: Mapping[str, str]) -> list[Replica]:
        """So many of each service, not started; the first may be behind the proxy."""
        ...

    def sendings(self, dice: Random, mixture: Mixture) -> Iterator[Sending]:
        """Records without end."""
        ...

    def unseen(self, world: World) -> int:
        """How many records, of those whose results no topic shows, are not done yet."""
        ...

    def judge_redis(self, world: World, verdict: Verdict) -> None:
        """Compare what stands in Redis with what was sent."""
        ...
