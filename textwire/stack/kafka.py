"""The real Apache Kafka, one node, run on the Java that is here."""

from __future__ import annotations

import base64
import subprocess
import uuid
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textwire.errors import StackError
from textwire.file_rights import owner_only
from textwire.hosts import LOOPBACK, loopback_beside, reached_at, with_port
from textwire.stack.java import Java
from textwire.stack.logs import log_path
from textwire.stack.ports import free_port
from textwire.stack.process import Process
from textwire.stack.process_spec import (
    SERVER_HANGS_AT_MOST_S,
    ProcessSpec,
    answers_kafka,
    kafka_hangs,
)
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES

LOG4J = Path(__file__).with_name("log4j2.properties")
# The client C1 compiles fast and small; a broker of this size gains nothing from C2.
JVM_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
# A dead letter's headers and the batch around it come on top of its bytes.
MESSAGE_MAX_BYTES = DEAD_LETTER_MAX_BYTES + 64 * 1024


class KafkaServer(Process):
    """A broker that is also its own controller, with its data in `<data_dir>/kafka`.

    `kill()` and `start()` bring it back on the same port with the same data.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int,
        jars: Sequence[Path],
        java: Java,
        host: str = LOOPBACK,
        heap_mb: int = 256,
    ) -> None:
        self.home = data_dir.absolute() / "kafka"
        self.host, self.port = host, port
        self._jvm = _jvm(java, jars, heap_mb)
        self.bootstrap_servers = with_port(reached_at(host), port)
        part = ProcessSpec(
            name="kafka",
            command=(*self._jvm, "kafka.Kafka", str(self._settings_file)),
            ready=partial(answers_kafka, reached_at(host), port),
            hangs=partial(kafka_hangs, reached_at(host), port),
            hangs_at_most_s=SERVER_HANGS_AT_MOST_S,
            ready_within_s=60.0,
            stop_within_s=10.0,
            address=self.bootstrap_servers,
        )
        super().__init__(part, log_path(data_dir, "kafka"))

    @owner_only()
    def spawn(self) -> None:
        """Start it, without waiting; the first time, format its storage before.

        Raises: StackError: its folder cannot be written or its storage not be formatted.
        """
        if self.running:
            return
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self._settings_file.write_text(self._settings_text(), encoding="utf-8")
        except OSError as error:
            raise StackError(
                f"Kafka's folder {self.home} cannot be written: {error}. "
                "Make room, or name another folder with --data-dir."
            ) from error
        if not self._formatted:
            self._format()
        super().spawn()

    @property
    def _settings_file(self) -> Path:
        return self.home / "server.properties"

    @property
    def _formatted(self) -> bool:
        return (self.home / "records" / "meta.properties").exists()

    def _format(self) -> None:
        # In one word with its option: an id may begin with `-`, one in 64 does.
        cluster = f"--cluster-id={self._cluster_id()}"
        format_storage = ("kafka.tools.StorageTool", "format", cluster, "-c")
        told = subprocess.run(
            [*self._jvm, *format_storage, str(self._settings_file)], capture_output=True, text=True
        )
        if told.returncode != 0:
            raise StackError(
                f"Kafka's storage in {self.home} cannot be formatted:\n{told.stdout}{told.stderr}"
            )

    def _cluster_id(self) -> str:
        """Of the cluster that this node begins; nodes of one cluster have the same."""
        return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")

    def _settings_text(self) -> str:
        return "".join(f"{name}={value}\n" for name, value in self._settings().items())

    def _settings(self) -> dict[str, object]:
        return {**_broker_settings(), **self._addresses(), "log.dirs": self.home / "records"}

    def _addresses(self) -> dict[str, str]:
        loopback = loopback_beside(self.host)
        controller = with_port(loopback, free_port(loopback))
        listening = with_port(self.host, self.port)
        return {
            "listeners": f"PLAINTEXT://{listening},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap_servers}",
            "controller.quorum.voters": f"1@{controller}",
        }


def _jvm(java: Java, jars: Sequence[Path], heap_mb: int) -> tuple[str, ...]:
    classpath = ":".join(str(jar) for jar in jars)
    logging = f"-Dlog4j2.configurationFile={LOG4J.as_uri()}"
    return (str(java.path), f"-Xmx{heap_mb}m", *JVM_OPTIONS, logging, "-cp", classpath)


def _broker_settings() -> dict[str, object]:
    """One node: nothing is replicated, nothing waits for others."""
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "auto.create.topics.enable": "false",
        "default.replication.factor": 1,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        # By default it is looked every 10 s whether a transaction has timed out; until then its
        # partitions stand.
        "transaction.abort.timed.out.transaction.cleanup.interval.ms": 1000,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        "group.min.session.timeout.ms": 1000,
        # A killed broker is forgotten after 2 s, or else it is refused for 10 s when it returns.
        "broker.session.timeout.ms": 2000,
        "broker.heartbeat.interval.ms": 500,
        "message.max.bytes": MESSAGE_MAX_BYTES,
        "replica.fetch.max.bytes": MESSAGE_MAX_BYTES,
        # 128 MB by default, half of our heap; 4 MB compact 170,000 keys in one pass.
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
    }
