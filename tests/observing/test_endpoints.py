from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest
from prometheus_client import CollectorRegistry, Counter

import textwire.observing.endpoints as endpoints_module
from tests.ipv6 import LOOPBACKS
from textwire.errors import PortTaken
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness

HOST = "127.0.0.1"


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def liveness() -> Liveness:
    return Liveness()


@pytest.fixture
def endpoints(health: Health, liveness: Liveness) -> Iterator[Endpoints]:
    registry = CollectorRegistry()
    Counter("answers", "Answers", registry=registry).inc(3)
    served = Endpoints(HOST, 0, health, registry, liveness)
    yield served
    served.close()


def get(endpoints: Endpoints, path: str, host: str = HOST) -> tuple[int, str]:
    with closing(HTTPConnection(host, endpoints.port, timeout=5)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


def test_a_service_that_is_not_ready_says_why_and_then_that_it_is(
    endpoints: Endpoints, health: Health
) -> None:
    health.unmet("model", "being loaded – größer als sonst")
    assert get(endpoints, "/readyz") == (503, "model: being loaded – größer als sonst\n")
    health.met("model")
    assert get(endpoints, "/readyz") == (200, "ready\n")


@pytest.mark.parametrize("host", LOOPBACKS)
def test_they_are_served_on_the_host_that_is_set(host: str, health: Health) -> None:
    served = Endpoints(host, 0, health, CollectorRegistry())
    assert get(served, "/livez", host) == (200, "alive\n")
    served.close()


def test_a_host_that_is_not_this_machine_is_told_with_what_to_do() -> None:
    with pytest.raises(PortTaken, match=r"Port 0 of 192\.0\.2\.1 .*TEXTWIRE_SERVICE_HOST"):
        Endpoints("192.0.2.1", 0, Health(), CollectorRegistry())


def test_a_service_that_is_not_ready_is_alive(endpoints: Endpoints, health: Health) -> None:
    health.unmet("model", "being loaded")
    assert get(endpoints, "/livez") == (200, "alive\n")


def test_a_service_that_works_without_something_is_ready_and_says_so(
    endpoints: Endpoints, health: Health
) -> None:
    health.warn("champion", "version 7 was refused")
    assert get(endpoints, "/readyz") == (200, "ready\nwarning: champion: version 7 was refused\n")
    health.unmet("redis", "Redis is away")
    assert get(endpoints, "/readyz") == (
        503,
        "redis: Redis is away\nwarning: champion: version 7 was refused\n",
    )


def test_what_hangs_or_has_died_is_told_where_life_is_asked_for(
    endpoints: Endpoints, liveness: Liveness
) -> None:
    pulse = liveness.pulse("worker", silent_at_most_s=-1)
    pulse.busy("one batch")
    liveness.died("table", "ValueError")
    assert get(endpoints, "/livez") == (
        503,
        "table: died of ValueError\nworker: one batch for 0 s\n",
    )


def test_a_service_that_hangs_can_still_be_asked_for_its_measurements(
    endpoints: Endpoints, liveness: Liveness
) -> None:
    liveness.died("table", "ValueError")
    assert get(endpoints, "/metrics")[0] == 200


def test_metrics_are_in_the_form_of_prometheus(endpoints: Endpoints) -> None:
    status, text = get(endpoints, "/metrics")
    assert status == 200
    assert "# TYPE answers_total counter\nanswers_total 3.0\n" in text


def test_elsewhere_is_nothing(endpoints: Endpoints) -> None:
    status, text = get(endpoints, "/")
    assert status == 404
    assert "/readyz" in text


def test_requests_are_not_logged(endpoints: Endpoints, capfd: pytest.CaptureFixture[str]) -> None:
    get(endpoints, "/livez")
    assert capfd.readouterr() == ("", "")


def test_a_client_that_says_nothing_holds_up_nobody(endpoints: Endpoints) -> None:
    with socket.create_connection((HOST, endpoints.port)):
        assert get(endpoints, "/livez")[0] == 200


def test_a_client_that_goes_on_saying_nothing_is_let_go(
    endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints_module._Silent, "timeout", 0.05)
    with socket.create_connection((HOST, endpoints.port)) as silent:
        silent.settimeout(5)
        assert silent.recv(1) == b""  # closed by the other side


WITHOUT_DESCRIPTORS = """
import os, resource, socket, time
from prometheus_client import CollectorRegistry
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health

served = Endpoints("127.0.0.1", 0, Health(), CollectorRegistry())
asking = socket.socket()
tries, take = [], served._server.get_request
served._server.get_request = lambda: (tries.append(1), take())[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
opened = []
try:
    while True:
        opened.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    asking.connect(("127.0.0.1", served.port))  # the kernel takes it, the server cannot
time.sleep(0.5)
tried = len(tries)
os.closerange(opened[0], opened[-1] + 1)
asking.sendall(b"GET /livez HTTP/1.0\\r\\n\\r\\n")
asking.settimeout(10)
print(asking.makefile("rb").readline().decode().strip(), 0 < tried < 5)
"""


def test_a_lack_of_file_descriptors_ends_nothing_and_burns_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_DESCRIPTORS], capture_output=True, text=True, timeout=60
    )
    assert run.stdout.splitlines()[-1:] == ["HTTP/1.0 200 OK True"], run.stdout + run.stderr


def test_a_taken_port_is_told_with_what_to_do(endpoints: Endpoints) -> None:
    with pytest.raises(PortTaken, match=rf"Port {endpoints.port} .*TEXTWIRE_SERVICE_PORT"):
        Endpoints(HOST, endpoints.port, Health(), CollectorRegistry())


def test_a_closed_port_is_free_again(health: Health) -> None:
    first = Endpoints(HOST, 0, health, CollectorRegistry())
    first.close()
    Endpoints(HOST, first.port, health, CollectorRegistry()).close()
