"""How large a batch may be."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from textwire.stream.records import Record

# English text in JSON has about four bytes for each token of a word-piece vocabulary.
BYTES_PER_TOKEN = 4


@dataclass(frozen=True)
class BatchBudget:
    """A batch ends before it holds more tokens, as estimated from its bytes, or more records."""

    max_tokens: int
    max_records: int

    def cut(self, waiting: deque[Record]) -> list[Record]:
        """Take the next batch off the front: at least one record, however large it is."""
        count = self._count(waiting)
        return [waiting.popleft() for _ in range(count)]

    def is_full(self, waiting: deque[Record]) -> bool:
        """Whether waiting longer cannot make the next batch larger."""
        return bool(waiting) and (
            len(waiting) >= self.max_records or self._count(waiting) < len(waiting)
        )

    def _count(self, waiting: Iterable[Record]) -> int:
        tokens, count = 0, 0
        for record in waiting:
            tokens += estimated_tokens(record)
            if count and (tokens > self.max_tokens or count >= self.max_records):
                break
            count += 1
        return count


def estimated_tokens(record: Record) -> int:
    """About how many tokens a record's text has."""
    return max(1, len(record.value or b"") // BYTES_PER_TOKEN)
