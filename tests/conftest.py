"""The real Kafka and the real Valkey, once a session, for every test that needs them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings

from textwire.stack.servers import EmbeddedServers, embedded_servers

# Workers share the cores: a second thread of torch's waits at every barrier for one that is not
# running. On two busy cores the tests that train took four times as long with it.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell lets what it starts in the background ignore Ctrl-C, and processes that tests start would
# inherit that; what has a handler is given to them as usual.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["tests.tiny_models"]

# In colour and with all local variables, a traceback of an error that is logged takes seconds of a
# busy machine.
*_before, _ = structlog.get_config()["processors"]
structlog.configure(
    processors=[
        *_before,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)

# No test is green or red by chance, nor by how busy the machine is. `make fuzz` throws the dice.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    max_examples=30,  # `make fuzz` tries a million
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")

# Those of `make slow` train several models each, or watch for a minute: on a busy machine they take
# longer than the bound of the others, which is there to end what hangs.
SLOW_TIMEOUT_S = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and _bound_s(item) < SLOW_TIMEOUT_S:
            own = item.get_closest_marker("timeout")
            kept = {**(own.kwargs if own else {}), "timeout": SLOW_TIMEOUT_S}
            item.add_marker(pytest.mark.timeout(**kept), append=False)


def _bound_s(item: pytest.Item) -> float:
    """Of its own or of its file; 0 where neither says one."""
    own = item.get_closest_marker("timeout")
    return float(own.args[0] if own.args else own.kwargs["timeout"]) if own else 0.0


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Both servers. A test that kills one starts it again: same port, same data."""
    with embedded_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="session")
def bootstrap_servers(servers: EmbeddedServers) -> str:
    """The broker's address."""
    return servers.bootstrap_servers


@pytest.fixture(scope="session")
def redis_url(servers: EmbeddedServers) -> str:
    """Redis's address."""
    return servers.redis_url


@pytest.fixture
def unique_name() -> str:
    """A name for this test's own topic, group or key."""
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture
def readable_by_others() -> Iterator[None]:
    """What a test writes can be read by others, also where the system's umask forbids it."""
    before = os.umask(0o022)
    yield
    os.umask(before)
