from __future__ import annotations

import time

import kafka
import pytest

from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end, topic_names
from textwire.stream.kafka.connecting import create_topics
from textwire.support_qa.messages import Answer, Handoff, Passage, Question
from textwire.wire.registry import TOPICS
from textwire.wire.topic import DAY_MS, FOR_EVER, Topic


def test_each_topic_carries_its_message_under_its_key() -> None:
    messages = {
        "support.knowledge": (Passage(id="p", text="t"), "p"),
        "support.questions": (Question(session_id="s", text="t"), "s"),
    }
    for name, (message, key) in messages.items():
        assert isinstance(message, TOPICS[name].message)
        assert TOPICS[name].key(message) == key
    assert TOPICS["support.answers"].message is Answer
    assert TOPICS["support.handoffs"].message is Handoff


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_names_are_dotted_and_their_own(topic: Topic) -> None:
    assert TOPICS[topic.name] is topic
    assert topic.name == topic.name.lower()
    assert "." in topic.name
    assert topic.dead == f"{topic.name}.dead"
    assert topic.dead not in TOPICS


def test_a_session_stays_in_order_from_question_to_handoff() -> None:
    assert TOPICS["support.questions"].partitions > 1
    assert not TOPICS["support.questions"].compacted


def test_the_state_of_the_world_is_kept_for_ever() -> None:
    knowledge = TOPICS["support.knowledge"]
    assert knowledge.compacted
    assert knowledge.retention_ms == FOR_EVER
    assert knowledge.partitions == 1


def test_topics_are_made_once_each_with_its_dead_letters(
    bootstrap_servers: str, unique_name: str
) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    topic = Topic(unique_name, Question, key=str, partitions=3, retention_ms=DAY_MS)
    assert create_topics([topic], settings) == [unique_name, f"{unique_name}.dead"]
    assert create_topics([topic], settings) == []
    assert {unique_name, f"{unique_name}.dead"} <= set(topic_names(settings))


@pytest.mark.parametrize("off_s", [-40 * DAY_MS // 1000, 2 * 60 * 60, 400 * DAY_MS // 1000])
def test_what_services_write_is_taken_whatever_their_clock_says(
    off_s: int, bootstrap_servers: str, unique_name: str
) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    topic = Topic(unique_name, Question, key=str, partitions=1, direction="sent")
    create_topics([topic], settings)
    now_ms = int(time.time() * 1000)
    producer = kafka.KafkaProducer(bootstrap_servers=bootstrap_servers)
    for name in (topic.name, topic.dead):
        producer.send(name, b"{}", timestamp_ms=now_ms + off_s * 1000).get(10)
    producer.close()
    [answer] = read_to_end(topic.name, settings)
    assert abs(answer.timestamp_ms - now_ms) < 60_000
