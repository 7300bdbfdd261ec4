"""The proxy between a client and a server that says again what it hears."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.chaos.loopback import LOOPBACK
from tests.chaos.proxy import TcpProxy

SOON_S = 0.3


class _SaysAgain(BaseRequestHandler):
    def handle(self) -> None:
        while heard := self.request.recv(100):
            self.request.sendall(heard)


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    server = ThreadingTCPServer((LOOPBACK, 0), _SaysAgain)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    proxy = TcpProxy(server.server_address[1])
    yield proxy
    proxy.close()
    server.shutdown()
    server.server_close()


def connect(proxy: TcpProxy) -> socket.socket:
    connection = socket.create_connection((LOOPBACK, proxy.port), timeout=5)
    connection.settimeout(5)
    return connection


def says(connection: socket.socket, word: bytes) -> bytes:
    connection.sendall(word)
    return connection.recv(100)


def is_closed(connection: socket.socket) -> bool:
    try:
        return says(connection, b"?") == b""
    except ConnectionError:
        return True


def is_silent(connection: socket.socket) -> bool:
    connection.settimeout(SOON_S)
    try:
        return not connection.recv(100)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(5)


def test_bytes_pass_both_ways(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        assert says(connection, b"one") == b"one"
        assert says(connection, b"two") == b"two"


def test_a_cut_resets_what_is_connected_and_takes_nobody_until_it_is_mended(
    proxy: TcpProxy,
) -> None:
    with connect(proxy) as before:
        says(before, b"one")
        proxy.cut()
        assert is_closed(before)
    with connect(proxy) as during:
        assert is_closed(during)
    proxy.open()
    with connect(proxy) as after:
        assert says(after, b"three") == b"three"


def test_what_is_stalled_arrives_once_the_way_is_open_again(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        says(connection, b"one")
        proxy.stall()
        connection.sendall(b"two")
        assert is_silent(connection)
        proxy.open()
        assert connection.recv(100) == b"two"


def test_a_half_open_connection_stays_up_and_never_speaks_again(proxy: TcpProxy) -> None:
    with connect(proxy) as connection:
        says(connection, b"one")
        proxy.swallow()
        connection.sendall(b"two")
        assert is_silent(connection)
        proxy.open()
        connection.sendall(b"three")
        assert is_silent(connection)
        with connect(proxy) as another:
            assert says(another, b"four") == b"four"
