"""Shows how answers begin, beside the batch that words them: it never waits for Redis."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event, Lock

from textwire.results.store import ResultStore
from textwire.support_qa.parts import AnswerPart, part_writes

# How long one look lasts while there is nothing to show.
LOOK_S = 0.5


class ShownParts:
    """Holds the newest part of each question until `look` has written it.

    Where Redis is away or slow, parts are lost and nothing else is.
    """

    def __init__(self, store: ResultStore, kept_s: int) -> None:
        """Args: kept_s: how long a part stands of which no answer comes."""
        self._store, self._kept_s = store, kept_s
        self._parts: dict[tuple[str, str], AnswerPart] = {}
        self._lock, self._came = Lock(), Event()

    def show(self, part: AnswerPart) -> None:
        """Show this part of a question's answer, and no earlier one."""
        with self._lock:
            self._parts[part.session_id, part.question_id] = part
        self._came.set()

    def over(self, questions: Iterable[tuple[str, str]]) -> None:
        """Their answers are there: what was not shown yet need not be.

        Args: questions: their sessions and ids.
        """
        with self._lock:
            for question in questions:
                self._parts.pop(question, None)

    def look(self) -> None:
        """Write what there is to show, once there is something; it is called again and again.

        Raises: RedisUnavailable.
        """
        if not self._came.wait(LOOK_S):
            return
        with self._lock:
            self._came.clear()
            parts, self._parts = self._parts, {}
        if parts:
            self._store.write(part_writes(parts.values(), self._kept_s))
