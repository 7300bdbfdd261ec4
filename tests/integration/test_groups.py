"""Replicas share the work, and keep or give up their places in the group as they should."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.integration.conftest import StartReplica
from tests.integration.echo import Bench
from tests.stream.loops import eventually
from textwire.results.redis import RedisResults


def questions(prefix: str, count: int) -> list[str]:
    return [f"{prefix} {number}" for number in range(count)]


@pytest.mark.slow
def test_two_replicas_share_and_a_third_answer_comes_after_one_of_them_left(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    first = start_replica(replica=0, slow_s=0.02, max_batch_records=5)
    asked = questions("alone", 40)
    bench.ask(asked)
    assert len(bench.answers(40)) == 40

    start_replica(replica=1, slow_s=0.02, max_batch_records=5)
    for wave in range(10):
        more = questions(f"together {wave}", 20)
        bench.ask(more)
        asked += more
        time.sleep(0.3)
    first.terminate()
    assert first.wait(timeout=15) == 0
    last = questions("after", 40)
    bench.ask(last)
    asked += last

    assert Counter(bench.answers(len(asked), within_s=40)) == Counter(asked)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(asked, b"1")


@pytest.mark.slow
def test_a_model_slower_than_the_session_timeout_keeps_its_place(
    bench: Bench, start_replica: StartReplica
) -> None:
    start_replica(slow_s=9)  # the session timeout is 6 s
    asked = questions("slow", 10)
    bench.ask(asked)

    assert Counter(bench.answers(len(asked), within_s=40)) == Counter(asked)


def test_a_stop_ends_within_its_bound_and_leaves_nothing_half_done(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    replica = start_replica(slow_s=0.5, max_batch_records=10)
    asked = questions("stop", 100)
    bench.ask(asked)
    bench.answers(10)

    began = time.monotonic()
    replica.terminate()
    assert replica.wait(timeout=15) == 0
    assert time.monotonic() - began < 10
    start_replica()

    assert Counter(bench.answers(len(asked))) == Counter(asked)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(asked, b"1")


@pytest.mark.slow
def test_the_older_of_two_replicas_with_one_number_stands_by_until_the_younger_has_gone(
    bench: Bench, start_replica: StartReplica, tmp_path: Path
) -> None:
    older = start_replica(replica=0)
    bench.ask(questions("older", 10))
    bench.answers(10)

    younger = start_replica(replica=0)
    log = tmp_path / "replica-0.log"
    eventually(lambda: "Another process works as this replica" in log.read_text(), within_s=20)
    bench.ask(questions("younger", 10))
    bench.answers(20)
    younger.kill()
    bench.ask(questions("older again", 10))

    asked = [*questions("older", 10), *questions("younger", 10), *questions("older again", 10)]
    assert Counter(bench.answers(30)) == Counter(asked)
    assert older.poll() is None
