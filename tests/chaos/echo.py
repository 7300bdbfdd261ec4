"""The service that most scenarios put to the test: it numbers the questions of each session.

The number is what it remembers, in Redis, so an answer shows whether a question was counted twice
or forgotten; the order of a session's numbers shows whether it was served in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from textwire.results.store import ResultStore
from textwire.results.writes import Count, Put
from textwire.stream.processor import Outgoing, Received, Result
from textwire.support_qa.messages import Answer, Question
from textwire.wire.topic import Topic

ANSWERED_AT = datetime(2026, 1, 1, tzinfo=UTC)
# A model that fails on a text, and one for whose memory two such texts are too much at once.
POISON = "poison"
HEAVY = "heavy"
# What a producer may send: larger than what the service takes, smaller than what brokers refuse.
LARGEST_RECORD_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class EchoTopics:
    """The topics and the keys in Redis of one scenario."""

    name: str
    partitions: int = 6

    @cached_property
    def questions(self) -> Topic:
        """What goes in."""
        config = {"max.message.bytes": str(LARGEST_RECORD_BYTES), "retention.ms": "-1"}
        name = f"{self.name}.questions"
        return Topic(name, Question, lambda q: q.session_id, self.partitions, config=config)

    @cached_property
    def answers(self) -> Topic:
        """What comes out."""
        # By default brokers refuse what says that it was written in more than an hour.
        config = {"message.timestamp.after.max.ms": str(60 * 60 * 1000)}
        name = f"{self.name}.answers"
        return Topic(name, Answer, lambda a: a.session_id, 3, direction="sent", config=config)

    @property
    def counts_key(self) -> str:
        """The table in Redis that counts each question."""
        return f"{self.name}:counts"

    def number_key(self, session_id: str) -> str:
        """Where it stands how many questions of a session were answered."""
        return f"{self.name}:number:{session_id}"


class Numbering:
    """Answers each question with its number among those of its session."""

    model = "numbering"

    def __init__(self, topics: EchoTopics, results: ResultStore) -> None:
        self._topics, self._results = topics, results

    @property
    def name(self) -> str:
        """The group's name."""
        return self._topics.name

    @property
    def inputs(self) -> tuple[Topic, ...]:
        """Questions."""
        return (self._topics.questions,)

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """Raises ValueError for a poisoned question, MemoryError for two heavy ones at once."""
        if sum(one.message.text.startswith(HEAVY) for one in batch) > 1:
            raise MemoryError("two heavy questions do not fit into memory together")
        numbers: dict[str, int] = {}
        return [self._numbered(one.message, numbers) for one in batch]

    def _numbered(self, question: Question, numbers: dict[str, int]) -> Result:
        if question.text.startswith(POISON):
            raise ValueError("the model does not like this one")
        number = self._last_number(question.session_id, numbers) + 1
        numbers[question.session_id] = number
        writes = (
            Put(self._topics.number_key(question.session_id), str(number).encode()),
            Count(self._topics.counts_key, question.id or ""),
        )
        return Result((Outgoing(self._topics.answers, _answer(question, number)),), writes)

    def _last_number(self, session_id: str, numbers: dict[str, int]) -> int:
        if session_id in numbers:
            return numbers[session_id]
        return int(self._results.get(self._topics.number_key(session_id)) or b"0")


def _answer(question: Question, number: int) -> Answer:
    return Answer(
        question_id=question.id or "",
        session_id=question.session_id,
        outcome="answered",
        text=str(number),
        confidence=1.0,
        sources=(),
        model=Numbering.model,
        answered_at=ANSWERED_AT,
    )
