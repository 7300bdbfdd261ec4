"""What a service is, to the loop: lists of messages in, lists of results out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

from textwire.results.writes import Write
from textwire.wire.message import Message
from textwire.wire.record import Record
from textwire.wire.topic import Topic


@dataclass(frozen=True, slots=True)
class Received:
    """A message of one of the input topics, completed, with the record that carried it."""

    message: Any
    record: Record


class Outgoing(NamedTuple):
    """A message for a topic; its key follows from the topic."""

    topic: Topic
    message: Message


@dataclass(frozen=True, slots=True)
class Result:
    """What one message leads to."""

    messages: tuple[Outgoing, ...] = ()
    writes: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be served, and why; it becomes a dead letter.

    message  what it said, where it could be decoded and failed later.
    """

    record: Record
    error: Exception
    message: Any = None


class Processor(Protocol):
    """The pure middle of a service: no Kafka, and no clock but the one handed in.

    What it remembers from one record to the next stands in the result store, as writes of its
    results, each of which is applied once. Until they are, it may be called again with the same
    messages (the store was away; one by one, since a batch failed) and must then give the same
    results; afterwards they do not come again, even after a crash: what they led to is kept.
    """

    @property
    def name(self) -> str:
        """The service's name: its consumer group, and the first part of its transactional ids."""
        ...

    @property
    def inputs(self) -> tuple[Topic, ...]:
        """The topics it reads."""
        ...

    @property
    def model(self) -> str:
        """The version of the model it works with now, for reports."""
        ...

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """A result for each message, in their order.

        Raises: Unavailable: something is away; the whole batch is tried again later.
                Any other error: the batch is bisected until the message at fault stands alone.
        """
        ...


@runtime_checkable
class WithoutModel(Protocol):
    """A processor that has no model read its records: what a model can take bounds no batch."""

    @property
    def batch_bytes(self) -> int:
        """Of records in one batch, at most."""
        ...


@runtime_checkable
class Refusing(Protocol):
    """A processor that tells whoever asked that their record cannot be served."""

    def refuse(self, rejected: Rejected) -> Result:
        """What is said and written besides the dead letter; nothing where nobody can be told.

        It is pure as `process` is, and raises nothing.
        """
        ...
