"""The passages that the bot has, kept in Redis for pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from services.support_qa.knowledge.snapshot import difference
from textwire.results.store import ResultStore
from textwire.support_qa.knowledge_results import (
    passage_writes,
    read_passages,
    read_passages_version,
)
from textwire.support_qa.messages import Passage

# Of 100,000 passages, so that no write of Redis takes long.
CHUNK = 1_000


class PassageMirror:
    """Writes what has changed since the last look.

    Every replica does: they write the same, and the last one to hear of a change has it right.
    """

    def __init__(
        self, store: ResultStore, new_version: Callable[[], str] = lambda: uuid4().hex
    ) -> None:
        self._store, self._new_version = store, new_version
        self._written: Mapping[str, Passage] | None = None

    def show(self, passages: Mapping[str, Passage]) -> None:
        """Make the passages that pages read these, by id.

        Raises: RedisUnavailable: the next look goes on where this one ended.
        """
        if self._written is None or not read_passages_version(self._store):
            self._written = read_passages(self._store)  # of a former start; or nothing is there
        changes = list(difference(self._written, passages).items())
        for start in range(0, len(changes), CHUNK):
            chunk = dict(changes[start : start + CHUNK])
            self._store.write(passage_writes(chunk, self._new_version()))
        self._written = passages
