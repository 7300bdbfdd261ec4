"""Every topic: its name, what travels on it, and how the broker keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from textwire.messages import Answer, Handoff, Message, Passage, Question

DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = -1
# Room for a record that was refused for its size, with its reason in the headers.
DEAD_LETTER_MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True)
class Topic:
    """A topic as the broker keeps it.

    partitions   the most replicas that can share the work.
    retention_ms how long a record stays; -1 is for ever (compacted topics: until it is replaced).
    compacted    only the last record of each key is kept: the state of the world.
    """

    name: str
    message: type[Message]
    key: Callable[[Any], str]
    partitions: int = 4
    retention_ms: int = 7 * DAY_MS
    compacted: bool = False
    config: dict[str, str] = field(default_factory=dict)

    @property
    def dead(self) -> str:
        """Where records of this topic go that could not be used."""
        return f"{self.name}.dead"


SUPPORT_KNOWLEDGE = Topic(
    "support.knowledge",
    Passage,
    key=lambda passage: passage.id,
    partitions=1,  # every replica reads all of it, in the order it was written
    retention_ms=FOR_EVER,
    compacted=True,
)
SUPPORT_QUESTIONS = Topic("support.questions", Question, key=lambda q: q.session_id)
SUPPORT_ANSWERS = Topic("support.answers", Answer, key=lambda answer: answer.session_id)
SUPPORT_HANDOFFS = Topic(
    "support.handoffs", Handoff, key=lambda h: h.session_id, retention_ms=30 * DAY_MS
)

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (SUPPORT_KNOWLEDGE, SUPPORT_QUESTIONS, SUPPORT_ANSWERS, SUPPORT_HANDOFFS)
}
