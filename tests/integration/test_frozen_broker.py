"""A broker that stands still: it takes connections and answers nothing. Nobody waits for ever."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from click.testing import CliRunner, Result
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata, TopicPartition

from tests.cli.stacks import command, environment_of, is_one_clear_message
from tests.stream.loops import eventually
from textwire.cli import main
from textwire.errors import BrokerUnavailable, TextwireError
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stack.kafka import KafkaServer
from textwire.stack.servers import start_kafka
from textwire.stream.assignment import Position
from textwire.stream.clients.reading import TopicReader, read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import connect_consumer, create_topics
from textwire.stream.kafka.member import KafkaMember
from textwire.support_qa.client import SupportClient
from textwire.support_qa.messages import Question
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_QUESTIONS
from textwire.wire.record import OutgoingRecord, Partition

ANSWER_TIMEOUT_S = 1.0
# Looking after a silence of 2 s, connecting anew, and a machine that is busy with other tests.
ENDS_WITHIN_S = 15.0
QUESTION = Question(session_id="s", id="q", text="why?")


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A broker of these tests' own: nobody else may find it frozen."""
    server = start_kafka(tmp_path_factory.mktemp("frozen"))
    yield server
    server.stop()


@pytest.fixture
def settings(kafka: KafkaServer) -> KafkaSettings:
    """How it is reached, with little patience; it has answers, and answers before the test."""
    reached = KafkaSettings(
        bootstrap_servers=kafka.bootstrap_servers, answer_timeout_s=ANSWER_TIMEOUT_S
    )
    eventually(lambda: answers(reached), within_s=30)
    return reached


def answers(settings: KafkaSettings) -> bool:
    """Whether it serves; a broker that was frozen is fenced off for a moment."""
    try:
        create_topics([SUPPORT_QUESTIONS, SUPPORT_ANSWERS], settings)
        with closing(Sender("test", settings)) as sender:
            sender.write([OutgoingRecord(SUPPORT_ANSWERS.name, b"s", b"{}")])
        return bool(list(read_to_end(SUPPORT_ANSWERS.name, settings)))
    except TextwireError:
        return False


@contextmanager
def frozen(kafka: KafkaServer) -> Iterator[None]:
    """The broker stands still meanwhile."""
    assert kafka.pid is not None
    os.killpg(kafka.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(kafka.pid, signal.SIGCONT)


def fails_in_time(action: Callable[[], object]) -> None:
    began_s = monotonic()
    with pytest.raises(BrokerUnavailable, match="Kafka"):
        action()
    assert monotonic() - began_s < ENDS_WITHIN_S


@pytest.fixture
def textwire(settings: KafkaSettings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line, with that broker."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(main, words)


def environment(settings: KafkaSettings) -> dict[str, str]:
    return {
        "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": settings.bootstrap_servers,
        "TEXTWIRE_KAFKA_ANSWER_TIMEOUT_S": str(settings.answer_timeout_s),
    }


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "why?"),
        ("tail", "support.answers"),
        ("dead", "list"),
        ("knowledge", "list"),
        ("recs", "forget", "u"),
    ],
    ids=" ".join,
)
def test_a_verb_that_finds_the_broker_frozen_says_so_in_time(
    kafka: KafkaServer, textwire: Callable[..., Result], words: tuple[str, ...]
) -> None:
    with frozen(kafka):
        began_s = monotonic()
        told = textwire(*words)
    assert told.exit_code == 1
    assert told.stderr.startswith("Error: Kafka does not answer")
    assert "textwire status" in told.stderr
    assert monotonic() - began_s < ENDS_WITHIN_S


def test_a_reader_of_a_broker_that_freezes_says_so_in_time(
    kafka: KafkaServer, settings: KafkaSettings
) -> None:
    with TopicReader(SUPPORT_ANSWERS.name, settings=settings) as reader:
        assert list(reader.to_end())
        with frozen(kafka):
            for read in (reader.skip_to_end, lambda: list(reader.to_end()), lambda: reader.last(1)):
                fails_in_time(read)
            assert reader.poll(0.1) == []


def test_a_place_that_the_broker_has_not_told_yet_is_not_waited_for_without_end(
    kafka: KafkaServer, settings: KafkaSettings
) -> None:
    with TopicReader(SUPPORT_ANSWERS.name, settings=settings) as reader:
        ends = reader._ends()
        with frozen(kafka):
            assert reader._is_before(ends)


def test_whoever_follows_a_topic_learns_that_the_broker_is_frozen(
    kafka: KafkaServer, settings: KafkaSettings
) -> None:
    with TopicReader(SUPPORT_ANSWERS.name, settings=settings) as reader, frozen(kafka):
        fails_in_time(lambda: list(reader.follow()))


def test_a_sender_to_a_broker_that_freezes_says_so_in_time(
    kafka: KafkaServer, settings: KafkaSettings
) -> None:
    with closing(Sender("test", settings)) as used, closing(Sender("test", settings)) as new:
        used.send(SUPPORT_QUESTIONS, QUESTION)
        with frozen(kafka):
            fails_in_time(lambda: used.send(SUPPORT_QUESTIONS, QUESTION))
            fails_in_time(lambda: new.send(SUPPORT_QUESTIONS, QUESTION))


def test_whoever_asks_a_broker_that_freezes_is_told_in_time(
    kafka: KafkaServer, settings: KafkaSettings
) -> None:
    with closing(SupportClient("test", settings)) as line, frozen(kafka):
        fails_in_time(lambda: line.ask("why?", "s", timeout_s=60))


def test_tail_ends_when_the_broker_freezes(
    kafka: KafkaServer, settings: KafkaSettings, tmp_path: Path
) -> None:
    words = command("tail", "support.answers", "--from-beginning", "--raw")
    with subprocess.Popen(
        words,
        env=environment_of(tmp_path, **environment(settings)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "{}\n"
        with frozen(kafka):
            said, errors = process.communicate(timeout=ENDS_WITHIN_S)
    told = subprocess.CompletedProcess(words, process.returncode, said, errors)
    assert is_one_clear_message(told)
    assert errors.startswith("Error: Kafka does not answer while reading support.answers")


def test_where_a_group_goes_on_is_never_the_answer_to_an_earlier_question(
    kafka: KafkaServer, settings: KafkaSettings
) -> None:
    partition = Partition(SUPPORT_QUESTIONS.name, 0)
    member = KafkaMember((partition.topic,), "late", 0, StreamSettings(), settings)
    member.start(HoldsNothing())
    try:
        assert member.committed(partition) is None
        with frozen(kafka):
            fails_in_time(lambda: member.committed(partition))
        # The broker answers now, and nobody waits for it any more.
        eventually(lambda: was_committed(partition, 7, settings), within_s=30)
        assert member.committed(partition) == Position(7, "")
    finally:
        member.close(timeout_s=1)


class HoldsNothing:
    """Of a group that is never joined."""

    def assigned(self, generation: int, proof: Any, partitions: frozenset[Partition]) -> None:
        pass

    def release(self, done: Callable[[], None]) -> None:
        pass

    def lose(self) -> None:
        pass


def was_committed(partition: Partition, offset: int, settings: KafkaSettings) -> bool:
    """Whether another client could commit for the group, which nobody has joined."""
    place = TopicPartition(*partition)
    with closing(connect_consumer(settings, group_id="late")) as other:
        other.assign([place])
        try:
            other.commit({place: OffsetAndMetadata(offset, "", -1)}, timeout_ms=1000)
        except KafkaError:
            return False
        return bool(other.committed(place, timeout_ms=1000) == offset)
