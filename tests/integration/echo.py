"""The smallest service there is, and what tests need to watch it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import kafka
import msgspec

from textwire.results.store import ResultStore
from textwire.results.writes import Append, Count, Put
from textwire.settings import KafkaSettings
from textwire.stream.headers import as_pairs
from textwire.stream.kafka.connecting import client_settings, create_topics
from textwire.stream.processor import Outgoing, Received, Result
from textwire.support_qa.messages import Answer, Question
from textwire.wire.topic import Topic

ANSWERED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class EchoTopics:
    """The topics of one test."""

    name: str
    partitions: int = 4

    @property
    def questions(self) -> Topic:
        return Topic(f"{self.name}.questions", Question, lambda q: q.session_id, self.partitions)

    @property
    def answers(self) -> Topic:
        return Topic(f"{self.name}.answers", Answer, lambda a: a.session_id, 1, direction="sent")

    @property
    def seen_key(self) -> str:
        """The list in Redis of all questions, in the order they were applied."""
        return f"{self.name}:seen"

    @property
    def counts_key(self) -> str:
        """The table in Redis that counts each question."""
        return f"{self.name}:counts"


class Echo:
    """Answers with the question's text; fails on `poison`, and takes `slow_s` for a batch."""

    model = "echo"

    def __init__(self, topics: EchoTopics, slow_s: float = 0.0) -> None:
        self._topics = topics
        self._slow_s = slow_s

    @property
    def name(self) -> str:
        return self._topics.name

    @property
    def inputs(self) -> tuple[Topic, ...]:
        return (self._topics.questions,)

    def process(self, batch: Sequence[Received]) -> list[Result]:
        time.sleep(self._slow_s)
        return [self._answer(received.message) for received in batch]

    def _answer(self, question: Question) -> Result:
        if question.text == "poison":
            raise ValueError("the model does not like this one")
        answer = Answer(
            question_id=question.id or "",
            session_id=question.session_id,
            outcome="answered",
            text=question.text,
            confidence=1.0,
            sources=(),
            model=self.model,
            answered_at=ANSWERED_AT,
        )
        writes = (
            Append(self._topics.seen_key, question.text.encode(), keep=100_000),
            Count(self._topics.counts_key, question.text),
        )
        return Result((Outgoing(self._topics.answers, answer),), writes)


class Numbering(Echo):
    """Answers with how many questions of its session it has seen, which it remembers in Redis."""

    def __init__(self, topics: EchoTopics, results: ResultStore) -> None:
        super().__init__(topics)
        self._results = results

    def process(self, batch: Sequence[Received]) -> list[Result]:
        results = []
        seen: dict[str, int] = {}
        for received in batch:
            question = received.message
            key = f"{self.name}:{question.session_id}"
            number = seen.get(key, int(self._results.get(key) or b"0")) + 1
            seen[key] = number
            counted = msgspec.structs.replace(question, text=f"{question.session_id} {number}")
            answer = self._answer(counted)
            results.append(Result(answer.messages, (Put(key, str(number).encode()),)))
        return results


class Bench:
    """Makes a test's topics, asks questions, reads what came of them."""

    def __init__(self, bootstrap_servers: str, topics: EchoTopics) -> None:
        self.topics = topics
        self.settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
        create_topics([topics.questions, topics.answers], self.settings)
        self._producer = kafka.KafkaProducer(**client_settings(self.settings), acks="all")

    def ask(self, texts: Sequence[str], sessions: int = 16) -> None:
        """Questions over a number of sessions, and so over all partitions."""
        for number, text in enumerate(texts):
            question = Question(session_id=f"s{number % sessions}", text=text, id=text)
            self.put(msgspec.json.encode(question), key=question.session_id.encode())
        self._producer.flush()

    def ask_partitions(self, texts: Sequence[str], partitions: int) -> None:
        """Questions to one partition after the other, each in a batch of its own."""
        for number, text in enumerate(texts):
            question = Question(session_id=f"s{number % partitions}", text=text, id=text)
            self._producer.send(
                self.topics.questions.name,
                key=question.session_id.encode(),
                value=msgspec.json.encode(question),
                partition=number % partitions,
            ).get(10)

    def pour(self, texts: Sequence[str], sessions: int) -> None:
        """The same as fast as they can be sent."""
        for number, text in enumerate(texts):
            question = Question(session_id=f"s{number % sessions}", text=text, id=text)
            self._producer.send(
                self.topics.questions.name,
                key=question.session_id.encode(),
                value=msgspec.json.encode(question),
            )
        self._producer.flush()

    def reconnect(self) -> None:
        """Learn anew which partitions there are."""
        self._producer.close()
        self._producer = kafka.KafkaProducer(**client_settings(self.settings), acks="all")

    def put(
        self, value: bytes | None, key: bytes = b"s", headers: dict[str, bytes] | None = None
    ) -> None:
        """A record as it is."""
        name = self.topics.questions.name
        self._producer.send(name, key=key, value=value, headers=as_pairs(headers or {})).get(10)

    def answers(self, count: int, within_s: float = 30.0) -> list[str]:
        """Texts of the committed answers: `count` if they come in time, and any too many."""
        values = self.read(self.topics.answers.name, count, within_s)
        return [msgspec.json.decode(value, type=Answer).text for value in values]

    def read(self, topic: str, count: int, within_s: float = 30.0) -> list[bytes]:
        """Committed values of a topic."""
        return [record.value for record in self.records(topic, count, within_s)]

    def records(
        self, topic: str, count: int, within_s: float = 30.0
    ) -> list[kafka.consumer.fetcher.ConsumerRecord]:
        """Committed records of a topic, and a moment's patience for any that are too many."""
        consumer = kafka.KafkaConsumer(
            topic,
            **client_settings(self.settings),
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        found: list[kafka.consumer.fetcher.ConsumerRecord] = []
        ends_at, more_until = time.monotonic() + within_s, None
        while time.monotonic() < (more_until or ends_at):
            for records in consumer.poll(timeout_ms=100).values():
                found += records
            if len(found) >= count and more_until is None:
                more_until = time.monotonic() + 1.0
        consumer.close()
        return found

    def close(self) -> None:
        self._producer.close()
