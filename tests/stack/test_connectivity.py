"""Servers that run elsewhere are asked for by any address that can be written."""

from __future__ import annotations

import socket

import pytest

from tests.ipv6 import LOOPBACKS
from textwire.errors import SettingsError
from textwire.hosts import family_of, with_port
from textwire.stack.connectivity import require_broker, require_redis


@pytest.mark.parametrize("host", LOOPBACKS)
def test_who_listens_is_reached(host: str) -> None:
    with socket.create_server((host, 0), family=family_of(host)) as listening:
        address = with_port(host, listening.getsockname()[1])
        require_broker(f"127.0.0.1:9,{address}")
        require_redis(f"redis://:pass%2Fword@{address}/0")


@pytest.mark.parametrize("address", ["::1:9092", "localhost", "[::1]", "host:port", ":9092"])
def test_what_is_no_address_is_told_with_one_that_is(address: str) -> None:
    with pytest.raises(SettingsError, match=r"host:port is one, or \[::1\]:port"):
        require_broker(address)
