"""The embedded servers start, answer, come back with their data, and stop."""

from __future__ import annotations

import os
import signal
import socket
from functools import partial
from pathlib import Path

import kafka
import pytest
import redis
from kafka.admin import NewTopic

from tests.stack.processes import eventually
from textwire.file_rights import open_to_others
from textwire.stack.ports import free_port
from textwire.stack.process_spec import ProcessSpec, answers_kafka, answers_redis
from textwire.stack.servers import EmbeddedServers, start_valkey
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES


def test_the_servers_answer_real_clients(servers: EmbeddedServers, unique_name: str) -> None:
    with redis.Redis.from_url(servers.redis_url) as store:
        store.set(unique_name, "kept")
        assert store.get(unique_name) == b"kept"
    _create_topic(servers, unique_name)
    assert _send_and_read(servers, unique_name, b"hello") == [b"hello"]


def test_a_dead_letter_of_the_largest_size_fits(servers: EmbeddedServers, unique_name: str) -> None:
    _create_topic(servers, unique_name)
    largest = b"x" * DEAD_LETTER_MAX_BYTES
    assert _send_and_read(servers, unique_name, largest) == [largest]


def test_topics_are_not_made_by_mistake(servers: EmbeddedServers, unique_name: str) -> None:
    admin = kafka.KafkaAdminClient(bootstrap_servers=servers.bootstrap_servers)
    try:
        assert unique_name not in admin.list_topics()
    finally:
        admin.close()
    producer = kafka.KafkaProducer(bootstrap_servers=servers.bootstrap_servers, max_block_ms=500)
    with pytest.raises(kafka.errors.KafkaTimeoutError):
        producer.send(unique_name, b"lost")
    producer.close()


def test_a_killed_broker_returns_on_its_port_with_its_records(
    servers: EmbeddedServers, unique_name: str
) -> None:
    _create_topic(servers, unique_name)
    assert _send_and_read(servers, unique_name, b"before") == [b"before"]
    address = servers.bootstrap_servers
    servers.kafka.kill()
    assert not answers_kafka("127.0.0.1", servers.kafka.port)
    servers.kafka.start()
    assert servers.bootstrap_servers == address
    assert _send_and_read(servers, unique_name, b"after") == [b"before", b"after"]


def test_a_killed_redis_returns_on_its_port_with_its_data(
    servers: EmbeddedServers, unique_name: str
) -> None:
    with redis.Redis.from_url(servers.redis_url) as store:
        store.set(unique_name, "kept")
    servers.valkey.kill()
    assert not answers_redis("127.0.0.1", servers.valkey.port)
    servers.valkey.start()
    with redis.Redis.from_url(servers.redis_url) as store:
        assert store.get(unique_name) == b"kept"


def does_not_answer(part: ProcessSpec) -> bool:
    return part.hangs() == "it does not answer"


def test_a_frozen_server_hangs_and_one_that_only_does_not_serve_does_not(
    servers: EmbeddedServers,
) -> None:
    for server in (servers.kafka, servers.valkey):
        assert server.pid
        assert server.part.hangs() == ""
        os.kill(server.pid, signal.SIGSTOP)
        try:
            # A thread of it may answer yet, before the signal has reached it.
            assert eventually(partial(does_not_answer, server.part))
        finally:
            os.kill(server.pid, signal.SIGCONT)
        assert server.part.hangs() == ""
    with redis.Redis.from_url(servers.redis_url) as store:
        store.config_set("requirepass", "secret")
        try:
            assert servers.valkey.part.hangs() == ""
        finally:
            store.config_set("requirepass", "")


def test_a_taken_port_gives_way_to_a_free_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        taken = occupant.getsockname()[1]
        server = start_valkey(tmp_path, taken)
        try:
            assert server.port != taken
            assert answers_redis("127.0.0.1", server.port)
        finally:
            server.stop()


def test_the_wished_port_is_used_where_it_is_free(tmp_path: Path) -> None:
    wished = free_port()
    server = start_valkey(tmp_path, wished)
    server.stop()
    assert server.port == wished
    assert not server.running


def test_what_they_write_is_for_their_owner_alone(servers: EmbeddedServers) -> None:
    data_dir = servers.kafka.home.parent
    assert {path.name for path in data_dir.iterdir()} == {"kafka", "redis", "logs"}
    assert list(open_to_others(data_dir)) == []


def _create_topic(servers: EmbeddedServers, name: str) -> None:
    admin = kafka.KafkaAdminClient(bootstrap_servers=servers.bootstrap_servers)
    try:
        admin.create_topics([NewTopic(name, 1, 1)])
    finally:
        admin.close()


def _send_and_read(servers: EmbeddedServers, topic: str, value: bytes) -> list[bytes]:
    """Everything on the topic, after the value was sent."""
    at = servers.bootstrap_servers
    room = DEAD_LETTER_MAX_BYTES + 1024
    producer = kafka.KafkaProducer(bootstrap_servers=at, max_request_size=room)
    end = producer.send(topic, value).get(timeout=20).offset
    producer.close()
    consumer = kafka.KafkaConsumer(topic, bootstrap_servers=at, auto_offset_reset="earliest")
    values = []
    for record in consumer:
        values.append(record.value)
        if record.offset == end:
            break
    consumer.close()
    return values
