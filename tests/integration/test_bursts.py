"""Far more at once than a replica holds: nothing stands still, and nobody waits for all of it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.integration.conftest import StartReplica
from tests.integration.echo import Bench
from tests.slow_params import slow_but
from tests.stream.loops import eventually
from textwire.results.redis import RedisResults


@pytest.mark.parametrize("buffer", slow_but([512, 16], 512))
def test_a_burst_is_worked_off_to_its_last_record(
    buffer: int, bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    burst = [f"question {number}" for number in range(8_000)]
    start_replica(max_buffered_records=buffer, max_batch_records=256)
    bench.ask(["the replica is there"])
    bench.answers(1)

    bench.pour(burst, sessions=40)

    eventually(lambda: len(results.fields(bench.topics.counts_key)) == len(burst) + 1, 60)
    assert Counter(bench.answers(len(burst) + 1)) == Counter([*burst, "the replica is there"])
