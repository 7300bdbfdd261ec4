"""What services publish, handed to the requests and streams that wait for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from textwire.wire.message import Message

M = TypeVar("M", bound=Message)

# Whoever reads a stream more slowly than this is behind, and is told to read all anew.
MOST_UNREAD = 100


class Replies(Generic[M]):
    """Those who wait for messages of one kind; it is used on the event loop alone."""

    def __init__(
        self, request_of: Callable[[M], Hashable], session_of: Callable[[M], str] | None = None
    ) -> None:
        """`request_of` tells which request a message replies to, `session_of` whose it is."""
        self._request_of, self._session_of = request_of, session_of
        self._requests: dict[Hashable, set[asyncio.Future[M]]] = defaultdict(set)
        self._streams: dict[str, set[asyncio.Queue[M | None]]] = defaultdict(set)

    @contextmanager
    def reply_to(self, request: Hashable) -> Iterator[asyncio.Future[M]]:
        """What will be the reply to a request, which is sent only after this."""
        waiting = asyncio.get_running_loop().create_future()
        with _among(self._requests, request, waiting):
            yield waiting

    @contextmanager
    def stream_of(self, session_id: str) -> Iterator[asyncio.Queue[M | None]]:
        """All that comes for a session from now on; None where something may be missing."""
        queue: asyncio.Queue[M | None] = asyncio.Queue(MOST_UNREAD)
        with _among(self._streams, session_id, queue):
            yield queue

    @property
    def streams(self) -> int:
        """How many are followed."""
        return sum(map(len, self._streams.values()))

    def deliver(self, message: M) -> None:
        """Hand a message to all who wait for it."""
        for waiting in self._requests.get(self._request_of(message), ()):
            if not waiting.done():
                waiting.set_result(message)
        if self._session_of is not None:
            for queue in self._streams.get(self._session_of(message), ()):
                _put(queue, message)

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


def _put(queue: asyncio.Queue[M | None], message: M | None) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        message = None
    queue.put_nowait(message)
