"""A replica is frozen past its session's end (SIGSTOP), and wakes when others have its place."""

from __future__ import annotations

import signal
import time
from collections import Counter

import pytest

from tests.integration.conftest import Replica, StartReplica
from tests.integration.echo import Bench
from tests.stream.loops import eventually
from textwire.results.redis import RedisResults

SESSION_S = 1.5


def freeze(replica: Replica) -> None:
    replica.send_signal(signal.SIGSTOP)


def wake(replica: Replica) -> None:
    replica.send_signal(signal.SIGCONT)


def test_a_replica_that_wakes_while_another_dies_loses_and_doubles_nothing(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    options = {"session_timeout_ms": int(SESSION_S * 1000), "max_batch_records": 5, "slow_s": 0.02}
    replicas = [start_replica(replica=number, **options) for number in range(3)]
    asked: list[str] = []

    def ask(count: int) -> None:
        more = [f"question {len(asked) + number}" for number in range(count)]
        bench.ask(more)
        asked.extend(more)

    ask(40)
    bench.answers(40)
    for turn in range(3):
        sleeper, victim = replicas[turn % 3], (turn + 1) % 3
        ask(60)
        freeze(sleeper)
        ask(60)
        time.sleep(2 * SESSION_S)  # its place goes to the others, in the middle of its batch
        wake(sleeper)
        replicas[victim].kill()
        replicas[victim] = start_replica(replica=victim, **options)
        ask(60)

    assert Counter(bench.answers(len(asked), within_s=60)) == Counter(asked)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(asked, b"1")


@pytest.mark.slow
def test_what_a_service_remembers_survives_a_replica_that_wakes(
    bench: Bench, start_replica: StartReplica
) -> None:
    options = {"session_timeout_ms": int(SESSION_S * 1000), "remembers": "yes"}
    first = start_replica(replica=0, max_batch_records=5, **options)
    start_replica(replica=1, max_batch_records=5, **options)
    bench.ask([f"early {number}" for number in range(40)], sessions=10)
    bench.answers(40)
    bench.ask([f"frozen {number}" for number in range(100)], sessions=10)
    freeze(first)
    time.sleep(2 * SESSION_S)
    wake(first)
    bench.ask([f"late {number}" for number in range(100)], sessions=10)

    numbered = {f"s{session} {number}" for session in range(10) for number in range(1, 25)}
    assert Counter(bench.answers(240, within_s=60)) == Counter(numbered)


@pytest.mark.slow
def test_a_whole_group_that_was_frozen_goes_on(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    options = {"session_timeout_ms": int(SESSION_S * 1000)}
    replicas = [start_replica(replica=number, **options) for number in range(2)]
    early, late = [f"early {n}" for n in range(40)], [f"late {n}" for n in range(40)]
    bench.ask(early)
    bench.answers(40)
    for replica in replicas:
        freeze(replica)
    bench.ask(late)
    time.sleep(2 * SESSION_S)
    for replica in replicas:
        wake(replica)
    eventually(lambda: len(results.fields(bench.topics.counts_key)) == 80, within_s=30)
    assert Counter(bench.answers(80)) == Counter(early + late)
