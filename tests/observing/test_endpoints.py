from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import pytest
from prometheus_client import CollectorRegistry, Counter

from tests.ipv6 import LOOPBACKS
from textwire.errors import PortTaken
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health

HOST = "127.0.0.1"


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def endpoints(health: Health) -> Iterator[Endpoints]:
    registry = CollectorRegistry()
    Counter("answers", "Answers", registry=registry).inc(3)
    served = Endpoints(HOST, 0, health, registry)
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


def test_a_service_that_is_ready_says_what_is_not_as_it_should_be(
    endpoints: Endpoints, health: Health
) -> None:
    health.warn("champion", "v2 was refused")
    assert get(endpoints, "/readyz") == (200, "ready; champion: v2 was refused\n")


def test_a_service_that_is_not_ready_is_alive(endpoints: Endpoints, health: Health) -> None:
    health.unmet("model", "being loaded")
    assert get(endpoints, "/livez") == (200, "alive\n")


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


def test_a_taken_port_is_told_with_what_to_do(endpoints: Endpoints) -> None:
    with pytest.raises(PortTaken, match=rf"Port {endpoints.port} .*TEXTWIRE_SERVICE_PORT"):
        Endpoints(HOST, endpoints.port, Health(), CollectorRegistry())


def test_a_closed_port_is_free_again(health: Health) -> None:
    first = Endpoints(HOST, 0, health, CollectorRegistry())
    first.close()
    Endpoints(HOST, first.port, health, CollectorRegistry()).close()
