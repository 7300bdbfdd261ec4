"""One sender for many who send, connected when the first of them needs it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from textwire.errors import BrokerUnavailable

S = TypeVar("S")

# Whoever comes meanwhile is told what the last one was told, rather than waiting in turn.
AGAIN_AFTER_S = 2.0


class SharedSender(Generic[S]):
    """Connects once, however many ask at the same time.

    While the broker is away each try takes seconds, and those who wait for one must not each make
    another: the last of ten would wait ten times as long.
    """

    def __init__(self, connect: Callable[[], S], clock_s: Callable[[], float] = monotonic) -> None:
        self._connect = connect
        self._clock_s = clock_s
        self._lock = Lock()
        self._sender: S | None = None
        self._failure = ""
        self._failed_at_s = 0.0

    def connected(self) -> S:
        """The sender.

        Raises: BrokerUnavailable: Kafka does not answer, or did not moments ago.
        """
        with self._lock:
            if self._sender is None:
                self._sender = self._try()
            return self._sender

    def _try(self) -> S:
        if self._failure and self._clock_s() - self._failed_at_s < AGAIN_AFTER_S:
            raise BrokerUnavailable(self._failure)
        try:
            return self._connect()
        except BrokerUnavailable as error:
            self._failure, self._failed_at_s = str(error), self._clock_s()
            raise
