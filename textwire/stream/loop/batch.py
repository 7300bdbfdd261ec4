"""How large a batch may be, and what one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textwire.settings import StreamSettings
from textwire.stream.assignment import Assignment
from textwire.stream.processor import Processor, WithoutModel
from textwire.wire.record import Record

# English text in JSON has about four bytes for each token of a word-piece vocabulary.
BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class Batch:
    """Records to be worked on together, and the assignment under which they were read."""

    assignment: Assignment
    records: Sequence[Record]

    def of_known_topics(self) -> list[Record]:
        """Its records, each with the id of the topic that the assignment began with."""
        ids = self.assignment.topic_ids
        return [replace(one, topic_id=ids.get(one.partition.topic, "")) for one in self.records]


@dataclass(frozen=True)
class BatchBudget:
    """A batch ends before it holds more tokens, as estimated from its bytes, or more records."""

    max_tokens: int
    max_records: int

    @classmethod
    def of(cls, processor: Processor, settings: StreamSettings) -> BatchBudget:
        """What a processor takes at once."""
        tokens = settings.max_batch_tokens
        if isinstance(processor, WithoutModel):
            tokens = max(tokens, processor.batch_bytes // BYTES_PER_TOKEN)
        return cls(tokens, settings.max_batch_records)

    def fits(self, record: Record, records: int, tokens: int) -> bool:
        """Whether a batch of so many has room for one more: an empty one for any, however large."""
        if not records:
            return True
        return records < self.max_records and tokens + estimated_tokens(record) <= self.max_tokens

    def is_full(self, records: int, tokens: int) -> bool:
        """Whether so much waits that nothing is gained by waiting for more."""
        return records >= self.max_records or tokens > self.max_tokens


def estimated_tokens(record: Record) -> int:
    """About how many tokens a record's text has."""
    return max(1, len(record.value or b"") // BYTES_PER_TOKEN)
