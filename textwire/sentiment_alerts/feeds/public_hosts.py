"""Hosts of the open web: an address in a list of feeds, or a redirect, must not reach inside."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

from textwire.hosts import without_brackets
from textwire.sentiment_alerts.feeds.failures import FeedFailed

Resolve = Callable[[str, int], Awaitable[list[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """The numbers of a host, as the system knows them.

    Raises: OSError: it has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


async def reachable_number(
    host: str, port: int, *, allow_private: bool, resolve: Resolve = resolve
) -> str:
    """The number to connect to; whoever connects by it reaches what was judged, and no other.

    Raises: FeedFailed: the host is not known, or one of its numbers is not of the open web.
    """
    try:
        numbers = await resolve(without_brackets(host), port)
    except OSError as error:
        raise FeedFailed(f"the host {host} is not known: {error}") from error
    inside = [number for number in numbers if not is_public(number)]
    if inside and not allow_private:
        told = host if without_brackets(host) == inside[0] else f"{host} ({inside[0]})"
        raise FeedFailed(f"{told} is not on the open web; allow it with --allow-private")
    return numbers[0]


def is_public(number: str) -> bool:
    """Whether an address belongs to the open web: not ours, not a neighbour's, not reserved."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # The IPv4 address within one, by either of the ways that carry it.
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast
