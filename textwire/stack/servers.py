"""Kafka and Redis, started together: for `textwire up` and for the tests alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from textwire.errors import StackError
from textwire.hosts import LOOPBACK
from textwire.stack.jars import kafka_jars
from textwire.stack.java import Java, find_java
from textwire.stack.kafka import KafkaServer
from textwire.stack.ports import choose_port, is_free
from textwire.stack.process import Process
from textwire.stack.valkey import ValkeyServer

P = TypeVar("P", bound=Process)
# Another program may take a port between our look and our use; thrice in a row is no accident.
PORT_TRIES = 3


@dataclass(frozen=True)
class EmbeddedServers:
    """The running servers."""

    kafka: KafkaServer
    valkey: ValkeyServer

    @property
    def bootstrap_servers(self) -> str:
        """The broker's address."""
        return self.kafka.bootstrap_servers

    @property
    def redis_url(self) -> str:
        """Redis's address."""
        return self.valkey.url


@contextmanager
def embedded_servers(
    data_dir: Path, *, kafka_port: int | None = None, redis_port: int | None = None
) -> Iterator[EmbeddedServers]:
    """Both servers, ready, with their data below `data_dir`; stopped at the end.

    Args:   kafka_port, redis_port: wished; another is taken when they are not free or not given.
    Raises: StackError: one could not start.
    """
    kafka, valkey = None, None
    try:
        valkey = start_valkey(data_dir, redis_port)
        kafka = start_kafka(data_dir, kafka_port)
        yield EmbeddedServers(kafka, valkey)
    finally:
        for server in (kafka, valkey):
            if server:
                server.stop()


def start_valkey(
    data_dir: Path, wished_port: int | None = None, *, host: str = LOOPBACK
) -> ValkeyServer:
    """Redis, ready, on the wished port or a free one."""
    return _start(lambda port: ValkeyServer(data_dir, port=port, host=host), wished_port, host)


def start_kafka(
    data_dir: Path,
    wished_port: int | None = None,
    *,
    jars: Sequence[Path] | None = None,
    java: Java | None = None,
    host: str = LOOPBACK,
    heap_mb: int = 256,
) -> KafkaServer:
    """Kafka, ready, on the wished port or a free one; fetched first where it is not here yet."""
    found_jars, found_java = jars or kafka_jars(), java or find_java()

    def server(port: int) -> KafkaServer:
        return KafkaServer(
            data_dir, port=port, jars=found_jars, java=found_java, host=host, heap_mb=heap_mb
        )

    return _start(server, wished_port, host)


def _start(server_on: Callable[[int], P], wished: int | None, host: str = LOOPBACK) -> P:
    for tries_left in reversed(range(PORT_TRIES)):
        port = choose_port(wished, host)
        server = server_on(port)
        try:
            server.start()
        except StackError:
            if is_free(port, host) or not tries_left:
                raise
        else:
            return server
    raise AssertionError("the last try returns or raises")
