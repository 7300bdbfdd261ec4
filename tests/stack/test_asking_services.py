"""Asking a service how it is: whatever it answers, and however slowly."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness
from textwire.observing.readyz_text import Readiness
from textwire.stack.asking_services import NO_ANSWER, Page, ask_readiness, ask_what_hangs, fetch

LINE = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1).map(lambda t: f"x: {t}")


@given(st.one_of(st.just(""), LINE), st.one_of(st.just(""), LINE))
def test_what_a_service_writes_of_itself_is_what_others_read(reason: str, warnings: str) -> None:
    told = Readiness(reason, warnings)
    assert Readiness.parse(told.text) == told


def test_a_service_says_what_it_lacks_and_what_hangs() -> None:
    health, liveness = Health(), Liveness()
    served = Endpoints("127.0.0.1", 0, health, CollectorRegistry(), liveness)
    address = f"http://127.0.0.1:{served.port}"
    assert (ask_readiness(address), ask_what_hangs(address)) == (Readiness(), "")
    health.unmet("redis", "Redis is away")
    health.warn("champion", "version 7 was refused")
    liveness.died("table", "ValueError")
    liveness.pulse("worker", -1).busy("one batch")
    told = ask_readiness(address)
    assert not told.ready
    assert told == Readiness("redis: Redis is away", "champion: version 7 was refused")
    assert ask_what_hangs(address) == "table: died of ValueError; worker: one batch for 0 s"
    served.close()
    assert (ask_readiness(address).reason, ask_what_hangs(address)) == (NO_ANSWER, NO_ANSWER)


Answer = Callable[[socket.socket], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Answers connections by a function; gives the address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def served(answer: Answer) -> str:
        def run() -> None:
            connection, _ = listening.accept()
            with connection:
                answer(connection)

        threading.Thread(target=run, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/readyz"

    yield served
    listening.close()


def test_a_page_is_read_as_a_whole(serve: Callable[[Answer], str]) -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.0 503 Service Unavailable\r\nServer: x\r\n\r\nred")
        connection.sendall("is: größer".encode())

    assert fetch(serve(answer)) == Page(503, "redis: größer")


def test_a_server_that_trickles_for_ever_holds_up_nobody(serve: Callable[[Answer], str]) -> None:
    done = threading.Event()

    def answer(connection: socket.socket) -> None:
        try:
            while not done.wait(0.02):
                connection.sendall(b"H")
        except OSError:
            return

    began = time.monotonic()
    assert fetch(serve(answer), within_s=0.3) is None
    assert time.monotonic() - began < 2
    done.set()


@pytest.mark.parametrize("nonsense", [b"", b"\r\n\r\n", b"SSH-2.0 x y\r\n\r\n", b"HTTP/1.0 many x"])
def test_what_is_no_http_is_no_answer(serve: Callable[[Answer], str], nonsense: bytes) -> None:
    assert fetch(serve(lambda connection: connection.sendall(nonsense))) is None
