"""Redis and the broker go away and come back while a service works."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.integration.conftest import StartReplica
from tests.integration.echo import Bench
from textwire.errors import RedisUnavailable
from textwire.results.redis import RedisResults
from textwire.stack.servers import EmbeddedServers

AWAY_S = 2.0


def questions(prefix: str) -> list[str]:
    return [f"{prefix} {number}" for number in range(60)]


def eventually(holds: Callable[[], bool], within_s: float = 20.0) -> bool:
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_redis_goes_away_and_comes_back_and_nothing_is_lost_or_doubled(
    servers: EmbeddedServers, bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    before, during = questions("before"), questions("during")
    start_replica()
    bench.ask(before)
    bench.answers(len(before))

    servers.valkey.kill()
    bench.ask(during)
    time.sleep(AWAY_S)
    servers.valkey.start()

    everything = before + during
    assert Counter(bench.answers(len(everything))) == Counter(everything)
    counts = dict.fromkeys(everything, b"1")
    assert eventually(lambda: fields(results, bench.topics.counts_key) == counts)


def test_the_broker_goes_away_and_comes_back_and_nothing_is_lost_or_doubled(
    servers: EmbeddedServers, bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    before, after = questions("before"), questions("after")
    replica = start_replica(slow_s=0.2, max_batch_records=5)
    bench.ask(before)
    bench.answers(5)

    servers.kafka.kill()
    time.sleep(AWAY_S)
    servers.kafka.start()
    bench.ask(after)

    everything = before + after
    assert Counter(bench.answers(len(everything), within_s=60)) == Counter(everything)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(everything, b"1")
    assert replica.poll() is None  # the same process, all the time


def fields(results: RedisResults, key: str) -> dict[str, bytes]:
    try:
        return results.fields(key)
    except RedisUnavailable:
        return {}
