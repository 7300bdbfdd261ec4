"""Whether servers that run elsewhere answer at all, before anything is started on them."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from textwire.errors import BrokerUnavailable, RedisUnavailable, SettingsError
from textwire.hosts import without_brackets
from textwire.urls import is_redis_url, without_secrets

CONNECT_TIMEOUT_S = 3.0


def require_broker(bootstrap_servers: str) -> None:
    """Go on only if one of the brokers takes a connection.

    Raises:
        SettingsError: an address is not host:port.
        BrokerUnavailable: none answers.
    """
    if not any(_connects(*address(server)) for server in bootstrap_servers.split(",")):
        raise BrokerUnavailable(
            f"No Kafka broker answers at {without_secrets(bootstrap_servers)}. Start it, correct "
            "--bootstrap-servers, or leave it out: then `textwire up` starts a Kafka of its own."
        )


def require_redis(url: str) -> None:
    """Go on only if Redis takes a connection.

    Raises:
        SettingsError: the URL is none of Redis's.
        RedisUnavailable: it does not answer.
    """
    if not _connects(*_redis_address(url)):
        raise RedisUnavailable(
            f"No Redis answers at {without_secrets(url)}. Start it, correct --redis-url, or leave "
            "it out: then `textwire up` starts a Redis of its own."
        )


def address(server: str) -> tuple[str, int]:
    """Host and port of a broker.

    Raises: SettingsError: it is not host:port.
    """
    host, _, port = server.strip().rpartition(":")
    if not host or not port.isdigit() or (":" in host and not host.startswith("[")):
        raise SettingsError(
            f"{without_secrets(server)!r} is no broker's address: host:port is one, "
            "or [::1]:port of IPv6."
        )
    return without_brackets(host), int(port)


def _redis_address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if not is_redis_url(url) or not parts.hostname:
        raise SettingsError(f"{without_secrets(url)} is no Redis URL: redis://host:port/0 is one.")
    return parts.hostname, parts.port or 6379


def _connects(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), CONNECT_TIMEOUT_S).close()
    except OSError:
        return False
    return True
