"""A replica is killed (SIGKILL) at the worst moments; another of its name takes over."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

from tests.integration.conftest import StartReplica
from tests.integration.echo import Bench
from textwire.results.redis import RedisResults

QUESTIONS = [f"question {number}" for number in range(100)]


@pytest.mark.parametrize("moment", ["before_publish", "before_commit"])
def test_a_replica_killed_at_the_worst_moment_loses_and_doubles_nothing(
    moment: str, bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    bench.ask(QUESTIONS)

    dead = start_replica(die=moment)
    assert dead.wait(timeout=30) == -signal.SIGKILL
    start_replica()

    assert Counter(bench.answers(len(QUESTIONS))) == Counter(QUESTIONS)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(QUESTIONS, b"1")


def test_at_least_once_may_repeat_an_answer_but_loses_none_and_redis_has_each_once(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    bench.ask(QUESTIONS)

    dead = start_replica(delivery="at_least_once", die="before_publish")
    assert dead.wait(timeout=30) == -signal.SIGKILL
    start_replica(delivery="at_least_once")

    assert set(bench.answers(len(QUESTIONS))) == set(QUESTIONS)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(QUESTIONS, b"1")


@pytest.mark.parametrize("moment", ["before_publish", "before_commit"])
def test_what_a_service_remembers_counts_each_record_once_however_its_replica_dies(
    moment: str, bench: Bench, start_replica: StartReplica
) -> None:
    bench.ask(QUESTIONS, sessions=10)

    dead = start_replica(die=moment, remembers="yes")
    assert dead.wait(timeout=30) == -signal.SIGKILL
    start_replica(remembers="yes")

    numbered = {f"s{session} {number}" for session in range(10) for number in range(1, 11)}
    assert Counter(bench.answers(len(QUESTIONS))) == Counter(numbered)
