from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.echo import Bench, EchoTopics
from textwire.results.redis import RedisResults

Replica = subprocess.Popen[bytes]
StartReplica = Callable[..., Replica]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bench(bootstrap_servers: str, unique_name: str) -> Iterator[Bench]:
    bench = Bench(bootstrap_servers, EchoTopics(unique_name))
    yield bench
    bench.close()


@pytest.fixture
def results(redis_url: str) -> Iterator[RedisResults]:
    results = RedisResults.from_url(redis_url)
    yield results
    results.close()


@pytest.fixture
def start_replica(
    bench: Bench, bootstrap_servers: str, redis_url: str, tmp_path: Path
) -> Iterator[StartReplica]:
    """Starts a replica of the echo service as a process; kills what is left at the end."""
    replicas: list[Replica] = []

    def start(**options: object) -> Replica:
        log = (tmp_path / f"replica-{len(replicas)}.log").open("wb")
        replica = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.integration.echo_service",
                bench.topics.name,
                bootstrap_servers,
                redis_url,
                *(f"{name}={value}" for name, value in options.items()),
            ],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        log.close()
        replicas.append(replica)
        return replica

    yield start
    for replica in replicas:
        replica.kill()
        replica.wait()
