"""Three real brokers that replicate to one another, each also reachable through a proxy."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.loopback import LOOPBACK
from tests.chaos.proxy import TcpProxy
from textwire.stack.jars import kafka_jars
from textwire.stack.java import find_java
from textwire.stack.kafka import KafkaServer
from textwire.stack.ports import free_port

NODES = (1, 2, 3)
# 180 MB resident each, as one node has; so small a heap is collected often, and bears it.
HEAP_MB = 192
REPLICATED = {
    "default.replication.factor": 3,
    "min.insync.replicas": 2,
    "offsets.topic.replication.factor": 3,
    "transaction.state.log.replication.factor": 3,
    "transaction.state.log.min.isr": 2,
    "share.coordinator.state.topic.replication.factor": 3,
    "share.coordinator.state.topic.min.isr": 2,
    # By default 30 s: so long a write would wait for a replica that is frozen.
    "replica.lag.time.max.ms": 5000,
    "controller.quorum.fetch.timeout.ms": 1500,
    "controller.quorum.election.timeout.ms": 750,
    # What was away a while leads again soon, so that each kill hits a leader.
    "leader.imbalance.check.interval.seconds": 5,
    # As long ago or ahead as a question may say it was written: judging that is the reader's work.
    # Of what services write, the topics are told by themselves.
    "log.message.timestamp.before.max.ms": 2**63 - 1,
    "log.message.timestamp.after.max.ms": 2**63 - 1,
}


@dataclass(frozen=True)
class Ports:
    """Where one node listens: to clients, to clients behind the proxy, to other controllers."""

    direct: int
    behind: int
    controller: int

    @classmethod
    def free(cls) -> Ports:
        """Three that nobody has."""
        return cls(free_port(LOOPBACK), free_port(LOOPBACK), free_port(LOOPBACK))


class ClusterNode(KafkaServer):
    """A broker and controller, one of three.

    A client goes to the addresses that brokers advertise, so those who are to come through the
    proxy have a listener of their own, which advertises the proxy.
    """

    def __init__(
        self,
        data_dir: Path,
        number: int,
        ports: Ports,
        *,
        cluster_id: str,
        voters: str,
        proxy: TcpProxy,
        jars: Sequence[Path],
    ) -> None:
        super().__init__(
            data_dir,
            port=ports.direct,
            jars=jars,
            java=find_java(),
            host=LOOPBACK,
            heap_mb=HEAP_MB,
        )
        self.number, self.proxy = number, proxy
        self._ports, self._id, self._voters = ports, cluster_id, voters

    def _cluster_id(self) -> str:
        return self._id

    def _settings(self) -> dict[str, object]:
        return {
            **super()._settings(),
            **REPLICATED,
            "node.id": self.number,
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": (
                "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT"
            ),
        }

    def _addresses(self) -> dict[str, str]:
        ports = self._ports
        return {
            "listeners": (
                f"PLAINTEXT://{LOOPBACK}:{ports.direct},PROXIED://{LOOPBACK}:{ports.behind},"
                f"CONTROLLER://{LOOPBACK}:{ports.controller}"
            ),
            "advertised.listeners": (
                f"PLAINTEXT://{LOOPBACK}:{ports.direct},PROXIED://{LOOPBACK}:{self.proxy.port}"
            ),
            "controller.quorum.voters": self._voters,
        }


@dataclass(frozen=True)
class Cluster:
    """The running brokers."""

    nodes: tuple[ClusterNode, ...]

    @property
    def bootstrap_servers(self) -> str:
        """Their addresses."""
        return ",".join(node.bootstrap_servers for node in self.nodes)

    @property
    def proxied_servers(self) -> str:
        """Their addresses through the proxies."""
        return ",".join(f"{LOOPBACK}:{node.proxy.port}" for node in self.nodes)

    def mend(self) -> None:
        """Start what is dead, and open every proxy."""
        for node in self.nodes:
            node.proxy.open()
        start_together([node for node in self.nodes if not node.running])


@contextmanager
def three_brokers(folder: Path) -> Iterator[Cluster]:
    """A cluster, ready, with its data below a folder; stopped at the end.

    Raises: StackError: a node could not start.
    """
    cluster = _make(folder)
    try:
        start_together(cluster.nodes)
        yield cluster
    finally:
        for node in cluster.nodes:
            node.kill()
            node.proxy.close()


def start_together(nodes: Sequence[ClusterNode]) -> None:
    """Start nodes, none of which is ready before it finds another."""
    with ThreadPoolExecutor(len(NODES)) as pool:
        list(pool.map(ClusterNode.spawn, nodes))
    for node in nodes:
        node.wait_until_ready()


def _make(folder: Path) -> Cluster:
    ports = {number: Ports.free() for number in NODES}
    voters = ",".join(f"{n}@{LOOPBACK}:{p.controller}" for n, p in ports.items())
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    jars = kafka_jars()
    return Cluster(
        tuple(
            ClusterNode(
                folder / f"broker-{number}",
                number,
                ports[number],
                cluster_id=cluster_id,
                voters=voters,
                proxy=TcpProxy(ports[number].behind),
                jars=jars,
            )
            for number in NODES
        )
    )
