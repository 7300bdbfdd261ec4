"""Ports: the wished one where it is free, another where it is not."""

from __future__ import annotations

import secrets
import socket
from collections import deque

from textwire.errors import PortTaken
from textwire.hosts import LOOPBACK, family_of

# Below what systems give to outgoing connections, so that none of those takes the port before its
# server does, nor while the server is away for a moment.
FREE_PORTS = range(20_000, 30_000)
# Whoever was given one may not listen on it yet: Kafka asks for two before it starts.
_given: deque[int] = deque(maxlen=1_000)


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(family_of(host)) as probe:
        # As servers do: a port whose last connections linger after a stop counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(host: str = LOOPBACK) -> int:
    """A port that was free a moment ago, and that this process did not just give to another.

    Other programs may take it meanwhile: who uses it must be ready to try another.

    Raises: PortTaken: all are taken.
    """
    for _ in FREE_PORTS:
        port = secrets.choice(FREE_PORTS)
        if port not in _given and is_free(port, host):
            _given.append(port)
            return port
    raise PortTaken(f"No port from {FREE_PORTS.start} to {FREE_PORTS.stop} is free on {host}.")


def choose_port(wished: int | None, host: str = LOOPBACK) -> int:
    """The wished port, or a free one when it is taken or none is wished."""
    return wished if wished and is_free(wished, host) else free_port(host)
