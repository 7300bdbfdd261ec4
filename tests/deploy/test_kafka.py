"""The broker in its container is the embedded one under another roof."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import ROOT, services
from textwire.stack.jars import KAFKA_VERSION
from textwire.stack.kafka import _broker_settings
from textwire.stack.servers import EmbeddedServers

HEALTHY = ROOT / "deploy" / "kafka" / "healthy.sh"
# A name of its own for each of the two networks that its clients are on, and the threads of a
# small machine.
DIFFERENT = {
    "listener.security.protocol.map",
    "num.network.threads",
    "num.io.threads",
    "background.threads",
}


def settings() -> dict[str, str]:
    """As the image's start script reads them from the environment."""
    environment = services()["kafka"]["environment"]
    return {
        name.removeprefix("KAFKA_").lower().replace("_", "."): str(value)
        for name, value in environment.items()
        if name.startswith("KAFKA_") and not name.endswith("_OPTS")
    }


def healthy(port: int) -> bool:
    checked = subprocess.run(["bash", HEALTHY, str(port)], capture_output=True, timeout=10)
    return checked.returncode == 0


def test_it_is_the_same_version() -> None:
    assert services()["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"


def test_it_has_the_same_settings() -> None:
    embedded = {name: str(value) for name, value in _broker_settings().items()}
    ours = settings()
    assert {name: ours.get(name) for name in embedded.keys() - DIFFERENT} == {
        name: value for name, value in embedded.items() if name not in DIFFERENT
    }


def test_each_network_is_told_an_address_that_it_can_reach() -> None:
    advertised = dict(
        listener.split("://", 1) for listener in settings()["advertised.listeners"].split(",")
    )
    servers = "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS"
    assert advertised["CONTAINERS"] == services()["support-qa"]["environment"][servers]
    (published,) = services()["kafka"]["ports"]
    assert published == f"{advertised['HOST']}:9092"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_its_check_knows_a_broker_that_serves(servers: EmbeddedServers) -> None:
    assert healthy(servers.kafka.port)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_its_check_knows_that_nobody_listens_or_knows_no_broker_yet() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with subprocess.Popen(["bash", HEALTHY, str(port)], stderr=subprocess.DEVNULL) as check:
            peer, _ = listening.accept()
            with peer:
                assert len(peer.recv(64)) == 18
                peer.sendall(bytes([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0]))  # no brokers
            assert check.wait(10) == 1
    assert not healthy(port)


def test_what_is_mounted_into_it_is_there() -> None:
    mounts = [mount.split(":")[0] for mount in services()["kafka"]["volumes"]]
    assert all(Path(ROOT, source).is_file() for source in mounts if source.startswith("."))
