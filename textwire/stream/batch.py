"""How large a batch may be, and what one is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from textwire.stream.assignment import Assignment
from textwire.wire.record import Record

# English text in JSON has about four bytes for each token of a word-piece vocabulary.
BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class Batch:
    """Records to be worked on together, and the assignment under which they were read."""

    assignment: Assignment
    records: Sequence[Record]


@dataclass(frozen=True)
class BatchBudget:
    """A batch ends before it holds more tokens, as estimated from its bytes, or more records."""

    max_tokens: int
    max_records: int

    def fill(self, waiting: Iterable[Record]) -> Iterator[Record]:
        """Those from the front that make a batch: at least one, however large it is."""
        tokens = 0
        for count, record in enumerate(waiting):
            tokens += estimated_tokens(record)
            if count and (tokens > self.max_tokens or count >= self.max_records):
                return
            yield record

    def is_full(self, records: int, tokens: int) -> bool:
        """Whether waiting longer cannot make the next batch larger."""
        return records >= self.max_records or tokens > self.max_tokens


def estimated_tokens(record: Record) -> int:
    """About how many tokens a record's text has."""
    return max(1, len(record.value or b"") // BYTES_PER_TOKEN)
