"""Ports are free when they are said to be."""

from __future__ import annotations

import socket

import pytest

from tests.ipv6 import LOOPBACKS
from textwire.hosts import family_of
from textwire.stack.ports import FREE_PORTS, choose_port, free_port, is_free


@pytest.mark.parametrize("host", LOOPBACKS)
def test_a_port_that_somebody_listens_on_is_not_free(host: str) -> None:
    with socket.create_server((host, 0), family=family_of(host)) as occupant:
        port = occupant.getsockname()[1]
        assert not is_free(port, host)
        assert choose_port(port, host) != port
    assert is_free(port, host)
    assert choose_port(port, host) == port


def test_a_port_that_nobody_listens_on_yet_is_not_given_twice() -> None:
    given = [free_port() for _ in range(1_000)]
    assert len(set(given)) == len(given)


def test_a_free_port_can_be_listened_on() -> None:
    port = free_port()
    assert port in FREE_PORTS
    with socket.create_server(("127.0.0.1", port)):
        pass
