"""Waiting for what a service says to something that was asked through Kafka."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Any, Generic, TypeVar

import msgspec

from textwire.errors import RecordRejected, Timeout
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import TopicReader
from textwire.stream.clients.sender import Sender
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.limits import correction, unfit_fields
from textwire.wire.message import Message
from textwire.wire.topic import Topic

M = TypeVar("M", bound=Message)
A = TypeVar("A", bound=Message)


class RequestReply(Generic[M]):
    """Writes to one topic and waits for the reply on another, one at a time."""

    def __init__(
        self,
        source: str,
        asked_on: Topic,
        replies_on: Topic,
        reply: type[M],
        settings: KafkaSettings | None = None,
    ) -> None:
        """Connect, and read replies from now on.

        Args:   source: who asks, such as `textwire ask`. reply: what travels on `replies_on`.
        Raises: BrokerUnavailable; UnknownTopic: no service ever ran on this broker.
        """
        self._asked_on = asked_on
        self._reply = reply
        with ExitStack() as opened:
            self._replies = opened.enter_context(TopicReader(replies_on.name, settings=settings))
            self._replies.skip_to_end()
            self._sender = Sender(source, settings)
            opened.pop_all()  # both are there, and stay open until `close`

    def close(self) -> None:
        """Let the connections go."""
        self._sender.close()
        self._replies.close()

    def reply_to(self, message: Message, is_reply: Callable[[M], bool], timeout_s: float) -> M:
        """The first reply that is to this message.

        Raises: Timeout; BrokerUnavailable.
        """
        self._sender.send(self._asked_on, message)
        until = monotonic() + timeout_s
        while (left_s := until - monotonic()) > 0:
            for record in self._replies.poll(left_s):
                # Whatever else passes there, other programs' mistakes included, is not for us.
                with suppress(*NOT_DECODABLE):
                    reply = msgspec.json.decode(record.value or b"", type=self._reply)
                    if is_reply(reply):
                        return reply
        raise Timeout(self._silence(message, timeout_s))

    def _silence(self, message: Message, timeout_s: float) -> str:
        asked: Any = message
        topic = self._asked_on.name
        return (
            f"No answer came within {timeout_s:g} s to {asked.id} on {topic}. It stays there, so "
            "an answer may still come. See whether the service is up (`textwire status`), what it "
            f"says (`textwire logs`), and whether it refused it (`textwire dead list {topic}`)."
        )


def fit_to_send(message: A, doing: str) -> A:
    """The message, held against what its fields may hold: constructing one checks nothing.

    Args:   doing: what cannot be done with one that does not fit, such as "asked".
    Raises: RecordRejected: it does not fit.
    """
    kind = type(message)
    try:
        encoded = msgspec.json.encode(message)
    except UnicodeEncodeError as error:  # as a terminal hands over bytes that are no UTF-8
        raise RecordRejected(f"This cannot be {doing}: it is not text in UTF-8.") from error
    fields = msgspec.json.decode(encoded, type=dict[str, msgspec.Raw])
    if unfit := unfit_fields(fields, kind):
        raise RecordRejected(f"This cannot be {doing}: {correction(unfit, kind)}.")
    return message
