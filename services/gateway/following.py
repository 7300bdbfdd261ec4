"""A topic that is followed from now on, on a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Generic, TypeVar

import msgspec

from services.gateway.replies import Replies
from textwire.stream.clients.reading import TopicReader
from textwire.stream.kafka.topic_shape import ShapeReader, TopicShape
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message
from textwire.wire.topic import Topic

M = TypeVar("M", bound=Message)

# How long one look lasts while nothing comes: what comes is handed on at once.
LOOK_S = 0.5
# How soon partitions that were added are followed, and a topic that was made anew.
SHAPE_EVERY_S = 2.0


class TopicFollower(Generic[M]):
    """Hands what is published on a topic to those who wait; `look` is called again and again.

    A reader knows the partitions that there were when it connected. Where the topic has another
    shape by now, the next one begins, and what came between stands in Redis.
    """

    def __init__(
        self,
        topic: Topic,
        kind: type[M],
        replies: Replies[M],
        loop: asyncio.AbstractEventLoop,
        connect: Callable[[str], TopicReader] = TopicReader,
        shapes: Callable[[str], ShapeReader] = ShapeReader,
    ) -> None:
        self.name = topic.name
        self._replies, self._loop = replies, loop
        self._decoder = msgspec.json.Decoder(kind)
        self._connect, self._shapes_of = connect, shapes
        self._reader: TopicReader | None = None
        self._shapes: ShapeReader | None = None
        self._shape: TopicShape | None = None  # as it was when the reader connected
        self._shape_due_at_s = 0.0

    def look(self) -> None:
        """Hand on what has come; connect first where that is needed.

        Raises: BrokerUnavailable, UnknownTopic.
        """
        try:
            if self._has_another_shape():
                self._let_go_of_reader()
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
        """Let the connections go."""
        self._let_go_of_reader()
        shapes, self._shapes = self._shapes, None
        if shapes is not None:
            shapes.close()

    def _let_go_of_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def _has_another_shape(self) -> bool:
        """Whether the topic is another than at the last look, which is a moment ago."""
        if self._reader is not None and monotonic() < self._shape_due_at_s:
            return False
        if self._shapes is None:
            self._shapes = self._shapes_of(self.name)
        before, self._shape = self._shape, self._shapes.read()
        self._shape_due_at_s = monotonic() + SHAPE_EVERY_S
        return self._shape != before
