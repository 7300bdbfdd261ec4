"""What went in, and what has come of it so far: kept while a scenario runs."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, NamedTuple

# So long a partition of which records wait may lead to nothing; then it has stopped.
STALLED_AFTER_S = 45.0

Expected = Literal["answer", "dead letter", "count"]


class Place(NamedTuple):
    """Where a record stands."""

    topic: str
    partition: int
    offset: int


class Sent(NamedTuple):
    """A record that the broker has taken, and what it must lead to.

    generation  how often the topic had been made anew: offsets then begin at 0 again.
    """

    id: str
    key: str
    expected: Expected
    place: Place
    generation: int = 0

    @property
    def turn(self) -> tuple[int, int]:
        """Its place in the order of its key."""
        return self.generation, self.place.offset


class Answered(NamedTuple):
    """One answer: to which record, with which number where the service numbers, and where."""

    id: str
    key: str
    number: int | None
    place: Place | None = None


class Dead(NamedTuple):
    """A dead letter: of which record, and why."""

    of: Place
    reason: str


@dataclass
class _Partition:
    """Of one input partition, what is not answered yet, and when something last was."""

    waiting: set[str] = field(default_factory=set)
    moved_at: float = 0.0


class Ledger:
    """Every record sent, every answer and dead letter seen. Any thread may ask and tell."""

    def __init__(self) -> None:
        self.generation = 0
        self.sent: list[Sent] = []
        self.unsure: list[str] = []
        self.answers: list[Answered] = []
        self.dead: list[Dead] = []
        self._seen: set[str] = set()
        self._input_of: dict[str, tuple[str, int]] = {}
        self._partitions: defaultdict[tuple[str, int], _Partition] = defaultdict(_Partition)
        self._lock = Lock()

    def took(self, sent: Sent) -> None:
        """The broker has a record."""
        with self._lock:
            self.sent.append(sent)
            if sent.expected == "count" or _trace(sent) in self._seen:
                return
            partition = self._partitions[sent.place.topic, sent.place.partition]
            if not partition.waiting:
                partition.moved_at = time.monotonic()
            partition.waiting.add(_trace(sent))
            self._input_of[_trace(sent)] = (sent.place.topic, sent.place.partition)

    def doubts(self, id_: str) -> None:
        """It cannot be known whether the broker has a record."""
        with self._lock:
            self.unsure.append(id_)

    def saw(self, answers: Iterable[Answered], dead: Iterable[Dead]) -> None:
        """Something came out."""
        with self._lock:
            for answer in answers:
                self.answers.append(answer)
                self._came(answer.id)
            for letter in dead:
                self.dead.append(letter)
                self._came(repr(letter.of))

    def waiting(self) -> Counter[tuple[str, int]]:
        """How many records of each input partition have led to nothing yet."""
        with self._lock:
            counts = {key: len(one.waiting) for key, one in self._partitions.items()}
        return Counter({key: count for key, count in counts.items() if count})

    def stalled(self) -> list[tuple[str, int]]:
        """Input partitions of which records wait and nothing has come for long."""
        before = time.monotonic() - STALLED_AFTER_S
        with self._lock:
            return [
                key
                for key, one in self._partitions.items()
                if one.waiting and one.moved_at < before
            ]

    def _came(self, trace: str) -> None:
        self._seen.add(trace)
        if trace in self._input_of:
            partition = self._partitions[self._input_of[trace]]
            partition.waiting.discard(trace)
            partition.moved_at = time.monotonic()


def _trace(sent: Sent) -> str:
    """By what it is recognised when it comes out: answers by id, dead letters by place."""
    return repr(sent.place) if sent.expected == "dead letter" else sent.id
