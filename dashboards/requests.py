"""What a page asks for through Kafka: sent, under way until its effect is seen, or late."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards.connections import MessageSender
from textwire.errors import TextwireError
from textwire.wire.message import Message
from textwire.wire.topic import Topic


@dataclass(frozen=True, kw_only=True)
class Request:
    """Something that was asked for; `problem` says why it could not be sent."""

    asked_at: datetime
    problem: str = ""

    def is_late(self, now: datetime, timeout_s: float) -> bool:
        """Whether its effect should be seen by now."""
        return now - self.asked_at >= timedelta(seconds=timeout_s)


def send_all(messages: Iterable[tuple[Topic, Message]], sender: Callable[[], MessageSender]) -> str:
    """Send these, in their order.

    Returns: why they could not be sent, or nothing.
    """
    try:
        to = sender()
        for topic, message in messages:
            to.send(topic, message)
    except TextwireError as error:
        return str(error)
    return ""
