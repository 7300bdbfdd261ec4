"""A topic is deleted under running services, and made anew under the same name."""

from __future__ import annotations

from collections import Counter

import kafka
import pytest

from tests.integration.conftest import StartReplica
from tests.integration.echo import Bench
from tests.stream.loops import eventually
from textwire.results.redis import RedisResults
from textwire.stream.kafka.connecting import client_settings, create_topics


def make_anew(bench: Bench) -> None:
    """As fast as the broker can."""
    admin = kafka.KafkaAdminClient(**client_settings(bench.settings))
    admin.delete_topics([bench.topics.questions.name])
    admin.close()
    eventually(lambda: bool(create_topics([bench.topics.questions], bench.settings)))


def test_every_question_to_a_topic_that_was_made_anew_is_answered_once(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    for number in range(2):
        start_replica(replica=number)
    asked: list[str] = []
    for life in range(3):
        # More each time: where reading stood in the old topic, there is a record in the new one.
        questions = [f"life {life}, question {number}" for number in range(80 * (life + 1))]
        bench.ask(questions)
        asked += questions
        assert Counter(bench.answers(len(asked), within_s=60)) == Counter(asked)
        make_anew(bench)
    assert results.fields(bench.topics.counts_key) == dict.fromkeys(asked, b"1")


@pytest.mark.slow
def test_what_was_asked_right_after_is_answered_too(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    start_replica()
    bench.ask([f"old {number}" for number in range(100)])
    bench.answers(100)
    make_anew(bench)
    new = [f"new {number}" for number in range(240)]
    bench.ask(new)
    answers = Counter(bench.answers(340, within_s=60))
    assert answers == Counter([*(f"old {number}" for number in range(100)), *new])


def test_partitions_that_are_added_are_read_within_seconds(
    bench: Bench, start_replica: StartReplica
) -> None:
    start_replica()
    bench.ask([f"early {number}" for number in range(20)])
    bench.answers(20)
    admin = kafka.KafkaAdminClient(**client_settings(bench.settings))
    admin.create_partitions({bench.topics.questions.name: 8})
    admin.close()
    late = [f"late {number}" for number in range(80)]
    bench.reconnect()
    bench.ask(late)
    answers = Counter(bench.answers(100, within_s=90))
    assert answers == Counter([*(f"early {number}" for number in range(20)), *late])


@pytest.mark.slow
def test_fewer_records_than_before_are_answered_though_nothing_comes_after_them(
    bench: Bench, results: RedisResults, start_replica: StartReplica
) -> None:
    start_replica()
    bench.ask([f"old {number}" for number in range(100)])
    assert len(bench.answers(100, within_s=120)) == 100
    make_anew(bench)
    new = [f"new {number}" for number in range(10)]
    bench.reconnect()
    bench.ask(new)
    answers = Counter(bench.answers(110, within_s=60))
    assert answers == Counter([*(f"old {number}" for number in range(100)), *new])
