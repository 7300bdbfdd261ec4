"""Topics that change under running services."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import kafka
from kafka.admin import ConfigResource, ConfigResourceType

from tests.chaos.fleet import eventually
from tests.chaos.truth import Wrong
from tests.chaos.world import World
from textwire.stream.kafka.connecting import client_settings, create_topics
from textwire.wire.topic import Topic

GONE_WITHIN_S = 20.0


@dataclass(frozen=True)
class AddPartitions:
    """A topic gets more partitions; services must read them all."""

    topic: Topic
    total: int
    then_s: float

    def strike(self, world: World) -> None:
        """Add, wait."""
        with world.truth.wrong(Wrong("partitions added")):
            _asking(world, lambda admin: admin.create_partitions({self.topic.name: self.total}))
            world.struck["partitions added"] += 1
        time.sleep(self.then_s)


@dataclass(frozen=True)
class MakeAnew:
    """A topic is deleted and made anew: its offsets begin at 0 again, with other records."""

    topic: Topic
    then_s: float
    answered_within_s: float = 60.0

    def strike(self, world: World) -> None:
        """Wait until nothing is open, delete, make, wait. The load pauses meanwhile."""
        world.load_paused.set()
        eventually(lambda: not world.ledger.waiting(), self.answered_within_s)
        with world.truth.wrong(Wrong("topic made anew")):
            _asking(world, lambda admin: admin.delete_topics([self.topic.name]))
            eventually(lambda: not self._is_there(world), GONE_WITHIN_S)
            create_topics([self.topic], world.kafka)
            world.ledger.generation += 1
            world.struck["topics made anew"] += 1
        time.sleep(1.0)
        world.load_paused.clear()
        time.sleep(self.then_s)

    def _is_there(self, world: World) -> bool:
        return self.topic.name in _asking(world, lambda admin: admin.list_topics())


@dataclass(frozen=True)
class Recompress:
    """Brokers compress what they store of a topic in another way, whoever sent it."""

    topic: Topic
    codec: str
    then_s: float

    def strike(self, world: World) -> None:
        """Change it, wait."""
        resource = ConfigResource(
            ConfigResourceType.TOPIC, self.topic.name, {"compression.type": self.codec}
        )
        _asking(world, lambda admin: admin.alter_configs([resource]))
        world.struck["compression changed"] += 1
        time.sleep(self.then_s)


def _asking(world: World, question: Callable[[Any], Any]) -> Any:
    admin = kafka.KafkaAdminClient(**client_settings(world.kafka))
    try:
        return question(admin)
    finally:
        admin.close()
