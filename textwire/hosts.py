"""Hosts, by name or by number, of IPv4 and IPv6 alike."""

from __future__ import annotations

import ipaddress
import socket

LOOPBACK, LOOPBACK_6, LOCALHOST = "127.0.0.1", "::1", "localhost"
# Where a server that listens on every address is reached from this machine.
REACHED_AT = {"0.0.0.0": LOOPBACK, "::": LOOPBACK_6}  # noqa: S104 - compared with, not bound to


def with_port(host: str, port: int) -> str:
    """An address: `host:port`; a number of IPv6 stands in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def without_brackets(host: str) -> str:
    """A host alone, as sockets take it."""
    return host.removeprefix("[").removesuffix("]")


def reached_at(host: str) -> str:
    """Where a server that listens on a host is reached from this machine."""
    return REACHED_AT.get(host, host)


def is_loopback(host: str) -> bool:
    """Whether what listens on a host is reached from this machine alone.

    A name is not looked up: what it leads to may change.
    """
    if host == LOCALHOST:
        return True
    try:
        return ipaddress.ip_address(without_brackets(host)).is_loopback
    except ValueError:
        return False


def loopback_beside(host: str) -> str:
    """The loopback of the same family as a host."""
    return LOOPBACK_6 if family_of(host) == socket.AF_INET6 else LOOPBACK


def family_of(host: str) -> socket.AddressFamily:
    """How a socket that listens on a host is made; a name is looked up."""
    if ":" in host:
        return socket.AF_INET6
    try:
        return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][0]
    except OSError:
        return socket.AF_INET  # who listens is told why it cannot
