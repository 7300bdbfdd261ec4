"""One part under the supervisor's eye: its state, and what to do next about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from textwire.embedded.backoff import Backoff
from textwire.embedded.process import Process
from textwire.errors import StackError

State = Literal["starting", "ready", "not ready", "restarting", "done", "stopped"]
Tell = Callable[[str], None]
# How often a part is asked whether it is ready: while it is not, and while it is.
PROBE_SOON_S, PROBE_EVERY_S = 0.2, 1.0


class Watched:
    """A part, started again whenever it dies, and said so.

    It is `starting` until whoever starts it for the first time calls `started()`.
    """

    def __init__(
        self,
        process: Process,
        tell: Tell,
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.process = process
        self.state: State = "starting"
        self.restarts = 0
        self._tell, self._clock = tell, clock
        self._backoff = backoff or Backoff()
        self._started_at = self._probe_at = clock()
        self._restart_at: float | None = None

    @property
    def name(self) -> str:
        """The part's name."""
        return self.process.name

    def started(self) -> None:
        """Its first start is over: from now on it is looked after."""
        self.state = "ready"

    def stopped(self) -> None:
        """Expect no more of it."""
        self.state = "stopped"

    def look(self) -> None:
        """See how it is, and start it again when it is dead and its wait is over."""
        if self.state in ("starting", "done", "stopped"):
            return
        if self.process.running:
            self._probe()
        elif self._restart_at is None:
            self._ended()
        elif self._clock() >= self._restart_at:
            self._start_again()

    def _probe(self) -> None:
        if self._clock() < self._probe_at:
            return
        ready = self.process.ready()
        if ready and self.state != "ready":
            self.state = "ready"
            self._tell(f"{self.name} is ready again")
        elif not ready and self.state == "ready":
            self.state = "not ready"
            self._tell(f"{self.name} runs but is not ready any more")
        self._probe_at = self._clock() + (PROBE_EVERY_S if ready else PROBE_SOON_S)

    def _ended(self) -> None:
        if self.process.finished:
            self.state = "done"
            return
        why = f"{self.name} ended ({self.process.ending}), see {self.process.log}"
        self._wait_to_restart(why, self._clock() - self._started_at)

    def _wait_to_restart(self, why: str, ran_s: float) -> None:
        wait_s = self._backoff.next_wait_s(ran_s)
        self.state = "restarting"
        self._restart_at = self._clock() + wait_s
        self._tell(f"{why}; starting it again in {wait_s:.1f} s")

    def _start_again(self) -> None:
        self.restarts += 1
        self._started_at, self._restart_at = self._clock(), None
        try:
            self.process.spawn()
        except StackError as error:
            self._wait_to_restart(str(error), ran_s=0.0)
