"""Ports are free when they are said to be."""

from __future__ import annotations

import socket

from textwire.embedded.ports import FREE_PORTS, choose_port, free_port, is_free


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = occupant.getsockname()[1]
        assert not is_free(port)
        assert choose_port(port) != port
    assert is_free(port)
    assert choose_port(port) == port


def test_a_free_port_can_be_listened_on() -> None:
    port = free_port()
    assert port in FREE_PORTS
    with socket.create_server(("127.0.0.1", port)):
        pass
