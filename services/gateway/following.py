"""A topic that is followed from now on, on a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

import msgspec

from services.gateway.replies import Replies
from textwire.stream.clients.reading import TopicReader
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message
from textwire.wire.topic import Topic

M = TypeVar("M", bound=Message)

# How long one look lasts while nothing comes: what comes is handed on at once.
LOOK_S = 0.5


class TopicFollower(Generic[M]):
    """Hands what is published on a topic to those who wait; `look` is called again and again."""

    def __init__(
        self,
        topic: Topic,
        kind: type[M],
        replies: Replies[M],
        loop: asyncio.AbstractEventLoop,
        connect: Callable[[str], TopicReader] = TopicReader,
    ) -> None:
        self.name = topic.name
        self._replies, self._loop = replies, loop
        self._decoder = msgspec.json.Decoder(kind)
        self._connect = connect
        self._reader: TopicReader | None = None

    def look(self) -> None:
        """Hand on what has come; connect first where that is needed.

        Raises: BrokerUnavailable, UnknownTopic.
        """
        try:
            if self._reader is None:
                self._reader = self._connect(self.name)
                self._reader.skip_to_end()
                # Whatever came before the end was known is in Redis, and nowhere in the streams.
                self._loop.call_soon_threadsafe(self._replies.deliver_gap)
            for record in self._reader.poll(LOOK_S):
                # Other programs' mistakes are for nobody.
                with suppress(*NOT_DECODABLE):
                    message = self._decoder.decode(record.value or b"")
                    self._loop.call_soon_threadsafe(self._replies.deliver, message)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the connection go."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()
