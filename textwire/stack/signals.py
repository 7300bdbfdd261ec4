"""Ctrl-C and SIGTERM: the first asks to stop, the second does not ask."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stop_signals(asked: Callable[[], None], kill: Callable[[], None]) -> Iterator[None]:
    """Raise KeyboardInterrupt where the first signal finds us; at each further one, kill."""
    received = 0

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal received
        received += 1
        if received > 1:
            return kill()
        asked()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, on_signal) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
