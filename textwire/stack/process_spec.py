"""What the stack is made of: parts, each a program that is started, watched and stopped."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from textwire.hosts import LOOPBACK, with_port
from textwire.stack.asking_services import NO_ANSWER, fetch

Probe = Callable[[], bool]
"""Whether a part does its work now; answers within about a second."""
Words = Callable[[], str]
"""What is the matter with a part, or nothing; answers within about a second."""

# On loopback an answer takes milliseconds; a busy machine gets some patience.
PROBE_TIMEOUT_S = 1.0
HANGS_AT_MOST_S = 20.0
# A server gets more of it than a service: it takes long to be back, and all wait for it.
SERVER_HANGS_AT_MOST_S = 60.0
METADATA_API, METADATA_VERSION = 3, 1


@dataclass(frozen=True)
class ProcessSpec:
    """A program of the stack.

    environment  is added to the supervisor's own.
    ready        asks whether the part does its work, and lacks, what is missing where it does not.
    hangs        asks what only a restart would help against; nothing, while it is alive.
    hangs_at_most_s   bounds how long that may last before it is killed and started again.
    ready_within_s, stop_within_s   bound how long it may take to start and to stop.
    address      is what a person would connect to.
    may_end      is for work that can be finished: exit status 0 is no reason to start it again.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Probe = lambda: True
    lacks: Words = lambda: ""
    hangs: Words = lambda: ""
    hangs_at_most_s: float = HANGS_AT_MOST_S
    ready_within_s: float = 60.0
    stop_within_s: float = 15.0
    address: str = ""
    may_end: bool = False


def answers_http(port: int, path: str, host: str = LOOPBACK) -> bool:
    """Whether a page answers 200."""
    page = fetch(f"http://{with_port(host, port)}{path}")
    return page is not None and page.status == 200


def answers_redis(host: str, port: int) -> bool:
    """Whether Redis has loaded its data and takes commands."""
    return _redis_says(host, port).startswith((b"+PONG", b"-NOAUTH"))


def redis_hangs(host: str, port: int) -> str:
    """That Redis says nothing at all, not even that it is busy."""
    return "" if _redis_says(host, port) else NO_ANSWER


def answers_kafka(host: str, port: int) -> bool:
    """Whether a broker is registered and serves clients.

    A broker listens a moment before it may serve; only then do its own metadata list it. Asked in
    the wire protocol, because a client library takes longer to connect than the broker to answer.
    """
    brokers = _kafka_says(host, port)
    return brokers is not None and brokers > 0


def kafka_hangs(host: str, port: int) -> str:
    """That the broker says nothing at all, not even that it may not serve yet."""
    return NO_ANSWER if _kafka_says(host, port) is None else ""


def _redis_says(host: str, port: int) -> bytes:
    try:
        with socket.create_connection((host, port), PROBE_TIMEOUT_S) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64)
    except OSError:
        return b""


def _kafka_says(host: str, port: int) -> int | None:
    """How many brokers it knows of; None where it does not answer."""
    request = struct.pack(">hhihi", METADATA_API, METADATA_VERSION, 0, -1, 0)  # of no topics
    try:
        with socket.create_connection((host, port), PROBE_TIMEOUT_S) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return _brokers_listed(connection)
    except (OSError, struct.error):
        return None


def _brokers_listed(connection: socket.socket) -> int:
    """The count after the length and the correlation id of a metadata response."""
    connection.settimeout(PROBE_TIMEOUT_S)
    head = b""
    while len(head) < 12 and (received := connection.recv(12 - len(head))):
        head += received
    _length, _correlation, brokers = struct.unpack(">iii", head)
    return int(brokers)
