from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from textwire.stack.servers import start_kafka
from textwire.stream.clients.reading import read_to_end, topic_names
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE
from textwire.wire.registry import TOPICS


@pytest.fixture(scope="module")
def new_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A broker without topics: what other tests loaded on theirs would stay for ever."""
    server = start_kafka(tmp_path_factory.mktemp("new-broker"))
    yield server.bootstrap_servers
    server.stop()


@pytest.fixture
def on_new_broker(new_broker: str, monkeypatch: pytest.MonkeyPatch, offline: Command) -> Command:
    """The command line on it."""
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", new_broker)
    return offline


def are_there_soon(names: set[str]) -> bool:
    """A broker hears of new topics a moment after its controller made them."""
    deadline = time.monotonic() + 10
    while set(topic_names()) != names and time.monotonic() < deadline:
        time.sleep(0.05)
    return set(topic_names()) == names


def test_the_sample_knowledge_is_loaded_once_and_never_mixed_with_ones_own(
    on_new_broker: Command, tmp_path: Path
) -> None:
    first = on_new_broker("topics", "seed")
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("Loaded ")
    samples = [record.key or b"" for record in read_to_end(SUPPORT_KNOWLEDGE.name)]
    removed = on_new_broker("knowledge", "remove", *(key.decode() for key in samples))
    assert removed.exit_code == 0, removed.output
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "own", "text": "Ours."}\n')
    assert on_new_broker("knowledge", "load", own).exit_code == 0
    again = on_new_broker("topics", "seed")
    assert again.stdout == "support.knowledge was written to before: left as it is.\n"
    assert list(read_to_end(SUPPORT_KNOWLEDGE.name))[-1].key == b"own"


def test_every_topic_and_its_dead_letters_are_created_once(on_new_broker: Command) -> None:
    there = set(topic_names())
    created = on_new_broker("topics", "create")
    assert created.exit_code == 0, created.output
    wanted = {name for topic in TOPICS.values() for name in (topic.name, topic.dead)}
    assert set(created.stdout.splitlines()) == {f"Created {name}." for name in wanted - there}
    assert are_there_soon(wanted)
    again = on_new_broker("topics", "create")
    assert (again.exit_code, again.stdout) == (0, "All topics are there already.\n")
    kept = on_new_broker("topics", "create", "--keep-days", "90")
    assert kept.stdout.splitlines()[-1] == "Dead letters are kept for 90 days."


def test_without_a_broker_it_says_so(offline: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
    told = offline("topics", "create")
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: Kafka does not answer")
