"""What is told of the parts of a stack: what was written down, and what services say now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client import CollectorRegistry

from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.stack.asking_services import NO_ANSWER
from textwire.stack.part_states import as_told
from textwire.stack.ports import free_port
from textwire.stack.state import PartState


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def address(health: Health) -> Iterator[str]:
    served = Endpoints("127.0.0.1", 0, health, CollectorRegistry())
    yield f"http://127.0.0.1:{served.port}"
    served.close()


def test_a_service_tells_its_own_state_as_of_now(health: Health, address: str) -> None:
    written = {"support-qa": PartState(state="ready", pid=7, restarts=2, address=address)}
    assert as_told(written) == written
    health.unmet("redis", "Redis is away")
    health.warn("champion", "version 7 was refused")
    [told] = as_told(written).values()
    assert (told.state, told.reason) == ("not ready", "redis: Redis is away")
    assert (told.warnings, told.pid, told.restarts) == ("champion: version 7 was refused", 7, 2)


def test_a_service_that_does_not_answer_is_not_ready() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    [told] = as_told({"support-qa": PartState(state="ready", address=address)}).values()
    assert (told.state, told.reason) == ("not ready", NO_ANSWER)


def test_what_is_no_service_or_does_not_run_is_as_it_was_written_down(address: str) -> None:
    written = {
        "redis": PartState(state="ready", address="redis://127.0.0.1:6379/0"),
        "dashboard": PartState(state="ready", address=address),
        "support-qa": PartState(state="restarting", reason="hung", address=address),
        "recommendations": PartState(state="starting", address=address),
    }
    assert as_told(written) == written


def test_of_nothing_nothing_is_told() -> None:
    assert as_told({}) == {}
