"""What the stack is made of: parts, each a program that is started, watched and stopped."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from textwire.hosts import LOOPBACK

Probe = Callable[[], bool]
"""Whether a part does its work now; answers within about a second."""

# On loopback an answer takes milliseconds; a busy machine gets some patience.
PROBE_TIMEOUT_S = 1.0
METADATA_API, METADATA_VERSION = 3, 1


@dataclass(frozen=True)
class Part:
    """A program of the stack.

    environment  is added to the supervisor's own.
    ready        asks whether the part does its work.
    ready_within_s, stop_within_s   bound how long it may take to start and to stop.
    address      is what a person would connect to.
    may_end      is for work that can be finished: exit status 0 is no reason to start it again.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Probe = lambda: True
    ready_within_s: float = 60.0
    stop_within_s: float = 15.0
    address: str = ""
    may_end: bool = False


def answers_http(port: int, path: str, host: str = LOOPBACK) -> bool:
    """Whether a page answers 200."""
    connection = HTTPConnection(host, port, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def answers_redis(host: str, port: int) -> bool:
    """Whether Redis has loaded its data and takes commands."""
    try:
        with socket.create_connection((host, port), PROBE_TIMEOUT_S) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False


def answers_kafka(host: str, port: int) -> bool:
    """Whether a broker is registered and serves clients.

    A broker listens a moment before it may serve; only then do its own metadata list it. Asked in
    the wire protocol, because a client library takes longer to connect than the broker to answer.
    """
    request = struct.pack(">hhihi", METADATA_API, METADATA_VERSION, 0, -1, 0)  # of no topics
    try:
        with socket.create_connection((host, port), PROBE_TIMEOUT_S) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            return _brokers_listed(connection) > 0
    except (OSError, struct.error):
        return False


def _brokers_listed(connection: socket.socket) -> int:
    """The count after the length and the correlation id of a metadata response."""
    connection.settimeout(PROBE_TIMEOUT_S)
    head = b""
    while len(head) < 12 and (received := connection.recv(12 - len(head))):
        head += received
    _length, _correlation, brokers = struct.unpack(">iii", head)
    return int(brokers)
