"""What services publish, handed to the requests and streams that wait for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from services.gateway.recent import Recent
from textwire.support_qa.parts import AnswerPart
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)

# Whoever reads a stream more slowly than this is behind, and is told to read all anew.
MOST_UNREAD = 100
# A part of an answer that is read meanwhile may be handed on after the answer, by some moments.
ANSWERS_REMEMBERED = 10_000


class Replies(Generic[M]):
    """Those who wait for messages of one kind; it is used on the event loop alone."""

    def __init__(
        self, request_of: Callable[[M], Hashable], session_of: Callable[[M], str] | None = None
    ) -> None:
        """`request_of` tells which request a message replies to, `session_of` whose it is."""
        self._request_of, self._session_of = request_of, session_of
        self._requests: dict[Hashable, set[asyncio.Future[M]]] = defaultdict(set)
        self._streams: dict[str, set[asyncio.Queue[M | AnswerPart | None]]] = defaultdict(set)
        self._answered: Recent[Hashable] = Recent(ANSWERS_REMEMBERED)

    @contextmanager
    def reply_to(self, request: Hashable) -> Iterator[asyncio.Future[M]]:
        """What will be the reply to a request, which is sent only after this."""
        waiting = asyncio.get_running_loop().create_future()
        with _among(self._requests, request, waiting):
            yield waiting

    @contextmanager
    def stream_of(self, session_id: str) -> Iterator[asyncio.Queue[M | AnswerPart | None]]:
        """All that comes for a session from now on; None where something may be missing."""
        queue: asyncio.Queue[M | AnswerPart | None] = asyncio.Queue(MOST_UNREAD)
        with _among(self._streams, session_id, queue):
            yield queue

    @property
    def streams(self) -> int:
        """How many are followed."""
        return sum(map(len, self._streams.values()))

    @property
    def followed(self) -> list[str]:
        """The sessions that are followed; this alone may be asked from another thread."""
        return list(self._streams)  # in one step of the interpreter

    def deliver(self, message: M) -> None:
        """Hand a message to all who wait for it."""
        request = self._request_of(message)
        self._answered.add(request)
        for waiting in self._requests.get(request, ()):
            if not waiting.done():
                waiting.set_result(message)
        if self._session_of is not None:
            for queue in self._streams.get(self._session_of(message), ()):
                _put(queue, message)

    def deliver_part(self, part: AnswerPart) -> None:
        """Hand the beginning of an answer to all streams of its session, unless it has come."""
        if (part.session_id, part.question_id) not in self._answered:
            for queue in self._streams.get(part.session_id, ()):
                _put(queue, part)

    def deliver_gap(self) -> None:
        """Tell all streams that something may be missing."""
        for queues in self._streams.values():
            for queue in queues:
                _put(queue, None)


K = TypeVar("K", bound=Hashable)
W = TypeVar("W", bound=Hashable)


@contextmanager
def _among(table: dict[K, set[W]], name: K, one: W) -> Iterator[None]:
    table[name].add(one)
    try:
        yield
    finally:
        table[name].discard(one)
        if not table[name]:
            del table[name]


def _put(queue: asyncio.Queue[M | AnswerPart | None], message: M | AnswerPart | None) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        message = None
    queue.put_nowait(message)
