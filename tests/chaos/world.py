"""What a scenario acts upon: brokers, Redis, the replicas of the service, and the truth of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import redis

from tests.chaos.cluster import Cluster, three_brokers
from tests.chaos.disks import SmallDisks
from tests.chaos.fleet import Fleet
from tests.chaos.ledger import Ledger
from tests.chaos.truth import Truth
from textwire.settings import KafkaSettings
from textwire.stack.servers import start_valkey
from textwire.stack.valkey import ValkeyServer

# The harness's own user of Redis, whom no fault locks out.
OWN_USER, OWN_PASSWORD = "chaos", "chaos"
REPLICATION_FACTOR = 3
REDIS_DISK_MB, BROKER_DISK_MB = 64, 512


@dataclass
class World:
    """One scenario's servers and services.

    struck  how often each fault was injected.
    """

    folder: Path
    cluster: Cluster
    valkey: ValkeyServer
    fleet: Fleet = field(default_factory=Fleet)
    truth: Truth = field(default_factory=Truth)
    ledger: Ledger = field(default_factory=Ledger)
    struck: Counter[str] = field(default_factory=Counter)
    load_paused: Event = field(default_factory=Event)

    @property
    def models(self) -> Path:
        """The registry of models."""
        return self.folder / "models"

    @property
    def kafka(self) -> KafkaSettings:
        """The brokers' addresses, and three copies of each topic."""
        return KafkaSettings(
            bootstrap_servers=self.cluster.bootstrap_servers,
            replication_factor=REPLICATION_FACTOR,
        )

    @cached_property
    def redis(self) -> redis.Redis:
        """A connection of the harness's own."""
        return redis.Redis(
            port=self.valkey.port, username=OWN_USER, password=OWN_PASSWORD, socket_timeout=10
        )

    def environment(self, *, proxied: bool = False) -> Mapping[str, str]:
        """Where a service finds everything."""
        cluster = self.cluster
        return {
            "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": (
                cluster.proxied_servers if proxied else cluster.bootstrap_servers
            ),
            "TEXTWIRE_KAFKA_REPLICATION_FACTOR": str(REPLICATION_FACTOR),
            "TEXTWIRE_REDIS_URL": self.valkey.url,
            "TEXTWIRE_STACK_DATA_DIR": str(self.folder),
            "TEXTWIRE_MODELS_REGISTRY": str(self.models),
        }

    def let_us_in(self) -> None:
        """Give the harness a user of its own in Redis; what is wiped forgets it."""
        with redis.Redis(port=self.valkey.port, socket_timeout=10) as anyone:
            anyone.execute_command(
                "ACL", "SETUSER", OWN_USER, "on", f">{OWN_PASSWORD}", "~*", "&*", "+@all"
            )

    def mend(self) -> None:
        """Bring back whatever a fault left away."""
        self.cluster.mend()
        self.valkey.start()
        for replica in self.fleet:
            if not replica.wanted:
                replica.spawn()


@contextmanager
def new_world(*, small_disks: bool = False) -> Iterator[World]:
    """Three brokers and a Redis, in a folder of their own, gone at the end.

    Args: small_disks: Redis and the first broker have disks of their own, which can be filled.
    """
    with TemporaryDirectory(prefix="chaos-") as place, SmallDisks() as disks:
        folder = Path(place)
        if small_disks:
            disks.mount(folder / "redis", REDIS_DISK_MB)
            disks.mount(folder / "broker-1" / "kafka", BROKER_DISK_MB)
        with three_brokers(folder) as cluster:
            valkey = start_valkey(folder)
            world = World(folder, cluster, valkey)
            try:
                world.let_us_in()
                yield world
            finally:
                world.fleet.end()
                valkey.kill()
