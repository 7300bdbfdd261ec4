"""How long what was sent stays on topics, for verbs that erase what is known of somebody."""

from __future__ import annotations

from collections.abc import Sequence

from textwire.wire.topic import DAY_MS, Topic


def told_retention(topics: Sequence[Topic]) -> str:
    """What no erasure reaches, and when it goes by itself."""
    return (
        f"{topics_retention(topics)}; and what could not be used on their .dead topics, which "
        "`textwire dead purge` empties."
    )


def topics_retention(topics: Sequence[Topic]) -> str:
    """How long what was sent stays, as a sentence without its end."""
    days = ", ".join(f"{topic.name} {topic.retention_ms // DAY_MS} days" for topic in topics)
    return f"What was sent before stays on the topics until their retention ends: {days}"
