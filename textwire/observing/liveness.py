"""Whether the parts of a process still move: what hangs, and what has died.

Readiness says whether work can be done; liveness, whether a restart would help. A part that waits
for a broker is alive, one that has worked on the same thing for minutes is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, Thread, current_thread
from time import monotonic

# The first few deaths say what is wrong; a library that starts thread after thread says no more.
DEATHS_KEPT = 5


class Pulse:
    """The signs of life of one part, given by the thread that does its work."""

    def __init__(self, part: str, silent_at_most_s: float, clock: Callable[[], float]) -> None:
        self._part, self._silent_at_most_s, self._clock = part, silent_at_most_s, clock
        self._busy_since: float | None = None
        self._doing = ""
        self._thread: Thread | None = None

    def busy(self, doing: str = "") -> None:
        """Something was begun, or still goes on: from now on it has its time again.

        Args: doing: what is being done, such as `one batch`, for who reads that it hangs.
        """
        self._thread = current_thread()
        self._doing = doing
        self._busy_since = self._clock()

    def idle(self) -> None:
        """It waits for work, and may do so for ever."""
        self._thread = current_thread()
        self._busy_since = None

    def ended(self) -> None:
        """It ended as it was told to."""
        self._busy_since = self._thread = None

    @property
    def trouble(self) -> str:
        """That it hangs or has died, in words; empty while it is alive."""
        if self._thread is not None and not self._thread.is_alive():
            return f"{self._part}: its thread has died"
        since = self._busy_since
        silent_s = 0.0 if since is None else self._clock() - since
        if silent_s <= self._silent_at_most_s:
            return ""
        return f"{self._part}: {self._doing or 'no sign of life'} for {silent_s:.0f} s"

    @property
    def thread(self) -> Thread | None:
        """The thread that gave the last sign, until it ended."""
        return self._thread


class Liveness:
    """The pulses of a process, and the threads that died in it."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._pulses: list[Pulse] = []
        self._died: deque[str] = deque(maxlen=DEATHS_KEPT)

    def pulse(self, part: str, silent_at_most_s: float) -> Pulse:
        """A pulse for a part that, while busy, gives a sign at least so often."""
        pulse = Pulse(part, silent_at_most_s, self._clock)
        with self._lock:
            self._pulses.append(pulse)
        return pulse

    def died(self, thread: str, reason: str) -> None:
        """A thread has ended by an error that nobody expected; only a restart brings it back."""
        with self._lock:
            self._died.append(f"{thread}: died of {reason}")

    @property
    def hung(self) -> list[str]:
        """What hangs or has died, in words; empty while all is alive."""
        with self._lock:
            pulses, died = list(self._pulses), list(self._died)
        return died + [trouble for pulse in pulses if (trouble := pulse.trouble)]

    @property
    def hung_threads(self) -> list[Thread]:
        """The threads that still run and hang."""
        with self._lock:
            pulses = list(self._pulses)
        hanging = [pulse.thread for pulse in pulses if pulse.trouble]
        return [thread for thread in hanging if thread is not None and thread.is_alive()]
