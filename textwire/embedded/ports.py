"""Ports: the wished one where it is free, another where it is not."""

from __future__ import annotations

import socket


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(_family(host)) as probe:
        # As servers do: a port whose last connections linger after a stop counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port that was free a moment ago: who uses it must be ready to try another."""
    with socket.socket(_family(host)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def choose_port(wished: int | None, host: str = "127.0.0.1") -> int:
    """The wished port, or a free one when it is taken or none is wished."""
    return wished if wished and is_free(wished, host) else free_port(host)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
